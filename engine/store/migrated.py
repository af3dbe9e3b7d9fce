"""Keeps what migrations changed of an instance, so that each can be taken back exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select, update

from engine.model import (
    DeadlineKind,
    DefinitionId,
    FormId,
    Instance,
    InstanceId,
    InstanceState,
    Json,
    PersonId,
    StepMove,
    TaskDetails,
    TaskId,
    TaskState,
    TimerWait,
)
from engine.store import instances, tasks
from engine.store.columns import Moment
from engine.store.database import Work
from engine.store.rows import Found, insert_all, insert_one
from engine.store.tables import (
    attachment,
    deadline,
    definition,
    draft,
    instance,
    message_wait,
    migration,
    notice,
    offer,
    step,
    task,
    task_candidate,
)

WAITS = (deadline, message_wait, offer)  # rows that are kept whole
_ON_THEIR_WAY = (DeadlineKind.ESCALATE.value, DeadlineKind.FOLLOW_UP.value)  # what a taken-back move leaves alone
_OF_PEOPLE = frozenset({"person_id", "returns_to", "absence_id", "follow_up_at"})  # the same of a task
MOVABLE = (InstanceState.RUNNING, InstanceState.INCIDENT)


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One move of an instance to another version."""

    id: int
    instance: InstanceId
    at: datetime
    from_definition: DefinitionId
    to_definition: DefinitionId
    revision: int  # of the instance after it
    undone: bool
    state: bytes  # of the instance before it
    before: Mapping[str, Any]


_ON_VERSION = (
    select(instance.c.id)
    .where(instance.c.definition_id == bindparam("of"), instance.c.state.in_([one.value for one in MOVABLE]))
    .order_by(instance.c.id)
)
_COUNTS = (
    select(definition.c.version, func.count().label("number"))
    .join(instance, instance.c.definition_id == definition.c.id)
    .where(definition.c.key == bindparam("key"), instance.c.state.in_([one.value for one in MOVABLE]))
    .group_by(definition.c.version)
)
_LAST = select(migration).where(migration.c.instance_id == bindparam("of")).order_by(migration.c.id.desc()).limit(1)
_UNDOABLE = (
    select(migration.c.instance_id)
    .join(instance, (instance.c.id == migration.c.instance_id) & (instance.c.revision == migration.c.revision))
    .where(migration.c.to_definition == bindparam("of"), migration.c.undone_at.is_(None))
    .order_by(migration.c.id.desc())
    .limit(bindparam("most"))
)


def on_version(work: Work, definition: DefinitionId) -> tuple[InstanceId, ...]:
    """The instances of a version that are not over, the oldest first."""
    return tuple(InstanceId(one) for one in work.connection.scalars(_ON_VERSION, {"of": definition}))


def counts(work: Work, key: str) -> Mapping[int, int]:
    """How many instances of each version of a process are not over."""
    rows = work.connection.execute(_COUNTS, {"key": key})
    return {int(row.version): int(row.number) for row in rows}


def undoable(work: Work, definition: DefinitionId, limit: int) -> tuple[Instance, ...]:
    """Instances that came to a version by a migration after which nothing has happened, the last ones first."""
    found = work.connection.scalars(_UNDOABLE, {"of": definition, "most": limit})
    return tuple(instances.get(work, InstanceId(one)) for one in found)


def snapshot(work: Work, id: InstanceId) -> dict[str, Json]:
    """The rows of an instance that a migration may change, as they are."""
    open_tasks = _rows(work, task, (task.c.instance_id == id) & (task.c.state == TaskState.OPEN.value))
    ids = [one["id"] for one in open_tasks]
    return {
        "last_step": work.connection.scalar(select(func.max(step.c.id)).where(step.c.instance_id == id)) or 0,
        "last_task": work.connection.scalar(select(func.max(task.c.id)).where(task.c.instance_id == id)) or 0,
        "step": _rows(work, step, (step.c.instance_id == id) & (step.c.state == "active")),
        "task": open_tasks,
        "task_candidate": _rows(work, task_candidate, task_candidate.c.task_id.in_(ids)),
        "instance": _rows(work, instance, instance.c.id == id),
        **{one.name: _rows(work, one, one.c.instance_id == id) for one in WAITS},
    }


def bind(work: Work, id: InstanceId, definition: DefinitionId, bundle: int) -> None:
    """Lets an instance run on another version."""
    changed = update(instance).where(instance.c.id == id).values(definition_id=definition, bundle_id=bundle)
    work.connection.execute(changed)


def follow_steps(work: Work, id: InstanceId, standing: Sequence[StepMove]) -> None:
    """Gives the steps that tokens stand on the element and name that they have in the new diagram."""
    for one in standing:
        here = (step.c.instance_id == id) & (step.c.key == one.key) & (step.c.state == "active")
        values = {"element": one.element, "process": one.process, "name": one.name, "kind": one.kind}
        work.connection.execute(update(step).where(here).values(values))


def follow_timers(work: Work, id: InstanceId, timers: Sequence[TimerWait]) -> None:
    """Gives the deadlines of timers the element and name that they have in the new diagram."""
    for one in timers:
        here = (deadline.c.instance_id == id) & (deadline.c.key == one.key)
        work.connection.execute(update(deadline).where(here).values(element=one.element, name=one.name))


