"""A mistake of one kind does not hide those of another."""

from __future__ import annotations

from building import end, flows, par, process, start, user, xor

from engine.bpmn import gate


def test_an_unknown_role_does_not_hide_a_deadlock() -> None:
    body = start() + xor("g", default="d") + user("a") + user("b") + par("j") + end()
    ways = flows("g", "a", when="n = 1") + flows("g", "b", named="d") + flows("a", "j") + flows("b", "j")
    xml = process(body + flows("start", "g") + ways + flows("j", "koniec"))

    told = gate.rules(xml, gate.Known(roles=frozenset(), forms={}, processes={}))

    refused = {one.element for one in told if one.severity == "error"}
    assert {"a", "b", "j"} <= refused
