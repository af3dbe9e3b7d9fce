"""Counts what waits, what was done in time, the last weeks and the clock, all with one statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from engine.model import DefinitionId, PersonId, UnitId
from engine.store.backlog import Backlog
from engine.store.columns import Moment
from engine.store.database import Work
from engine.store.overdue import BANDS, DONE, WHICH, Bounds
from engine.store.rows import Found
from engine.store.tables import backlog, deadline, definition, firing, person, start_wait, task, unit
from engine.store.task_ownership import OPEN

_TEXTS, _NUMBERS = 7, 9  # columns of each part


class Pile(NamedTuple):
    """Open tasks that are alike in step and in whose they are, counted by their deadlines."""

    process: str
    element: str
    name: str
    role: str
    authority: str
    person: PersonId | None
    person_name: str
    unit: UnitId | None
    unit_name: str
    open: int
    week: int  # late for up to 7 days
    fortnight: int  # late for 8 to 14 days
    older: int
    today: int
    ahead: int  # due within 7 days, today included
    paused: int

    @property
    def late(self) -> int:
        """All that are late."""
        return self.week + self.fortnight + self.older


@dataclass(frozen=True, kw_only=True)
class Finished:
    """Of the tasks with a term that were done lately, how many in time; and the same for a time before."""

    done: int
    timely: int
    done_before: int
    timely_before: int


class Process(NamedTuple):
    """A process, with the id of its newest version."""

    key: str
    name: str
    newest: DefinitionId


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the statement found. `last` fired what was due last; so many deadlines lie there that nobody has fired."""

    piles: tuple[Pile, ...]
    finished: Finished
    days: Mapping[date, Backlog]
    processes: Mapping[str, Process]
    last: datetime | None
    lying: int


def count(work: Work, bounds: Bounds, *, before: timedelta, first: date, lying: datetime) -> Counted:
    """Everything at once.

    Args:
        before: how much earlier the time before began and ended, with which what was done lately is compared.
        first: the days of the backlog begin here.
        lying: what is ready since before that moment lies there.
    """
    values = {
        **bounds.values(),
        "since": bounds.since - before,
        "later": bounds.since,
        "ended": bounds.now - before,
        "first": first,
        "lying": lying,
    }
    rows: dict[str, list[Found]] = {"pile": [], "done": [], "day": [], "process": [], "clock": []}
    for row in work.connection.execute(_all(work.connection.dialect.name), values):
        rows[row.kind].append(row)
    (done,), (ticks,) = rows["done"], rows["clock"]
    return Counted(
        piles=tuple(_pile(row) for row in rows["pile"]),
        finished=Finished(done=done.n1, timely=done.n2, done_before=done.n3, timely_before=done.n4),
        days={date.fromisoformat(row.t1): _backlog(row) for row in rows["day"]},
        processes={row.t1: Process(row.t1, row.t2, DefinitionId(row.n1)) for row in rows["process"]},
        last=datetime.fromtimestamp(ticks.n1, UTC) if ticks.n1 else None,
        lying=ticks.n2 + ticks.n3,
    )


@lru_cache(maxsize=2)
def _all(dialect: str) -> Select[*tuple[Any, ...]]:
    parts = (_piles(), _finished(), _days(), _processes(), _clock(dialect))
    return select(union_all(*parts).subquery())


def _part(
    kind: str, texts: tuple[ColumnElement[Any], ...], numbers: tuple[ColumnElement[Any], ...]
) -> Select[*tuple[Any, ...]]:
    """Every part has the same columns; those that it does not need are empty."""
    nothing: ColumnElement[str] = literal_column("''")
    zero: ColumnElement[int] = literal_column("0")
    said = (*texts, *(nothing for _ in range(_TEXTS - len(texts))))
    counted = (*numbers, *(zero for _ in range(_NUMBERS - len(numbers))))
    return select(
        literal_column(f"'{kind}'").label("kind"),
        *(one.label(f"t{number}") for number, one in enumerate(said, start=1)),
        *(one.label(f"n{number}") for number, one in enumerate(counted, start=1)),
    )


