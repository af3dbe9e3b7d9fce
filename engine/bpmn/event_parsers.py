# mypy: allow-subclassing-any
"""Builds the steps that have an event, and the gateways that wait for several."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser

from engine.bpmn import event_reading, events, markup
from engine.bpmn.markup import Node
from engine.bpmn.step_parsers import StepParser
from engine.bpmn.steps import Flow, Step


class EventParser(StepParser, EventDefinitionParser):
    """Steps with an event."""

    def create_task(self) -> Step:
        """The step with what its event is about."""
        parts: dict[str, Any] = {"event": event_reading.event(self.node, self.process_parser.parser)}
        if markup.kind(self.node) == "boundaryEvent":
            parts["interrupts"] = markup.says(self.node, "cancelActivity", default=True) or parts["event"].kind in (
                "error",
                "cancel",
            )
            self._attached(parts["event"].kind)
        if markup.kind(self.node) == "receiveTask":
            parts["instantiates"] = _instantiates(self.node)
        return self.make(**parts)

    def _attached(self, kind: str) -> None:
        """A boundary event needs an activity, a cancellation a transaction."""
        identity = self.node.get("attachedToRef")
        host = next((node for node in self.node.getparent() if node.get("id") == identity), None)
        if host is not None and (markup.kind(host).endswith(("Event", "Gateway"))):
            raise markup.refused_at(self.node, "Zdarzenie brzegowe musi leżeć na brzegu czynności. Przenieś je.")
        if kind == "cancel" and (host is None or markup.kind(host) != "transaction"):
            raise markup.refused_at(self.node, "Anulowanie może leżeć tylko na brzegu transakcji. Przenieś je.")

    def tie(self) -> None:
        """The throwing end of a link leads to its catching end."""
        super().tie()
        name = event_reading.link(self.node)
        if name and markup.kind(self.node) == "intermediateThrowEvent":
            ends = [node for node in self.node.getparent() if event_reading.catches(node, name)]
            if len(ends) != 1:
                raise markup.refused_at(self.node, f"Łącze „{name}” musi mieć na tym poziomie dokładnie jeden koniec.")
            flow = f"{self.bpmn_id}->{ends[0].get('id')}"
            self.task.flows.append(Flow(flow, ends[0].get("id"), "", False))
            self.spec.task_specs[ends[0].get("id")].incoming.append(flow)


class RaceParser(StepParser):
    """Event-based gateways."""

    def create_task(self) -> Step:
        """The gateway; one that starts the process takes the first event only."""
        starts = _instantiates(self.node)
        if self.node.get("eventGatewayType") == "Parallel":
            raise markup.refused_at(self.node, "Równoległej bramki zdarzeń ten system nie wykonuje. Zastąp ją.")
        return self.make(instantiates=starts)

    def tie(self) -> None:
        """Behind the gateway there must be something that can be waited for."""
        super().tie()
        for flow in self.task.flows:
            target = self.spec.task_specs[flow.target]
            if not isinstance(target, events.IntermediateCatchEvent) or target.event.kind == "none":
                raise markup.refused_at(self.node, "Za bramką zdarzeń mogą stać tylko zdarzenia, na które się czeka.")
            if flow.condition:
                raise markup.refused_at(self.node, "Drogi z bramki zdarzeń nie mogą mieć warunków. Usuń je.")
            self._alone(flow.target)
            if self.task.instantiates and target.event.kind == "conditional":
                raise markup.refused_at(self.node, "Warunek nie może rozpocząć procesu: nie ma jeszcze jego danych.")

    def _alone(self, target: str) -> None:
        """The events behind the gateway belong to it alone (BPMN 2.0, 10.6.6)."""
        ways = 0
        for node in self.node.getparent():
            if markup.kind(node) == "boundaryEvent" and node.get("attachedToRef") == target:
                message = "Zadanie za bramką zdarzeń nie może mieć zdarzeń brzegowych. Usuń je."
                raise markup.refused_at(node, message)
            ways += markup.kind(node) == "sequenceFlow" and node.get("targetRef") == target
        if ways > 1:
            message = "Do zdarzenia za bramką zdarzeń może prowadzić tylko jedna droga. Usuń pozostałe."
            raise markup.refused_at(self.node, message)


def _instantiates(node: Node) -> bool:
    """True when the step starts the process.

    Raises:
        DefinitionRejected: when it stands where nothing starts.
    """
    if not markup.says(node, "instantiate"):
        return False
    led = any(one.get("targetRef") == node.get("id") for one in node.getparent())
    looped = any(markup.kind(one).endswith("LoopCharacteristics") for one in node)
    if led or looped or markup.kind(node.getparent()) != "process":
        message = "Krok, który rozpoczyna proces, nie może się powtarzać, leżeć w podprocesie ani mieć wejścia."
        raise markup.refused_at(node, message)
    return True
