"""Keeps tasks: what waits for whom, since when and until when."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, update

from engine.errors import Conflict, NotFound
from engine.model import (
    FormId,
    InstanceId,
    Json,
    PersonId,
    Task,
    TaskDetails,
    TaskId,
    TaskState,
    UnitId,
)
from engine.store import deadlines, task_terms
from engine.store.columns import Id, searchable
from engine.store.database import Work
from engine.store.rows import Found, insert_all, insert_one
from engine.store.tables import absence, definition, form, instance, person, task, task_candidate
from engine.store.task_ownership import OPEN
from engine.store.task_search import NEVER, TaskCounts, TaskFilter, TaskPage, counts_of, page_of

__all__ = [
    "NewTask",
    "TaskCounts",
    "TaskFilter",
    "TaskPage",
    "assign",
    "cancel",
    "candidates",
    "columns",
    "counts",
    "details",
    "finish",
    "get",
    "last_done_by",
    "of_instance",
    "oldest_open",
    "open_keys",
    "open_of_instances",
    "open_task",
    "open_tasks",
    "prioritise",
    "search",
    "seen",
    "take_back",
    "units_of_doers",
]

# What a row tells in columns of its own; the rest of the details is kept as JSON, as far as it says anything.
_IN_COLUMNS = ("element", "process", "name", "role", "priority", "authority")
_DEFAULTS = {one.name: one.default for one in fields(TaskDetails) if one.name not in _IN_COLUMNS}

_LIST = select(
    task.c.id,
    task.c.key,
    task.c.instance_id,
    instance.c.number.label("instance_number"),
    instance.c.title.label("instance_title"),
    definition.c.key.label("definition_key"),
    definition.c.name.label("definition_name"),
    task.c.element,
    task.c.process,
    task.c.name,
    task.c.role,
    task.c.authority,
    task.c.form_id,
    form.c.key.label("form_key"),
    task.c.priority,
    task.c.state,
    task.c.person_id,
    person.c.name.label("person_name"),
    task.c.opened_at,
    task.c.due_at,
    task.c.done_at,
    task.c.done_by,
    task.c.restricted,
    task.c.about,
    task.c.target_at,
    task.c.remind_at,
    task.c.follow_up_at,
    task.c.paused_at,
    task.c.returns_to,
    task.c.absence_id,
    task.c.term,
).select_from(
    task.join(instance, task.c.instance_id == instance.c.id)
    .join(definition, instance.c.definition_id == definition.c.id)
    .outerjoin(form, task.c.form_id == form.c.id)
    .outerjoin(person, task.c.person_id == person.c.id)
)
_GET = _LIST.where(task.c.id == bindparam("of"))
_OPEN_KEYS = select(task.c.key, task.c.id).where(task.c.instance_id == bindparam("of"), OPEN).order_by(task.c.id)
_DETAILS = select(*(task.c[name] for name in _IN_COLUMNS), task.c.details).where(task.c.id == bindparam("of"))
_SEEN = select(task.c.seen).where(task.c.id == bindparam("of"))
_CANDIDATES = select(task_candidate.c.person_id).where(task_candidate.c.task_id == bindparam("of"))
_OPEN_ONE = update(task).where(task.c.id == bindparam("of"), OPEN)
# What comes back says whether deadlines wait because of the task; for one without dates nothing needs to be dropped.
_TIMED = (task.c.due_at, task.c.follow_up_at)
_FINISH = _OPEN_ONE.values(state=TaskState.DONE.value, done_at=bindparam("at"), done_by=bindparam("who")).returning(
    *_TIMED
)
_CANCEL = _OPEN_ONE.values(state=TaskState.CANCELLED.value, done_at=bindparam("at")).returning(*_TIMED)
_TAKE_BACK = (
    update(task)
    .where(task.c.instance_id == bindparam("of"), task.c.key == bindparam("passed"), OPEN)
    .values(state=TaskState.CANCELLED.value, done_at=bindparam("at"))
)
_OF_INSTANCE = _LIST.where(task.c.instance_id == bindparam("of")).order_by(task.c.id)
_OF_INSTANCE_OPEN = _OF_INSTANCE.where(OPEN)
_OLDEST_OPEN = _OF_INSTANCE_OPEN.limit(bindparam("most"))
_OF_INSTANCE_IN = _OF_INSTANCE.where(task.c.state == bindparam("state"))
_DONE = (task.c.instance_id == bindparam("of")) & (task.c.state == literal_column("'done'"))
_LAST_DONE = (
    # What a deputy did counts for the colleague who was away: with her the case stays.
    select(func.coalesce(absence.c.person_id, task.c.done_by))
    .select_from(task.outerjoin(absence, absence.c.id == task.c.absence_id))
    .where(_DONE, task.c.role == bindparam("of_role"))
    .order_by(task.c.id.desc())  # along the index, so that the first one found is enough
    .limit(1)
)
_DOERS = select(person.c.unit_id).join(task, task.c.done_by == person.c.id).where(_DONE).distinct()
_IDS = select(task.c.key, task.c.id).where(
    task.c.instance_id == bindparam("of"), task.c.key.in_(bindparam("keys", expanding=True))
)
# The day on which somebody wanted to come back to it was her own.
_ASSIGN = _OPEN_ONE.values(
    person_id=bindparam("who"),
    follow_up_at=None,
    returns_to=bindparam("back_to", type_=Id),
    absence_id=bindparam("away", type_=Id),
)
_PRIORITISE = _OPEN_ONE.values(priority=bindparam("now_priority"))


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """A task that is to be opened.

    Attributes:
        key: the runner's key, unique within the instance.
        candidates: when there are any, only these people may take it.
        about, local, closed: see `OpenTask`.
        person: who has it from the start.
        absence: by which she has it, in somebody's place.
        target_at, remind_at, term: see `Task`.
    """

    key: str
    details: TaskDetails
    form: FormId | None
    due_at: datetime | None
    candidates: Sequence[PersonId] = ()
    person: PersonId | None = None
    absence: int | None = None
    about: str = ""
    local: Mapping[str, Json] = field(default_factory=dict)
    closed: bool = False
    target_at: datetime | None = None
    remind_at: datetime | None = None
    term: Mapping[str, Json] = field(default_factory=dict)


def open_task(work: Work, instance: InstanceId, new: NewTask) -> TaskId:
    """Lays a task before those who may take it."""
    id = TaskId(insert_one(work, task, _opened(work, instance, new)))
    insert_all(work, task_candidate, [{"task_id": id, "person_id": one} for one in dict.fromkeys(new.candidates)])
    return id


def open_tasks(work: Work, instance: InstanceId, new: Sequence[NewTask]) -> Mapping[str, TaskId]:
    """The same for many; without candidates they take one statement.

    Returns:
        The ids of those that have an end, by key.
    """
    if len(new) == 1 or any(one.candidates for one in new):
        made = {one.key: open_task(work, instance, one) for one in new}
        return {one.key: made[one.key] for one in new if one.due_at is not None}
    insert_all(work, task, [_opened(work, instance, one) for one in new])
    timed = [one.key for one in new if one.due_at is not None]
    rows = work.connection.execute(_IDS, {"of": instance, "keys": timed}) if timed else ()
    return {row.key: TaskId(row.id) for row in rows}


def columns(details: TaskDetails, *, form: FormId | None, restricted: bool) -> dict[str, object]:
    """What of a task's row comes from the diagram, apart from its dates."""
    return {
        **{name: getattr(details, name) for name in _IN_COLUMNS},
        "form_id": form,
        "restricted": restricted,
        "searchable": searchable(details.name),
        "details": _remaining(details),
    }


