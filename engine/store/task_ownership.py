"""Whose an open task is, as conditions for the database: by role, authorisation, candidates and assignment.

The conditions are the rules of `engine.access`, asked of all tasks at once. Their parameters are `viewer`, the roles
that he has `alone` or `shared` with other active people, and the `scopes` of the authorisations in force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    exists,
    literal_column,
    not_,
    or_,
    select,
    true,
    tuple_,
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
    rule = _rule(shape)
    return [rule] if shape.unrestricted else [task.c.id.in_(union_all(*_near(shape))), rule]


def of_team_in_parts(shape: Ownership) -> list[list[ColumnElement[bool]]]:
    """The conditions for the team's tasks, in parts that have no task in common and are each counted quickly.

    Most of them are plain: nobody has them and a role alone decides. One index tells how many these are.
    """
    shape = replace(shape, whose="team")
    if shape.unrestricted:
        return [whose_it_is(shape)]
    is_role = task.c.role.in_(bindparam("shared", expanding=True))
    plain = [task.c.authority == "", is_role, task.c.person_id.is_(None), task.c.restricted.is_(False)]
    other = task.c.id.in_(union_all(*_near(shape, plain=False)))
    return [plain, [other, not_(and_(*plain)), _rule(shape)]]


def _rule(shape: Ownership) -> ColumnElement[bool]:
    free = _free()
    alone, shared = and_(_may_take(shape, "alone"), free), and_(_may_take(shape, "shared"), free)
    is_his = task.c.person_id == bindparam("viewer")
    has = and_(is_his, or_(_may_take(shape, "alone"), _may_take(shape, "shared")))
    if shape.unrestricted:
        has, shared = is_his, and_(free, not_(alone))
    return {"mine": or_(has, alone), "team": shared, "reach": or_(has, alone, shared)}[shape.whose]


def _near(shape: Ownership, *, plain: bool = True) -> list[Select[*tuple[Any, ...]]]:
    """Narrows the list to few tasks by indexes, before the exact rule is asked of each of them.

    Args:
        plain: also those that nobody has and a role alone decides.
    """
    found = [select(task_candidate.c.task_id).where(task_candidate.c.person_id == bindparam("viewer"))]
    of = task.alias()
    is_open = of.c.state == _OPEN
    if shape.whose != "team":
        found.append(select(of.c.id).where(is_open, of.c.person_id == bindparam("viewer")))
    for roles in {"mine": ("alone",), "team": ("shared",), "reach": ("alone", "shared")}[shape.whose]:
        by_role, *by_scope = belonging_to(of, roles, shape.delegate == roles, shape.principal == roles)
        if plain:
            found.append(select(of.c.id).where(is_open, by_role, of.c.person_id.is_(None)))
        found.append(_left_behind(roles))
        found += [select(of.c.id).where(is_open, one) for one in by_scope]
    return found


def _left_behind(roles: str) -> Select[*tuple[Any, ...]]:
    """Tasks of a plain role whose holder does not have it, or is not active: for each such person one look-up."""
    of, holder, has, needed = task.alias(), person.alias(), person_role.alias(), person_role.alias()
    role = select(needed.c.role).where(needed.c.role.in_(bindparam(roles, expanding=True))).distinct().subquery()
    entitled = exists().where(has.c.person_id == holder.c.id, has.c.role == role.c.role).correlate(holder, role)
    lacks = not_(holder.c.active & or_(holder.c.unrestricted, entitled))
    others = select(role.c.role, holder.c.id).select_from(role.join(holder, lacks))
    wanted = tuple_(of.c.role, of.c.person_id).in_(others)  # a join would read all tasks of the role
    return select(of.c.id).where(of.c.state == _OPEN, of.c.authority == "", wanted)


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
