"""Everything of somebody who leaves goes to others in one deed."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from actions_cast import KOORDYNATOR, Centre

from engine import clock
from engine.actions import absences, handing_over, tasks
from engine.actions.handing_over import HandedOver
from engine.errors import Conflict, NotAllowed
from engine.model import Task, TaskDetails
from engine.reading import handing_over as looks
from engine.store import absences as rows
from engine.store import assignments, journal
from engine.store import tasks as task_rows


def annas(centre: Centre) -> Task:
    return centre.claim(centre.task(centre.start("dwa").id).id, "anna")


def leave(
    centre: Centre, heir: str = "olga", by: str = "adam", *, who: str = "anna", deactivate: bool = False
) -> HandedOver:
    heirs = {KOORDYNATOR: centre.person(heir).id} if heir else None
    with centre.work() as work:
        return handing_over.hand_over(work, centre.person(by), centre.person(who).id, heirs, deactivate=deactivate)


def owner(centre: Centre, task: Task) -> str:
    with centre.database.look() as work:
        return task_rows.get(work, task.id).person_name


def test_her_tasks_go_to_the_heir_of_the_role_and_each_journal_says_so(centre: Centre) -> None:
    first, second = annas(centre), annas(centre)

    done = leave(centre, by="krystyna")

    assert dict(done.given) == {"Olga": 2}
    assert [owner(centre, one) for one in (first, second)] == ["Olga", "Olga"]
    with centre.database.look() as work:
        texts = [one.text for one in journal.of_instance(work, first.instance)]
    assert "po osobie Anna: Olga" in texts[-1]


def test_doing_it_again_finds_nothing(centre: Centre) -> None:
    annas(centre)
    leave(centre)

    again = leave(centre)

    assert (dict(again.given), again.returned, again.lent, again.deputies) == ({}, 0, 0, 0)


def test_without_an_heir_the_team_has_them(centre: Centre) -> None:
    task = annas(centre)

    assert dict(leave(centre, "").given) == {"": 1}
    assert owner(centre, task) == ""


def test_an_heir_who_may_not_take_a_task_does_not_get_it(centre: Centre) -> None:
    task = annas(centre)

    assert dict(leave(centre, "pawel").given) == {"": 1}
    assert owner(centre, task) == ""


def test_borrowed_tasks_go_back_and_lent_ones_come_back_to_the_heir(centre: Centre) -> None:
    borrowed, lent = annas(centre), annas(centre)
    with centre.work() as work:
        tasks.delegate(work, centre.person("anna"), lent.id, "zofia", returns=True)
        tasks.delegate(work, centre.person("anna"), borrowed.id, "olga", returns=True)

    done = leave(centre, "zofia", who="olga")
    assert (done.returned, owner(centre, borrowed)) == (1, "Anna")
    done = leave(centre, "olga")

    assert done.lent == 1
    with centre.database.look() as work:
        assert task_rows.get(work, lent.id).returns_to == centre.person("olga").id


def test_where_she_stands_in_the_heir_does_and_her_own_absence_ends(centre: Centre) -> None:
    today = clock.today()
    with centre.work() as work:
        chief = centre.person("krystyna")
        zofia, anna = centre.person("zofia").id, centre.person("anna").id
        until = today + timedelta(days=9)
        instead = absences.enter(work, chief, zofia, anna, today, until)
        own = absences.enter(
            work, chief, anna, centre.person("pawel").id, until + timedelta(days=1), until + timedelta(days=3)
        )

    done = leave(centre)

    assert (done.deputies, done.cancelled) == (1, 0)
    with centre.database.look() as work:
        assert rows.get(work, instead).deputy == centre.person("olga").id
        assert rows.get(work, own).cancelled_at is not None


def test_an_absence_for_which_nobody_can_stand_in_ends(centre: Centre) -> None:
    today = clock.today()
    with centre.work() as work:
        id = absences.enter(
            work, centre.person("adam"), centre.person("olga").id, centre.person("anna").id, today, today
        )

    done = leave(centre, "")

    assert done.cancelled == 1
    with centre.database.look() as work:
        assert rows.get(work, id).ended_at is not None


def test_the_account_is_closed_by_the_administrator_alone(centre: Centre) -> None:
    task = annas(centre)
    with pytest.raises(NotAllowed, match="Konto wyłącza administrator"):
        leave(centre, by="krystyna", deactivate=True)
    assert owner(centre, task) == "Anna"

    leave(centre, deactivate=True)

    assert not centre.person("anna").active
    assert owner(centre, task) == "Olga"


def test_nobody_else_hands_over_and_nobody_inherits_from_herself(centre: Centre) -> None:
    with pytest.raises(NotAllowed):
        leave(centre, by="olga")
    with pytest.raises(Conflict, match="inna osoba"):
        leave(centre, "anna")


def test_the_preview_counts_what_will_be_handed_over(centre: Centre) -> None:
    for _ in range(3):
        annas(centre)

    with centre.database.look() as work:
        found = looks.preview(work, centre.person("anna").id)

    assert [(one.role, one.count) for one in found.roles] == [(KOORDYNATOR, 3)]
    assert {one.login for one in found.roles[0].heirs} == {"olga", "zofia"}
    leave(centre)
    with centre.database.look() as work:
        assert looks.preview(work, centre.person("anna").id).empty


def test_two_thousand_tasks_are_handed_over_in_one_deed(centre: Centre) -> None:
    case, anna = centre.start("dwa"), centre.person("anna").id
    with centre.work() as work:
        for number in range(2000):
            details = TaskDetails(element=f"e{number}", process="dwa", name="Krok", role=KOORDYNATOR)
            new = task_rows.NewTask(key=f"x{number}", details=details, form=None, due_at=None, person=anna)
            task_rows.open_task(work, case.id, new)
    before = time.monotonic()

    done = leave(centre)

    took = time.monotonic() - before
    print(f"2000 tasks: {took:.2f} s")
    assert dict(done.given) == {"Olga": 2000}
    assert took < 60
    with centre.database.look() as work:
        assert assignments.of_person(work, centre.person("anna").id) == ()
