"""Files as other authors write them, and moments at which a machine is slow: what once went wrong stays right."""

from __future__ import annotations

import pytest

from engine.bpmn import gate
from engine.errors import DefinitionRejected
from tests.bpmn.building import (
    Walk,
    boundary,
    call,
    el,
    end,
    event,
    flows,
    par,
    process,
    script,
    start,
    timer,
    user,
)

DATA = el("dataObject", "obiekt") + el("dataObjectReference", "wskazanie", name="Wniosek", dataObjectRef="obiekt")
DRAWN_OUT = el("dataOutputAssociation", "powiazanie", "<bpmn:targetRef>wskazanie</bpmn:targetRef>")
DRAWN_IN = el("property", "cel", name="__targetRef_placeholder") + el(
    "dataInputAssociation",
    "powiazanie",
    "<bpmn:sourceRef>wskazanie</bpmn:sourceRef><bpmn:targetRef>cel</bpmn:targetRef>",
)


def reminded(cycle: str) -> Walk:
    return Walk(
        process(
            start(),
            user("praca"),
            boundary("przypomnij", "praca", timer("Cycle", cycle), interrupts=False),
            script("licz", "if n = null then 1 else n + 1", "n"),
            end(),
            flows("start", "praca", "koniec"),
            flows("przypomnij", "licz"),
        ),
        n=0,
    )


def test_rounds_that_come_seconds_late_are_all_made() -> None:
    walk = reminded("R3/PT1S")

    walk.wait(seconds=2.5)
    walk.wait(seconds=5)

    assert walk.outcome.variables == {"n": 3}
    assert walk.timers == {}


def test_rounds_of_seconds_that_an_outage_missed_are_not_made_up() -> None:
    walk = reminded("R100/PT1S")

    walk.wait(seconds=90)

    assert walk.outcome.variables == {"n": 1}


@pytest.mark.parametrize(
    "odd",
    [
        el("intermediateCatchEvent", "zdarzenie", DRAWN_OUT, timer("Duration", "PT0S")),
        el("intermediateThrowEvent", "zdarzenie", DRAWN_IN),
        el("intermediateThrowEvent", "zdarzenie", DRAWN_IN, event("signal"), name="gotowe"),
    ],
    ids=["catching", "throwing", "sending"],
)
def test_an_association_that_is_only_drawn_at_an_event_does_nothing(odd: str) -> None:
    walk = Walk(process(start(), DATA, odd, end(), flows("start", "zdarzenie", "koniec")))

    walk.wait(seconds=0)

    assert walk.outcome.finished


def test_an_association_that_takes_a_value_out_of_an_event_is_refused() -> None:
    moves = el(
        "dataOutputAssociation",
        "powiazanie",
        "<bpmn:sourceRef>tresc</bpmn:sourceRef><bpmn:targetRef>wskazanie</bpmn:targetRef>",
    )
    odd = el("intermediateCatchEvent", "zdarzenie", el("dataOutput", "tresc"), moves, event("message"), name="pismo")

    with pytest.raises(DefinitionRejected) as caught:
        Walk(process(start(), DATA, odd, end(), flows("start", "zdarzenie", "koniec")))

    assert [one.element for one in caught.value.problems] == ["zdarzenie"]


def test_an_input_with_the_name_of_the_item_is_the_item() -> None:
    specified = "<bpmn:ioSpecification>" + el("dataInput", "we", name="osoba") + "</bpmn:ioSpecification>"
    rounds = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        "<bpmn:loopDataInputRef>osoby</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="jedna" name="osoba"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    said = '<bpmn:extensionElements><bieg:script expression="append(kto, osoba)" resultVariable="kto"/>'
    many = el("scriptTask", "powtarzaj", f"{said}</bpmn:extensionElements>", specified, rounds)

    walk = Walk(process(start(), many, end(), flows("start", "powtarzaj", "koniec")), osoby=["Anna", "Jan"], kto=[])

    assert walk.outcome.variables["kto"] == ["Anna", "Jan"]


def test_a_call_of_a_process_that_only_an_event_begins_is_named() -> None:
    woken = process(start("start", timer("Duration", "PT1H")), el("task", "x"), flows("start", "x"), key="wolany")
    calling = process(start(), call("wywolanie", "wolany"), end(), flows("start", "wywolanie", "koniec"))

    found = gate.check(calling, gate.Known(roles=frozenset(), forms={}, processes={"wolany": woken}))

    assert [(one.element, one.severity) for one in found if one.severity == "error"] == [("wywolanie", "error")]


def test_flows_without_ids_run() -> None:
    bare = '<bpmn:sequenceFlow sourceRef="start" targetRef="razem"/>' * 2
    last = '<bpmn:sequenceFlow sourceRef="razem" targetRef="koniec"/>'

    walk = Walk(process(start(), par("razem"), end(), bare, last))

    assert walk.outcome.finished
    assert walk.moves == [("start", "done"), ("razem", "done"), ("koniec", "done")]


def test_a_plain_time_is_read_whatever_its_language() -> None:
    said = '<bpmn:timeDuration language="http://www.w3.org/1999/XPath">PT1S</bpmn:timeDuration>'
    waits = el("intermediateCatchEvent", "czekaj", f"<bpmn:timerEventDefinition>{said}</bpmn:timerEventDefinition>")
    drawn = process(start(), waits, end(), flows("start", "czekaj", "koniec"))

    found = gate.check(drawn, gate.Known(roles=frozenset(), forms={}, processes={}))

    assert [one for one in found if one.severity == "error"] == []
