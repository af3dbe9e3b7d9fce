"""Small diagrams for tests, written in a line or two, and a way to walk them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.bpmn import bundle, runner
from engine.model import Json, Outcome, StepMove

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bieg="urn:bieg:bpmn:1"'
    ' id="definicje" targetNamespace="urn:bieg:test">'
)
_numbers = count(1)


def process(*body: str, key: str = "proces", roots: str = "") -> bytes:
    """A file with one executable process; `roots` are messages, errors … beside it."""
    inner = "".join(body)
    return (
        f'{HEAD}{roots}<bpmn:process id="{key}" name="Proces {key}" isExecutable="true">{inner}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def el(tag: str, identity: str, *inner: str, **attributes: str) -> str:
    """Any element."""
    said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<bpmn:{tag} id="{identity}"{said}>{"".join(inner)}</bpmn:{tag}>'


def start(identity: str = "start", *inner: str, **attributes: str) -> str:
    return el("startEvent", identity, *inner, **attributes)


def end(identity: str = "koniec", *inner: str, **attributes: str) -> str:
    return el("endEvent", identity, *inner, **attributes)


def user(identity: str, *inner: str, **attributes: str) -> str:
    return el("userTask", identity, *inner, **attributes)


def script(identity: str, expression: str, variable: str) -> str:
    said = f"<bieg:script expression={quoteattr(expression)} resultVariable={quoteattr(variable)}/>"
    return el("scriptTask", identity, f"<bpmn:extensionElements>{said}</bpmn:extensionElements>")


def rule(identity: str, decision: str, variable: str, **attributes: str) -> str:
    said = f"<bieg:decision ref={quoteattr(decision)} resultVariable={quoteattr(variable)}/>"
    return el("businessRuleTask", identity, f"<bpmn:extensionElements>{said}</bpmn:extensionElements>", **attributes)


def call(identity: str, called: str, *inner: str) -> str:
    return el("callActivity", identity, *inner, calledElement=called)


def xor(identity: str, default: str = "", **attributes: str) -> str:
    return el("exclusiveGateway", identity, **({"default": default} if default else {}), **attributes)


def par(identity: str) -> str:
    return el("parallelGateway", identity)


def inc(identity: str, default: str = "") -> str:
    return el("inclusiveGateway", identity, **({"default": default} if default else {}))


def flows(*ids: str, when: str = "", named: str = "") -> str:
    """Flows from each step to the next; a condition and a name fit a single flow."""
    made = []
    for source, target in pairwise(ids):
        identity = named or f"flow_{next(_numbers)}"
        inner = ""
        if when:
            kind = 'xsi:type="bpmn:tFormalExpression"'
            inner = f"<bpmn:conditionExpression {kind}>{escape(when)}</bpmn:conditionExpression>"
        made.append(
            f'<bpmn:sequenceFlow id="{identity}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return "".join(made)


def timer(kind: str, said: str) -> str:
    """Kind is Date, Duration or Cycle."""
    inner = f"<bpmn:time{kind}>{escape(said)}</bpmn:time{kind}>"
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def event(kind: str, **attributes: str) -> str:
    """An event definition of another kind: message, signal, error, escalation, terminate …"""
    said = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<bpmn:{kind}EventDefinition{said}/>"


def boundary(identity: str, host: str, inner: str, *, interrupts: bool = True) -> str:
    return el("boundaryEvent", identity, inner, attachedToRef=host, cancelActivity=str(interrupts).lower())


class Walk:
    """An instance under way; every deed goes through its saved state."""

    def __init__(
        self,
        xml: bytes,
        called: Mapping[str, bytes] | None = None,
        facts: Mapping[str, Json] | None = None,
        decisions: Mapping[str, bytes] | None = None,
        **variables: Json,
    ) -> None:
        self.program = bundle.restore(bundle.compile(xml, called or {}, decisions or {}))
        self.facts = facts or {}
        self.now = NOON
        self.outcome: Outcome = runner.start(self.program, variables=variables, facts=self.facts, now=self.now)

    @property
    def open(self) -> list[str]:
        """Elements of the open tasks, sorted."""
        return sorted(task.details.element for task in self.outcome.tasks)

    @property
    def timers(self) -> dict[str, datetime]:
        return {timer.element: timer.due_at for timer in self.outcome.timers}

    @property
    def moves(self) -> list[tuple[str, str]]:
        return [(move.element, move.state.value) for move in self.outcome.moves]

    def move(self, element: str) -> StepMove:
        return next(move for move in self.outcome.moves if move.element == element)

    def key(self, element: str) -> str:
        """Key of the oldest open task of this element."""
        return next(task.key for task in self.outcome.tasks if task.details.element == element)

    def do(self, element: str, **variables: Json) -> Walk:
        """Complete the oldest open task of this element."""
        return self.do_key(self.key(element), **variables)

    def do_key(self, key: str, **variables: Json) -> Walk:
        self.outcome = runner.complete(
            self.program, self.outcome.state, key, variables=variables, facts=self.facts, now=self.now
        )
        return self

    @property
    def offers(self) -> list[str]:
        """Elements of what may be begun; the sub-process itself when it may be closed."""
        return [offer.element for offer in self.outcome.offers]

    def take_up(self, element: str, key: str = "") -> Walk:
        """Begin what the oldest open ad-hoc sub-process, or the one with this key, offers."""
        key = key or next(offer.key for offer in self.outcome.offers)
        self.outcome = runner.take_up(self.program, self.outcome.state, key, element, facts=self.facts, now=self.now)
        return self

    def close(self, element: str) -> Walk:
        """Close an open ad-hoc sub-process."""
        key = next(offer.key for offer in self.outcome.offers if offer.closing and offer.element == element)
        self.outcome = runner.close(self.program, self.outcome.state, key, facts=self.facts, now=self.now)
        return self

    def wait(self, **span: float) -> Walk:
        """Let time pass and fire what is due then."""
        self.now += timedelta(**span)
        self.outcome = runner.fire(self.program, self.outcome.state, facts=self.facts, now=self.now)
        return self

    def hear(self, name: str, payload: Mapping[str, Json] | None = None, **correlation: Json) -> Walk:
        """Deliver a message."""
        self.outcome = runner.deliver(
            self.program,
            self.outcome.state,
            name=name,
            correlation=correlation,
            payload=payload or {},
            facts=self.facts,
            now=self.now,
        )
        return self

    def listen(self, name: str, payload: Mapping[str, Json] | None = None) -> Walk:
        """Let a signal come."""
        self.outcome = runner.signal(
            self.program, self.outcome.state, name=name, payload=payload or {}, facts=self.facts, now=self.now
        )
        return self
