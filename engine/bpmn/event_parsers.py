# mypy: allow-subclassing-any
"""Builds the steps that have an event, and the gateways that wait for several."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser

from engine.bpmn import event_reading, events, markup
from engine.bpmn.step_parsers import StepParser
from engine.bpmn.steps import Flow, Step


class EventParser(StepParser, EventDefinitionParser):
    """Steps with an event."""

    def create_task(self) -> Step:
        """The step with what its event is about."""
        parts: dict[str, Any] = {"event": event_reading.event(self.node, self.process_parser.parser)}
        if markup.kind(self.node) == "boundaryEvent":
            parts["interrupts"] = (
                markup.says(self.node, "cancelActivity", default=True) or parts["event"].kind == "error"
            )
        return self.make(**parts)

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

    def tie(self) -> None:
        """Behind the gateway there must be something that can be waited for."""
        super().tie()
        for flow in self.task.flows:
            target = self.spec.task_specs[flow.target]
            if not isinstance(target, events.IntermediateCatchEvent) or target.event.kind == "none":
                raise markup.refused_at(self.node, "Za bramką zdarzeń mogą stać tylko zdarzenia, na które się czeka.")
