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
RATES = ROOT / "tests" / "feel" / "tck_rates.txt"
TCK = """## FEEL and DMN

Whole FEEL of DMN 1.5, decision tables with all hit policies and aggregations, all boxed forms, knowledge models,
requirement graphs and services. Refused by name at publishing: imports between files, crosstabs, functions in Java or
PMML. `tests/feel/test_tck.py` pins what passes of the public test cases (TCK): {}. What fails is external Java, on
purpose.
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
    """The pinned rates of the public test cases, folder by folder."""
    rates = [one.split() for one in RATES.read_text(encoding="utf-8").splitlines() if not one.startswith("#")]
    levels = {
        level: [one for one in rates if one[0].startswith(level)]
        for level in ("compliance-level-2", "compliance-level-3")
    }
    lines = [f"| {name} | {passed} | {every} |" for name, passed, every in rates]
    sums = [
        f"{level}: {sum(int(one[1]) for one in found)} of {sum(int(one[2]) for one in found)}"
        for level, found in levels.items()
    ]
    return "\n".join([TCK.format("; ".join(sums)), "| Folder | Passed | Cases |", "|---|---|---|", *lines]) + "\n"


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "tests" / "bpmn"), str(Path(__file__).parent)]
    FILE.write_text(text(), encoding="utf-8")
