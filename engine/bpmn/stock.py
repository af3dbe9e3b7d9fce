"""The library as it comes, for comparison: whole state loaded, one task completed, whole state saved."""

from __future__ import annotations

import time
import warnings

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer import DEFAULT_CONFIG
from SpiffWorkflow.util.task import TaskState


def costs(xml: bytes, key: str, deeds: int) -> list[float]:
    """CPU seconds of each deed on one instance, the first one first.

    Args:
        xml: a diagram whose conditions are Python, as the library wants them.
        deeds: how many tasks are completed at most.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _walk(xml, key, deeds)


def _walk(xml: bytes, key: str, deeds: int) -> list[float]:
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(etree.fromstring(xml))
    workflow = BpmnWorkflow(parser.get_spec(key), parser.get_subprocess_specs(key))
    workflow.do_engine_steps()
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(DEFAULT_CONFIG))
    state = serializer.serialize_json(workflow)
    taken = []
    for _ in range(deeds):
        begun = time.process_time()
        workflow = serializer.deserialize_json(state)
        waiting = workflow.get_next_task(state=TaskState.READY, manual=True)
        if waiting is None:
            break
        waiting.run()
        workflow.do_engine_steps()
        state = serializer.serialize_json(workflow)
        taken.append(time.process_time() - begun)
    return taken
