"""Every kind of event at every place that BPMN 2.0 gives it (tables 10.84 to 10.93), interrupting and not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from building import Walk, boundary, call, el, end, event, flows, par, process, script, start, timer, user
from happening import (
    COMING,
    CONDITION,
    ERROR,
    ESCALATION,
    KINDS,
    MESSAGE,
    ROOTS,
    SIGNAL,
    caught,
    chain,
    looped,
    nested,
    plain,
    reaction,
    sub,
)

from engine.model import WaitKind

# --- start of an event sub-process --------------------------------------------------------------


@KINDS
@pytest.mark.parametrize("build", [plain, nested])
def test_an_interrupting_handler_takes_the_place_of_its_level(kind: str, build: Callable[[str], bytes]) -> None:
    definition, come = COMING[kind]
    level = chain("praca") + reaction(definition, interrupts=True)
    walk = Walk(build(level if build is nested else sub("tu", level)), n=0)

    come(walk)

    assert "reakcja" in walk.open
    assert "praca" not in walk.open
    assert walk.do("reakcja").open == (["potem"] if kind == "conditional" else ["obok", "potem"])


@KINDS
@pytest.mark.parametrize("build", [plain, nested])
def test_a_handler_that_does_not_interrupt_runs_beside_and_holds_the_end_back(
    kind: str, build: Callable[[str], bytes]
) -> None:
    definition, come = COMING[kind]
    level = chain("praca") + reaction(definition, interrupts=False)
    walk = Walk(build(level if build is nested else sub("tu", level)), n=0)

    come(walk)
    walk.do("praca")

    assert "reakcja" in walk.open
    assert "potem" not in walk.open
    assert "potem" in walk.do("reakcja").open


@pytest.mark.parametrize("kind", ["message", "signal", "cycle"])
def test_a_handler_that_does_not_interrupt_may_run_several_times_at_once(kind: str) -> None:
    definition, come = COMING[kind]
    walk = Walk(process(chain("praca") + reaction(definition, interrupts=False), roots=ROOTS))

    come(come(walk))

    assert walk.open == ["praca", "reakcja", "reakcja"]
    walk.do("praca").do("reakcja")
    assert not walk.outcome.finished
    assert walk.do("reakcja").outcome.finished


@pytest.mark.parametrize("kind", ["message", "signal", "duration", "cycle"])  # a date comes only once
def test_a_handler_in_a_loop_listens_in_every_round_anew(kind: str) -> None:
    definition, come = COMING[kind]
    walk = Walk(looped(chain("praca") + reaction(definition, interrupts=True)), razy=0)

    come(walk).do("reakcja")
    assert walk.open == ["praca"]
    come(walk)

    assert walk.open == ["reakcja"]
    assert walk.do("reakcja").open == ["potem"]
    assert (walk.outcome.messages, walk.outcome.timers) == ((), ())


def test_a_conditional_handler_fires_again_only_after_its_condition_was_false() -> None:
    body = start() + user("a") + user("b") + user("c") + end() + flows("start", "a", "b", "c", "koniec")
    walk = Walk(process(body + reaction(CONDITION, interrupts=False), roots=ROOTS), n=0)

    assert walk.do("a", n=6).open == ["b", "reakcja"]
    assert walk.do("reakcja", n=7).open == ["b"]
    assert walk.do("b", n=0).open == ["c"]
    assert walk.do("c", n=8).open == ["reakcja"]


# --- boundary -----------------------------------------------------------------------------------

HOSTS = {
    "task": user("tu"),
    "sub-process": sub("tu", chain("praca")),
    "multi-instance": user(
        "tu",
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality>2</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>",
    ),
}


def bordered(host: str, definition: str, *, interrupts: bool) -> bytes:
    caught = boundary("brzeg", "tu", definition, interrupts=interrupts) + user("wyjscie") + end("k_b")
    return plain(host + caught + flows("brzeg", "wyjscie", "k_b"))


@KINDS
@pytest.mark.parametrize("host", HOSTS)
def test_an_interrupting_border_ends_its_activity_at_once(kind: str, host: str) -> None:
    definition, come = COMING[kind]
    walk = Walk(bordered(HOSTS[host], definition, interrupts=True), n=0)

    come(walk)

    assert walk.open == (["wyjscie"] if kind == "conditional" else ["obok", "wyjscie"])
    assert (walk.outcome.messages, walk.outcome.timers) == ((), ())


@KINDS
@pytest.mark.parametrize("host", HOSTS)
def test_a_border_that_does_not_interrupt_leaves_its_activity_open(kind: str, host: str) -> None:
    definition, come = COMING[kind]
    walk = Walk(bordered(HOSTS[host], definition, interrupts=False), n=0)
    before = [one for one in walk.open if one != "obok"]

    come(walk)

    assert [one for one in walk.open if one not in ("obok", "wyjscie")] == before
    assert walk.open.count("wyjscie") == 1


def test_what_an_interrupted_activity_had_just_made_ready_does_not_move() -> None:
    inner = start("s1") + par("g1") + script("alarmuje", "6", "n") + script("pisze", "1", "slad") + end("e1")
    inner += end("e2") + flows("s1", "g1", "alarmuje", "e1") + flows("g1", "pisze", "e2")
    walk = Walk(
        process(
            start() + sub("tu", inner) + boundary("brzeg", "tu", CONDITION) + user("wyjscie") + end() + end("k2"),
            flows("start", "tu", "koniec") + flows("brzeg", "wyjscie", "k2"),
        ),
        n=0,
    )

    assert walk.open == ["wyjscie"]
    assert "slad" not in walk.outcome.variables
    assert ("pisze", "cancelled") in walk.moves


# --- intermediate, and behind an event-based gateway --------------------------------------------


@KINDS
def test_an_intermediate_event_waits_until_it_comes(kind: str) -> None:
    definition, come = COMING[kind]
    if kind == "cycle":
        definition = timer("Cycle", "R1/P1D")
    walk = Walk(plain(el("intermediateCatchEvent", "tu", definition)), n=0)

    assert walk.open == ["obok"]
    assert "potem" in come(walk).open


def race(*targets: tuple[str, str]) -> bytes:
    made = "".join(el("intermediateCatchEvent", name, definition) for name, definition in targets)
    after = "".join(user(f"po_{name}") for name, _ in targets)
    ways = "".join(flows("r", name, f"po_{name}", "koniec") for name, _ in targets)
    body = start() + par("g") + user("obok") + end("k_obok") + el("eventBasedGateway", "r") + end() + made + after
    return process(body + ways + flows("start", "g", "r") + flows("g", "obok", "k_obok"), roots=ROOTS)


@pytest.mark.parametrize("kind", ["message", "signal", "duration", "conditional"])
def test_the_first_event_behind_a_gateway_takes_the_token(kind: str) -> None:
    found = {name: COMING[name][0] for name in ("message", "signal", "conditional")}
    walk = Walk(race(*found.items(), ("duration", timer("Duration", "P1D")), ("later", timer("Duration", "P2D"))), n=0)

    COMING[kind][1](walk)

    assert [one for one in walk.open if one != "obok"] == [f"po_{kind}"]
    assert (walk.outcome.messages, walk.outcome.timers) == ((), ())


def test_of_several_timers_behind_a_gateway_the_earliest_comes() -> None:
    late, early = ("pozny", timer("Duration", "P2D")), ("wczesny", timer("Duration", "P1D"))
    walk = Walk(race(late, early))

    assert walk.wait(days=5).open == ["obok", "po_wczesny"]


def test_a_receive_task_behind_a_gateway_takes_the_token() -> None:
    body = start() + el("eventBasedGateway", "r") + el("receiveTask", "odbior", messageRef="pismo") + user("a")
    body += el("intermediateCatchEvent", "termin", timer("Duration", "P1D")) + end()
    walk = Walk(
        process(body + flows("start", "r", "odbior", "a", "koniec") + flows("r", "termin", "koniec"), roots=ROOTS)
    )

    assert walk.hear("pismo").open == ["a"]


# --- errors, escalations, terminate -------------------------------------------------------------


def failing(thrown: str, *catchers: str) -> bytes:
    inner = start("s1") + user("praca") + end("e1", thrown) + flows("s1", "praca", "e1")
    return plain(sub("tu", inner) + "".join(catchers))


def test_of_several_catchers_the_one_with_the_code_comes_before_the_one_for_all() -> None:
    catchers = caught("kazdy", event("error")), caught("ten", ERROR), caught("inny_b", event("error", errorRef="inny"))
    walk = Walk(failing(ERROR, *catchers))

    assert walk.do("praca").open == ["obok", "po_ten"]


def test_errors_without_a_code_are_told_apart_by_their_reference() -> None:
    thrown, other = event("error", errorRef="bez_kodu"), event("error", errorRef="tez_bez_kodu")

    assert Walk(failing(thrown, caught("b", other), caught("c", event("error")))).do("praca").open == ["obok", "po_c"]


def test_an_error_nobody_catches_ends_the_whole_case_and_is_told() -> None:
    walk = Walk(failing(ERROR, caught("b", event("error", errorRef="inny")))).do("praca")

    assert walk.outcome.finished
    assert walk.outcome.fault == "e1"


def test_an_error_in_one_round_of_a_multi_instance_interrupts_all_rounds() -> None:
    many = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    inner = start("s1") + user("praca") + end("e1", ERROR) + flows("s1", "praca", "e1")
    walk = Walk(plain(sub("tu", inner + many) + caught("b", ERROR)))

    assert walk.do("praca").open == ["obok", "po_b"]


def test_an_error_of_a_called_process_passes_several_levels_to_its_catcher() -> None:
    called = process(chain("praca").replace("</bpmn:endEvent>", f"{ERROR}</bpmn:endEvent>"), key="etap", roots=ROOTS)
    inner = start("s1") + call("wywolanie", "etap") + end("e1") + flows("s1", "wywolanie", "e1")
    walk = Walk(plain(sub("tu", inner) + caught("b", ERROR)), {"etap": called})

    assert walk.do("praca").open == ["obok", "po_b"]


def test_an_error_is_caught_by_the_nearest_handler_before_the_border() -> None:
    inner = start("s1") + user("praca") + end("e1", ERROR) + flows("s1", "praca", "e1")
    walk = Walk(plain(sub("tu", inner + reaction(ERROR, interrupts=True)) + caught("b", ERROR)))

    assert walk.do("praca").open == ["obok", "reakcja"]
    assert walk.do("reakcja").open == ["obok", "potem"]


@pytest.mark.parametrize("at_end", [True, False])
@pytest.mark.parametrize("interrupts", [True, False])
@pytest.mark.parametrize("place", ["border", "handler"])
def test_an_escalation_interrupts_or_lets_its_thrower_go_on(at_end: bool, interrupts: bool, place: str) -> None:
    if at_end:
        inner = start("s1") + user("praca") + par("g1") + user("druga") + end("e1", ESCALATION) + end("e2")
        inner += flows("s1", "praca", "g1", "e1") + flows("g1", "druga", "e2")
    else:
        inner = start("s1") + user("praca") + el("intermediateThrowEvent", "rzut", ESCALATION) + user("druga")
        inner += end("e1") + flows("s1", "praca", "rzut", "druga", "e1")
    handled = reaction(ESCALATION, interrupts=interrupts) if place == "handler" else ""
    border = caught("b", ESCALATION, interrupts=interrupts) if place == "border" else ""
    walk = Walk(plain(sub("tu", inner + handled) + border))

    walk.do("praca")

    reacts = "po_b" if place == "border" else "reakcja"
    assert walk.open == sorted(["obok", reacts, *([] if interrupts else ["druga"])])


def test_a_thrower_that_is_interrupted_by_what_it_threw_does_not_go_on() -> None:
    body = start() + user("praca") + el("intermediateThrowEvent", "rzut", SIGNAL) + script("slad", "1", "slad")
    body += end() + flows("start", "praca", "rzut", "slad", "koniec") + reaction(SIGNAL, interrupts=True)
    walk = Walk(process(body, roots=ROOTS)).do("praca")

    assert walk.open == ["reakcja"]
    assert "slad" not in walk.outcome.variables
    assert walk.do("reakcja").outcome.finished


def test_a_round_that_is_interrupted_by_what_it_threw_starts_no_other() -> None:
    many = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    wait = '<bpmn:message id="inne" name="inne"/>'
    body = start() + user("praca") + el("sendTask", "tu", many, messageRef="pismo")
    body += boundary("brzeg", "tu", MESSAGE) + user("wyjscie") + end() + end("k2")
    walk = Walk(
        process(body + flows("start", "praca", "tu", "koniec") + flows("brzeg", "wyjscie", "k2"), roots=ROOTS + wait)
    )

    assert walk.do("praca").open == ["wyjscie"]
    assert walk.outcome.sent == ()


def test_a_send_task_with_rounds_sends_once_a_round() -> None:
    many = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:loopCardinality>3</bpmn:loopCardinality>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    walk = Walk(plain(el("sendTask", "tu", many, messageRef="pismo")))

    assert [(one.kind, one.name, one.element) for one in walk.outcome.sent] == [(WaitKind.MESSAGE, "pismo", "tu")] * 3
    assert walk.open == ["obok", "potem"]


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL])
@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_what_nobody_here_waits_for_goes_to_others(definition: str, tag: str) -> None:
    body = start() + el(tag, "rzut", definition)
    ways = flows("start", "rzut") if tag == "endEvent" else flows("start", "rzut", "koniec")
    walk = Walk(process(body + ("" if tag == "endEvent" else end()) + ways, roots=ROOTS))

    (sent,) = walk.outcome.sent
    assert sent.name in ("pismo", "alarm")
    assert walk.outcome.finished


def test_a_terminate_end_of_a_handler_ends_the_handler_alone() -> None:
    inner = start("s_r", MESSAGE, isInterrupting="false") + par("g_r") + user("r1") + user("r2")
    inner += (
        end("stop", event("terminate")) + end("e_r") + flows("s_r", "g_r", "r1", "stop") + flows("g_r", "r2", "e_r")
    )
    walk = Walk(process(chain("praca") + sub("zdarzenie", inner, handler=True), roots=ROOTS))

    assert walk.hear("pismo").do("r1").open == ["praca"]
