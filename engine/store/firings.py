"""Keeps which occurrences of deadlines have fired, so that none can fire twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import Conflict
from engine.model import Deadline, DeadlineKind, Fired, InstanceId, StartWait
from engine.store.database import Work
from engine.store.tables import firing

START = "start"  # the kind of what begins a case
CENTRE = 0  # the chain of what concerns no instance
_LAST = select(func.max(firing.c.fired_at))


def record(work: Work, deadline: Deadline, skipped: int) -> bool:
    """Notes, in the transaction of the deed itself, that an occurrence fires.

    Args:
        skipped: how many occurrences an outage had missed for which this one stands.

    Returns:
        False when this occurrence has fired already: then nothing may be done for it again.
    """
    return _noted(work, _row(work, deadline.instance, deadline.kind, deadline.key, deadline.due_at, skipped))


def record_timer(work: Work, instance: InstanceId, fired: Fired) -> None:
    """Notes that a timer of a diagram fired, whoever's deed it was.

    Raises:
        Conflict: when this occurrence has fired already; a token that fired waits no more, so none ever should.
    """
    values = _row(work, instance, DeadlineKind.TIMER, fired.key, fired.due_at, fired.skipped)
    if not _noted(work, values):
        raise Conflict("Ten zegar sprawy już zadziałał. Odśwież stronę.")


def record_start(work: Work, wait: StartWait, skipped: int) -> bool:
    """Notes that a process begins by the clock; False when it has begun at this moment already."""
    if wait.due_at is None:
        return False
    return _noted(work, _row(work, None, START, f"{wait.definition}:{wait.element}", wait.due_at, skipped))


def forget_timers(work: Work, instance: InstanceId, since: datetime) -> None:
    """Forgets what fired in an instance since a deed that is taken back: its timers wait again."""
    here = (firing.c.chain == instance) & (firing.c.kind == DeadlineKind.TIMER.value)
    work.connection.execute(delete(firing).where(here, firing.c.fired_at >= since))


def at_once(work: Work, kind: DeadlineKind, due_at: datetime) -> list[datetime]:
    """When each of those fired that were due at the same moment."""
    alike = (firing.c.kind == kind.value) & (firing.c.due_at == due_at)
    return list(work.connection.scalars(select(firing.c.fired_at).where(alike)))


def last(work: Work) -> datetime | None:
    """When something fired last; None when nothing ever did."""
    found: datetime | None = work.connection.scalar(_LAST)
    return found


def _noted(work: Work, values: Mapping[str, Any]) -> bool:
    return work.connection.execute(_once(work.connection.dialect.name), values).first() is not None


def _row(
    work: Work, instance: InstanceId | None, kind: str, key: str, due_at: datetime, skipped: int
) -> Mapping[str, Any]:
    return {
        "chain": CENTRE if instance is None else instance,
        "kind": str(kind),
        "key": key,
        "due_at": due_at,
        "fired_at": work.now,
        "skipped": skipped,
    }


@cache
def _once(dialect: str) -> Executable:
    made = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(firing)
    return made.on_conflict_do_nothing().returning(firing.c.id)
