"""How a level hangs together: its size, its starts, what can be reached, and that there is a way to the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.levels import Level, event_kind, is_handler
from engine.bpmn.markup import Node

MOST_ELEMENTS = 300  # on one level
MOST_IN_ALL = 2_000
DEEPEST = 12  # sub-processes within each other
ENDING = frozenset({"terminate", "error", "escalation", "cancel"})  # ends of a level from one of its branches


def all_fit(found: Sequence[Level], findings: Findings) -> bool:
    """True when the levels are small enough to be looked at closely."""
    if sum(len(level.steps) for level in found) > MOST_IN_ALL or len(found) > MOST_ELEMENTS:
        message = f"Diagram ma więcej niż {MOST_IN_ALL} kroków albo {MOST_ELEMENTS} podprocesów. Podziel go na procesy."
        findings.error(found[0].node, message)
    for level in found:
        if max(len(level.steps), len(level.flows) // 4) > MOST_ELEMENTS:
            message = f"Na jednym poziomie jest więcej niż {MOST_ELEMENTS} elementów. Wydziel podprocesy."
            findings.error(level.node, message)
        if sum(1 for above in level.node.iterancestors() if markup.kind(above) in markup.LEVELS) > DEEPEST:
            findings.error(level.node, "Podprocesy są zagnieżdżone zbyt głęboko. Uprość diagram.")
    return not findings.refused


def check(level: Level, findings: Findings) -> None:
    """Every rule on the shape of one level."""
    if not level.steps:
        findings.error(level.node, "Na tym poziomie nie ma żadnego kroku. Dodaj kroki albo usuń go.")
        return
    if not level.ad_hoc:
        _starts(level, findings)
        _reach(level, findings)
    _way_out(level, findings)


def links(level: Level) -> Mapping[str, list[str]]:
    """For each step that jumps over a link, the steps it jumps to."""
    thrown: dict[str, list[str]] = {}
    caught: dict[str, list[str]] = {}
    for identity, node in level.steps.items():
        link = markup.child(node, "linkEventDefinition")
        if link is not None:
            side = thrown if markup.kind(node) == "intermediateThrowEvent" else caught
            side.setdefault(link.get("name") or "", []).append(identity)
    return {source: caught.get(name, []) for name, sources in thrown.items() for source in sources}


def _starts(level: Level, findings: Findings) -> None:
    starts = level.of_kind("startEvent")
    plain = [node for node in starts if event_kind(node) == "none"]
    for node in plain[1:]:
        findings.error(node, "Jest więcej niż jedno zwykłe zdarzenie początkowe. Zostaw jedno.")
    if level.handler:
        return  # the rules on events say how it starts
    if not starts:
        message = "Na tym poziomie nie ma zdarzenia początkowego; zaczną go kroki, do których nic nie prowadzi."
        findings.warn(level.node, message)
    elif markup.kind(level.node) == "process":
        if not plain:
            message = "Sprawę może też rozpocząć człowiek albo program, nie tylko narysowane zdarzenie."
            findings.warn(starts[0], message)
    else:
        for node in starts:
            if event_kind(node) != "none":
                findings.error(
                    node, "Podproces rozpoczyna się zwykłym zdarzeniem początkowym. Usuń z niego oznaczenie."
                )


def _reach(level: Level, findings: Findings) -> None:
    """Steps to which no way leads."""
    ahead: dict[str, list[str]] = {}
    for flow in level.flows:
        ahead.setdefault(flow.get("sourceRef") or "", []).append(flow.get("targetRef") or "")
    for event in level.of_kind("boundaryEvent"):
        ahead.setdefault(event.get("attachedToRef") or "", []).append(event.get("id"))
    for source, targets in links(level).items():
        ahead.setdefault(source, []).extend(targets)
    seen = _closure(_entries(level), ahead)
    for identity, node in level.steps.items():
        if identity not in seen:
            findings.error(node, "Do tego kroku nie prowadzi żadna droga. Połącz go albo usuń.")


def _entries(level: Level) -> set[str]:
    """Where tokens come from: starts; without starts all that nothing leads to; what an event starts."""
    started = bool(level.of_kind("startEvent"))
    found = set()
    for identity, node in level.steps.items():
        kind = markup.kind(node)
        loose = kind != "boundaryEvent" and not level.into(node) and not started and not _caught_link(node)
        instantiates = markup.says(node, "instantiate") and not level.into(node)
        if kind == "startEvent" or is_handler(node) or loose or instantiates:
            found.add(identity)
    return found


def _caught_link(node: Node) -> bool:
    return markup.kind(node) == "intermediateCatchEvent" and event_kind(node) == "link"


def _way_out(level: Level, findings: Findings) -> None:
    """Steps from which no way leads to an end, so that a case would never be finished."""
    before: dict[str, list[str]] = {}
    for flow in level.flows:
        before.setdefault(flow.get("targetRef") or "", []).append(flow.get("sourceRef") or "")
    for event in level.of_kind("boundaryEvent"):  # who waits at a step may also leave it by what interrupts it
        before.setdefault(event.get("id"), []).append(event.get("attachedToRef") or "")
    jumps = links(level)
    for source, targets in jumps.items():
        for target in targets:
            before.setdefault(target, []).append(source)
    ends = [identity for identity, node in level.steps.items() if not level.out_of(node) and identity not in jumps]
    seen = _closure(ends, before)
    tell = findings.warn if _ended_from_elsewhere(level.node) else findings.error
    for identity, node in level.steps.items():
        if identity not in seen:
            tell(node, "Z tego kroku żadna droga nie prowadzi do końca. Dodaj drogę do zdarzenia końcowego.")


def _ended_from_elsewhere(level: Node) -> bool:
    """True when something else than its last step may end the level: another branch, an event, what is around it."""
    if markup.kind(level) == "adHocSubProcess":
        return True
    for one in markup.flow_nodes(level):
        if is_handler(one) or (markup.kind(one) == "endEvent" and event_kind(one) in ENDING):
            return True
    if markup.kind(level) == "process":
        return False
    around = level.getparent()
    attached = (one for one in markup.flow_nodes(around) if one.get("attachedToRef") == level.get("id"))
    return next(attached, None) is not None or _ended_from_elsewhere(around)


def _closure(begin: Iterable[str], ahead: Mapping[str, list[str]]) -> set[str]:
    seen = set(begin)
    todo = list(seen)
    while todo:
        for target in ahead.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
