"""Reads from a BPMN file what an event is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn import correlation_reading, events, expressions, mapping_reading, markup
from engine.bpmn.events import Event
from engine.bpmn.mappings import Pair
from engine.bpmn.markup import Node

if TYPE_CHECKING:
    from engine.bpmn.parser import Parser


# which events may stand where (BPMN 2.0, tables 10.84 to 10.93); `none` is an event without a definition
PLACES: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none", "message", "signal", "timer"}),
    "subProcess": frozenset({"none"}),  # start of one that stands in the flow
    "eventSubProcess": frozenset({"message", "signal", "timer", "conditional", "error", "escalation"}),
    "endEvent": frozenset({"none", "message", "signal", "error", "escalation", "cancel", "terminate"}),
    "intermediateCatchEvent": frozenset({"message", "signal", "timer", "conditional", "link"}),
    "intermediateThrowEvent": frozenset({"none", "message", "signal", "escalation", "link"}),
    "boundaryEvent": frozenset({"message", "signal", "timer", "conditional", "error", "escalation", "cancel"}),
}
THROWING = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})


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
    if len(found) > 1 or markup.says(node, "parallelMultiple"):
        raise markup.refused_at(node, "Zdarzenia z kilkoma definicjami ten system nie wykonuje.")
    if mapping_reading.moves(node):
        raise markup.refused_at(node, "Powiązań danych przy zdarzeniach system nie wykonuje. Użyj bieg:in i bieg:out.")
    kind = markup.kind(found[0]).removesuffix("EventDefinition") if found else "none"
    _fits_place(node, kind)
    if not found:
        return events.NONE
    made = _EVENTS[kind]
    read: Event = made(found[0], node, parser)
    return read


def _fits_place(node: Node, kind: str) -> None:
    place, level = markup.kind(node), node.getparent()
    if place == "startEvent" and markup.kind(level) == "process":
        if kind == "conditional":
            message = "Warunek nie może rozpocząć procesu: nie ma sprawy, której dane można by sprawdzić."
            raise markup.refused_at(node, message)
    elif place == "startEvent":
        place = "eventSubProcess" if markup.says(level, "triggeredByEvent") else "subProcess"
    inside = any(markup.kind(one) == "transaction" for one in node.iterancestors())
    if kind == "cancel" and place == "endEvent" and not inside:
        raise markup.refused_at(node, "Anulować można tylko transakcję. Przenieś to zdarzenie do transakcji.")
    if kind not in PLACES[place]:
        raise markup.refused_at(node, f"Zdarzenia tego rodzaju ({kind}) ten system w tym miejscu nie wykonuje.")


def _message(definition: Node, node: Node, parser: Parser) -> Event:
    reference = definition.get("messageRef")
    name = parser.messages.get(reference) if reference else node.get("name")
    if not name:
        raise markup.refused_at(node, "Zdarzenie nie mówi, o jaką wiadomość chodzi.")
    keys = correlation_reading.keys(node, reference) if reference else ()
    return Event(kind="message", name=name, keys=keys, data=_passages(node))


def _signal(definition: Node, node: Node, parser: Parser) -> Event:
    reference = definition.get("signalRef")
    name = parser.signals.get(reference) if reference else node.get("name")
    if not name:
        raise markup.refused_at(node, "Zdarzenie nie mówi, o jaki sygnał chodzi.")
    return Event(kind="signal", name=name, data=_passages(node))


def _passages(node: Node) -> tuple[Pair, ...]:
    """What is put into a message, or taken out of it."""
    word, other = ("in", "out") if markup.kind(node) in THROWING else ("out", "in")
    if markup.extension(node, other) is not None:
        message = f"Wiadomość opisz przez bieg:{word}; bieg:{other} nie ma tu znaczenia. Zmień to."
        raise markup.refused_at(node, message)
    found = []
    for said in markup.extensions(node, word):
        target, source = (said.get("target") or "").strip(), said.get("source") or ""
        if not target:
            raise markup.refused_at(node, f"Przekazanie danych (bieg:{word}) nie mówi dokąd. Podaj target.")
        found.append(Pair(expressions.readable(source, node), target))
    return tuple(found)


def _error(definition: Node, node: Node, parser: Parser) -> Event:
    return Event(kind="error", code=_code(definition, node, parser.errors, "error"))


def _escalation(definition: Node, node: Node, parser: Parser) -> Event:
    return Event(kind="escalation", code=_code(definition, node, parser.escalations, "escalation"))


def _code(definition: Node, node: Node, known: Mapping[str, Any], word: str) -> str:
    """The code by which it is caught; what was given none is known by its name or id, so that no two are the same."""
    reference = definition.get(f"{word}Ref")
    if not reference:
        return ""
    found = known.get(reference)
    if found is None:
        raise markup.refused_at(node, f"Zdarzenie wskazuje „{reference}”, czego w pliku nie ma. Popraw to wskazanie.")
    return str(found.get(f"{word}_code") or reference)


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


def _cancel(_: Node, node: Node, __: Parser) -> Event:
    """An end that cancels belongs to the transaction around it; where a border event may stand, its step knows."""
    above = next((one for one in node.iterancestors() if markup.kind(one) in ("transaction", "process")), None)
    if markup.kind(node) == "endEvent" and (above is None or markup.kind(above) != "transaction"):
        raise markup.refused_at(node, "Anulować można tylko transakcję, a to zdarzenie w żadnej nie leży. Zmień je.")
    return Event(kind="cancel")


_EVENTS: Mapping[str, Any] = {
    "message": _message,
    "signal": _signal,
    "error": _error,
    "escalation": _escalation,
    "timer": _timer,
    "conditional": _condition,
    "terminate": lambda *_: Event(kind="terminate"),
    "cancel": _cancel,
    "link": lambda *_: events.NONE,
}


def link(node: Node) -> str:
    """Name of the link that an event is an end of, "" when it is none."""
    found = markup.child(node, "linkEventDefinition")
    return (found.get("name") or "") if found is not None else ""


def catches(node: Node, name: str) -> bool:
    """True when a link of this name comes out here."""
    return markup.kind(node) == "intermediateCatchEvent" and link(node) == name
