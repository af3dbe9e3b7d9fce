"""Deeds on tasks that are put aside: a person comes back to them on a day of her choice."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from engine import access, circumstances, clock
from engine.actions import telling
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed, NotFound
from engine.forms import polish
from engine.model import Deadline, DeadlineKind, Person, Task, TaskId, TaskState
from engine.store import deadlines, instances, journal, task_terms, tasks
from engine.store.database import Work

MORNING = time(7, 0)
FURTHEST = 366  # days


def follow_up(work: Work, by: Person, task: TaskId, day: date | None) -> Task:
    """Put a task aside until a day; whoever may take a task that nobody has takes it this way.

    Args:
        day: None to have it back on the list now.

    Raises:
        NotFound: when there is no such task, or it may not be seen.
        NotAllowed: when it is not hers.
        Conflict: when it is closed.
        InputRejected: when the day has come already, or lies behind the end of the term.
    """
    held = instances.hold_for(work, task)
    found = tasks.get(work, task)
    if found.state is not TaskState.OPEN:
        raise Conflict("To zadanie nie jest już otwarte, więc nie można go odłożyć. Odśwież stronę.")
    rule = circumstances.entitled(work, found, held.instance.variables)
    if not rule.admits(by) and not access.sees_all_instances(by):
        raise NotFound("Nie ma takiego zadania.")
    if not rule.admits(by) or circumstances.holder(work, rule) not in (None, by.id):
        raise NotAllowed("Dzień powrotu ustala osoba, która ma zadanie.")
    if day is not None:
        _check_day(work, found, day)
    if day is not None and found.person != by.id:
        tasks.assign(work, found.id, by.id)
    at = None if day is None else datetime.combine(day, MORNING, clock.WARSAW).astimezone(UTC)
    task_terms.come_back(work, found.id, at)
    _watch_follow_up(work, found, at)
    said = f"Odłożono zadanie „{found.name}” do {polish.day(day)}." if day else ""
    said = said or f"Zadanie „{found.name}” wróciło na listę przed czasem."
    journal.write(work, instance=found.instance, by=by.id, deed="follow_up", element=found.element, text=said)
    return tasks.get(work, found.id)


def fire_follow_up(work: Work, deadline: Deadline) -> None:
    """Tell a person that the day has come on which she wanted to come back to a task."""
    task = tasks.get(work, deadline.task) if deadline.task is not None else None
    if task is not None and task.state is TaskState.OPEN and task.follow_up_at == deadline.due_at:
        telling.follow_up(work, task)


def _watch_follow_up(work: Work, task: Task, at: datetime | None) -> None:
    key = task_terms.key_of(task.id)
    if at is None:
        deadlines.drop_kind(work, kind=DeadlineKind.FOLLOW_UP, key=key, instance=task.instance)
        return
    deadlines.put(
        work,
        kind=DeadlineKind.FOLLOW_UP,
        key=key,
        due_at=at,
        instance=task.instance,
        task=task.id,
        element=task.element,
        name=task.name,
    )


def _check_day(work: Work, task: Task, day: date) -> None:
    today = clock.today(work.now)
    if day <= today:
        raise _refused("Wybierz dzień po dzisiejszym.")
    if (day - today).days > FURTHEST:
        raise _refused("Ten dzień jest zbyt odległy. Sprawdź rok.")
    if task.due_at is not None and work.now <= task.due_at and day > clock.today(task.due_at):
        raise _refused(f"Termin zadania mija {polish.day(clock.today(task.due_at))}. Wybierz dzień nie późniejszy.")


def _refused(message: str) -> InputRejected:
    return InputRejected((AnswerError(field="wroc", message=message),))
