"""BPMN elements read into what a layout needs: sized nodes, flows, lanes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.bpmn.layout import text as layout_text
from engine.bpmn.layout.model import Flow, Graph, Lane, Node, Plan
from engine.bpmn.layout.xml import NS, local
from engine.bpmn.markup import FLOW_NODES, LEVELS

TASK_WIDTH, TASK_HEIGHT = 120.0, 80.0
TYPE_SIZE, LABEL_SIZE = 12.0, 11.0
LABEL_LIMIT = 90.0  # other BPMN tools break outside labels there, so a name looks the same in all of them
NODES = FLOW_NODES | {"textAnnotation", "dataObjectReference", "dataStoreReference"}
SIZES = {"dataObjectReference": (36.0, 50.0), "dataStoreReference": (50.0, 50.0)}
Arrange = Callable[[Graph], Plan]


@dataclass(kw_only=True)
class _Sheet:
    """What has been read so far of one sheet."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    bands: int = 0


def sheet(root: etree._Element, arrange: Arrange) -> Graph:
    """Everything that stands on the sheet of a file.

    Args:
        root: `bpmn:definitions`.
        arrange: lays out the inside of an expanded sub-process.
    """
    read = _Sheet()
    processes = {process.get("id"): process for process in root.iterfind("bpmn:process", NS)}
    collaboration = root.find("bpmn:collaboration", NS)
    for participant in root.iterfind("bpmn:collaboration/bpmn:participant", NS):
        _pool(read, participant, processes.pop(participant.get("processRef"), None), arrange)
    for process in processes.values():
        lanes = _process(read, process, arrange)
        read.lanes.extend(lanes)
    if collaboration is not None:
        _contents(read, collaboration, {}, 0, arrange)
    return _settled(Graph(nodes=read.nodes, flows=tuple(read.flows), lanes=tuple(read.lanes), bands=read.bands))


def _pool(read: _Sheet, participant: etree._Element, process: etree._Element | None, arrange: Arrange) -> None:
    first = read.bands
    lanes: tuple[Lane, ...] = ()
    if process is None:
        read.bands += 1
    else:
        lanes = _process(read, process, arrange)
    pool = Lane(
        id=participant.get("id", ""), name=participant.get("name", ""), first=first, last=read.bands - 1,
        children=lanes, pool=True, closed=process is None,
    )  # fmt: skip
    read.lanes.append(pool)


def _process(read: _Sheet, process: etree._Element, arrange: Arrange) -> tuple[Lane, ...]:
    first = read.bands
    owners: dict[str, int] = {}
    lanes = tuple(_lane(read, lane, owners) for lane in process.iterfind("bpmn:laneSet/bpmn:lane", NS))
    read.bands = max(read.bands, first + 1)
    _contents(read, process, owners, first, arrange)
    return lanes


def _lane(read: _Sheet, lane: etree._Element, owners: dict[str, int]) -> Lane:
    first = read.bands
    children = tuple(_lane(read, child, owners) for child in lane.iterfind("bpmn:childLaneSet/bpmn:lane", NS))
    read.bands = max(read.bands, first + 1)
    for reference in lane.iterfind("bpmn:flowNodeRef", NS):
        owners.setdefault((reference.text or "").strip(), first)
    return Lane(id=lane.get("id", ""), name=lane.get("name", ""), first=first, last=read.bands - 1, children=children)


def _contents(read: _Sheet, scope: etree._Element, owners: dict[str, int], band: int, arrange: Arrange) -> None:
    defaults = {element.get("default") for element in scope}
    for element in scope:
        kind = local(element)
        if kind in NODES and element.get("id"):
            node = _node(element, kind, owners.get(element.get("id", ""), -1 if owners else band), arrange)
            read.nodes[node.id] = node
        read.flows.extend(_flows(element, kind, defaults))


def _node(element: etree._Element, kind: str, band: int, arrange: Arrange) -> Node:
    name = element.get("name", "")
    node = Node(
        id=element.get("id", ""), kind=kind, name=name, width=0, height=0, band=band,
        host=element.get("attachedToRef", "") if kind == "boundaryEvent" else "",
    )  # fmt: skip
    if kind in LEVELS:
        node = _expanded(node, element, arrange)
    elif kind == "textAnnotation":
        node = replace(node, name=element.findtext("bpmn:text", "", NS))
    if node.inner:
        return node
    width, height = _size(node)
    return replace(node, width=width, height=height)


