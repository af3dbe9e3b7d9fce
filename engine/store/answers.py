"""Keeps what people said in tasks, and their drafts, sealed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from engine.model import Answers, FormId, InstanceId, Json, PersonId, TaskId
from engine.store import tables
from engine.store.columns import from_json, to_json
from engine.store.database import Work
from engine.store.rows import Found, insert_all


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a person has typed so far, as it came from the page."""

    raw: Mapping[str, Json]
    saved_at: datetime
    by: str
    person: PersonId


_SAID, _TYPED, _PERSON = tables.answers, tables.draft, tables.person
_LIST = select(
    _SAID.c.task_id,
    _SAID.c.form_id,
    tables.form.c.key.label("form_key"),
    tables.task.c.name.label("task_name"),
    _SAID.c.at,
    _PERSON.c.name.label("by_name"),
    _SAID.c.sealed,
).select_from(
    _SAID.join(tables.form, _SAID.c.form_id == tables.form.c.id)
    .join(tables.task, _SAID.c.task_id == tables.task.c.id)
    .join(_PERSON, _SAID.c.by == _PERSON.c.id)
)
_OF_TASK = _LIST.where(_SAID.c.task_id == bindparam("of"))
_OF_INSTANCE = _LIST.where(_SAID.c.instance_id == bindparam("of")).order_by(_SAID.c.at, _SAID.c.task_id)
_AGE = func.row_number().over(partition_by=tables.form.c.key, order_by=(_SAID.c.at.desc(), _SAID.c.task_id.desc()))
_RANKED = (
    select(_SAID.c.task_id, _AGE.label("age"))
    .join(tables.form, _SAID.c.form_id == tables.form.c.id)
    .where(_SAID.c.instance_id == bindparam("of"))
    .subquery()
)
# The rows themselves hold what was said: only those are fetched that are the newest of their form.
_LATEST = _LIST.where(_SAID.c.task_id.in_(select(_RANKED.c.task_id).where(_RANKED.c.age == 1)))
_DRAFTS = (
    select(_TYPED.c.saved_at, _TYPED.c.sealed, _TYPED.c.person_id, _PERSON.c.name.label("by_name"))
    .select_from(_TYPED.join(_PERSON, _TYPED.c.person_id == _PERSON.c.id))
    .where(_TYPED.c.task_id == bindparam("of"))
    .order_by(_TYPED.c.saved_at.desc(), _TYPED.c.person_id)
)
_DROP_DRAFT = delete(_TYPED).where(_TYPED.c.task_id == bindparam("of"))


def save_draft(work: Work, task: TaskId, person: PersonId, raw: Mapping[str, object]) -> None:
    """Keeps the draft of a person, in place of her one before; those of others stay."""
    sealed = work.sealer.seal(to_json(dict(raw)), f"draft:{task}")
    values = {"saved_at": work.now, "sealed": sealed}
    own = (_TYPED.c.task_id == task) & (_TYPED.c.person_id == person)
    if work.connection.execute(update(_TYPED).where(own).values(values)).rowcount == 0:
        work.connection.execute(insert(_TYPED).values(task_id=task, person_id=person, **values))


def drafts(work: Work, task: TaskId) -> tuple[Draft, ...]:
    """The drafts of a task, one of each person who typed, newest first.

    Raises:
        Misconfigured: one was sealed with another key.
    """
    rows = work.connection.execute(_DRAFTS, {"of": task}).all()
    opened = [from_json(work.sealer.open(row.sealed, f"draft:{task}")) for row in rows]
    return tuple(
        Draft(
            raw=raw if isinstance(raw, dict) else {},
            saved_at=row.saved_at,
            by=row.by_name,
            person=PersonId(row.person_id),
        )
        for row, raw in zip(rows, opened, strict=True)
    )


def draft(work: Work, task: TaskId) -> Draft | None:
    """The newest draft of a task, whoever typed it.

    Raises:
        Misconfigured: one was sealed with another key.
    """
    return next(iter(drafts(work, task)), None)


def drop_draft(work: Work, task: TaskId) -> None:
    """Forgets the drafts of a task, if there are any."""
    work.connection.execute(_DROP_DRAFT, {"of": task})


def add(
    work: Work, *, task: TaskId, instance: InstanceId, form: FormId, values: Mapping[str, Json], by: PersonId
) -> None:
    """Keeps the answers of a task.

    Raises:
        Conflict: the task has answers already.
    """
    row = {
        "task_id": task,
        "instance_id": instance,
        "form_id": form,
        "at": work.now,
        "by": by,
        "sealed": work.sealer.seal(to_json(dict(values)), f"answers:{task}"),
    }
    insert_all(work, _SAID, [row])


def of_task(work: Work, task: TaskId) -> Answers | None:
    """What was said in a task.

    Raises:
        Misconfigured: it was sealed with another key.
    """
    found = _nouns(work, work.connection.execute(_OF_TASK, {"of": task}))
    return found[0] if found else None


def latest_by_form(work: Work, instance: InstanceId) -> Mapping[str, Answers]:
    """Of every form that was filled in an instance the newest answers, by the form's key.

    Raises:
        Misconfigured: they were sealed with another key.
    """
    return {one.form_key: one for one in _nouns(work, work.connection.execute(_LATEST, {"of": instance}))}


def of_instance(work: Work, instance: InstanceId) -> tuple[Answers, ...]:
    """All answers of an instance, oldest first.

    Raises:
        Misconfigured: they were sealed with another key.
    """
    return _nouns(work, work.connection.execute(_OF_INSTANCE, {"of": instance}))


def _nouns(work: Work, rows: Iterable[Found]) -> tuple[Answers, ...]:
    return tuple(
        Answers(
            task=TaskId(row.task_id),
            form=FormId(row.form_id),
            form_key=row.form_key,
            task_name=row.task_name,
            values=_opened(work, row),
            at=row.at,
            by=row.by_name,
        )
        for row in rows
    )


def _opened(work: Work, row: Found) -> Mapping[str, Json]:
    values = from_json(work.sealer.open(row.sealed, f"answers:{row.task_id}"))
    return values if isinstance(values, dict) else {}
