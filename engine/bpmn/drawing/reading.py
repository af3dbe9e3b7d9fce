"""Diagram interchange read for drawing: boxes and lines with the elements they show."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.bpmn.layout import arrange
from engine.bpmn.layout.model import Box, Point
from engine.bpmn.layout.xml import DC, DD, DI
from engine.bpmn.markup import Node, kind, open_file

SHAPE, EDGE, LABEL = f"{{{DI}}}BPMNShape", f"{{{DI}}}BPMNEdge", f"{{{DI}}}BPMNLabel"
BOUNDS, WAYPOINT = f"{{{DC}}}Bounds", f"{{{DD}}}waypoint"
FURTHEST = 100_000.0  # nobody draws on a larger sheet


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A box and what it shows."""

    element: Node
    kind: str
    box: Box
    label: Box | None
    expanded: bool
    crowded: bool  # boundary events sit on its edge

    @property
    def name(self) -> str:
        """The name of the element as the file has it."""
        return str(self.element.get("name") or "")


@dataclass(frozen=True, kw_only=True)
class Edge:
    """A line and what it shows. `source` is the kind of element that it leaves."""

    element: Node
    kind: str
    line: tuple[Point, ...]
    label: Box | None
    source: str
    default: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """All that a file draws."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


def read(xml: bytes) -> Sheet:
    """The drawing of a file; a file without one is laid out first.

    Raises:
        DefinitionRejected: when the file is no BPMN.
    """
    root = open_file(xml)
    if root.find(f".//{SHAPE}") is None:
        root = open_file(_arranged(xml))
    elements: dict[str, Node] = {}
    for element in root.iter():
        identity = element.get("id")
        if identity and kind(element):
            elements[identity] = element
    plane = next((plane for plane in root.iter(f"{{{DI}}}BPMNPlane") if plane.find(SHAPE) is not None), root)
    return Sheet(shapes=tuple(_shapes(plane, elements)), edges=tuple(_edges(plane, elements)))


@lru_cache(maxsize=32)
def _arranged(xml: bytes) -> bytes:
    return arrange(xml)


def _shapes(plane: Node, elements: dict[str, Node]) -> Iterator[Shape]:
    hosts = {element.get("attachedToRef") for element in elements.values()}
    for shape in plane.iter(SHAPE):
        element, box = elements.get(shape.get("bpmnElement")), _box(shape)
        if element is not None and box is not None:
            yield Shape(
                element=element, kind=kind(element), box=box, label=_label(shape),
                expanded=shape.get("isExpanded") == "true", crowded=element.get("id") in hosts,
            )  # fmt: skip


def _edges(plane: Node, elements: dict[str, Node]) -> Iterator[Edge]:
    for edge in plane.iter(EDGE):
        element = elements.get(edge.get("bpmnElement"))
        line = tuple(point for point in map(_point, edge.iterfind(WAYPOINT)) if point)
        if element is None or len(line) < 2:
            continue
        source = elements.get(element.get("sourceRef") or "")
        yield Edge(
            element=element, kind=kind(element), line=line, label=_label(edge),
            source=kind(source) if source is not None else "",
            default=source is not None and source.get("default") == element.get("id"),
        )  # fmt: skip


def _label(shape: Node) -> Box | None:
    label = shape.find(LABEL)
    return _box(label) if label is not None else None


def _box(owner: Node) -> Box | None:
    bounds = owner.find(BOUNDS)
    if bounds is None:
        return None
    values = [_number(bounds.get(key)) for key in ("x", "y", "width", "height")]
    known = [value for value in values if value is not None]
    return Box(*known) if len(known) == 4 and known[2] > 0 and known[3] > 0 else None


def _point(waypoint: Node) -> Point | None:
    x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
    return Point(x, y) if x is not None and y is not None else None


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= FURTHEST else None
