"""What is late is counted by hand and by the page alike, and every figure opens as many tasks as it says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from actions_cast import END, KIEROWNIK, KOORDYNATOR, SOCJALNY, START, WOJT, Centre, user, ways
from sqlalchemy import event, update

from engine import clock
from engine.actions import counting
from engine.bpmn import drawing
from engine.model import InstanceId, PersonId, TaskDetails, TaskId
from engine.reading import overdue, overdue_lists, stuck_places
from engine.reading.overdue import Asked, Figures, Group
from engine.reading.overdue_lists import Listing
from engine.store import overdue as rows
from engine.store import tasks
from engine.store.database import Database, Work
from engine.store.tables import task as task_table
from engine.terms import BUILT_IN, working_hours

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)  # a Wednesday, 11:00 in the centre
DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Office:
    """A centre at one moment, in which tasks can be laid down as if they had been there for long."""

    centre: Centre
    instance: InstanceId
    serial: int = 0

    def lay(
        self,
        due: datetime | None,
        *,
        element: str = "pierwszy",
        role: str = KOORDYNATOR,
        authority: str = "",
        person: str = "",
        done: datetime | None = None,
        opened: datetime = NOW - 60 * DAY,
        paused: bool = False,
        process: str = "dwa",
    ) -> TaskId:
        self.serial += 1
        details = TaskDetails(
            element=element, process=process, name=f"Krok {element}", role=role, authority=authority, term="14 dni"
        )
        who = self.centre.person(person).id if person else None
        new = tasks.NewTask(key=f"x{self.serial}", details=details, form=None, due_at=due, person=who)
        with clock.standing(opened), self.centre.work() as work:
            id = tasks.open_task(work, self.instance, new)
        self._set(id, done=done, paused=paused)
        return id

    def _set(self, id: TaskId, *, done: datetime | None, paused: bool) -> None:
        values: dict[str, object] = {"paused_at": NOW - DAY} if paused else {}
        if done is not None:
            values |= {"state": "done", "done_at": done}
        if values:
            with self.centre.work() as work:
                work.connection.execute(update(task_table).where(task_table.c.id == id).values(values))

    def figures(self) -> Figures:
        with self.look() as work:
            return overdue.figures(work)

    def listing(self, asked: Asked, **more: object) -> Listing:
        with self.look() as work:
            return overdue_lists.listing(work, asked, **more)  # type: ignore[arg-type]

    def look(self) -> _Look:
        return _Look(self.centre.database)


class _Look:
    """A look at NOW."""

    def __init__(self, database: Database) -> None:
        self._time = clock.standing(NOW)
        self._look = database.look()

    def __enter__(self) -> Work:
        self._time.__enter__()
        return self._look.__enter__()

    def __exit__(self, *failure: object) -> None:
        self._look.__exit__(*failure)  # type: ignore[arg-type]
        self._time.__exit__(*failure)  # type: ignore[arg-type]


@pytest.fixture
def office(centre: Centre) -> Iterator[Office]:
    with clock.standing(NOW - 90 * DAY):
        made = Office(centre=centre, instance=centre.start("dwa").id)
        with centre.work() as work:  # its own task must not be counted
            first = centre.task(made.instance).id
            work.connection.execute(update(task_table).where(task_table.c.id == first).values(state="cancelled"))
    yield made
    with centre.work() as work:  # the cases of other tests must not look stuck here
        work.connection.execute(update(task_table).where(task_table.c.id == first).values(state="open"))


def last_second(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=clock.WARSAW).astimezone(UTC)


def days_ago(days: int) -> datetime:
    return last_second(clock.today(NOW) - days * DAY)


def test_a_centre_counted_by_hand(office: Office) -> None:
    for days in (1, 7, 8, 14, 15, 40):
        office.lay(days_ago(days), person="anna")
    office.lay(NOW - timedelta(minutes=1), element="drugi")  # late since this morning
    office.lay(days_ago(0), element="drugi")  # today
    office.lay(days_ago(-7), element="drugi", person="olga")  # the seventh day
    office.lay(days_ago(-8), element="drugi")
    office.lay(None, element="drugi")
    office.lay(days_ago(30), element="drugi", paused=True)
    for day in (5, 29):
        office.lay(NOW - 2 * DAY, done=NOW - day * DAY)  # one in time, one in time
    office.lay(NOW - 10 * DAY, done=NOW - 9 * DAY)  # late
    office.lay(NOW - 50 * DAY, done=NOW - 31 * DAY)  # before the 30 days

    found = office.figures()

    cards = {one.label: (one.value, one.note) for one in overdue.cards(found)}
    assert cards == {
        "po terminie": ("7", ""),
        "dłużej niż 14 dni": ("2", ""),
        "z terminem na dziś": ("1", "w tym 1 bez osoby"),
        "z terminem w ciągu 7 dni": ("2", "w tym 1 bez osoby"),
        "wykonanych w terminie (30 dni)": ("66%", "z 3 wykonanych; tydzień temu 33%"),
    }
    steps = {
        one.name: (one.late, one.week, one.fortnight, one.older, one.open) for one in overdue.groups(found, "step")
    }
    assert steps == {"Krok pierwszy": (6, 2, 2, 2, 6), "Krok drugi": (1, 1, 0, 0, 6)}
    assert (found.open, found.paused) == (12, 1)
    assert next(one.name for one in overdue.groups(found, "person")) == "Anna"


def test_cards_compare_with_what_stood_a_week_ago(office: Office) -> None:
    office.lay(NOW - 9 * DAY, opened=NOW - 20 * DAY)
    for _ in range(3):
        office.lay(NOW - 2 * DAY, opened=NOW - 20 * DAY)
    with clock.standing(NOW), office.centre.work() as work:
        counting.count(work)

    found = office.figures()

    assert overdue.cards(found)[0].note == "3 więcej niż tydzień temu"
    assert overdue.cards(found)[1].note == "tyle samo co tydzień temu"
    assert [one.backlog.late for one in found.trend if one.backlog][-3:] == [0, 1, 4]
    assert len(found.trend) == 13


def test_days_late_are_days_of_the_calendar_and_tell_the_same_as_the_bands(office: Office) -> None:
    for days in (1, 7, 8, 14, 15):
        office.lay(days_ago(days))

    found = {band: office.listing(Asked(band=band)) for band in overdue.BANDS}

    assert {band: sorted(one.days_late for one in its.items) for band, its in found.items()} == {
        "week": [1, 7],
        "fortnight": [8, 14],
        "older": [15],
    }
    assert found["older"].items[0].left == "15 dni po terminie"
    assert found["older"].items[0].explanation.startswith("14 dni")


ROLES = (KOORDYNATOR, SOCJALNY, KIEROWNIK, WOJT)


def random_office(office: Office, seed: int) -> None:
    dice = random.Random(seed)
    if dice.random() < 0.5:
        office.centre.authorise("UMOWA")
    for _ in range(60):
        late = dice.choice([None, *range(-12, 25)])
        due = None if late is None else days_ago(late) - timedelta(hours=dice.randrange(24))
        authority = dice.choice(["", "", "", "UMOWA", "FORMA"])
        office.lay(
            due,
            element=dice.choice(["pierwszy", "drugi"]),
            role=dice.choice(ROLES),
            authority=authority,
            person=dice.choice(["", "anna", "olga", "zofia", "pawel"]),
            paused=dice.random() < 0.1,
            process=dice.choice(["dwa", "inny"]),
            done=NOW - timedelta(days=dice.randrange(40)) if due and dice.random() < 0.2 else None,
        )


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_opens_a_list_with_as_many_tasks(office: Office, seed: int) -> None:
    random_office(office, seed)
    found = office.figures()
    asked: list[tuple[Asked, int]] = []
    for by in overdue.GROUPS:
        for one in overdue.groups(found, by):
            asked += opened_by(one)
    asked += [(one.asked, int(one.value)) for one in overdue.cards(found)[:4]]
    asked += [(Asked(which="open"), found.open), (Asked(which="paused"), found.paused)]
    asked.append((Asked(which="done"), found.finished.done))
    asked.append((Asked(which="timely"), found.finished.timely))

    wrong = []
    with office.look() as work:
        for wanted, many in asked:
            list_ = overdue_lists.listing(work, wanted, limit=500, words=False)
            if not list_.total == many == len(list_.items):
                wrong.append((wanted, many, list_.total, len(list_.items)))

    assert wrong == []
    assert len(asked) > 60
    assert found.open > 20


def opened_by(one: Group) -> list[tuple[Asked, int]]:
    """The links of one row of the table, with the numbers that stand there."""
    return [
        (one.asked, one.late),
        *((replace(one.asked, band=band), int(getattr(one, band))) for band in overdue.BANDS),
        (replace(one.asked, which="today"), one.today),
        (replace(one.asked, which="week"), one.ahead),
        (replace(one.asked, which="open"), one.open),
    ]


def test_a_delegated_decision_is_the_kierowniks_and_else_the_wojts(office: Office) -> None:
    office.lay(days_ago(3), role=WOJT, authority="UMOWA")
    before = [one.name for one in overdue.groups(office.figures(), "role")]

    office.centre.authorise("UMOWA")

    assert before == [WOJT]
    assert [one.name for one in overdue.groups(office.figures(), "role")] == [KIEROWNIK]
    assert office.listing(Asked(role=KIEROWNIK)).items[0].role == KIEROWNIK


def test_pages_of_a_list_follow_each_other_without_gap_or_double(office: Office) -> None:
    laid = {office.lay(days_ago(number // 6 + 1)) for number in range(23)}

    seen: list[TaskId] = []
    after = ""
    for _ in range(4):
        page = office.listing(Asked(), limit=7, after=after)
        seen += [one.line.id for one in page.items]
        after = page.after

    assert len(seen) == 23
    assert set(seen) == laid
    assert after == ""


@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "²3.1", "9" * 40 + ".1", "999999999999999999.1", "-5.3"])
def test_a_cursor_that_nobody_gave_out_is_no_error(office: Office, cursor: str) -> None:
    office.lay(days_ago(1))

    assert office.listing(Asked(), after=cursor).total == 1


def test_what_an_address_says_wrong_is_not_asked() -> None:
    asked = overdue_lists.asked({"which": "x", "band": "older", "person": "1 OR 1", "unit": "²", "role": "R"})

    assert asked == Asked(which="late", band="older", role="R")


def test_the_likeliest_to_end_late_come_first_and_say_what_that_rests_on(office: Office) -> None:
    for number in range(40):  # half of the first step take a month, the second step takes a day
        end = NOW - timedelta(days=40)
        took = 30 * DAY if number % 2 else 5 * DAY
        office.lay(end, opened=end - took, done=end, element="pierwszy")
        office.lay(end, opened=end - DAY, done=end, element="drugi")
    safe = office.lay(NOW + 2 * DAY, opened=NOW - timedelta(hours=2), element="drugi")
    risky = office.lay(NOW + 4 * DAY, opened=NOW - 10 * DAY, element="pierwszy")
    with clock.standing(NOW), office.centre.work() as work:
        counting.count(work)

    by_term = office.listing(Asked(which="week"))
    by_chance = office.listing(Asked(which="week"), by_chance=True)

    assert [one.line.id for one in by_term.items] == [safe, risky]
    assert [one.line.id for one in by_chance.items] == [risky, safe]
    forecast = by_chance.items[0].forecast
    assert forecast is not None
    assert forecast.words == "prawie każde podobne kończy się po terminie; na podstawie 20 spraw"
    assert by_chance.items[1].forecast is not None
    assert by_chance.items[1].forecast.tenths == 0


def test_the_heat_map_counts_what_waits_and_for_how_many_working_hours(centre: Centre) -> None:
    centre.publish("upal", START + user("jeden") + user("dwa") + END + ways("start jeden dwa koniec"))
    friday, monday = datetime(2026, 11, 13, 12, tzinfo=UTC), datetime(2026, 11, 16, 7, tzinfo=UTC)
    for moment in (friday, friday, monday):
        with clock.standing(moment):
            last = centre.start("upal")
    with clock.standing(monday):
        centre.complete(centre.task(last.id).id, "anna")

    with _Look(centre.database) as work:
        found = overdue.figures(work)
        by_count = stuck_places.heat_map(work, found, "upal")
        by_hours = stuck_places.heat_map(work, found, "upal", "hours")

    assert by_count is not None
    assert by_hours is not None
    # Friday from 13:00 (2,5) with Monday and Tuesday (8 each) and Wednesday until 11:00 (3,5); Monday from 8:00 (7,5)
    assert [(one.element, one.open, one.median, one.shade) for one in by_count.places] == [
        ("jeden", 2, 22.0, 5),
        ("dwa", 1, 19.0, 3),
    ]
    assert [(one.element, one.shade) for one in by_hours.places] == [("jeden", 5), ("dwa", 5)]
    assert ">2</text>" in by_count.svg
    assert "22 godz." in by_hours.svg
    assert "otwarte: 2, po terminie: 0" in by_count.svg
    assert 'class="userTask is-heat5"' in by_count.svg
    assert "style=" not in by_count.svg


def test_the_median_is_weighed_by_how_many_wait() -> None:
    since = [rows.Since("krok", NOW - timedelta(hours=hours), many) for hours, many in ((1, 5), (2, 1), (24 * 7, 1))]

    median, mean = stuck_places._hours(since, stuck_places._elapsed((one.hour for one in since), NOW, BUILT_IN))

    assert median == 1.0
    assert mean == pytest.approx((5 * 1 + 2 + 35.5) / 7)  # Independence Day was a Wednesday


@pytest.mark.parametrize("seed", range(5))
def test_hours_counted_from_one_to_the_next_are_those_of_each_alone(seed: int) -> None:
    dice = random.Random(seed)
    moments = [NOW - timedelta(hours=dice.randrange(-5, 3000)) for _ in range(60)]

    found = stuck_places._elapsed(moments, NOW, BUILT_IN)

    assert found == pytest.approx({one: working_hours(one, NOW) for one in moments})


def test_shades_are_fifths_of_the_largest() -> None:
    assert [stuck_places._shade(value, 10) for value in (0, 1, 2, 2.1, 5, 9, 10)] == [1, 1, 1, 2, 3, 5, 5]
    assert stuck_places._shade(0, 0) == 1


@pytest.mark.parametrize("shade", drawing.HEAT)
def test_ink_is_readable_on_every_shade(shade: str) -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert (light(shade) + 0.05) / (light("#22303f") + 0.05) >= 4.5


def statements(database: Database, work: Work) -> list[str]:
    seen: list[str] = []
    event.listen(work.connection.engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
    return seen


def test_the_figures_and_the_heat_map_take_two_statements_besides_what_every_page_asks(office: Office) -> None:
    random_office(office, 1)
    with office.look() as work:  # published files are kept once they are read
        stuck_places.heat_map(work, overdue.figures(work))
    with office.look() as work:
        seen = statements(office.centre.database, work)

        stuck_places.heat_map(work, overdue.figures(work))

    besides = [one for one in seen if "preference" not in one and "authorisation" not in one and "term_rule" not in one]
    assert len(besides) == 2, besides


def test_a_small_centre_is_counted_anew_each_time_a_large_one_is_kept_for_moments(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.lay(days_ago(1))
    small = office.figures().open
    office.lay(days_ago(1))
    assert (small, office.figures().open) == (1, 2)
    monkeypatch.setattr(overdue, "MANY", 1)

    first = office.figures()
    office.lay(days_ago(1))
    kept = office.figures()
    with office.look() as work:
        overdue.forget(work)
    after = office.figures()

    assert kept is first
    assert after.open == 3


def test_persons_of_no_unit_and_tasks_of_nobody_have_rows_of_their_own(office: Office) -> None:
    office.lay(days_ago(1), person="pawel")
    office.lay(days_ago(1))
    office.lay(days_ago(1), person="anna")

    found = {one.name: one.late for one in overdue.groups(office.figures(), "unit")}

    assert found == {"bez komórki": 1, "nieprzydzielone": 1, "Organizacja": 1}
    assert PersonId(0) not in {one.person for one in office.figures().piles}
