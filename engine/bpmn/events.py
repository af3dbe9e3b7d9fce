# mypy: allow-subclassing-any
"""Events: what starts, ends, waits, interrupts and throws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import expressions, timers, waits
from engine.bpmn.steps import Flow, Step
from engine.errors import StepFailed

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class Event(NamedTuple):
    """What an event is about."""

    kind: str = "none"  # none, message, signal, timer, conditional, error, escalation, terminate
    name: str = ""  # of the message or signal
    code: str = ""  # of the error or escalation, "" catches any
    timer: str = ""  # date, duration or cycle
    expression: str = ""  # of the timer or condition
    keys: tuple[str, ...] = ()  # variables by which a message finds its instance


NONE = Event()


class StartEvent(Step):
    """Where a level begins; whatever it waits for has come when the level is entered."""

    PARTS = ("event",)
    event: Event

    def enter(self, token: Token) -> None:
        """Pass: the event of a start is not waited for inside."""
        token._ready()


class Listener(Step):
    """A step whose token waits for an event."""

    PARTS: ClassVar[Sequence[str]] = ("event",)
    event: Event

    def arm(self, token: Token) -> None:
        """Start to wait. Due moments and correlation keys are fixed now.

        Raises:
            StepFailed: when the timer or the condition cannot be computed.
        """
        if self.event.kind == "timer":
            token.internal_data.update(self._begin(token))
        elif self.event.kind == "message":
            known = token.variables()
            token.internal_data["keys"] = {key: known.get(key) for key in self.event.keys}
        token._set_state(TaskState.WAITING)

    def occur(self, token: Token, _again: bool) -> None:
        """The event has come; the second argument says whether it may come once more."""
        gateway = token.release()
        if gateway is not None:
            gateway.complete()
        token._ready()

    def _begin(self, token: Token) -> dict[str, object]:
        text = self.event.expression
        try:
            said: object = text
            if not timers.literal(text):
                said = expressions.raw(text, token.context(), token)
                said = said if hasattr(said, "year") else feel.to_json(said)
            return timers.begin(self.event.timer, said, token.top.now)
        except (timers.TimerError, OverflowError, ValueError) as cause:
            reason = cause if isinstance(cause, timers.TimerError) else "Termin leży poza kalendarzem."
            raise StepFailed(f"Krok „{self.label}”: {reason}", element=self.bpmn_id) from cause


class IntermediateCatchEvent(Listener):
    """Waits in the flow; without an event (a link's end) it is passed."""

    def enter(self, token: Token) -> None:
        """Wait, or pass when there is nothing to wait for."""
        token.guard(self.boundaries)
        if self.event.kind == "none":
            token._ready()
        else:
            self.arm(token)


class ReceiveTask(IntermediateCatchEvent):
    """A task that waits for a message."""


class BoundaryEvent(Listener):
    """Listens as long as the activity it is attached to is open."""

    PARTS = ("event", "interrupts")
    interrupts: bool

    def occur(self, token: Token, again: bool) -> None:
        """Interrupt the activity, or go on beside it."""
        if again and not self.interrupts:
            token.workflow.make(self)._ready()
            return
        host = token.release()
        if self.interrupts and host is not None:
            host.cancel()
        token._ready()


class IntermediateThrowEvent(Step):
    """Throws on its way."""

    PARTS = ("event",)
    event: Event

    def choose(self, token: Token) -> Sequence[Flow]:
        """Throw first, then go on, unless what was thrown has ended the level."""
        throw(self.event, token)
        return () if token.workflow.completed else super().choose(token)


class SendTask(IntermediateThrowEvent):
    """A task that sends a message."""


class EndEvent(Step):
    """Ends a branch, with what is thrown there."""

    PARTS = ("event",)
    event: Event

    def choose(self, token: Token) -> Sequence[Flow]:
        """No flow leaves an end."""
        throw(self.event, token)
        return ()


def throw(event: Event, token: Token) -> None:
    """Let an event out; the token that throws it is done already."""
    scope, top = token.workflow, token.top
    if event.kind == "terminate":
        scope.clear(keep=token)
    elif event.kind == "error":
        if not waits.throw(scope, "error", event.code):
            top.stop(token)
    elif event.kind == "escalation":
        waits.throw(scope, "escalation", event.code)
    elif event.kind == "signal":
        waits.fire_signal(top, event.name)
    elif event.kind == "message":
        waits.fire_message(top, event.name, {}, {})
