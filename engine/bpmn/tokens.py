# mypy: allow-subclassing-any
"""The tokens that move through a diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import expressions
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.scopes import Run, Scope
    from engine.bpmn.steps import Flow, Step

SCOPE = 0  # as host: the token listens on behalf of its whole scope


class Token(Task):
    """A token in one step.

    The library's constructor gives every task a random id, a time from the wall clock and a place in a tree. Here ids
    are counted within the instance, so that the same deed on the same state always has the same outcome.
    """

    id: int
    workflow: Scope
    task_spec: Step
    internal_data: dict[str, Any]
    _state: int

    def __init__(self, scope: Scope, step: Step, number: int) -> None:
        self.id = number
        self.workflow = scope
        self.task_spec = step
        self.internal_data = {}
        self.host: int | None = None  # the token it guards: it leaves when its event comes, or goes with its host
        self.shell: int | None = None  # the multi-instance or loop token whose round it is
        self.local: dict[str, Json] | None = None  # variables of this round alone
        self.inputs: dict[str, Json] | None = None  # what came into the activity from outside, and its own names
        self.entered = False  # its step has been reported
        self._state = TaskState.FUTURE
        self._parent = None
        self._children: list[int] = []
        scope.tasks[number] = self

    @property
    def top(self) -> Run:
        """The whole instance."""
        return self.workflow.top_workflow

    @property
    def data(self) -> dict[str, Json]:
        """The variables that this token sees."""
        return self.variables()

    def variables(self) -> dict[str, Json]:
        """The variables that the token sees; inner ones hide outer ones of the same name."""
        layers = self.layers()
        if len(layers) == 1:
            return layers[0]
        merged: dict[str, Json] = {}
        for values in reversed(layers):
            merged.update(values)
        return merged

    def layers(self) -> list[dict[str, Json]]:
        """Where variables are looked for: those of the token, then of its level, and so on outwards."""
        found = [one for one in (self.inputs, self.local) if one is not None]
        return found + self.workflow.layers()

    def set(self, name: str, value: Json) -> None:
        """Give a variable a value where it is known, seen from inside; else in the instance or the isolated call."""
        layers = self.layers()
        known = next((values for values in layers if name in values), layers[-1])
        known[name] = value
        self.top.changed = True

    def evaluate(self, text: str) -> Json:
        """The value of a FEEL expression.

        Raises:
            StepFailed: when it cannot be computed.
        """
        return expressions.value(text, self.context(), self)

    def holds(self, flow: Flow) -> bool:
        """True when the flow has no condition, or its condition is exactly true."""
        return not flow.condition or expressions.holds(flow.condition, self.context(), self)

    def context(self) -> Mapping[str, Json]:
        """Names that an expression may read; facts cannot be overlaid by variables."""
        return {**self.variables(), **self.top.facts}

    def guard(self, steps: Iterable[str]) -> None:
        """Let these events wait as long as this token is where it is."""
        for name in steps:
            self.workflow.listen(self.workflow.spec.task_specs[name], host=self.id)

    def release(self) -> Token | None:
        """Stop guarding; gives the token that was guarded, None when it was the whole level."""
        host, self.host = self.host, None
        return self.workflow.tasks.get(host) if host else None

    def of_round(self) -> Token:
        """The multi-instance or loop token whose round this is."""
        if self.shell is None:
            raise LookupError(self.id)
        return self.workflow.tasks[self.shell]

    def cancel(self) -> None:
        """Take the token away, with everything that depends on it."""
        if self.has_state(TaskState.FINISHED_MASK):
            return
        self._set_state(TaskState.CANCELLED)
        self.task_spec._on_cancel(self)
        self.workflow.drop(self)

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self._state = value
            self.top.noticed(self)