def _expanded(node: Node, element: etree._Element, arrange: Arrange) -> Node:
    read = _Sheet(bands=1)
    _contents(read, element, {}, 0, arrange)
    if not read.nodes:
        return node
    inner = arrange(_settled(Graph(nodes=read.nodes, flows=tuple(read.flows)))).moved(0, 24)
    width = max(inner.size.x, 60 + layout_text.width(node.name, TYPE_SIZE))
    return replace(node, inner=inner, width=width, height=inner.size.y + 24)


def _size(node: Node) -> tuple[float, float]:
    if node.kind.endswith("Event"):
        return 36, 36
    if node.kind.endswith("Gateway"):
        return 50, 50
    if node.kind == "textAnnotation":
        width, height = layout_text.block(node.name, 140, LABEL_SIZE)
        return max(60, round(width) + 14), max(30, round(height) + 12)
    if node.kind in SIZES:
        return SIZES[node.kind]
    return TASK_WIDTH, _task_height(node.name, 0)


def _task_height(name: str, below: int) -> float:
    """Tall enough for the name under the sign of the task; `below` is what covers the lower edge."""
    lines = len(layout_text.wrap(name, TASK_WIDTH - 14, TYPE_SIZE))
    return max(TASK_HEIGHT, 10 * math.ceil((lines * TYPE_SIZE * layout_text.LINE + 24 + below) / 10))


def _flows(element: etree._Element, kind: str, defaults: set[str | None]) -> Iterator[Flow]:
    identity, name = element.get("id", ""), element.get("name", "")
    source, target = element.get("sourceRef", ""), element.get("targetRef", "")
    if kind in ("sequenceFlow", "messageFlow", "association"):
        short = {"sequenceFlow": "sequence", "messageFlow": "message"}.get(kind, kind)
        default = identity in defaults
        yield Flow(id=identity, kind=short, source=source, target=target, name=name, default=default)
    for data in element.iterfind("bpmn:dataInputAssociation", NS):
        origin = data.findtext("bpmn:sourceRef", "", NS).strip()
        yield Flow(id=data.get("id", ""), kind="association", source=origin, target=identity)
    for data in element.iterfind("bpmn:dataOutputAssociation", NS):
        goal = data.findtext("bpmn:targetRef", "", NS).strip()
        yield Flow(id=data.get("id", ""), kind="association", source=identity, target=goal)


def _settled(graph: Graph) -> Graph:
    """Drop flows that end nowhere and give nodes that no lane names the lane of a neighbour."""
    closed = {lane.id for lane in graph.lanes if lane.closed}
    ends = closed | set(graph.nodes)
    flows = tuple(f for f in graph.flows if f.id and f.source in ends and f.target in ends)
    nodes = {key: node for key, node in graph.nodes.items() if not node.host or node.host in graph.nodes}
    for host in {node.host for node in nodes.values() if node.host}:
        node = nodes[host]
        height = node.height + 20 if node.inner else _task_height(node.name, 18)
        nodes[host] = replace(node, height=height)
    for _ in range(len(nodes)):
        homeless = [node for node in nodes.values() if node.band < 0]
        if not homeless:
            break
        nodes.update({node.id: replace(node, band=_neighbour(node, nodes, flows)) for node in homeless})
    nodes = {key: replace(node, band=max(node.band, 0)) for key, node in nodes.items()}
    return replace(graph, nodes=nodes, flows=tuple(f for f in flows if {f.source, f.target} <= closed | set(nodes)))


def _neighbour(node: Node, nodes: dict[str, Node], flows: tuple[Flow, ...]) -> int:
    if node.host:
        return nodes[node.host].band
    near = [f.source for f in flows if f.target == node.id] + [f.target for f in flows if f.source == node.id]
    return next((nodes[key].band for key in near if key in nodes and nodes[key].band >= 0), -1)
