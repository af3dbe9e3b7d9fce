"""Counts what people have to do and have in their care, with few statements over all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, func, literal_column, select, union

from engine.model import PersonId
from engine.store.columns import Moment
from engine.store.database import Work
from engine.store.rows import Found
from engine.store.tables import absence, form, instance, task
from engine.store.task_ownership import OPEN


@dataclass(frozen=True, kw_only=True)
class Heap:
    """Tasks of one person, or of nobody, that are alike.

    Attributes:
        form, name: what is done, by the key of its form ("" for none) and the name of the step.
        late, week: how many of them are late, or end in the days asked for.
        oldest: when the oldest was opened; None for finished ones.
    """

    person: PersonId | None
    role: str
    authority: str
    form: str
    name: str
    count: int
    late: int = 0
    week: int = 0
    oldest: datetime | None = None


_DONE = task.c.state == literal_column("'done'")
_FORM_KEY = func.coalesce(form.c.key, "")
_KIND = (task.c.role, task.c.authority, _FORM_KEY.label("form"), task.c.name)
_SOURCE = task.outerjoin(form, form.c.id == task.c.form_id)
_NOW, _END = bindparam("now", type_=Moment), bindparam("end", type_=Moment)
_LATE = func.count(case((task.c.due_order < _NOW, 1)))
_WEEK = func.count(case(((task.c.due_order >= _NOW) & (task.c.due_order < _END), 1)))
_WAITING = (
    select(
        task.c.person_id,
        *_KIND,
        func.count().label("amount"),
        _LATE.label("late"),
        _WEEK.label("week"),
        func.min(task.c.opened_at).label("oldest"),
    )
    .select_from(_SOURCE)
    .where(OPEN)
    .group_by(task.c.person_id, task.c.role, task.c.authority, _FORM_KEY, task.c.name)
)
_OF_PEOPLE = _WAITING.where(task.c.person_id.in_(bindparam("people", expanding=True)))
_FINISHED = (
    select(task.c.done_by, *_KIND, func.count().label("amount"))
    .select_from(_SOURCE)
    .where(_DONE, task.c.done_at >= bindparam("first", type_=Moment), task.c.done_at < _END)
    .group_by(task.c.done_by, task.c.role, task.c.authority, _FORM_KEY, task.c.name)
)
_RUNNING = instance.c.state.in_(("running", "incident"))
_AGE = func.row_number().over(partition_by=(task.c.instance_id, task.c.role), order_by=task.c.id.desc())
_LAST = (
    select(
        func.coalesce(absence.c.person_id, task.c.done_by).label("person"),
        task.c.role,
        task.c.instance_id,
        _AGE.label("age"),
    )
    .select_from(
        task.join(instance, instance.c.id == task.c.instance_id).outerjoin(absence, absence.c.id == task.c.absence_id)
    )
    .where(_DONE, _RUNNING)
    .subquery()
)
_HAS = (
    select(task.c.person_id.label("person"), task.c.role, task.c.instance_id)
    .select_from(task.join(instance, instance.c.id == task.c.instance_id))
    .where(OPEN, _RUNNING, task.c.person_id.is_not(None))
)
_CARED = union(_HAS, select(_LAST.c.person, _LAST.c.role, _LAST.c.instance_id).where(_LAST.c.age == 1)).subquery()
_CASES = select(_CARED.c.person, _CARED.c.role, func.count().label("amount")).group_by(_CARED.c.person, _CARED.c.role)
_ALL_CASES = select(_CARED.c.person, func.count(_CARED.c.instance_id.distinct()).label("amount")).group_by(
    _CARED.c.person
)


def waiting(work: Work, *, week_end: datetime) -> tuple[Heap, ...]:
    """All open tasks, by whoever has them and by what they are."""
    rows = work.connection.execute(_WAITING, {"now": work.now, "end": week_end})
    return tuple(_heap(row) for row in rows)


def waiting_for(work: Work, people: Collection[PersonId], *, week_end: datetime) -> tuple[Heap, ...]:
    """The open tasks that these people have."""
    values = {"now": work.now, "end": week_end, "people": sorted(people)}
    return tuple(_heap(row) for row in work.connection.execute(_OF_PEOPLE, values))


def finished(work: Work, *, first: datetime, end: datetime) -> tuple[Heap, ...]:
    """What was finished from `first` until before `end`, by whoever did it."""
    rows = work.connection.execute(_FINISHED, {"first": first, "end": end})
    return tuple(
        Heap(
            person=PersonId(row.done_by),
            role=row.role,
            authority=row.authority,
            form=row.form,
            name=row.name,
            count=row.amount,
        )
        for row in rows
        if row.done_by is not None
    )


def cases(work: Work) -> tuple[tuple[PersonId, str, int], ...]:
    """Running cases in the care of each person in each role.

    A case is in the care of whoever has an open task of it or did the last task of the role; what a deputy did counts
    for the colleague who was away. A person who is in one case by two roles counts once for each; under the role ""
    she counts once.
    """
    by_role = [(PersonId(row.person), str(row.role), int(row.amount)) for row in work.connection.execute(_CASES)]
    whole = [(PersonId(row.person), "", int(row.amount)) for row in work.connection.execute(_ALL_CASES)]
    return (*by_role, *whole)


def _heap(row: Found) -> Heap:
    return Heap(
        person=None if row.person_id is None else PersonId(row.person_id),
        role=row.role,
        authority=row.authority,
        form=row.form,
        name=row.name,
        count=row.amount,
        late=row.late,
        week=row.week,
        oldest=row.oldest,
    )
