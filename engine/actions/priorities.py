"""Deed of saying how urgent a task is, in words that everybody uses alike."""

from __future__ import annotations

from engine import access, circumstances
from engine.actions import holding
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed, NotFound
from engine.forms import polish
from engine.model import Person, Task, TaskId, TaskState
from engine.store import instances, journal, tasks
from engine.store.database import Work

WORDS = polish.PRIORITIES


def prioritise(work: Work, by: Person, task_id: TaskId, priority: int | str, reason: str) -> Task:
    """Say how urgent a task is; lists put the more urgent of the same day first.

    Args:
        priority: a word of `WORDS` or 0 … 100.
        reason: without personal data; it stands in the journal.

    Raises:
        NotFound: there is no such task.
        NotAllowed: unless `by` has the task or is kierownik.
        Conflict: when it is closed.
        InputRejected: when priority or reason are missing or do not fit.
    """
    held = instances.hold_for(work, task_id)
    task = tasks.get(work, task_id)
    rule = circumstances.entitled(work, task, held.instance.variables)
    if not access.sees_all_instances(by) and by.id != task.person:
        raise NotFound("Nie ma takiego zadania.")
    if circumstances.holder(work, rule) != by.id and not access.may_hand_over(by):
        raise NotAllowed("Jak pilne jest zadanie, ustala kierownik albo osoba, która je ma.")
    if task.state is not TaskState.OPEN:
        raise Conflict("To zadanie nie jest już otwarte. Odśwież listę.")
    number = _number(priority)
    if not reason.strip():
        raise InputRejected((AnswerError(field="reason", message="Podaj powód zmiany."),))
    why = holding.said(reason).removeprefix(" Notatka: ")
    if number != task.priority:
        tasks.prioritise(work, task.id, number)
        text = f"Zadanie „{task.name}”: {polish.priority(number) or 'zwykłe'}. Powód: {why}"
        journal.write(work, instance=task.instance, by=by.id, deed="prioritise", element=task.element, text=text)
    return tasks.get(work, task.id)


def _number(priority: int | str) -> int:
    number = WORDS.get(priority, -1) if isinstance(priority, str) else priority
    if not 0 <= number <= 100:
        words = ", ".join(f"„{one}”" for one in WORDS)
        raise InputRejected((AnswerError(field="priority", message=f"Wybierz: {words}."),))
    return number
