"""A migration of a walked instance, planned and done, as the tests of the room see it."""

from __future__ import annotations

from building import (
    Walk,
    boundary,
    el,
    end,
    event,
    flows,
    process,
    start,
    user,
)

from engine.bpmn import bundle, migration
from engine.bpmn.migration import Plan

MESSAGES = '<bpmn:message id="m" name="pismo"/><bpmn:message id="m2" name="skarga"/>'


def planned(walk: Walk, xml: bytes, called: dict[str, bytes] | None = None, /, **mapping: str) -> Plan:
    """What would come of moving the instance to another diagram."""
    new = bundle.restore(bundle.compile(xml, called or {}))
    return migration.plan(walk.program, new, walk.outcome.state, mapping, facts={}, now=walk.now)


def moved(walk: Walk, xml: bytes, called: dict[str, bytes] | None = None, /, **mapping: str) -> Walk:
    """The same instance on another diagram."""
    new = bundle.restore(bundle.compile(xml, called or {}))
    found = migration.apply(walk.program, new, walk.outcome.state, mapping, facts={}, now=walk.now)
    assert found.outcome is not None
    walk.program, walk.outcome = new, found.outcome
    return walk


def texts(plan: Plan) -> dict[str, str]:
    return {one.element: one.text for one in plan.remarks}


def row(*names: str, **attributes: str) -> str:
    """User tasks one after the other between a start and an end."""
    steps = "".join(user(name, name=attributes.get(name, f"Krok {name}")) for name in names)
    return start() + steps + end() + flows("start", *names, "koniec")


def waiting(inner: str) -> bytes:
    step = el("intermediateCatchEvent", "czeka", inner, name="Czekanie")
    return process(start() + step + user("b") + end() + flows("start", "czeka", "b", "koniec"), roots=MESSAGES)


def guarded(*guards: tuple[str, str, bool]) -> bytes:
    made = "".join(
        boundary(name, "a", inner, interrupts=stops) + user(f"po_{name}") + end(f"k_{name}")
        + flows(name, f"po_{name}", f"k_{name}")
        for name, inner, stops in guards
    )  # fmt: skip
    return process(start() + user("a") + made + end() + flows("start", "a", "koniec"), roots=MESSAGES)


def handled(*names: str) -> bytes:
    made = ""
    for name in names:
        inner = start(f"s_{name}", event("message", messageRef="m"), isInterrupting="false") + user(f"w_{name}")
        inner += end(f"k_{name}") + flows(f"s_{name}", f"w_{name}", f"k_{name}")
        made += el("subProcess", name, inner, triggeredByEvent="true")
    return process(row("a") + made, roots=MESSAGES)
