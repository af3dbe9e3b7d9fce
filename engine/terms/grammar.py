"""Reads the Polish words of a rule, such as „14 dni roboczych” or „co rok do 30 kwietnia”."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from engine.terms.refusals import OutOfRange, TermRefused, TermUnknown
from engine.terms.words import MONTH_NAMES

EXAMPLES = "14 dni, 7 dni roboczych, 2 tygodnie, 1 miesiąc, 12 godzin"
LONGEST = 50  # years
LONGEST_WORDS = 200  # letters of a rule
LAST_DAY = 31  # of whatever month


class Unit(StrEnum):
    """What a term is counted in."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


ELAPSED = frozenset({Unit.MINUTES, Unit.HOURS})  # counted by the clock, whatever day it is


@dataclass(frozen=True, kw_only=True)
class Span:
    """So many days, weeks …, from the event or from what is named."""

    count: int
    unit: Unit
    last_of: tuple[str, ...] = ()  # variables of the case with dates; the last of them is the event
    after: str = ""  # words for the event, or the variable with its date


@dataclass(frozen=True, kw_only=True)
class AtOnce:
    """No time at all: the end is the event itself."""

    always: bool  # said with „24/7”


@dataclass(frozen=True, kw_only=True)
class PeriodEnd:
    """The last day of the month, quarter, half-year or year of the event, and a span from there on."""

    months: int
    then: Span | None


class Anchor(NamedTuple):
    """A day of the year; `month` 0 is every month."""

    month: int
    day: int


@dataclass(frozen=True, kw_only=True)
class Every:
    """The next time of what comes again and again."""

    step: Span
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Until:
    """A day of the calendar."""

    day: date


DayPlan = Span | PeriodEnd | Every | Until
Plan = DayPlan | AtOnce

_UNITS = {
    Unit.MINUTES: ("minuta", "minutę", "minuty", "minut"),
    Unit.HOURS: ("godzina", "godzinę", "godziny", "godzin"),
    Unit.DAYS: ("dzień", "dni", "dzień kalendarzowy", "dni kalendarzowe", "dni kalendarzowych"),
    Unit.WORKING_DAYS: ("dzień roboczy", "dni robocze", "dni roboczych"),
    Unit.WEEKS: ("tydzień", "tygodnie", "tygodni"),
    Unit.MONTHS: ("miesiąc", "miesiące", "miesięcy"),
    Unit.YEARS: ("rok", "lata", "lat"),
}
_WORDS = {word: unit for unit, words in _UNITS.items() for word in words}
_MOST = {
    Unit.MINUTES: LONGEST * 365 * 24 * 60,
    Unit.HOURS: LONGEST * 365 * 24,
    Unit.DAYS: LONGEST * 365,
    Unit.WORKING_DAYS: LONGEST * 250,
    Unit.WEEKS: LONGEST * 52,
    Unit.MONTHS: LONGEST * 12,
    Unit.YEARS: LONGEST,
}
_PERIODS = {"miesiąca": 1, "kwartału": 3, "półrocza": 6, "roku": 12}
_REPEATS = {
    "dzień": Span(count=1, unit=Unit.DAYS),
    "dzień roboczy": Span(count=1, unit=Unit.WORKING_DAYS),
    "tydzień": Span(count=1, unit=Unit.WEEKS),
    "miesiąc": Span(count=1, unit=Unit.MONTHS),
    "kwartał": Span(count=3, unit=Unit.MONTHS),
    "pół roku": Span(count=6, unit=Unit.MONTHS),
    "półrocze": Span(count=6, unit=Unit.MONTHS),
    "rok": Span(count=12, unit=Unit.MONTHS),
}
_NUMBER = re.compile(r"(\d{1,9}) (.+)")
_VARIABLE = re.compile(r"[^\W\d]\w*")
_ANCHOR = re.compile(r"(\d{1,2}) (\w+)")
_MONTHLY = re.compile(r"(\d{1,2})\.? dnia(?: miesiąca)?")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_SPELT = re.compile(r"(\d{1,2}) (\w+) (\d{4})")


@lru_cache(maxsize=1024)
def read(words: str) -> Plan:
    """What the words of a rule ask for.

    Raises:
        TermUnknown: when they name no rule.
        OutOfRange: when the term is empty or longer than 50 years.
    """
    text = " ".join(words.split())
    if len(text) > LONGEST_WORDS:
        raise _unknown(f"{text[:40]}…")
    plan = _at_once(text) or _period_end(text) or _every(text) or _until(text) or _span(text)
    if plan is None:
        raise _unknown(words)
    return plan


