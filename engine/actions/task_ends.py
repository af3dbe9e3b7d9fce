"""What happens when the end of a task's term comes near, has passed, and has passed for long."""

from __future__ import annotations

from datetime import UTC, datetime, time

from engine import circumstances, clock, terms
from engine.actions import telling
from engine.forms import polish
from engine.model import Deadline, DeadlineKind, InstanceState, Task, TaskState
from engine.store import deadlines, instances, journal, preferences, task_terms, tasks
from engine.store.database import Work

ESCALATION_DAYS = "escalation_days"  # preference: working days after which the next above is told
USUAL_ESCALATION = 3  # projekt własny
LEVELS = 2  # the kierownik, then whoever the centre has chosen
OFFICE = time(8, 0)


def fire_remind(work: Work, deadline: Deadline) -> None:
    """Remind of the end of a task that is still open. In a stopped case too: its term runs on.

    After an outage the end may have passed as well; then its own deadline says so, and nobody is told twice.
    """
    task = _watched(work, deadline)
    if task is not None and task.due_at is not None and task.due_at > work.now:
        telling.remind(work, task)


def fire_late(work: Work, deadline: Deadline) -> None:
    """Note that a task is late, tell whoever it waits for, and let the kierownik know at once."""
    task = _watched(work, deadline)
    if task is None or task.due_at is None or task.due_at > work.now:
        return
    stopped = instances.get(work, task.instance).state is InstanceState.INCIDENT
    text = f"Minął termin zadania „{task.name}”: {_minute(task.due_at)}."
    text += " Sprawa jest zatrzymana, ale termin biegnie dalej." if stopped else ""
    journal.write(work, instance=task.instance, by=None, deed="late", element=task.element, text=text)
    telling.late(work, task)
    _put_escalation(work, task, 1, work.now)


def fire_escalate(work: Work, deadline: Deadline) -> None:
    """Show a late task to whoever stands above, and the next above them some working days later."""
    task = _watched(work, deadline)
    if task is None or task.due_at is None or task.due_at > work.now:
        return
    level = deadline.inputs.get("level")
    level = level if isinstance(level, int) else 1
    if telling.escalate(work, task, level):
        text = f"Zadanie „{task.name}” jest po terminie. Powiadomiono {'kierownika' if level == 1 else 'przełożonych'}."
        journal.write(work, instance=task.instance, by=None, deed="escalate", element=task.element, text=text)
    if level < LEVELS:
        _put_escalation(work, task, level + 1, _next_escalation(work))


def _watched(work: Work, deadline: Deadline) -> Task | None:
    """The task of a deadline, when it is still open and its term runs; a row that outlived its task does nothing."""
    if deadline.task is None:
        return None
    task = tasks.get(work, deadline.task)
    running = task.state is TaskState.OPEN and task.paused_at is None
    return task if running and task.due_at is not None else None


def _put_escalation(work: Work, task: Task, level: int, at: datetime) -> None:
    key = task_terms.key_of(task.id) if level == 1 else f"{task_terms.key_of(task.id)}:{level}"
    deadlines.put(
        work,
        kind=DeadlineKind.ESCALATE,
        key=key,
        due_at=at,
        instance=task.instance,
        task=task.id,
        element=task.element,
        name=task.name,
        inputs={"level": level},
    )


def _next_escalation(work: Work) -> datetime:
    """In the morning of the working day after which the next above is told."""
    stored = preferences.get(work, ESCALATION_DAYS)
    days = stored if isinstance(stored, int) and not isinstance(stored, bool) and stored > 0 else USUAL_ESCALATION
    words = f"{days} dzień roboczy" if days == 1 else f"{days} dni roboczych"
    end = terms.due(words, work.now, rules=circumstances.terms(work), own=True).moment
    return datetime.combine(clock.today(end), OFFICE, clock.WARSAW).astimezone(UTC)


def _minute(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{polish.day(local.date())}, {local:%H:%M}"
