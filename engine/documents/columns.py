"""Which columns of a printed table need the room that the others leave."""

from __future__ import annotations

from collections.abc import Sequence

_SHORT = 26  # characters that fit into a column of its own width


def wide(labels: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bool, ...]:
    """True for each column with long texts; when all are short, all share the page alike."""
    found = tuple(any(len(row[index]) > _SHORT for row in rows) for index in range(len(labels)))
    return found if any(found) else (True,) * len(labels)
