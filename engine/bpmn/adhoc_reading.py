"""Reads from a BPMN file what an ad-hoc sub-process offers, and refuses what may not stand in one.

BPMN 2.0, 10.2.5: activities, gateways, intermediate events and flows may, start and end events may not.
"""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.markup import Node

FORBIDDEN = frozenset({"startEvent", "endEvent"})
FORKS = frozenset({"parallelGateway", "inclusiveGateway"})


def offered(level: Node, *, sequential: bool) -> list[str]:
    """Ids of the activities that a person may begin: those to which no flow leads.

    Raises:
        DefinitionRejected: when something stands in it that cannot be run there.
    """
    flows = level.findall(f"{{{markup.BPMN}}}sequenceFlow")
    targets = {flow.get("targetRef") for flow in flows}
    sources = [flow.get("sourceRef") for flow in flows]
    found = []
    for node in markup.flow_nodes(level):
        kind, loose = markup.kind(node), node.get("id") not in targets
        if kind in FORBIDDEN:
            raise markup.refused_at(node, "Podproces ad hoc nie może mieć zdarzeń początkowych ani końcowych. Usuń je.")
        if sequential and _splits(node, sources):
            message = "Czynności wykonuje się tu pojedynczo (Sequential), a w tym miejscu zaczyna się kilka. Zmień to."
            raise markup.refused_at(node, message)
        if loose and kind in markup.ACTIVITIES and not markup.says(node, "triggeredByEvent"):
            found.append(node.get("id"))
        elif loose and not _begins_by_itself(node):
            raise markup.refused_at(node, "Do tego kroku nie prowadzi żadna droga. Połącz go albo usuń.")
    if not found:
        raise markup.refused_at(level, "W podprocesie ad hoc nie ma czynności, którą można rozpocząć. Dodaj ją.")
    return found


def _splits(node: Node, sources: list[str]) -> bool:
    """True when more than one activity may run after this step."""
    kind = markup.kind(node)
    if kind == "boundaryEvent":
        return not markup.says(node, "cancelActivity", default=True)
    many = sources.count(node.get("id")) > 1
    forks = kind in FORKS or not kind.endswith("Gateway")
    return (many and forks) or node.get("completionQuantity", "1") != "1"


def _begins_by_itself(node: Node) -> bool:
    linked = markup.child(node, "linkEventDefinition") is not None and markup.kind(node) == "intermediateCatchEvent"
    return markup.kind(node) == "boundaryEvent" or linked or markup.says(node, "triggeredByEvent")
