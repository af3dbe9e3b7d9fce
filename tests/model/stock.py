"""The library as it comes, walked beside the reference: the mutant that must be caught."""

from __future__ import annotations

import warnings
from random import Random
from typing import Any

from blocks import Block, variables
from diagram_files import Files
from lxml import etree
from reference import Reference
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition, SignalEventDefinition
from SpiffWorkflow.util.task import TaskState

from engine import feel

WAITS_FOR_PEOPLE = ("UserTask", "ManualTask")


class Feel(BasePythonScriptEngineEnvironment):
    """The library's own way to bring another language."""

    def evaluate(self, expression: str, context: dict[str, Any], external_context: object = None) -> object:
        return feel.to_json(feel.evaluate(expression, context))

    def execute(self, text: str, context: dict[str, Any], external_context: object = None) -> bool:
        name, _, expression = text.partition(" = ")
        context[name] = self.evaluate(expression, context)
        return True


def walk(block: Block, lot: Random) -> str:
    """How the stock library fares with one diagram: `right` or what went wrong."""
    reference = Reference(block)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _walk(block, reference, lot)
    except Exception as failure:
        return f"crash {type(failure).__name__}"


def _walk(block: Block, reference: Reference, lot: Random) -> str:
    workflow = _started(block)
    for _ in range(150):
        if _open(workflow) != sorted(wait.element for wait in reference.waits("task")):
            return "wrong tasks"
        if reference.process.over:
            return "right" if workflow.is_completed() else "never ends"
        wait = lot.choice([one for kind in ("task", "message", "signal") for one in reference.waits(kind)])
        said = {"w": lot.randrange(3), f"f_{wait.element}": lot.randrange(1000)} if wait.on.kind == "task" else {}
        if wait.on.kind == "signal":
            reference.hear(wait.on.name)
        else:
            reference.happen(wait.on.kind, wait.element, said)
        if wait.on.kind == "task":
            task = next(task for task in _people(workflow) if task.task_spec.bpmn_id == wait.element)
            task.data.update(said)
            task.run()
        else:
            made = MessageEventDefinition if wait.on.kind == "message" else SignalEventDefinition
            workflow.send_event(BpmnEvent(made(wait.on.name), None))
        _settle(workflow)
    return "never ends"


def _people(workflow: BpmnWorkflow) -> list[Any]:
    return [
        task
        for task in workflow.get_tasks(state=TaskState.READY, manual=True)
        if type(task.task_spec).__name__ in WAITS_FOR_PEOPLE
    ]


def _open(workflow: BpmnWorkflow) -> list[str]:
    return sorted(task.task_spec.bpmn_id for task in _people(workflow))


def _settle(workflow: BpmnWorkflow) -> None:
    """Let everything go on that waits for nobody; plain tasks, too, which the library leaves to its caller."""
    while True:
        workflow.do_engine_steps()
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        plain = [task for task in ready if type(task.task_spec).__name__ not in WAITS_FOR_PEOPLE]
        if not plain:
            return
        plain[0].run()


def _started(block: Block) -> BpmnWorkflow:
    files = Files()
    xml = files.write(block)
    parser = SpiffBpmnParser()
    for one in (xml, *files.called.values()):
        parser.add_bpmn_xml(etree.fromstring(one))
    workflow = BpmnWorkflow(
        parser.get_spec("proces"), parser.get_subprocess_specs("proces"), script_engine=PythonScriptEngine(Feel())
    )
    workflow.task_tree.data.update(variables(block))
    _settle(workflow)
    return workflow
