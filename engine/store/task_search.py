"""Finds open tasks: whose they are by role, authorisation, candidates and assignment, soonest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from engine.model import InstanceId, Person, Task
from engine.store.columns import Id, Moment, containing
from engine.store.database import Work, once
from engine.store.rows import Found
from engine.store.tables import instance, person, person_role, task
from engine.store.task_ownership import (
    DELEGATE,
    OPEN,
    PRINCIPAL,
    Ownership,
    belonging_to,
    of_team_in_parts,
    whose_it_is,
)

# Stands for "no deadline" in the column that lists are ordered by, so that one index serves them.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class TaskFilter:
    """Which open tasks to list.

    Attributes:
        viewer: for whom; None for everybody.
        scopes: of the authorisations in force; they decide to whom a task with an `authority` belongs.
        whose: of the viewer: `mine` (assigned to him and still his, or nobody has it and only he may take it),
            `team` (nobody has it, he and others may take it), `reach` (both); `all` asks for no one in particular.
            Nobody has a task either when the person it was assigned to may no longer take it.
        role: to which the task belongs at this moment.
        text: part of the task's name or of the instance's number or title, in any case.
        due_after: due then or later. due_before, overdue_at: due earlier.
        awake_at: not what is put aside until later; aside_at: only that. What is late by then is never put aside.
        unclaimed: only what nobody was given.
        after: cursor from `TaskPage.after`.
    """

    viewer: Person | None = None
    scopes: frozenset[str] = frozenset()
    whose: Literal["mine", "team", "reach", "all"] = "all"
    instance: InstanceId | int | None = None
    role: str = ""
    text: str = ""
    due_after: datetime | None = None
    due_before: datetime | None = None
    overdue_at: datetime | None = None
    awake_at: datetime | None = None
    aside_at: datetime | None = None
    unclaimed: bool = False
    limit: int = 50
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskPage:
    """One page of a list; `after` is the cursor of the page after it, "" at the end."""

    items: tuple[Task, ...]
    after: str


@dataclass(frozen=True, kw_only=True)
class TaskCounts:
    """How many open tasks there are; `team` are those that the viewer could take besides."""

    all: int
    late: int
    today: int
    week: int
    team: int


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What decides the text of a statement; everything else about a filter is a parameter of it.

    Making these statements costs ten times as much as running them, so each shape is made once.

    Attributes:
        role: "role" for a plain role, or one of the two that a decision may belong to; "" for all.
        given: the other parts of the filter that are set.
    """

    ownership: Ownership
    role: str
    given: frozenset[str]


def page_of(work: Work, wanted: Select[*tuple[Any, ...]], filter: TaskFilter) -> tuple[list[Found], str]:
    """The rows of one page, with the cursor of the next."""
    shape, values = shaped(work, filter)
    cursor = _beyond(filter.after)
    statement = _page(wanted, replace(shape, given=shape.given.union(cursor)))
    rows = list(work.connection.execute(statement, {**values, **cursor, "most": filter.limit + 1}))
    items = rows[: filter.limit]
    return items, _cursor(items[-1]) if len(rows) > len(items) > 0 else ""


def counts_of(work: Work, filter: TaskFilter, *, now: datetime, day_end: datetime, week_end: datetime) -> TaskCounts:
    """Counts the tasks themselves and the team's with one statement."""
    unbounded = replace(filter, due_after=None, due_before=None, overdue_at=None, awake_at=None, aside_at=None)
    shape, values = shaped(work, unbounded)
    bounds = {"now": now, "day_end": day_end, "week_end": week_end}
    all, late, today, week, team = work.connection.execute(_counts(shape), {**values, **bounds}).one()
    return TaskCounts(all=all, late=late, today=today, week=week, team=team)


def shaped(work: Work, filter: TaskFilter) -> tuple[Shape, dict[str, Any]]:
    """What decides the text of the statement for a filter, and the values of its parameters."""
    viewer = filter.viewer if filter.whose != "all" else None
    # Never empty: SQLAlchemy writes one text for a list wherever it is used, which for an empty one after NOT IN is
    # wrong on PostgreSQL. No decision has the scope "".
    values: dict[str, Any] = {"scopes": sorted(filter.scopes | {""})}
    lists: dict[str, frozenset[str]] = {}
    if viewer is not None:
        colleagues = _roles_of_others(work, viewer)
        lists = {"alone": viewer.roles - colleagues, "shared": viewer.roles & colleagues}
        values |= {"viewer": viewer.id, **{name: sorted(roles) for name, roles in lists.items()}}
        values["active"] = viewer.active
    optional = {
        "instance": filter.instance,
        "role": filter.role or None,
        "text": containing(filter.text) if filter.text.strip() else None,
        "due_after": filter.due_after,
        "due_before": filter.due_before,
        "overdue_at": filter.overdue_at,
        "awake_at": filter.awake_at,
        "aside_at": filter.aside_at,
        "unclaimed": filter.unclaimed or None,
    }
    given = {name: value for name, value in optional.items() if value is not None}
    decides = viewer is not None and (DELEGATE in viewer.own_roles or bool(viewer.decides_by))
    ownership = Ownership(
        whose=filter.whose if viewer is not None else "",
        unrestricted=viewer is not None and viewer.unrestricted,
        delegate=_list_with(DELEGATE, lists) if decides else "",
        principal=_list_with(PRINCIPAL, lists),
    )
    shape = Shape(
        ownership=ownership,
        role=filter.role if filter.role in (DELEGATE, PRINCIPAL) else "role" if filter.role else "",
        given=frozenset(given),
    )
    return shape, values | given


