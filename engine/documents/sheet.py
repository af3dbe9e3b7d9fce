"""A table as a CSV file that a Polish Excel opens as it is: semicolons, UTF-8 with its mark, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

MARK = "\ufeff"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would compute what begins so


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[str | int | None]]) -> bytes:
    """The file.

    Args:
        rows: as wide as `columns`; whole numbers stay numbers, None is an empty cell.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return (MARK + text.getvalue()).encode()


def _harmless(cell: str | int | None) -> str | int:
    if cell is None or isinstance(cell, int):
        return "" if cell is None else cell
    line = " ".join(cell.split()) if cell.strip() else ""
    return f"'{line}" if line.startswith(DANGEROUS) else line
