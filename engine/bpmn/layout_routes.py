"""The way each flow takes over the grid: few bends, few crossings, never through a shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from engine.bpmn.layout_model import Flow, Graph, Grid

Cell = tuple[int, int]
Route = tuple[Cell, ...]

# What is worth how much, in parts of a pixel of detour.
BEND, CROSSING, OVERLAP, SHARED_CHANNEL = 30.0, 260.0, 900.0, 9.0
PIXEL = 0.2
ROUNDS = 3


@dataclass(frozen=True, kw_only=True)
class Run:
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


@dataclass(kw_only=True)
class Ground:
    """A grid with its shapes, ready to be crossed by routes."""

    graph: Graph
    grid: Grid
    cells: Mapping[str, Cell]
    in_row: Mapping[int, int]  # line -> bits of the occupied columns
    in_column: Mapping[int, int]
    channels: tuple[int, ...]  # horizontal lines that are no rows
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: dict[int, list[Run]] = field(default_factory=lambda: defaultdict(list))
    along: dict[int, list[Run]] = field(default_factory=lambda: defaultdict(list))
    ports: dict[tuple[str, str], list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))


def ground(graph: Graph, grid: Grid) -> Ground:
    """Mark where shapes stand and guess how far apart the lines will be."""
    in_row: dict[int, int] = defaultdict(int)
    in_column: dict[int, int] = defaultdict(int)
    cells: dict[str, Cell] = {}
    for node in graph.nodes.values():
        x, y = 2 * grid.columns[node.id] + 1, grid.start(node.band) + 2 * grid.places[node.id] + 1
        cells[node.id] = (x, y)
        in_row[y] |= 1 << x
        in_column[x] |= 1 << y
    channels, ys = _lines(grid)
    return Ground(
        graph=graph, grid=grid, cells=cells, in_row=in_row, in_column=in_column, channels=channels,
        xs=_columns(graph, grid), ys=ys,
    )  # fmt: skip


def _lines(grid: Grid) -> tuple[tuple[int, ...], tuple[float, ...]]:
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


def _columns(graph: Graph, grid: Grid) -> tuple[float, ...]:
    wide: dict[int, float] = defaultdict(lambda: 50.0)
    for node in graph.nodes.values():
        wide[grid.columns[node.id]] = max(wide[grid.columns[node.id]], node.width)
    xs, x = [0.0], 0.0
    for column in range(grid.width):
        xs += [x + 20 + wide[column] / 2, x + 40 + wide[column]]
        x = xs[-1]
    return tuple(xs)


def routes(
    place: Ground, *, rounds: int = ROUNDS, limit: float = float("inf")
) -> tuple[dict[int, Route], float]:
    """A route for each flow by its number, and what they cost together.

    Args:
        place: the ground; it keeps the routes for later.
        rounds: how often each flow may look for a better way once all others lie.
        limit: with a single round, stop as soon as the cost is beyond it.
    """
    order = sorted(range(len(place.graph.flows)), key=lambda number: _turn(place, place.graph.flows[number]))
    found: dict[int, Route] = {}
    costs: dict[int, float] = {}
    for sweep in range(rounds):
        changed = False
        for number in order:
            before = found.get(number)
            if before:
                _lift(place, number, before)
            found[number], costs[number] = _best(place, number)
            _lay(place, number, found[number])
            changed |= found[number] != before
            if rounds == 1 and sum(costs.values()) > limit:
                return found, float("inf")
        if not changed or sweep == rounds - 1:
            break
    return found, sum(costs.values())


def _turn(place: Ground, flow: Flow) -> tuple[int, float]:
    (xu, yu), (xv, yv) = _ends(place, flow)
    straight = yu == yv and xv > xu
    return (0 if straight else 1 if xv > xu else 2, abs(xv - xu) + abs(yv - yu))


def _ends(place: Ground, flow: Flow) -> tuple[Cell, Cell]:
    """The cells of source and target; a closed pool is met straight above or below."""
    source, target = place.cells.get(flow.source), place.cells.get(flow.target)
    if source is None and target is not None:
        return (target[0], _closed(place, flow.source)), target
    if target is None and source is not None:
        return source, (source[0], _closed(place, flow.target))
    return source or (0, 0), target or (0, 0)


def _closed(place: Ground, pool: str) -> int:
    band = next(lane.first for lane in place.graph.lanes if lane.id == pool)
    return place.grid.start(band) + 1


def _best(place: Ground, number: int) -> tuple[Route, float]:
    """The cheapest way of a flow; ways with more bends are only looked at while they could be cheaper."""
    flow = place.graph.flows[number]
    source, target = _ends(place, flow)
    direct = (abs(place.xs[source[0]] - place.xs[target[0]]) + abs(place.ys[source[1]] - place.ys[target[1]])) * PIXEL
    best: Route = (source, target)
    lowest = OVERLAP * 4
    for bends, found in enumerate(_by_bends(place, flow, source, target)):
        if lowest <= direct + bends * BEND:
            break
        for route in found:
            base = _base(place, flow, route)
            if base < lowest and _open_all(place, flow, route):
                cost = base + _friction(place, number, route, lowest - base)
                if cost < lowest:
                    best, lowest = route, cost
    return best, lowest


def _open_all(place: Ground, flow: Flow, route: Route) -> bool:
    below = flow.source in place.graph.nodes and place.graph.nodes[flow.source].host
    if below and not (route[1][0] == route[0][0] and route[1][1] > route[0][1]):
        return False
    own = route[0], route[-1]
    return all(_open(place, a, b, own) for a, b in pairwise(route))


def _by_bends(place: Ground, flow: Flow, source: Cell, target: Cell) -> Iterator[Iterable[Route]]:
    """All ways from cell to cell: the straight one, then those with one bend, with two …"""
    (xu, yu), (xv, yv) = source, target
    aligned = (xu == xv) != (yu == yv)
    yield [(source, target)] if aligned else []
    if flow.source not in place.cells or flow.target not in place.cells:
        yield list(_past_closed(place, flow, source, target))
        return
    askew = xu != xv and yu != yv
    yield [(source, (xu, yv), target), (source, (xv, yu), target)] if askew else []
    right, left, channels = xu + 1, xv - 1, place.channels
    steps = [(source, (x, yu), (x, yv), target) for x in range(right, xv, 2)] if askew else []
    yield [*steps, *((source, (xu, y), (xv, y), target) for y in channels if xu != xv)]
    yield [
        *((source, (right, yu), (right, y), (xv, y), target) for y in channels if right != xv),
        *((source, (xu, y), (left, y), (left, yv), target) for y in channels if left != xu),
    ]
    yield [(source, (right, yu), (right, y), (left, y), (left, yv), target) for y in channels if left != right]


def _past_closed(place: Ground, flow: Flow, source: Cell, target: Cell) -> Iterator[Route]:
    for step in (1, -1):
        x = source[0] + step
        if flow.source in place.cells:
            yield (source, (x, source[1]), (x, target[1]))
        else:
            yield ((x, source[1]), (x, target[1]), target)


def _open(place: Ground, start: Cell, end: Cell, own: tuple[Cell, Cell]) -> bool:
    """Whether no foreign shape stands on a straight piece."""
    (xa, ya), (xb, yb) = start, end
    if ya == yb:
        low, high, line, bits = min(xa, xb), max(xa, xb), ya, place.in_row.get(ya, 0)
    else:
        low, high, line, bits = min(ya, yb), max(ya, yb), xa, place.in_column.get(xa, 0)
    bits &= ((1 << (high - low + 1)) - 1) << low
    if bits:
        for x, y in own:
            position, on = (x, y) if ya == yb else (y, x)
            if on == line and position in (low, high):
                bits &= ~(1 << position)
    return not bits


def sides(route: Route) -> tuple[str, str]:
    """The side of the source at which a route leaves and the side of the target at which it arrives."""
    return _side(route[0], route[1]), _side(route[-1], route[-2])


def _side(inner: Cell, outer: Cell) -> str:
    if inner[1] == outer[1]:
        return "right" if outer[0] > inner[0] else "left"
    return "bottom" if outer[1] > inner[1] else "top"


def _base(place: Ground, flow: Flow, route: Route) -> float:
    xs, ys = place.xs, place.ys
    length = 0.0
    for a, b in pairwise(route):
        length += abs(xs[a[0]] - xs[b[0]]) + abs(ys[a[1]] - ys[b[1]])
    return length * PIXEL + (len(route) - 2) * BEND + _manners(place, flow, route)


def _manners(place: Ground, flow: Flow, route: Route) -> float:
    """What speaks against the sides at which a route leaves and arrives."""
    leave, arrive = sides(route)
    nodes = place.graph.nodes
    source = nodes[flow.source].kind if flow.source in nodes else ""
    target = nodes[flow.target].kind if flow.target in nodes else ""
    if flow.kind != "sequence":
        return 0 if leave in ("top", "bottom") and arrive in ("top", "bottom") else 120
    back = place.cells[flow.target][0] <= place.cells[flow.source][0]
    cost = 0.0
    if leave == "left":
        cost += 300
    elif source.endswith("Gateway"):
        cost += 40 if back and leave == "right" else 0
    elif source != "boundaryEvent" and leave != "right":
        cost += 30 if back else 80
    if arrive == "right":
        cost += 90
    elif target == "endEvent":
        cost += 5 if arrive != "left" else 0
    elif not target.endswith("Gateway"):
        cost += 25 if back and arrive == "left" else 45 if not back and arrive != "left" else 0
    if source == "boundaryEvent" and len(route) > 3:
        cost += 50
    return cost


def _friction(place: Ground, number: int, route: Route, limit: float) -> float:
    """What a route costs because of the routes that lie already; may stop counting beyond `limit`."""
    cost = _crowding(place, number, route)
    flow = place.graph.flows[number]
    for axis, line, run in runs(number, route):
        same, other = (place.across, place.along) if axis == "x" else (place.along, place.across)
        for lying in same.get(line, ()):
            cost += _side_by_side(place, flow, run, lying, line if axis == "y" else -1 - line)
        for crossed in range(run.low + 1, run.high):
            cost += CROSSING * sum(lying.low < line < lying.high for lying in other.get(crossed, ()))
        if cost > limit:
            break
    return cost


def _side_by_side(place: Ground, flow: Flow, run: Run, lying: Run, line: int) -> float:
    if run.low > lying.high or lying.low > run.high:
        return 0
    channel = line in place.channels if line >= 0 else (-1 - line) % 2 == 0
    if not channel:
        touching = run.low == lying.high or lying.low == run.high
        other = place.graph.flows[lying.flow]
        if touching or not (flow.source == other.source or flow.target == other.target):
            return 0 if touching else OVERLAP
    at_low, at_high = run.order(lying)
    return (SHARED_CHANNEL if channel else 0) + (CROSSING if at_low * at_high < 0 else 0)


def _crowding(place: Ground, number: int, route: Route) -> float:
    flow = place.graph.flows[number]
    leave, arrive = sides(route)
    cost = 0.0
    for node, side, out in ((flow.source, leave, True), (flow.target, arrive, False)):
        kind = place.graph.nodes[node].kind if node in place.graph.nodes else ""
        for _, other_out in place.ports.get((node, side), ()):
            pointed = kind.endswith(("Gateway", "Event"))
            if other_out != out:
                cost += 320 if pointed else 160
            elif pointed and side == "right":
                cost += 190
            else:
                cost += 110 if pointed else 60
    return cost


def _lay(place: Ground, number: int, route: Route) -> None:
    for axis, line, run in runs(number, route):
        (place.across if axis == "x" else place.along)[line].append(run)
    flow = place.graph.flows[number]
    leave, arrive = sides(route)
    place.ports[flow.source, leave].append((number, True))
    place.ports[flow.target, arrive].append((number, False))


def _lift(place: Ground, number: int, route: Route) -> None:
    for axis, line, _ in runs(number, route):
        lines = place.across if axis == "x" else place.along
        lines[line] = [run for run in lines[line] if run.flow != number]
    flow = place.graph.flows[number]
    for key in zip((flow.source, flow.target), sides(route), strict=True):
        place.ports[key] = [entry for entry in place.ports[key] if entry[0] != number]


def runs(number: int, route: Route) -> Iterable[tuple[str, int, Run]]:
    """The straight pieces of a route: "x" with the number of the upright line, or "y" with that of the level one."""
    for i in range(len(route) - 1):
        a, b = route[i], route[i + 1]
        axis = "x" if a[0] == b[0] else "y"
        at, along = (0, 1) if axis == "x" else (1, 0)
        turn_a = _sign(route[i - 1][at] - a[at]) if i else 0
        turn_b = _sign(route[i + 2][at] - b[at]) if i + 2 < len(route) else 0
        if a[along] > b[along]:
            a, b, turn_a, turn_b = b, a, turn_b, turn_a
        yield axis, a[at], Run(flow=number, low=a[along], high=b[along], turn_low=turn_a, turn_high=turn_b)


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
