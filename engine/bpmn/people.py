"""What waits for a person: user and manual tasks, the sleeping rounds of multi-instance ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import loops
from engine.model import OpenTask, TaskDetails

if TYPE_CHECKING:
    from engine.bpmn.scopes import Run
    from engine.bpmn.tokens import Token


def tasks(run: Run) -> tuple[OpenTask, ...]:
    """All open tasks, the oldest first."""
    found = sorted(_waiting(run), key=itemgetter(0))
    return tuple(OpenTask(key=str(number), details=details) for number, details in found)


def find(run: Run, key: str) -> Token | None:
    """The token of an open task; None when there is none with this key."""
    for scope in run.scopes():
        for token in scope.tasks.values():
            if str(token.id) == key:
                return token if token.task_spec.manual and token.state == TaskState.READY else None
            if key in token.internal_data.get(loops.ASLEEP, ()):
                return loops.wake(token, key)
    return None


def _waiting(run: Run) -> Iterator[tuple[int, TaskDetails]]:
    for scope in run.scopes():
        details, steps = run.program.tasks[scope.spec.process], scope.spec.task_specs
        for token in scope.tasks.values():
            step = token.task_spec
            if step.manual and token._state == TaskState.READY:
                yield token.id, details[step.bpmn_id]
            if loops.ASLEEP in token.internal_data:
                one = details[steps[step.task].bpmn_id]
                yield from ((int(key), one) for key in token.internal_data[loops.ASLEEP])
