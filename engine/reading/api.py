"""Looks for programs: what the API tells of definitions, instances, tasks and the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine import access, circumstances
from engine.errors import NotFound
from engine.forms import json_schema
from engine.model import (
    Deadline,
    Definition,
    Instance,
    InstanceId,
    JournalEntry,
    Json,
    Offer,
    Person,
    Step,
    Task,
    TaskDetails,
    TaskId,
    TaskState,
)
from engine.reading import instances as instance_looks
from engine.reading import tasks as task_looks
from engine.reading.views import Incident
from engine.store import deadlines, definitions, forms, incidents, instances, offers, people, steps, tasks
from engine.store.database import Work


@dataclass(frozen=True, kw_only=True)
class ElementLine:
    """One element of a diagram."""

    id: str
    kind: str  # BPMN tag without prefix
    name: str
    lane: str
    hint: str
    source: str


@dataclass(frozen=True, kw_only=True)
class DefinitionView:
    """One version of a process and what its diagram says."""

    definition: Definition
    documentation: str
    calls: tuple[str, ...]
    elements: tuple[ElementLine, ...]
    tasks: tuple[TaskDetails, ...]


@dataclass(frozen=True, kw_only=True)
class TaskLine:
    """One task with the role it belongs to at this moment and the login of who has it."""

    task: Task
    role: str
    login: str


@dataclass(frozen=True, kw_only=True)
class TaskForm:
    """The form of a task as programs fill it in."""

    key: str
    version: int
    schema: Mapping[str, Json]


@dataclass(frozen=True, kw_only=True)
class TaskView:
    """One task with its form, None when it has none."""

    line: TaskLine
    form: TaskForm | None


@dataclass(frozen=True, kw_only=True)
class TaskSlice:
    """One page of tasks; `next` is the cursor of the page after it, "" at the end."""

    items: tuple[TaskLine, ...]
    next: str


@dataclass(frozen=True, kw_only=True)
class InstanceView:
    """One instance with its steps, open tasks and open deadlines."""

    instance: Instance
    steps: tuple[Step, ...]  # in the order of entering
    tasks: tuple[TaskLine, ...]
    deadlines: tuple[Deadline, ...]
    offers: tuple[Offer, ...]
    incident: Incident | None


def definition_list(work: Work) -> tuple[Definition, ...]:
    """Of every process the newest version in use."""
    return definitions.latest_all(work)


def definition(work: Work, key: str, version: int) -> DefinitionView:
    """One version of a process, retired or not.

    Raises:
        NotFound: when there is no such version.
    """
    found = definitions.version(work, key, version)
    diagram = circumstances.diagram(work, found.id)
    return DefinitionView(
        definition=found,
        documentation=diagram.documentation,
        calls=diagram.calls,
        elements=tuple(
            ElementLine(id=one.id, kind=one.kind, name=one.name, lane=one.lane, hint=one.hint, source=one.source)
            for one in diagram.elements.values()
        ),
        tasks=tuple(diagram.tasks.values()),
    )


def definition_file(work: Work, key: str, version: int) -> bytes:
    """The file of a version, byte by byte as it was published.

    Raises:
        NotFound: when there is no such version.
    """
    return definitions.xml(work, definitions.version(work, key, version).id)


def instance(work: Work, viewer: Person, instance_id: InstanceId) -> InstanceView:
    """One instance.

    Raises:
        NotFound: when there is none, or this person may not see it.
    """
    found = instance_looks.seen(work, viewer, instance_id)
    stopped = incidents.of_instance(work, found.id)
    return InstanceView(
        instance=replace(found, variables=instance_looks.readable_variables(viewer, found)),
        steps=steps.of_instance(work, found.id),
        tasks=open_tasks(work, found.id),
        deadlines=deadlines.of_instance(work, found.id),
        offers=offers.of_instance(work, found.id),
        incident=Incident(element=stopped.element, message=stopped.message, at=stopped.at) if stopped else None,
    )


def open_tasks(work: Work, instance_id: InstanceId) -> tuple[TaskLine, ...]:
    """The open tasks of an instance, oldest first."""
    return _lines(work, tasks.of_instance(work, instance_id, state=TaskState.OPEN))


def task_list(
    work: Work,
    viewer: Person,
    *,
    instance: int | None,
    role: str,
    mine: bool,
    overdue: bool,
    due_before: datetime | None,
    limit: int,
    cursor: str,
) -> TaskSlice:
    """Open tasks, soonest deadline first; people of other institutions see only theirs."""
    items, following = task_looks.search(
        work,
        viewer,
        instance=instance,
        role=role,
        mine_only=mine,
        overdue=overdue,
        due_before=due_before,
        limit=limit,
        cursor=cursor,
    )
    return TaskSlice(items=_lines(work, items), next=following)


def task(work: Work, viewer: Person, task_id: TaskId) -> TaskView:
    """One task with its form.

    Raises:
        NotFound: when there is none, or it belongs to an instance this person may not see.
    """
    found, its_instance = _seen(work, viewer, task_id)
    return TaskView(line=line(work, found), form=_form(work, found, its_instance))


def instance_of_task(work: Work, viewer: Person, task_id: TaskId) -> InstanceId:
    """The instance of a task.

    Raises:
        NotFound: as `task`.
    """
    return _seen(work, viewer, task_id)[1].id


def line(work: Work, task: Task) -> TaskLine:
    """A task as lists show it."""
    return _lines(work, (task,))[0]


def journal_of(work: Work, viewer: Person, instance_id: InstanceId) -> tuple[JournalEntry, ...]:
    """The journal of an instance, oldest entry first.

    Raises:
        NotFound: when there is none, or this person may not see it.
    """
    return instance_looks.readable_journal(work, viewer, instance_looks.seen(work, viewer, instance_id))


def _seen(work: Work, viewer: Person, task_id: TaskId) -> tuple[Task, Instance]:
    found = tasks.get(work, task_id)
    its_instance = instances.get(work, found.instance)
    if not task_looks.sees(work, viewer, its_instance):
        raise NotFound("Nie ma takiego zadania.")
    return found, its_instance


def _form(work: Work, task: Task, its_instance: Instance) -> TaskForm | None:
    if task.form is None:
        return None
    form = circumstances.form_by_id(work, task.form)
    context = circumstances.form_context(work, its_instance, task, form)
    version = forms.get(work, task.form).version
    return TaskForm(key=form.key, version=version, schema=json_schema.export(form, context))


def _lines(work: Work, found: Collection[Task]) -> tuple[TaskLine, ...]:
    scopes = circumstances.scopes_in_force(work)
    assigned = {one.person for one in found if one.person is not None}
    logins = {one: people.get(work, one).login for one in assigned}
    return tuple(
        TaskLine(
            task=one,
            role=access.responsible(one.role, one.authority, scopes),
            login=logins[one.person] if one.person is not None else "",
        )
        for one in found
    )
