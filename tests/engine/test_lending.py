"""Tasks that are lent and given back, drafts of two people, and how urgent a task is."""

from __future__ import annotations

from typing import Any

import pytest
from actions_cast import END, KOORDYNATOR, SOCJALNY, START, Centre, user, ways

from engine.actions import lending, priorities, tasks
from engine.errors import Conflict, InputRejected, NotAllowed, NotFound
from engine.model import Task
from engine.reading import tasks as looks
from engine.reading.views import TaskPage
from engine.store import answers, journal, people
from engine.store import tasks as rows


def lent(centre: Centre, *, to: str = "olga", by: str = "anna", note: str = "") -> Task:
    task = centre.claim(centre.task(centre.start("dwa").id).id, "anna")
    with centre.work() as work:
        return tasks.delegate(work, centre.person(by), task.id, to, returns=True, note=note)


def page(centre: Centre, task: Task, to: str, **said: Any) -> TaskPage:
    with centre.database.look() as work:
        return looks.page(work, centre.person(to), task.id, **said)


def draft(centre: Centre, task: Task, by: str, text: str) -> None:
    with centre.work() as work:
        tasks.save_draft(work, centre.person(by), task.id, {"tresc": text})


def give_back(centre: Centre, task: Task, by: str, note: str = "") -> Task:
    with centre.work() as work:
        return lending.give_back(work, centre.person(by), task.id, note)


def test_a_lent_task_comes_back_with_the_colleagues_draft(centre: Centre) -> None:
    task = lent(centre, note="Uzupełnij koszty")
    draft(centre, task, "olga", "Koszty są")

    assert page(centre, task, "olga").assignment.note == "Uzupełnij koszty"
    back = give_back(centre, task, "olga", "Gotowe")

    assert (back.person_name, back.returns_to) == ("Anna", None)
    shown = page(centre, task, "anna")
    assert shown.raw == {"tresc": "Koszty są"}
    assert (shown.assignment.note, shown.assignment.shown_by) == ("Gotowe", "Olga")


def test_the_colleague_completes_nothing_that_is_lent_to_her(centre: Centre) -> None:
    task = lent(centre)

    with pytest.raises(Conflict, match="kończy Anna"):
        centre.complete(task.id, "olga")
    with centre.work() as work, pytest.raises(Conflict, match="Zwróć zadanie"):
        tasks.release(work, centre.person("olga"), task.id)
    assert page(centre, task, "olga").assignment.borrowed


def test_what_was_lent_stays_lent_when_it_is_handed_on(centre: Centre) -> None:
    task = lent(centre)

    with centre.work() as work:
        on = tasks.delegate(work, centre.person("olga"), task.id, "zofia")

    assert on.returns_to == centre.person("anna").id
    assert give_back(centre, task, "zofia").person_name == "Anna"


def test_the_kierownik_may_hand_it_over_for_good(centre: Centre) -> None:
    task = lent(centre)

    with centre.work() as work:
        given = tasks.delegate(work, centre.person("krystyna"), task.id, "zofia")

    assert given.returns_to is None


def test_its_owner_and_the_kierownik_fetch_it_and_nobody_else(centre: Centre) -> None:
    task = lent(centre)

    for login in ("olga", "zofia"):
        with centre.work() as work, pytest.raises(NotAllowed):
            lending.fetch(work, centre.person(login), task.id)
    with centre.work() as work, pytest.raises(NotFound):
        lending.fetch(work, centre.person("natalia"), task.id)
    with centre.work() as work:
        assert lending.fetch(work, centre.person("anna"), task.id).person_name == "Anna"
    with centre.work() as work, pytest.raises(Conflict, match="nie czeka na zwrot"):
        lending.fetch(work, centre.person("anna"), task.id)


def test_only_its_holder_gives_it_back(centre: Centre) -> None:
    task = lent(centre)

    with centre.work() as work, pytest.raises(NotAllowed):
        lending.give_back(work, centre.person("anna"), task.id)


