"""Finds what falls on each day of a calendar: ends of tasks, follow-up dates, timers of cases, absences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from engine.model import DeadlineKind, InstanceId, Person, TaskId
from engine.store.columns import Moment
from engine.store.database import Work
from engine.store.rows import Found
from engine.store.tables import absence, deadline, duty, duty_occurrence, instance, person, person_role, task
from engine.store.task_ownership import OPEN
from engine.store.task_search import Shape, TaskFilter, conditions, shaped

Circle = Literal["self", "colleagues", "everybody"]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a calendar shows.

    Attributes:
        tasks: whose tasks, by role and assignment.
        viewer: for whom.
        circle: with whom the viewer shares the calendar; colleagues are of his unit or have one of his roles.
        timers: those of the circle's cases too.
        bounds: the first moment of each day, then the first moment after the last one.
        most: of one day; how many there are besides is told.
    """

    tasks: TaskFilter
    viewer: Person
    circle: Circle
    timers: bool
    bounds: Sequence[datetime]
    most: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that falls on a day. `total` is how many there are on that day."""

    kind: Literal["end", "follow_up", "timer"]
    day: int  # number of the day, from 0
    total: int
    moment: datetime
    name: str
    person: str  # who has the task, "" for nobody
    number: str  # of the case
    instance: InstanceId
    task: TaskId | None


@dataclass(frozen=True, kw_only=True)
class Away:
    """Somebody is absent, both days included."""

    person: str
    deputy: str
    first: date
    last: date
    ended_at: datetime | None  # when it ended indeed


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A duty that comes round on a day; `number` and `instance` are of the case that it began or is about."""

    name: str
    role: str
    on: date
    state: str
    reason: str
    number: str
    instance: InstanceId | None
    finished: bool  # the case has ended


def entries(work: Work, wanted: Wanted) -> tuple[Entry, ...]:
    """What falls on the days of a calendar, in order, at most so many of each day."""
    shape, values = shaped(work, wanted.tasks)
    bounds = {f"day{number}": one for number, one in enumerate(wanted.bounds)}
    statement = _entries(shape, wanted.circle, wanted.timers, len(wanted.bounds) - 1)
    rows = work.connection.execute(statement, {**values, **_of(wanted.viewer), **bounds, "most": wanted.most})
    return tuple(_entry(row) for row in rows)


def absences(work: Work, viewer: Person, circle: Circle, *, first: date, last: date) -> tuple[Away, ...]:
    """Who is absent on the days between, and who stands in; of the viewer himself also whom he stands in for."""
    rows = work.connection.execute(_absences(circle), {**_of(viewer), "first": first, "last": last})
    return tuple(
        Away(person=row.person, deputy=row.deputy, first=row.starts_on, last=row.ends_on, ended_at=row.ended_at)
        for row in rows
    )


def duties(work: Work, first: date, last: date) -> tuple[Owed, ...]:
    """The duties of the centre that are due on the days between, the soonest first."""
    return tuple(
        Owed(
            name=row.name,
            role=row.role,
            on=row.due_on,
            state=row.state,
            reason=row.reason,
            number=row.number or "",
            instance=None if row.instance_id is None else InstanceId(row.instance_id),
            finished=row.finished_at is not None,
        )
        for row in work.connection.execute(_DUTIES, {"first": first, "last": last})
    )


def _of(viewer: Person) -> dict[str, Any]:
    return {"viewer": viewer.id, "unit": viewer.unit, "roles": sorted(viewer.roles)}


@lru_cache(maxsize=128)
def _entries(shape: Shape, circle: Circle, timers: bool, days: int) -> Select[*tuple[Any, ...]]:
    parts = [_ends(shape, circle, days), _follow_ups(circle, days)]
    if timers:
        parts.append(_timers(circle, days))
    found = union_all(*parts).subquery()
    day = case(*((found.c.moment < _bound(number), number - 1) for number in range(1, days + 1)))
    dated = select(found, day.label("day")).subquery()
    order = (dated.c.moment, dated.c.priority.desc(), dated.c.kind, dated.c.of)
    ranked = select(
        dated,
        func.row_number().over(partition_by=dated.c.day, order_by=order).label("place"),
        func.count().over(partition_by=dated.c.day).label("total"),
    ).subquery()
    named = func.coalesce(task.c.instance_id, deadline.c.instance_id)
    is_timer = ranked.c.kind == "timer"
    source = (
        ranked.outerjoin(task, ~is_timer & (task.c.id == ranked.c.of))
        .outerjoin(deadline, is_timer & (deadline.c.id == ranked.c.of))
        .join(instance, instance.c.id == named)
        .outerjoin(person, person.c.id == task.c.person_id)
    )
    told = (ranked.c.kind, ranked.c.of, ranked.c.day, ranked.c.total, ranked.c.moment)
    return (
        select(
            *told,
            func.coalesce(task.c.name, deadline.c.name).label("name"),
            person.c.name.label("person"),
            instance.c.id.label("instance_id"),
            instance.c.number,
        )
        .select_from(source)
        .where(ranked.c.place <= bindparam("most"))
        .order_by(ranked.c.day, ranked.c.place)
    )


