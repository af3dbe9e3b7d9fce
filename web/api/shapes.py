"""How nouns look as JSON."""

from __future__ import annotations

from datetime import datetime

from engine.errors import Problem
from engine.model import Deadline, Definition, JournalEntry, Json, Offer, Position, Step, Task, TaskDetails
from engine.reading.api import DefinitionView, InstanceView, TaskLine, TaskView
from engine.reading.incidents import IncidentPage
from engine.reading.views import Incident


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if at is None else at.isoformat()


def problem(one: Problem) -> dict[str, Json]:
    """A finding of the gate."""
    return {"element": one.element, "line": one.line, "message": one.message, "severity": one.severity}


def definition(one: Definition) -> dict[str, Json]:
    """A version of a process, as lists show it."""
    return {
        "id": int(one.id),
        "key": one.key,
        "version": one.version,
        "name": one.name,
        "published_at": moment(one.published_at),
        "retired_at": moment(one.retired_at),
    }


def definition_view(one: DefinitionView) -> dict[str, Json]:
    """A version of a process with what its diagram says."""
    return {
        **definition(one.definition),
        "documentation": one.documentation,
        "calls": [*one.calls],
        "elements": [
            {
                "id": element.id,
                "kind": element.kind,
                "name": element.name,
                "lane": element.lane,
                "hint": element.hint,
                "source": element.source,
            }
            for element in one.elements
        ],
        "tasks": [_details(details) for details in one.tasks],
    }


def instance(one: InstanceView) -> dict[str, Json]:
    """An instance with its steps, open tasks and deadlines."""
    found = one.instance
    return {
        "id": int(found.id),
        "number": found.number,
        "title": found.title,
        "state": found.state.value,
        "definition": {"key": found.definition_key, "version": found.definition_version},
        "started_at": moment(found.started_at),
        "finished_at": moment(found.finished_at),
        "variables": dict(found.variables),
        "steps": [_step(step) for step in one.steps],
        "tasks": [task(line) for line in one.tasks],
        "deadlines": [_deadline(deadline) for deadline in one.deadlines],
        "offers": [_offer(offer) for offer in one.offers],
        "incident": _incident(one.incident) if one.incident else None,
    }


def task(one: TaskLine) -> dict[str, Json]:
    """A task, as lists show it."""
    found = one.task
    return {
        "id": int(found.id),
        "element": found.element,
        "name": found.name,
        "instance": int(found.instance),
        "role": one.role,
        "person": one.login or None,
        "state": found.state.value,
        "due_at": moment(found.due_at),
        "form": found.form_key or None,
    }


def task_view(one: TaskView) -> dict[str, Json]:
    """A task with its form."""
    form: Json = None
    if one.form is not None:
        form = {"key": one.form.key, "version": one.form.version, "schema": dict(one.form.schema)}
    return {**task(one.line), "form": form, "term": _term(one.line.task)}


def entry(one: JournalEntry) -> dict[str, Json]:
    """An entry of the journal."""
    return {
        "at": moment(one.at),
        "by": one.by or None,
        "deed": one.deed,
        "element": one.element or None,
        "text": one.text,
        "authority": one.authority or None,
    }


def _details(one: TaskDetails) -> dict[str, Json]:
    return {
        "element": one.element,
        "name": one.name,
        "role": one.role,
        "form": one.form or None,
        "term": one.term or None,
        "priority": one.priority,
        "authority": one.authority or None,
        "cooperates": [*one.cooperates],
    }


def _step(one: Step) -> dict[str, Json]:
    return {
        "element": one.element,
        "process": one.process,
        "kind": one.kind,
        "name": one.name,
        "state": one.state.value,
        "entered_at": moment(one.entered_at),
        "left_at": moment(one.left_at),
        "by": one.by or None,
    }


def _deadline(one: Deadline) -> dict[str, Json]:
    return {
        "id": int(one.id),
        "kind": one.kind.value,
        "element": one.element,
        "name": one.name,
        "due_at": moment(one.due_at),
        "task": None if one.task is None else int(one.task),
        "explanation": one.explanation or None,
    }


def _term(one: Task) -> Json:
    """How the end of a task was found; null when it has no term."""
    facts = one.term
    if not facts:
        return None
    return {
        "rule": facts.get("name") or facts.get("rule") or None,
        "statutory": facts.get("statutory") is True,
        "statutory_end": facts.get("end"),
        "target": moment(one.target_at),
        "reminder": moment(one.remind_at),
        "paused_at": moment(one.paused_at),
        "explanation": facts.get("explanation"),
        "steps": facts.get("steps") or [],
    }


def _offer(one: Offer) -> dict[str, Json]:
    return {
        "key": one.key,
        "element": one.element,
        "name": one.name,
        "role": one.role or None,
        "closing": one.closing,
    }


def _incident(one: Incident) -> dict[str, Json]:
    return {"element": one.element, "message": one.message, "at": moment(one.at)}


def stopped(one: IncidentPage) -> dict[str, Json]:
    """What stopped an instance, where it stands, and where each token may be moved."""
    return {**_incident(one.incident), "positions": [_position(place) for place in one.positions]}


def _position(one: Position) -> dict[str, Json]:
    aims: list[Json] = [{"element": aim.element, "name": aim.name} for aim in one.aims]
    return {"key": one.key, "element": one.element, "process": one.process, "name": one.name, "aims": aims}
