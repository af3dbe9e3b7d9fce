"""From the grid to pixels: how wide columns, rows and channels are, and where each shape and line lies."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from engine.bpmn.layout import text as layout_text
from engine.bpmn.layout.ground import Route, runs, sides
from engine.bpmn.layout.model import Box, Flow, Graph, Grid, Lane, Node, Point
from engine.bpmn.layout.reading import LABEL_LIMIT, LABEL_SIZE, TYPE_SIZE
from engine.bpmn.layout.tracks import Tracks

HEADER = 30.0  # the strip with the name of a pool or a lane
GAP, STEP, ARROW = 36.0, 12.0, 22.0  # between columns, between parallel lines, room for an arrow head
EDGE = 14.0  # between the border of a lane and what stands in it
SPACING = {"Gateway": 9.0, "Event": 8.0}


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The pixel of every line of the grid, and the upper and lower border of every band."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    bands: tuple[tuple[float, float], ...]
    right: float


def label_size(name: str) -> tuple[float, float]:
    """Width and height of a name that stands outside of its shape or at a line."""
    width, height = layout_text.block(name, LABEL_LIMIT, LABEL_SIZE)
    return math.ceil(width) + 2, math.ceil(height)


def scale(graph: Graph, grid: Grid, routes: Mapping[int, Route], tracks: Tracks) -> Scale:
    """Make every column, row and channel as wide as what lies in it needs."""
    xs = _columns(graph, grid, routes, tracks)
    ys, bands = _rows(graph, grid, tracks)
    return Scale(xs=xs[0], ys=ys, bands=bands, right=xs[1])


def _columns(graph: Graph, grid: Grid, routes: Mapping[int, Route], tracks: Tracks) -> tuple[tuple[float, ...], float]:
    halves: dict[int, float] = defaultdict(lambda: 18.0)
    for node in graph.nodes.values():
        column = grid.columns[node.id]
        halves[column] = max(halves[column], node.width / 2, _label_half(node))
    wanted = _room_for_names(graph, grid, routes, halves)
    x = HEADER * max((lane.depth for lane in graph.lanes), default=0)
    xs: list[float] = []
    for channel in range(grid.width + 1):
        count = tracks.widths.get(("x", 2 * channel), 0)
        least = 24.0 if channel in (0, grid.width) else GAP
        room = max(least, wanted.get(channel, 0), count and EDGE + (count - 1) * STEP + ARROW)
        xs.append(x + room / 2 - (4 if count else 0))
        x += room
        if channel < grid.width:
            xs.append(x + halves[channel])
            x += 2 * halves[channel]
    return tuple(xs), x


def _label_half(node: Node) -> float:
    if not node.outside_label or node.host:
        return 0
    return label_size(node.name)[0] / 2 - 10


def _room_for_names(
    graph: Graph, grid: Grid, routes: Mapping[int, Route], halves: Mapping[int, float]
) -> dict[int, float]:
    """How wide channels must be so that the name of a flow fits between its source and what comes next."""
    wanted: dict[int, float] = {}
    taken = {(grid.columns[n.id], n.band, grid.places[n.id]): n for n in graph.nodes.values()}
    for number, route in routes.items():
        flow = graph.flows[number]
        source = graph.nodes.get(flow.source)
        if not flow.name or source is None or sides(route)[0] == "left":
            continue
        column = grid.columns[source.id]
        level = sides(route)[0] == "right"
        neighbour = taken.get((column + 1, source.band, grid.places[source.id]))
        if neighbour is None:
            continue
        spare = halves[column] - (source.width / 2 if level else 0)
        spare += halves.get(column + 1, 0) - neighbour.width / 2
        room = label_size(flow.name)[0] + (14 if level else 8) + 11 * flow.default - spare
        wanted[column + 1] = max(wanted.get(column + 1, 0), room)
    return wanted


def _rows(graph: Graph, grid: Grid, tracks: Tracks) -> tuple[tuple[float, ...], tuple[tuple[float, float], ...]]:
    above, below = _extents(graph, grid)
    ys: list[float] = []
    borders: list[tuple[float, float]] = []
    y = 0.0
    for band, count in enumerate(grid.rows):
        start, top = grid.start(band), y
        rooms = [_level_room(tracks, start + 2 * i, i in (0, count)) for i in range(count + 1)]
        tall = [above[start + 2 * i + 1] + below[start + 2 * i + 1] for i in range(count)]
        spare = max(0.0, _least_height(graph, band) - sum(rooms) - sum(tall))
        rooms = [room + spare / (count + 1) for room in rooms]
        for i, room in enumerate(rooms):
            ys.append(y + room / 2)
            y += room
            if i < count:
                ys.append(y + above[start + 2 * i + 1])
                y += tall[i]
        borders.append((top, y))
        y += _pool_gap(graph, band)
    return tuple(ys), tuple(borders)


def _level_room(tracks: Tracks, line: int, border: bool) -> float:
    count = tracks.widths.get(("y", line), 0)
    return max(EDGE, 14 + (count - 1) * STEP + 18 if count else 0) if border else max(20, 34 + (count - 1) * STEP)


def _pool_gap(graph: Graph, band: int) -> float:
    return 50.0 if any(lane.last == band for lane in graph.lanes[:-1] if lane.pool) else 0.0


def _extents(graph: Graph, grid: Grid) -> tuple[dict[int, float], dict[int, float]]:
    """How far the contents of each row reach above and below its middle, names included."""
    above: dict[int, float] = defaultdict(lambda: 30.0)
    below: dict[int, float] = defaultdict(lambda: 30.0)
    for node in graph.nodes.values():
        line = grid.start(node.band) + 2 * grid.places[node.id] + 1
        half, label = node.height / 2, label_size(node.name)[1] + 6 if node.outside_label else 0
        if node.host:
            half = graph.nodes[node.host].height / 2 + 18
        up = label + 4 if node.kind.endswith("Gateway") else 0
        above[line] = max(above[line], 0 if node.host else half + up)
        below[line] = max(below[line], half + label - up)
    return above, below


def _least_height(graph: Graph, band: int) -> float:
    """A lane is as tall as its name needs in two lines."""
    names = [lane for pool in graph.lanes for lane in _leaves(pool) if lane.first == lane.last == band]
    if any(lane.closed for lane in names):
        return 60.0
    least = 110.0 if graph.lanes else 0.0
    for lane in names:
        length = 90.0
        while len(layout_text.wrap(lane.name, length, TYPE_SIZE)) > 2:
            length += 10
        least = max(least, length + 16)
    return least


def _leaves(lane: Lane) -> list[Lane]:
    return [leaf for child in lane.children for leaf in _leaves(child)] if lane.children else [lane]


def shapes(graph: Graph, grid: Grid, size: Scale, routes: Mapping[int, Route]) -> dict[str, Box]:
    """The box of every node; boundary events sit on the lower edge of their host."""
    boxes: dict[str, Box] = {}
    for node in graph.nodes.values():
        if not node.host:
            x = size.xs[2 * grid.columns[node.id] + 1]
            y = size.ys[grid.start(node.band) + 2 * grid.places[node.id] + 1]
            boxes[node.id] = Box(round(x - node.width / 2), round(y - node.height / 2), node.width, node.height)
    for host in {node.host for node in graph.nodes.values() if node.host}:
        guests = [node for node in graph.nodes.values() if node.host == host]
        guests.sort(key=lambda node: _reach(graph, routes, node.id))
        room = boxes[host]
        step = min(52.0, (room.width - 16) / len(guests))
        for index, node in enumerate(guests):
            x = room.right - 12 - node.width - index * step
            boxes[node.id] = Box(round(x), round(room.bottom - node.height / 2), node.width, node.height)
    return boxes


def _reach(graph: Graph, routes: Mapping[int, Route], node: str) -> int:
    """How far down the first piece of a boundary event's flow goes: who goes further stands further left."""
    return max((route[1][1] for number, route in routes.items() if graph.flows[number].source == node), default=0)


