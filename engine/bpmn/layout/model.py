"""The nouns of a layout: what stands in a diagram before it has a place, and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place on the sheet in pixels."""

    x: float
    y: float


class Box(NamedTuple):
    """An upright rectangle on the sheet in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the bottom edge."""
        return self.y + self.height

    @property
    def middle(self) -> Point:
        """The point in the middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def moved(self, dx: float, dy: float) -> Box:
        """The same rectangle elsewhere."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def meets(self, other: Box, *, apart: float = 0) -> bool:
        """Whether the two overlap, or come nearer than `apart`."""
        return (
            self.x < other.right + apart
            and other.x < self.right + apart
            and self.y < other.bottom + apart
            and other.y < self.bottom + apart
        )


@dataclass(frozen=True, kw_only=True)
class Node:
    """A shape that flows may touch. `host` is the activity that a boundary event sits on."""

    id: str
    kind: str
    name: str
    width: float
    height: float
    band: int
    host: str = ""
    inner: Plan | None = None  # the finished plan inside an expanded sub-process

    @property
    def outside_label(self) -> bool:
        """Whether the name stands beside the shape rather than in it."""
        return bool(self.name) and (
            self.kind.endswith(("Event", "Gateway")) or self.kind in ("dataObjectReference", "dataStoreReference")
        )


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A line between two nodes; `kind` is sequence, message or association."""

    id: str
    kind: str
    source: str
    target: str
    name: str = ""
    default: bool = False


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A lane or, at the top of the tree, a pool; `first` and `last` are the bands it spans."""

    id: str
    name: str
    first: int
    last: int
    children: tuple[Lane, ...] = ()
    pool: bool = False
    closed: bool = False  # a pool that shows nothing of its inside

    @property
    def depth(self) -> int:
        """How many headers stand side by side at the left, its own included."""
        return 1 + max((child.depth for child in self.children), default=0)


@dataclass(frozen=True, kw_only=True)
class Graph:
    """All that stands on one sheet; bands are the leaf lanes from top to bottom."""

    nodes: Mapping[str, Node]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...] = ()
    bands: int = 1


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Where each node stands: its column, and its row inside its band. `rows` counts the rows of each band.

    Lines of the sheet are numbered: even x are channels between columns, odd x the columns; every band has a channel,
    then a row and a channel for each of its rows.
    """

    columns: Mapping[str, int]
    places: Mapping[str, int]
    rows: tuple[int, ...]

    def start(self, band: int) -> int:
        """The number of the topmost horizontal line of a band."""
        return sum(2 * count + 1 for count in self.rows[:band])

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(self.columns.values(), default=0) + 1


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A finished drawing: boxes by element id, waypoints by flow id, labels by element or flow id."""

    shapes: Mapping[str, Box]
    edges: Mapping[str, tuple[Point, ...]]
    labels: Mapping[str, Box]
    size: Point

    def moved(self, dx: float, dy: float) -> Plan:
        """The same drawing elsewhere."""
        return Plan(
            shapes={key: box.moved(dx, dy) for key, box in self.shapes.items()},
            edges={key: tuple(Point(p.x + dx, p.y + dy) for p in line) for key, line in self.edges.items()},
            labels={key: box.moved(dx, dy) for key, box in self.labels.items()},
            size=self.size,
        )
