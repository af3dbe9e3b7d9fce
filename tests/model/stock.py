"""The library as it comes, walked beside the reference: the mutant that must be caught."""

from __future__ import annotations

import warnings
from random import Random
from typing import Any

from lxml import etree
from random_diagrams import Block, Files, variables
from reference import Reference
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.util.task import TaskState

from engine import feel


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
        return _walk(block, reference, lot)
    except Exception as failure:
        return f"crash {type(failure).__name__}"


def _walk(block: Block, reference: Reference, lot: Random) -> str:
    workflow = _started(Files().write(block), variables(block))
    for _ in range(150):
        tasks = list(workflow.get_tasks(state=TaskState.READY, manual=True))
        if sorted(task.task_spec.name for task in tasks) != sorted(wait.name for wait in reference.waits("task")):
            return "wrong tasks"
        if reference.finished:
            return "right" if workflow.is_completed() else "never ends"
        name = lot.choice(sorted(task.task_spec.name for task in tasks))
        said = {"w": lot.randrange(3), f"f_{name}": lot.randrange(1000)}
        reference.world.variables.update(said)
        reference.happen("task", name)
        task = next(task for task in tasks if task.task_spec.name == name)
        task.data.update(said)
        task.run()
        workflow.do_engine_steps()
    return "never ends"


def _started(xml: bytes, given: dict[str, int]) -> BpmnWorkflow:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml))
        workflow = BpmnWorkflow(
            parser.get_spec("proces"), parser.get_subprocess_specs("proces"), script_engine=PythonScriptEngine(Feel())
        )
    workflow.task_tree.data.update(given)
    workflow.do_engine_steps()
    return workflow
