"""The head of a document: who issues it, where, when and in which matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from engine import clock
from engine.forms import polish


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands above and below the text of every document."""

    name: str  # of the centre
    address: str
    town: str
    number: str  # znak sprawy
    matter: str  # title of the instance
    day: date  # the document's date
    printed_at: datetime  # aware; goes into the file's metadata


def as_data(head: Head, title: str) -> dict[str, str]:
    """The head as the templates take it."""
    return {
        "name": head.name,
        "address": head.address,
        "place_and_day": f"{head.town}, {polish.day(head.day)} r.",
        "number": head.number,
        "matter": head.matter,
        "title": title,
        "printed": polish.short_day(clock.today(head.printed_at)),
    }
