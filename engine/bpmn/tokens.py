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
        """The variables of the instance, over them those of the rounds it is in."""
        local = self.locals()
        if not local:
            return self.top.variables
        merged = dict(self.top.variables)
        for values in reversed(local):
            merged.update(values)
        return merged

    def locals(self) -> list[dict[str, Json]]:
        """The variables of the rounds that the token is in, the innermost first."""
        found = [self.local] if self.local is not None else []
        owner = self.workflow.owner
        while owner is not None:
            if owner.local is not None:
                found.append(owner.local)
            owner = owner.workflow.owner
        return found

    def set(self, name: str, value: Json) -> None:
        """Give a variable a value, in the innermost round that has it, else in the instance."""
        for values in self.locals():
            if name in values:
                values[name] = value
                return
        self.top.variables[name] = value

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
