"""Writes docs/bpmn.md from the rows: `python tests/conformance/table.py`."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "docs" / "bpmn.md"
HEAD = """# What of BPMN 2.0 runs here

Every element of BPMN 2.0 either runs as the standard says or is refused when a diagram is published, with the element
named. Nothing is silently different. This table is written by `python tests/conformance/table.py` from the tests in
`tests/conformance`; a test fails when the two differ. Each line is one test.

*runs*: as the BPMN 2.0 text says; the remark adds what the text leaves open. *refused*: the gate names the element.
*read*: drawn for people, without any effect.
"""


def text() -> str:
    """The whole document."""
    from test_rows import ROWS

    order = list(dict.fromkeys(row.group for row in ROWS))
    rows = sorted(ROWS, key=lambda row: order.index(row.group))
    parts = [HEAD]
    for group, found in groupby(rows, key=lambda row: row.group):
        lines = [f"| {row.element} | {row.verdict} | {row.note or '–'} |" for row in found]
        parts.append("\n".join([f"## {group}\n", "| Element | Here | Remark |", "|---|---|---|", *lines]) + "\n")
    return "\n".join([*parts, _tck()])


def _tck() -> str:
    return (ROOT / "docs" / "tck.md").read_text(encoding="utf-8") if (ROOT / "docs" / "tck.md").exists() else ""


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "tests" / "bpmn"), str(Path(__file__).parent)]
    FILE.write_text(text(), encoding="utf-8")
