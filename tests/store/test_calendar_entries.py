"""Calendars find what falls on a day, for whom it is, and how much more there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from store_cast import KIEROWNIK, KOORDYNATOR, WOJT, a_person, a_task, an_instance

from engine import clock
from engine.model import Person, PersonId, TaskId, TimerWait
from engine.reading import calendars
from engine.reading.calendars import Day, Page, Span, Whose
from engine.store import deadlines, people, tasks, term_rules
from engine.store.database import Database, Work
from engine.store.rows import insert_one
from engine.store.tables import absence, duty, duty_occurrence, instance, task

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
NGO = "Organizacja pozarządowa"
SOCJALNY = "Pracownik socjalny"


def page(database: Database, viewer: PersonId, *, whose: Whose = Whose.OWN, span: Span = Span.MONTH) -> Page:
    with clock.standing(NOW), database.look() as work:
        return calendars.page(work, people.get(work, viewer), span=span, whose=whose, day=None)


def on(found: Page, day: date) -> Day:
    (only,) = [one for one in found.days if one.on == day]
    return only


def names(found: Page, day: date) -> list[str]:
    return [one.name for one in on(found, day).items]


def has(
    work: Work, person: PersonId, name: str, due: datetime | None, number: str = "", role: str = KOORDYNATOR
) -> int:
    """A task of a person in a case of its own; its id."""
    case = an_instance(work, number or f"OPS/{name}")
    made = a_task(work, case, name, name=name, role=role, due_at=due)
    tasks.assign(work, made, person)
    return int(made)


def local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.WARSAW).astimezone(UTC)


def away(work: Work, person: PersonId, deputy: PersonId, first: date, last: date, **more: object) -> None:
    values = {"person_id": person, "deputy_id": deputy, "starts_on": first, "ends_on": last}
    texts = {"role": "", "authorisation": "", "definition_key": "", "note": "choroba", "made_at": NOW, "report": {}}
    insert_one(work, absence, {**values, **texts, **more})


def test_a_task_stands_on_the_day_its_term_ends_in_the_centre(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        has(work, anna, "Późno", local(date(2026, 11, 20), 23, 59))
        has(work, anna, "Wcześnie", local(date(2026, 11, 21), 0, 0))
        has(work, anna, "Bez terminu", None)

    found = page(database, anna)

    assert names(found, date(2026, 11, 20)) == ["Późno"]
    assert names(found, date(2026, 11, 21)) == ["Wcześnie"]
    assert sum(day.total for day in found.days) == 2


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2027, 3, 28)])
def test_on_the_day_when_clocks_change_nothing_slips_to_its_neighbours(database: Database, day: date) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        has(work, anna, "pierwsza minuta", local(day, 0, 0))
        has(work, anna, "ostatnia minuta", local(day, 23, 59))

    with clock.standing(local(day, 12)), database.look() as work:
        found = calendars.page(work, people.get(work, anna), span=Span.WEEK, whose=Whose.OWN, day=day)

    assert names(found, day) == ["pierwsza minuta", "ostatnia minuta"]
    assert sum(one.total for one in found.days) == 2


def test_what_is_past_its_end_is_late_and_the_rest_is_not(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        has(work, anna, "minął", NOW - timedelta(minutes=1))
        has(work, anna, "czeka", NOW + timedelta(minutes=1))

    day = on(page(database, anna), NOW.date())

    assert [(one.name, one.late) for one in day.items] == [("minął", True), ("czeka", False)]
    assert day.today


def test_a_full_day_shows_four_and_tells_how_many_there_are(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        for number in range(7):
            has(work, anna, f"zadanie {number}", NOW + timedelta(hours=1, minutes=number))

    month, day = page(database, anna), page(database, anna, span=Span.DAY)

    assert names(month, NOW.date()) == [f"zadanie {number}" for number in range(4)]
    assert on(month, NOW.date()).total == 7
    assert len(day.days[0].items) == 7


def test_the_calendar_of_one_person_the_team_and_everybody(database: Database) -> None:
    with database.work() as work:
        unit = people.add_unit(work, name="Poradnictwo", performs=False)
        anna = a_person(work, "anna", KOORDYNATOR)
        olga = a_person(work, "olga", KOORDYNATOR)
        pawel = a_person(work, "pawel", SOCJALNY)
        krystyna = a_person(work, "krystyna", KIEROWNIK)
        wojt = a_person(work, "wojt", WOJT)
        for one, role in ((anna, KOORDYNATOR), (pawel, SOCJALNY)):
            people.change(work, one, name="x", email="", unit=unit, roles=[role], active=True)
        later = NOW + timedelta(hours=2)
        for who, name in ((anna, "Anny"), (olga, "Olgi"), (pawel, "Pawła"), (wojt, "Wójta")):
            has(work, who, name, later, role={pawel: SOCJALNY, wojt: WOJT}.get(who, KOORDYNATOR))
        a_task(work, an_instance(work, "OPS/wolne"), name="niczyje", due_at=later)

    own = names(page(database, anna), NOW.date())
    team = page(database, anna, whose=Whose.TEAM, span=Span.DAY)
    everybody = page(database, krystyna, whose=Whose.ALL, span=Span.DAY)

    assert own == ["Anny"]
    assert set(names(team, NOW.date())) == {"Anny", "Olgi", "Pawła", "niczyje"}
    assert set(names(everybody, NOW.date())) == {"Anny", "Olgi", "Pawła", "Wójta", "niczyje"}


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (KIEROWNIK, (Whose.OWN, Whose.TEAM, Whose.ALL)),
        ("Administrator", (Whose.OWN, Whose.TEAM, Whose.ALL)),
        (KOORDYNATOR, (Whose.OWN, Whose.TEAM)),
        (NGO, (Whose.OWN, Whose.TEAM)),
    ],
)
def test_only_those_who_stand_above_see_the_calendar_of_everybody(
    database: Database, role: str, offered: tuple[Whose, ...]
) -> None:
    with database.work() as work:
        viewer = a_person(work, "widz", role)
        has(work, a_person(work, "wojt", WOJT), "cudze", NOW + timedelta(hours=1), role=WOJT)

    found = page(database, viewer, whose=Whose.ALL)

    assert found.offered == offered
    assert found.whose == (Whose.ALL if Whose.ALL in offered else Whose.OWN)
    assert names(found, NOW.date()) == (["cudze"] if Whose.ALL in offered else [])


def test_people_of_other_institutions_see_nothing_but_their_own(database: Database) -> None:
    with database.work() as work:
        first, second = a_person(work, "fundacja", NGO), a_person(work, "stowarzyszenie", NGO)
        case = an_instance(work)
        later = NOW + timedelta(hours=1)
        deadlines.sync_timers(work, case, [TimerWait(key="z", element="Z", name="Zegar", due_at=later)])
        tasks.assign(work, a_task(work, case, "moje", name="moje", role=NGO, due_at=later, candidates=(first,)), first)
        tasks.assign(
            work, a_task(work, case, "obce", name="obce", role=NGO, due_at=later, candidates=(second,)), second
        )
        a_task(work, case, "dla obcych", name="dla obcych", role=NGO, due_at=later, candidates=(second,))
        away(work, second, first, date(2026, 11, 18), date(2026, 11, 19))
        away(work, a_person(work, "anna", KOORDYNATOR), second, date(2026, 11, 18), date(2026, 11, 19))

    for whose in Whose:
        found = page(database, first, whose=whose)
        assert names(found, NOW.date()) == ["moje"]
        assert on(found, NOW.date()).away == ("Stowarzyszenie",)  # for whom she stands in


def test_follow_up_dates_and_timers_of_ones_cases_are_shown(database: Database) -> None:
    with database.work() as work:
        anna, olga = a_person(work, "anna", KOORDYNATOR), a_person(work, "olga", KOORDYNATOR)
        mine = has(work, anna, "Wniosek", None)
        case = tasks.get(work, TaskId(mine)).instance
        theirs = tasks.get(work, TaskId(has(work, olga, "Obcy wniosek", None))).instance
        begun = an_instance(work, "OPS/rozpoczęta")
        work.connection.execute(update(instance).where(instance.c.id == begun).values(started_by=anna))
        at = NOW + timedelta(hours=3)
        work.connection.execute(update(task).where(task.c.id == mine).values(follow_up_at=at))
        for one, name in ((case, "w mojej"), (theirs, "w cudzej"), (begun, "w rozpoczętej")):
            deadlines.sync_timers(work, one, [TimerWait(key="z", element="Z", name=name, due_at=at)])

    found = on(page(database, anna), NOW.date())

    assert {(one.kind.value, one.name) for one in found.items} == {
        ("follow_up", "Wniosek"),
        ("timer", "w mojej"),
        ("timer", "w rozpoczętej"),
    }
    assert {one.name: one.task for one in found.items}["w mojej"] is None


def test_the_absent_are_named_on_each_day_until_they_are_back(database: Database) -> None:
    with database.work() as work:
        anna, olga = a_person(work, "anna", KOORDYNATOR), a_person(work, "olga", KOORDYNATOR)
        pawel = a_person(work, "pawel", SOCJALNY)
        away(work, olga, anna, date(2026, 11, 16), date(2026, 11, 20), ended_at=local(date(2026, 11, 19), 8))
        away(work, olga, anna, date(2026, 11, 25), date(2026, 11, 26), cancelled_at=NOW)
        away(work, pawel, olga, date(2026, 11, 17), date(2026, 11, 17))

    team, own = page(database, anna, whose=Whose.TEAM), page(database, pawel)

    assert [day.on.day for day in team.days if day.away == ("Olga",)] == [16, 17, 18]
    assert not any("Pawel" in day.away for day in team.days)
    assert [day.on.day for day in own.days if day.away] == [17]


def test_closed_tasks_and_their_dates_disappear(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        made = TaskId(has(work, anna, "zrobione", NOW + timedelta(hours=1)))
        work.connection.execute(update(task).where(task.c.id == made).values(follow_up_at=NOW + timedelta(hours=2)))
        tasks.finish(work, made, anna)

    assert page(database, anna).empty


def test_a_person_without_roles_and_unit_has_an_empty_calendar(database: Database) -> None:
    with database.work() as work:
        nobody: Person = people.get(work, a_person(work, "nikt"))
        has(work, a_person(work, "anna", KOORDYNATOR), "cudze", NOW + timedelta(hours=1))

    for whose in (Whose.OWN, Whose.TEAM):
        assert page(database, nobody.id, whose=whose).empty


def a_duty(work: Work, due: date, state: str, *, role: str = KOORDYNATOR, reason: str = "") -> None:
    words = {"definition_key": "", "rule": "co pół roku", "ahead": "14 dni", "source": "", "active": True}
    settings = {"kind": "round", "text": ""}
    id = insert_one(work, duty, {"key": f"{role} {due}", "name": state, "role": role, "settings": settings, **words})
    occurrence = {"subject": "", "due_on": due, "begins_on": due, "name": f"Rejestr {state}", "reason": reason}
    insert_one(work, duty_occurrence, {"duty_id": id, "state": state, **occurrence})


@pytest.mark.parametrize("span", [Span.MONTH, Span.YEAR])
def test_duties_of_ones_roles_are_shown_with_the_reason_why_they_are_left_out(database: Database, span: Span) -> None:
    with database.work() as work:
        anna, krystyna = a_person(work, "anna", KOORDYNATOR), a_person(work, "krystyna", KIEROWNIK)
        ngo = a_person(work, "fundacja", NGO)
        a_duty(work, date(2026, 11, 20), "planned")
        a_duty(work, date(2026, 11, 23), "suppressed", reason="usługę wykonuje organizacja")
        a_duty(work, date(2026, 11, 24), "gone")
        a_duty(work, date(2026, 11, 25), "planned", role=KIEROWNIK)
        a_duty(work, date(2026, 11, 26), "planned", role=NGO)

    def shown(viewer: PersonId, whose: Whose) -> list[tuple[int, str, str]]:
        found = page(database, viewer, whose=whose, span=span)
        items = [one for day in (*found.days, *found.months) for one in day.items]
        return [(one.on.day, one.state, one.reason) for one in items]

    assert shown(anna, Whose.OWN) == [(20, "planned", ""), (23, "suppressed", "usługę wykonuje organizacja")]
    assert [day for day, _, _ in shown(krystyna, Whose.OWN)] == [25]
    assert [day for day, _, _ in shown(krystyna, Whose.ALL)] == [20, 23, 25, 26]
    assert shown(ngo, Whose.TEAM) == []


def test_the_centres_own_free_days_are_named_beside_the_public_ones(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        term_rules.add_free_day(work, date(2026, 11, 10), "przerwa techniczna")

    found = page(database, anna)

    assert on(found, date(2026, 11, 10)).free == "przerwa techniczna"
    assert on(found, date(2026, 11, 11)).free == "Święto Niepodległości"
    assert on(found, date(2026, 11, 12)).free == ""
