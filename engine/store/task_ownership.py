"""Whose an open task is, as conditions for the database: by role, authorisation, candidates and assignment.

The conditions are the rules of `engine.access`, asked of all tasks at once. Their parameters are `viewer`, the roles
that he has `alone` or `shared` with other active people, and the `scopes` of the authorisations in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    not_,
    or_,
    select,
    true,
    union_all,
)

from engine.store.tables import person, person_role, task, task_candidate

# A decision that the wójt may delegate belongs to one of these two, whichever lane it is drawn in.
DELEGATE = "Kierownik ops"
PRINCIPAL = "Wójt"

# The condition stands in the text of the statement: a bound value would hide partial indexes from the planner.
_OPEN: ColumnElement[str] = literal_column("'open'")
OPEN = task.c.state == _OPEN


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """What decides the text of the conditions.

    Attributes:
        whose: `mine`, `team` or `reach`; "" when the list is for no one in particular.
        unrestricted: the viewer may take everything.
        delegate, principal: the list of roles, "alone" or "shared", in which the viewer has that role; "" if none.
    """

    whose: str = ""
    unrestricted: bool = False
    delegate: str = ""
    principal: str = ""


def whose_it_is(shape: Ownership) -> list[ColumnElement[bool]]:
    """Conditions that only the tasks meet which belong in the list of the viewer."""
    free = _free()
    alone, shared = and_(_may_take(shape, "alone"), free), and_(_may_take(shape, "shared"), free)
    is_his = task.c.person_id == bindparam("viewer")
    has = and_(is_his, or_(_may_take(shape, "alone"), _may_take(shape, "shared")))
    if shape.unrestricted:
        has, shared = is_his, and_(free, not_(alone))
    rule = {"mine": or_(has, alone), "team": shared, "reach": or_(has, alone, shared)}[shape.whose]
    return [rule] if shape.unrestricted else [_near(shape), rule]


def _near(shape: Ownership) -> ColumnElement[bool]:
    """Narrows the list to few tasks by indexes, before the exact rule is asked of each of them."""
    of = task.alias()
    is_open = of.c.state == _OPEN
    has = select(of.c.id).where(is_open, of.c.person_id == bindparam("viewer"))
    named = select(task_candidate.c.task_id).where(task_candidate.c.person_id == bindparam("viewer"))
    by_role = [
        select(of.c.id).where(is_open, one)
        for roles in ("alone", "shared")
        for one in belonging_to(of, roles, shape.delegate == roles, shape.principal == roles)
    ]
    return task.c.id.in_(union_all(has, named, *by_role))


def _may_take(shape: Ownership, roles: str) -> ColumnElement[bool]:
    """A task with candidates is for them only, any other for the role it belongs to.

    Args:
        roles: "alone" for what nobody else may take, "shared" for what others may take too.
    """
    ids = select(task_candidate.c.task_id).where(task_candidate.c.person_id == bindparam("viewer"))
    other = exists(
        select(true())
        .select_from(task_candidate.join(person, person.c.id == task_candidate.c.person_id))
        .where(task_candidate.c.task_id == task.c.id, task_candidate.c.person_id != bindparam("viewer"))
        .where(person.c.active)
        .correlate(task)
    )
    named = and_(task.c.id.in_(ids), not_(other) if roles == "alone" else other)
    terms = belonging_to(task, roles, shape.delegate == roles, shape.principal == roles)
    return or_(named, *(and_(task.c.restricted.is_(False), one) for one in terms))


def belonging_to(of: FromClause, roles: str, delegate: bool, principal: bool) -> list[ColumnElement[bool]]:
    """Each term is served by the index over authority and role.

    Args:
        roles: name of the parameter with the roles, a list unless it is "role".
        delegate, principal: whether those roles are among them.
    """
    is_role = of.c.role == bindparam(roles) if roles == "role" else of.c.role.in_(bindparam(roles, expanding=True))
    scopes: BindParameter[Any] = bindparam("scopes", expanding=True)
    terms = [and_(of.c.authority == "", is_role)]
    if delegate:
        terms.append(and_(of.c.authority > "", of.c.authority.in_(scopes)))
    if principal:
        terms.append(and_(of.c.authority > "", of.c.authority.not_in(scopes)))
    return terms


def _free() -> ColumnElement[bool]:
    """Nobody has it, or somebody who may no longer take it: such a task must not vanish from every list."""
    holder = person.alias()
    delegated = task.c.authority.in_(bindparam("scopes", expanding=True))
    belongs = case((task.c.authority == "", task.c.role), (delegated, DELEGATE), else_=PRINCIPAL)
    has_role = (person_role.c.person_id == holder.c.id) & (person_role.c.role == belongs)
    is_named = (task_candidate.c.task_id == task.c.id) & (task_candidate.c.person_id == holder.c.id)
    by_role = exists(select(true()).select_from(person_role).where(has_role).correlate(holder, task))
    by_name = exists(select(true()).select_from(task_candidate).where(is_named).correlate(holder, task))
    entitled = or_(holder.c.unrestricted, case((task.c.restricted, by_name), else_=by_role))
    found = select(true()).select_from(holder).where(holder.c.id == task.c.person_id, holder.c.active, entitled)
    return or_(task.c.person_id.is_(None), not_(exists(found.correlate(task))))
