"""Sequence flows, message flows and associations as SVG."""

from __future__ import annotations

import math
from itertools import pairwise

from engine.bpmn.drawing.reading import Edge
from engine.bpmn.drawing.text import block
from engine.bpmn.layout.model import Box, Point
from engine.bpmn.layout.text import LINE, wrap
from engine.bpmn.markup import child, text

INK, TAKEN = "#22303f", "#15803d"
BEND = 6.0  # radius of rounded corners
LABEL_SIZE = 11.0
LONGEST_CONDITION = 40


def draw(edge: Edge, *, taken: bool, colour: str = "") -> str:
    """The line of a flow with its ends; one with a `colour` of its own is drawn heavier."""
    colour, width = (colour or TAKEN, 2.8) if taken or colour else (INK, 1.5)
    dash = {"messageFlow": ' stroke-dasharray="9 5"', "sequenceFlow": ""}.get(edge.kind, ' stroke-dasharray="1.5 4"')
    data = _rounded(edge.line)
    line = f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width}"{dash} stroke-linejoin="round"/>'
    return line + _start(edge, colour) + _end(edge, colour)


def label(edge: Edge) -> str:
    """The name of a flow, or its condition when it has no name, beside the line."""
    name = edge.element.get("name") or _condition(edge)
    if not name:
        return ""
    box = edge.label or _beside(name, edge.line)
    return block(name, Box(box.x - 3, box.y, box.width + 6, box.height), LABEL_SIZE, top=True, halo=True)


def middle(edge: Edge) -> Point:
    """The middle of the longest piece of a line."""
    a, b = max(pairwise(edge.line), key=lambda piece: _length(*piece))
    return Point((a.x + b.x) / 2, (a.y + b.y) / 2)


def _condition(edge: Edge) -> str:
    words = text(child(edge.element, "conditionExpression"))
    return words if len(words) <= LONGEST_CONDITION else words[: LONGEST_CONDITION - 1] + "…"


def _beside(name: str, line: tuple[Point, ...]) -> Box:
    """A place at the first piece that is long enough, when the file gives none."""
    a, b = next(((a, b) for a, b in pairwise(line) if _length(a, b) > 30), line[:2])
    height = len(wrap(name, 84, LABEL_SIZE)) * LABEL_SIZE * LINE
    middle = Point((a.x + b.x) / 2, (a.y + b.y) / 2)
    if abs(a.x - b.x) > abs(a.y - b.y):
        return Box(middle.x - 42, middle.y - height - 3, 84, height)
    return Box(middle.x + 2, middle.y - height / 2, 84, height)


def _length(a: Point, b: Point) -> float:
    return math.hypot(b.x - a.x, b.y - a.y)


def _towards(a: Point, b: Point, distance: float) -> Point:
    length = _length(a, b) or 1
    return Point(a.x + (b.x - a.x) * distance / length, a.y + (b.y - a.y) * distance / length)


def _rounded(line: tuple[Point, ...]) -> str:
    parts = [f"M{line[0].x:g} {line[0].y:g}"]
    for before, corner, after in zip(line, line[1:], line[2:], strict=False):
        bend = min(BEND, _length(before, corner) / 2, _length(corner, after) / 2)
        into, out = _towards(corner, before, bend), _towards(corner, after, bend)
        parts.append(f"L{into.x:.4g} {into.y:.4g}Q{corner.x:g} {corner.y:g} {out.x:.4g} {out.y:.4g}")
    parts.append(f"L{line[-1].x:g} {line[-1].y:g}")
    return "".join(parts)


def _turned(point: Point, towards: Point) -> str:
    angle = math.degrees(math.atan2(towards.y - point.y, towards.x - point.x))
    return f'transform="translate({point.x:g} {point.y:g}) rotate({angle:g})"'


def _start(edge: Edge, colour: str) -> str:
    """The slash of a default flow, the diamond of a condition at an activity, the circle of a message flow."""
    place = _turned(edge.line[0], edge.line[1])
    if edge.kind == "messageFlow":
        return f'<circle cx="{edge.line[0].x:g}" cy="{edge.line[0].y:g}" r="4" fill="#fff" stroke="{colour}"/>'
    if edge.kind != "sequenceFlow":
        return ""
    if edge.default:
        return f'<path d="M6 5L11 -5" {place} stroke="{colour}" stroke-width="1.6"/>'
    if child(edge.element, "conditionExpression") is not None and not edge.source.endswith("Gateway"):
        return f'<path d="M0 0L8 -5L16 0L8 5z" {place} fill="#fff" stroke="{colour}"/>'
    return ""


def _end(edge: Edge, colour: str) -> str:
    before = next((point for point in reversed(edge.line[:-1]) if point != edge.line[-1]), edge.line[0])
    place = _turned(edge.line[-1], Point(2 * edge.line[-1].x - before.x, 2 * edge.line[-1].y - before.y))
    if edge.kind == "sequenceFlow":
        return f'<path d="M0 0L-12 -5.5V5.5z" {place} fill="{colour}"/>'
    if edge.kind == "messageFlow":
        return f'<path d="M0 0L-11 -5.5V5.5z" {place} fill="#fff" stroke="{colour}"/>'
    open_arrow = edge.kind.startswith("data") or edge.element.get("associationDirection") in ("One", "Both")
    return f'<path d="M-9 -5L0 0L-9 5" {place} fill="none" stroke="{colour}"/>' if open_arrow else ""
