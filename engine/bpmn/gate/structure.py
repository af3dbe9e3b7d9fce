"""How the steps of a level hang together: identities, one way in, no dead ends, nothing out of reach."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node

RESERVED = frozenset({"Start", "End", "Root"})
MOST_ELEMENTS = 300  # on one level
DEEPEST = 12  # sub-processes within each other
ENDS = frozenset({"endEvent"})
LOOSE = frozenset({"boundaryEvent"})
KEY = re.compile(r"[^\W\d][\w.-]{0,79}")  # it stands in addresses and names a folder
SPLITS = frozenset({"exclusiveGateway", "inclusiveGateway"})


def identities(root: Node, process: Node, findings: Findings) -> None:
    """Every element needs an id of its own that the engine does not use itself; the process one for addresses."""
    if not KEY.fullmatch(process.get("id")):
        message = "Identyfikator procesu może mieć litery, cyfry, kropki i kreski, najwyżej 80 znaków. Zmień go."
        findings.error(process, message)
    counted = Counter(node.get("id") for node in root.iter() if node.get("id") and _is_model(node))
    for node in process.iter():
        identity = node.get("id")
        kind = markup.kind(node)
        if kind in markup.FLOW_NODES and not identity:
            findings.error(node, "Ten element nie ma identyfikatora. Nadaj mu identyfikator (id).")
        if identity in RESERVED and kind in markup.FLOW_NODES:
            findings.error(node, f"Identyfikator „{identity}” jest zastrzeżony. Zmień go.")
        if identity and counted[identity] > 1:
            findings.error(node, f"Identyfikator „{identity}” występuje więcej niż raz. Zmień jeden z nich.")


def levels(process: Node, findings: Findings) -> None:
    """Check the process and every sub-process in it."""
    for level in process.iter():
        if level is process or markup.kind(level) in markup.LEVELS:
            _level(level, findings)


def _level(level: Node, findings: Findings) -> None:
    nodes = {node.get("id"): node for node in markup.flow_nodes(level)}
    flows = level.findall(f"{{{markup.BPMN}}}sequenceFlow")
    if len(nodes) > MOST_ELEMENTS:
        findings.error(level, f"Na jednym poziomie jest więcej niż {MOST_ELEMENTS} elementów. Wydziel podprocesy.")
        return
    if _depth(level) > DEEPEST:
        findings.error(level, "Podprocesy są zagnieżdżone zbyt głęboko. Uprość diagram.")
        return
    _starts(level, nodes.values(), findings)
    _reach(nodes, flows, findings)
    _way_out(nodes, flows, findings)
    _ends(nodes, flows, findings)
    _choices(nodes, flows, findings)


def _starts(level: Node, nodes: Iterable[Node], findings: Findings) -> None:
    starts = [node for node in nodes if markup.kind(node) == "startEvent"]
    plain = [node for node in starts if not _definitions(node)]
    if not starts:
        findings.error(level, "Na tym poziomie nie ma zdarzenia początkowego. Dodaj je.")
    for node in plain[1:]:
        findings.error(node, "Jest więcej niż jedno zwykłe zdarzenie początkowe. Zostaw jedno.")
    inside_event = level.get("triggeredByEvent") == "true"
    if starts and not plain and not inside_event and markup.kind(level) == "process":
        message = "Sprawę rozpoczyna człowiek albo program, dlatego zdarzenie zadziała jak zwykły początek."
        findings.warn(starts[0], message)


def _reach(nodes: dict[str, Node], flows: Iterable[Node], findings: Findings) -> None:
    """Steps to which no way leads."""
    ahead: dict[str, list[str]] = {}
    for flow in flows:
        ahead.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for identity, node in nodes.items():
        if markup.kind(node) == "boundaryEvent":
            ahead.setdefault(node.get("attachedToRef"), []).append(identity)
    ahead_of_links = _links(nodes.values())
    todo = [key for key, node in nodes.items() if _entered_by_itself(node)]
    seen = set(todo)
    while todo:
        current = todo.pop()
        for target in (*ahead.get(current, ()), *ahead_of_links.get(current, ())):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    for identity, node in nodes.items():
        if identity not in seen:
            findings.error(node, "Do tego kroku nie prowadzi żadna droga. Połącz go albo usuń.")


def _way_out(nodes: dict[str, Node], flows: Iterable[Node], findings: Findings) -> None:
    """Steps from which no way leads to an end, so that a case would never be finished."""
    before: dict[str, list[str]] = {}
    for flow in flows:
        before.setdefault(flow.get("targetRef"), []).append(flow.get("sourceRef"))
    for identity, node in nodes.items():
        if markup.kind(node) == "boundaryEvent":  # who waits at a step may also leave it by what interrupts it
            before.setdefault(identity, []).append(node.get("attachedToRef"))
    for source, targets in _links(nodes.values()).items():
        for target in targets:
            before.setdefault(target, []).append(source)
    leaving = {flow.get("sourceRef") for flow in flows} | set(_links(nodes.values()))
    todo = [identity for identity in nodes if identity not in leaving]
    seen = set(todo)
    while todo:
        for source in before.get(todo.pop(), ()):
            if source in nodes and source not in seen:
                seen.add(source)
                todo.append(source)
    for identity, node in nodes.items():
        if identity not in seen:
            findings.error(node, "Z tego kroku żadna droga nie prowadzi do końca. Dodaj drogę do zdarzenia końcowego.")


def _entered_by_itself(node: Node) -> bool:
    return markup.kind(node) == "startEvent" or node.get("triggeredByEvent") == "true"


def _ends(nodes: dict[str, Node], flows: Iterable[Node], findings: Findings) -> None:
    sources = {flow.get("sourceRef") for flow in flows}
    for identity, node in nodes.items():
        kind = markup.kind(node)
        if kind in ENDS and identity in sources:
            findings.error(node, "Ze zdarzenia końcowego nie może wychodzić strzałka. Usuń ją.")
        if kind.endswith("Gateway") and identity not in sources:
            findings.error(node, "Z tej bramki nie prowadzi żadna droga. Połącz ją z następnym krokiem.")
        if kind == "boundaryEvent" and node.get("attachedToRef") not in nodes:
            findings.error(node, "To zdarzenie nie jest przyczepione do kroku. Przyczep je.")


def _choices(nodes: dict[str, Node], flows: Iterable[Node], findings: Findings) -> None:
    """A gateway that decides needs conditions on its ways, and better a default."""
    out: dict[str, list[Node]] = {}
    for flow in flows:
        out.setdefault(flow.get("sourceRef"), []).append(flow)
    for identity, node in nodes.items():
        ways = out.get(identity, [])
        if markup.kind(node) not in SPLITS or len(ways) < 2:
            continue
        default = node.get("default")
        bare = [way for way in ways if markup.child(way, "conditionExpression") is None and way.get("id") != default]
        for way in bare:
            findings.error(way, "Droga z bramki nie ma warunku i nie jest domyślna. Podaj warunek albo oznacz ją.")
        if default and default not in {way.get("id") for way in ways}:
            findings.error(node, "Droga domyślna bramki nie wychodzi z tej bramki. Wskaż właściwą.")
        if not default and not bare:
            findings.warn(node, "Bramka nie ma drogi domyślnej; gdy żaden warunek nie zajdzie, sprawa się zatrzyma.")


def _links(nodes: Iterable[Node]) -> dict[str, list[str]]:
    thrown: dict[str, list[str]] = {}
    caught: dict[str, list[str]] = {}
    for node in nodes:
        link = markup.child(node, "linkEventDefinition")
        if link is not None:
            side = thrown if markup.kind(node) == "intermediateThrowEvent" else caught
            side.setdefault(link.get("name") or "", []).append(node.get("id"))
    return {source: caught.get(name, []) for name, sources in thrown.items() for source in sources}


def _definitions(node: Node) -> list[Node]:
    return [child for child in node if markup.kind(child).endswith("EventDefinition")]


def _depth(level: Node) -> int:
    return sum(1 for above in level.iterancestors() if markup.kind(above) in markup.LEVELS)


def _is_model(node: Node) -> bool:
    return bool(markup.kind(node))