def _list_with(role: str, lists: Mapping[str, frozenset[str]]) -> str:
    return next((name for name, roles in lists.items() if role in roles), "")


def _roles_of_others(work: Work, viewer: Person) -> frozenset[str]:
    """Those of the viewer's roles that at least one other active person has."""
    values = {"roles": sorted(viewer.roles), "viewer": viewer.id}

    def read() -> frozenset[str]:
        return frozenset(work.connection.scalars(OF_OTHERS, values)) if viewer.roles else frozenset()

    return once(work, f"shared roles of {viewer.id}", read)


@lru_cache(maxsize=512)
def _page(wanted: Select[*tuple[Any, ...]], shape: Shape) -> Select[*tuple[Any, ...]]:
    ordered = wanted.order_by(task.c.due_order, task.c.priority.desc(), task.c.id)
    return ordered.where(*conditions(shape)).limit(bindparam("most"))


@lru_cache(maxsize=512)
def _counts(shape: Shape) -> Select[*tuple[Any, ...]]:
    due, now = task.c.due_order, bindparam("now", type_=Moment)
    ends = [bindparam(name, type_=Moment) for name in ("day_end", "week_end")]
    parts = [due < now, *((due >= now) & (due < end) for end in ends)]
    counted = (func.count(), *(func.count(case((one, 1))) for one in parts), _count_of_team(shape))
    return select(*counted).where(*conditions(shape))


def _count_of_team(shape: Shape) -> ColumnElement[int]:
    """Zero for a list that is for no one in particular."""
    found: ColumnElement[int] = literal(0)
    if shape.ownership.whose:
        for part in of_team_in_parts(shape.ownership):
            wanted = [OPEN, bindparam("active", type_=Boolean), *part, *_narrowed(shape)]
            found = found + select(func.count()).select_from(task).where(*wanted).correlate(None).scalar_subquery()
    return found


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """Conditions that only the open tasks meet which fit a filter of this shape."""
    found: list[ColumnElement[bool]] = [OPEN]
    if shape.ownership.whose:
        found += [bindparam("active", type_=Boolean), *whose_it_is(shape.ownership)]
    return found + _narrowed(shape)


def _narrowed(shape: Shape) -> list[ColumnElement[bool]]:
    found = [condition for name, condition in _OPTIONAL.items() if name in shape.given]
    if shape.role:
        found.append(or_(*belonging_to(task, "role", shape.role == DELEGATE, shape.role == PRINCIPAL)))
    return found


def _cursor(row: Found) -> str:
    due: datetime = row.due_at or NEVER
    return f"{(due - _EPOCH) // _MICROSECOND}.{row.priority}.{row.id}"


def _beyond(cursor: str) -> dict[str, Any]:
    """What comes after the last task of the page before; a cursor that nobody gave out begins at the start."""
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts):
        return {}
    micros, priority, id = (int(part) for part in parts)
    due = _EPOCH + min(micros * _MICROSECOND, NEVER - _EPOCH)
    return {"after_due": due, "after_priority": priority, "after_id": id}


def _named(pattern: BindParameter[str]) -> ColumnElement[bool]:
    of_task = instance.alias()
    in_instance = exists().where(of_task.c.id == task.c.instance_id, of_task.c.searchable.like(pattern, escape="!"))
    return or_(task.c.searchable.like(pattern, escape="!"), in_instance)


def _after(due: BindParameter[datetime], priority: BindParameter[int], id: BindParameter[int]) -> ColumnElement[bool]:
    """The first condition says the same as the others do, in a way that the index understands."""
    same_due = or_(task.c.priority < priority, and_(task.c.priority == priority, task.c.id > id))
    return and_(task.c.due_order >= due, or_(task.c.due_order > due, same_due))


_OPTIONAL: dict[str, ColumnElement[bool]] = {
    "instance": task.c.instance_id == bindparam("instance"),
    "unclaimed": task.c.person_id.is_(None),
    "text": _named(bindparam("text")),
    "due_after": task.c.due_order >= bindparam("due_after"),
    "due_before": task.c.due_order < bindparam("due_before"),
    "overdue_at": task.c.due_order < bindparam("overdue_at"),
    "awake_at": or_(
        task.c.follow_up_at.is_(None),
        task.c.follow_up_at <= bindparam("awake_at"),
        task.c.due_order < bindparam("awake_at"),
    ),
    "aside_at": and_(task.c.follow_up_at > bindparam("aside_at"), task.c.due_order >= bindparam("aside_at")),
    "after_id": _after(
        bindparam("after_due", type_=Moment),
        bindparam("after_priority", type_=Integer),
        bindparam("after_id", type_=Id),
    ),
}
OF_OTHERS = (
    select(person_role.c.role)
    .join(person, person.c.id == person_role.c.person_id)
    .where(person_role.c.role.in_(bindparam("roles", expanding=True)))
    .where(person.c.id != bindparam("viewer"), person.c.active)
    .distinct()
)
