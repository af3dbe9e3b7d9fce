"""The terms of a centre as a document: its figures, what is late by step, and a list of tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine import clock
from engine.documents import columns, press
from engine.documents.case import List
from engine.forms import polish
from engine.model import Json


def overdue_pdf(
    *,
    centre: tuple[str, str, str],
    at: datetime,
    subject: str,
    summary: Sequence[tuple[str, str]],
    lists: Sequence[List],
) -> bytes:
    """The document.

    Args:
        centre: name, address and town.
        at: the moment of all figures.
        subject: what is listed, in words.
        summary: labels and figures.

    Raises:
        PrintFailed: when it cannot be made.
    """
    name, address, town = centre
    day = clock.today(at)
    data: dict[str, Json] = {
        "head": {
            "name": name,
            "address": address,
            "place_and_day": f"{town}, {polish.day(day)} r." if town else f"{polish.day(day)} r.",
            "number": f"stan na {polish.short_day(day)}, {clock.local(at):%H:%M}",
            "matter": subject,
            "title": "TERMINY ZADAŃ",
            "printed": polish.short_day(day),
        },
        "summary": [[label, text] for label, text in summary],
        "lists": [
            {
                "title": one.title,
                "columns": list(one.columns),
                "rows": [list(row) for row in one.rows],
                "wide": list(columns.wide(one.columns, one.rows)),
                "empty": one.empty,
            }
            for one in lists
        ],
    }
    return press.pdf("overdue.typ", data, at)