def open_keys(work: Work, instance: InstanceId) -> Mapping[str, TaskId]:
    """The open tasks of an instance by the runner's key, oldest first."""
    return {row.key: TaskId(row.id) for row in work.connection.execute(_OPEN_KEYS, {"of": instance})}


def take_back(work: Work, instance: InstanceId, keys: Collection[str]) -> None:
    """Takes tasks back because the diagram did; of keys that belong to no open task nothing happens."""
    if not keys:
        return
    taken = work.connection.execute(_TAKE_BACK, [{"of": instance, "passed": one, "at": work.now} for one in keys])
    if taken.rowcount != 0:
        task_terms.drop_closed(work, instance)


def cancel(work: Work, id: TaskId) -> None:
    """Takes a task back because the diagram did; one that is no longer open stays what it is."""
    _drop_deadlines(work, id, work.connection.execute(_CANCEL, {"of": id, "at": work.now}).first())


def finish(work: Work, id: TaskId, by: PersonId) -> None:
    """Notes that `by` did the task.

    Raises:
        Conflict: it is no longer open.
    """
    row = work.connection.execute(_FINISH, {"of": id, "at": work.now, "who": by}).first()
    if row is None:
        raise _closed()
    _drop_deadlines(work, id, row)


def assign(
    work: Work, id: TaskId, person: PersonId | None, *, returns_to: PersonId | None = None, absence: int | None = None
) -> None:
    """Gives an open task to a person, or back to everybody who may take it.

    Args:
        returns_to: who lends it.
        absence: by which the person has it, in somebody's place.

    Raises:
        Conflict: it is no longer open.
    """
    values = {"of": id, "who": person, "back_to": returns_to, "away": absence}
    if work.connection.execute(_ASSIGN, values).rowcount == 0:
        raise _closed()


