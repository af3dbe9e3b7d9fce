"""Events that BPMN 2.0 or this system does not know at their place are refused, with their element."""

from __future__ import annotations

from datetime import timedelta

import pytest
from building import NOON, Walk, boundary, call, el, end, event, flows, par, process, start, timer, user, xor
from happening import CONDITION, ERROR, ESCALATION, MESSAGE, ROOTS, SIGNAL, caught, chain, looped, plain, reaction, sub

from engine.bpmn import bundle
from engine.errors import DefinitionRejected, NotFound


def refused(xml: bytes) -> tuple[str, str]:
    with pytest.raises(DefinitionRejected) as refusal:
        bundle.compile(xml, {})
    (problem,) = refusal.value.problems
    return problem.element, problem.message


@pytest.mark.parametrize("definition", [ERROR, ESCALATION, CONDITION])
def test_what_cannot_start_a_process_is_refused(definition: str) -> None:
    element, _ = refused(process(start("start", definition) + end() + flows("start", "koniec"), roots=ROOTS))

    assert element == "start"


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL, timer("Duration", "P1D"), ERROR])
def test_a_sub_process_in_the_flow_starts_with_nothing_but_its_token(definition: str) -> None:
    inner = start("s1", definition) + end("e1") + flows("s1", "e1")

    assert refused(plain(sub("tu", inner)))[0] == "s1"


MOVES = (
    '<bpmn:dataOutputAssociation id="da"><bpmn:targetRef>cel</bpmn:targetRef><bpmn:assignment><bpmn:from>1</bpmn:from>'
    "<bpmn:to>cel</bpmn:to></bpmn:assignment></bpmn:dataOutputAssociation>"
)


@pytest.mark.parametrize(
    "body",
    [
        el("intermediateCatchEvent", "tu", MESSAGE + SIGNAL),
        el("intermediateCatchEvent", "tu", MESSAGE, parallelMultiple="true"),
        el("intermediateThrowEvent", "tu", event("compensate")),
        el("intermediateThrowEvent", "tu", ERROR),
        el("intermediateCatchEvent", "tu", ERROR),
        el("intermediateCatchEvent", "tu", MESSAGE, MOVES),
        el("eventBasedGateway", "tu", eventGatewayType="Parallel", instantiate="true"),
        el("intermediateThrowEvent", "tu", event("escalation", escalationRef="nie_ma")),
    ],
)
def test_what_is_not_run_is_refused_with_its_element(body: str) -> None:
    assert refused(plain(body))[0] == "tu"


def test_a_receive_task_behind_a_gateway_may_have_no_border() -> None:
    body = start() + el("eventBasedGateway", "r") + el("receiveTask", "odbior", messageRef="pismo") + end()
    body += boundary("brzeg", "odbior", timer("Duration", "P1D")) + end("k2") + flows("brzeg", "k2")

    element, message = refused(process(body + flows("start", "r", "odbior", "koniec"), roots=ROOTS))

    assert (element, "brzegowych" in message) == ("brzeg", True)


def test_an_event_behind_a_gateway_has_no_other_way_in() -> None:
    body = start() + par("g") + el("eventBasedGateway", "r") + el("intermediateCatchEvent", "tu", MESSAGE) + end()
    ways = flows("start", "g", "r", "tu", "koniec") + flows("g", "tu")

    assert refused(process(body + ways, roots=ROOTS))[0] == "r"


def test_a_border_belongs_to_an_activity() -> None:
    body = el("intermediateCatchEvent", "tu", MESSAGE) + caught("b", timer("Duration", "P1D"))

    assert refused(plain(body))[0] == "b"


def test_only_a_transaction_can_be_cancelled() -> None:
    inner = start("s1") + end("e1", event("cancel")) + flows("s1", "e1")

    assert refused(plain(sub("tu", inner)))[0] == "e1"


def test_a_process_that_waits_for_a_message_cannot_be_called() -> None:
    called = process(start("s1", MESSAGE) + end("e1") + flows("s1", "e1"), key="etap", roots=ROOTS)

    with pytest.raises(DefinitionRejected) as refusal:
        bundle.compile(plain(call("tu", "etap")), {"etap": called})

    assert "nie można wywołać" in refusal.value.problems[0].message


def test_what_stands_beside_is_heard_in_a_called_process_too() -> None:
    called = process(chain("praca") + reaction(MESSAGE, interrupts=True), key="etap", roots=ROOTS)
    walk = Walk(plain(call("tu", "etap")), {"etap": called})

    assert walk.hear("pismo").open == ["obok", "reakcja"]
    assert walk.do("reakcja").open == ["obok", "potem"]


def test_a_second_gateway_in_a_loop_waits_for_its_events_anew() -> None:
    body = start() + xor("powrot") + el("eventBasedGateway", "r") + el("intermediateCatchEvent", "jest", MESSAGE)
    body += el("intermediateCatchEvent", "termin", timer("Duration", "P1D")) + user("a") + end()
    ways = flows("start", "powrot", "r", "jest", "a", "powrot") + flows("r", "termin", "koniec")
    walk = Walk(process(body + ways, roots=ROOTS))

    for _ in range(3):
        assert walk.hear("pismo").open == ["a"]
        assert walk.do("a").timers == {"termin": NOON + timedelta(days=1)}
    assert walk.wait(days=1).outcome.finished


def test_a_link_in_a_sub_process_and_in_a_loop_leads_to_its_own_level() -> None:
    link = '<bpmn:linkEventDefinition name="dalej"/>'
    inner = start("s1") + el("intermediateThrowEvent", "z", link) + el("intermediateCatchEvent", "do", link)
    inner += user("praca") + end("e1") + flows("s1", "z") + flows("do", "praca", "e1")
    walk = Walk(looped(inner), razy=0)

    assert walk.do("praca").open == ["praca"]
    assert walk.do("praca").open == ["potem"]


def test_what_the_conversation_has_settled_is_kept_between_deeds() -> None:
    keys = (
        '<bpmn:correlationProperty id="p" name="nr"><bpmn:correlationPropertyRetrievalExpression messageRef="pismo">'
        "<bpmn:messagePath>numer</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
        "</bpmn:correlationProperty>"
    )
    body = start() + el("receiveTask", "pierwszy", messageRef="pismo") + user("a")
    body += el("receiveTask", "drugi", messageRef="pismo") + end()
    walk = Walk(process(body + flows("start", "pierwszy", "a", "drugi", "koniec"), roots=ROOTS + keys))

    walk.hear("pismo", {"numer": 7}).do("a")

    assert walk.outcome.messages[0].correlation == {"nr": 7}
    with pytest.raises(NotFound):
        walk.hear("pismo", {"numer": 8})
    assert walk.hear("pismo", {"numer": 7}).outcome.finished
