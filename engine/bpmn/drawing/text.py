"""Text for SVG: cleaned, escaped, broken into lines and set in the middle of a box."""

from __future__ import annotations

import re
from html import escape

from engine.bpmn.layout.model import Box
from engine.bpmn.layout.text import LINE, width, wrap

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot carry
SMALLEST = 8.0
HALO = ' stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'


def safe(text: str) -> str:
    """A text fit for an attribute or between tags."""
    return escape(FORBIDDEN.sub("", text))


def block(text: str, box: Box, size: float, *, top: bool = False, left: bool = False, halo: bool = False) -> str:
    """A text broken to the width of a box; in a box that is too low the type shrinks, then the text is cut.

    Args:
        text: as the file has it.
        box: where it goes.
        size: of the type in pixels.
        top: begin at the upper edge and let the text grow downwards instead of staying inside.
        left: flush left instead of centred.
        halo: a white rim, for text that may lie on lines.
    """
    lines = wrap(text, box.width, size)
    while not top and len(lines) * size * LINE > box.height and size > SMALLEST:
        size -= 1
        lines = wrap(text, box.width, size)
    most = max(1, int(box.height / (size * LINE)))
    if not top and len(lines) > most:
        lines = (*lines[: most - 1], lines[most - 1].rstrip(" -.,") + "…")
    step = size * LINE
    first = (box.y if top else box.middle.y - len(lines) * step / 2) + size * 0.95
    x, anchor = (box.x, "start") if left else (box.middle.x, "middle")
    spans = "".join(f'<tspan x="{x:g}" y="{first + i * step:g}">{safe(line)}</tspan>' for i, line in enumerate(lines))
    return f'<text class="label" font-size="{size:g}" text-anchor="{anchor}"{HALO if halo else ""}>{spans}</text>'


def upright(text: str, box: Box, size: float) -> str:
    """A text turned to read from below, in the middle of a narrow box."""
    turned = Box(-box.height / 2, -box.width / 2, box.height, box.width)
    middle = f"translate({box.middle.x:g} {box.middle.y:g})"
    return f'<g transform="{middle} rotate(-90)">{block(text, turned, size)}</g>'


def pill(text: str, right: float, middle: float, fill: str) -> str:
    """A rounded badge with white text that ends at `right`."""
    wide = max(22.0, width(text, 11) + 16)
    return (
        f'<g class="badge"><rect x="{right - wide:g}" y="{middle - 10:g}" width="{wide:g}" height="20" rx="10" '
        f'fill="{fill}" stroke="#fff" stroke-width="1.5"/><text x="{right - wide / 2:g}" y="{middle + 4:g}" '
        f'font-size="11" font-weight="600" text-anchor="middle" fill="#fff">{safe(text)}</text></g>'
    )
