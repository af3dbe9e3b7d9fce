"""A BPMN drawing as accessible SVG: no scripts, no styles, state shown by colour and by form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from engine.bpmn.drawing import lines as drawing_lines
from engine.bpmn.drawing import shapes as drawing_shapes
from engine.bpmn.drawing.icons import TICK
from engine.bpmn.drawing.reading import Edge, Shape, Sheet, read
from engine.bpmn.drawing.text import pill, safe
from engine.bpmn.layout.model import Box, Point

Heat = Literal["heat1", "heat2", "heat3", "heat4", "heat5"]
State = Literal["done", "active", "late", "wrong", "doubtful", "added", "removed", "changed"] | Heat
MARGIN = 16.0
FONT = "Fira Sans, Arial, Liberation Sans, sans-serif"
DONE, ACTIVE, LATE, DOUBT = "#15803d", "#0f4c9c", "#b3261e", "#8a5300"
COLOURS: Mapping[str, str] = {
    "done": DONE, "active": ACTIVE, "late": LATE, "wrong": LATE, "doubtful": DOUBT, "added": DONE, "removed": LATE,
    "changed": DOUBT,
    **dict.fromkeys(get_args(Heat), drawing_shapes.INK),
}  # fmt: skip
HEAT = ("#fff6dd", "#fde3a7", "#fcc56b", "#f8a04a", "#ee7d3c")  # from little to much; ink stays readable on each
LOOKS: Mapping[str, tuple[str, str, str]] = {
    "": (drawing_shapes.PAPER, drawing_shapes.INK, ""),
    "done": ("#e6f4ea", DONE, ""),
    "active": ("#e8f0fb", ACTIVE, ""),
    "late": ("#fdeceb", LATE, 'stroke-dasharray="7 4"'),
    "wrong": ("#fdeceb", LATE, ""),
    "doubtful": ("#fff6df", DOUBT, 'stroke-dasharray="7 4"'),
    "added": ("#e6f4ea", DONE, ""),
    "removed": ("#fdeceb", LATE, 'stroke-dasharray="7 4"'),
    "changed": ("#fff6df", DOUBT, 'stroke-dasharray="2 3"'),
    **{heat: (shade, drawing_shapes.INK, "") for heat, shade in zip(get_args(Heat), HEAT, strict=True)},
}
STATES = {
    "done": "wykonano", "active": "w toku", "late": "po terminie", "wrong": "błąd", "doubtful": "uwaga",
    "added": "nowe", "removed": "usunięte", "changed": "zmienione",
    "heat1": "bardzo mało", "heat2": "mało", "heat3": "średnio", "heat4": "dużo", "heat5": "najwięcej",
}  # fmt: skip
KINDS = {
    "userTask": "zadanie osoby", "manualTask": "czynność poza systemem", "serviceTask": "zadanie systemu",
    "scriptTask": "obliczenie", "businessRuleTask": "tabela decyzyjna", "sendTask": "wysłanie wiadomości",
    "receiveTask": "odebranie wiadomości", "task": "krok", "callActivity": "wywołany proces",
    "subProcess": "podproces", "transaction": "transakcja", "adHocSubProcess": "podproces doraźny",
    "startEvent": "początek", "endEvent": "koniec", "boundaryEvent": "zdarzenie na brzegu kroku",
    "intermediateCatchEvent": "oczekiwanie", "intermediateThrowEvent": "zdarzenie",
    "exclusiveGateway": "wybór jednej drogi", "parallelGateway": "drogi równoległe",
    "inclusiveGateway": "wybór jednej lub wielu dróg", "eventBasedGateway": "droga zależna od zdarzenia",
    "complexGateway": "złożony wybór drogi", "participant": "pula", "lane": "tor", "textAnnotation": "uwaga",
    "dataObjectReference": "dane", "dataStoreReference": "zbiór danych",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far a step has got, or what is wrong with it. `badge` stands on the shape, `note` is added to its tooltip."""

    state: State
    badge: str = ""
    note: str = ""


def draw(
    xml: bytes,
    marks: Mapping[str, Mark] | None = None,
    *,
    taken: Collection[str] = (),
    title: str,
    css: str = "",
    prefix: str = "",
) -> str:
    """The drawing of a BPMN file; a file without one is laid out first.

    Args:
        xml: the file.
        marks: by element id.
        taken: ids of the flows that have been passed.
        title: what the picture shows, for those who cannot see it.
        css: rules to embed, for a picture that leaves the page (PDF).
        prefix: when given, every shape gets the id `prefix` + element id, so that a page can point at it.

    Raises:
        DefinitionRejected: when the file is no BPMN.
    """
    marks = marks or {}
    sheet = read(xml)
    frames = [shape for shape in sheet.shapes if drawing_shapes.is_frame(shape)]
    others = [shape for shape in sheet.shapes if not drawing_shapes.is_frame(shape)]
    parts = [_shape(shape, marks.get(shape.element.get("id", "")), prefix) for shape in frames]
    parts += [_flow(edge, taken, marks.get(edge.element.get("id", "")), prefix) for edge in sheet.edges]
    parts += [_shape(shape, marks.get(shape.element.get("id", "")), prefix) for shape in others]
    parts += [drawing_shapes.label(shape) for shape in sheet.shapes]
    parts += [drawing_lines.label(edge) for edge in sheet.edges]
    parts += [_badge(shape, marks.get(shape.element.get("id", ""))) for shape in sheet.shapes]
    parts += [_flow_badge(edge, marks.get(edge.element.get("id", ""))) for edge in sheet.edges]
    return _picture(sheet, marks, "".join(parts), title=title, css=css)


