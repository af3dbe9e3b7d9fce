"""Each rule of the gate by a small diagram that breaks it, and the near ones that BPMN allows."""

from __future__ import annotations

import pytest
from building import boundary, call, el, end, event, flows, inc, par, process, script, start, timer, xor

from engine.bpmn import gate
from engine.errors import Problem

KNOWN = gate.Known(roles=frozenset({"Wójt"}), forms={}, processes={})
DAY = timer("Duration", "P1D")
MESSAGE = '<bpmn:message id="m" name="pismo"/>'
HEARS = '<bpmn:messageEventDefinition messageRef="m"/>'


def around(step: str, *more: str, roots: str = MESSAGE) -> bytes:
    """Start, the step `a`, end."""
    return process(start(), step, end(), flows("start", "a", "koniec"), *more, roots=roots)


def catch(identity: str, *inner: str) -> str:
    return el("intermediateCatchEvent", identity, *inner)


def throw(identity: str, *inner: str) -> str:
    return el("intermediateThrowEvent", identity, *inner)


def race(*steps: str, gateway: str = "", more: str = "") -> bytes:
    """An event-based gateway with the steps x, y … behind it."""
    names = "xyz"[: len(steps)]
    ways = "".join(flows("a", name, "koniec") for name in names)
    return process(
        start(), gateway or el("eventBasedGateway", "a"), *steps, end(), flows("start", "a"), ways, more, roots=MESSAGE
    )


def handler(*inner: str) -> str:
    return el("subProcess", "h", *inner, triggeredByEvent="true")


def inside(*steps: str) -> str:
    return el("subProcess", "a", *steps)


def errors(xml: bytes) -> list[Problem]:
    return [one for one in gate.rules(xml, KNOWN) if one.severity == "error"]


def sentences(xml: bytes, severity: str = "error") -> list[tuple[str, str]]:
    return [(one.element, one.message) for one in gate.rules(xml, KNOWN) if one.severity == severity]


