"""Dates that a person typed into a small form."""

from __future__ import annotations

from datetime import date, datetime

from engine.errors import AnswerError, InputRejected

FORMATS = ("%Y-%m-%d", "%d.%m.%Y")


def given(text: str, field: str) -> date | None:
    """The date, None for nothing.

    Raises:
        InputRejected: when it is no date.
    """
    if not text.strip():
        return None
    for pattern in FORMATS:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
    raise InputRejected((AnswerError(field=field, message="Podaj datę, na przykład 21.11.2026."),))
