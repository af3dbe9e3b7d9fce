"""Finds open tasks: whose they are by role, authorisation, candidates and assignment, soonest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from engine.model import InstanceId, Person, PersonId, Task
from engine.store.columns import containing
from engine.store.database import Work
from engine.store.rows import Found
from engine.store.tables import instance, person, person_role, task, task_candidate

# A decision that the wójt may delegate belongs to one of these two, whichever lane it is drawn in.
DELEGATE = "Kierownik ops"
PRINCIPAL = "Wójt"

# Stands for "no deadline" in the column that lists are ordered by, so that one index serves them.
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

# The condition stands in the text of the statement: a bound value would hide partial indexes from the planner.
OPEN = task.c.state == literal_column("'open'")

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


def page_of(work: Work, wanted: Select[Any], filter: TaskFilter) -> tuple[list[Found], str]:
    """The rows of one page, with the cursor of the next."""
    found = wanted.where(*_conditions(work, filter), *_beyond(filter.after))
    ordered = found.order_by(task.c.due_order, task.c.priority.desc(), task.c.id).limit(filter.limit + 1)
    rows = list(work.connection.execute(ordered))
    items = rows[: filter.limit]
    return items, _cursor(items[-1]) if len(rows) > len(items) > 0 else ""


def counts_of(work: Work, filter: TaskFilter, *, now: datetime, day_end: datetime, week_end: datetime) -> TaskCounts:
    """Counts with one statement for the tasks themselves and one for the team's."""
    unbounded = replace(filter, due_after=None, due_before=None, overdue_at=None)
    due = task.c.due_order
    late, ahead = due < now, due >= now
    counted = select(
        func.count(), *(func.count(case((one, 1))) for one in (late, ahead & (due < day_end), ahead & (due < week_end)))
    )
    found = work.connection.execute(counted.where(*_conditions(work, unbounded))).one()
    team = 0
    if filter.viewer is not None:
        others = _conditions(work, replace(unbounded, whose="team"))
        team = work.connection.execute(select(func.count()).select_from(task).where(*others)).scalar_one()
    return TaskCounts(all=found[0], late=found[1], today=found[2], week=found[3], team=team)


