"""A finished plan written into a BPMN file as diagram interchange."""

from __future__ import annotations

from lxml import etree

from engine.bpmn.layout.model import Box, Graph, Lane, Plan, Point
from engine.bpmn.layout.xml import DC, DD, DI, NS

PREFIXES = {"bpmndi": DI, "dc": DC, "di": DD}


def write(root: etree._Element, graph: Graph, plan: Plan) -> bytes:
    """Replace the drawing of a file by `plan`; everything else stays as it is."""
    for old in root.findall("bpmndi:BPMNDiagram", NS):
        _remove(root, old)
    diagram = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", nsmap=PREFIXES, id=_free(root, "BPMNDiagram_1"))
    owner = root.find("bpmn:collaboration", NS)
    if owner is None:
        owner = root.find("bpmn:process", NS)
    plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id=_free(root, "BPMNPlane_1"))
    if owner is not None:
        plane.set("bpmnElement", owner.get("id", ""))
    kinds = {e.get("id", ""): etree.QName(e).localname for e in root.iter(f"{{{NS['bpmn']}}}*") if e.get("id")}
    lanes = {lane.id for top in graph.lanes for lane in _all(top)}
    for key, box in plan.shapes.items():
        _shape(plane, key, box, plan.labels.get(key), kinds.get(key, ""), key in lanes)
    for key, line in plan.edges.items():
        _edge(plane, key, line, plan.labels.get(key))
    _indent(root, diagram)
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")) + b"\n"


def _remove(root: etree._Element, old: etree._Element) -> None:
    """Take an element out, and leave the white space before the closing tag as before."""
    before = old.getprevious()
    if before is not None:
        before.tail = old.tail
    root.remove(old)


def _free(root: etree._Element, wanted: str) -> str:
    taken = {element.get("id") for element in root.iter()}
    return wanted if wanted not in taken else _free(root, wanted + "_1")


def _all(lane: Lane) -> list[Lane]:
    return [lane, *(below for child in lane.children for below in _all(child))]


def _shape(parent: etree._Element, key: str, box: Box, label: Box | None, kind: str, lane: bool) -> None:
    shape = etree.SubElement(parent, f"{{{DI}}}BPMNShape", id=f"{key}_di", bpmnElement=key)
    if lane:
        shape.set("isHorizontal", "true")
    if kind in ("subProcess", "transaction", "adHocSubProcess"):
        shape.set("isExpanded", "true")
    if kind == "exclusiveGateway":
        shape.set("isMarkerVisible", "true")
    _bounds(shape, box)
    _label(shape, label)


def _edge(parent: etree._Element, key: str, line: tuple[Point, ...], label: Box | None) -> None:
    edge = etree.SubElement(parent, f"{{{DI}}}BPMNEdge", id=f"{key}_di", bpmnElement=key)
    for point in line:
        etree.SubElement(edge, f"{{{DD}}}waypoint", x=_number(point.x), y=_number(point.y))
    _label(edge, label)


def _label(parent: etree._Element, label: Box | None) -> None:
    if label is not None:
        _bounds(etree.SubElement(parent, f"{{{DI}}}BPMNLabel"), label)


def _bounds(parent: etree._Element, box: Box) -> None:
    sizes = dict(zip(("x", "y", "width", "height"), map(_number, box), strict=True))
    etree.SubElement(parent, f"{{{DC}}}Bounds", sizes)


def _number(value: float) -> str:
    return f"{round(value, 1):g}"


def _indent(root: etree._Element, diagram: etree._Element) -> None:
    etree.indent(diagram, space="  ", level=1)
    before = diagram.getprevious()
    if before is not None:
        before.tail = "\n  "
    elif root.text is None:
        root.text = "\n  "
    diagram.tail = "\n"
