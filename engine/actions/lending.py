"""Deeds on lent tasks: a colleague did her part and gives one back, or its owner fetches it."""

from __future__ import annotations

from engine import access, circumstances
from engine.actions import holding, telling
from engine.circumstances import Entitled
from engine.errors import Conflict, NotAllowed, NotFound
from engine.model import Person, PersonId, Task, TaskId, TaskState
from engine.store import instances, journal, people, tasks
from engine.store.database import Work


def give_back(work: Work, by: Person, task_id: TaskId, note: str = "") -> Task:
    """Give a lent task back, with the draft of what was done.

    While its owner is away it goes to her deputy; when she may no longer have it, to the team.

    Args:
        note: what was done, without personal data; it stands in the journal.

    Raises:
        NotFound: there is no such task.
        NotAllowed: when `by` does not have it.
        Conflict: when it was not lent or is closed.
        InputRejected: when the note is too long.
    """
    rule = _lent(work, by, task_id)
    if rule.task.person != by.id:
        raise NotAllowed("To zadanie ma ktoś inny. Zwrócić może je tylko ta osoba.")
    return _return(work, rule, by, "give_back", f"Zwrócono zadanie „{rule.task.name}”", holding.said(note))


def fetch(work: Work, by: Person, task_id: TaskId) -> Task:
    """Take a lent task back without waiting for the colleague; what she typed stays as her draft.

    Raises:
        NotFound: there is no such task.
        NotAllowed: unless `by` lent it or is kierownik.
        Conflict: when it was not lent or is closed.
    """
    rule = _lent(work, by, task_id)
    if rule.task.returns_to != by.id and not access.may_hand_over(by):
        raise NotAllowed("To zadanie może odebrać osoba, która je przekazała, albo kierownik.")
    return _return(work, rule, by, "fetch", f"Odebrano zadanie „{rule.task.name}”", "")


def _lent(work: Work, by: Person, task_id: TaskId) -> Entitled:
    held = instances.hold_for(work, task_id)
    task = tasks.get(work, task_id)
    if not access.sees_all_instances(by) and by.id not in (task.person, task.returns_to):
        raise NotFound("Nie ma takiego zadania.")
    if task.state is not TaskState.OPEN:
        raise Conflict("To zadanie nie jest już otwarte. Odśwież listę.")
    if task.returns_to is None:
        raise Conflict("To zadanie nie czeka na zwrot: ktoś już je zwrócił albo odebrał.")
    return circumstances.entitled(work, task, held.instance.variables)


def _return(work: Work, rule: Entitled, by: Person, deed: str, text: str, note: str) -> Task:
    task = rule.task
    person, absence = holding.taker(work, rule, task.returns_to or by.id)
    tasks.assign(work, task.id, person, absence=absence or _still_for(rule, person))
    to_whom = people.get(work, person).name if person is not None else "zespół"
    journal.write(
        work, instance=task.instance, by=by.id, deed=deed, element=task.element, text=f"{text}: {to_whom}.{note}"
    )
    done = tasks.get(work, task.id)
    telling.assigned(work, done, by)
    return done


def _still_for(rule: Entitled, person: PersonId | None) -> int | None:
    """A deputy who lent the task of somebody who is away has it for her again."""
    return rule.task.absence if person is not None and person == rule.task.returns_to else None
