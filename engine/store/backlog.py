"""Keeps how many tasks were open and late at the end of each day, by process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, literal_column, or_, select

from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import backlog, task
from engine.store.task_ownership import OPEN

_SUMS = (
    select(
        backlog.c.day,
        func.sum(backlog.c.open).label("open"),
        func.sum(backlog.c.late).label("late"),
        func.sum(backlog.c.late_fortnight).label("late_fortnight"),
    )
    .where(backlog.c.day >= bindparam("first"), backlog.c.day <= bindparam("last"))
    .group_by(backlog.c.day)
    .order_by(backlog.c.day)
)
_DAYS = select(backlog.c.day).where(backlog.c.day >= bindparam("first"), backlog.c.day <= bindparam("last")).distinct()
_LIVED = select(task.c.process, task.c.opened_at, task.c.due_at, task.c.done_at, task.c.paused_at)
_OVER = or_(task.c.state == literal_column("'done'"), task.c.state == literal_column("'cancelled'"))


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What stood at the end of a day. `late_fortnight` were late for more than 14 days."""

    open: int
    late: int
    late_fortnight: int


class Life(NamedTuple):
    """When a task was there, and when it was due. `over` is None while it is open."""

    process: str
    opened: datetime
    due: datetime | None
    over: datetime | None
    paused: datetime | None


def of_days(work: Work, first: date, last: date) -> Mapping[date, Backlog]:
    """The whole centre's, for each day that was counted."""
    return {
        row.day: Backlog(open=int(row.open), late=int(row.late), late_fortnight=int(row.late_fortnight))
        for row in work.connection.execute(_SUMS, {"first": first, "last": last})
    }


def days(work: Work, first: date, last: date) -> frozenset[date]:
    """The days that were counted."""
    return frozenset(work.connection.scalars(_DAYS, {"first": first, "last": last}))


def keep(work: Work, day: date, found: Mapping[str, Backlog]) -> None:
    """Replaces what is known of a day.

    Args:
        found: by process; a day without any is kept too, under no process.
    """
    work.connection.execute(delete(backlog).where(backlog.c.day == day))
    rows = found or {"": Backlog(open=0, late=0, late_fortnight=0)}
    insert_all(work, backlog, [{"day": day, "definition_key": key, **vars(one)} for key, one in rows.items()])


def lives(work: Work, since: datetime) -> Iterator[Life]:
    """Every task that was open at some moment after `since`."""
    for condition in (OPEN, _OVER & (task.c.done_at > since)):
        for row in work.connection.execute(_LIVED.where(condition)):
            yield Life(*row)
