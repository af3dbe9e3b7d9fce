"""Dates as people type them, and the limits that a form sets them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from engine.forms import polish
from engine.forms.form import Field
from engine.model import Json
from engine.terms.words import MONTH_NAMES

_DAY_FIRST = re.compile(r"([0-9]{1,2})[. /-]([0-9]{1,2})[. /-]([0-9]{4})(?: ?r\.?)?")
_WORDS = re.compile(r"([0-9]{1,2}) ([a-ząćęłńóśźż]+) ([0-9]{4})(?: ?r\.?)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def iso(text: str) -> str:
    """A typed date as `2026-11-21`, "" when it is none."""
    found = parts(" ".join(text.split()))
    try:
        return date(*found).isoformat() if found else ""
    except ValueError:
        return ""


def parts(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a typed date."""
    if match := _ISO.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    text = " ".join(text.split())
    if match := _DAY_FIRST.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    match = _WORDS.fullmatch(text.lower())
    if match and match[2] in MONTH_NAMES:
        return int(match[3]), MONTH_NAMES.index(match[2]) + 1, int(match[1])
    return None


def past_limit(field: Field, value: date, near: Mapping[str, Json], labels: Mapping[str, str], today: date) -> str:
    """What to say when a date lies outside its limits, "" when it does not.

    Args:
        near: clean answers that a limit such as `@od_dnia` may name.
        labels: labels of those fields.
    """
    low = _limit(field.earliest, near, today)
    if low is not None and value < low:
        return f"Data nie może być wcześniejsza niż {_spell(field.earliest, low, labels)}."
    high = _limit(field.latest, near, today)
    if high is not None and value > high:
        return f"Data nie może być późniejsza niż {_spell(field.latest, high, labels)}."
    return ""


def _limit(limit: str, near: Mapping[str, Json], today: date) -> date | None:
    if limit == "today":
        return today
    found = near.get(limit[1:]) if limit.startswith("@") else limit
    return date.fromisoformat(found) if isinstance(found, str) and found else None


def _spell(limit: str, day: date, labels: Mapping[str, str]) -> str:
    if limit == "today":
        return f"dzisiejsza ({polish.short_day(day)})"
    if limit.startswith("@"):
        return f"data w polu „{labels[limit[1:]]}” ({polish.short_day(day)})"
    return polish.short_day(day)
