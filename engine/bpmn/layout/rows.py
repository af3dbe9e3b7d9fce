"""The grid: a first arrangement of rows, bettered move by move until the routes cost least."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.layout import columns as layout_columns
from engine.bpmn.layout.ground import Route, prepare
from engine.bpmn.layout.model import Graph, Grid
from engine.bpmn.layout.moves import groups, moves, settle, ways
from engine.bpmn.layout.routes import find, refine, unhindered

ROW = 42.0  # what one more row costs, in the coin of layout_prices
STEP_ASIDE = 28.0  # what it costs when the main way changes the row inside a lane
EFFORT = 50_000.0  # how many flows are routed in search of better arrangements
MANY = 80  # with more flows than this each takes longer to route, and fewer arrangements are looked at
GLANCE = 0.1  # effort of a look at one flow without the others
HOPE = 260.0  # a move whose detours alone cost more than this has never paid by fewer crossings

Places = dict[str, int]


def choose(graph: Graph, columns: Mapping[str, int]) -> tuple[Grid, dict[int, Route]]:
    """The arrangement whose routes are shortest and cross least, and these routes."""
    grid, main = _first(graph, columns), layout_columns.main_way(graph, columns)
    links = ways(graph, columns)
    together = list(groups(graph, columns, links))
    cost, effort = _cost(graph, grid, main), _effort(graph)
    better = True
    while better and effort > 0:
        better = False
        for group in together:
            alone = unhindered(prepare(graph, grid))
            for other in moves(graph, grid, group, links):
                effort -= GLANCE
                if effort < 0 or unhindered(prepare(graph, other)) > alone + HOPE:
                    continue
                effort -= 1
                price = _cost(graph, other, main, cost)
                if price < cost - 1:
                    grid, cost, better = other, price, True
                    break
    place = prepare(graph, grid)
    found, _ = find(place)
    return grid, refine(place, found) if _effort(graph) > 1 else found


def _effort(graph: Graph) -> float:
    """How many arrangements may be routed as a whole."""
    flows = max(1, len(graph.flows))
    return EFFORT / flows * min(1.0, MANY / flows) ** 2


def _cost(graph: Graph, grid: Grid, main: list[str], limit: float = float("inf")) -> float:
    rows = ROW * (sum(grid.rows) - len(grid.rows))
    latest: dict[int, int] = {}
    for key in main:
        band, row = graph.nodes[key].band, grid.places[key]
        rows += STEP_ASIDE * (latest.setdefault(band, row) != row)
        latest[band] = row
    return rows + find(prepare(graph, grid), limit=limit - rows)[1]


def _first(graph: Graph, columns: Mapping[str, int]) -> Grid:
    """Each node beside the one before it when that place is free, else in the nearest free row."""
    places: Places = {}
    taken: set[tuple[int, int, int]] = set()
    hosts = [node for node in graph.nodes.values() if not node.host]
    for node in sorted(hosts, key=lambda node: columns[node.id]):
        wish = _wish(graph, places, node.id)
        row = min(range(len(hosts)), key=lambda r: ((node.band, columns[node.id], r) in taken, abs(r - wish), r))
        places[node.id] = row
        taken.add((node.band, columns[node.id], row))
    return settle(graph, columns, places)


def _wish(graph: Graph, places: Mapping[str, int], key: str) -> int:
    for flow in graph.flows:
        source = graph.nodes[flow.source].host or flow.source if flow.source in graph.nodes else ""
        if flow.target == key and source in places and graph.nodes[source].band == graph.nodes[key].band:
            return places[source] + (graph.nodes[flow.source].host != "")
    return 0
