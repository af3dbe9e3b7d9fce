"""Keeps the moments at which something must happen; any number of workers may take what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Executable, bindparam, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.model import Deadline, DeadlineId, DeadlineKind, InstanceId, Json, TaskId, TimerWait
from engine.store import leases
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
_KINDS = delete(deadline).where(deadline.c.kind == bindparam("what"), deadline.c.key == bindparam("which"))
_DROP_KIND = _KINDS.where(deadline.c.instance_id == bindparam("of"))
_DROP_CENTRE = _KINDS.where(deadline.c.instance_id.is_(None))
_DROP_OF_TASK = delete(deadline).where(deadline.c.task_id == bindparam("of"))
_OVERDUE = select(func.count()).select_from(deadline).where(deadline.c.ready_at < bindparam("then"))
# Said as the index says it: a database uses a partial index only for the very same condition.
_FAILING = _ALL.where(deadline.c.attempts >= bindparam("least"), text("error <> ''"))
_DROP_FIRED = delete(deadline).where(
    deadline.c.id.in_(bindparam("ids", expanding=True)), deadline.c.owner == bindparam("who")
)
_OF_CENTRE = _ALL.where(deadline.c.instance_id.is_(None))
_AGAIN = (
    "task_id",
    "element",
    "name",
    "due_at",
    "ready_at",
    "owner",
    "attempts",
    "error",
    "rule",
    "inputs",
    "explanation",
)


def put(
    work: Work,
    *,
    kind: DeadlineKind,
    key: str,
    due_at: datetime,
    instance: InstanceId | None = None,
    task: TaskId | None = None,
    element: str = "",
    name: str = "",
    rule: str = "",
    inputs: Mapping[str, Json] = MappingProxyType({}),
    explanation: str = "",
) -> None:
    """Sets a deadline; one of the same instance, kind and key makes room for it.

    Args:
        key: names it within its instance and kind, such as `task:12`.
        instance: None for what concerns the whole centre.
        rule: in plain words.
        explanation: Polish; how `due_at` follows from the rule and the inputs.
    """
    values = {
        **_new(instance, kind, key, due_at),
        "task_id": task,
        "element": element,
        "name": name,
        "rule": rule,
        "inputs": dict(inputs),
        "explanation": explanation,
    }
    work.connection.execute(_put(work.connection.dialect.name, instance is None), values)


def drop_kind(work: Work, *, kind: DeadlineKind, key: str, instance: InstanceId | None = None) -> None:
    """Forgets the deadline of this kind and key, if it waits."""
    said: dict[str, object] = {"what": kind.value, "which": key}
    if instance is None:
        work.connection.execute(_DROP_CENTRE, said)
    else:
        work.connection.execute(_DROP_KIND, {**said, "of": instance})


def drop_of_task(work: Work, task: TaskId) -> None:
    """Forgets everything that waits because of a task."""
    work.connection.execute(_DROP_OF_TASK, {"of": task})


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


def of_centre(work: Work) -> tuple[Deadline, ...]:
    """The deadlines that concern no instance, soonest first."""
    return _nouns(work.connection.execute(_OF_CENTRE))


def take_due(work: Work, *, now: datetime, limit: int, owner: str, lease: timedelta) -> tuple[Deadline, ...]:
    """Takes what is due, soonest first, so that no other worker takes it before the lease ends.

    Args:
        owner: name of the worker.
        lease: how long the worker has; what it neither fires nor pushes back in this time may be taken again.

    Returns:
        The deadlines, with this attempt counted.
    """
    taken = _nouns(leases.take(work, deadline, now=now, limit=limit, owner=owner, lease=lease))
    return tuple(sorted(taken, key=lambda one: (one.due_at, one.id)))


def held(work: Work, taken: Sequence[Deadline], owner: str) -> frozenset[DeadlineId]:
    """Which of the deadlines that a worker took are still its own; nobody else has them before its deed ends."""
    found = leases.held(work, deadline, {int(one.id): one.attempts for one in taken}, owner)
    return frozenset(DeadlineId(one) for one in found)


def drop_fired(work: Work, ids: Sequence[DeadlineId], owner: str) -> None:
    """Forgets what a worker has fired, but what was set anew meanwhile."""
    if ids:
        work.connection.execute(_DROP_FIRED, {"ids": sorted(ids), "who": owner})


def soonest(work: Work) -> datetime | None:
    """When the next deadline may be taken."""
    return leases.soonest(work, deadline)


def overdue(work: Work, *, ready_before: datetime) -> int:
    """How many deadlines nobody has taken since `ready_before`."""
    return int(work.connection.execute(_OVERDUE, {"then": ready_before}).scalar_one())


def failing(work: Work, *, attempts: int) -> tuple[Deadline, ...]:
    """What has failed at least so often, the soonest due first."""
    return _nouns(work.connection.execute(_FAILING, {"least": attempts}))


def wake(work: Work, instance: InstanceId) -> None:
    """Lets what has failed in an instance be tried again at once."""
    failed = (deadline.c.instance_id == instance) & (deadline.c.error != "")
    work.connection.execute(update(deadline).where(failed).values(ready_at=work.now, attempts=0))


def drop(work: Work, id: DeadlineId) -> None:
    """Forgets a deadline."""
    work.connection.execute(_DROP, {"one": id})


def push_back(work: Work, id: DeadlineId, *, until: datetime, error: str) -> None:
    """Lets nobody take a deadline before `until`, because it failed; it stays due when it was."""
    leases.push_back(work, deadline, id, until=until, error=error)


def _row(instance: InstanceId, timer: TimerWait) -> dict[str, Any]:
    about = {"element": timer.element, "name": timer.name}
    return {**_new(instance, DeadlineKind.TIMER, timer.key, timer.due_at), **about}


def _new(instance: InstanceId | None, kind: DeadlineKind, key: str, due_at: datetime) -> dict[str, Any]:
    return {
        "instance_id": instance,
        "kind": kind.value,
        "key": key,
        "due_at": due_at,
        "ready_at": due_at,
        "owner": "",
        "attempts": 0,
        "error": "",
    }


@cache
def _put(dialect: str, centre: bool) -> Executable:
    """The statement that sets a deadline of an instance, or of the whole centre."""
    made = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(deadline)
    again = {name: made.excluded[name] for name in _AGAIN}
    if centre:
        alike = deadline.c.instance_id.is_(None)
        return made.on_conflict_do_update(index_elements=["kind", "key"], index_where=alike, set_=again)
    return made.on_conflict_do_update(index_elements=["instance_id", "kind", "key"], set_=again)


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
            error=row.error,
        )
        for row in rows
    )
