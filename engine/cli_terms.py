"""What `bieg term` says: the end of a term, and how it was counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import click

from engine import circumstances, clock, terms
from engine.model import Json
from engine.store.database import Database
from engine.terms import Due, words
from engine.terms.grammar import day_of

BY_LAW = "ustawowy"
OF_CENTRE = ("ośrodek", "osrodek")


def count(rule: str, since: str, dates: Iterable[str], database: Database | None) -> Due:
    """The term of a rule.

    Args:
        since: the event, a day or a moment as typed.
        dates: of the case, such as "data_bip=2026-06-03".
        database: of the centre whose rules and free days hold; None for those of the law alone.

    Raises:
        click.UsageError: a date is none.
        TermRefused: the term cannot be counted.
    """
    event, known = _moment(since), dict(_named(one) for one in dates)
    if database is None:
        return terms.due(rule, event, dates=known)
    with database.look() as work:
        return terms.due(rule, event, rules=circumstances.terms(work), dates=known, own=True)


def figures(due: Due) -> dict[str, Json]:
    """The answer for programs: days, or moments when the term is counted by the clock."""
    return {
        "statutory_end": _stamp(due.moment, due.by_clock),
        "target": _stamp(due.target, due.by_clock),
        "reminder": _stamp(due.reminder, due.by_clock),
        "explanation": due.explanation,
        "steps": [*due.steps],
        "end": due.moment.isoformat(),
    }


def told(due: Due) -> str:
    """The answer for people."""
    end = words.minute(due.moment) if due.by_clock else words.day(clock.today(due.moment))
    source = str(due.inputs.get("source") or "")
    lines = [f"Koniec: {end}", due.explanation, *(f"  {number}. {one}" for number, one in enumerate(due.steps, 1))]
    return "\n".join([*lines, f"Podstawa: {source}"] if source else lines)


def _stamp(moment: datetime, by_clock: bool) -> str:
    local = clock.local(moment)
    return local.isoformat() if by_clock else local.date().isoformat()


def _moment(text: str) -> datetime:
    day = day_of(text)
    try:
        moment = datetime(day.year, day.month, day.day) if day else datetime.fromisoformat(text)  # noqa: DTZ001
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.WARSAW)).astimezone(UTC)
    except (ValueError, OverflowError) as cause:
        message = f"Nie ma daty „{text}”. Wpisz na przykład 2026-06-03 albo 2026-06-03T10:15."
        raise click.UsageError(message, click.get_current_context(silent=True)) from cause


def _named(text: str) -> tuple[str, Json]:
    name, equals, value = text.partition("=")
    if not name.strip() or not equals:
        message = f"Nie ma znaku „=” w „{text}”. Wpisz na przykład data_bip=2026-06-03."
        raise click.UsageError(message, click.get_current_context(silent=True))
    day = day_of(value.strip())
    return name.strip(), day.isoformat() if day else value.strip()