def _ends(shape: Shape, circle: Circle, days: int) -> Select[*tuple[Any, ...]]:
    rules = conditions(shape)
    if circle == "colleagues":
        rules = [OPEN, or_(_of_circle(circle), and_(*rules[1:]))]  # the first of them says the same
    return _part("end", task.c.id, task.c.due_order, task.c.priority, days).where(*rules)


def _follow_ups(circle: Circle, days: int) -> Select[*tuple[Any, ...]]:
    part = _part("follow_up", task.c.id, task.c.follow_up_at, task.c.priority, days)
    return part.where(OPEN, task.c.follow_up_at.is_not(None), _of_circle(circle))


def _timers(circle: Circle, days: int) -> Select[*tuple[Any, ...]]:
    part = _part("timer", deadline.c.id, deadline.c.due_at, literal_column("0"), days)
    only = deadline.c.kind == literal_column(f"'{DeadlineKind.TIMER.value}'")
    if circle == "everybody":
        return part.where(only)
    handled = select(task.c.instance_id).where(OPEN, _of_circle(circle))
    begun = select(instance.c.id).where(
        instance.c.id == deadline.c.instance_id, instance.c.started_by.in_(_ids(circle))
    )
    return part.where(only, or_(deadline.c.instance_id.in_(handled), begun.exists()))


def _part(
    kind: str, of: ColumnElement[int], moment: ColumnElement[datetime], priority: ColumnElement[Any], days: int
) -> Select[*tuple[Any, ...]]:
    named: ColumnElement[str] = literal_column(f"'{kind}'")
    columns = (named.label("kind"), of.label("of"), moment.label("moment"))
    return select(*columns, priority.label("priority")).where(moment >= _bound(0), moment < _bound(days))


def _of_circle(circle: Circle) -> ColumnElement[bool]:
    return true() if circle == "everybody" else task.c.person_id.in_(_ids(circle))


def _ids(circle: Circle) -> Select[*tuple[int]]:
    """Ids of the people of a circle."""
    found = select(person.c.id)
    if circle == "everybody":
        return found
    himself = person.c.id == bindparam("viewer")
    if circle == "self":
        return found.where(himself)
    same_role = select(person_role.c.person_id).where(person_role.c.role.in_(bindparam("roles", expanding=True)))
    near = or_(person.c.unit_id == bindparam("unit"), person.c.id.in_(same_role))
    return found.where(or_(himself, person.c.active & near))


def _bound(number: int) -> ColumnElement[datetime]:
    return bindparam(f"day{number}", type_=Moment)


@lru_cache(maxsize=3)
def _absences(circle: Circle) -> Select[*tuple[Any, ...]]:
    deputy = person.alias()
    names = (person.c.name.label("person"), deputy.c.name.label("deputy"))
    found = (
        select(*names, absence.c.starts_on, absence.c.ends_on, absence.c.ended_at)
        .join_from(absence, person, absence.c.person_id == person.c.id)
        .join(deputy, absence.c.deputy_id == deputy.c.id)
        .where(absence.c.cancelled_at.is_(None))
        .where(absence.c.starts_on <= bindparam("last"), absence.c.ends_on >= bindparam("first"))
        .order_by(absence.c.starts_on, person.c.name, absence.c.id)
    )
    if circle == "everybody":
        return found
    whose = absence.c.person_id.in_(_ids(circle))
    return found.where(or_(whose, absence.c.deputy_id == bindparam("viewer")))


_DUTIES = (
    select(duty_occurrence, duty.c.role, instance.c.number, instance.c.finished_at)
    .select_from(duty_occurrence.join(duty).outerjoin(instance))
    .where(duty_occurrence.c.due_on.between(bindparam("first"), bindparam("last")))
    .where(duty_occurrence.c.state != literal_column("'gone'"))
    .order_by(duty_occurrence.c.due_on, duty_occurrence.c.id)
)


def _entry(row: Found) -> Entry:
    return Entry(
        kind=row.kind,
        day=row.day,
        total=row.total,
        moment=row.moment,
        name=row.name,
        person=row.person or "",
        number=row.number,
        instance=InstanceId(row.instance_id),
        task=TaskId(row.of) if row.kind != "timer" else None,
    )