def _conditions(work: Work, filter: TaskFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [OPEN]
    if filter.viewer is not None and filter.whose != "all":
        found.append(_whose(work, filter.viewer, filter.whose, filter.scopes))
    if filter.instance is not None:
        found.append(task.c.instance_id == filter.instance)
    if filter.role:
        found.append(or_(*_belonging_to([filter.role], filter.scopes)))
    if filter.text.strip():
        found.append(_names(containing(filter.text)))
    if filter.due_after is not None:
        found.append(task.c.due_order >= filter.due_after)
    found.extend(task.c.due_order < bound for bound in (filter.due_before, filter.overdue_at) if bound is not None)
    return found


def _names(pattern: str) -> ColumnElement[bool]:
    of_task = instance.alias()
    in_instance = exists().where(of_task.c.id == task.c.instance_id, of_task.c.searchable.like(pattern, escape="!"))
    return or_(task.c.searchable.like(pattern, escape="!"), in_instance)


def _whose(work: Work, viewer: Person, whose: str, scopes: frozenset[str]) -> ColumnElement[bool]:
    if not viewer.active:
        return false()
    colleagues = _roles_of_others(work, viewer)
    alone = and_(_may_take(viewer.id, viewer.roles - colleagues, scopes, alone=True), _free(scopes))
    shared = and_(_may_take(viewer.id, viewer.roles & colleagues, scopes, alone=False), _free(scopes))
    has = and_(task.c.person_id == viewer.id, _may_take(viewer.id, viewer.roles, scopes))
    if viewer.unrestricted:
        has, shared = task.c.person_id == viewer.id, and_(_free(scopes), not_(alone))
    return {"mine": or_(has, alone), "team": shared, "reach": or_(has, alone, shared)}[whose]


def _roles_of_others(work: Work, viewer: Person) -> frozenset[str]:
    """Those of the viewer's roles that at least one other active person has."""
    if not viewer.roles:
        return frozenset()
    wanted = (
        select(person_role.c.role)
        .join(person, person.c.id == person_role.c.person_id)
        .where(person_role.c.role.in_(sorted(viewer.roles)), person.c.id != viewer.id, person.c.active)
        .distinct()
    )
    return frozenset(work.connection.scalars(wanted))


def _may_take(
    viewer: PersonId, roles: Collection[str], scopes: frozenset[str], *, alone: bool | None = None
) -> ColumnElement[bool]:
    """A task with candidates is for them only, any other for the role it belongs to.

    Args:
        alone: of tasks with candidates, those with no other active candidate (True) or with one (False).
    """
    named: ColumnElement[bool] = task.c.id.in_(
        select(task_candidate.c.task_id).where(task_candidate.c.person_id == viewer)
    )
    terms = [and_(task.c.restricted.is_(False), one) for one in _belonging_to(roles, scopes)]
    if alone is not None:
        other = _candidate_of_task().where(task_candidate.c.person_id != viewer, person.c.active)
        named = and_(named, not_(exists(other)) if alone else exists(other))
    return or_(named, *terms)


def _belonging_to(roles: Collection[str], scopes: frozenset[str]) -> list[ColumnElement[bool]]:
    """Each term is served by the index over authority and role."""
    terms = [and_(task.c.authority == "", task.c.role.in_(sorted(roles)))]
    if DELEGATE in roles:
        terms.append(task.c.authority.in_(sorted(scopes - {""})))
    if PRINCIPAL in roles:
        terms.append(and_(task.c.authority > "", task.c.authority.not_in(sorted(scopes))))
    return terms


def _free(scopes: frozenset[str]) -> ColumnElement[bool]:
    """Nobody has it, or somebody who may no longer take it: such a task must not vanish from every list."""
    holder = person.alias()
    delegated = task.c.authority.in_(sorted(scopes))
    belongs = case((task.c.authority == "", task.c.role), (delegated, DELEGATE), else_=PRINCIPAL)
    has_role = (person_role.c.person_id == holder.c.id) & (person_role.c.role == belongs)
    is_named = (task_candidate.c.task_id == task.c.id) & (task_candidate.c.person_id == holder.c.id)
    by_role = exists(select(true()).select_from(person_role).where(has_role).correlate(holder, task))
    by_name = exists(select(true()).select_from(task_candidate).where(is_named).correlate(holder, task))
    entitled = or_(holder.c.unrestricted, case((task.c.restricted, by_name), else_=by_role))
    found = select(true()).select_from(holder).where(holder.c.id == task.c.person_id, holder.c.active, entitled)
    return or_(task.c.person_id.is_(None), not_(exists(found.correlate(task))))


def _candidate_of_task() -> Select[Any]:
    return (
        select(true())
        .select_from(task_candidate.join(person, person.c.id == task_candidate.c.person_id))
        .where(task_candidate.c.task_id == task.c.id)
        .correlate(task)
    )


def _cursor(row: Found) -> str:
    due: datetime = row.due_at or NEVER
    return f"{(due - _EPOCH) // _MICROSECOND}.{row.priority}.{row.id}"


def _beyond(cursor: str) -> tuple[ColumnElement[bool], ...]:
    """What comes after the last task of the page before; a cursor that nobody gave out begins at the start."""
    parts = cursor.split(".")
    if len(parts) != 3 or not all(part.isdecimal() and len(part) < 19 for part in parts):
        return ()
    micros, priority, id = (int(part) for part in parts)
    due = _EPOCH + min(micros * _MICROSECOND, NEVER - _EPOCH)
    same_due = or_(task.c.priority < priority, and_(task.c.priority == priority, task.c.id > id))
    return (task.c.due_order >= due, or_(task.c.due_order > due, same_due))
