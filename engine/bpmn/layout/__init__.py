"""Clean diagram interchange for a BPMN file: lanes as bands, left to right, flows that hardly cross."""

from __future__ import annotations

from engine.bpmn.layout import columns as layout_columns
from engine.bpmn.layout import geometry as layout_geometry
from engine.bpmn.layout import labels as layout_labels
from engine.bpmn.layout import rows as layout_rows
from engine.bpmn.layout import tracks as layout_tracks
from engine.bpmn.layout.model import Box, Graph, Lane, Plan, Point
from engine.bpmn.layout.reading import sheet
from engine.bpmn.layout.writing import write
from engine.bpmn.layout.xml import parse
from engine.bpmn.markup import refused

ORIGIN = Point(160, 80)
MOST_NODES = 400  # on one sheet; more would take longer than anybody waits


def arrange(xml: bytes) -> bytes:
    """Compute the drawing of a BPMN file anew; nothing but the drawing changes.

    Raises:
        DefinitionRejected: when the file is no BPMN, or far too large to be arranged.
    """
    root = parse(xml)
    graph = sheet(root, plan)
    return write(root, graph, plan(graph).moved(*ORIGIN))


def plan(graph: Graph) -> Plan:
    """Find a place for everything on one sheet.

    Raises:
        DefinitionRejected: when the sheet holds more than 400 elements.
    """
    if len(graph.nodes) > MOST_NODES:
        raise refused(f"Diagram ma ponad {MOST_NODES} elementów. Podziel go na mniejsze procesy.")
    grid, routes = layout_rows.choose(graph, layout_columns.assign(graph))
    channels = frozenset(
        grid.start(band) + 2 * number for band, count in enumerate(grid.rows) for number in range(count + 1)
    )
    ends = {number: (flow.source, flow.target) for number, flow in enumerate(graph.flows)}
    tracks = layout_tracks.spread(routes, ends, channels)
    size = layout_geometry.scale(graph, grid, routes, tracks)
    boxes = layout_geometry.shapes(graph, grid, size, routes)
    numbered = layout_geometry.lines(graph, size, boxes, routes, tracks)
    edges = {graph.flows[number].id: line for number, line in sorted(numbered.items())}
    borders = tuple(sorted({y for band in size.bands for y in band}))
    labels = layout_labels.place(graph, boxes, edges, borders if graph.lanes else ())
    drawn = Plan(shapes=boxes, edges=edges, labels=labels, size=Point(size.right, size.bands[-1][1]))
    return _with_insides(graph, _with_lanes(graph, size, drawn))


def _with_lanes(graph: Graph, size: layout_geometry.Scale, drawn: Plan) -> Plan:
    frames: dict[str, Box] = {}
    for lane in graph.lanes:
        frames.update(_frames(lane, size, 0))
    return Plan(shapes={**frames, **drawn.shapes}, edges=drawn.edges, labels=drawn.labels, size=drawn.size)


def _frames(lane: Lane, size: layout_geometry.Scale, left: float) -> dict[str, Box]:
    """The frame of a lane or pool and of all lanes in it; each lies inside of the one around it."""
    top, bottom = size.bands[lane.first][0], size.bands[lane.last][1]
    found = {lane.id: Box(left, round(top), size.right - left, round(bottom) - round(top))}
    for child in lane.children:
        found.update(_frames(child, size, left + layout_geometry.HEADER))
    return found


def _with_insides(graph: Graph, drawn: Plan) -> Plan:
    """Set the finished insides of expanded sub-processes into their frames."""
    for node in graph.nodes.values():
        if node.inner:
            box = drawn.shapes[node.id]
            inner = node.inner.moved(box.x, box.y)
            drawn = Plan(
                shapes={**drawn.shapes, **inner.shapes}, edges={**drawn.edges, **inner.edges},
                labels={**drawn.labels, **inner.labels}, size=drawn.size,
            )  # fmt: skip
    return drawn
