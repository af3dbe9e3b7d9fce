"""Keeps instances and their state; what is stored of one changes only under its revision."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, select, union, update

from engine.errors import Conflict, NotFound
from engine.model import DefinitionId, Instance, InstanceId, InstanceState, Json, PersonId, TaskId
from engine.store.columns import containing, searchable
from engine.store.database import Work
from engine.store.rows import Found, insert_all, insert_one
from engine.store.tables import bundle, definition, instance, instance_state, task


@dataclass(frozen=True, kw_only=True)
class Held:
    """An instance with its state, which no other deed can change until this one ends."""

    instance: Instance
    state: bytes
    bundle: int
    digest: str = ""  # of the bundle, "" when it was not read


@dataclass(frozen=True, kw_only=True)
class InstanceFilter:
    """Which instances to list.

    Attributes:
        text: part of the number or title, in any case.
        states: empty for all.
        mine: a person who has or did a task of the instance.
        before: cursor from `InstancePage.before`.
    """

    text: str = ""
    states: Collection[InstanceState] = ()
    definition_key: str = ""
    mine: PersonId | None = None
    limit: int = 50
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class InstancePage:
    """One page of a list; `before` is the cursor of the page after it, "" at the end."""

    items: tuple[Instance, ...]
    before: str


MOST_WAITS = 3  # migrations of one instance that may happen while a deed waits for it
_FINISHED = (InstanceState.COMPLETED, InstanceState.CANCELLED)
_COLUMNS = (
    instance.c.id,
    instance.c.number,
    instance.c.title,
    instance.c.definition_id,
    definition.c.key.label("definition_key"),
    definition.c.version.label("definition_version"),
    definition.c.name.label("definition_name"),
    instance.c.state,
    instance.c.revision,
    instance.c.variables,
    instance.c.started_at,
    instance.c.started_by,
    instance.c.finished_at,
)
_LIST = select(*_COLUMNS).select_from(instance.join(definition))
_GET = _LIST.where(instance.c.id == bindparam("id"))
_WHOLE = select(*_COLUMNS, instance.c.bundle_id, bundle.c.digest, instance_state.c.content).select_from(
    instance.join(definition).join(instance_state).join(bundle, instance.c.bundle_id == bundle.c.id)
)
_PEEK = _WHOLE.where(instance.c.id == bindparam("id"))
_ITS_INSTANCE = select(task.c.instance_id).where(task.c.id == bindparam("id")).scalar_subquery()  # for ever the same
# Both: of a row that is not locked PostgreSQL would give the content from before the wait.
_LOCKED = [instance, instance_state]
_HOLD = _PEEK.with_for_update(of=_LOCKED)
_HOLD_FOR = _WHOLE.where(instance.c.id == _ITS_INSTANCE).with_for_update(of=_LOCKED)
_MOVE = (
    update(instance)
    .where(instance.c.id == bindparam("of"), instance.c.revision == bindparam("read"))
    .values(
        revision=instance.c.revision + 1,
        state=bindparam("now_state"),
        variables=bindparam("now_variables"),
        finished_at=bindparam("now_finished"),
    )
)
_KEEP_STATE = (
    update(instance_state).where(instance_state.c.instance_id == bindparam("of")).values(content=bindparam("bytes"))
)


def add(
    work: Work,
    *,
    number: str,
    title: str,
    definition: DefinitionId,
    bundle: int,
    variables: Mapping[str, Json],
    state: bytes,
    by: PersonId | None,
) -> InstanceId:
    """Enters a running instance with revision 1.

    Raises:
        Conflict: the number is taken.
    """
    values = {
        "number": number,
        "title": title,
        "searchable": searchable(number, title),
        "definition_id": definition,
        "bundle_id": bundle,
        "state": InstanceState.RUNNING.value,
        "revision": 1,
        "started_at": work.now,
        "started_by": by,
        "variables": dict(variables),
    }
    id = InstanceId(insert_one(work, instance, values))
    insert_all(work, instance_state, [{"instance_id": id, "content": state}])
    return id


def get(work: Work, id: InstanceId) -> Instance:
    """The instance with this id.

    Raises:
        NotFound: there is none.
    """
    row = work.connection.execute(_GET, {"id": id}).first()
    if row is None:
        raise _unknown()
    return _noun(row)


def hold(work: Work, id: InstanceId) -> Held:
    """The instance with its state; every other deed on it waits until this transaction ends.

    Raises:
        NotFound: there is no such instance.
    """
    found = _hold(work, _HOLD, id)
    if found is None:
        raise _unknown()
    return found


def hold_for(work: Work, id: TaskId) -> Held:
    """The same for the instance of a task.

    Raises:
        NotFound: there is no such task.
    """
    found = _hold(work, _HOLD_FOR, id)
    if found is None:
        raise NotFound("Nie ma takiego zadania.")
    return found


def peek(work: Work, id: InstanceId) -> Held:
    """The instance with its state as it is now; other deeds may change it meanwhile.

    Raises:
        NotFound: there is no such instance.
    """
    return _held(work.connection.execute(_PEEK, {"id": id}).first())


def move(
    work: Work,
    id: InstanceId,
    revision: int,
    *,
    state: bytes | None,
    variables: Mapping[str, Json],
    now_state: InstanceState,
) -> None:
    """Replaces what is stored of an instance, if nobody did since it was read.

    Args:
        revision: of the instance as it was read.
        state: from the runner; None keeps the stored one.

    Raises:
        Conflict: the instance has moved on since.
    """
    values = {
        "of": id,
        "read": revision,
        "now_state": now_state.value,
        "now_variables": dict(variables),
        "now_finished": work.now if now_state in _FINISHED else None,
    }
    if work.connection.execute(_MOVE, values).rowcount == 0:
        raise Conflict("Ta sprawa zmieniła się w międzyczasie. Odśwież stronę i sprawdź, co jest do zrobienia.")
    if state is not None:
        work.connection.execute(_KEEP_STATE, {"of": id, "bytes": state})


def search(work: Work, filter: InstanceFilter) -> InstancePage:
    """Instances that fit, newest first."""
    wanted = _LIST.where(*_conditions(filter)).order_by(instance.c.id.desc()).limit(filter.limit + 1)
    found = [_noun(row) for row in work.connection.execute(wanted)]
    more = len(found) > filter.limit
    items = tuple(found[: filter.limit])
    return InstancePage(items=items, before=str(items[-1].id) if more and items else "")


def _conditions(filter: InstanceFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filter.text.strip():
        found.append(instance.c.searchable.like(containing(filter.text), escape="!"))
    if filter.states:
        found.append(instance.c.state.in_(sorted(state.value for state in filter.states)))
    if filter.definition_key:
        ids = select(definition.c.id).where(definition.c.key == filter.definition_key)
        found.append(instance.c.definition_id.in_(ids))
    if filter.mine is not None:
        found.append(_involves(filter.mine))
    if filter.before.isdecimal() and len(filter.before) < 19:
        found.append(instance.c.id < int(filter.before))
    return found


def _involves(person: PersonId) -> ColumnElement[bool]:
    has = select(task.c.instance_id).where(task.c.person_id == person, task.c.state == literal_column("'open'"))
    did = select(task.c.instance_id).where(task.c.done_by == person)
    return instance.c.id.in_(union(has, did))


def _noun(row: Found) -> Instance:
    return Instance(
        id=InstanceId(row.id),
        number=row.number,
        title=row.title,
        definition=DefinitionId(row.definition_id),
        definition_key=row.definition_key,
        definition_version=row.definition_version,
        definition_name=row.definition_name,
        state=InstanceState(row.state),
        revision=row.revision,
        variables=row.variables,
        started_at=row.started_at,
        started_by=None if row.started_by is None else PersonId(row.started_by),
        finished_at=row.finished_at,
    )


def _hold(work: Work, statement: Select[Any], id: int) -> Held | None:
    # PostgreSQL joins the row that it waited for with the definition from before the wait: after a migration nothing
    # fits, and only another statement sees where the instance belongs now.
    for _ in range(MOST_WAITS):
        row = work.connection.execute(statement, {"id": id}).first()
        if row is not None:
            return _held(row)
    return None


def _held(row: Found | None) -> Held:
    if row is None:
        raise _unknown()
    return Held(instance=_noun(row), state=bytes(row.content), bundle=row.bundle_id, digest=row.digest)


def _unknown() -> NotFound:
    return NotFound("Nie ma takiej sprawy.")
