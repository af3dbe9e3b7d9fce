"""Finds and changes who has many tasks at once: when somebody goes away, comes back or leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, literal_column, select, update

from engine.model import InstanceId, Json, PersonId, TaskId, TaskState
from engine.store.columns import Id
from engine.store.database import Work
from engine.store.rows import Found
from engine.store.tables import definition, instance, task, task_candidate
from engine.store.task_ownership import OPEN

_CHUNK = 500  # ids in one statement


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """What decides who may have a task, without its texts."""

    id: TaskId
    instance: InstanceId
    instance_number: str
    definition_key: str
    element: str
    name: str
    role: str
    authority: str
    restricted: bool
    variables: Mapping[str, Json]
    state: TaskState
    person: PersonId | None
    returns_to: PersonId | None
    absence: int | None
    opened_at: datetime
    done_at: datetime | None
    done_by: PersonId | None


@dataclass(frozen=True, kw_only=True)
class Move:
    """Who shall have a task from now on."""

    task: TaskId
    person: PersonId | None
    returns_to: PersonId | None = None
    absence: int | None = None


_LIST = (
    select(
        task.c.id,
        task.c.instance_id,
        instance.c.number,
        definition.c.key,
        task.c.element,
        task.c.name,
        task.c.role,
        task.c.authority,
        task.c.restricted,
        instance.c.variables,
        task.c.state,
        task.c.person_id,
        task.c.returns_to,
        task.c.absence_id,
        task.c.opened_at,
        task.c.done_at,
        task.c.done_by,
    )
    .select_from(
        task.join(instance, task.c.instance_id == instance.c.id).join(
            definition, instance.c.definition_id == definition.c.id
        )
    )
    .order_by(task.c.id)
)
_OF_PERSON = _LIST.where(OPEN, task.c.person_id == bindparam("who"))
_LENT_BY = _LIST.where(OPEN, task.c.returns_to == bindparam("who"))
_OF_ABSENCE = _LIST.where(task.c.absence_id == bindparam("of"), task.c.absence_id.is_not(None))
_NAMED = _LIST.where(
    OPEN,
    task.c.id.in_(select(task_candidate.c.task_id).where(task_candidate.c.person_id == bindparam("who"))),
)
_HOLD = (
    select(instance.c.id)
    .where(instance.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(instance.c.id)
    .with_for_update(of=instance)
)
_MOVE = (
    update(task)
    .where(task.c.id == bindparam("of"), task.c.state == literal_column("'open'"))
    .values(
        person_id=bindparam("now_person", type_=Id),
        returns_to=bindparam("now_back", type_=Id),
        absence_id=bindparam("now_absence", type_=Id),
    )
)


def of_person(work: Work, person: PersonId) -> tuple[Assigned, ...]:
    """The open tasks that a person has, oldest first."""
    return _nouns(work.connection.execute(_OF_PERSON, {"who": person}))


def lent_by(work: Work, person: PersonId) -> tuple[Assigned, ...]:
    """The open tasks that somebody else has and will give back to this person."""
    return _nouns(work.connection.execute(_LENT_BY, {"who": person}))


def of_absence(work: Work, absence: int) -> tuple[Assigned, ...]:
    """The tasks that a deputy has or did by an absence, in any state."""
    return _nouns(work.connection.execute(_OF_ABSENCE, {"of": absence}))


def naming(work: Work, person: PersonId) -> tuple[Assigned, ...]:
    """The open tasks that only named people may take, this person among them."""
    return _nouns(work.connection.execute(_NAMED, {"who": person}))


def hold(work: Work, instances: Collection[InstanceId]) -> None:
    """Lets every other deed on these instances wait until this transaction ends; always in the same order."""
    ids = sorted(set(instances))
    for first in range(0, len(ids), _CHUNK):
        work.connection.execute(_HOLD, {"ids": ids[first : first + _CHUNK]})


def move(work: Work, moves: Sequence[Move]) -> None:
    """Gives open tasks to other people; one that is no longer open stays what it is."""
    values = [
        {"of": one.task, "now_person": one.person, "now_back": one.returns_to, "now_absence": one.absence}
        for one in moves
    ]
    if values:
        work.connection.execute(_MOVE, values)


def _nouns(rows: Iterable[Found]) -> tuple[Assigned, ...]:
    return tuple(
        Assigned(
            id=TaskId(row.id),
            instance=InstanceId(row.instance_id),
            instance_number=row.number,
            definition_key=row.key,
            element=row.element,
            name=row.name,
            role=row.role,
            authority=row.authority,
            restricted=row.restricted,
            variables=row.variables,
            state=TaskState(row.state),
            person=_person(row.person_id),
            returns_to=_person(row.returns_to),
            absence=row.absence_id,
            opened_at=row.opened_at,
            done_at=row.done_at,
            done_by=_person(row.done_by),
        )
        for row in rows
    )


def _person(id: int | None) -> PersonId | None:
    return None if id is None else PersonId(id)
