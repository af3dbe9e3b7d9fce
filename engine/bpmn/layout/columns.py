"""From left to right: which flows lead back, and in which column each node stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn.layout.model import Flow, Graph

BESIDE = ("textAnnotation", "dataObjectReference", "dataStoreReference")
Links = dict[str, list[str]]


def assign(graph: Graph) -> dict[str, int]:
    """The column of each node: one further than the furthest node before it, loops left aside."""
    links = _links(graph)
    back = _back(links)
    forward = {key: [n for n in after if (key, n) not in back] for key, after in links.items()}
    columns = _longest(forward)
    _pull_late_starts(columns, forward)
    columns = _packed(columns)
    for node in graph.nodes.values():
        if node.host:
            columns[node.id] = columns[node.host]
    columns.update(_beside(graph, columns))
    return columns


def _links(graph: Graph) -> Links:
    """Who follows whom, boundary events counted as their host, starts first."""
    nodes = graph.nodes
    stay = [node.id for node in nodes.values() if not node.host and node.kind not in BESIDE]
    links: Links = {key: [] for key in stay}
    for flow in _sequence(graph.flows):
        source, target = nodes[flow.source].host or flow.source, nodes[flow.target].host or flow.target
        if source != target and source in links and target in links and target not in links[source]:
            links[source].append(target)
    entered = {target for after in links.values() for target in after}
    starts = [key for key in stay if key not in entered]
    starts.sort(key=lambda key: nodes[key].kind != "startEvent")
    return {key: links[key] for key in (*starts, *(k for k in stay if k in entered))}


def _sequence(flows: Iterable[Flow]) -> list[Flow]:
    return [flow for flow in flows if flow.kind == "sequence"]


def _back(links: Links) -> set[tuple[str, str]]:
    """The links that close a loop: those that lead to a node still being walked from."""
    back: set[tuple[str, str]] = set()
    open_, seen = set[str](), set[str]()
    for start in links:
        if start in seen:
            continue
        seen.add(start)
        open_.add(start)
        stack = [(start, iter(links[start]))]
        while stack:
            key, after = stack[-1]
            following = next(after, None)
            if following is None:
                open_.discard(key)
                stack.pop()
            elif following in open_:
                back.add((key, following))
            elif following not in seen:
                seen.add(following)
                open_.add(following)
                stack.append((following, iter(links[following])))
    return back


def _longest(forward: Links) -> dict[str, int]:
    waiting = dict.fromkeys(forward, 0)
    for after in forward.values():
        for key in after:
            waiting[key] += 1
    columns = dict.fromkeys(forward, 0)
    ready = [key for key, count in waiting.items() if count == 0]
    while ready:
        key = ready.pop(0)
        for following in forward[key]:
            columns[following] = max(columns[following], columns[key] + 1)
            waiting[following] -= 1
            if waiting[following] == 0:
                ready.append(following)
    return columns


def _pull_late_starts(columns: dict[str, int], forward: Links) -> None:
    """A second beginning stands right before what it leads to, not at the far left."""
    entered = {target for after in forward.values() for target in after}
    for key in [key for key in forward if key not in entered][1:]:
        if forward[key]:
            columns[key] = max(0, min(columns[target] for target in forward[key]) - 1)


def _packed(columns: Mapping[str, int]) -> dict[str, int]:
    number = {column: index for index, column in enumerate(sorted(set(columns.values())))}
    return {key: number[column] for key, column in columns.items()}


def _beside(graph: Graph, columns: Mapping[str, int]) -> dict[str, int]:
    """Annotations and data stand in the column of the first thing that they belong to."""
    found: dict[str, int] = {}
    for node in graph.nodes.values():
        if node.kind in BESIDE:
            ends = [f.target for f in graph.flows if f.source == node.id]
            ends += [f.source for f in graph.flows if f.target == node.id]
            found[node.id] = next((columns[key] for key in ends if key in columns), 0)
    return found


def main_way(graph: Graph, columns: Mapping[str, int]) -> list[str]:
    """The way from a start to an end that visits the most; of two as long, the one that the default flows take."""
    defaults = {(flow.source, flow.target) for flow in graph.flows if flow.default}
    links: Links = {}
    for key, after in _links(graph).items():
        forward = [following for following in after if columns[following] > columns[key]]
        by_default = [following for following in forward if (key, following) in defaults]
        links[key] = by_default + [following for following in forward if following not in by_default]
    length: dict[str, int] = {}
    for key in sorted(links, key=lambda key: -columns[key]):
        length[key] = 1 + max((length[following] for following in links[key]), default=0)
    way: list[str] = []
    ahead = list(links)[:1]
    while ahead:
        way.append(max(ahead, key=lambda key: length[key]))
        ahead = links[way[-1]]
    return way
