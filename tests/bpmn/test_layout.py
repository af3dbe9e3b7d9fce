"""What a careful colleague would check on a drawing that the computer arranged."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from drawn import faults, size
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.bpmn.drawing.reading import Shape, read
from engine.bpmn.layout import arrange
from engine.bpmn.markup import open_file
from engine.errors import DefinitionRejected

SAMPLES = sorted(Path(__file__).parent.joinpath("samples").glob("*.bpmn"))
MOST_CROSSINGS = {
    "bez_torow": 0, "nadzor_ogolna": 0, "organizacja_uslugi": 0, "wszystkie_znaki": 2, "wybor_udpp": 0, "zakres": 0,
}  # fmt: skip
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:t">'
    '<bpmn:process id="p" isExecutable="true">'
)
TAIL = "</bpmn:process></bpmn:definitions>"

samples = pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)


def process(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + TAIL).encode()


def flow(source: str, target: str, name: str = "") -> str:
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}" name="{name}"/>'


def chain(*keys: str) -> str:
    return "".join(flow(a, b) for a, b in pairwise(keys))


def shapes(xml: bytes) -> dict[str, Shape]:
    return {shape.element.get("id"): shape for shape in read(xml).shapes}


@samples
def test_nothing_lies_on_a_shape_a_line_or_a_name(path: Path) -> None:
    found = faults(arrange(path.read_bytes()))

    assert not found.shapes_on_shapes
    assert not found.lines_through_shapes
    assert not found.lines_on_lines
    assert not found.slanted_lines
    assert not found.labels_on_shapes
    assert not found.labels_on_labels


@samples
def test_lines_cross_no_more_often_than_they_must(path: Path) -> None:
    found = faults(arrange(path.read_bytes()))

    assert len(found.crossings) <= MOST_CROSSINGS[path.stem], found.crossings


@samples
def test_everything_has_a_place(path: Path) -> None:
    root = open_file(arrange(path.read_bytes()))

    drawn = {element.get("bpmnElement") for element in root.iter("{*}BPMNShape", "{*}BPMNEdge")}
    kinds = ("Task", "task", "Event", "Gateway", "Process", "callActivity", "Flow", "ssociation", "lane", "participant")
    named = {
        element.get("id")
        for element in root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}*")
        if element.get("id") and etree.QName(element).localname.endswith(kinds)
    }
    assert named <= drawn


@samples
def test_nothing_but_the_drawing_changes(path: Path) -> None:
    before = path.read_bytes()

    after = etree.fromstring(arrange(before))

    for diagram in after.findall("{*}BPMNDiagram"):
        after.remove(diagram)
    assert _canonical(after) == _canonical(etree.fromstring(before))


def _canonical(root: etree._Element) -> str:
    return etree.canonicalize(etree.tostring(root, encoding="unicode"), strip_text=True, with_comments=True)


@samples
def test_arranging_twice_changes_nothing_more(path: Path) -> None:
    once = arrange(path.read_bytes())

    assert arrange(once) == once


@samples
def test_flows_lead_to_the_right_unless_they_lead_back(path: Path) -> None:
    sheet = read(arrange(path.read_bytes()))
    boxes = {shape.element.get("id"): shape.box for shape in sheet.shapes}

    for edge in sheet.edges:
        ends = [boxes.get(edge.element.get(key)) for key in ("sourceRef", "targetRef")]
        if edge.kind == "sequenceFlow" and ends[0] and ends[1] and edge.source != "boundaryEvent":
            ahead = ends[1].x > ends[0].right
            back = ends[1].x < ends[0].x
            assert ahead or back, edge.element.get("id")


def test_lanes_lie_in_the_order_of_the_file_and_hold_their_steps() -> None:
    xml = arrange(Path(__file__).parent.joinpath("samples/wybor_udpp.bpmn").read_bytes())
    root, drawn = open_file(xml), shapes(xml)
    lanes = list(root.iter("{*}lane"))

    tops = [drawn[lane.get("id")].box.y for lane in lanes]
    assert tops == sorted(tops)
    for lane in lanes:
        frame = drawn[lane.get("id")].box
        for reference in lane.iter("{*}flowNodeRef"):
            box = drawn[reference.text].box
            assert frame.y < box.y
            assert box.bottom < frame.bottom
            assert frame.x + 30 < box.x
            assert box.right < frame.right


def test_twelve_steps_fit_on_a_sheet() -> None:
    steps = [f"krok_{n}" for n in range(12)]
    tasks = "".join(f'<bpmn:userTask id="{step}" name="Sporządź specyfikację {step}"/>' for step in steps)

    width, height = size(arrange(process(tasks, chain(*steps))))

    assert width <= 2200
    assert height <= 700


def test_a_straight_way_stays_straight() -> None:
    xml = process('<bpmn:startEvent id="s"/><bpmn:userTask id="a"/><bpmn:endEvent id="e"/>', chain("s", "a", "e"))

    sheet = read(arrange(xml))

    assert [len(edge.line) for edge in sheet.edges] == [2, 2]


def test_a_long_name_makes_a_taller_task() -> None:
    name = "Sporządź specyfikację konkursową wraz z warunkiem realizacji zgodnie ze standardem usługi społecznej"
    xml = process(f'<bpmn:userTask id="dlugie" name="{name}"/><bpmn:userTask id="krotkie" name="Podpisz"/>')

    drawn = shapes(arrange(xml))

    assert drawn["dlugie"].box.height > drawn["krotkie"].box.height == 80


def test_a_boundary_event_sits_on_the_lower_edge_of_its_step() -> None:
    xml = process(
        '<bpmn:userTask id="a"/><bpmn:endEvent id="e"/><bpmn:userTask id="b"/>',
        '<bpmn:boundaryEvent id="t" name="Minął termin" attachedToRef="a"><bpmn:timerEventDefinition/>'
        "</bpmn:boundaryEvent>",
        chain("a", "e"), chain("t", "b"),
    )  # fmt: skip

    arranged = arrange(xml)

    drawn = shapes(arranged)
    assert drawn["t"].box.middle.y == drawn["a"].box.bottom
    assert drawn["a"].box.x <= drawn["t"].box.x
    assert drawn["t"].box.right <= drawn["a"].box.right
    assert not faults(arranged).lines_through_shapes


def test_a_step_that_repeats_itself_gets_its_loop() -> None:
    xml = process('<bpmn:userTask id="a"/>', flow("a", "a"))

    arranged = arrange(xml)

    assert [edge.element.get("id") for edge in read(arranged).edges] == ["a_a"]
    assert not faults(arranged).slanted_lines


def test_a_step_in_no_lane_is_drawn_beside_its_neighbour() -> None:
    text = Path(__file__).parent.joinpath("samples/zakres.bpmn").read_text(encoding="utf-8")
    xml = text.replace("<bpmn:flowNodeRef>wojt</bpmn:flowNodeRef>", "").encode()

    assert "wojt" in shapes(arrange(xml))


@pytest.mark.parametrize(
    "xml",
    [
        b"to nie jest plik",
        b"<html/>",
        b'<!DOCTYPE d [<!ENTITY x "y">]><d>&x;</d>',
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd"><d/>',
    ],
)
def test_a_file_that_is_no_safe_bpmn_is_refused(xml: bytes) -> None:
    with pytest.raises(DefinitionRejected):
        arrange(xml)


def test_a_diagram_that_nobody_could_read_is_refused() -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        arrange(process("".join(f'<bpmn:task id="n{n}"/>' for n in range(401))))

    assert "mniejsze procesy" in refusal.value.problems[0].message


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    lanes=st.lists(st.integers(0, 2), min_size=2, max_size=9),
    links=st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12, unique=True),
    kinds=st.lists(st.sampled_from(["userTask", "exclusiveGateway", "endEvent"]), min_size=9, max_size=9),
)
def test_no_diagram_however_wild_gets_lines_through_shapes(
    lanes: list[int], links: list[tuple[int, int]], kinds: list[str]
) -> None:
    nodes = "".join(f'<bpmn:{kinds[n]} id="n{n}" name="Krok {n}"/>' for n in range(len(lanes)))
    flows = "".join(flow(f"n{a}", f"n{b}", "tak") for a, b in links if max(a, b) < len(lanes) and a != b)
    members = (
        "".join(f"<bpmn:flowNodeRef>n{n}</bpmn:flowNodeRef>" for n, lane in enumerate(lanes) if lane == number)
        for number in range(3)
    )
    tracks = "".join(f'<bpmn:lane id="l{i}" name="Tor {i}">{refs}</bpmn:lane>' for i, refs in enumerate(members))

    found = faults(arrange(process(f'<bpmn:laneSet id="ls">{tracks}</bpmn:laneSet>', nodes, flows)))

    assert not found.shapes_on_shapes
    assert not found.lines_through_shapes
    assert not found.slanted_lines
