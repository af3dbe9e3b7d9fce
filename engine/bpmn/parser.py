# mypy: allow-subclassing-any
"""Turns a BPMN file into specs: the library's parser, told to build our steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.event_parsers import EventDefinitionParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from engine.bpmn import event_reading, events, gateways, loop_reading, markup, steps, subprocesses
from engine.bpmn.markup import Node
from engine.bpmn.steps import Flow, ProcessSpec, Step


def parse(xml: bytes) -> dict[str, ProcessSpec]:
    """The specs of the process in a file and of the sub-processes embedded in it; the process itself comes first.

    Embedded ones are named `process/element`, so that files may use the same ids.

    Raises:
        DefinitionRejected: when the file holds something that cannot be run.
    """
    root = markup.open_file(xml)
    process = markup.executable(root)
    parser = Parser()
    try:
        parser.add_bpmn_xml(root)
        return parser.levels(process)
    except (ValidationException, RecursionError, KeyError, ValueError, IndexError, AttributeError, TypeError) as cause:
        raise markup.refused_at(process, "Tego diagramu nie da się wykonać: ma budowę niezgodną z BPMN 2.0.") from cause


class _StepParser(TaskParser):
    """Builds one step; flows and boundary events are tied when all steps of the level are there."""

    def parse_node(self) -> Step:
        """The step for this element, with a loop around it when it has one."""
        made = self.create_task()
        made.bpmn_name = self.node.get("name")
        self.task = loop_reading.looped(self.spec, self.node, made) or made
        return self.task

    def create_task(self) -> Step:
        """The bare step."""
        return self._make()

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

    def _make(self, **parts: Any) -> Step:
        made: Step = self.spec_class(self.spec, self.bpmn_id, **parts)
        return made


class _ScriptParser(_StepParser):
    def create_task(self) -> Step:
        found = markup.extension(self.node, "script")
        if found is None or not found.get("expression") or not found.get("resultVariable"):
            message = "Skrypt musi podawać wyrażenie FEEL i zmienną wyniku (bieg:script expression, resultVariable)."
            raise markup.refused_at(self.node, message)
        return self._make(expression=found.get("expression"), variable=found.get("resultVariable").strip())


class _CallParser(_StepParser):
    def create_task(self) -> Step:
        called = self.node.get("calledElement")
        if not called:
            raise markup.refused_at(self.node, "Wywołanie procesu nie mówi, który proces ma być wykonany.")
        return self._make(level=called)


class _EventParser(_StepParser, EventDefinitionParser):
    """Steps with an event."""

    def create_task(self) -> Step:
        parts: dict[str, Any] = {"event": event_reading.event(self.node, self.process_parser.parser)}
        if markup.kind(self.node) == "boundaryEvent":
            parts["interrupts"] = (
                markup.says(self.node, "cancelActivity", default=True) or parts["event"].kind == "error"
            )
        return self._make(**parts)

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


class _RaceParser(_StepParser):
    """Event-based gateways."""

    def tie(self) -> None:
        """Behind the gateway there must be something that can be waited for."""
        super().tie()
        for flow in self.task.flows:
            target = self.spec.task_specs[flow.target]
            if not isinstance(target, events.IntermediateCatchEvent) or target.event.kind == "none":
                raise markup.refused_at(self.node, "Za bramką zdarzeń mogą stać tylko zdarzenia, na które się czeka.")


class _SubProcessParser(_StepParser):
    """Embedded and event sub-processes; their insides are parsed as a level of their own."""

    def create_task(self) -> Step:
        level = f"{self.spec.process}/{self.bpmn_id}"
        self.process_parser.parser.pending.append((level, self.spec.process, self.node))
        if not markup.says(self.node, "triggeredByEvent"):
            return self._make(level=level)
        starts = [node for node in markup.flow_nodes(self.node) if markup.kind(node) == "startEvent"]
        if len(starts) != 1:
            raise markup.refused_at(self.node, "Podproces zdarzeniowy musi mieć dokładnie jedno zdarzenie początkowe.")
        event = event_reading.event(starts[0], self.process_parser.parser)
        if event.kind == "none":
            raise markup.refused_at(starts[0], "Podproces zdarzeniowy nie mówi, na jakie zdarzenie czeka.")
        interrupts = markup.says(starts[0], "isInterrupting", default=True) or event.kind == "error"
        return subprocesses.EventSubProcess(self.spec, self.bpmn_id, level=level, event=event, interrupts=interrupts)


class _LevelParser(ProcessParser):
    """One level of a diagram, parsed without following the flows: a long process would need a deep stack."""

    seen: set[str]

    def fill(self, spec: ProcessSpec, level: Node) -> None:
        """Build all steps of the level, then tie them."""
        self.spec = spec
        made = [self._parser_of(node) for node in markup.flow_nodes(level)]
        for one in made:
            one.parse_node()
        for one in made:
            one.tie()
        handlers = [one for one in made if isinstance(one.task, subprocesses.EventSubProcess)]
        spec.handlers = [one.task.name for one in handlers]
        spec.entries = _entries(level, spec)

    def _parser_of(self, node: Node) -> _StepParser:
        self.see(node)
        parser, spec_class = self.parser._get_parser_class(node.tag)
        if parser is None:
            message = f"Elementu tego rodzaju ({markup.kind(node)}) ten system nie wykonuje."
            raise markup.refused_at(node, message)
        made: _StepParser = parser(self, spec_class, node, self.nsmap, lane="")
        return made

    def see(self, node: Node) -> None:
        """Every id may be used once: joins tell flows apart by it."""
        if not node.get("id") or node.get("id") in self.seen:
            raise markup.refused_at(node, "Identyfikatora brakuje albo występuje on w diagramie więcej niż raz.")
        self.seen.add(node.get("id"))


def _tag(name: str) -> str:
    return f"{{{markup.BPMN}}}{name}"


class Parser(SpiffBpmnParser):
    """The library's parser with our steps and nothing of the library's that runs Python."""

    PROCESS_PARSER_CLASS = _LevelParser
    PARSER_CLASSES: Mapping[str, Any] = {}
    OVERRIDE_PARSER_CLASSES: Mapping[str, Any] = {
        _tag("task"): (_StepParser, steps.NoneTask),
        _tag("userTask"): (_StepParser, steps.UserTask),
        _tag("manualTask"): (_StepParser, steps.ManualTask),
        _tag("scriptTask"): (_ScriptParser, steps.ScriptTask),
        _tag("callActivity"): (_CallParser, subprocesses.CallActivity),
        _tag("subProcess"): (_SubProcessParser, subprocesses.SubProcess),
        _tag("exclusiveGateway"): (_StepParser, gateways.ExclusiveGateway),
        _tag("parallelGateway"): (_StepParser, gateways.ParallelGateway),
        _tag("inclusiveGateway"): (_StepParser, gateways.InclusiveGateway),
        _tag("eventBasedGateway"): (_RaceParser, gateways.EventBasedGateway),
        _tag("startEvent"): (_EventParser, events.StartEvent),
        _tag("endEvent"): (_EventParser, events.EndEvent),
        _tag("intermediateCatchEvent"): (_EventParser, events.IntermediateCatchEvent),
        _tag("intermediateThrowEvent"): (_EventParser, events.IntermediateThrowEvent),
        _tag("boundaryEvent"): (_EventParser, events.BoundaryEvent),
        _tag("sendTask"): (_EventParser, events.SendTask),
        _tag("receiveTask"): (_EventParser, events.ReceiveTask),
    }

    def __init__(self) -> None:
        super().__init__()
        self.pending: list[tuple[str, str, Node]] = []

    def levels(self, process: Node) -> dict[str, ProcessSpec]:
        """The process and, after it, every sub-process embedded in it."""
        key = process.get("id")
        reader = self.get_process_parser(key)
        reader.seen = set()
        self.pending.append((key, key, process))
        found: dict[str, ProcessSpec] = {}
        while self.pending:
            name, owner, level = self.pending.pop(0)
            found[name] = ProcessSpec(name, owner)
            reader.fill(found[name], level)
        return found

    def _find_dependencies(self, process: Node) -> None:
        """Nothing: called processes are files of their own."""

    def _add_data_stores(self, bpmn: Node) -> None:
        """Nothing: data stores are drawn for people."""


def _entries(level: Node, spec: ProcessSpec) -> list[str]:
    nodes = list(markup.flow_nodes(level))
    starts = [node for node in nodes if markup.kind(node) == "startEvent"]
    plain = [node for node in starts if not list(event_reading.definitions(node))]
    if starts:
        return [(plain or starts)[0].get("id")]
    loose = (subprocesses.EventSubProcess, events.BoundaryEvent)
    found = [spec.task_specs[node.get("id")] for node in nodes]
    return [step.name for step in found if not step.incoming and not isinstance(step, loose)]
