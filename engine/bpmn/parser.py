# mypy: allow-subclassing-any
"""Turns a BPMN file into specs: the library's parser, told to build our steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from engine.bpmn import adhoc, data_reading, event_reading, events, gateways, markup, rules, steps, subprocesses
from engine.bpmn.activity_parsers import AdHocParser, CallParser, ScriptParser, SubProcessParser, TransactionParser
from engine.bpmn.event_parsers import EventParser, RaceParser
from engine.bpmn.markup import Node
from engine.bpmn.rule_reading import RuleParser
from engine.bpmn.step_parsers import StepParser
from engine.bpmn.steps import ProcessSpec
from engine.errors import DefinitionRejected, Problem


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


class _LevelParser(ProcessParser):
    """One level of a diagram, parsed without following the flows: a long process would need a deep stack."""

    seen: set[str]
    refused: list[Problem]

    def fill(self, spec: ProcessSpec, level: Node) -> None:
        """Build all steps of the level, then tie them."""
        self.spec = spec
        told = len(self.refused)
        made = [one for node in markup.flow_nodes(level) if (one := self._try(self._parser_of, node)) is not None]
        for one in made:
            self._try(one.parse_node)
        for one in made if len(self.refused) == told else ():
            self._try(one.tie)
        if len(self.refused) > told:
            return
        for one in made:
            if one.task.needs > 1 and not one.task.incoming:
                message = "Czynność czeka na kilka znaczników (startQuantity), a nic do niej nie prowadzi. Popraw ją."
                raise markup.refused_at(one.node, message)
        handlers = [one for one in made if isinstance(one.task, subprocesses.EventSubProcess)]
        spec.handlers = [one.task.name for one in handlers]
        spec.entries = _entries(level, spec)
        spec.data = data_reading.declared(level)
        spec.starts = {one.task.name: one.task.event for one in made if isinstance(one.task, events.StartEvent)}

    def _try(self, deed: Callable[..., Any], *said: Any) -> Any:
        """Go on after a refusal, so that all of them are told at once."""
        try:
            return deed(*said)
        except DefinitionRejected as refusal:
            self.refused.extend(refusal.problems)
            return None

    def _parser_of(self, node: Node) -> StepParser:
        self.see(node)
        parser, spec_class = self.parser._get_parser_class(node.tag)
        if parser is None:
            message = f"Elementu tego rodzaju ({markup.kind(node)}) ten system nie wykonuje."
            raise markup.refused_at(node, message)
        made: StepParser = parser(self, spec_class, node, self.nsmap, lane="")
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
        _tag("task"): (StepParser, steps.NoneTask),
        _tag("userTask"): (StepParser, steps.UserTask),
        _tag("manualTask"): (StepParser, steps.ManualTask),
        _tag("scriptTask"): (ScriptParser, steps.ScriptTask),
        _tag("businessRuleTask"): (RuleParser, rules.BusinessRuleTask),
        _tag("callActivity"): (CallParser, subprocesses.CallActivity),
        _tag("subProcess"): (SubProcessParser, subprocesses.SubProcess),
        _tag("adHocSubProcess"): (AdHocParser, adhoc.AdHocSubProcess),
        _tag("transaction"): (TransactionParser, subprocesses.Transaction),
        _tag("exclusiveGateway"): (StepParser, gateways.ExclusiveGateway),
        _tag("parallelGateway"): (StepParser, gateways.ParallelGateway),
        _tag("inclusiveGateway"): (StepParser, gateways.InclusiveGateway),
        _tag("eventBasedGateway"): (RaceParser, gateways.EventBasedGateway),
        _tag("startEvent"): (EventParser, events.StartEvent),
        _tag("endEvent"): (EventParser, events.EndEvent),
        _tag("intermediateCatchEvent"): (EventParser, events.IntermediateCatchEvent),
        _tag("intermediateThrowEvent"): (EventParser, events.IntermediateThrowEvent),
        _tag("boundaryEvent"): (EventParser, events.BoundaryEvent),
        _tag("sendTask"): (EventParser, events.SendTask),
        _tag("receiveTask"): (EventParser, events.ReceiveTask),
    }

    def __init__(self) -> None:
        super().__init__()
        self.pending: list[tuple[str, str, Node]] = []

    def levels(self, process: Node) -> dict[str, ProcessSpec]:
        """The process and, after it, every sub-process embedded in it."""
        key = process.get("id")
        reader = self.get_process_parser(key)
        reader.seen, reader.refused = set(), []
        self.pending.append((key, key, process))
        found: dict[str, ProcessSpec] = {}
        while self.pending:
            name, owner, level = self.pending.pop(0)
            found[name] = ProcessSpec(name, owner)
            reader.fill(found[name], level)
        if reader.refused:
            raise DefinitionRejected(tuple(reader.refused))
        return found

    def _find_dependencies(self, process: Node) -> None:
        """Nothing: called processes are files of their own."""

    def _add_data_stores(self, bpmn: Node) -> None:
        """Nothing: data stores are drawn for people."""


def _entries(level: Node, spec: ProcessSpec) -> list[str]:
    if markup.kind(level) == "adHocSubProcess":
        return []
    nodes = list(markup.flow_nodes(level))
    starts = [node for node in nodes if markup.kind(node) == "startEvent"]
    plain = [node for node in starts if not list(event_reading.definitions(node))]
    if starts:
        return [(plain or starts)[0].get("id")]
    loose = (subprocesses.EventSubProcess, events.BoundaryEvent)
    found = [spec.task_specs[node.get("id")] for node in nodes]
    return [step.name for step in found if not step.incoming and not isinstance(step, loose)]
