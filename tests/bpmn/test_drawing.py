"""The picture of a diagram: safe, readable without colours, and fast."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from engine.bpmn.drawing import Mark, draw
from engine.bpmn.drawing.icons import EVENTS, TASKS
from engine.bpmn.layout import arrange
from engine.errors import DefinitionRejected

FOLDER = Path(__file__).parent / "samples"
SVG = "{http://www.w3.org/2000/svg}"
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:t"><bpmn:process id="p">'
)


@pytest.fixture(scope="module")
def scope() -> bytes:
    """The sample about the scope of a service, arranged."""
    return arrange((FOLDER / "zakres.bpmn").read_bytes())


@pytest.fixture(scope="module")
def signs() -> bytes:
    """The sample with every sign, arranged."""
    return arrange((FOLDER / "wszystkie_znaki.bpmn").read_bytes())


def picture(xml: bytes, marks: dict[str, Mark] | None = None, **options: object) -> etree._Element:
    return etree.fromstring(draw(xml, marks, title="Diagram", **options))  # type: ignore[arg-type]


def group(svg: etree._Element, key: str) -> etree._Element:
    return next(part for part in svg.iter(f"{SVG}g") if part.get("data-element") == key)


def outline(svg: etree._Element, key: str) -> etree._Element:
    return next(part for part in group(svg, key) if part.tag != f"{SVG}title")


def process(content: str, drawing: str = "") -> bytes:
    di = f'<bpmndi:BPMNDiagram><bpmndi:BPMNPlane bpmnElement="p">{drawing}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>'
    return f"{HEAD}{content}</bpmn:process>{di if drawing else ''}</bpmn:definitions>".encode()


def test_a_picture_says_what_it_shows_to_those_who_cannot_see_it(scope: bytes) -> None:
    marks = {"prop": Mark(state="done"), "akc": Mark(state="late", badge="2 dni po terminie")}

    svg = picture(scope, marks)

    assert svg.get("role") == "img"
    assert svg.get("aria-label") == "Diagram"
    assert svg.findtext(f"{SVG}title") == "Diagram"
    description = svg.findtext(f"{SVG}desc")
    assert "Wykonano: Przygotuj propozycję zakresu usługi." in description
    assert "Po terminie: Zaakceptuj zakres i wskaż potrzeby finansowe (2 dni po terminie)." in description


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.bpmn")), ids=lambda path: path.stem)
def test_a_strict_content_policy_has_nothing_to_refuse(path: Path) -> None:
    svg = picture(path.read_bytes(), {"start": Mark(state="done")}, taken=["start_opis"])

    for part in svg.iter():
        assert part.tag not in (f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject")
        assert not [name for name in part.attrib if name in ("style", "id") or name.startswith("on")]


def test_ids_appear_only_with_a_prefix_so_that_two_pictures_fit_on_a_page(scope: bytes) -> None:
    svg = picture(scope, prefix="s7-")

    ids = [part.get("id") for part in svg.iter() if part.get("id")]
    assert "s7-prop" in ids
    assert len(ids) == len(set(ids))
    assert all(key.startswith("s7-") for key in ids)


def test_every_text_is_escaped() -> None:
    evil = "&lt;script&gt;alert(1)&lt;/script&gt; &quot;x&quot; &amp;"
    xml = process(f'<bpmn:userTask id="a" name="{evil}"/><bpmn:startEvent id="s" name="{evil}"/>')
    marks = {"a": Mark(state="late", badge="<b>\x00", note="</svg>")}

    text = draw(xml, marks, title='"><script>')

    assert "<script" not in text
    assert "</svg>" not in text[:-6]
    etree.fromstring(text)


def test_what_is_done_has_a_tick_and_a_green_line(scope: bytes) -> None:
    svg = picture(scope, {"prop": Mark(state="done")}, taken=["start_prop"])

    assert group(svg, "prop").get("class") == "userTask is-done"
    assert len([part for part in svg.iter(f"{SVG}g") if part.get("class") == "tick"]) == 1
    assert group(svg, "start_prop").get("class") == "sequenceFlow is-taken"
    assert group(svg, "prop_akc").get("class") == "sequenceFlow"


def test_what_is_going_on_has_a_heavy_line(scope: bytes) -> None:
    plain, active = picture(scope), picture(scope, {"prop": Mark(state="active")})

    assert float(outline(active, "prop").get("stroke-width")) > float(outline(plain, "prop").get("stroke-width"))
    assert "is-active" in group(active, "prop").get("class")


def test_what_is_late_has_a_dashed_line_and_says_so(scope: bytes) -> None:
    svg = picture(scope, {"akc": Mark(state="late", badge="2 dni po terminie", note="Jan Nowak")})

    assert outline(svg, "akc").get("stroke-dasharray")
    badge = next(part for part in svg.iter(f"{SVG}g") if part.get("class") == "badge")
    assert "".join(badge.itertext()) == "2 dni po terminie"
    assert "Jan Nowak" in group(svg, "akc").findtext(f"{SVG}title")


def test_every_kind_of_task_has_its_own_sign(signs: bytes) -> None:
    svg = picture(signs)

    for key, kind in {"reczne": "manualTask", "wyslij": "sendTask", "odbierz": "receiveTask", "usluga": "serviceTask",
                      "skrypt": "scriptTask", "tabela": "businessRuleTask", "kolejno": "userTask"}.items():  # fmt: skip
        drawn = {part.get("d") for part in group(svg, key).iter(f"{SVG}path")}
        assert drawn & {sign for sign, _ in TASKS.values()} == {TASKS[kind][0]}


@pytest.mark.parametrize("trigger", sorted(EVENTS))
def test_every_kind_of_event_has_its_own_sign(trigger: str) -> None:
    parts = f"<bpmn:{trigger}EventDefinition/>" if "ultiple" not in trigger else "<bpmn:timerEventDefinition/>" * 2
    all_ = ' parallelMultiple="true"' if trigger == "parallelMultiple" else ""
    xml = process(f'<bpmn:intermediateCatchEvent id="e"{all_}>{parts}</bpmn:intermediateCatchEvent>')

    drawn = [part.get("d") for part in group(picture(xml), "e").iter(f"{SVG}path")]

    assert drawn == [EVENTS[trigger]]


def test_an_event_that_does_not_interrupt_is_dashed_and_one_that_does_is_not(signs: bytes) -> None:
    svg = picture(signs)

    assert outline(svg, "pod_esk").get("stroke-dasharray")
    assert not outline(svg, "pod_blad").get("stroke-dasharray")


def test_an_end_is_heavier_than_a_start_and_a_call_heavier_than_a_task(signs: bytes) -> None:
    svg = picture(signs)

    assert float(outline(svg, "zakoncz").get("stroke-width")) > float(outline(svg, "start").get("stroke-width"))
    assert float(outline(svg, "wywolanie").get("stroke-width")) > float(outline(svg, "usluga").get("stroke-width"))


def test_repeated_steps_carry_their_markers(signs: bytes) -> None:
    svg = picture(signs)

    keys = ("rownolegle", "kolejno", "petla")
    paths = {key: [part.get("d") for part in group(svg, key).iter(f"{SVG}path")] for key in keys}
    assert "M-5 -6v12M0 -6v12M5 -6v12" in paths["rownolegle"]
    assert "M-6 -5h12M-6 0h12M-6 5h12" in paths["kolejno"]
    assert len(paths["petla"]) == 1


def test_a_default_flow_has_a_stroke_and_others_have_none(scope: bytes) -> None:
    svg = picture(scope)

    assert len(group(svg, "dec_body")) == len(group(svg, "dec_prop")) + 1


def test_a_flow_without_a_name_shows_its_condition(signs: bytes) -> None:
    assert "pilne = true" in "".join(picture(signs).itertext())


def test_message_flows_are_dashed_and_associations_dotted(signs: bytes) -> None:
    svg = picture(signs)

    dashes = [outline(svg, key).get("stroke-dasharray") for key in ("mf_wezwanie", "as_uwaga", "s1")]
    assert dashes[0]
    assert dashes[1]
    assert dashes[0] != dashes[1]
    assert dashes[2] is None


def test_rules_are_embedded_only_when_given_and_cannot_close_their_element(scope: bytes) -> None:
    svg = picture(scope, css=".is-late{stroke:red}</style><script>")

    style = svg.findtext(f"{SVG}style")
    assert style.startswith(".is-late{stroke:red}")
    assert svg.find(f".//{SVG}script") is None


def test_a_file_without_a_drawing_is_laid_out_first() -> None:
    plain = (FOLDER / "bez_torow.bpmn").read_bytes()

    assert draw(plain, title="x") == draw(arrange(plain), title="x")


def test_a_drawing_with_broken_numbers_leaves_out_what_it_cannot_place() -> None:
    shape = '<bpmndi:BPMNShape bpmnElement="{}"><dc:Bounds x="{}" y="0" width="{}" height="80"/></bpmndi:BPMNShape>'
    broken = [("b", "nan", 100), ("c", "0", "inf"), ("d", "1e300", 100), ("e", "0", "-5"), ("brak", "0", "100")]
    xml = process(
        "".join(f'<bpmn:task id="{key}"/>' for key in "abcde") + '<bpmn:sequenceFlow id="f"/>',
        shape.format("a", "10", 100) + "".join(shape.format(*row) for row in broken)
        + '<bpmndi:BPMNEdge bpmnElement="f"><di:waypoint x="1" y="x"/></bpmndi:BPMNEdge>',
    )  # fmt: skip

    svg = picture(xml)

    assert [part.get("data-element") for part in svg.iter(f"{SVG}g") if part.get("data-element")] == ["a"]
    assert svg.get("viewBox") == "-6 -16 132 112"


def test_a_file_with_a_doctype_is_refused() -> None:
    with pytest.raises(DefinitionRejected):
        draw(b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>', title="x")


def test_forty_elements_are_drawn_in_five_milliseconds() -> None:
    xml = arrange((FOLDER / "organizacja_uslugi.bpmn").read_bytes())
    marks = {"sciezka": Mark(state="done"), "zakres": Mark(state="late", badge="po terminie")}

    spans = []
    for _ in range(30):
        begun = time.process_time()
        draw(xml, marks, title="x")
        spans.append(time.process_time() - begun)

    assert min(spans) < 0.005


def test_a_flow_with_a_problem_is_marked_with_its_number(scope: bytes) -> None:
    flow = next(
        part.get("data-element") for part in picture(scope).iter(f"{SVG}g") if part.get("class") == "sequenceFlow"
    )
    marks = {str(flow): Mark(state="wrong", badge="3", note="Nie rozumiem warunku.")}

    svg = picture(scope, marks, prefix="el-")

    assert group(svg, str(flow)).get("id") == f"el-{flow}"
    assert group(svg, str(flow)).findtext(f"{SVG}title", "").endswith("Nie rozumiem warunku.")
    assert "3" in [text.text for text in svg.iter(f"{SVG}text")]
    assert "Błąd:" in svg.findtext(f"{SVG}desc", "")
