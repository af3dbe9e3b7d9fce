"""Every kind of BPMN shape as SVG."""

from __future__ import annotations

from engine.bpmn.drawing.icons import ALWAYS_LINES, EVENTS, FILLED, GATEWAYS, MARKERS, TASKS
from engine.bpmn.drawing.reading import Shape
from engine.bpmn.drawing.text import block, upright
from engine.bpmn.layout.model import Box
from engine.bpmn.layout.text import LINE, width, wrap
from engine.bpmn.markup import LEVELS, child, kind, text

INK, PAPER, STRIP = "#22303f", "#fff", "#f3f5f8"
HEADER = 30.0
TYPE_SIZE, LABEL_SIZE = 12.0, 11.0
FRAMES = ("participant", "lane")
DATA = ("dataObjectReference", "dataStoreReference", "dataObject", "dataInput", "dataOutput")


def is_frame(shape: Shape) -> bool:
    """Whether other shapes stand on this one, so that it must be drawn before them."""
    return shape.kind in FRAMES or (shape.kind in LEVELS and shape.expanded)


def draw(shape: Shape, fill: str, stroke: str, extra: str) -> str:
    """The outline, sign, markers and name of a shape.

    Args:
        shape: what to draw.
        fill: colour of the inside.
        stroke: colour of the outline.
        extra: further attributes of the outline, such as a dash pattern.
    """
    paint = f'fill="{fill}" stroke="{stroke}" {extra}'
    if shape.kind in FRAMES:
        return _frame(shape)
    if shape.kind.endswith("Event"):
        return _event(shape, paint, stroke)
    if shape.kind.endswith("Gateway"):
        return _gateway(shape, paint)
    if shape.kind in DATA:
        return _data(shape, paint)
    if shape.kind == "textAnnotation":
        return _annotation(shape)
    if shape.kind == "group":
        return _rect(shape.box, 'fill="none" stroke="#5a6675" stroke-dasharray="8 3 1 3"', 10)
    return _activity(shape, paint)


def label_box(shape: Shape) -> Box | None:
    """Where the name of a shape that has it outside stands, None when it has none."""
    if not shape.name or not (shape.kind.endswith(("Event", "Gateway")) or shape.kind in DATA):
        return None
    return shape.label or Box(shape.box.middle.x - 50, shape.box.bottom + 4, 100, 28)


def label(shape: Shape) -> str:
    """The name of a shape that has it outside, or nothing."""
    box = label_box(shape)
    if box is None:
        return ""
    return block(shape.name, Box(box.x - 3, box.y, box.width + 6, box.height), LABEL_SIZE, top=True, halo=True)


def _rect(box: Box, paint: str, radius: float = 0) -> str:
    round_ = f' rx="{radius:g}"' if radius else ""
    return f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"{round_} {paint}/>'


def _path(data: str, paint: str, x: float, y: float, scale: float = 1) -> str:
    resize = f" scale({scale:g})" if scale != 1 else ""
    return f'<path d="{data}" transform="translate({x:g} {y:g}){resize}" {paint}/>'


def _frame(shape: Shape) -> str:
    box = shape.box
    if shape.kind == "participant" and shape.element.get("processRef") is None:
        return _rect(box, f'fill="{PAPER}" stroke="{INK}"') + block(shape.name, box, TYPE_SIZE)
    strip = Box(box.x, box.y, min(HEADER, box.width), box.height)
    shade = f'fill="{STRIP}" stroke="{INK}" stroke-width=".8"'
    frame = _rect(box, f'fill="{PAPER}" stroke="{INK}"') + _rect(strip, shade)
    return frame + upright(shape.name, Box(strip.x, strip.y + 4, strip.width, strip.height - 8), LABEL_SIZE)


def _activity(shape: Shape, paint: str) -> str:
    box = shape.box
    parts = [_outline(shape, paint)]
    sign = TASKS.get(shape.kind)
    if sign:
        parts.append(_path(sign[0], _sign_paint(sign[1]), box.x + 13, box.y + 13))
    markers = _markers(shape)
    for index, marker in enumerate(markers):
        data, filled = MARKERS[marker]
        x = box.middle.x + (index - (len(markers) - 1) / 2) * 20
        parts.append(_path(data, _sign_paint(filled), x, box.bottom - 11))
    if shape.kind in LEVELS and shape.expanded:
        parts.append(block(shape.name, Box(box.x + 10, box.y + 7, box.width - 20, 16), TYPE_SIZE, top=True))
    else:
        parts.append(block(shape.name, _room(shape, bool(sign), bool(markers)), TYPE_SIZE))
    return "".join(parts)


def _room(shape: Shape, sign: bool, markers: bool) -> Box:
    """Where the name stands inside: clear of the sign, the markers and boundary events when it is long."""
    box = shape.box
    foot = 20 if markers or shape.crowded else 4
    lines = wrap(shape.name, box.width - 12, TYPE_SIZE)
    above = (box.height - foot - len(lines) * TYPE_SIZE * LINE) / 2
    meets_sign = sign and above < 19 and any(width(line, TYPE_SIZE) > box.width - 2 * 22 for line in lines[:2])
    top = 19 if meets_sign else 4
    return Box(box.x + 6, box.y + top, box.width - 12, box.height - top - foot)


