"""Keeps which occurrences of deadlines have fired, so that none can fire twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.dialects import postgresql, sqlite

from engine.model import Deadline, DeadlineKind, InstanceId
from engine.store.database import Work
from engine.store.tables import firing

CENTRE = 0  # the chain of what concerns no instance
_LAST = select(func.max(firing.c.fired_at))


def record(work: Work, deadline: Deadline, skipped: int) -> bool:
    """Notes, in the transaction of the deed itself, that an occurrence fires.

    Args:
        skipped: how many occurrences an outage had missed for which this one stands.

    Returns:
        False when this occurrence has fired already: then nothing may be done for it again.
    """
    values = _row(work, deadline.instance, deadline.kind, deadline.key, deadline.due_at, skipped)
    return work.connection.execute(_once(work.connection.dialect.name), values).first() is not None


def last(work: Work) -> datetime | None:
    """When something fired last; None when nothing ever did."""
    found: datetime | None = work.connection.scalar(_LAST)
    return found


def _row(
    work: Work, instance: InstanceId | None, kind: DeadlineKind, key: str, due_at: datetime, skipped: int
) -> Mapping[str, Any]:
    return {
        "chain": CENTRE if instance is None else instance,
        "kind": kind.value,
        "key": key,
        "due_at": due_at,
        "fired_at": work.now,
        "skipped": skipped,
    }


@cache
def _once(dialect: str) -> Executable:
    made = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(firing)
    return made.on_conflict_do_nothing().returning(firing.c.id)
