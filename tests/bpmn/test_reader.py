"""What is read from a BPMN file."""

import pytest
from building import HEAD, call, el, end, flows, process, start, user, xor

from engine.bpmn import reader
from engine.errors import DefinitionRejected


def documented(text: str) -> str:
    return f"<bpmn:documentation>{text}</bpmn:documentation>"


def lane(identity: str, name: str, *refs: str, inner: str = "") -> str:
    said = "".join(f"<bpmn:flowNodeRef>{ref}</bpmn:flowNodeRef>" for ref in refs)
    return el("lane", identity, said, inner, name=name)


def test_a_task_knows_what_the_diagram_says_of_it() -> None:
    said = (
        '<bpmn:extensionElements><bieg:task form="zakres" term="14 dni" role="Wójt" priority="80" authority="FORMA"'
        ' cooperates="Rola A; Rola B" candidates="czlonkowie" candidateUnit="3" records="authorisation"/>'
        "</bpmn:extensionElements>"
    )
    text = documented("Opisz zakres.\nDwa zdania.\nŹródło: Model realizacji usług w gminie, tab. 8 (001: 1057)")

    task = reader.read(process(start() + user("a", text, said, name="Zakres  usługi") + end())).tasks["a"]

    assert (task.name, task.process, task.form, task.term, task.role) == (
        "Zakres usługi",
        "proces",
        "zakres",
        "14 dni",
        "Wójt",
    )
    assert (task.priority, task.authority, task.cooperates) == (80, "FORMA", ("Rola A", "Rola B"))
    assert (task.candidates, task.candidate_unit, task.records) == ("czlonkowie", "3", "authorisation")
    assert task.hint == "Opisz zakres.\nDwa zdania."
    assert task.source == "Model realizacji usług w gminie, tab. 8 (001: 1057)"


def test_the_innermost_lane_gives_the_role_and_a_sub_process_hands_it_down() -> None:
    nested = el("childLaneSet", "dzieci", lane("t2", "Wójt", "a", "etap"))
    lanes = el("laneSet", "tory", lane("t1", "Urząd gminy", "a", "b", "etap", inner=nested))
    inner = user("w_srodku")

    diagram = reader.read(process(lanes, start(), user("a"), user("b"), el("subProcess", "etap", inner), end()))

    assert {name: task.role for name, task in diagram.tasks.items()} == {
        "a": "Wójt",
        "b": "Urząd gminy",
        "w_srodku": "Wójt",
    }
    assert diagram.elements["w_srodku"].parent == "etap"


def test_flows_calls_and_the_process_itself_are_read() -> None:
    diagram = reader.read(
        process(
            documented("Po co to jest.\nŹródło: projekt własny – przykład"),
            start() + xor("g", default="f2") + call("c1", "etap") + call("c2", "etap") + end(),
            flows("start", "g") + flows("g", "c1", when='x = "A"', named="f1") + flows("g", "c2", named="f2"),
        )
    )

    assert (diagram.key, diagram.name, diagram.documentation) == ("proces", "Proces proces", "Po co to jest.")
    assert diagram.source == "projekt własny – przykład"
    assert diagram.calls == ("etap",)
    assert [(flow.source, flow.target, flow.condition, flow.default) for flow in diagram.flows[1:]] == [
        ("g", "c1", 'x = "A"', False),
        ("g", "c2", "", True),
    ]
    assert not diagram.has_drawing


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"\x00\x01",
        b"<a/>",
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        f"{HEAD}</bpmn:definitions>".encode(),
        f'{HEAD}<bpmn:process id="p" isExecutable="false"/></bpmn:definitions>'.encode(),
        f'{HEAD}<bpmn:process id="p" isExecutable="true"/><bpmn:process id="q" isExecutable="true"/>'
        "</bpmn:definitions>".encode(),
        process(el("userTask", "a", '<bpmn:extensionElements><bieg:task priority="x"/></bpmn:extensionElements>')),
        process("<bpmn:userTask/>"),
    ],
)
def test_what_cannot_be_read_is_refused_in_polish(xml: bytes) -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        reader.read(xml)

    assert len(refusal.value.problems) == 1
    assert refusal.value.problems[0].message.endswith(".")


def test_a_doctype_is_refused_even_before_a_good_diagram() -> None:
    xml = b'<!DOCTYPE x [<!ENTITY a "b">]>' + process(start() + end() + flows("start", "koniec"))

    with pytest.raises(DefinitionRejected) as refusal:
        reader.read(xml)

    assert "DOCTYPE" in refusal.value.problems[0].message