def prioritise(work: Work, id: TaskId, priority: int) -> None:
    """Gives an open task another priority.

    Raises:
        Conflict: it is no longer open.
    """
    if work.connection.execute(_PRIORITISE, {"of": id, "now_priority": priority}).rowcount == 0:
        raise _closed()


def get(work: Work, id: TaskId) -> Task:
    """The task with this id.

    Raises:
        NotFound: there is none.
    """
    row = work.connection.execute(_GET, {"of": id}).first()
    if row is None:
        raise _unknown()
    return _noun(row)


def details(work: Work, id: TaskId) -> TaskDetails:
    """What the diagram said of the task when it was opened.

    Raises:
        NotFound: there is no such task.
    """
    row = work.connection.execute(_DETAILS, {"of": id}).first()
    if row is None:
        raise _unknown()
    known: dict[str, Any] = {name: row._mapping[name] for name in _IN_COLUMNS}
    for name, value in row.details.items():
        if name in _DEFAULTS:
            known[name] = tuple(value) if isinstance(value, list) else value
    return TaskDetails(**known)


def seen(work: Work, id: TaskId, variables: Mapping[str, Json]) -> dict[str, Json]:
    """The variables that the people of a task see, as it was opened.

    Args:
        variables: of its instance.
    """
    found = work.connection.scalar(_SEEN, {"of": id}) or {}
    outer = {} if found.get("closed") else variables
    return {**outer, **found.get("local", {})}


def candidates(work: Work, id: TaskId) -> frozenset[PersonId]:
    """The only people who may take the task; empty when its role decides."""
    return frozenset(PersonId(one) for one in work.connection.scalars(_CANDIDATES, {"of": id}))


def of_instance(work: Work, id: InstanceId, *, state: TaskState | None = None) -> tuple[Task, ...]:
    """The tasks of an instance in the order of opening.

    Args:
        state: only those; None for all.
    """
    if state is None or state is TaskState.OPEN:  # the open ones have an index of their own
        rows = work.connection.execute(_OF_INSTANCE if state is None else _OF_INSTANCE_OPEN, {"of": id})
    else:
        rows = work.connection.execute(_OF_INSTANCE_IN, {"of": id, "state": state.value})
    return tuple(_noun(row) for row in rows)


def oldest_open(work: Work, id: InstanceId, most: int) -> tuple[Task, ...]:
    """At most so many open tasks of an instance, in the order of opening."""
    return tuple(_noun(row) for row in work.connection.execute(_OLDEST_OPEN, {"of": id, "most": most}))


def last_done_by(work: Work, id: InstanceId, role: str) -> PersonId | None:
    """Who did the last task of a role in an instance, or was away while a deputy did; None when nobody has yet."""
    found = work.connection.scalar(_LAST_DONE, {"of": id, "of_role": role})
    return None if found is None else PersonId(found)


