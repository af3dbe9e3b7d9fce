"""What may be tried to better an arrangement: other rows, later columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.layout.model import Graph, Grid

MOST_ROWS = 5  # a lane that has so many gets no further ones between
Group = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """Who follows whom from left to right, and who stands beside whom; boundary events count as their host."""

    after: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)
    beside: dict[str, list[str]] = field(default_factory=dict)


def ways(graph: Graph, columns: Mapping[str, int]) -> Ways:
    """The links of a graph that do not lead back."""
    found = Ways()
    for flow in graph.flows:
        if flow.source not in graph.nodes or flow.target not in graph.nodes:
            continue
        source = graph.nodes[flow.source].host or flow.source
        if flow.kind == "sequence" and columns[flow.target] > columns[source]:
            found.after.setdefault(source, []).append(flow.target)
            found.before.setdefault(flow.target, []).append(source)
        elif flow.kind == "association" and columns[flow.target] == columns[source]:
            found.beside.setdefault(source, []).append(flow.target)
            found.beside.setdefault(flow.target, []).append(source)
    for node in graph.nodes.values():
        if node.host:
            found.beside.setdefault(node.host, []).append(node.id)
    return found


def groups(graph: Graph, columns: Mapping[str, int], links: Ways) -> Iterator[Group]:
    """What is moved together: chains of nodes, first inside of one lane, then across lanes, then single nodes."""
    hosts = sorted((node for node in graph.nodes.values() if not node.host), key=lambda node: columns[node.id])
    for one_lane in (True, False):
        for node in hosts:
            chain = [node.id]
            while len(links.after.get(chain[-1], ())) == 1:
                following = links.after[chain[-1]][0]
                other_lane = graph.nodes[following].band != node.band
                if (one_lane and other_lane) or len(links.before[following]) > 1:
                    break
                chain.append(following)
            if len(chain) > 1:
                yield tuple(chain)
    for node in hosts:
        yield (node.id,)


def moves(graph: Graph, grid: Grid, group: Group, links: Ways) -> Iterator[Grid]:
    """The grids that differ in where a group stands."""
    if len({graph.nodes[key].band for key in group}) == 1:
        yield from _other_rows(graph, grid, group)
    yield from _later(graph, grid, group, links)


def settle(graph: Graph, columns: Mapping[str, int], places: Mapping[str, int]) -> Grid:
    """Number columns and the rows of each band anew, without gaps."""
    settled: dict[str, int] = {}
    counts: list[int] = []
    for band in range(graph.bands):
        used = sorted({row for key, row in places.items() if graph.nodes[key].band == band})
        settled.update({key: used.index(row) for key, row in places.items() if graph.nodes[key].band == band})
        counts.append(max(1, len(used)))
    settled.update({node.id: settled[node.host] for node in graph.nodes.values() if node.host})
    number = {column: index for index, column in enumerate(sorted(set(columns.values())))}
    return Grid(columns={key: number[column] for key, column in columns.items()}, places=settled, rows=tuple(counts))


def _other_rows(graph: Graph, grid: Grid, group: Group) -> Iterator[Grid]:
    """A group in each other row of its lane, or in a new row between two."""
    count = grid.rows[graph.nodes[group[0]].band]
    now = {2 * grid.places[key] for key in group}
    for row in range(-1, 2 * count):  # rows are doubled, so that odd numbers are new rows between, above and below
        if now == {row} or (count >= MOST_ROWS and row % 2):
            continue
        places = {key: 2 * place for key, place in grid.places.items() if not graph.nodes[key].host}
        places.update(dict.fromkeys(group, row))
        moved = _unless_taken(graph, grid.columns, places)
        if moved and moved != grid:
            yield moved


def _later(graph: Graph, grid: Grid, group: Group, links: Ways) -> Iterator[Grid]:
    """A group as far to the right as what follows allows, and half of the way."""
    following = [grid.columns[key] for member in group for key in links.after.get(member, ()) if key not in group]
    slack = min(following, default=0) - 1 - max(grid.columns[key] for key in group)
    if slack <= 0 or not any(links.before.get(key) for key in group):
        return
    places = {key: place for key, place in grid.places.items() if not graph.nodes[key].host}
    for step in sorted({slack, (slack + 1) // 2}, reverse=True):
        columns = dict(grid.columns)
        for key in group:
            for moved in (key, *links.beside.get(key, ())):
                columns[moved] = grid.columns[key] + step
        settled = _unless_taken(graph, columns, places)
        if settled:
            yield settled


def _unless_taken(graph: Graph, columns: Mapping[str, int], places: Mapping[str, int]) -> Grid | None:
    """The grid, or None when two nodes would stand in one place."""
    taken: set[tuple[int, int, int]] = set()
    for key, row in places.items():
        place = (graph.nodes[key].band, columns[key], row)
        if place in taken:
            return None
        taken.add(place)
    return settle(graph, columns, places)