SUB = (start("s2"), el("task", "c"), end("e2"), flows("s2", "c", "e2"))
MANY = "bpmn:multiInstanceLoopCharacteristics"
TWO_TIMES = (
    "<bpmn:timerEventDefinition><bpmn:timeDate>2026-12-01</bpmn:timeDate>"
    "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
)
LINK = event("link", name="L")
REFUSED = {
    "service task": (around(el("serviceTask", "a")), "a", "Zadanie usługowe"),
    "complex gateway": (around(el("complexGateway", "a")), "a", "Bramka złożona"),
    "choreography": (around(el("task", "a"), roots='<bpmn:choreography id="ch"/>'), "ch", "Choreografia"),
    "global task": (around(call("a", "g"), roots='<bpmn:globalTask id="g"/>'), "a", "Wywołanie zadania globalnego"),
    "compensating activity": (around(el("task", "a", isForCompensation="true")), "a", "Czynność kompensująca"),
    "compensation thrown": (around(throw("a", event("compensate"))), "a", "Kompensacja"),
    "compensation attached": (
        around(el("task", "a"), boundary("b", "a", event("compensate")), flows("b", "koniec")),
        "b",
        "Kompensacja",
    ),
    "several definitions": (around(catch("a", DAY, HEARS)), "a", "Zdarzenie z kilkoma definicjami"),
    "parallel multiple": (
        around(catch("a", HEARS).replace('id="a"', 'id="a" parallelMultiple="true"')),
        "a",
        "Zdarzenie, które czeka",
    ),
    "definition elsewhere": (
        around(throw("a", "<bpmn:eventDefinitionRef>x</bpmn:eventDefinitionRef>")),
        "a",
        "Zdarzenie korzysta",
    ),
    "script of another language": (around(el("scriptTask", "a", scriptFormat="js")), "a", "Skrypty w językach"),
    "two loops": (
        around(el("task", "a", "<bpmn:standardLoopCharacteristics loopMaximum='2'/>" * 2)),
        "a",
        "Czynność ma więcej niż jedno",
    ),
    "unbounded loop": (around(el("task", "a", "<bpmn:standardLoopCharacteristics/>")), "a", "Pętla nie ma warunku"),
    "loop of words": (
        around(el("task", "a", "<bpmn:standardLoopCharacteristics loopMaximum='x'/>")),
        "a",
        "Największa liczba",
    ),
    "bare multi-instance": (
        around(el("task", "a", "<bpmn:multiInstanceLoopCharacteristics/>")),
        "a",
        "Powtarzanie nie podaje",
    ),
    "behaviour": (
        around(
            el(
                "task",
                "a",
                f"<{MANY} behavior='One'><bpmn:loopCardinality>2</bpmn:loopCardinality></{MANY}>",
            )
        ),
        "a",
        "Zdarzenia wysyłane w trakcie",
    ),
    "unknown part": (around(el("task", "a", "<bpmn:magic/>")), "a", "Części „magic”"),
    "foreign listener": (
        around(
            el("task", "a", "<bpmn:extensionElements><x:executionListener xmlns:x='urn:x'/></bpmn:extensionElements>")
        ),
        "a",
        "Ustawienia innego programu",
    ),
    "condition after a start": (
        process(start(), el("task", "a"), end(), flows("start", "a", when="x", named="f"), flows("a", "koniec")),
        "f",
        "Strzałka ze zdarzenia",
    ),
    "condition after an event": (
        around(catch("a", DAY)).replace(
            b'targetRef="koniec">', b'targetRef="koniec"><bpmn:conditionExpression>x</bpmn:conditionExpression>'
        ),
        None,
        "Strzałka ze zdarzenia",
    ),
    "condition after a fork": (
        process(
            start(),
            par("g"),
            el("task", "a"),
            el("task", "b"),
            end(),
            flows("start", "g"),
            flows("g", "a", when="x", named="f"),
            flows("g", "b", "koniec"),
            flows("a", "koniec"),
        ),
        "f",
        "Strzałka z tej bramki",
    ),
    "no way chosen": (
        process(
            start(),
            xor("g"),
            el("task", "a"),
            end(),
            flows("start", "g"),
            flows("g", "koniec", named="f"),
            flows("g", "a", "koniec", when=""),
        ),
        "f",
        "Droga z bramki nie ma warunku",
    ),
    "default of another": (around(el("task", "a", default="nie")), "a", "Droga domyślna nie wychodzi"),
    "flow across levels": (around(inside(*SUB), flows("c", "koniec", named="f")), "f", "Strzałka nie łączy"),
    "flow into a start": (around(el("task", "a"), flows("a", "start")), "start", "Do zdarzenia początkowego"),
    "flow out of an end": (around(el("task", "a"), flows("koniec", "a")), "koniec", "Ze zdarzenia końcowego"),
    "flow into a guard": (
        around(el("userTask", "a"), boundary("b", "a", DAY), flows("b", "koniec"), flows("a", "b")),
        "b",
        "Do zdarzenia na brzegu",
    ),
    "guard of a gateway": (
        around(xor("a"), boundary("b", "a", DAY), flows("b", "koniec")),
        "b",
        "Zdarzenie można przyczepić",
    ),
    "guard of nothing": (
        around(el("task", "a"), boundary("b", "nie", DAY), flows("b", "koniec")),
        "b",
        "To zdarzenie nie jest przyczepione",
    ),
    "guard without event": (
        around(el("task", "a"), boundary("b", "a", ""), flows("b", "koniec")),
        "b",
        "Zdarzenie na brzegu kroku nie mówi",
    ),
    "cancel outside": (
        around(inside(*SUB), boundary("b", "a", event("cancel")), flows("b", "koniec")),
        "b",
        "Anulowanie",
    ),
    "cancel end outside": (
        process(start(), end("koniec", event("cancel")), flows("start", "koniec")),
        "koniec",
        "Anulowanie",
    ),
    "soft error": (
        around(inside(*SUB), boundary("b", "a", event("error"), interrupts=False), flows("b", "koniec")),
        "b",
        "Zdarzenie błędu zawsze",
    ),
    "handler in the flow": (
        around(el("task", "a"), handler(start("s2", DAY), end("e2"), flows("s2", "e2")), flows("a", "h")),
        "h",
        "Podprocesu zdarzeniowego nie łączy się",
    ),
    "handler without a start": (
        around(el("task", "a"), handler(el("task", "c"))),
        "h",
        "Podproces zdarzeniowy musi mieć",
    ),
    "handler with two starts": (
        around(
            el("task", "a"),
            handler(start("s2", DAY), start("s3", DAY), end("e2"), flows("s2", "e2"), flows("s3", "e2")),
        ),
        "h",
        "Podproces zdarzeniowy musi mieć",
    ),
    "handler of nothing": (
        around(el("task", "a"), handler(start("s2"), end("e2"), flows("s2", "e2"))),
        "s2",
        "Podproces zdarzeniowy nie mówi",
    ),
    "race of one": (race(catch("x", DAY)), "a", "Za bramką zdarzeń muszą stać"),
    "race with a task": (race(catch("x", DAY), el("task", "y")), "y", "Za bramką zdarzeń mogą stać"),
    "race of two kinds": (
        race(catch("x", HEARS), el("receiveTask", "y", messageRef="m")),
        "a",
        "Za bramką zdarzeń stoją",
    ),
    "race with a guard": (
        race(
            catch("x", DAY), el("receiveTask", "y", messageRef="m"), more=boundary("b", "y", DAY) + flows("b", "koniec")
        ),
        "y",
        "Zadanie za bramką zdarzeń",
    ),
    "race joined": (
        race(catch("x", DAY), catch("y", HEARS), more=el("task", "t") + flows("x", "t", "y")),
        "y",
        "Do zdarzenia za bramką",
    ),
    "race of all": (
        race(catch("x", DAY), catch("y", HEARS), gateway=el("eventBasedGateway", "a", eventGatewayType="Parallel")),
        "a",
        "Bramka, która czeka na wszystkie",
    ),
    "link to nowhere": (process(start(), throw("t", LINK), flows("start", "t")), "t", "Łącze „L” musi mieć"),
    "link from nowhere": (around(el("task", "a"), catch("t", LINK), flows("t", "koniec")), "t", "Łącze „L” nie ma"),
    "link with a flow": (around(throw("a", LINK), catch("t", LINK), flows("t", "koniec")), "a", "Z początku łącza"),
    "link without a name": (around(throw("a", event("link"))), "a", "Łącze nie ma nazwy"),
    "unknown message": (
        around(catch("a", '<bpmn:messageEventDefinition messageRef="nie"/>')),
        "a",
        "Nieznana wiadomość „nie”",
    ),
    "nameless message": (
        around(catch("a", HEARS), roots='<bpmn:message id="m" name=" "/>'),
        "a",
        "Zdarzenie nie mówi, o jaką wiadomość",
    ),
    "unknown signal": (
        around(throw("a", event("signal", signalRef="nie"))),
        "a",
        "Zdarzenie wskazuje sygnał („nie”), którego",
    ),
    "unknown error": (
        process(start(), end("koniec", event("error", errorRef="nie")), flows("start", "koniec")),
        "koniec",
        "Zdarzenie wskazuje błąd („nie”), którego",
    ),
    "timer of nothing": (around(catch("a", "<bpmn:timerEventDefinition/>")), "a", "Zdarzenie czasu nie podaje"),
    "timer of two": (
        around(
            catch(
                "a",
                TWO_TIMES,
            )
        ),
        "a",
        "Zdarzenie czasu podaje więcej",
    ),
    "timer too far": (around(catch("a", timer("Date", "2999-01-01"))), "a", "Termin czasomierza jest dalszy"),
    "bare conditional": (around(catch("a", event("conditional"))), "a", "Zdarzenie warunkowe nie ma warunku"),
    "error starts": (
        process(start("start", event("error")), end(), flows("start", "koniec")),
        "start",
        "Zdarzenie błędu nie może rozpoczynać",
    ),
    "typed start inside": (
        around(inside(start("s2", DAY), end("e2"), flows("s2", "e2"))),
        "s2",
        "Podproces rozpoczyna się zwykłym",
    ),
    "two plain starts": (around(el("task", "a"), start("s2"), flows("s2", "a")), "s2", "Jest więcej niż jedno"),
    "empty level": (around(inside()), "a", "Na tym poziomie nie ma żadnego kroku"),
    "no way in": (around(el("task", "a"), el("task", "b"), flows("b", "koniec")), "b", "Do tego kroku nie prowadzi"),
    "other language": (
        around(xor("a"), flows("a", "start")).replace(
            b"</bpmn:process>",
            b'<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="koniec">'
            b'<bpmn:conditionExpression language="XPath">x</bpmn:conditionExpression>'
            b"</bpmn:sequenceFlow></bpmn:process>",
        ),
        "f",
        "Wyrażenie jest zapisane w języku „XPath”",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_run_is_refused_at_its_element(name: str) -> None:
    xml, element, sentence = REFUSED[name]

    found = sentences(xml)

    fitting = [at for at, message in found if message.startswith(sentence)]
    assert fitting, found
    assert element is None or element in fitting


DEEP_CANCEL = el("subProcess", "p", start("s3"), end("e3", event("cancel")), flows("s3", "e3"))
ALLOWED = {
    "no start and no end": process(el("task", "a"), el("task", "b"), flows("a", "b")),
    "no end": process(start(), el("task", "a"), flows("start", "a")),
    "a join that ends": process(
        start(),
        par("g"),
        el("task", "a"),
        el("task", "b"),
        par("j"),
        flows("start", "g"),
        flows("g", "a", "j"),
        flows("g", "b", "j"),
    ),
    "a default with a condition": process(
        start(),
        xor("a", "d"),
        end(),
        flows("start", "a"),
        flows("a", "koniec", when="x > 1"),
        flows("a", "koniec", when="x > 2", named="d"),
    ),
    "an inclusive way without a condition": process(
        start(), inc("a"), end(), flows("start", "a"), flows("a", "koniec", when="x > 1"), flows("a", "koniec")
    ),
    "a default without conditions": around(el("task", "a", default="d"), flows("a", "koniec", named="d")),
    "only a message starts": process(start("start", HEARS), end(), flows("start", "koniec"), roots=MESSAGE),
    "a timer starts": process(start("start", timer("Cycle", "R/P1D")), end(), flows("start", "koniec")),
    "an error that nothing throws": around(inside(*SUB), boundary("b", "a", event("error")), flows("b", "koniec")),
    "a guard that leads nowhere": around(el("userTask", "a"), boundary("b", "a", DAY, interrupts=False)),
    "links": process(start(), throw("t", LINK), catch("c", LINK), end(), flows("start", "t"), flows("c", "koniec")),
    "a race": race(catch("x", DAY), catch("y", HEARS)),
    "a handler": around(el("userTask", "a"), handler(start("s2", DAY), end("e2"), flows("s2", "e2"))),
    "a cancel deep in a transaction": around(
        el("transaction", "a", start("s2"), DEEP_CANCEL, end("e2"), flows("s2", "p", "e2")),
        boundary("b", "a", event("cancel")),
        flows("b", "koniec"),
    ),
    "a script": around(script("a", "1", "x")),
    "a terminating end": process(start(), end("koniec", event("terminate")), flows("start", "koniec")),
    "a task with conditions": process(
        start(),
        el("task", "a", default="d"),
        end(),
        flows("start", "a"),
        flows("a", "koniec", when="x > 1"),
        flows("a", "koniec", named="d"),
    ),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_bpmn_allows_and_runs_is_not_refused(name: str) -> None:
    found = [one for one in errors(ALLOWED[name]) if not one.message.startswith("Zadanie nie leży w żadnym torze")]

    assert [one.message for one in found] == []


def test_ten_faults_get_ten_answers_even_where_the_parser_stops_at_the_first() -> None:
    steps = [
        el("serviceTask", "a1"),
        el("task", "a2", isForCompensation="true"),
        catch("a3", timer("Duration", "14 dni")),
        catch("a4", '<bpmn:messageEventDefinition messageRef="nie"/>'),
        el("task", "a5", "<bpmn:multiInstanceLoopCharacteristics/>"),
        script("a6", "1 +", "x"),
        call("a7", "nie_ma"),
        el("scriptTask", "a8"),
        throw("a9", event("compensate")),
        el("userTask", "a10", "<bpmn:extensionElements><bieg:task priority='pilne'/></bpmn:extensionElements>"),
    ]
    chain = flows("start", *(f"a{number}" for number in range(1, 11)), "koniec")

    found = errors(process(start(), *steps, end(), chain))

    assert {one.element for one in found} >= {f"a{number}" for number in range(1, 11)}
