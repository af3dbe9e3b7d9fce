"""Where the names of events, gateways and flows stand: near, and on nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise

from engine.bpmn.layout.geometry import label_size
from engine.bpmn.layout.model import Box, Flow, Graph, Node, Point

ON_SHAPE, ON_LABEL, ON_LINE, ON_BORDER = 5000.0, 5000.0, 300.0, 150.0
SWEEPS = 3
CHOICES = 48  # places looked at for the name of one flow
SLASH = 11  # the stroke of a default flow stands before its name


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    """What a name may not stand on."""

    shapes: Mapping[str, Box]
    edges: Mapping[str, tuple[Point, ...]]
    borders: tuple[float, ...]


def place(
    graph: Graph, shapes: Mapping[str, Box], edges: Mapping[str, tuple[Point, ...]], borders: tuple[float, ...]
) -> dict[str, Box]:
    """A box for every name that stands outside of its shape, by element id.

    Args:
        graph: what is drawn.
        shapes: boxes by node id.
        edges: waypoints by flow id.
        borders: the y of the borders between lanes.
    """
    sheet = _Sheet(shapes=shapes, edges=edges, borders=borders)
    choices: dict[str, list[Box]] = {}
    for node in graph.nodes.values():
        if node.outside_label and node.id in shapes:
            choices[node.id] = list(_around(node, shapes[node.id]))
    for flow in graph.flows:
        if flow.name and flow.id in edges:
            choices[flow.id] = [*islice(_along(flow, edges[flow.id]), CHOICES), *_near(flow, edges[flow.id])]
    return _settle(sheet, choices)


def _settle(sheet: _Sheet, choices: Mapping[str, list[Box]]) -> dict[str, Box]:
    placed: dict[str, Box] = {}
    prices = {key: [rank * 6 + _price(sheet, key, box) for rank, box in enumerate(boxes)] for key, boxes in
              choices.items()}  # fmt: skip
    for _ in range(SWEEPS):
        before = dict(placed)
        for key, boxes in choices.items():
            others = [box for other, box in placed.items() if other != key]
            costs = [
                price + ON_LABEL * sum(box.meets(other, apart=2) for other in others)
                for price, box in zip(prices[key], boxes, strict=True)
            ]
            placed[key] = boxes[costs.index(min(costs))]
        if placed == before:
            break
    return placed


def _around(node: Node, shape: Box) -> Iterator[Box]:
    """Places for the name of an event or gateway, the best first."""
    width, height = label_size(node.name)
    middle = shape.middle
    above = Box(middle.x - width / 2, shape.y - height - 4, width, height)
    lifted = [Box(x, above.y, width, height) for x in (middle.x - width - 8, middle.x + 8)]
    below = Box(middle.x - width / 2, shape.bottom + 4, width, height)
    gateway = node.kind.endswith("Gateway")
    slack = 14 if gateway else 4  # a diamond leaves its corners free
    left, right = middle.x - width - 5, middle.x + 5
    corners = [
        Box(x, y, width, height)
        for y in (shape.y + slack - height - 6, shape.bottom - slack + 6)
        for x in (left - slack / 2, right + slack / 2)
    ]
    if node.host:
        yield from (Box(x, shape.bottom + 2, width, height) for x in (left, right))
        yield Box(shape.x - width - 2, middle.y + 3, width, height)
        yield Box(shape.right + 2, middle.y + 3, width, height)
    elif gateway:
        yield from (above, *corners[:2], *lifted, *(box.moved(0, -14) for box in lifted), below, *corners[2:])
    else:
        yield from (below, above, corners[2], corners[3], corners[0], corners[1])
    for shift in (8, 16, 24, 32):
        yield from (above.moved(0, -shift), below.moved(0, shift))
        yield from (above.moved(shift, -4), above.moved(-shift, -4), below.moved(shift, 4), below.moved(-shift, 4))
        yield from (box.moved(aside * shift / 4, -shift) for box, aside in zip(lifted, (-1, 1), strict=True))


def _along(flow: Flow, line: tuple[Point, ...]) -> Iterator[Box]:
    """Places for the name of a flow, near its source first, then along its way."""
    width, height = label_size(flow.name)
    for a, b in pairwise(line):
        length = abs(a.x - b.x) + abs(a.y - b.y)
        first = SLASH if flow.default and a == line[0] else 0
        for step in range(first, max(first + 1, int(length) - 10), 12):
            if a.y == b.y:
                x = a.x + 3 + step if b.x > a.x else a.x - 3 - step - width
                yield Box(x, a.y - height - 3, width, height)
                yield Box(x, a.y + 3, width, height)
            else:
                y = a.y + 3 + step if b.y > a.y else a.y - 3 - step - height
                yield Box(a.x + 4, y, width, height)
                yield Box(a.x - width - 4, y, width, height)


def _near(flow: Flow, line: tuple[Point, ...]) -> Iterator[Box]:
    """Places a little off the line, for names that find none at it."""
    width, height = label_size(flow.name)
    middle = Point((line[0].x + line[1].x) / 2, (line[0].y + line[1].y) / 2)
    for distance in range(20, 100, 16):
        for dx, dy in ((0, -1), (0, 1), (1, 0), (-1, 0), (1, -1), (1, 1), (-1, -1), (-1, 1)):
            yield Box(middle.x - width / 2 + dx * distance, middle.y - height / 2 + dy * distance, width, height)


def _price(sheet: _Sheet, key: str, box: Box) -> float:
    price = sum(ON_SHAPE for shape in sheet.shapes.values() if box.meets(shape, apart=1))
    for flow, line in sheet.edges.items():
        apart = 0 if flow == key else 2
        price += sum(ON_LINE for a, b in pairwise(line) if box.meets(_strip(a, b), apart=apart))
    if sheet.borders and not (sheet.borders[0] <= box.y and box.bottom <= sheet.borders[-1]):
        price += ON_SHAPE
    return price + sum(ON_BORDER for y in sheet.borders if box.y < y < box.bottom)


def _strip(a: Point, b: Point) -> Box:
    return Box(min(a.x, b.x), min(a.y, b.y), abs(a.x - b.x), abs(a.y - b.y))
