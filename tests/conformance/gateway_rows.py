"""Rows: flows and gateways."""

from __future__ import annotations

import pytest
from building import boundary, el, end, event, flows, inc, par, process, script, start, timer, xor
from rows import Case, person, refused, runs

from engine.errors import StepFailed

FLOWS = "Flows"
GATES = "Gateways"


def _cond(identity: str, source: str, target: str, text: str) -> str:
    return flows(source, target, when=text, named=identity)


def _two_ways(gate: str, *, default: bool = True) -> bytes:
    ways = _cond("f1", "g", "a", "n > 10")
    ways += flows("g", "b", named="f2") if default else _cond("f2", "g", "b", "n > 100")
    ends = end("e1") + end("e2")
    return process(start() + gate + el("task", "a") + el("task", "b") + ends + flows("start", "g") + ways
                   + flows("a", "e1") + flows("b", "e2"))  # fmt: skip


@runs(FLOWS, "Sequence flow", "a token goes along it at once")
def a_flow_leads_on() -> None:
    case = Case(process(start() + el("task", "a") + end() + flows("start", "a", "koniec")))

    assert case.entered == ["start", "a", "koniec"]


@runs(FLOWS, "Several flows out of an activity or event", "a token on each of them")
def several_flows_split() -> None:
    body = start() + el("task", "x") + el("task", "a") + el("task", "b") + end("e1") + end("e2")
    case = Case(process(body + flows("start", "x", "a", "e1") + flows("x", "b", "e2")))

    assert sorted(case.entered[2:]) == ["a", "b", "e1", "e2"]


@runs(FLOWS, "Several flows into an activity", "it runs once for each token that comes")
def several_flows_merge_without_waiting() -> None:
    body = start() + par("g") + el("task", "a") + el("task", "b") + el("task", "c") + end()
    case = Case(process(body + flows("start", "g", "a", "c", "koniec") + flows("g", "b", "c")))

    assert case.entered.count("c") == 2


@runs(FLOWS, "Conditional flow out of an activity", "every flow whose condition is true, beside those without one")
def conditional_flows_of_an_activity() -> None:
    body = start() + el("task", "x") + el("task", "a") + el("task", "b") + el("task", "c") + end("e")
    tied = flows("start", "x") + _cond("f1", "x", "a", "n > 1") + _cond("f2", "x", "b", "n > 5") + flows("x", "c")
    case = Case(process(body + tied + flows("a", "e") + flows("b", "e") + flows("c", "e")), n=3)

    assert sorted(one for one in case.entered if one in "abc") == ["a", "c"]


@runs(FLOWS, "Default flow of an activity", "when no condition is true")
def default_flow_of_an_activity() -> None:
    body = start() + el("task", "x", default="f2") + el("task", "a") + el("task", "b") + end("e")
    tied = flows("start", "x") + _cond("f1", "x", "a", "n > 1") + flows("x", "b", named="f2")
    xml = process(body + tied + flows("a", "e") + flows("b", "e"))

    assert "b" in Case(xml, n=0).entered
    assert "b" not in Case(xml, n=2).entered


@runs(FLOWS, "Condition that reads something unknown", "FEEL says null, which is not true")
def an_unknown_name_is_not_true() -> None:
    case = Case(_two_ways(xor("g", default="f2")))

    assert "b" in case.entered


refused(
    FLOWS,
    "Condition on a flow out of a start event",
    process(start() + end() + _cond("f", "start", "koniec", "n > 1")),
    at="f",
    says="arun",
    note="BPMN 2.0 forbids it (table 10.85)",
)
refused(
    FLOWS,
    "Condition on a flow out of a parallel gateway",
    process(
        start() + par("g") + el("task", "a") + el("task", "b") + end("e1") + end("e2")
        + flows("start", "g") + _cond("f", "g", "a", "n > 1") + flows("g", "b", "e2") + flows("a", "e1")
    ),
    at="f",
    says="arun",
    note="BPMN 2.0 forbids it (13.4.1)",
)  # fmt: skip


@runs(GATES, "Exclusive gateway (`exclusiveGateway`), split", "the first flow in the file whose condition is true")
def one_way_is_taken() -> None:
    assert "a" in Case(_two_ways(xor("g", default="f2")), n=11).entered
    assert "a" not in Case(_two_ways(xor("g", default="f2")), n=1).entered