def lines(
    graph: Graph, size: Scale, boxes: Mapping[str, Box], routes: Mapping[int, Route], tracks: Tracks
) -> dict[int, tuple[Point, ...]]:
    """The waypoints of every flow."""
    return {number: _line(graph, size, boxes, number, route, tracks) for number, route in routes.items()}


def _line(
    graph: Graph, size: Scale, boxes: Mapping[str, Box], number: int, route: Route, tracks: Tracks
) -> tuple[Point, ...]:
    flow = graph.flows[number]
    last = len(route) - 2
    along: list[float] = []
    for index, (upright, line, _) in enumerate(runs(number, route)):
        base = (size.xs if upright else size.ys)[line]
        offset = tracks.offsets.get((number, index), 0.0) * STEP
        if (number, index) in tracks.crowds:
            ends = [(flow.source, 0), (flow.target, last)]
            node = next((graph.nodes[key] for key, at in ends if at == index and key in graph.nodes), None)
            if node is not None:
                middle = boxes[node.id].middle
                base = middle.x if upright else middle.y
                crowd = tracks.crowds[number, index]
                offset = tracks.offsets.get((number, index), 0.0) * _spacing(node, upright, crowd)
        along.append(base + offset)
    return _joined(graph, size, boxes, flow, route, along)


def _spacing(node: Node, upright: bool, crowd: int) -> float:
    for kind, spacing in SPACING.items():
        if node.kind.endswith(kind):
            return spacing
    room = node.width if upright else node.height
    return min(24.0, (room - 24) / crowd)


def _joined(
    graph: Graph, size: Scale, boxes: Mapping[str, Box], flow: Flow, route: Route, along: list[float]
) -> tuple[Point, ...]:
    """Turn the coordinates of the pieces into corner points, with both ends on the outlines of the shapes."""
    upright = [a[0] == b[0] for a, b in pairwise(route)]
    corners = [
        Point(along[i - 1], along[i]) if upright[i - 1] else Point(along[i], along[i - 1]) for i in range(1, len(along))
    ]
    leave, arrive = sides(route)
    first = _touch(graph, size, boxes, flow.source, leave, along[0])
    final = _touch(graph, size, boxes, flow.target, arrive, along[-1])
    return tuple(Point(round(p.x, 1), round(p.y, 1)) for p in (first, *corners, final))


def _touch(graph: Graph, size: Scale, boxes: Mapping[str, Box], key: str, side: str, at: float) -> Point:
    """Where a line at coordinate `at` meets one side of a shape or of a closed pool."""
    if key not in boxes:
        band = next(lane.first for lane in graph.lanes if lane.id == key)
        top, bottom = size.bands[band]
        return Point(at, bottom if side == "bottom" else top)
    box, node = boxes[key], graph.nodes[key]
    depth = _dent(node, at - (box.middle.y if side in ("left", "right") else box.middle.x))
    return {
        "left": Point(box.x + depth, at),
        "right": Point(box.right - depth, at),
        "top": Point(at, box.y + depth),
        "bottom": Point(at, box.bottom - depth),
    }[side]


def _dent(node: Node, off: float) -> float:
    """How far inside its box the outline of a diamond or circle lies, `off` pixels from the middle of the side."""
    if node.kind.endswith("Gateway"):
        return abs(off)
    if node.kind.endswith("Event"):
        return node.width / 2 - math.sqrt(max(0.0, (node.width / 2) ** 2 - off**2))
    return 0
