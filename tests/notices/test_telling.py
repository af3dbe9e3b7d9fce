"""Who is told what: once, only those whom it concerns, and nothing of the people whom the case is about."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from notices_cast import MONDAY, SECRET, Office, end_of

from engine import clock
from engine.actions import keeping, telling
from engine.errors import NotFound, StepFailed
from engine.model import Task
from engine.store import absences, notices, people, preferences
from engine.store.database import Database, Work
from engine.store.notices import MOST_UNREAD

LATE = end_of(MONDAY, -3)


def test_whoever_has_a_task_is_reminded_at_most_once_a_day(office: Office) -> None:
    task = office.task(person="anna", due_at=end_of(MONDAY, 2))

    counts = []
    for hours in (0, 5, 24):
        with clock.standing(MONDAY + timedelta(hours=hours)), office.database.work() as work:
            counts.append(telling.remind(work, task))

    assert counts == [1, 0, 1]
    assert office.told_anything() == {"anna"}
    assert office.told("anna")[0].text == (
        "Przypomnienie: zadanie „Przygotuj diagnozę” w sprawie OPS/2026/0001. Termin: 25\u00a0listopada 2026."
    )


def test_a_reminder_says_when_the_end_has_passed_and_the_hour_where_hours_count(office: Office) -> None:
    late = office.task("a", person="anna", due_at=LATE)
    crisis = office.task("b", person="olga", due_at=MONDAY + timedelta(hours=2))

    with clock.standing(MONDAY), office.database.work() as work:
        for task in (late, crisis):
            telling.remind(work, task)

    assert office.told("anna")[0].text.endswith(" Termin minął: 20\u00a0listopada 2026.")
    assert office.told("olga")[0].text.endswith(" Termin: 23\u00a0listopada 2026, 09:00.")


def test_a_task_that_nobody_has_concerns_everybody_who_may_take_it(office: Office) -> None:
    task = office.task(due_at=LATE)

    with office.database.work() as work:
        telling.late(work, task)

    assert office.told_anything() == {"anna", "olga"}


def test_only_candidates_are_told_of_a_task_that_is_theirs(office: Office) -> None:
    task = office.task(candidates=(office.ids["olga"], office.ids["pawel"]), due_at=LATE)

    with office.database.work() as work:
        telling.late(work, task)

    assert office.told_anything() == {"olga", "pawel"}


def test_somebody_who_may_no_longer_take_the_task_is_told_nothing(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)
    with office.database.work() as work:
        people.change(
            work, office.ids["anna"], name="Anna", email="", unit=None, roles=["Pracownik socjalny"], active=True
        )

    with office.database.work() as work:
        telling.late(work, task)

    assert office.told_anything() == {"olga"}


def test_the_deputy_of_somebody_who_is_away_is_told_as_well(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)
    with office.database.work() as work:
        away(work, office, "anna", "olga")

    with office.database.work() as work:
        telling.late(work, task)

    assert office.told_anything() == {"anna", "olga"}


def test_a_deputy_who_may_not_take_the_task_is_not_told(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)
    with office.database.work() as work:
        away(work, office, "anna", "natalia")

    with office.database.work() as work:
        telling.late(work, task)

    assert office.told_anything() == {"anna"}


def test_a_late_task_is_shown_to_the_kierownik_first_and_then_to_the_administrator(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)

    with office.database.work() as work:
        telling.escalate(work, task, 1)
    first = office.told_anything()
    with office.database.work() as work:
        telling.escalate(work, task, 2)

    assert first == {"krystyna", "kazimierz"}
    assert office.told_anything() == first | {"adam"}


def test_the_kierownik_of_the_same_unit_comes_before_the_others(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)
    with office.database.work() as work:
        unit = people.add_unit(work, name="Organizacja", performs=False)
        for login, role in (("anna", "Koordynator usług pomocy społecznej"), ("krystyna", "Kierownik ops")):
            people.change(work, office.ids[login], name=login, email="", unit=unit, roles=[role], active=True)

    with office.database.work() as work:
        telling.escalate(work, task, 1)

    assert office.told_anything() == {"krystyna"}


def test_the_centre_chooses_whose_turn_is_the_last(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)
    with office.database.work() as work:
        preferences.put(work, telling.ESCALATION, ["Wójt"])

    with office.database.work() as work:
        telling.escalate(work, task, 2)

    assert office.told_anything() == {"wojciech"}


def test_nobody_is_told_as_her_own_superior(office: Office) -> None:
    task = office.task(person="krystyna", role="Kierownik ops", due_at=LATE)

    with office.database.work() as work:
        telling.escalate(work, task, 1)

    assert office.told_anything() == {"kazimierz"}


def test_a_follow_up_and_an_assignment_are_told_to_the_person_alone(office: Office) -> None:
    task = office.task(person="anna", follow_up_at=MONDAY)

    with clock.standing(MONDAY), office.database.work() as work:
        told = [telling.follow_up(work, task), telling.assigned(work, task, office.person("krystyna"))]
        told += [telling.follow_up(work, task), telling.assigned(work, task, office.person("anna"))]

    assert told == [1, 1, 0, 0]
    assert office.told_anything() == {"anna"}


def test_administrators_are_told_of_a_stopped_case_once_a_day_for_each_error(office: Office) -> None:
    with office.database.work() as work:
        keeping.stop(work, office.instance, StepFailed(f"Krok „Diagnoza”: {SECRET}", element="E"))
    with office.database.work() as work:
        again = telling.incident(work, office.instance, f"Krok „Diagnoza”: {SECRET}")
        other = telling.incident(work, office.instance, "Krok „Decyzja”: inny błąd")

    assert (again, other) == (0, 1)
    assert office.told_anything() == {"adam"}
    assert "OPS/2026/0001" in office.told("adam")[0].text


def test_nothing_that_is_told_names_the_people_whom_a_case_is_about(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE, about=f"dla {SECRET}", follow_up_at=MONDAY)

    with clock.standing(MONDAY), office.database.work() as work:
        tell_everything(work, office, task)
    with clock.standing(MONDAY):
        for login in office.ids:
            office.digest(login)

    texts = [one.text for login in office.ids for one in office.told(login)]
    letters = [word for one in office.outbox() for word in (one.subject, one.text, one.html)]
    assert len(texts) == 12
    assert len(letters) > 12
    assert not [one for one in (*texts, *letters) if SECRET in one]


def test_a_name_from_a_diagram_stays_on_one_line(office: Office) -> None:
    task = office.task(person="anna", name="Przygotuj\ndiagnozę", due_at=LATE)

    with office.database.work() as work:
        telling.late(work, task)

    assert office.told("anna")[0].text == "Minął termin zadania „Przygotuj diagnozę” w sprawie OPS/2026/0001."


def test_what_is_taken_back_tells_nobody(office: Office) -> None:
    task = office.task(person="anna", due_at=LATE)

    def deed(work: Work) -> None:
        telling.escalate(work, task, 1)
        raise StepFailed("nie", element="E")

    with pytest.raises(StepFailed):
        office.database.run(deed)

    assert office.told_anything() == set()
    assert office.outbox() == []


def test_two_workers_tell_the_same_thing_once(office: Office, another: Callable[[], Database]) -> None:
    task, start = office.task(person="anna", due_at=LATE), threading.Barrier(2)
    counts: list[int] = []

    def run(database: Database) -> None:
        start.wait()
        counts.append(database.run(lambda work: telling.late(work, task)))

    workers = [threading.Thread(target=run, args=(another(),)) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert sorted(counts) == [0, 1]
    assert len(office.told("anna")) == 1


def test_the_list_has_pages_and_the_bell_counts_to_a_hundred(office: Office) -> None:
    with office.database.work() as work:
        for number in range(120):
            notices.add(work, person=office.ids["anna"], kind="late", key=f"k{number}", text=f"Tekst {number}")

    with office.database.work() as work:
        first = notices.of_person(work, office.ids["anna"], limit=70)
        second = notices.of_person(work, office.ids["anna"], limit=70, before=first.before)
        counted = notices.unread_count(work, office.ids["anna"])
        marked = notices.mark_read(work, office.ids["anna"], [one.id for one in first.items])
        left = notices.unread_count(work, office.ids["anna"])

    assert [first.items[0].text, second.items[0].text, second.before] == ["Tekst 119", "Tekst 49", ""]
    assert (counted, marked, left) == (MOST_UNREAD, 70, 50)


def test_a_notice_of_somebody_else_is_none(office: Office) -> None:
    with office.database.work() as work:
        notices.add(work, person=office.ids["anna"], kind="late", key="k", text="Tekst")
    theirs = office.told("anna")[0].id

    with office.database.work() as work:
        marked = notices.mark_read(work, office.ids["olga"], [theirs])
        with pytest.raises(NotFound):
            notices.get(work, office.ids["olga"], theirs)

    assert marked == 0
    assert office.told("anna")[0].read_at is None


def away(work: Work, office: Office, person: str, deputy: str) -> None:
    id = absences.add(
        work,
        person=office.ids[person],
        deputy=office.ids[deputy],
        starts_on=date(2026, 11, 20),
        ends_on=date(2026, 11, 30),
        role="",
        definition_key="",
        authorisation="",
        note=SECRET,
        by=None,
    )
    absences.begin(work, id)


def tell_everything(work: Work, office: Office, task: Task) -> None:
    for deed in (telling.remind, telling.late, telling.follow_up):
        deed(work, task)
    telling.assigned(work, task, None)
    for level in (1, 2):
        telling.escalate(work, task, level)
    telling.incident(work, office.instance, f"błąd {SECRET}")
    telling.absence_begins(work, 1, deputy=office.ids["olga"], until=date(2026, 11, 30))
    telling.absence_ends(work, 1, person=office.ids["anna"], deputy=office.ids["olga"])
    telling.duty(work, 1, name="Ocena zasobów", role="Pracownik socjalny", due_on=date(2026, 12, 1))
