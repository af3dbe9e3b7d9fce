"""Deeds of telling: who is told what, once, in the transaction of what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from engine import access, circumstances, clock
from engine.circumstances import Entitled
from engine.forms import polish
from engine.model import Deadline, InstanceId, Json, Person, PersonId, Task, TaskId
from engine.store import instances, notices, people, preferences
from engine.store.database import Work

MOST_TOLD = 30  # people of one team that are told of a task which nobody has
URGENT_PRIORITY = 80
ESCALATION = "escalation"  # preference: roles that are told when the kierownik's turn has passed
LAST_RESORT: list[Json] = [access.ADMINISTRATOR]  # projekt własny


def remind(work: Work, task: Task) -> int:
    """Remind whoever has a task, or may take it, of its end; at most once a day.

    Returns:
        How many people were told now.
    """
    until = f" Termin: {_day(clock.today(task.due_at))}." if task.due_at else ""
    text = f"Przypomnienie: zadanie {_named(task)}.{until}"
    key = f"remind:{task.id}:{clock.today(work.now)}"
    return _tell_task(work, task, kind="remind", key=key, text=text, urgent=_in_hours(task))


def late(work: Work, task: Task) -> int:
    """Tell whoever has a task, or may take it, that its end has passed.

    Returns:
        How many people were told now.
    """
    text = f"Minął termin zadania {_named(task)}."
    urgent = _in_hours(task) or task.priority >= URGENT_PRIORITY
    return _tell_task(work, task, kind="late", key=f"late:{task.id}:{_due(task)}", text=text, urgent=urgent)


def escalate(work: Work, task: Task, level: int) -> int:
    """Tell those who stand above that a task is late.

    Args:
        level: 1 for the kierownik (of the unit, if it has one), 2 for the roles of the setting `escalation`.

    Returns:
        How many people were told now.
    """
    everybody = people.all_people(work)
    told = _above(work, task, level, everybody) or _above(work, task, 2, everybody)
    text = f"Zadanie {_named(task)} jest po terminie i nikt go nie wykonał."
    key = f"escalate:{level}:{task.id}:{_due(task)}"
    return _tell(work, told, kind="escalate", key=key, text=text, instance=task.instance, task=task.id, urgent=True)


def follow_up(work: Work, task: Task) -> int:
    """Tell the person of a task that the day has come on which she wanted to come back to it.

    Returns:
        How many people were told now.
    """
    text = f"Na dziś zaplanowano powrót do zadania {_named(task)}."
    key = f"follow_up:{task.id}:{clock.today(task.follow_up_at)}"
    return _tell_task(work, task, kind="follow_up", key=key, text=text)


def assigned(work: Work, task: Task, by: Person | None) -> int:
    """Tell a person that somebody else gave her a task.

    Args:
        by: who gave it; None for the engine.

    Returns:
        How many people were told now.
    """
    if task.person is None or (by is not None and by.id == task.person):
        return 0
    text = f"Masz nowe zadanie: {_named(task)}."
    key = f"assigned:{task.id}:{work.now.isoformat()}"
    return _tell_task(work, task, kind="assigned", key=key, text=text, urgent=_in_hours(task))


def incident(work: Work, instance: InstanceId, message: str) -> int:
    """Tell the administrators that a case stopped on an error; of the same error once a day.

    Args:
        message: what went wrong; it tells errors apart and is not passed on, because it may quote what people wrote.

    Returns:
        How many people were told now.
    """
    text = f"Sprawa {instances.get(work, instance).number} zatrzymała się z powodu błędu i czeka na administratora."
    mark = hashlib.sha256(message.encode()).hexdigest()[:16]
    key = f"incident:{instance}:{clock.today(work.now)}:{mark}"
    told = _with_roles(people.all_people(work), {access.ADMINISTRATOR})
    return _tell(work, told, kind="incident", key=key, text=text, instance=instance, urgent=True)


def absence_begins(work: Work, absence: int, *, deputy: PersonId, until: date) -> int:
    """Tell a deputy that she stands in for somebody from today.

    Args:
        absence: its id.
        until: the last day.

    Returns:
        How many people were told now.
    """
    text = f"Od dziś do {_day(until)} zastępujesz nieobecną osobę. Zadania z zastępstwa są na Twojej liście."
    return _tell(work, [people.get(work, deputy)], kind="absence", key=f"absence_begins:{absence}", text=text)


def absence_ends(work: Work, absence: int, *, person: PersonId, deputy: PersonId) -> int:
    """Tell both that the deputy has handed back.

    Args:
        absence: its id.

    Returns:
        How many people were told now.
    """
    back = "Twoje zastępstwo się skończyło. Otwarte zadania wróciły na Twoją listę."
    over = "Zastępstwo się skończyło. Otwarte zadania wróciły do zastępowanej osoby."
    key = f"absence_ends:{absence}"
    return _tell(work, [people.get(work, person)], kind="absence", key=key, text=back) + _tell(
        work, [people.get(work, deputy)], kind="absence", key=key, text=over
    )


def duty(work: Work, occurrence: int, *, name: str, role: str, due_on: date, instance: InstanceId | None = None) -> int:
    """Tell the owners of a duty that it begins.

    Args:
        occurrence: its id.
        name: without personal data.
        role: the owner.
        instance: the case that it began.

    Returns:
        How many people were told now.
    """
    text = f"Zbliża się obowiązek „{_line(name)}”. Termin: {_day(due_on)}."
    told = _with_roles(people.all_people(work), {role})
    return _tell(work, told, kind="duty", key=f"duty:{occurrence}", text=text, instance=instance)


def fire_digest(work: Work, deadline: Deadline) -> None:
    """Write to everybody what waits for them."""


def _tell_task(work: Work, task: Task, *, kind: str, key: str, text: str, urgent: bool = False) -> int:
    told = _concerned(work, task)
    return _tell(work, told, kind=kind, key=key, text=text, instance=task.instance, task=task.id, urgent=urgent)


def _tell(
    work: Work,
    told: Iterable[Person],
    *,
    kind: str,
    key: str,
    text: str,
    instance: InstanceId | None = None,
    task: TaskId | None = None,
    urgent: bool = False,
) -> int:
    active = {one.id for one in told if one.active and not one.unrestricted}
    return sum(
        notices.add(work, person=one, kind=kind, key=key, text=text, instance=instance, task=task, urgent=urgent)
        for one in sorted(active)
    )


def _concerned(work: Work, task: Task) -> tuple[Person, ...]:
    """Who has the task; when nobody does, everybody who may take it. All of them may see its case."""
    rule = circumstances.entitled(work, task, instances.get(work, task.instance).variables)
    holder = circumstances.holder(work, rule)
    if holder is not None:
        return (people.get(work, holder),)
    return _able(rule, people.all_people(work))[:MOST_TOLD]


def _able(rule: Entitled, everybody: Iterable[Person]) -> tuple[Person, ...]:
    return tuple(one for one in everybody if not one.unrestricted and rule.admits(one))


def _above(work: Work, task: Task, level: int, everybody: tuple[Person, ...]) -> tuple[Person, ...]:
    """Those who stand above whoever has the task; nobody is told of her own task this way."""
    others = tuple(one for one in everybody if one.id != task.person)
    if level > 1:
        stored = preferences.get(work, ESCALATION)
        roles = stored if isinstance(stored, list) and stored else LAST_RESORT
        return _with_roles(others, {str(one) for one in roles})
    heads = _with_roles(others, {access.KIEROWNIK})
    units = {one.id: one.unit for one in everybody}
    unit = units.get(task.person) if task.person is not None else None
    near = tuple(one for one in heads if unit is not None and one.unit == unit)
    return near or heads


def _with_roles(everybody: Iterable[Person], roles: set[str]) -> tuple[Person, ...]:
    return tuple(one for one in everybody if one.active and one.roles & roles)


def _named(task: Task) -> str:
    return f"„{_line(task.name)}” w sprawie {task.instance_number}"


def _line(text: str) -> str:
    """Names from diagrams may hold line breaks."""
    return " ".join(text.split())


def _due(task: Task) -> str:
    return task.due_at.isoformat() if task.due_at else "none"


def _in_hours(task: Task) -> bool:
    """True for crisis work, whose term runs in hours or minutes."""
    rule = str(task.term.get("rule", ""))
    return any(word in rule for word in ("godzin", "minut", "niezwłocznie"))


def _day(day: date) -> str:
    return polish.day(day)