@runs(GATES, "Exclusive gateway, join", "every token passes")
def an_exclusive_join_passes() -> None:
    body = start() + par("g") + el("task", "a") + el("task", "b") + xor("x") + el("task", "c") + end()
    case = Case(process(body + flows("start", "g", "a", "x", "c", "koniec") + flows("g", "b", "x")))

    assert case.entered.count("c") == 2


@runs(GATES, "Exclusive gateway without a way", "the case stops, the gateway is named; a start is refused")
def no_way_stops_the_case() -> None:
    body = start() + person("u") + xor("g") + el("task", "a") + el("task", "b") + end("e")
    ways = _cond("f1", "g", "a", "n = 1") + _cond("f2", "g", "b", "n = 2")
    case = Case(process(body + flows("start", "u", "g") + ways + flows("a", "e") + flows("b", "e")), n=3)

    with pytest.raises(StepFailed) as failure:
        case.do("u")
    assert failure.value.element == "g"


@runs(GATES, "Parallel gateway (`parallelGateway`)", "all ways; the join waits for one token on each flow")
def all_ways_and_all_of_them_are_awaited() -> None:
    body = start() + par("g") + person("a") + person("b") + par("j") + el("task", "c") + end()
    case = Case(process(body + flows("start", "g", "a", "j", "c", "koniec") + flows("g", "b", "j")))

    assert "c" not in case.do("b").entered
    assert case.do("a").entered.count("c") == 1
    assert case.over


@runs(GATES, "Parallel gateway in a loop", "each round is counted by itself")
def a_parallel_block_repeats() -> None:
    body = start() + xor("m") + par("g") + person("a") + person("b") + par("j") + xor("x", default="f") + end()
    tied = flows("start", "m", "g", "a", "j", "x") + flows("g", "b", "j") + _cond("z", "x", "m", "n < 2")
    case = Case(process(body + tied + flows("x", "koniec", named="f")), n=0)

    case.do("a").do("b", n=1)
    assert case.open == ["a", "b"]
    case.do("b").do("a", n=2)

    assert case.over


@runs(GATES, "Inclusive gateway (`inclusiveGateway`), split", "every flow whose condition is true, else the default")
def several_ways_may_be_taken() -> None:
    body = start() + inc("g", default="f3") + el("task", "a") + el("task", "b") + el("task", "c") + end("e")
    ways = _cond("f1", "g", "a", "n > 1") + _cond("f2", "g", "b", "n > 5") + flows("g", "c", named="f3")
    xml = process(body + flows("start", "g") + ways + flows("a", "e") + flows("b", "e") + flows("c", "e"))

    assert sorted(one for one in Case(xml, n=9).entered if one in "abc") == ["a", "b"]
    assert sorted(one for one in Case(xml, n=0).entered if one in "abc") == ["c"]


@runs(GATES, "Inclusive gateway, join", "waits for every token that can still come, and for no other (13.4.3)")
def an_inclusive_join_waits_for_what_can_come() -> None:
    body = start() + inc("g", default="f3") + person("a") + person("b") + person("c") + inc("j") + el("task", "d")
    ways = _cond("f1", "g", "a", "n > 1") + _cond("f2", "g", "b", "n > 5") + flows("g", "c", named="f3")
    xml = process(
        body + end() + flows("start", "g") + ways + flows("a", "j", "d", "koniec") + flows("b", "j") + flows("c", "j")
    )
    two = Case(xml, n=9)

    assert Case(xml, n=2).do("a").over
    assert "d" not in two.do("a").entered
    assert two.do("b").over


@runs(GATES, "Parallel split, inclusive join; and other mixtures", "each gateway by its own rule")
def mixed_gateways() -> None:
    body = start() + par("g") + person("a") + person("b") + inc("j") + el("task", "c") + end()
    case = Case(process(body + flows("start", "g", "a", "j", "c", "koniec") + flows("g", "b", "j")))

    assert "c" not in case.do("a").entered
    assert case.do("b").over


@runs(GATES, "Gateway that joins and splits", "first the join, then the split")
def a_gateway_may_do_both() -> None:
    body = start() + par("g") + el("task", "a") + el("task", "b") + par("x") + el("task", "c") + el("task", "d")
    tied = flows("start", "g", "a", "x", "c", "e1") + flows("g", "b", "x", "d", "e2")
    case = Case(process(body + end("e1") + end("e2") + tied))

    assert [case.entered.count(one) for one in "xcd"] == [1, 1, 1]


