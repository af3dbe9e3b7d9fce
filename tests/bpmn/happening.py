"""Events of every kind, and diagrams in which they come, for the tests of the room."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from building import Walk, boundary, el, end, event, flows, par, process, script, start, timer, user, xor

ROOTS = (
    '<bpmn:message id="pismo" name="pismo"/><bpmn:signal id="alarm" name="alarm"/>'
    '<bpmn:error id="blad" errorCode="BRAK"/><bpmn:error id="inny" errorCode="INNY"/>'
    '<bpmn:escalation id="uwaga" escalationCode="UWAGA"/><bpmn:escalation id="inna" escalationCode="INNA"/>'
    '<bpmn:error id="bez_kodu"/><bpmn:error id="tez_bez_kodu"/>'
)
MESSAGE = event("message", messageRef="pismo")
SIGNAL = event("signal", signalRef="alarm")
ERROR = event("error", errorRef="blad")
ESCALATION = event("escalation", escalationRef="uwaga")
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>n &gt; 5</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def by_message(walk: Walk) -> Walk:
    return walk.hear("pismo")


def by_signal(walk: Walk) -> Walk:
    return walk.listen("alarm")


def by_time(walk: Walk) -> Walk:
    return walk.wait(days=1)


def by_condition(walk: Walk) -> Walk:
    return walk.do("obok", n=6)


COMING: dict[str, tuple[str, Callable[[Walk], Walk]]] = {
    "message": (MESSAGE, by_message),
    "signal": (SIGNAL, by_signal),
    "date": (timer("Date", "2026-11-22T12:00:00Z"), by_time),
    "duration": (timer("Duration", "P1D"), by_time),
    "cycle": (timer("Cycle", "R3/P1D"), by_time),
    "conditional": (CONDITION, by_condition),
}
KINDS = pytest.mark.parametrize("kind", COMING)


def sub(identity: str, *inner: str, handler: bool = False) -> str:
    return el("subProcess", identity, *inner, **({"triggeredByEvent": "true"} if handler else {}))


def chain(*names: str) -> str:
    """Start, user tasks and end of a level, with ids made from its first name."""
    first = names[0]
    tasks = "".join(user(one) for one in names)
    return start(f"s_{first}") + tasks + end(f"e_{first}") + flows(f"s_{first}", *names, f"e_{first}")


def reaction(definition: str, *, interrupts: bool) -> str:
    """An event sub-process with one task."""
    inner = start("s_r", definition, isInterrupting=str(interrupts).lower()) + user("reakcja") + end("e_r")
    return sub("zdarzenie", inner + flows("s_r", "reakcja", "e_r"), handler=True)


def plain(body: str) -> bytes:
    """`body` beside a task, so that something else is under way too; ends with `potem`."""
    return process(
        start() + par("g") + user("obok") + end("k_obok") + body + user("potem") + end(),
        flows("start", "g", "tu", "potem", "koniec") + flows("g", "obok", "k_obok"),
        roots=ROOTS,
    )


def nested(level: str) -> bytes:
    """A level two sub-processes deep."""
    inner = start("s2") + sub("tu2", level) + end("e2") + flows("s2", "tu2", "e2")
    return plain(sub("tu", inner))


def looped(level: str) -> bytes:
    """A level that is run twice."""
    body = user("potem") + xor("powrot") + sub("tu", level) + script("licz", "razy + 1", "razy")
    body += xor("czy", default="dosc") + flows("start", "powrot", "tu", "licz", "czy")
    body += flows("czy", "powrot", when="razy < 2") + flows("czy", "potem", named="dosc") + flows("potem", "koniec")
    return process(start() + body + end(), roots=ROOTS)


def caught(identity: str, definition: str, *, interrupts: bool = True) -> str:
    made = boundary(identity, "tu", definition, interrupts=interrupts) + user(f"po_{identity}") + end(f"k_{identity}")
    return made + flows(identity, f"po_{identity}", f"k_{identity}")
