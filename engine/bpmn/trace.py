"""What tokens did during one deed, in the words of the diagram."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.model import StepMove, StepState

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.bpmn.tokens import Token

STATES = {
    TaskState.READY: StepState.ACTIVE,
    TaskState.WAITING: StepState.ACTIVE,
    TaskState.STARTED: StepState.ACTIVE,
    TaskState.COMPLETED: StepState.DONE,
    TaskState.CANCELLED: StepState.CANCELLED,
}


class Trace:
    """Collects moves in the order in which steps were first touched."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._moves: dict[int, StepMove] = {}

    @property
    def moves(self) -> tuple[StepMove, ...]:
        """Everything so far."""
        return tuple(self._moves.values())

    def notice(self, token: Token) -> None:
        """A token changed its state; events that were only listened for are no steps."""
        state = STATES[token.state]
        if token.host is not None or (state is StepState.CANCELLED and not token.entered):
            return
        if token.id in self._moves:
            self._moves[token.id] = replace(self._moves[token.id], state=state)
        elif token.task_spec.shows(token):
            self._moves[token.id] = self._move(token, state)
        token.entered = True

    def _move(self, token: Token, state: StepState) -> StepMove:
        step, process = token.task_spec, token.workflow.spec.process
        kind, name = self._program.steps[process][step.bpmn_id]
        return StepMove(
            key=str(token.id),
            element=step.bpmn_id,
            process=process,
            name=name,
            kind=kind,
            state=state,
            first=not token.entered,
        )
