"""Keeps the moments at which something must happen; any number of workers may take what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from engine.model import Deadline, DeadlineId, DeadlineKind, InstanceId, TaskId, TimerWait
from engine.store.database import Work
from engine.store.rows import Found, insert_all
from engine.store.tables import deadline

_ALL = select(deadline).order_by(deadline.c.due_at, deadline.c.id)
_OF_INSTANCE = _ALL.where(deadline.c.instance_id == bindparam("of"))
_TIMERS = select(deadline.c.id, deadline.c.key, deadline.c.due_at).where(
    deadline.c.instance_id == bindparam("of"), deadline.c.kind == DeadlineKind.TIMER.value
)
_DROP = delete(deadline).where(deadline.c.id == bindparam("one"))
_SHIFT = (
    update(deadline)
    .where(deadline.c.id == bindparam("one"))
    .values(due_at=bindparam("then"), ready_at=bindparam("then"), owner="", attempts=0, error="")
)
_READY = (
    select(deadline.c.id)
    .where(deadline.c.ready_at <= bindparam("now"))
    .order_by(deadline.c.ready_at, deadline.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("ready")  # computed once: as a plain subquery it may be run again and pass its limit
)
_TAKE = (
    update(deadline)
    .where(deadline.c.id.in_(select(_READY.c.id)))
    .values(ready_at=bindparam("until"), owner=bindparam("who"), attempts=deadline.c.attempts + 1)
    .returning(deadline)
)


def sync_timers(work: Work, instance: InstanceId, timers: Sequence[TimerWait]) -> None:
    """Makes the timers of an instance those that wait now; one that still waits for the same moment is left alone."""
    known = {row.key: row for row in work.connection.execute(_TIMERS, {"of": instance})}
    waiting = {one.key: one for one in timers}
    gone = [{"one": row.id} for key, row in known.items() if key not in waiting]
    shifted = [
        {"one": known[key].id, "then": one.due_at}
        for key, one in waiting.items()
        if key in known and known[key].due_at != one.due_at
    ]
    new = [_row(instance, one) for key, one in waiting.items() if key not in known]
    if gone:
        work.connection.execute(_DROP, gone)
    if shifted:
        work.connection.execute(_SHIFT, shifted)
    insert_all(work, deadline, new)


def of_instance(work: Work, id: InstanceId) -> tuple[Deadline, ...]:
    """The deadlines that an instance waits for, soonest first."""
    return _nouns(work.connection.execute(_OF_INSTANCE, {"of": id}))


def take_due(work: Work, *, now: datetime, limit: int, owner: str, lease: timedelta) -> tuple[Deadline, ...]:
    """Takes what is due, soonest first, so that no other worker takes it before the lease ends.

    Args:
        owner: name of the worker.
        lease: how long the worker has; what it neither fires nor pushes back in this time may be taken again.

    Returns:
        The deadlines, with this attempt counted.
    """
    values = {"now": now, "most": limit, "until": now + lease, "who": owner}
    taken = _nouns(work.connection.execute(_TAKE, values))
    return tuple(sorted(taken, key=lambda one: (one.due_at, one.id)))


def drop(work: Work, id: DeadlineId) -> None:
    """Forgets a deadline."""
    work.connection.execute(_DROP, {"one": id})


def push_back(work: Work, id: DeadlineId, *, until: datetime, error: str) -> None:
    """Lets nobody take a deadline before `until`, because it failed; it stays due when it was."""
    changed = update(deadline).where(deadline.c.id == id).values(ready_at=until, owner="", error=error)
    work.connection.execute(changed)


def _row(instance: InstanceId, timer: TimerWait) -> dict[str, Any]:
    return {
        "instance_id": instance,
        "kind": DeadlineKind.TIMER.value,
        "key": timer.key,
        "element": timer.element,
        "name": timer.name,
        "due_at": timer.due_at,
        "ready_at": timer.due_at,
        "owner": "",
        "attempts": 0,
        "error": "",
    }


def _nouns(rows: Iterable[Found]) -> tuple[Deadline, ...]:
    return tuple(
        Deadline(
            id=DeadlineId(row.id),
            instance=None if row.instance_id is None else InstanceId(row.instance_id),
            kind=DeadlineKind(row.kind),
            key=row.key,
            element=row.element,
            name=row.name,
            due_at=row.due_at,
            attempts=row.attempts,
            task=None if row.task_id is None else TaskId(row.task_id),
            rule=row.rule,
            inputs=row.inputs,
            explanation=row.explanation,
        )
        for row in rows
    )
