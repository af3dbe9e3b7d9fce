"""What waits for a person: user and manual tasks, the sleeping rounds of multi-instance ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import loops
from engine.model import OpenTask

if TYPE_CHECKING:
    from engine.bpmn.scopes import Run
    from engine.bpmn.steps import Step
    from engine.bpmn.tokens import Token


def tasks(run: Run) -> tuple[OpenTask, ...]:
    """All open tasks, the oldest first."""
    found = []
    for number, process, step in _waiting(run):
        found.append((number, OpenTask(key=str(number), details=run.program.tasks[process][step.bpmn_id])))
    return tuple(task for _, task in sorted(found, key=lambda one: one[0]))


def find(run: Run, key: str) -> Token | None:
    """The token of an open task; None when there is none with this key."""
    for scope in run.scopes():
        for token in scope.tasks.values():
            if str(token.id) == key:
                return token if token.task_spec.manual and token.state == TaskState.READY else None
            if key in token.internal_data.get(loops.ASLEEP, ()):
                return loops.wake(token, key)
    return None


def _waiting(run: Run) -> Iterator[tuple[int, str, Step]]:
    for scope in run.scopes():
        process, steps = scope.spec.process, scope.spec.task_specs
        for token in scope.tasks.values():
            step = token.task_spec
            if step.manual and token._state == TaskState.READY:
                yield token.id, process, step
            for key in token.internal_data.get(loops.ASLEEP, ()):
                yield int(key), process, steps[step.task]
