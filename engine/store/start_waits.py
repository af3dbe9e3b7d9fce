"""Keeps the starts of published processes that wait for a message, a signal or their time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update

from engine.model import DefinitionId, Json, StartKind, StartWait, StartWaitId
from engine.store import leases
from engine.store.database import Work
from engine.store.rows import Found, insert_all
from engine.store.tables import definition, start_wait


@dataclass(frozen=True, kw_only=True)
class NewStart:
    """A start that is to wait. `due_at` and `timer` belong to timers only."""

    element: str
    kind: StartKind
    name: str
    timer: Mapping[str, Json]
    due_at: datetime | None


_NAMED = (
    select(start_wait)
    .where(start_wait.c.name == bindparam("wanted"), start_wait.c.kind == bindparam("kind"))
    .order_by(start_wait.c.id)
)
_HOLD = select(start_wait).where(start_wait.c.id == bindparam("one")).with_for_update()
_DROP = delete(start_wait).where(start_wait.c.id == bindparam("one"))


def waits(work: Work, id: DefinitionId) -> bool:
    """True when starts of this version wait."""
    return work.connection.scalar(select(start_wait.c.id).where(start_wait.c.definition_id == id).limit(1)) is not None


def drop_others(work: Work, key: str, kept: DefinitionId | None) -> None:
    """Forgets the starts of all versions of `key` but one."""
    versions = select(definition.c.id).where(definition.c.key == key)
    if kept is not None:
        versions = versions.where(definition.c.id != kept)
    work.connection.execute(delete(start_wait).where(start_wait.c.definition_id.in_(versions)))


def add(work: Work, id: DefinitionId, starts: Sequence[NewStart]) -> None:
    """Lets starts of a version wait."""
    insert_all(work, start_wait, [_row(id, one) for one in starts])


def named(work: Work, kind: StartKind, name: str) -> tuple[StartWait, ...]:
    """The starts that wait for a message or signal, the longest first."""
    return _nouns(work.connection.execute(_NAMED, {"wanted": name, "kind": kind.value}))


def take_due(work: Work, *, now: datetime, limit: int, owner: str, lease: timedelta) -> tuple[StartWait, ...]:
    """Takes timers that are due, soonest first, so that no other worker takes them before the lease ends.

    Args:
        owner: name of the worker.
        lease: how long the worker has; what it neither moves nor pushes back in this time may be taken again.
    """
    taken = leases.take(work, start_wait, now=now, limit=limit, owner=owner, lease=lease)
    return tuple(sorted(_nouns(taken), key=lambda one: one.id))


def hold(work: Work, id: StartWaitId) -> StartWait | None:
    """The start as it is now, for this transaction alone; None when it waits no more."""
    found = _nouns(work.connection.execute(_HOLD, {"one": id}))
    return found[0] if found else None


def shift(work: Work, id: StartWaitId, *, timer: Mapping[str, Json], due_at: datetime) -> None:
    """Lets a timer wait for its next moment."""
    values = {"timer": dict(timer), "due_at": due_at, "ready_at": due_at, "owner": "", "attempts": 0, "error": ""}
    work.connection.execute(update(start_wait).where(start_wait.c.id == id).values(**values))


def soonest(work: Work) -> datetime | None:
    """When the next timer may be taken."""
    return leases.soonest(work, start_wait)


def overdue(work: Work, *, ready_before: datetime) -> int:
    """How many timers nobody has taken since `ready_before`."""
    late = select(func.count()).select_from(start_wait).where(start_wait.c.ready_at < ready_before)
    return int(work.connection.execute(late).scalar_one())


def drop(work: Work, id: StartWaitId) -> None:
    """Forgets a start."""
    work.connection.execute(_DROP, {"one": id})


def push_back(work: Work, id: StartWaitId, *, until: datetime, error: str) -> None:
    """Lets nobody take a timer before `until`, because it failed; it stays due when it was."""
    leases.push_back(work, start_wait, id, until=until, error=error)


def _row(id: DefinitionId, start: NewStart) -> dict[str, object]:
    return {
        "definition_id": id,
        "element": start.element,
        "kind": start.kind.value,
        "name": start.name,
        "timer": dict(start.timer),
        "due_at": start.due_at,
        "ready_at": start.due_at,
        "owner": "",
        "attempts": 0,
        "error": "",
    }


def _nouns(rows: Iterable[Found]) -> tuple[StartWait, ...]:
    return tuple(
        StartWait(
            id=StartWaitId(row.id),
            definition=DefinitionId(row.definition_id),
            element=row.element,
            kind=StartKind(row.kind),
            name=row.name,
            timer=row.timer,
            due_at=row.due_at,
            attempts=row.attempts,
        )
        for row in rows
    )