def _piles() -> Select[*tuple[Any, ...]]:
    counted: dict[str, ColumnElement[bool]] = {
        "week": BANDS["week"],
        "fortnight": BANDS["fortnight"],
        "older": BANDS["older"],
        "today": WHICH["today"],
        "ahead": WHICH["week"],
        "paused": WHICH["paused"],
    }
    alike = (task.c.process, task.c.element, task.c.role, task.c.authority, task.c.person_id)
    numbers = [func.count(case((one, 1))).label(name) for name, one in counted.items()]
    heap = select(*alike, func.max(task.c.name).label("name"), func.count().label("open"), *numbers)
    one = heap.where(OPEN).group_by(*alike).subquery()
    return _part(
        "pile",
        (
            one.c.process,
            one.c.element,
            one.c.name,
            one.c.role,
            one.c.authority,
            func.coalesce(person.c.name, ""),
            func.coalesce(unit.c.name, ""),
        ),
        (
            func.coalesce(one.c.person_id, 0),
            func.coalesce(person.c.unit_id, 0),
            one.c.open,
            *(one.c[name] for name in counted),
        ),
    ).select_from(one.outerjoin(person, one.c.person_id == person.c.id).outerjoin(unit, person.c.unit_id == unit.c.id))


def _finished() -> Select[*tuple[Any, ...]]:
    in_time = task.c.done_at <= task.c.due_at
    lately = task.c.done_at >= bindparam("later", type_=Moment)
    earlier = task.c.done_at < bindparam("ended", type_=Moment)
    conditions = (lately, and_(lately, in_time), earlier, and_(earlier, in_time))
    return _part("done", (), tuple(func.count(case((one, 1))) for one in conditions)).where(DONE)


def _days() -> Select[*tuple[Any, ...]]:
    sums = (backlog.c.open, backlog.c.late, backlog.c.late_fortnight)
    numbers = tuple(cast(func.sum(one), Integer) for one in sums)
    days = _part("day", (cast(backlog.c.day, Text),), numbers)
    return days.where(backlog.c.day >= bindparam("first")).group_by(backlog.c.day)


def _processes() -> Select[*tuple[Any, ...]]:
    newest = select(definition.c.key, func.max(definition.c.version).label("version")).group_by(definition.c.key)
    top = newest.subquery()
    found = _part("process", (definition.c.key, definition.c.name), (definition.c.id,))
    return found.join(top, and_(top.c.key == definition.c.key, top.c.version == definition.c.version))


def _clock(dialect: str) -> Select[*tuple[Any, ...]]:
    last = func.max(firing.c.fired_at)
    seconds = func.strftime("%s", last) if dialect == "sqlite" else func.extract("epoch", last)
    lying = bindparam("lying", type_=Moment)
    rows = [select(func.count()).where(of.c.ready_at < lying).scalar_subquery() for of in (deadline, start_wait)]
    fired = select(func.coalesce(cast(seconds, Integer), 0)).select_from(firing).scalar_subquery()
    return _part("clock", (), (fired, *rows))


def _pile(row: Found) -> Pile:
    return Pile(
        process=row.t1,
        element=row.t2,
        name=row.t3,
        role=row.t4,
        authority=row.t5,
        person=PersonId(row.n1) if row.n1 else None,
        person_name=row.t6,
        unit=UnitId(row.n2) if row.n2 else None,
        unit_name=row.t7,
        open=row.n3,
        week=row.n4,
        fortnight=row.n5,
        older=row.n6,
        today=row.n7,
        ahead=row.n8,
        paused=row.n9,
    )


def _backlog(row: Found) -> Backlog:
    return Backlog(open=row.n1, late=row.n2, late_fortnight=row.n3)
