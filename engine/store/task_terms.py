"""Keeps the dates of tasks, the deadlines that follow from them, and the account of how they were changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, literal_column, select, update

from engine.model import DeadlineKind, InstanceId, Json, PersonId, Task, TaskId
from engine.store.database import Work
from engine.store.rows import Found, insert_all, insert_one
from engine.store.tables import deadline, person, task, term_change
from engine.store.task_search import NEVER

# What follows from the end of a term; the day on which somebody wants to come back to a task does not.
OF_TERM = (DeadlineKind.REMIND.value, DeadlineKind.LATE.value, DeadlineKind.ESCALATE.value)
_OPEN = task.c.state == literal_column("'open'")

_DROP_OF_TERM = delete(deadline).where(deadline.c.task_id == bindparam("of"), deadline.c.kind.in_(OF_TERM))
_DROP_CLOSED = delete(deadline).where(
    deadline.c.instance_id == bindparam("of"),
    deadline.c.task_id.is_not(None),
    ~exists().where(task.c.id == deadline.c.task_id, _OPEN),
)
_SET = (
    update(task)
    .where(task.c.id == bindparam("of"), _OPEN)
    .values(
        due_at=bindparam("now_due"),
        due_order=bindparam("now_order"),
        target_at=bindparam("now_target"),
        remind_at=bindparam("now_remind"),
        paused_at=bindparam("now_paused"),
        term=bindparam("now_term"),
    )
)
_COME_BACK = update(task).where(task.c.id == bindparam("of"), _OPEN).values(follow_up_at=bindparam("then"))
_CHANGES = (
    select(term_change, person.c.name.label("by_name"), task.c.name.label("task_name"))
    .join(person, person.c.id == term_change.c.person_id)
    .join(task, task.c.id == term_change.c.task_id)
    .order_by(term_change.c.id)
)
_OF_TASK = _CHANGES.where(term_change.c.task_id == bindparam("of"))
_OF_INSTANCE = _CHANGES.where(term_change.c.instance_id == bindparam("of"))
_ONE = _CHANGES.where(term_change.c.id == bindparam("of"))
_OPEN_TERMS = select(task.c.id, task.c.due_at, task.c.paused_at, task.c.term).where(
    task.c.instance_id == bindparam("of"), task.c.key.in_(bindparam("keys", expanding=True)), _OPEN
)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The dates of one task.

    Attributes:
        due_at: the end; None when there is none, or while it does not run.
        term: how the end was found, see `engine.terms.Due.facts`.
    """

    due_at: datetime | None = None
    target_at: datetime | None = None
    remind_at: datetime | None = None
    paused_at: datetime | None = None
    term: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Timed:
    """A task whose end is watched."""

    task: TaskId
    instance: InstanceId
    element: str
    name: str
    dates: Dates


@dataclass(frozen=True, kw_only=True)
class TermChange:
    """One change of the term of a task. `text` is the notice under art. 36 KPA, "" for none."""

    id: int
    instance: InstanceId
    task: TaskId
    task_name: str
    kind: str  # suspend, resume, delay or postpone
    at: datetime
    by: str  # name
    reason: str
    basis: str  # article of law, "" when it is the centre's own term
    before: datetime | None
    after: datetime | None
    text: str


def watch(work: Work, tasks: Iterable[Timed]) -> None:
    """Lets the ends of tasks be reminded of and noticed; what waited for them before is to be dropped first."""
    insert_all(work, deadline, [row for one in tasks for row in _rows(one, work.now)])


def drop(work: Work, id: TaskId) -> None:
    """Forgets what waits for the end of a task."""
    work.connection.execute(_DROP_OF_TERM, {"of": id})


def drop_closed(work: Work, id: InstanceId) -> None:
    """Forgets what waits because of tasks of an instance that are no longer open."""
    work.connection.execute(_DROP_CLOSED, {"of": id})