def _race(*events: str, more: str = "", roots: str = "", **said: str) -> bytes:
    ids = [one.split(' id="', 1)[1].split('"', 1)[0] for one in events]
    steps = "".join(el("task", f"po_{one}") + end(f"e_{one}") for one in ids)
    tied = flows("start", "g") + "".join(flows("g", one, f"po_{one}", f"e_{one}") for one in ids)
    return process(start() + el("eventBasedGateway", "g", **said) + "".join(events) + steps + tied + more, roots=roots)


MESSAGE = '<bpmn:message id="m" name="pismo"/>'
LETTER = el("intermediateCatchEvent", "list", event("message", messageRef="m"))


@runs(GATES, "Event-based gateway: message and timer", "the first event wins")
def the_first_event_wins() -> None:
    xml = _race(LETTER, el("intermediateCatchEvent", "czas", timer("Duration", "P7D")), roots=MESSAGE)

    assert "po_list" in Case(xml).hear("pismo").entered
    late = Case(xml).wait(days=8)
    assert ("po_czas" in late.entered, late.over) == (True, True)


@runs(GATES, "Event-based gateway: several timers", "each has its own moment")
def several_timers_race() -> None:
    slow = el("intermediateCatchEvent", "wolny", timer("Duration", "P9D"))
    quick = el("intermediateCatchEvent", "szybki", timer("Duration", "P2D"))
    case = Case(_race(slow, quick)).wait(days=3)

    assert "po_szybki" in case.entered
    assert "po_wolny" not in case.entered


@runs(GATES, "Event-based gateway: signal, condition, receive task", "")
def other_events_race() -> None:
    condition = (
        "<bpmn:conditionalEventDefinition><bpmn:condition>gotowe</bpmn:condition></bpmn:conditionalEventDefinition>"
    )
    waits = el("intermediateCatchEvent", "warunek", condition)
    receives = el("receiveTask", "odbior", messageRef="m")
    xml = _race(receives, waits, roots=MESSAGE)

    assert "po_odbior" in Case(xml).hear("pismo").entered
    assert "po_warunek" in Case(xml, gotowe=True).entered


refused(
    GATES,
    "Event-based gateway of parallel type",
    _race(LETTER, el("intermediateCatchEvent", "czas", timer("Duration", "P7D")), roots=MESSAGE, instantiate="true",
          eventGatewayType="Parallel"),
    at="g",
    says="",
    note="a case starts by one event",
)  # fmt: skip
refused(
    GATES,
    "Complex gateway (`complexGateway`)",
    process(
        start() + el("complexGateway", "g") + el("task", "a") + el("task", "b") + end("e1") + end("e2")
        + flows("start", "g", "a", "e1") + flows("g", "b", "e2")
    ),
    at="g",
    says="Bramka złożona",
    note="its rule cannot be read off the drawing",
)  # fmt: skip


@runs(GATES, "Discriminator from an exclusive join and a terminate end", "the first of two ways ends the case")
def the_first_of_two_ways_ends_the_case() -> None:
    body = start() + par("g") + person("a") + person("b") + xor("x") + end("e", event("terminate"))
    case = Case(process(body + flows("start", "g", "a", "x", "e") + flows("g", "b", "x")))

    assert case.do("b").over
    assert case.cancelled() == ["a"]


@runs(FLOWS, "Arbitrary cycle", "a flow may lead back to any earlier step of its level")
def a_flow_leads_back() -> None:
    body = start() + script("licz", "n + 1", "n") + xor("g", default="d") + el("task", "a") + end()
    tied = (
        flows("start", "licz", "g")
        + _cond("z", "g", "licz", "n < 4")
        + flows("g", "a", named="d")
        + flows("a", "koniec")
    )
    case = Case(process(body + tied), n=0)

    assert case.entered.count("licz") == 4
    assert case.over


@runs(FLOWS, "Boundary way that joins the main way", "the token that was interrupted does not come a second time")
def a_boundary_way_joins() -> None:
    body = start() + person("a") + boundary("b", "a", timer("Duration", "P1D")) + xor("x") + el("task", "c") + end()
    case = Case(process(body + flows("start", "a", "x", "c", "koniec") + flows("b", "x")))

    case.wait(days=2)

    assert case.entered.count("c") == 1
    assert case.over
