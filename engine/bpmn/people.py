"""What waits for a person: user and manual tasks, the sleeping rounds of multi-instance ones among them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import loops
from engine.model import OpenTask

if TYPE_CHECKING:
    from engine.bpmn.scopes import Run
    from engine.bpmn.tokens import Token

SHORT = 80  # letters of an item that a sentence quotes
NAMES = ("nazwa", "name", "tytul")  # members by which an item is called


def tasks(run: Run) -> tuple[OpenTask, ...]:
    """All open tasks, the oldest first; what else their people see is said of those that do not sleep."""
    return tuple(sorted(_waiting(run), key=lambda one: int(one.key)))


def find(run: Run, key: str) -> Token | None:
    """The token of an open task; None when there is none with this key."""
    for scope in run.scopes():
        for token in scope.tasks.values():
            if str(token.id) == key:
                return token if token.task_spec.manual and token.state == TaskState.READY else None
            if key in token.internal_data.get(loops.ASLEEP, ()):
                return loops.wake(token, key)
    return None


def _waiting(run: Run) -> Iterator[OpenTask]:
    for scope in run.scopes():
        details, steps = run.program.tasks[scope.spec.process], scope.spec.task_specs
        for token in scope.tasks.values():
            step = token.task_spec
            if step.manual and token._state == TaskState.READY:
                layers = token.layers()
                own = [values for values in reversed(layers) if values is not run.variables]
                local = {name: value for values in own for name, value in values.items()}
                closed = layers[-1] is not run.variables
                yield OpenTask(str(token.id), details[step.bpmn_id], local, closed, _about(token))
            if loops.ASLEEP in token.internal_data:
                one = details[steps[step.task].bpmn_id]
                yield from (OpenTask(key, one) for key in token.internal_data[loops.ASLEEP])


def _about(token: Token) -> str:
    """Which of several rounds the token is in, the innermost one; "" when it is in none."""
    inner: Token | None = token
    while inner is not None:
        if inner.shell is not None and isinstance(inner.of_round().task_spec, loops.MultiInstance):
            return _item(inner)
        inner = inner.workflow.owner
    return ""


def _item(token: Token) -> str:
    shell, local = token.of_round(), token.local or {}
    item = local.get(shell.task_spec.item) if shell.internal_data["items"] is not None else None
    called = next((item[name] for name in NAMES if item.get(name)), None) if isinstance(item, dict) else item
    if isinstance(called, str | int | float) and not isinstance(called, bool) and 0 < len(str(called)) <= SHORT:
        return str(called)
    return f"pozycja {local['loopCounter']} z {shell.internal_data['rounds']}"
