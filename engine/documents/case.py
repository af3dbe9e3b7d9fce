"""A whole case as a document: summary, diagrams, steps and documents."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.documents import columns, press
from engine.documents.head import Head, as_data
from engine.model import Json

_PAGE = (257.0, 150.0)  # mm of a landscape page that a diagram may fill
_LARGEST = 0.2  # mm a unit of the drawing: its texts are then about 7 points high
_MOST_STRIPS = 8
_SPARE = 0.15  # of a page; so much is rather squeezed than cut off
_VIEW_BOX = re.compile(r'viewBox="[-\d.eE]+[ ,]+[-\d.eE]+[ ,]+([\d.eE]+)[ ,]+([\d.eE]+)"')


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One drawn process; `svg` carries its own style."""

    name: str
    svg: str


@dataclass(frozen=True, kw_only=True)
class List:
    """A table of the document, such as its steps; rows are ready to be read."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str  # sentence printed when there are no rows


def case_pdf(
    head: Head, *, summary: Sequence[tuple[str, str]], drawings: Sequence[Drawing], lists: Sequence[List]
) -> bytes:
    """The document of one case: its summary, its lists, then each diagram on a landscape page.

    Args:
        summary: labels and texts, such as ("Stan", "w toku").

    Raises:
        PrintFailed: when it cannot be made.
    """
    data: dict[str, Json] = {
        "head": dict(as_data(head, "KARTA SPRAWY")),
        "summary": [[label, text] for label, text in summary],
        "drawings": [_drawing(drawing) for drawing in drawings],
        "lists": [_list(one) for one in lists],
    }
    return press.pdf("case.typ", data, head.printed_at)


def _list(one: List) -> Json:
    return {
        "title": one.title,
        "columns": list(one.columns),
        "rows": [list(row) for row in one.rows],
        "wide": list(columns.wide(one.columns, one.rows)),
        "empty": one.empty,
    }


def _drawing(drawing: Drawing) -> Json:
    width, height = _size(drawing.svg)
    largest = min(_LARGEST, _PAGE[1] / height)
    pages = width * largest / _PAGE[0]
    strips = min(max(math.ceil(pages - _SPARE), 1), _MOST_STRIPS)
    scale = min(largest, strips * _PAGE[0] / width)
    return {
        "name": drawing.name,
        "svg": drawing.svg,
        "strips": strips,
        "room": _PAGE[0],
        "width": width * scale,
        "height": height * scale,
    }


def _size(svg: str) -> tuple[float, float]:
    match = _VIEW_BOX.search(svg)
    width, height = (float(match[1]), float(match[2])) if match else (4.0, 3.0)
    return max(width, 1.0), max(height, 1.0)
