"""Keeps how long the finished tasks of each step took: what forecasts rest on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy import bindparam, delete, func, literal_column, select

from engine.model import Json
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import pace, task
from engine.store.task_ownership import OPEN

Place: TypeAlias = tuple[str, str]  # key of the process and id of the element, whatever the version

_HOUR = timedelta(hours=1)
_RECENT = (
    select(
        task.c.process,
        task.c.element,
        task.c.opened_at,
        task.c.done_at,
        func.row_number()
        .over(partition_by=(task.c.process, task.c.element), order_by=task.c.done_at.desc())
        .label("nth"),
    )
    .where(task.c.state == literal_column("'done'"), task.c.done_at >= bindparam("since"))
    .subquery()
)
_TOOK = select(_RECENT).where(_RECENT.c.nth <= bindparam("most"))
_WAITS = select(task.c.process, task.c.element, task.c.opened_at).where(OPEN, task.c.paused_at.is_(None))
_KNOWN = select(pace.c.definition_key, pace.c.element, pace.c.facts).where(
    pace.c.definition_key.in_(bindparam("keys", expanding=True))
)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long tasks of one step took, and how long others of them wait already; hours, shortest first."""

    took: tuple[float, ...]
    waits: tuple[float, ...] = ()


def measure(work: Work, *, since: datetime, most: int) -> Mapping[Place, Pace]:
    """The pace of every step, from the tasks themselves.

    Args:
        since: what was done earlier is forgotten.
        most: of each step only so many of the last ones count.
    """
    took: dict[Place, list[float]] = {}
    for row in work.connection.execute(_TOOK, {"since": since, "most": most}):
        took.setdefault((row.process, row.element), []).append(_hours(row.done_at - row.opened_at))
    waits: dict[Place, list[float]] = {}
    for row in work.connection.execute(_WAITS):
        if (row.process, row.element) in took:
            waits.setdefault((row.process, row.element), []).append(_hours(work.now - row.opened_at))
    return {
        place: Pace(took=tuple(sorted(found)), waits=tuple(sorted(waits.get(place, ()))[-most:]))
        for place, found in took.items()
    }


def keep(work: Work, found: Mapping[Place, Pace]) -> None:
    """Replaces all that is known."""
    work.connection.execute(delete(pace))
    insert_all(
        work,
        pace,
        [
            {"definition_key": process, "element": element, "counted_at": work.now, "facts": _facts(one)}
            for (process, element), one in found.items()
        ],
    )


def of(work: Work, places: Collection[Place]) -> Mapping[Place, Pace]:
    """What is known of these steps; one that nobody has finished is left out."""
    if not places:
        return {}
    rows = work.connection.execute(_KNOWN, {"keys": sorted({process for process, _ in places})})
    wanted = set(places)
    return {
        (row.definition_key, row.element): Pace(took=tuple(row.facts["took"]), waits=tuple(row.facts["waits"]))
        for row in rows
        if (row.definition_key, row.element) in wanted
    }


def _facts(one: Pace) -> Json:
    return {"took": [*one.took], "waits": [*one.waits]}


def _hours(span: timedelta) -> float:
    return round(max(span, timedelta()) / _HOUR, 2)
