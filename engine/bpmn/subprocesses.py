# mypy: allow-subclassing-any
"""Steps that open a level of their own: embedded and event sub-processes, called processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.events import Event, Listener
from engine.bpmn.steps import Step

if TYPE_CHECKING:
    from engine.bpmn.scopes import InnerRun
    from engine.bpmn.tokens import Token


class SubProcess(Step):
    """An embedded sub-process. `level` names its spec in the bundle."""

    PARTS: ClassVar[Sequence[str]] = ("level",)
    level: str

    def enter(self, token: Token) -> None:
        """Open the level; the token stays until it is done.

        Raises:
            StepFailed: when levels are opened without end.
        """
        token._set_state(TaskState.STARTED)
        token.guard(self.boundaries)
        token.top.enter(self.level, token).open()

    def may_end(self, _scope: InnerRun) -> bool:
        """True when the level is done as soon as no token is left in it."""
        return True

    def goes_on(self, _scope: InnerRun, _token: Token) -> bool:
        """True when tokens go along the flows out of an inner step that is done."""
        return True

    def give_back(self, token: Token) -> None:
        """Nothing: it was given back when the level ended, which alone knows the level's variables."""

    def _on_cancel(self, my_task: Token) -> None:
        inner = my_task.top.subprocesses.get(my_task.id)
        if inner is not None:
            inner.leave()


class Transaction(SubProcess):
    """Runs like an embedded sub-process; a cancel end event in it takes everything away and leaves by its border.

    Only compensation could undo what is done (BPMN 2.0, 10.4.3); where there is none, nothing is undone.
    """


class CallActivity(SubProcess):
    """Runs another process inside the instance; both see the same variables unless the call maps them."""

    PARTS = ("level", "isolated")
    isolated: bool


class EventSubProcess(SubProcess, Listener):
    """A sub-process that starts when its event comes while the level around it is open."""

    PARTS = ("level", "event", "interrupts")
    event: Event
    interrupts: bool

    def occur(self, token: Token, again: bool) -> None:
        """Take the place of everything in the level, or run beside it."""
        if again and not self.interrupts:
            token.workflow.put(self)
            return
        if self.interrupts:
            token.workflow.clear(keep=token)
            token.workflow.ending = True
        token.release()
        self.enter(token)