def put(work: Work, of: Task, dates: Dates) -> None:
    """Gives an open task other dates, and watches its end."""
    values = {
        "of": of.id,
        "now_due": dates.due_at,
        "now_order": dates.due_at or NEVER,
        "now_target": dates.target_at,
        "now_remind": dates.remind_at,
        "now_paused": dates.paused_at,
        "now_term": dict(dates.term),
    }
    work.connection.execute(_SET, values)
    drop(work, of.id)
    watch(work, [Timed(task=of.id, instance=of.instance, element=of.element, name=of.name, dates=dates)])


def come_back(work: Work, id: TaskId, at: datetime | None) -> None:
    """Notes when the person of a task wants to come back to it."""
    work.connection.execute(_COME_BACK, {"of": id, "then": at})


def terms_of(work: Work, id: InstanceId, keys: Sequence[str]) -> Mapping[TaskId, Dates]:
    """The dates of open tasks of an instance, by the runner's keys."""
    rows = work.connection.execute(_OPEN_TERMS, {"of": id, "keys": list(keys)})
    return {TaskId(row.id): Dates(due_at=row.due_at, paused_at=row.paused_at, term=row.term) for row in rows}


def note(
    work: Work,
    of: Task,
    by: PersonId,
    kind: str,
    *,
    reason: str,
    basis: str = "",
    before: datetime | None,
    after: datetime | None,
    text: str = "",
) -> int:
    """Enters a change of a term; gives its id."""
    values = {
        "instance_id": of.instance,
        "task_id": of.id,
        "kind": kind,
        "at": work.now,
        "person_id": by,
        "reason": reason,
        "basis": basis,
        "before": before,
        "after": after,
        "text": text,
    }
    return insert_one(work, term_change, values)


def changes(work: Work, id: TaskId) -> tuple[TermChange, ...]:
    """How the term of a task was changed, oldest first."""
    return tuple(_noun(row) for row in work.connection.execute(_OF_TASK, {"of": id}))


def changes_in(work: Work, id: InstanceId) -> tuple[TermChange, ...]:
    """How the terms of the tasks of an instance were changed, oldest first."""
    return tuple(_noun(row) for row in work.connection.execute(_OF_INSTANCE, {"of": id}))


def change(work: Work, id: int) -> TermChange | None:
    """One change, None when there is no such."""
    row = work.connection.execute(_ONE, {"of": id}).first()
    return None if row is None else _noun(row)


def _rows(one: Timed, now: datetime) -> list[dict[str, Any]]:
    """A row for the reminder, if there is still time for one, and a row for the end."""
    dates = one.dates
    if dates.due_at is None:
        return []
    found = [_row(one, DeadlineKind.LATE, dates.due_at)]
    if dates.remind_at is not None and now < dates.remind_at < dates.due_at:
        found.append(_row(one, DeadlineKind.REMIND, dates.remind_at))
    return found


def _row(one: Timed, kind: DeadlineKind, at: datetime) -> dict[str, Any]:
    facts = one.dates.term
    inputs = facts.get("inputs")
    return {
        "instance_id": one.instance,
        "task_id": one.task,
        "kind": kind.value,
        "key": key_of(one.task),
        "element": one.element,
        "name": one.name,
        "due_at": at,
        "ready_at": at,
        "owner": "",
        "attempts": 0,
        "error": "",
        "rule": str(facts.get("rule", "")),
        "inputs": inputs if isinstance(inputs, dict) else {},
        "explanation": str(facts.get("explanation", "")),
    }


def end_of(one: Task) -> datetime | None:
    """The end of a task's term, also while it does not run."""
    kept = one.term.get("end")
    return one.due_at or (datetime.fromisoformat(kept) if isinstance(kept, str) else None)


def key_of(id: TaskId) -> str:
    """The key of a task's deadlines within its instance."""
    return f"task:{id}"


def _noun(row: Found) -> TermChange:
    return TermChange(
        id=row.id,
        instance=InstanceId(row.instance_id),
        task=TaskId(row.task_id),
        task_name=row.task_name,
        kind=row.kind,
        at=row.at,
        by=row.by_name,
        reason=row.reason,
        basis=row.basis,
        before=row.before,
        after=row.after,
        text=row.text,
    )
