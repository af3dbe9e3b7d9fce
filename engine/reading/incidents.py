"""Looks at a stopped instance: what stopped it, where it stands, and what an administrator may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine import circumstances
from engine.bpmn import amending, bundle, dataflow, drawing
from engine.errors import NotFound
from engine.model import DefinitionId, Instance, InstanceId, Json, Person, Position
from engine.reading import instances as instance_looks
from engine.reading.views import Incident
from engine.store import bindings, bundles, definitions, incidents, instances
from engine.store.database import Work

STOPPED = drawing.Mark(state="late", note="tu zatrzymała się sprawa")
HERE = drawing.Mark(state="active")


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """Everything the page of a stopped instance shows."""

    instance: Instance
    incident: Incident
    step: str  # name of the step that could not go on
    positions: tuple[Position, ...]
    reads: Mapping[str, Json]  # what that step reads; None for what is not set
    variables: Mapping[str, Json]  # the other ones
    svg: str  # the diagram with the step


def page(work: Work, viewer: Person, instance_id: InstanceId) -> IncidentPage:
    """What stopped an instance, and where its tokens stand.

    Raises:
        NotFound: when it may not be seen, or does not stand still.
    """
    instance = instance_looks.seen(work, viewer, instance_id)
    stopped = incidents.of_instance(work, instance.id)
    if stopped is None:
        raise NotFound("Ta sprawa nie jest zatrzymana.")
    found = positions(work, instance.id)
    process, definition = _where(work, instance.id, stopped.element, found)
    diagram = circumstances.diagram(work, definition)
    element = diagram.elements.get(stopped.element)
    marks = {one.element: HERE for one in found if one.process == process} | {stopped.element: STOPPED}
    xml = definitions.xml(work, definition)
    variables = dict(sorted(instance_looks.readable_variables(viewer, instance).items()))
    reads = {name: variables.pop(name, None) for name in sorted(dataflow.reads(xml, stopped.element))}
    return IncidentPage(
        instance=instance,
        incident=Incident(element=stopped.element, message=stopped.message, at=stopped.at),
        step=element.name if element is not None and element.name else stopped.element,
        positions=found,
        reads=reads,
        variables=variables,
        svg=drawing.draw(xml, marks, title=f"Miejsce zatrzymania: {diagram.name}"),
    )


def positions(work: Work, instance_id: InstanceId) -> tuple[Position, ...]:
    """Where the tokens of an instance stand, and where each may be moved."""
    found = instances.peek(work, instance_id)
    program = bundle.restore(bundles.content(work, found.bundle))
    return amending.positions(program, found.state, work.now)


def _where(
    work: Work, instance_id: InstanceId, element: str, standing: tuple[Position, ...]
) -> tuple[str, DefinitionId]:
    """The process in whose diagram an element is drawn; of several, the one where a token stands."""
    versions = bindings.versions(work, instance_id)
    holding = [key for key, one in versions.items() if element in circumstances.diagram(work, one).elements]
    busy = [key for key in holding if any(one.process == key for one in standing)]
    key = next(iter([*busy, *holding, *versions]))
    return key, versions[key]