def follow_task(
    work: Work,
    id: TaskId,
    details: TaskDetails,
    *,
    form: FormId | None,
    candidates: Sequence[PersonId],
) -> None:
    """Lets an open task say what the new diagram says of it; its person, draft and dates stay."""
    values = tasks.columns(details, form=form, restricted=bool(candidates))
    work.connection.execute(update(task).where(task.c.id == id).values(values))
    named = {"element": details.element, "name": details.name}
    work.connection.execute(update(deadline).where(deadline.c.task_id == id).values(named))
    work.connection.execute(delete(task_candidate).where(task_candidate.c.task_id == id))
    rows = [{"task_id": id, "person_id": one} for one in dict.fromkeys(candidates)]
    insert_all(work, task_candidate, rows)


def keep(
    work: Work,
    held: instances.Held,
    by: PersonId,
    *,
    definition: DefinitionId,
    bundle: int,
    before: Mapping[str, Json],
) -> None:
    """Enters a migration that has just been made.

    Args:
        held: the instance as it was before.
        before: from `snapshot`.
    """
    values = {
        "instance_id": held.instance.id,
        "at": work.now,
        "person_id": by,
        "from_definition": held.instance.definition,
        "from_bundle": held.bundle,
        "to_definition": definition,
        "to_bundle": bundle,
        "revision": held.instance.revision + 1,
        "before": dict(before),
        "state": held.state,
    }
    insert_one(work, migration, values)


def last(work: Work, id: InstanceId) -> Migration | None:
    """The last migration of an instance, taken back or not."""
    row = work.connection.execute(_LAST, {"of": id}).first()
    return None if row is None else _noun(row)


def restore(work: Work, kept: Migration) -> None:
    """Brings all rows back that a migration changed; who has a task by now keeps it.

    Raises:
        Conflict: the instance has moved on since it was read.
    """
    id, before = kept.instance, kept.before
    (row,) = before["instance"]
    state, variables = InstanceState(row["state"]), row["variables"]
    instances.move(work, id, kept.revision, state=kept.state, variables=variables, now_state=state)
    bind(work, id, DefinitionId(row["definition_id"]), row["bundle_id"])
    work.connection.execute(delete(step).where(step.c.instance_id == id, step.c.id > before["last_step"]))
    _put_back(work, step, before["step"])
    _drop_waits(work, id, [one["id"] for one in before["task"]])
    _restore_tasks(work, id, before)
    known = set(work.connection.execute(select(deadline.c.kind, deadline.c.key).where(deadline.c.instance_id == id)))
    for table in WAITS:
        rows = [one for one in before[table.name] if table is not deadline or (one["kind"], one["key"]) not in known]
        insert_all(work, table, [_values(table, one) for one in rows])
    work.connection.execute(update(migration).where(migration.c.id == kept.id).values(undone_at=work.now))


def _drop_waits(work: Work, id: InstanceId, known: Sequence[int]) -> None:
    """All of them, but for what is on its way because of tasks that were there before."""
    stays = deadline.c.kind.in_(_ON_THEIR_WAY) & deadline.c.task_id.in_(known)
    work.connection.execute(delete(deadline).where(deadline.c.instance_id == id, ~stays))
    for table in (message_wait, offer):
        work.connection.execute(delete(table).where(table.c.instance_id == id))


def _restore_tasks(work: Work, id: InstanceId, before: Mapping[str, Any]) -> None:
    new = list(
        work.connection.scalars(select(task.c.id).where(task.c.instance_id == id, task.c.id > before["last_task"]))
    )
    used = set().union(
        *(work.connection.scalars(select(one.c.task_id).where(one.c.task_id.in_(new))) for one in (attachment, notice))
    )
    for one in new:
        work.connection.execute(delete(draft).where(draft.c.task_id == one))
        work.connection.execute(delete(task_candidate).where(task_candidate.c.task_id == one))
        if one in used:
            tasks.cancel(work, TaskId(one))  # the files are somebody's work, and a notice may have been read
        else:
            work.connection.execute(delete(task).where(task.c.id == one))
    kept = [{key: value for key, value in one.items() if key not in _OF_PEOPLE} for one in before["task"]]
    _put_back(work, task, kept)
    ids = [one["id"] for one in before["task"]]
    work.connection.execute(delete(task_candidate).where(task_candidate.c.task_id.in_(ids)))
    insert_all(work, task_candidate, before["task_candidate"])


def _put_back(work: Work, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    for one in rows:
        values = {name: value for name, value in _values(table, one).items() if name != "id"}
        work.connection.execute(update(table).where(table.c.id == one["id"]).values(values))


def _rows(work: Work, table: Table, condition: Any) -> list[Any]:
    order = [*table.primary_key.columns]
    found = work.connection.execute(select(table).where(condition).order_by(*order))
    return [{name: _said(value) for name, value in row._mapping.items()} for row in found]


def _said(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _values(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(value) if value is not None and isinstance(table.c[name].type, Moment) else value
        for name, value in row.items()
    }


def _noun(row: Found) -> Migration:
    return Migration(
        id=row.id,
        instance=InstanceId(row.instance_id),
        at=row.at,
        from_definition=DefinitionId(row.from_definition),
        to_definition=DefinitionId(row.to_definition),
        revision=row.revision,
        undone=row.undone_at is not None,
        state=bytes(row.state),
        before=row.before,
    )
