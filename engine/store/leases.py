"""Lets any number of workers take what is ready, each row for a while only; for tables whose rows wait to be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Executable, Select, Table, Update, bindparam, func, select, update

from engine import clock
from engine.store.columns import Moment
from engine.store.database import Work
from engine.store.rows import Found

TRIES = 5  # a row that has failed so often is shown to people

_CLOCK = select(func.clock_timestamp(type_=Moment()))


def moment(work: Work) -> datetime:
    """The time by which rows are ready and leases end: that of the database, whatever the clocks of its workers say.

    SQLite has no clock but that of the machine on which all of its workers run. While the clock of the house stands,
    it is asked.
    """
    if work.connection.dialect.name != "postgresql" or clock.stands():
        return work.now
    found: datetime = work.connection.execute(_CLOCK).scalar_one()
    return found


def take(work: Work, table: Table, *, now: datetime, limit: int, owner: str, lease: timedelta) -> tuple[Found, ...]:
    """Takes rows that are ready, so that nobody else takes them before the lease ends.

    Args:
        table: has the columns id, ready_at, owner, attempts and error.
        now: `moment`.
        lease: how long the worker has; what it has neither done nor pushed back by then may be taken again.

    Returns:
        The rows, with this attempt counted.
    """
    values = {"now": now, "most": limit, "until": now + lease, "who": owner}
    return tuple(work.connection.execute(_take(table), values))


def held(work: Work, table: Table, attempts: Mapping[int, int], owner: str) -> frozenset[int]:
    """Which of the rows this worker still has; nobody else can take them before this transaction ends.

    Args:
        attempts: by the id of each row, as it was taken; one that was lost and taken again has more.
    """
    if not attempts:
        return frozenset()
    found = work.connection.execute(_held(table), {"ids": sorted(attempts), "who": owner})
    return frozenset(row.id for row in found if row.attempts == attempts[row.id])


def push_back(work: Work, table: Table, id: int, *, until: datetime, error: str) -> None:
    """Lets nobody take a row before `until`, because it failed; it stays due when it was."""
    work.connection.execute(_push_back(table), {"one": id, "until": until, "why": error})


def soonest(work: Work, table: Table) -> datetime | None:
    """When the next row is ready; None when none waits."""
    found: datetime | None = work.connection.execute(_soonest(table)).scalar_one()
    return found


@cache
def _take(table: Table) -> Executable:
    columns = table.c
    ready = (
        select(columns.id)
        .where(columns.ready_at <= bindparam("now"))
        .order_by(columns.ready_at, columns.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
        .cte("ready")  # computed once: as a plain subquery it may be run again and pass its limit
    )
    return (
        update(table)
        .where(columns.id.in_(select(ready.c.id)))
        .values(ready_at=bindparam("until"), owner=bindparam("who"), attempts=columns.attempts + 1)
        .returning(table)
    )


@cache
def _held(table: Table) -> Select[tuple[int, int]]:
    columns = table.c
    mine = columns.id.in_(bindparam("ids", expanding=True)) & (columns.owner == bindparam("who"))
    return select(columns.id, columns.attempts).where(mine).order_by(columns.id).with_for_update()


@cache
def _push_back(table: Table) -> Update:
    changed = {"ready_at": bindparam("until"), "owner": "", "error": bindparam("why")}
    return update(table).where(table.c.id == bindparam("one")).values(**changed)


@cache
def _soonest(table: Table) -> Executable:
    return select(func.min(table.c.ready_at))
