"""Files in the manner of other modellers: explained, and repaired without losing anything."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

from engine import access
from engine.bpmn import foreign, gate, markup

SAMPLES = sorted((Path(__file__).parent / "samples").iterdir())
KNOWN = gate.Known(
    roles=frozenset(access.ROLES),
    forms={"ocena": frozenset({"kwota"}), "sprawdz": frozenset()},
    processes={},
    decisions={},
)
# Here nothing that refuses the file can be set right without a person.
PEOPLE_DECIDE = {"bpmnio_dwa_procesy.bpmn", "camunda7_niejasne.bpmn", "camunda7_programy.bpmn", "zeebe_czas.bpmn"}
OPENING = {"encoding", "namespaces"}  # done with whatever else is chosen
DRAWN = frozenset({"Bounds", "waypoint"})
COLOURS = ("http://bpmn.io/schema/bpmn/biocolor/1.0", "http://www.omg.org/spec/BPMN/non-normative/color/1.0")


def all_samples() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)


def rank(xml: bytes) -> tuple[bool, int]:
    """How far from running a file is: whether it cannot be looked into at all, and how many errors it has then."""
    errors = [one for one in gate.rules(xml, KNOWN) if one.severity == "error"]
    return any(not one.element for one in errors), len(errors)


def options(explanation: foreign.Explanation) -> list[str]:
    """Everything that could be chosen."""
    plain = [one.id for one in explanation.repairs if not one.options]
    return plain + [f"{one.id}={way.value}" for one in explanation.repairs for way in one.options]


def opened(xml: bytes) -> etree._Element:
    return etree.fromstring(foreign.files.readable(xml)[0])


def test_there_are_enough_of_them() -> None:
    assert len(SAMPLES) >= 25


@all_samples()
def test_safe_repairs_make_the_answer_of_the_gate_better_never_worse(path: Path) -> None:
    xml = path.read_bytes()

    explanation = foreign.explain(xml, KNOWN)
    repaired = foreign.repair(xml, foreign.safe(explanation), KNOWN)

    assert rank(repaired) <= rank(xml)
    assert rank(repaired) < rank(xml) or path.name in PEOPLE_DECIDE


@all_samples()
def test_nothing_safe_is_left_after_the_safe_repairs(path: Path) -> None:
    xml = path.read_bytes()

    repaired = foreign.repair(xml, foreign.safe(foreign.explain(xml, KNOWN)), KNOWN)

    assert foreign.safe(foreign.explain(repaired, KNOWN)) == frozenset()


@all_samples()
def test_whatever_is_chosen_drawing_order_and_comments_stay(path: Path) -> None:
    xml = path.read_bytes()
    chance = random.Random(path.name)
    choices = options(foreign.explain(xml, KNOWN))

    for _ in range(12):
        chosen = frozenset(one for one in choices if chance.random() < 0.5)
        repaired = foreign.repair(xml, chosen, KNOWN)
        assert drawing(repaired) == drawing(xml)
        assert comments(repaired) == comments(xml)
        assert in_order(names(xml), names(repaired))


@all_samples()
def test_each_repair_does_something_and_is_then_gone(path: Path) -> None:
    xml = path.read_bytes()

    explanation = foreign.explain(xml, KNOWN)
    certain = foreign.safe(explanation)

    for one in explanation.repairs:
        chosen = f"{one.id}={one.options[0].value}" if one.options else one.id
        without = foreign.repair(xml, certain - {one.id}, KNOWN)
        repaired = foreign.repair(xml, certain | {chosen}, KNOWN)
        left = {each.id for each in foreign.explain(repaired, KNOWN).repairs}
        assert repaired != without or one.id in OPENING, one.id
        assert one.id not in left, one.id


@all_samples()
def test_unknown_extensions_stay(path: Path) -> None:
    xml = path.read_bytes()

    repaired = foreign.repair(xml, foreign.safe(foreign.explain(xml, KNOWN)), KNOWN)

    assert strangers(repaired) == strangers(xml)


@all_samples()
def test_what_is_said_is_polish_and_points_at_something(path: Path) -> None:
    root = opened(path.read_bytes())
    ids = {node.get("id") for node in root.iter("*")}

    explanation = foreign.explain(path.read_bytes(), KNOWN)

    for remark in explanation.remarks:
        assert remark.message.endswith((".", "?", ":"))
        assert remark.element in ids or not remark.element
    for repair in explanation.repairs:
        assert repair.title.endswith((".", "?", ":", ")."))
        assert not repair.safe or not repair.options


@pytest.mark.parametrize(
    ("start", "origin"),
    [
        ("camunda7", "Camunda 7"),
        ("zeebe", "Camunda 8"),
        ("flowable", "Flowable"),
        ("activiti", "Activiti"),
        ("signavio", "Signavio"),
        ("bizagi", "Bizagi Modeler"),
        ("bpmnio", "bpmn.io"),
        ("ea_", "Enterprise Architect"),
        ("jbpm", "jBPM"),
        ("bez_nazw", ""),
    ],
)
def test_the_program_that_wrote_a_file_is_known(start: str, origin: str) -> None:
    found = {foreign.explain(path.read_bytes(), KNOWN).origin for path in SAMPLES if path.name.startswith(start)}

    assert found == {origin}


def test_what_is_shipped_needs_no_repair() -> None:
    for path in sorted(Path("processes").rglob("*.bpmn")):
        explanation = foreign.explain(path.read_bytes(), KNOWN)
        assert explanation.repairs == (), path
        assert explanation.remarks == (), path


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"\xff\xfe",
        b"\xff\xfe<",
        b"nic",
        b"<a/>",
        b"<definitions",
        b"<definitions>",
        b"\x00" * 100,
        b'<!DOCTYPE a [<!ENTITY b "c">]><definitions/>',
        b'<?xml version="1.0" encoding="nie-ma"?><definitions/>',
        b'<?xml version="1.0" encoding="rot13"?><definitions/>',
        b'<?xml version="1.0" encoding="utf-16"?><definitions/>',
        b"<definitions>" + b"<a>" * 3_000,
        b"<definitions " + b"a " * 100_000,
        b"x" * (gate.LARGEST + 1),
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'.encode("utf-16"),
    ],
)
def test_a_file_that_is_none_is_no_reason_to_fail(xml: bytes) -> None:
    explanation = foreign.explain(xml, KNOWN)

    assert explanation.remarks == () or explanation.remarks[0].message


def drawing(xml: bytes) -> Sequence[tuple[object, ...]]:
    """Positions, lines and colours, in their order."""
    return [
        (etree.QName(node).localname, *_facts(node))
        for node in opened(xml).iter("*")
        if etree.QName(node).localname in DRAWN
        or any(key.startswith(f"{{{one}}}") for one in COLOURS for key in node.attrib)
    ]


def _facts(node: etree._Element) -> list[tuple[str, str]]:
    return sorted((key, value) for key, value in node.attrib.items() if key != "bpmnElement")


def comments(xml: bytes) -> list[str]:
    return [node.text or "" for node in opened(xml).iter(etree.Comment)]


def names(xml: bytes) -> list[str]:
    """Names of the steps in the order of the file."""
    return [
        node.get("name") or ""
        for node in opened(xml).iter("*")
        if markup.kind(node) in markup.FLOW_NODES or markup.kind(node) == "sequenceFlow"
    ]


def in_order(before: list[str], after: list[str]) -> bool:
    return before == after


def strangers(xml: bytes) -> list[tuple[str, list[tuple[str, str]], str]]:
    """Extensions that nobody here knows."""
    spaces = ("http://www.signavio.com", "http://www.bizagi.com/bpmn20")
    found = opened(xml).iter(*(f"{{{one}}}*" for one in spaces))
    return [(node.tag, sorted(node.attrib.items()), (node.text or "").strip()) for node in found]
