"""The personal calendar for other programs: right for a parser of iCalendar, open only to who has the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event
from notices_cast import MONDAY, SECRET, Office, end_of
from sqlalchemy import insert

from engine import clock
from engine.actions import channels
from engine.notices import feed
from engine.settings import Settings
from engine.store import absences, people
from engine.store.tables import term_change

KOORDYNATOR = "Koordynator usług pomocy społecznej"
Read = Callable[..., dict[str, Event]]


@dataclass(frozen=True)
class Due:
    """A duty as the calendar is told of it."""

    duty: str
    name: str
    role: str
    due_on: date
    number: str = ""
    state: str = "planned"


@pytest.fixture
def read(office: Office, tmp_path: Path) -> Read:
    """What a program reads, by UID."""

    def reading(login: str = "anna", duties: tuple[Due, ...] = ()) -> dict[str, Event]:
        raw = _raw(office, tmp_path, login, duties)
        assert SECRET.encode() not in raw
        return {str(one["UID"]): one for one in Calendar.from_ical(raw).walk("VEVENT")}

    return reading


def test_a_term_that_ends_with_a_day_is_a_whole_day_with_an_alarm(office: Office, read: Read) -> None:
    remind = datetime(2026, 11, 24, 7, tzinfo=UTC)
    task = office.task(person="anna", due_at=end_of(MONDAY, 2), remind_at=remind, about=SECRET)

    found = read()[f"task-{task.id}@bieg.example"]

    (alarm,) = found.walk("VALARM")
    assert found["SUMMARY"] == "Przygotuj diagnozę – OPS/2026/0001"
    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 11, 25), date(2026, 11, 26))
    assert found["TRANSP"] == "TRANSPARENT"
    assert found["URL"] == f"https://bieg.example/zadania/{task.id}"
    assert alarm["TRIGGER"].dt == remind
    assert alarm["TRIGGER"].params["VALUE"] == "DATE-TIME"  # without it a moment would be read as a duration


def test_a_term_that_counts_hours_is_a_moment(office: Office, read: Read) -> None:
    moment = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    task = office.task(person="anna", due_at=moment)

    found = read()[f"task-{task.id}@bieg.example"]

    assert found["DTSTART"].dt == moment
    assert "DTEND" not in found


def test_a_changed_term_keeps_its_uid_and_counts_up(office: Office, read: Read) -> None:
    task = office.task(person="anna", due_at=end_of(MONDAY, 2))
    before = read()[f"task-{task.id}@bieg.example"]
    office.changed(task, due_at=end_of(MONDAY, 9), due_order=end_of(MONDAY, 9))
    with office.database.work() as work:
        values = {"kind": "postpone", "at": MONDAY, "reason": SECRET, "basis": "", "text": SECRET}
        work.connection.execute(
            insert(term_change).values(
                instance_id=office.instance, task_id=task.id, person_id=office.ids["anna"], **values
            )
        )

    after = read()[f"task-{task.id}@bieg.example"]

    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["LAST-MODIFIED"].dt == MONDAY
    assert after["DTSTART"].dt == date(2026, 12, 2)


def test_follow_ups_absences_and_duties_are_whole_days(office: Office, read: Read) -> None:
    task = office.task(person="anna", follow_up_at=end_of(MONDAY, 1))
    with office.database.work() as work:
        for person, deputy in (("anna", "olga"), ("olga", "anna")):
            absences.add(
                work,
                person=office.ids[person],
                deputy=office.ids[deputy],
                starts_on=date(2026, 12, 21),
                ends_on=date(2026, 12, 23),
                role="",
                definition_key="",
                authorisation="",
                note=SECRET,
                by=None,
            )
    duties = (
        Due("ozps", "Ocena zasobów", KOORDYNATOR, date(2027, 4, 30)),
        Due("inne", "Cudzy obowiązek", "Wójt", date(2027, 4, 30)),
        Due("nic", "Niepotrzebny", KOORDYNATOR, date(2027, 5, 30), state="suppressed"),
    )

    found = {str(one["SUMMARY"]): one for one in read(duties=duties).values()}

    assert set(found) == {
        f"Powrót do: {task.name} – OPS/2026/0001",
        "Nieobecność",
        "Zastępstwo",
        "Obowiązek: Ocena zasobów",
    }
    assert found["Nieobecność"]["DTEND"].dt == date(2026, 12, 24)
    assert found["Obowiązek: Ocena zasobów"]["DTSTART"].dt == date(2027, 4, 30)


def test_tasks_of_others_and_tasks_without_an_end_stay_out(office: Office, read: Read) -> None:
    office.task("a", person="olga", due_at=end_of(MONDAY))
    office.task("b", person="anna")

    assert read() == {}


def test_the_same_rows_give_the_same_bytes_on_another_day(office: Office, tmp_path: Path) -> None:
    office.task(person="anna", due_at=end_of(MONDAY, 2), remind_at=MONDAY)

    answers = set()
    for days in (0, 1, 40):
        with clock.standing(MONDAY + timedelta(days=days)):
            answers.add(_raw(office, tmp_path, "anna", ()))

    assert len(answers) == 1


def test_every_line_and_part_is_as_the_standard_wants(office: Office, tmp_path: Path) -> None:
    office.task(person="anna", due_at=end_of(MONDAY), name="Zażółć, gęślą; jaźń " * 12)

    raw = _raw(office, tmp_path, "anna", ())
    parsed = Calendar.from_ical(raw)

    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert (parsed["VERSION"], parsed["METHOD"]) == ("2.0", "PUBLISH")
    assert parsed["PRODID"]
    (event,) = parsed.walk("VEVENT")
    assert str(event["SUMMARY"]).startswith("Zażółć, gęślą; jaźń Zażółć, gęślą; jaźń")
    assert all(name in event for name in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "LAST-MODIFIED"))


def test_an_address_is_kept_as_a_hash_and_a_new_one_ends_the_old(office: Office) -> None:
    anna = office.person("anna")
    with office.database.work() as work:
        first = channels.open_feed(work, anna)
    with office.database.work() as work:
        second = channels.open_feed(work, anna)

    with office.database.look() as work:
        owners = [feed.owner(work, one) for one in (first, second, "", "zgadywany")]
        kept = work.connection.exec_driver_sql("SELECT * FROM feed").all()

    assert [one and one.login for one in owners] == [None, "anna", None, None]
    assert not any(first in str(row) or second in str(row) for row in kept)


def test_an_address_that_was_closed_or_whose_owner_left_leads_nowhere(office: Office) -> None:
    secrets = {}
    with office.database.work() as work:
        for login in ("anna", "olga"):
            secrets[login] = channels.open_feed(work, office.person(login))
    with office.database.work() as work:
        channels.close_feed(work, office.person("anna"))
        people.change(work, office.ids["olga"], name="Olga", email="", unit=None, roles=[], active=False)

    with office.database.look() as work:
        assert [feed.owner(work, one) for one in secrets.values()] == [None, None]


def _raw(office: Office, folder: Path, login: str, duties: tuple[Due, ...]) -> bytes:
    settings = Settings(data=folder, base_url="https://bieg.example/")
    person = office.person(login)
    with office.database.look() as work:
        return feed.calendar(work, person, settings, duties)
