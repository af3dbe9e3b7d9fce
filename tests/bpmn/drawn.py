"""Measures a BPMN drawing: what lies on what."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

from engine.bpmn.drawing.reading import Edge, Shape, read
from engine.bpmn.layout.model import Box, Point
from engine.bpmn.markup import LEVELS

FRAMES = ("participant", "lane", "group")
Piece = tuple[Point, Point]


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What a careful colleague would not leave in a drawing, each as a readable pair."""

    shapes_on_shapes: tuple[str, ...]
    lines_through_shapes: tuple[str, ...]
    lines_on_lines: tuple[str, ...]
    slanted_lines: tuple[str, ...]
    labels_on_shapes: tuple[str, ...]
    labels_on_labels: tuple[str, ...]
    labels_on_lines: tuple[str, ...]
    crossings: tuple[str, ...]


def faults(xml: bytes) -> Faults:
    """Everything that lies on something else in the drawing of a file."""
    sheet = read(xml)
    shapes = [shape for shape in sheet.shapes if shape.kind not in FRAMES]
    labels = {_id(item): item.label for item in (*sheet.shapes, *sheet.edges) if item.label}
    solid = [shape for shape in shapes if not (shape.kind in LEVELS and shape.expanded)]
    return Faults(
        shapes_on_shapes=tuple(_stacked(shapes)),
        lines_through_shapes=tuple(
            f"{_id(edge)} × {_id(shape)}" for edge in sheet.edges for shape in solid if _passes(edge, shape)
        ),
        lines_on_lines=tuple(f"{_id(a)} = {_id(b)}" for a, b in combinations(sheet.edges, 2) if _share(a, b)),
        slanted_lines=tuple(_id(edge) for edge in sheet.edges if _slants(edge)),
        labels_on_shapes=tuple(
            f"{key} on {_id(shape)}" for key, box in labels.items() for shape in solid if box.meets(shape.box)
        ),
        labels_on_labels=tuple(f"{a} on {b}" for a, b in combinations(labels, 2) if labels[a].meets(labels[b])),
        labels_on_lines=tuple(
            f"{key} on {_id(edge)}" for key, box in labels.items() for edge in sheet.edges if _under(box, edge)
        ),
        crossings=tuple(
            f"{_id(a)} × {_id(b)}" for a, b in combinations(sheet.edges, 2) for _ in range(_crossings(a, b))
        ),
    )


def size(xml: bytes) -> tuple[float, float]:
    """Width and height of all that is drawn."""
    boxes = [shape.box for shape in read(xml).shapes]
    return max(b.right for b in boxes) - min(b.x for b in boxes), max(b.bottom for b in boxes) - min(b.y for b in boxes)


def _id(item: Shape | Edge) -> str:
    return str(item.element.get("id"))


def _ways(edge: Edge) -> list[Piece]:
    return list(pairwise(edge.line))


def _slants(edge: Edge) -> bool:
    return any(a.x != b.x and a.y != b.y for a, b in _ways(edge))


def _strip(piece: Piece) -> Box:
    a, b = piece
    return Box(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x), abs(a.y - b.y))


def _stacked(shapes: list[Shape]) -> list[str]:
    return [f"{_id(a)} on {_id(b)}" for a, b in combinations(shapes, 2) if a.box.meets(b.box) and not _belong(a, b)]


def _belong(a: Shape, b: Shape) -> bool:
    """Whether one sits on the other's edge, or is drawn inside of it."""
    ids = {_id(a), _id(b)}
    around = {ancestor.get("id") for shape in (a, b) for ancestor in shape.element.iterancestors()}
    return bool(ids & around) or bool({a.element.get("attachedToRef"), b.element.get("attachedToRef")} & ids)


def _passes(edge: Edge, shape: Shape) -> bool:
    """Whether a line runs through a shape; at its own ends it may only touch the outline."""
    own = _id(shape) in _ends(edge) or shape.element.get("id") in _hosts_of_ends(edge)
    margin = 1 if own else -3
    box = Box(shape.box.x + margin, shape.box.y + margin, shape.box.width - 2 * margin, shape.box.height - 2 * margin)
    pieces = _ways(edge)
    if own and shape.kind.endswith(("Gateway", "Event")):
        pieces = pieces[1:-1]  # the outline lies inside of the box
    return any(box.meets(_strip(piece)) for piece in pieces)


def _ends(edge: Edge) -> set[str]:
    """The ids of what a line joins; an association with data lies inside of one of them."""
    element, parent = edge.element, edge.element.getparent()
    named = {element.get("sourceRef"), element.get("targetRef"), parent.get("id")}
    return {str(end) for end in (*named, *(part.text for part in element)) if end}


def _hosts_of_ends(edge: Edge) -> set[str]:
    process = edge.element.getparent()
    return {str(guest.get("attachedToRef")) for guest in process if guest.get("id") in _ends(edge)}


def _share(a: Edge, b: Edge) -> bool:
    """Whether two lines run along the same stretch for more than a touch."""
    for (p, q), (r, s) in ((x, y) for x in _ways(a) for y in _ways(b)):
        for along, at in ((0, 1), (1, 0)):
            if p[at] == q[at] and r[at] == s[at] and abs(p[at] - r[at]) < 3:
                low, high = (
                    max(min(p[along], q[along]), min(r[along], s[along])),
                    min(max(p[along], q[along]), max(r[along], s[along])),
                )
                if high - low > 2:
                    return True
    return False


def _under(box: Box, edge: Edge) -> bool:
    return any(box.meets(_strip(piece)) for piece in _ways(edge))


def _crossings(a: Edge, b: Edge) -> int:
    count = 0
    for x in _ways(a):
        for y in _ways(b):
            upright, level = (x, y) if x[0].x == x[1].x else (y, x)
            if upright[0].x != upright[1].x or level[0].y != level[1].y:
                continue
            low, high = sorted((level[0].x, level[1].x))
            top, bottom = sorted((upright[0].y, upright[1].y))
            count += low < upright[0].x < high and top < level[0].y < bottom
    return count
