"""Finds when a term begins: with the event itself, or with dates of the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine import clock
from engine.model import Json
from engine.terms import calendar
from engine.terms.grammar import ELAPSED, Plan, Span, is_variable
from engine.terms.refusals import DatesMissing, OutOfRange
from engine.terms.words import day, listed, minute, plural

DAY = len("2026-06-03")


def begins(plan: Plan, since: datetime, dates: Mapping[str, Json]) -> tuple[datetime, Mapping[str, Json]]:
    """The moment of the event, and the dates of the case that were looked at.

    Args:
        since: the event, when the rule names no dates.
        dates: variables of the case.

    Raises:
        DatesMissing: dates that the rule names are not there.
        OutOfRange: one is no date, or lies outside the years whose free days we know.
    """
    named = _named(plan, dates)
    missing = tuple(name for name in named if _empty(dates.get(name)))
    if missing:
        said = listed([f"„{_spoken(name)}”" for name in missing])
        word = plural(len(missing), "Brakuje daty", "Brakuje dat", "Brakuje dat")
        raise DatesMissing(f"{word}: {said}. Uzupełnij w sprawie, wtedy termin zostanie policzony.", missing)
    by_clock = isinstance(plan, Span) and plan.unit in ELAPSED
    found = [_moment(name, dates[name], by_clock) for name in named]
    return max(found, default=since), {name: dates[name] for name in named}


def told(used: Mapping[str, Json]) -> str:
    """The dates of the case that were looked at, as a Polish sentence."""
    said = [f"{_spoken(name)} {_written(str(value))}" for name, value in used.items()]
    return f"Data w sprawie: {said[0]}." if len(said) == 1 else f"Daty w sprawie: {listed(said)}; liczy się ostatnia."


def _named(plan: Plan, dates: Mapping[str, Json]) -> tuple[str, ...]:
    """The variables with the dates of a rule; words that only describe its event are none."""
    if not isinstance(plan, Span):
        return ()
    return plan.last_of or ((plan.after,) if plan.after in dates or is_variable(plan.after) else ())


def _empty(value: Json) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _moment(name: str, value: Json, by_clock: bool) -> datetime:
    text = value.strip() if isinstance(value, str) else ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as cause:
        raise OutOfRange(f"„{_spoken(name)}” nie jest datą. Wpisz dzień, na przykład 2026-06-03.") from cause
    if len(text) == DAY and by_clock:
        raise OutOfRange(f"Termin liczy się od chwili, a „{_spoken(name)}” to sam dzień. Podaj też godzinę.")
    calendar.holidays(moment.year)  # refuses a year that nobody knows
    return _aware(moment)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.WARSAW)


def _written(text: str) -> str:
    return day(date.fromisoformat(text)) if len(text) == DAY else minute(_aware(datetime.fromisoformat(text)))


def _spoken(name: str) -> str:
    """A variable, for people who know nothing of variables."""
    return name.replace("_", " ")
