"""Reads from a BPMN file what an event is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn import events, markup
from engine.bpmn.events import Event
from engine.bpmn.markup import Node

if TYPE_CHECKING:
    from engine.bpmn.parser import Parser


# which events may stand where; `none` is an event without a definition
PLACES: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "signal", "timer", "conditional", "error", "escalation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "conditional", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link"}),
    "boundaryEvent": frozenset({"message", "signal", "timer", "conditional", "error", "escalation"}),
}


def definitions(node: Node) -> Iterator[Node]:
    """The event definitions of an element."""
    return (child for child in node if markup.kind(child).endswith("EventDefinition"))


def event(node: Node, parser: Parser) -> Event:
    """The event of an element; `events.NONE` when it has none.

    Raises:
        DefinitionRejected: when it says too little, or is of a kind that is not run.
    """
    found = list(definitions(node))
    if markup.kind(node) in ("sendTask", "receiveTask"):
        if not node.get("messageRef"):
            raise markup.refused_at(node, "Zadanie nie mówi, o jaką wiadomość chodzi.")
        return _message(node, node, parser)
    if len(found) > 1:
        raise markup.refused_at(node, "Zdarzenia z kilkoma definicjami ten system nie wykonuje.")
    kind = markup.kind(found[0]).removesuffix("EventDefinition") if found else "none"
    if kind not in PLACES[markup.kind(node)]:
        raise markup.refused_at(node, f"Zdarzenia tego rodzaju ({kind}) ten system w tym miejscu nie wykonuje.")
    if not found:
        return events.NONE
    made = _EVENTS[kind]
    read: Event = made(found[0], node, parser)
    return read


def _message(definition: Node, node: Node, parser: Parser) -> Event:
    reference = definition.get("messageRef")
    name = parser.messages.get(reference) if reference else node.get("name")
    if not name:
        raise markup.refused_at(node, "Zdarzenie nie mówi, o jaką wiadomość chodzi.")
    keys = [one.name for one in parser.message_correlations.get(reference, [])]
    return Event(kind="message", name=name, keys=tuple(parser.correlations[key]["name"] or key for key in keys))


def _signal(definition: Node, node: Node, parser: Parser) -> Event:
    reference = definition.get("signalRef")
    name = parser.signals.get(reference) if reference else node.get("name")
    if not name:
        raise markup.refused_at(node, "Zdarzenie nie mówi, o jaki sygnał chodzi.")
    return Event(kind="signal", name=name)


def _error(definition: Node, _: Node, parser: Parser) -> Event:
    found = parser.errors.get(definition.get("errorRef")) or {}
    return Event(kind="error", code=found.get("error_code") or "")


def _escalation(definition: Node, _: Node, parser: Parser) -> Event:
    found = parser.escalations.get(definition.get("escalationRef")) or {}
    return Event(kind="escalation", code=found.get("escalation_code") or "")


def _timer(definition: Node, node: Node, _: Parser) -> Event:
    for tag, timer in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        said = markup.text(markup.child(definition, tag))
        if said:
            return Event(kind="timer", timer=timer, expression=said)
    raise markup.refused_at(node, "Czasomierz nie podaje ani daty, ani okresu, ani powtarzania.")


def _condition(definition: Node, node: Node, _: Parser) -> Event:
    said = markup.text(markup.child(definition, "condition"))
    if not said:
        raise markup.refused_at(node, "Zdarzenie warunkowe nie ma warunku.")
    return Event(kind="conditional", expression=said)


_EVENTS: Mapping[str, Any] = {
    "message": _message,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "timer": _timer,
    "conditional": _condition,
    "terminate": lambda *_: Event(kind="terminate"),
    "link": lambda *_: events.NONE,
}


def link(node: Node) -> str:
    """Name of the link that an event is an end of, "" when it is none."""
    found = markup.child(node, "linkEventDefinition")
    return (found.get("name") or "") if found is not None else ""


def catches(node: Node, name: str) -> bool:
    """True when a link of this name comes out here."""
    return markup.kind(node) == "intermediateCatchEvent" and link(node) == name
