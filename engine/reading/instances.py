"""Looks at instances: the list, the page of one, the start of a new one."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine import access, circumstances
from engine.bpmn import drawing
from engine.errors import NotFound
from engine.model import (
    Attachment,
    DeadlineKind,
    DefinitionId,
    Instance,
    InstanceId,
    InstanceState,
    JournalEntry,
    Json,
    Person,
    Step,
    StepState,
    Task,
    TaskState,
)
from engine.reading import decisions as decision_looks
from engine.reading import tasks as task_looks
from engine.reading.views import Diagram, Incident, InstanceList, InstancePage, InstanceRow, OfferLine, StartPage
from engine.store import (
    attachments,
    bindings,
    deadlines,
    definitions,
    duties,
    incidents,
    instances,
    journal,
    offers,
    people,
    steps,
    task_terms,
    tasks,
)
from engine.store.database import Work
from engine.store.instances import InstanceFilter

PAGE = 25
DONE = drawing.Mark(state="done")
ACTIVE = drawing.Mark(state="active")
LATE = drawing.Mark(state="late", badge="po terminie")
HUMAN = frozenset({"userTask", "manualTask"})
STATES = {
    "running": (InstanceState.RUNNING, InstanceState.INCIDENT),
    "completed": (InstanceState.COMPLETED,),
    "cancelled": (InstanceState.CANCELLED,),
    "incident": (InstanceState.INCIDENT,),
}


def listing(
    work: Work, viewer: Person, *, text: str = "", state: str = "", definition: str = "", before: str = ""
) -> InstanceList:
    """`Sprawy`: newest first, with the steps that are open now."""
    found = instances.search(
        work,
        InstanceFilter(
            text=text,
            states=STATES.get(state, ()),
            definition_key=definition,
            mine=None if access.sees_all_instances(viewer) else viewer.id,
            limit=PAGE,
            before=before,
        ),
    )
    open_tasks = tasks.open_of_instances(work, [one.id for one in found.items])
    scopes = circumstances.scopes_in_force(work)
    return InstanceList(
        items=tuple(_row(work, one, task_looks.as_of_now(open_tasks.get(one.id, ()), scopes)) for one in found.items),
        text=text,
        state=state if state in STATES else "",
        definition=definition,
        definitions=startable(work),
        before=found.before,
    )


def page(work: Work, viewer: Person, instance_id: InstanceId) -> InstancePage:
    """Everything the page of one instance shows.

    Raises:
        NotFound: when there is none, or this person may not see it.
    """
    instance = seen(work, viewer, instance_id)
    passed = steps.of_instance(work, instance.id)
    its_tasks = task_looks.as_of_now(tasks.of_instance(work, instance.id), circumstances.scopes_in_force(work))
    late = frozenset(one.element for one in its_tasks if _late(work, one))
    stopped = incidents.of_instance(work, instance.id)
    starter = people.get(work, instance.started_by).name if instance.started_by is not None else ""
    return InstancePage(
        instance=instance,
        started_by=starter,
        diagrams=diagrams(work, instance, passed, late),
        decisions=decision_looks.bound(work, instance.id),
        steps=passed,
        human_steps=tuple(one for one in reversed(passed) if one.kind in HUMAN),
        tasks=tuple(sorted(its_tasks, key=lambda one: one.state is not TaskState.OPEN)),
        answers=task_looks.earlier(work, instance, viewer),
        attachments=readable_attachments(work, viewer, instance),
        offers=_offers(work, viewer, instance),
        deadlines=tuple(one for one in deadlines.of_instance(work, instance.id) if one.kind is DeadlineKind.TIMER),
        term_changes=task_terms.changes_in(work, instance.id),
        journal=readable_journal(work, viewer, instance),
        incident=Incident(element=stopped.element, message=stopped.message, at=stopped.at) if stopped else None,
        late_count=sum(1 for one in its_tasks if _late(work, one)),
        late=late,
        context=circumstances.reading_context(work, instance),
    )


def _offers(work: Work, viewer: Person, instance: Instance) -> tuple[OfferLine, ...]:
    """What may be begun at any moment, then what may be ended; nothing while the instance stands still."""
    found = offers.of_instance(work, instance.id) if instance.state is InstanceState.RUNNING else ()
    versions = bindings.versions(work, instance.id) if found else {}
    lines = []
    for one in sorted(found, key=lambda offer: offer.closing):
        elements = circumstances.diagram(work, versions[one.process]).elements
        element = elements[one.element]
        around = element if one.closing else elements[element.parent]
        mine = access.may_take_up(viewer, one)
        lines.append(OfferLine(offer=one, within=around.name or around.id, hint=element.hint, mine=mine))
    return tuple(lines)


def seen(work: Work, viewer: Person, instance_id: InstanceId) -> Instance:
    """The instance, when this person may see it.

    Raises:
        NotFound: also when it exists and may not be seen.
    """
    instance = instances.get(work, instance_id)
    if not task_looks.sees(work, viewer, instance):
        raise NotFound("Nie ma takiej sprawy.")
    return instance


def readable_attachments(work: Work, viewer: Person, instance: Instance) -> tuple[Attachment, ...]:
    """The attached files of an instance that this person may open; a competitor opens those of his own tasks."""
    found = attachments.of_instance(work, instance.id)
    if access.reads_all_answers(viewer):
        return found
    own = {one.id for one in tasks.of_instance(work, instance.id) if task_looks.takes_part(work, viewer, one, instance)}
    return tuple(one for one in found if one.task in own)


def readable_journal(work: Work, viewer: Person, instance: Instance) -> tuple[JournalEntry, ...]:
    """The journal of an instance; a competitor reads what he did himself."""
    entries = journal.of_instance(work, instance.id)
    if access.reads_all_answers(viewer):
        return entries
    return tuple(one for one in entries if one.by == viewer.name)


def readable_variables(viewer: Person, instance: Instance) -> Mapping[str, Json]:
    """The variables of an instance; they hold the offers of others, so a competitor reads none."""
    return instance.variables if access.reads_all_answers(viewer) else {}


def diagrams(
    work: Work, instance: Instance, passed: Collection[Step], late: Collection[str], css: str = ""
) -> tuple[Diagram, ...]:
    """The main diagram and those of called processes that have been entered; the active ones first."""
    versions = bindings.versions(work, instance.id)
    entered = {step.process for step in passed}
    active = {step.process for step in passed if step.state is StepState.ACTIVE}
    found: list[Diagram] = []
    for key, definition_id in versions.items():
        if key not in entered:
            continue
        definition = definitions.get(work, definition_id)
        own = [step for step in passed if step.process == key]
        svg = drawing.draw(
            definitions.xml(work, definition_id),
            _marks(own, late),
            taken=_taken(work, definition_id, own),
            title=f"{definition.name} – przebieg sprawy {instance.number}",
            css=css,
            prefix=f"d{len(found)}-",
        )
        found.append(Diagram(key=key, name=definition.name, version=definition.version, svg=svg, active=key in active))
    return tuple(sorted(found, key=lambda one: (one.key != instance.definition_key, not one.active)))


def start_page(work: Work, key: str) -> StartPage:
    """What can be started, and the start form of `key`, "" or unknown: of the first one.

    What the calendar of duties begins by itself comes last.
    """
    begun = {one.definition_key for one in duties.all_duties(work)}
    offered = tuple(sorted(startable(work), key=lambda one: one[0] in begun))
    chosen = key if key in {one for one, _ in offered} else offered[0][0] if offered else ""
    found = circumstances.latest_form(work, f"{chosen}_start") if chosen else None
    return StartPage(
        definitions=offered,
        key=chosen,
        form=found[1] if found else None,
        context=circumstances.form_context(work, None, form=found[1] if found else None),
    )


def startable(work: Work) -> tuple[tuple[str, str], ...]:
    """Keys and names of the processes that are not merely called by others."""
    latest = definitions.latest_all(work)
    called = {key for one in latest for key in circumstances.diagram(work, one.id).calls}
    return tuple((one.key, one.name) for one in latest if one.key not in called)


def _row(work: Work, instance: Instance, open_tasks: Collection[Task]) -> InstanceRow:
    ordered = tuple(open_tasks)
    return InstanceRow(instance=instance, open_tasks=ordered, late=any(_late(work, one) for one in ordered))


def _late(work: Work, task: Task) -> bool:
    return task.state is TaskState.OPEN and task.due_at is not None and task.due_at < work.now


def _marks(own: Collection[Step], late: Collection[str]) -> dict[str, drawing.Mark]:
    marks: dict[str, drawing.Mark] = {}
    for step in own:  # in the order of entering, so the newest passage of a loop wins
        if step.state is StepState.ACTIVE:
            is_late = step.element in late
            marks[step.element] = LATE if is_late else ACTIVE
        elif step.state is StepState.DONE and marks.get(step.element, DONE) is DONE:
            marks[step.element] = DONE
    return marks


def _taken(work: Work, definition_id: DefinitionId, own: Collection[Step]) -> frozenset[str]:
    """Flows between elements that were both passed: the way the token went, as far as steps tell it."""
    passed = {step.element for step in own if step.state is not StepState.CANCELLED}
    left = {step.element for step in own if step.state is StepState.DONE}
    flows = circumstances.diagram(work, definition_id).flows
    return frozenset(flow.id for flow in flows if flow.source in left and flow.target in passed)


def plain_drawing(work: Work, definition_id: DefinitionId, title: str) -> str:
    """The diagram of a definition as SVG, without the state of any instance."""
    return drawing.draw(definitions.xml(work, definition_id), {}, taken=frozenset(), title=title)