def _picture(sheet: Sheet, marks: Mapping[str, Mark], content: str, *, title: str, css: str) -> str:
    area = _area(sheet)
    style = f"<style>{css.replace('<', chr(92) + '3c ')}</style>" if css else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn" role="img" aria-label="{safe(title)}" '
        f'viewBox="{area.x:g} {area.y:g} {area.width:g} {area.height:g}" width="{area.width:g}" '
        f'height="{area.height:g}" font-family="{FONT}" fill="{drawing_shapes.INK}">'
        f"<title>{safe(title)}</title><desc>{safe(_summary(sheet, marks))}</desc>{style}{content}</svg>"
    )


def _area(sheet: Sheet) -> Box:
    boxes = [shape.box for shape in sheet.shapes]
    boxes += [box for box in (shape.label or drawing_shapes.label_box(shape) for shape in sheet.shapes) if box]
    boxes += [edge.label for edge in sheet.edges if edge.label]
    points = [point for box in boxes for point in (Point(box.x, box.y), Point(box.right, box.bottom))]
    points += [point for edge in sheet.edges for point in edge.line]
    if not points:
        return Box(0, 0, 100, 100)
    left, top = min(p.x for p in points) - MARGIN, min(p.y for p in points) - MARGIN
    return Box(left, top, max(p.x for p in points) + MARGIN - left, max(p.y for p in points) + MARGIN - top)


def _summary(sheet: Sheet, marks: Mapping[str, Mark]) -> str:
    """What the colours say, in words."""
    groups: dict[str, list[str]] = {state: [] for state in STATES}
    drawn: tuple[Shape | Edge, ...] = (*sheet.shapes, *sheet.edges)
    for one in drawn:
        mark = marks.get(one.element.get("id", ""))
        if mark:
            name = str(one.element.get("name") or "") or KINDS.get(one.kind, "")
            groups[mark.state].append(name + (f" ({mark.badge})" if mark.badge else ""))
    return " ".join(
        f"{STATES[state].capitalize()}: {', '.join(names)}." for state, names in groups.items() if any(names)
    )


def _shape(shape: Shape, mark: Mark | None, prefix: str) -> str:
    fill, stroke, extra = LOOKS[mark.state if mark else ""]
    identity = shape.element.get("id", "")
    classes = f"{shape.kind} is-{mark.state}" if mark else shape.kind
    own_id = f' id="{safe(prefix + identity)}"' if prefix else ""
    body = drawing_shapes.draw(shape, fill, stroke, extra)
    if mark:
        body = _stronger(body, mark)
    return (
        f'<g{own_id} class="{classes}" data-element="{safe(identity)}"><title>{safe(_tooltip(shape, mark))}</title>'
        f"{body}</g>"
    )


@lru_cache(maxsize=256)
def _heavier(width: str) -> str:
    return f'stroke-width="{max(3.0, float(width)):g}"'


def _stronger(body: str, mark: Mark) -> str:
    """A heavier outline for what is going on now."""
    if mark.state in ("done", *get_args(Heat)):
        return body
    before, found, rest = body.partition('stroke-width="')
    width, _, after = rest.partition('"')
    return before + _heavier(width) + after if found else body


def _tooltip(shape: Shape, mark: Mark | None) -> str:
    parts = [shape.name, KINDS.get(shape.kind, "")]
    if mark:
        parts += [mark.badge or STATES[mark.state], mark.note]
    return " – ".join(part for part in parts if part)


def _flow(edge: Edge, taken: Collection[str], mark: Mark | None, prefix: str) -> str:
    identity = edge.element.get("id", "")
    passed = identity in taken
    classes = f"{edge.kind} is-taken" if passed else edge.kind
    own_id, title = "", ""
    if mark:
        classes = f"{classes} is-{mark.state}"
        own_id = f' id="{safe(prefix + identity)}"' if prefix else ""
        title = f"<title>{safe(' – '.join(filter(None, (edge.element.get('name'), mark.note))))}</title>"
    line = drawing_lines.draw(edge, taken=passed, colour=COLOURS[mark.state] if mark else "")
    return f'<g{own_id} class="{classes}" data-element="{safe(identity)}">{title}{line}</g>'


def _badge(shape: Shape, mark: Mark | None) -> str:
    """A tick for what is done, a text for what the mark says."""
    if not mark or (shape.kind in drawing_shapes.FRAMES and not mark.badge):
        return ""
    box = shape.box
    corner = Point(box.right - 4, box.y + 2) if box.width > 60 else Point(box.right - 7, box.y + 7)
    parts = []
    if mark.badge:
        right = box.x + drawing_shapes.HEADER if shape.kind in drawing_shapes.FRAMES else box.right + 8
        parts.append(pill(mark.badge, right, box.y - 2, COLOURS[mark.state]))
    elif mark.state == "done":
        parts.append(
            f'<g class="tick" transform="translate({corner.x:g} {corner.y:g})"><circle r="9" fill="{DONE}" '
            f'stroke="#fff" stroke-width="1.5"/><path d="{TICK}" fill="none" stroke="#fff" stroke-width="2.2"/></g>'
        )
    return "".join(parts)


def _flow_badge(edge: Edge, mark: Mark | None) -> str:
    """The text of a mark in the middle of a line."""
    if not mark or not mark.badge:
        return ""
    middle = drawing_lines.middle(edge)
    return pill(mark.badge, middle.x + 11, middle.y, COLOURS[mark.state])