def units_of_doers(work: Work, id: InstanceId) -> frozenset[UnitId]:
    """The units of everybody who did a task of an instance."""
    return frozenset(UnitId(one) for one in work.connection.scalars(_DOERS, {"of": id}) if one is not None)


def open_of_instances(work: Work, ids: Collection[InstanceId]) -> Mapping[InstanceId, tuple[Task, ...]]:
    """The open tasks of several instances; an instance without any is left out."""
    wanted = _LIST.where(task.c.instance_id.in_(sorted(ids)), OPEN).order_by(task.c.id)
    found: dict[InstanceId, tuple[Task, ...]] = {}
    for row in work.connection.execute(wanted):
        found[InstanceId(row.instance_id)] = (*found.get(InstanceId(row.instance_id), ()), _noun(row))
    return found


def search(work: Work, filter: TaskFilter) -> TaskPage:
    """Open tasks that fit: soonest deadline first, those without one last, then by priority."""
    rows, after = page_of(work, _LIST, filter)
    return TaskPage(items=tuple(_noun(row) for row in rows), after=after)


def counts(work: Work, filter: TaskFilter, *, now: datetime, day_end: datetime, week_end: datetime) -> TaskCounts:
    """How many open tasks fit, in all and by deadline, and how many the team could take besides.

    Args:
        filter: its limit, cursor and bounds in time do not count.
        now: what was due before is late; today and week count from here.
    """
    return counts_of(work, filter, now=now, day_end=day_end, week_end=week_end)


def _opened(work: Work, instance: InstanceId, new: NewTask) -> dict[str, object]:
    return {
        **columns(new.details, form=new.form, restricted=bool(new.candidates)),
        "due_at": new.due_at,
        "due_order": new.due_at or NEVER,
        "target_at": new.target_at,
        "remind_at": new.remind_at,
        "term": dict(new.term),
        "instance_id": instance,
        "key": new.key,
        "state": TaskState.OPEN.value,
        "person_id": new.person,
        "absence_id": new.absence,
        "about": new.about,
        "seen": {"local": dict(new.local), "closed": new.closed} if new.local or new.closed else {},
        "opened_at": work.now,
    }


def _drop_deadlines(work: Work, id: TaskId, row: Found | None) -> None:
    if row is not None and any(one is not None for one in row):
        deadlines.drop_of_task(work, id)


def _remaining(details: TaskDetails) -> dict[str, Json]:
    found = {name: getattr(details, name) for name, default in _DEFAULTS.items() if getattr(details, name) != default}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()}


def _noun(row: Found) -> Task:
    return Task(
        id=TaskId(row.id),
        key=row.key,
        instance=InstanceId(row.instance_id),
        instance_number=row.instance_number,
        instance_title=row.instance_title,
        definition_key=row.definition_key,
        definition_name=row.definition_name,
        element=row.element,
        process=row.process,
        name=row.name,
        role=row.role,
        authority=row.authority,
        form=None if row.form_id is None else FormId(row.form_id),
        form_key=row.form_key or "",
        priority=row.priority,
        state=TaskState(row.state),
        person=None if row.person_id is None else PersonId(row.person_id),
        person_name=row.person_name or "",
        opened_at=row.opened_at,
        due_at=row.due_at,
        done_at=row.done_at,
        done_by=None if row.done_by is None else PersonId(row.done_by),
        restricted=row.restricted,
        about=row.about,
        target_at=row.target_at,
        remind_at=row.remind_at,
        follow_up_at=row.follow_up_at,
        paused_at=row.paused_at,
        returns_to=None if row.returns_to is None else PersonId(row.returns_to),
        absence=row.absence_id,
        term=row.term,
    )


def _closed() -> Conflict:
    return Conflict("To zadanie nie jest już otwarte: ktoś je wykonał albo sprawa poszła inną drogą. Odśwież listę.")


def _unknown() -> NotFound:
    return NotFound("Nie ma takiego zadania.")
