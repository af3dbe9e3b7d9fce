"""Lists what waits for people by how late it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, or_, select

from engine.model import InstanceId, Json, PersonId, TaskId, UnitId
from engine.store.columns import Id, Moment
from engine.store.database import Work
from engine.store.rows import Found
from engine.store.tables import definition, instance, person, task
from engine.store.task_ownership import DELEGATE, OPEN, PRINCIPAL, belonging_to

Which = Literal["late", "today", "week", "open", "paused", "ahead", "done", "timely", "tardy"]
Band = Literal["", "week", "fortnight", "older"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOW, _WEEK_AGO, _FORTNIGHT_AGO = (bindparam(one, type_=Moment) for one in ("now", "week_ago", "fortnight_ago"))
_DAY_END, _WEEK_END = (bindparam(one, type_=Moment) for one in ("day_end", "week_end"))
DONE = and_(
    task.c.state == literal_column("'done'"),
    task.c.due_at.is_not(None),
    task.c.done_at >= bindparam("since", type_=Moment),
)
_RUNS = task.c.paused_at.is_(None)
_LATE = and_(_RUNS, task.c.due_order < _NOW)
BANDS: Mapping[Band, ColumnElement[bool]] = {
    "": _LATE,
    "week": and_(_LATE, task.c.due_order >= _WEEK_AGO),
    "fortnight": and_(_LATE, task.c.due_order < _WEEK_AGO, task.c.due_order >= _FORTNIGHT_AGO),
    "older": and_(_LATE, task.c.due_order < _FORTNIGHT_AGO),
}
WHICH: Mapping[Which, ColumnElement[bool]] = {
    "late": and_(OPEN, _LATE),
    "today": and_(OPEN, _RUNS, task.c.due_order >= _NOW, task.c.due_order < _DAY_END),
    "week": and_(OPEN, _RUNS, task.c.due_order >= _NOW, task.c.due_order < _WEEK_END),
    "ahead": and_(OPEN, _RUNS, task.c.due_order >= _NOW, task.c.due_at.is_not(None)),
    "open": OPEN,
    "paused": and_(OPEN, task.c.paused_at.is_not(None)),
    "done": DONE,
    "timely": and_(DONE, task.c.done_at <= task.c.due_at),
    "tardy": and_(DONE, task.c.done_at > task.c.due_at),
}


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """The moments that part what is late from what is not; days end as they do in the centre.

    Attributes:
        week_ago, fortnight_ago: what was due before is late for more than 7 and 14 days.
        day_end, week_end: what is due before is due today and within 7 days.
        since: what was done then or later counts as done lately.
    """

    now: datetime
    week_ago: datetime
    fortnight_ago: datetime
    day_end: datetime
    week_end: datetime
    since: datetime

    def values(self) -> dict[str, Any]:
        """As parameters of the statements."""
        return dict(vars(self))


@dataclass(frozen=True, kw_only=True)
class OverdueFilter:
    """Which tasks to list; what is "" or None is not asked for.

    Attributes:
        scopes: of the authorisations in force; they decide to whom a task with an `authority` belongs.
        nobody: only those that no person has.
        no_unit: only those whose person belongs to no unit.
        after: cursor from `Slice.after`.
    """

    which: Which = "late"
    band: Band = ""
    process: str = ""
    element: str = ""
    role: str = ""
    scopes: frozenset[str] = frozenset()
    person: PersonId | None = None
    nobody: bool = False
    unit: UnitId | None = None
    no_unit: bool = False
    limit: int = 50
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A task as the lists of late tasks show it. `plain_term` is what the diagram says of its term."""

    id: TaskId
    name: str
    about: str
    element: str
    process: str
    instance: InstanceId
    instance_number: str
    instance_title: str
    definition_name: str
    role: str
    authority: str
    person: PersonId | None
    person_name: str
    person_login: str
    opened_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    paused_at: datetime | None
    term: Mapping[str, Json]
    plain_term: str


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A page of a list; `after` is the cursor of the next one, "" at the end."""

    items: tuple[Line, ...]
    after: str


class Waiting(NamedTuple):
    """What a forecast needs to know of an open task."""

    id: TaskId
    process: str
    element: str
    opened_at: datetime
    due_at: datetime


class Since(NamedTuple):
    """So many tasks wait at a step since one hour. `hour` is its beginning, UTC."""

    element: str
    hour: datetime
    many: int


def page(work: Work, filter: OverdueFilter, bounds: Bounds) -> Slice:
    """Tasks that fit, the longest late first."""
    cursor = _beyond(filter.after)
    values = {**_values(filter, bounds), **cursor, "most": filter.limit + 1}
    rows = list(work.connection.execute(_page(_shape(filter), bool(cursor)), values))
    shown = rows[: filter.limit]
    return Slice(
        items=tuple(_line(row) for row in shown), after=_cursor(shown[-1]) if len(rows) > len(shown) > 0 else ""
    )


def chosen(work: Work, ids: tuple[TaskId, ...]) -> tuple[Line, ...]:
    """The tasks with these ids in the order in which they are named; unknown ones are left out."""
    found = {row.id: _line(row) for row in work.connection.execute(_LINES.where(task.c.id.in_(sorted(ids))))}
    return tuple(found[one] for one in ids if one in found)


def count(work: Work, filter: OverdueFilter, bounds: Bounds) -> int:
    """How many tasks fit, whatever the page."""
    return int(work.connection.execute(_count(_shape(filter)), _values(filter, bounds)).scalar_one())


def waiting(work: Work, filter: OverdueFilter, bounds: Bounds, most: int) -> tuple[Waiting, ...]:
    """At most so many of the tasks that fit and have a deadline, soonest first."""
    rows = work.connection.execute(_waiting(_shape(filter)), {**_values(filter, bounds), "most": most})
    return tuple(Waiting(TaskId(row[0]), *row[1:]) for row in rows)


def waiting_since(work: Work, process: str) -> tuple[Since, ...]:
    """How many open tasks wait at each step of a process since which hour."""
    rows = work.connection.execute(_SINCE[work.connection.dialect.name], {"process": process})
    return tuple(
        Since(row.element, datetime.strptime(row.hour, "%Y-%m-%d %H").replace(tzinfo=UTC), row.many) for row in rows
    )


_HOURS: Mapping[str, ColumnElement[str]] = {
    "sqlite": func.strftime("%Y-%m-%d %H", task.c.opened_at),
    "postgresql": func.to_char(func.timezone("UTC", task.c.opened_at), "YYYY-MM-DD HH24"),
}
_SINCE = {
    dialect: select(task.c.element, hour.label("hour"), func.count().label("many"))
    .where(OPEN, task.c.process == bindparam("process"))
    .group_by(task.c.element, literal_column("2"))
    for dialect, hour in _HOURS.items()
}
_LINES = select(
    task.c.id,
    task.c.name,
    task.c.about,
    task.c.element,
    task.c.process,
    task.c.instance_id,
    instance.c.number.label("instance_number"),
    instance.c.title.label("instance_title"),
    definition.c.name.label("definition_name"),
    task.c.role,
    task.c.authority,
    task.c.person_id,
    person.c.name.label("person_name"),
    person.c.login.label("person_login"),
    task.c.opened_at,
    task.c.due_at,
    task.c.due_order,
    task.c.done_at,
    task.c.paused_at,
    task.c.term,
    task.c.details,
).select_from(
    task.join(instance, task.c.instance_id == instance.c.id)
    .join(definition, instance.c.definition_id == definition.c.id)
    .outerjoin(person, task.c.person_id == person.c.id)
)
_OPTIONAL: Mapping[str, ColumnElement[bool]] = {
    "process": task.c.process == bindparam("process"),
    "element": task.c.element == bindparam("element"),
    "person": task.c.person_id == bindparam("person"),
    "nobody": task.c.person_id.is_(None),
    "unit": task.c.person_id.in_(select(person.c.id).where(person.c.unit_id == bindparam("unit"))),
    "no_unit": task.c.person_id.in_(select(person.c.id).where(person.c.unit_id.is_(None))),
}


class _Shape(NamedTuple):
    """What decides the text of a statement; making it costs more than running it, so each is made once."""

    which: Which
    band: Band
    role: str  # "role" for a plain role, or one of the two that a decision may belong to
    given: tuple[str, ...]


def _shape(filter: OverdueFilter) -> _Shape:
    given = tuple(name for name in _OPTIONAL if getattr(filter, name) not in ("", None, False))
    role = filter.role if filter.role in (DELEGATE, PRINCIPAL) else "role" if filter.role else ""
    return _Shape(filter.which, filter.band, role, given)


def _values(filter: OverdueFilter, bounds: Bounds) -> dict[str, Any]:
    asked = {name: getattr(filter, name) for name in ("process", "element", "role", "person", "unit")}
    return {**bounds.values(), **asked, "scopes": sorted(filter.scopes | {""})}


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    found = [WHICH[shape.which]]
    if shape.band:
        found.append(BANDS[shape.band])
    if shape.role:
        found.append(or_(*belonging_to(task, "role", shape.role == DELEGATE, shape.role == PRINCIPAL)))
    return found + [_OPTIONAL[name] for name in shape.given]


@lru_cache(maxsize=512)
def _page(shape: _Shape, goes_on: bool) -> Select[*tuple[Any, ...]]:
    wanted = _LINES.where(*_conditions(shape))
    if goes_on:
        due, id = bindparam("after_due", type_=Moment), bindparam("after_id", type_=Id)
        beyond = or_(task.c.due_order > due, and_(task.c.due_order == due, task.c.id > id))
        wanted = wanted.where(task.c.due_order >= due, beyond)
    return wanted.order_by(task.c.due_order, task.c.id).limit(bindparam("most"))


@lru_cache(maxsize=512)
def _count(shape: _Shape) -> Select[*tuple[Any, ...]]:
    return select(func.count()).select_from(task).where(*_conditions(shape))


@lru_cache(maxsize=512)
def _waiting(shape: _Shape) -> Select[*tuple[Any, ...]]:
    wanted = select(task.c.id, task.c.process, task.c.element, task.c.opened_at, task.c.due_at)
    wanted = wanted.where(*_conditions(shape), task.c.due_at.is_not(None))
    return wanted.order_by(task.c.due_order, task.c.id).limit(bindparam("most"))


def _cursor(row: Found) -> str:
    return f"{(row.due_order - _EPOCH) // _MICROSECOND}.{row.id}"


def _beyond(cursor: str) -> dict[str, Any]:
    """What comes after the last task of the page before; a cursor that nobody gave out begins at the start."""
    micros, _, id = cursor.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (micros, id)):
        return {}
    most = datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH
    return {"after_due": _EPOCH + min(int(micros) * _MICROSECOND, most), "after_id": int(id)}


def _line(row: Found) -> Line:
    return Line(
        id=TaskId(row.id),
        name=row.name,
        about=row.about,
        element=row.element,
        process=row.process,
        instance=InstanceId(row.instance_id),
        instance_number=row.instance_number,
        instance_title=row.instance_title,
        definition_name=row.definition_name,
        role=row.role,
        authority=row.authority,
        person=None if row.person_id is None else PersonId(row.person_id),
        person_name=row.person_name or "",
        person_login=row.person_login or "",
        opened_at=row.opened_at,
        due_at=row.due_at,
        done_at=row.done_at,
        paused_at=row.paused_at,
        term=row.term or {},
        plain_term=str(row.details.get("term") or ""),
    )
