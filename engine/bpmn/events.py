# mypy: allow-subclassing-any
"""Events: what starts, ends, waits, interrupts and throws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.bpmn import correlation, expressions, timers, waits
from engine.bpmn.mappings import Pair
from engine.bpmn.steps import Step
from engine.errors import ExpressionFailed, StepFailed
from engine.model import Json, Sent, WaitKind

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class Key(NamedTuple):
    """One property by which a message finds its receiver."""

    name: str
    path: str  # FEEL: its value, read from the message
    bound: str = ""  # FEEL: the value that the process waits for; "": what is known under its name


class Event(NamedTuple):
    """What an event is about."""

    kind: str = "none"  # none, message, signal, timer, conditional, error, escalation, cancel, terminate
    name: str = ""  # of the message or signal
    code: str = ""  # of the error or escalation, "" catches any
    timer: str = ""  # date, duration or cycle
    expression: str = ""  # of the timer or condition
    keys: tuple[Key, ...] = ()  # by which a message finds its receiver
    data: tuple[Pair, ...] = ()  # what a thrown message brings, or what is taken out of one that comes


def restored(said: Sequence[Any]) -> Event:
    """An event that was kept as JSON."""
    kind, name, code, timer, expression, keys, data = said
    read = tuple(Key(*one) for one in keys), tuple(Pair(*one) for one in data)
    return Event(kind, name, code, timer, expression, *read)


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
            token.internal_data["keys"] = correlation.awaited(self.event, token)
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
        except (timers.TimerError, ExpressionFailed, OverflowError, ValueError) as cause:
            known = isinstance(cause, timers.TimerError | ExpressionFailed)
            reason = cause if known else "Termin leży poza kalendarzem."
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
    """A task that waits for a message, or starts the process when it comes."""

    PARTS = ("event", "instantiates")
    instantiates: bool


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


class _Thrower(Step):
    """A step that throws when it is done."""

    PARTS = ("event",)
    event: Event

    def _on_complete(self, my_task: Token) -> None:
        if throw(self.event, my_task):
            super()._on_complete(my_task)
        else:
            my_task.workflow.drop(my_task)


class IntermediateThrowEvent(_Thrower):
    """Throws on its way."""


class SendTask(_Thrower):
    """A task that sends a message."""


class EndEvent(_Thrower):
    """Ends a branch, with what is thrown there."""


def throw(event: Event, token: Token) -> bool:
    """Let an event out; the token that throws it is done already.

    Returns:
        False when what was thrown has taken away the level, the branch or the round of the token: it does not go on.
    """
    scope = token.workflow
    before = scope.cleared
    _throw(event, token)
    return scope.still(token, before)


def _throw(event: Event, token: Token) -> None:
    scope, top = token.workflow, token.top
    if event.kind == "terminate":
        scope.clear(keep=token)
    elif event.kind == "error":
        if not waits.throw(scope, "error", event.code):
            top.stop(token)
    elif event.kind in ("escalation", "cancel"):
        waits.throw(scope, event.kind, event.code)
    elif event.kind == "signal":
        payload = correlation.brought(event, token)
        waits.fire_signal(top, event.name, payload)
        top.sent.append(_sent(WaitKind.SIGNAL, event, token, {}, payload))
    elif event.kind == "message":
        payload = correlation.brought(event, token)
        keys = correlation.carried(event, token, payload)
        if not waits.fire_message(top, event.name, keys, payload):
            top.sent.append(_sent(WaitKind.MESSAGE, event, token, keys, payload))


def _sent(kind: WaitKind, event: Event, token: Token, keys: dict[str, Json], payload: dict[str, Json]) -> Sent:
    step = token.task_spec
    return Sent(kind=kind, element=step.bpmn_id, name=event.name, correlation=keys, payload=payload)