def _sign_paint(filled: bool) -> str:
    fill, width = (INK, 0.4) if filled else ("none", 1.1)
    return f'fill="{fill}" stroke="{INK}" stroke-width="{width}"'


def _outline(shape: Shape, paint: str) -> str:
    box = shape.box
    if shape.element.get("triggeredByEvent") == "true":
        return _rect(box, f'{paint} stroke-width="1.8" stroke-dasharray="2 3"', 10)
    if shape.kind == "transaction":
        inner = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        return _rect(box, f'{paint} stroke-width="1.5"', 10) + _rect(inner, f'fill="none" stroke="{INK}"', 8)
    width = 4 if shape.kind == "callActivity" else 1.8
    return _rect(box, f'{paint} stroke-width="{width:g}"', 10)


def _markers(shape: Shape) -> list[str]:
    found: list[str] = []
    many = child(shape.element, "multiInstanceLoopCharacteristics")
    if child(shape.element, "standardLoopCharacteristics") is not None:
        found.append("loop")
    if many is not None:
        found.append("sequential" if many.get("isSequential") == "true" else "parallel")
    if shape.element.get("isForCompensation") == "true":
        found.append("compensation")
    if shape.kind == "callActivity" or (shape.kind in LEVELS and not shape.expanded):
        found.append("inside")
    if shape.kind == "adHocSubProcess":
        found.append("adhoc")
    return found


def _event(shape: Shape, paint: str, stroke: str) -> str:
    middle, radius = shape.box.middle, min(shape.box.width, shape.box.height) / 2
    quiet = shape.element.get("cancelActivity") == "false" or shape.element.get("isInterrupting") == "false"
    dash = ' stroke-dasharray="4.5 3"' if quiet and "dasharray" not in paint else ""
    width = 3.6 if shape.kind == "endEvent" else 1.6
    circle = f'<circle cx="{middle.x:g}" cy="{middle.y:g}"'
    parts = [f'{circle} r="{radius:g}" {paint} stroke-width="{width}"{dash}/>']
    if shape.kind in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"):
        parts.append(f'{circle} r="{radius - 3.5:g}" fill="none" stroke="{stroke}" stroke-width="1.4"{dash}/>')
    trigger = event_trigger(shape)
    if trigger:
        filled = trigger not in ALWAYS_LINES and shape.kind in ("endEvent", "intermediateThrowEvent")
        sign = FILLED.get(trigger, EVENTS[trigger]) if filled else EVENTS[trigger]
        ink = f'fill="{INK if filled else "none"}" stroke="{INK}" stroke-width="{0.8 if filled else 1.3}"'
        parts.append(_path(sign, f'{ink} stroke-linejoin="round"', middle.x, middle.y, radius / 18))
    return "".join(parts)


def event_trigger(shape: Shape) -> str:
    """What an event waits for or sends, such as `timer`; "" for a plain one, `multiple` for several."""
    kinds = [kind(part) for part in shape.element]
    found = [name[: -len("EventDefinition")] for name in kinds if name.endswith("EventDefinition")]
    if len(found) > 1:
        return "parallelMultiple" if shape.element.get("parallelMultiple") == "true" else "multiple"
    return found[0] if found and found[0] in EVENTS else ""


def _gateway(shape: Shape, paint: str) -> str:
    box, middle = shape.box, shape.box.middle
    diamond = f"M{middle.x:g} {box.y:g}L{box.right:g} {middle.y:g}L{middle.x:g} {box.bottom:g}L{box.x:g} {middle.y:g}z"
    data, width = GATEWAYS.get(shape.kind, ("", 1))
    sign = _path(data, f'fill="none" stroke="{INK}" stroke-width="{width:g}"', middle.x, middle.y, box.width / 50)
    return f'<path d="{diamond}" {paint} stroke-width="1.8"/>{sign}'


def _data(shape: Shape, paint: str) -> str:
    box = shape.box
    if shape.kind == "dataStoreReference":
        curve = box.height / 8
        data = (
            f"M{box.x:g} {box.y + curve:g}v{box.height - 2 * curve:g}a{box.width / 2:g} {curve:g} 0 0 0 {box.width:g} 0"
            f"v{2 * curve - box.height:g}a{box.width / 2:g} {curve:g} 0 0 0 {-box.width:g} 0"
            f"a{box.width / 2:g} {curve:g} 0 0 0 {box.width:g} 0"
        )
        return f'<path d="{data}" {paint} stroke-width="1.5"/>'
    fold = min(12.0, box.width / 3)
    data = (
        f"M{box.x:g} {box.y:g}H{box.right - fold:g}L{box.right:g} {box.y + fold:g}V{box.bottom:g}H{box.x:g}z"
        f"M{box.right - fold:g} {box.y:g}v{fold:g}h{fold:g}"
    )
    return f'<path d="{data}" {paint} stroke-width="1.5"/>'


def _annotation(shape: Shape) -> str:
    box = shape.box
    bracket = f"M{box.x + 10:g} {box.y:g}H{box.x:g}V{box.bottom:g}h10"
    words = block(text(child(shape.element, "text")), Box(box.x + 7, box.y + 3, box.width - 9, box.height - 6),
                  LABEL_SIZE, left=True)  # fmt: skip
    return f'<path d="{bracket}" fill="none" stroke="#5a6675" stroke-width="1.4"/>{words}'
