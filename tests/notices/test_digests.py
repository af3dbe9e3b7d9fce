"""The e-mail of the morning: what waits, once a day, and nothing when nothing does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from notices_cast import MONDAY, SATURDAY, Office, Row, end_of
from postman import Postman

from engine import clock
from engine.actions import channels, digests, firing, telling
from engine.model import DeadlineKind
from engine.notices.sending import send_due
from engine.store import absences, deadlines, mails, notices, people, term_rules


def test_it_tells_what_is_late_due_and_to_come_back_to(office: Office) -> None:
    office.task("a", person="anna", name="Spóźnione", due_at=end_of(MONDAY, -4))
    office.task("b", person="anna", name="Dzisiejsze", due_at=end_of(MONDAY))
    office.task("c", person="anna", name="Piątkowe", due_at=end_of(MONDAY, 4))
    office.task("d", person="anna", name="Dalekie", due_at=end_of(MONDAY, 30))
    office.task("e", person="anna", name="Odłożone", follow_up_at=MONDAY)
    office.task("f", person="olga", name="Cudze", due_at=end_of(MONDAY))

    found = morning(office, "anna")

    assert found is not None
    assert found.subject == "Bieg: zadania: 1 po terminie, 1 na dziś, 1 w ciągu 7 dni, 1 do powrotu"
    for title, line in (
        ("PO TERMINIE (1)", "- Spóźnione – sprawa OPS/2026/0001 – termin: 19\u00a0listopada 2026 (4 dni temu)"),
        ("TERMIN DZISIAJ (1)", "- Dzisiejsze – sprawa OPS/2026/0001 – termin: 23\u00a0listopada 2026 (dzisiaj)"),
        ("TERMIN W CIĄGU 7 DNI (1)", "- Piątkowe – sprawa OPS/2026/0001 – termin: 27\u00a0listopada 2026 (za 4 dni)"),
        ("DO POWROTU DZISIAJ (1)", "- Odłożone – sprawa OPS/2026/0001"),
    ):
        assert f"{title}\n{line}\n  {{bieg}}/zadania/" in found.text
    assert not any(name in found.text + found.html for name in ("Dalekie", "Cudze"))


def test_there_is_one_a_day(office: Office) -> None:
    office.task(person="anna", due_at=end_of(MONDAY, 2))

    for hours in (0, 3, 24):
        with clock.standing(MONDAY + timedelta(hours=hours)):
            office.digest("anna")

    assert len(office.outbox("anna")) == 2


@pytest.mark.parametrize("why", ["nothing waits", "switched off", "no address", "away", "left", "paused"])
def test_there_is_none_when_it_would_be_of_no_use(office: Office, why: str) -> None:
    if why != "nothing waits":
        office.task(person="anna", due_at=end_of(MONDAY), paused_at=MONDAY if why == "paused" else None)
    if why == "switched off":
        with office.database.work() as work:
            channels.set_digest(work, office.person("anna"), False)
    if why in ("no address", "left"):
        change(office, "anna", email="" if why == "no address" else "anna@ops.example", active=why != "left")
    if why == "away":
        away(office, "anna", "olga")

    assert morning(office, "anna") is None


def test_a_deputy_reads_until_when_she_stands_in(office: Office) -> None:
    office.task(person="olga", due_at=end_of(MONDAY))
    away(office, "anna", "olga")

    found = morning(office, "olga")

    assert found is not None
    assert "Zastępujesz nieobecną osobę do 30\u00a0listopada 2026." in found.text


@pytest.mark.parametrize(
    ("priority", "end", "comes"),
    [(50, end_of(SATURDAY), False), (80, end_of(SATURDAY), True), (50, SATURDAY + timedelta(hours=9), True)],
)
def test_on_a_free_day_it_comes_only_for_what_cannot_wait(
    office: Office, priority: int, end: datetime, comes: bool
) -> None:
    office.task(person="anna", due_at=end, priority=priority)

    with clock.standing(SATURDAY):
        office.digest("anna")

    assert bool(office.outbox("anna")) is comes


def test_the_free_days_of_the_centre_count_as_well(office: Office) -> None:
    office.task(person="anna", due_at=end_of(MONDAY))
    with office.database.work() as work:
        term_rules.add_free_day(work, MONDAY.date(), "dzień wolny ośrodka")

    assert morning(office, "anna") is None


def test_what_was_told_since_the_last_one_stands_in_it_once(office: Office) -> None:
    task = office.task(person="anna", due_at=end_of(MONDAY, 20))
    with clock.standing(MONDAY - timedelta(hours=9)), office.database.work() as work:
        telling.assigned(work, task, None)

    first = morning(office, "anna")
    with clock.standing(MONDAY + timedelta(days=1)):
        with office.database.work() as work:
            mails.sent(work, mails.MailId(1))
        office.digest("anna")

    assert first is not None
    assert first.subject == "Bieg: nowe powiadomienia: 1"
    assert "Masz nowe zadanie" in first.text
    assert len(office.outbox("anna")) == 1


def test_what_was_read_or_stands_there_as_a_task_is_not_told_again(office: Office) -> None:
    task = office.task(person="anna", due_at=end_of(MONDAY, -1))
    with clock.standing(MONDAY - timedelta(hours=9)), office.database.work() as work:
        telling.late(work, task)
        notices.add(work, person=office.ids["anna"], kind="duty", key="k", text="Przeczytane")
        notices.mark_read(work, office.ids["anna"], [notices.of_person(work, office.ids["anna"]).items[0].id])

    found = morning(office, "anna")

    assert found is not None
    assert "Przygotuj diagnozę" in found.text
    assert "Minął termin" not in found.text
    assert "Przeczytane" not in found.text


def test_an_older_one_that_has_not_left_makes_room_and_loses_nothing(
    office: Office, postman: Callable[..., Postman], tmp_path: Path
) -> None:
    server = postman()
    task = office.task(person="anna", due_at=end_of(MONDAY, 20))
    with clock.standing(MONDAY - timedelta(hours=9)), office.database.work() as work:
        telling.assigned(work, task, None)
    morning(office, "anna")

    with clock.standing(MONDAY + timedelta(days=1)):
        office.digest("anna")
        send_due(office.database, server.settings(tmp_path), "a")

    old, new = office.outbox("anna")
    assert (old.waits, "Masz nowe zadanie" in new.text) == (False, True)
    assert len(server.taken) == 1


def test_a_long_list_says_how_much_it_leaves_out(office: Office) -> None:
    for number in range(25):
        office.task(f"t{number}", person="anna", due_at=end_of(MONDAY, -1))

    found = morning(office, "anna")

    assert found is not None
    assert "PO TERMINIE (25)" in found.text
    assert "- i jeszcze 5, na liście w systemie" in found.text
    assert found.text.count("/zadania/") == 20


def test_what_is_urgent_leaves_at_once_in_a_letter_of_its_own(office: Office) -> None:
    crisis = office.task("a", person="anna", due_at=MONDAY - timedelta(minutes=5))
    high = office.task("b", person="olga", due_at=end_of(MONDAY, -1), priority=80)
    plain = office.task("c", person="anna", due_at=end_of(MONDAY, -1))

    with clock.standing(MONDAY), office.database.work() as work:
        for task in (crisis, high, plain):
            telling.late(work, task)
        telling.incident(work, office.instance, "błąd")

    rows = office.outbox()
    assert [(one.login, one.kind) for one in rows] == [("anna", "urgent"), ("olga", "urgent"), ("adam", "urgent")]
    assert {one.subject for one in rows} == {"Bieg: pilne powiadomienie w sprawie OPS/2026/0001"}
    assert f"{{bieg}}/zadania/{crisis.id}" in rows[0].text


@pytest.mark.parametrize(("priority", "first"), [(50, []), (80, ["krystyna", "kazimierz"])])
def test_the_kierownik_reads_of_a_late_task_in_the_morning_the_next_one_at_once(
    office: Office, priority: int, first: list[str]
) -> None:
    task = office.task(person="anna", due_at=end_of(MONDAY, -1), priority=priority)

    with clock.standing(MONDAY), office.database.work() as work:
        telling.escalate(work, task, 1)
    before = [one.login for one in office.outbox()]
    with clock.standing(MONDAY), office.database.work() as work:
        telling.escalate(work, task, 2)

    assert before == first
    assert [one.login for one in office.outbox()] == [*first, "adam"]


def test_a_flood_ends_after_ten_letters_and_goes_on_in_the_digest(office: Office) -> None:
    with clock.standing(MONDAY - timedelta(minutes=30)), office.database.work() as work:
        for number in range(15):
            telling.incident(work, office.instance, f"błąd {number}")

    with clock.standing(MONDAY):
        office.digest("adam")

    *before, last, digest = office.outbox("adam")
    assert len(before) + 1 == telling.MOST_LETTERS
    assert "To już kolejna pilna wiadomość" in last.text
    assert not any("To już kolejna" in one.text for one in before)
    assert "POWIADOMIENIA (5)" in digest.text


def test_at_seven_on_the_wall_everybody_is_written_and_tomorrow_again(office: Office) -> None:
    for login in ("anna", "olga"):
        office.task(login, person=login, due_at=end_of(datetime(2026, 10, 26, tzinfo=UTC), 3))
    friday = datetime(2026, 10, 23, 10, tzinfo=UTC)  # in the night to Sunday the clocks are put back
    with clock.standing(friday):
        office.database.run(firing.ensure_daily)

    wrote = []
    for moment in (
        datetime(2026, 10, 24, 4, 59, tzinfo=UTC),
        datetime(2026, 10, 24, 5, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 5, 59, tzinfo=UTC),
        datetime(2026, 10, 25, 6, 1, tzinfo=UTC),
        datetime(2026, 10, 26, 5, 59, tzinfo=UTC),
        datetime(2026, 10, 26, 6, 1, tzinfo=UTC),
    ):
        with clock.standing(moment):
            while firing.fire_due(office.database, "a", moment):
                pass
        wrote.append(len(office.outbox()))

    assert wrote == [0, 0, 0, 0, 0, 2]  # Saturday and Sunday are free
    with office.database.look() as work:
        left = [(one.key, one.due_at) for one in deadlines.of_centre(work) if one.kind is DeadlineKind.DIGEST]
    assert left == [("day", datetime(2026, 10, 27, 6, tzinfo=UTC))]


def test_one_person_whose_digest_fails_holds_up_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for login in ("anna", "olga"):
        office.task(login, person=login, due_at=end_of(MONDAY))
    honest = digests.waiting
    bad = office.ids["anna"]

    def failing(work: digests.Work, person: digests.Person) -> digests.Waiting:
        if person.id == bad:
            raise ValueError("zły wiersz")
        return honest(work, person)

    monkeypatch.setattr(digests, "waiting", failing)
    with clock.standing(MONDAY - timedelta(hours=1)):
        office.database.run(firing.ensure_daily)
    with clock.standing(MONDAY):
        for _ in range(3):
            firing.fire_due(office.database, "a", MONDAY)

    assert [one.login for one in office.outbox()] == ["olga"]


def test_what_is_older_than_half_a_year_is_forgotten(office: Office) -> None:
    with clock.standing(MONDAY - timedelta(days=200)), office.database.work() as work:
        telling.incident(work, office.instance, "błąd")

    with clock.standing(MONDAY):
        office.digest("adam")

    assert (office.told("adam"), office.outbox("adam")) == ((), [])


def morning(office: Office, login: str) -> Row | None:
    """The digest of that Monday."""
    with clock.standing(MONDAY):
        office.digest(login)
    found = office.outbox(login)
    return found[-1] if found else None


def change(office: Office, login: str, *, email: str, active: bool) -> None:
    with office.database.work() as work:
        roles = people.get(work, office.ids[login]).roles
        people.change(work, office.ids[login], name=login, email=email, unit=None, roles=roles, active=active)


def away(office: Office, person: str, deputy: str) -> None:
    with office.database.work() as work:
        id = absences.add(
            work,
            person=office.ids[person],
            deputy=office.ids[deputy],
            starts_on=date(2026, 11, 20),
            ends_on=date(2026, 11, 30),
            role="",
            definition_key="",
            authorisation="",
            note="",
            by=None,
        )
        absences.begin(work, id)
