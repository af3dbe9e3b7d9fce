"""From top to bottom: the row of each node inside its lane, tried out until the routes cost least."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.bpmn import layout_columns
from engine.bpmn.layout_ground import Route, prepare
from engine.bpmn.layout_model import Graph, Grid
from engine.bpmn.layout_routes import find, refine, unhindered

ROW = 42.0  # what one more row costs, in the coin of layout_prices
STEP_ASIDE = 28.0  # what it costs when the main way changes the row inside a lane
TRIES = 500  # at most so many arrangements are fully routed
HOPE = 260.0  # a move whose detours alone cost more than this has never paid by fewer crossings

Places = dict[str, int]


def choose(graph: Graph, columns: Mapping[str, int]) -> tuple[Grid, dict[int, Route]]:
    """The arrangement whose routes are shortest and cross least, and these routes."""
    grid, main = _first(graph, columns), layout_columns.main_way(graph, columns)
    groups = list(_groups(graph, columns))
    cost, tries = _cost(graph, grid, main), TRIES
    better = True
    while better and tries > 0:
        better = False
        for group in groups:
            alone = unhindered(prepare(graph, grid))
            for other in _moves(graph, grid, group):
                if unhindered(prepare(graph, other)) > alone + HOPE:
                    continue
                tries -= 1
                price = _cost(graph, other, main, cost)
                if price < cost - 1:
                    grid, cost, better = other, price, True
                    break
    place = prepare(graph, grid)
    return grid, refine(place, find(place)[0])


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
    return _grid(graph, columns, places)


def _wish(graph: Graph, places: Mapping[str, int], key: str) -> int:
    for flow in graph.flows:
        source = graph.nodes[flow.source].host or flow.source if flow.source in graph.nodes else ""
        if flow.target == key and source in places and graph.nodes[source].band == graph.nodes[key].band:
            return places[source] + (graph.nodes[flow.source].host != "")
    return 0


def _grid(graph: Graph, columns: Mapping[str, int], places: Mapping[str, int]) -> Grid:
    """Number the rows of each band anew, without gaps."""
    settled: Places = {}
    counts: list[int] = []
    for band in range(graph.bands):
        used = sorted({row for key, row in places.items() if graph.nodes[key].band == band})
        settled.update({key: used.index(row) for key, row in places.items() if graph.nodes[key].band == band})
        counts.append(max(1, len(used)))
    settled.update({node.id: settled[node.host] for node in graph.nodes.values() if node.host})
    return Grid(columns=columns, places=settled, rows=tuple(counts))


def _groups(graph: Graph, columns: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """What is moved together: chains of nodes in one lane, then single nodes."""
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for flow in graph.flows:
        if flow.kind == "sequence" and flow.target in columns and columns[flow.target] > columns[flow.source]:
            after.setdefault(flow.source, []).append(flow.target)
            before.setdefault(flow.target, []).append(flow.source)
    hosts = sorted((node for node in graph.nodes.values() if not node.host), key=lambda node: columns[node.id])
    for node in hosts:
        chain = [node.id]
        while len(after.get(chain[-1], ())) == 1:
            following = after[chain[-1]][0]
            if graph.nodes[following].band != node.band or len(before[following]) > 1:
                break
            chain.append(following)
        if len(chain) > 1:
            yield tuple(chain)
    for node in hosts:
        yield (node.id,)


def _moves(graph: Graph, grid: Grid, group: tuple[str, ...]) -> Iterator[Grid]:
    """The grid with a group in each other row of its lane, or in a new row between two."""
    band = graph.nodes[group[0]].band
    count = grid.rows[band]
    now = {grid.places[key] for key in group}
    hosts = {key: row for key, row in grid.places.items() if not graph.nodes[key].host}
    for row in range(-1, 2 * count):
        target = row / 2  # halves are new rows between, above and below
        if now == {target} or (count >= 5 and row % 2):
            continue
        places = {key: 2 * place for key, place in hosts.items()}
        places.update(dict.fromkeys(group, row))
        if _collides(graph, grid, places, group):
            continue
        moved = _grid(graph, grid.columns, places)
        if moved != grid:
            yield replace(moved)


def _collides(graph: Graph, grid: Grid, places: Mapping[str, int], group: tuple[str, ...]) -> bool:
    taken = {
        (graph.nodes[key].band, grid.columns[key], row) for key, row in places.items() if key not in group
    }
    return any((graph.nodes[key].band, grid.columns[key], places[key]) in taken for key in group)
