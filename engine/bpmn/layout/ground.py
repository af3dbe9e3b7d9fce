"""The grid as ground that routes cross: where shapes stand, and which routes lie already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from engine.bpmn.layout.model import Graph, Grid

Cell = tuple[int, int]  # number of the upright line, number of the level line
Route = tuple[Cell, ...]


class Run(NamedTuple):
    """One straight piece of a route on one line; turns say to which side the route leaves at either end (0: port)."""

    flow: int
    low: int
    high: int
    turn_low: int
    turn_high: int

    def order(self, other: Run) -> tuple[int, int]:
        """On which side of `other` this run must lie (-1 or 1) so that neither cross, seen from both ends."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        at_low = _vote(self.low == low, self.turn_low, other.low == low, other.turn_low)
        at_high = _vote(self.high == high, self.turn_high, other.high == high, other.turn_high)
        return at_low, at_high


def _vote(mine_ends: bool, my_turn: int, other_ends: bool, other_turn: int) -> int:
    if mine_ends and other_ends:
        return 0 if my_turn == other_turn else (my_turn or -other_turn)
    return my_turn if mine_ends else -other_turn


class Errand(NamedTuple):
    """A flow that needs a way, with all that is asked about its ends again and again."""

    number: int
    kind: str
    source: str
    target: str
    start: Cell
    end: Cell
    leaves: str  # kind of the source: gateway, boundary, event or activity
    meets: str  # kind of the target: gateway, end, event or activity
    channels: tuple[int, ...]  # level lines between rows that it may use

    @property
    def back(self) -> bool:
        """Whether it leads to the left, as a returned decision does."""
        return self.end[0] <= self.start[0]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A grid with its shapes, ready to be crossed by routes."""

    errands: tuple[Errand, ...]
    in_row: Mapping[int, int]  # line -> bits of the occupied columns
    in_column: Mapping[int, int]
    channels: tuple[int, ...]  # level lines that are no rows
    xs: tuple[float, ...]  # about where the lines will be
    ys: tuple[float, ...]
    upright: dict[int, list[Run]] = field(default_factory=lambda: defaultdict(list))
    level: dict[int, list[Run]] = field(default_factory=lambda: defaultdict(list))
    ports: dict[tuple[str, str], list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))


def prepare(graph: Graph, grid: Grid) -> Ground:
    """Mark where shapes stand and guess how far apart the lines will be."""
    in_row: dict[int, int] = defaultdict(int)
    in_column: dict[int, int] = defaultdict(int)
    cells: dict[str, Cell] = {}
    starts = [grid.start(band) for band in range(graph.bands + 1)]
    for node in graph.nodes.values():
        x, y = 2 * grid.columns[node.id] + 1, starts[node.band] + 2 * grid.places[node.id] + 1
        cells[node.id] = (x, y)
        in_row[y] |= 1 << x
        in_column[x] |= 1 << y
    channels, ys = _levels(grid)
    errands = (_errand(graph, starts, cells, number) for number in range(len(graph.flows)))
    return Ground(
        errands=tuple(errand._replace(channels=_own(graph, starts, errand, channels)) for errand in errands),
        in_row=in_row, in_column=in_column, channels=channels, xs=_uprights(graph, grid), ys=ys,
    )  # fmt: skip


def _levels(grid: Grid) -> tuple[tuple[int, ...], tuple[float, ...]]:
    channels: list[int] = []
    ys: list[float] = []
    y = 0.0
    for count in grid.rows:
        for number in range(2 * count + 1):
            if number % 2 == 0:
                channels.append(len(ys))
            ys.append(y)
            y += 55
        y -= 30
    return tuple(channels), tuple(ys)


def _uprights(graph: Graph, grid: Grid) -> tuple[float, ...]:
    wide: dict[int, float] = defaultdict(lambda: 50.0)
    for node in graph.nodes.values():
        wide[grid.columns[node.id]] = max(wide[grid.columns[node.id]], node.width)
    xs, x = [0.0], 0.0
    for column in range(grid.width):
        xs += [x + 20 + wide[column] / 2, x + 40 + wide[column]]
        x = xs[-1]
    return tuple(xs)


def _errand(graph: Graph, starts: list[int], cells: Mapping[str, Cell], number: int) -> Errand:
    """A flow with its cells; a closed pool is met straight above or below the other end."""
    flow = graph.flows[number]
    start, end = cells.get(flow.source), cells.get(flow.target)
    if start is None:
        start = ((end or (0, 0))[0], starts[_band(graph, flow.source)] + 1)
    if end is None:
        end = (start[0], starts[_band(graph, flow.target)] + 1)
    return Errand(
        number=number, kind=flow.kind, source=flow.source, target=flow.target, start=start, end=end,
        leaves=_nature(graph, flow.source), meets=_nature(graph, flow.target), channels=(),
    )  # fmt: skip


def _own(graph: Graph, starts: list[int], errand: Errand, channels: tuple[int, ...]) -> tuple[int, ...]:
    """Sequence flows stay inside of their pool."""
    pool = next((p for p in graph.lanes if p.pool and starts[p.first] <= errand.start[1] < starts[p.last + 1]), None)
    if pool is None or errand.kind != "sequence":
        return channels
    return tuple(line for line in channels if starts[pool.first] <= line < starts[pool.last + 1])


def _band(graph: Graph, pool: str) -> int:
    return next(lane.first for lane in graph.lanes if lane.id == pool)


def _nature(graph: Graph, key: str) -> str:
    kind = graph.nodes[key].kind if key in graph.nodes else "closed"
    for ending, nature in (("Gateway", "gateway"), ("boundaryEvent", "boundary"), ("endEvent", "end")):
        if kind.endswith(ending):
            return nature
    return "event" if kind.endswith("Event") else "closed" if kind == "closed" else "activity"


def is_open(place: Ground, errand: Errand, route: Route) -> bool:
    """Whether no foreign shape stands in the way; a boundary event can only be left downwards."""
    if errand.leaves == "boundary" and not (route[1][0] == route[0][0] and route[1][1] > route[0][1]):
        return False
    return all(_is_free(place, a, b, errand) for a, b in pairwise(route))


def _is_free(place: Ground, start: Cell, end: Cell, errand: Errand) -> bool:
    (xa, ya), (xb, yb) = start, end
    if ya == yb:
        low, high, line, at, bits = min(xa, xb), max(xa, xb), ya, 0, place.in_row.get(ya, 0)
    else:
        low, high, line, at, bits = min(ya, yb), max(ya, yb), xa, 1, place.in_column.get(xa, 0)
    bits &= ((1 << (high - low + 1)) - 1) << low
    if bits:
        for cell in (errand.start, errand.end):
            if cell[1 - at] == line and cell[at] in (low, high):
                bits &= ~(1 << cell[at])
    return not bits


def lay(place: Ground, errand: Errand, route: Route) -> None:
    """Remember a route."""
    for upright, line, run in runs(errand.number, route):
        (place.upright if upright else place.level)[line].append(run)
    leave, arrive = sides(route)
    place.ports[errand.source, leave].append((errand.number, True))
    place.ports[errand.target, arrive].append((errand.number, False))


def lift(place: Ground, errand: Errand, route: Route) -> None:
    """Forget a route."""
    for upright, line, _ in runs(errand.number, route):
        lines = place.upright if upright else place.level
        lines[line] = [run for run in lines[line] if run.flow != errand.number]
    for key in zip((errand.source, errand.target), sides(route), strict=True):
        place.ports[key] = [entry for entry in place.ports[key] if entry[0] != errand.number]


def sides(route: Route) -> tuple[str, str]:
    """The side of the source at which a route leaves and the side of the target at which it arrives."""
    return _side(route[0], route[1]), _side(route[-1], route[-2])


def _side(inner: Cell, outer: Cell) -> str:
    if inner[1] == outer[1]:
        return "right" if outer[0] > inner[0] else "left"
    return "bottom" if outer[1] > inner[1] else "top"


def runs(number: int, route: Route) -> list[tuple[bool, int, Run]]:
    """The straight pieces of a route: whether upright, the number of the line, and the run on it."""
    found: list[tuple[bool, int, Run]] = []
    last = len(route) - 2
    for i in range(last + 1):
        a, b = route[i], route[i + 1]
        upright = a[0] == b[0]
        at, along = (0, 1) if upright else (1, 0)
        turn_a = (1 if route[i - 1][at] > a[at] else -1) if i else 0
        turn_b = (1 if route[i + 2][at] > b[at] else -1) if i < last else 0
        if a[along] > b[along]:
            a, b, turn_a, turn_b = b, a, turn_b, turn_a
        found.append((upright, a[at], Run(number, a[along], b[along], turn_a, turn_b)))
    return found