def test_when_the_owner_has_left_it_goes_to_the_team_and_may_be_completed(centre: Centre) -> None:
    task = lent(centre)
    with centre.work() as work:
        one = centre.person("anna")
        people.change(work, one.id, name=one.name, email="", unit=one.unit, roles=[KOORDYNATOR], active=False)

    assert centre.complete(task.id, "olga").finished is False
    (following,) = centre.open(task.instance)
    assert following.returns_to is None


def test_a_lent_task_of_an_owner_who_left_is_given_back_to_the_team(centre: Centre) -> None:
    task = lent(centre)
    with centre.work() as work:
        one = centre.person("anna")
        people.change(work, one.id, name=one.name, email="", unit=one.unit, roles=[SOCJALNY], active=True)

    assert give_back(centre, task, "olga").person is None


def test_a_note_that_is_too_long_is_refused(centre: Centre) -> None:
    with pytest.raises(InputRejected):
        lent(centre, note="x" * 301)


def test_two_who_type_in_one_free_task_lose_nothing(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    draft(centre, task, "anna", "Tekst Anny")
    draft(centre, task, "olga", "Tekst Olgi")

    mine = page(centre, task, "anna")

    assert mine.raw == {"tresc": "Tekst Anny"}
    assert [one.by for one in mine.assignment.drafts] == ["Olga"]
    others = page(centre, task, "anna", draft_of=centre.person("olga").id)
    assert (others.raw, others.assignment.shown_by) == ({"tresc": "Tekst Olgi"}, "Olga")
    with centre.database.look() as work:
        assert looks.other_drafts(work, centre.person("anna"), task.id) == ("Olga",)
    centre.complete(task.id, "anna")
    with centre.database.look() as work:
        assert answers.drafts(work, task.id) == ()


# --- how urgent -----------------------------------------------------------------------------------


def prioritise(centre: Centre, task: Task, by: str, priority: int | str, reason: str = "Prosi wójt") -> Task:
    with centre.work() as work:
        return priorities.prioritise(work, centre.person(by), task.id, priority, reason)


@pytest.mark.parametrize(("word", "number"), [("pilne", 80), ("zwykłe", 50), ("może poczekać", 20)])
def test_words_stand_for_numbers_and_the_reason_is_noted(centre: Centre, word: str, number: int) -> None:
    task = centre.task(centre.start("dwa").id)
    prioritise(centre, task, "krystyna", 99)

    assert prioritise(centre, task, "krystyna", word).priority == number

    with centre.database.look() as work:
        assert "Prosi wójt" in [one.text for one in journal.of_instance(work, task.instance)][-1]
        assert rows.search(work, rows.TaskFilter()).items[0].priority == number


def test_the_more_urgent_stands_first(centre: Centre) -> None:
    first, second = (centre.task(centre.start("dwa").id) for _ in range(2))
    prioritise(centre, second, "krystyna", "pilne")

    with centre.database.look() as work:
        assert [one.id for one in rows.search(work, rows.TaskFilter()).items] == [second.id, first.id]


def test_only_its_person_and_the_kierownik_say_how_urgent_a_task_is(centre: Centre) -> None:
    task = centre.claim(centre.task(centre.start("dwa").id).id, "anna")

    with pytest.raises(NotAllowed):
        prioritise(centre, task, "olga", "pilne")
    assert prioritise(centre, task, "anna", "pilne").priority == 80


@pytest.mark.parametrize(("priority", "reason"), [("bardzo", "powód"), (101, "powód"), (-1, "powód"), ("pilne", " ")])
def test_another_word_or_no_reason_is_refused(centre: Centre, priority: int | str, reason: str) -> None:
    task = centre.task(centre.start("dwa").id)

    with pytest.raises(InputRejected):
        prioritise(centre, task, "krystyna", priority, reason)


def test_of_a_closed_task_nothing_is_changed_any_more(centre: Centre) -> None:
    centre.publish("jeden", START + user("jedyny") + END + ways("start jedyny koniec"))
    task = centre.task(centre.start("jeden").id)
    centre.complete(task.id, "anna")

    with pytest.raises(Conflict):
        prioritise(centre, task, "krystyna", "pilne")