def problem(words: str) -> str | None:
    """A Polish sentence when the words are no rule, else None."""
    try:
        read(words)
    except TermRefused as refused:
        return refused.message
    return None


def is_variable(word: str) -> bool:
    """True for a word that can only be the name of a variable."""
    return "_" in word and _VARIABLE.fullmatch(word) is not None


def _unknown(words: str) -> TermUnknown:
    return TermUnknown(f"Nieznana zasada terminu „{words}”. Wpisz na przykład: {EXAMPLES}.")


def _at_once(text: str) -> AtOnce | None:
    found = {"niezwłocznie": False, "niezwłocznie (24/7)": True}.get(text.lower())
    return None if found is None else AtOnce(always=found)


def _period_end(text: str) -> PeriodEnd | None:
    head, plus, tail = text.partition(" + ")
    named = head.lower().removeprefix("koniec ")
    if named == head.lower() or named not in _PERIODS:
        return None
    then = _plain_span(tail) if plus else None
    if plus and (then is None or then.unit in ELAPSED):
        return None
    return PeriodEnd(months=_PERIODS[named], then=then)


def _every(text: str) -> Every | None:
    head, limit, tail = text.partition(" do ")
    named = head.lower().removeprefix("co ")
    if named == head.lower():
        return None
    step = _REPEATS.get(named) or _plain_span(named)
    if step is None or step.unit in ELAPSED:
        return None
    if not limit:
        return Every(step=step)
    anchors = tuple(_anchor(one.strip()) for one in re.split(r",| i ", tail.lower()))
    wanted = 12 // step.count if step.unit is Unit.MONTHS and 12 % step.count == 0 else 0
    if None in anchors:
        return None
    found = tuple(sorted(one for one in anchors if one is not None))
    monthly = wanted == 12 and len(found) == 1 and found[0].month == 0
    yearly = len(set(found)) == wanted and all(one.month for one in found)
    return Every(step=step, anchors=found) if monthly or yearly else None


def _anchor(text: str) -> Anchor | None:
    if text in ("ostatniego dnia", "ostatniego dnia miesiąca"):
        return Anchor(0, LAST_DAY)
    if (match := _MONTHLY.fullmatch(text)) and 1 <= int(match[1]) <= LAST_DAY:
        return Anchor(0, int(match[1]))
    match = _ANCHOR.fullmatch(text)
    if match is None or match[2] not in MONTH_NAMES:
        return None
    month = MONTH_NAMES.index(match[2]) + 1
    # 2028 is a leap year: 29 February is a day that comes.
    return Anchor(month, int(match[1])) if 1 <= int(match[1]) <= months.monthrange(2028, month)[1] else None


def _until(text: str) -> Until | None:
    named = text.removeprefix("do ")
    if named == text:
        return None
    day = day_of(named)
    return None if day is None else Until(day=day)


def day_of(text: str) -> date | None:
    """A day written as `2026-06-03`, `3.06.2026` or `3 czerwca 2026`; None when it is none of these."""
    if match := _ISO.fullmatch(text):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    elif match := _DOTTED.fullmatch(text):
        parts = (int(match[3]), int(match[2]), int(match[1]))
    elif (match := _SPELT.fullmatch(text.lower())) and match[2] in MONTH_NAMES:
        parts = (int(match[3]), MONTH_NAMES.index(match[2]) + 1, int(match[1]))
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _span(text: str) -> Span | None:
    head, named, tail = text.partition(" od ")
    span = _plain_span(head)
    if span is None or not named:
        return span
    if not tail.startswith("ostatniego z:"):
        return replace(span, after=tail) if tail else None
    names = tuple(one.strip() for one in tail.removeprefix("ostatniego z:").split(","))
    return replace(span, last_of=names) if all(_VARIABLE.fullmatch(one) for one in names) else None


def _plain_span(text: str) -> Span | None:
    if text.lower() == "pół roku":
        return Span(count=6, unit=Unit.MONTHS)
    match = _NUMBER.fullmatch(text.lower())
    unit = _WORDS.get(match[2]) if match else None
    if match is None or unit is None:
        return None
    count = int(match[1])
    if count == 0:
        raise OutOfRange(f"Termin „{text}” nie trwa ani chwili. Wpisz liczbę od 1 albo słowo „niezwłocznie”.")
    if count > _MOST[unit]:
        raise OutOfRange(f"Termin „{text}” jest dłuższy niż {LONGEST} lat. Wpisz mniejszą liczbę.")
    return Span(count=count, unit=unit)
