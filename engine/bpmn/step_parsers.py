# mypy: allow-subclassing-any
"""Builds one step from its element and ties it to what follows; kinds of elements refine it."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from engine.bpmn import loop_reading, mapping_reading, markup
from engine.bpmn.markup import Node
from engine.bpmn.steps import Flow, Step

TALKS = frozenset({"sendTask", "receiveTask"})  # what they map is the message, which their event knows
MOST_TOKENS = 1000


class StepParser(TaskParser):
    """Builds one step; flows and boundary events are tied when all steps of the level are there."""

    def parse_node(self) -> Step:
        """The step for this element, with a loop around it when it has one."""
        made = self.create_task()
        made.bpmn_name = self.node.get("name")
        if markup.kind(self.node) in markup.ACTIVITIES:
            self._describe(made)
        else:
            self.task = made
        return self.task

    def _describe(self, made: Step) -> None:
        """What only activities have: mappings, a loop, and numbers of tokens."""
        if markup.says(self.node, "isForCompensation"):
            raise markup.refused_at(self.node, "Kompensacja: tego elementu system nie wykonuje. Zastąp go innym.")
        said = mapping_reading.read(self.node)
        if markup.kind(self.node) in TALKS:
            if said.ins + said.outs != mapping_reading.said(self.node):
                message = "Powiązań danych przy wiadomościach system nie wykonuje. Użyj bieg:in i bieg:out."
                raise markup.refused_at(self.node, message)
        else:
            made.ins, made.outs, made.own = said.ins, said.outs, said.own
        self.task = loop_reading.looped(self.spec, self.node, made) or made
        self.task.needs = _quantity(self.node, "startQuantity")
        self.task.gives = _quantity(self.node, "completionQuantity")

    def create_task(self) -> Step:
        """The bare step."""
        return self.make()

    def tie(self) -> None:
        """Connect the step with what follows it and what is attached to it."""
        for node in self.process_parser.get_boundary_events(self.bpmn_id):
            if node.get("id") not in self.spec.task_specs:
                raise markup.refused_at(node, "Zdarzenie brzegowe leży na innym poziomie niż jego czynność.")
            self.task.boundaries.append(node.get("id"))
        default = self.node.get("default")
        for node in self.process_parser.get_outgoing_sequence_flows(self.bpmn_id):
            target = self.spec.task_specs.get(node.get("targetRef"))
            if target is None:
                raise markup.refused_at(node, "Strzałka prowadzi do elementu, którego nie ma na tym poziomie diagramu.")
            self.process_parser.see(node)
            condition = markup.text(markup.child(node, "conditionExpression"))
            self.task.flows.append(Flow(node.get("id"), target.name, condition, node.get("id") == default))
            target.incoming.append(node.get("id"))

    def make(self, **parts: Any) -> Step:
        """The step, of the class that the table of tags names."""
        made: Step = self.spec_class(self.spec, self.bpmn_id, **parts)
        return made


def _quantity(node: Node, name: str) -> int:
    """How many tokens begin or leave an activity.

    Raises:
        DefinitionRejected: when it is no number that can be run.
    """
    said = (node.get(name) or "1").strip()
    if not (said.isascii() and said.isdigit() and 1 <= int(said) <= MOST_TOKENS):
        message = f"Liczba znaczników ({name}) musi być liczbą od 1 do {MOST_TOKENS}. Popraw ją."
        raise markup.refused_at(node, message)
    return int(said)
