"""Looks along the flows of a diagram: which tasks may come next, and whose they are."""

from __future__ import annotations

from engine import access, circumstances
from engine.bpmn.reader import Diagram
from engine.model import Task
from engine.reading.views import NextStep
from engine.store import bindings
from engine.store.database import Work

MOST = 5


def after(work: Work, task: Task) -> tuple[NextStep, ...]:
    """The tasks that may follow, over all gateways, at most five, nearest first."""
    held = bindings.versions(work, task.instance)
    diagrams = {key: circumstances.diagram(work, one) for key, one in held.items()}
    scopes = circumstances.scopes_in_force(work)
    found: dict[str, NextStep] = {}
    seen: set[tuple[str, str]] = set()
    todo = [(task.process, target) for target in _targets(diagrams, task.process, task.element)]
    while todo and len(found) < MOST:
        process, element = todo.pop(0)
        if (process, element) in seen or process not in diagrams:
            continue
        seen.add((process, element))
        details = diagrams[process].tasks.get(element)
        if details is not None:
            role = access.responsible(details.role, details.authority, scopes)
            found.setdefault(details.name, NextStep(name=details.name, role=role))
        else:
            todo += _onward(diagrams, process, element)
    return tuple(found.values())


def _onward(diagrams: dict[str, Diagram], process: str, element: str) -> list[tuple[str, str]]:
    """Where a token goes on from an element that is no task: into a called process, on, or back to the caller."""
    diagram = diagrams[process]
    called = diagram.elements[element].calls
    if called in diagrams:
        return [(called, start) for start in diagrams[called].starts]
    targets = _targets(diagrams, process, element)
    if targets:
        return [(process, target) for target in targets]
    return [
        (caller, target)
        for caller, other in diagrams.items()
        for one in other.elements.values()
        if one.calls == process
        for target in _targets(diagrams, caller, one.id)
    ]


def _targets(diagrams: dict[str, Diagram], process: str, element: str) -> list[str]:
    if process not in diagrams:
        return []
    return [flow.target for flow in diagrams[process].flows if flow.source == element]
