"""Days that come round: yearly, half-yearly, quarterly, monthly, and how long before a day something begins."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from engine.terms.words import MONTH_NAMES

NOMINATIVE = (
    *("styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec"),
    *("lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"),
)
_YEARLY = re.compile(rf"co rok do (?P<day>[1-9]|[12]\d|3[01]) (?P<month>{'|'.join(MONTH_NAMES)})")
_EVERY = {"co miesiąc": 1, "co kwartał": 3, "co pół roku": 6}  # months; each ends with the last day of the last one
_AHEAD = re.compile(
    r"(?P<count>[1-9]\d{0,2}) (?:(?P<days>dzień|dni)|(?P<weeks>tydzień|tygodnie|tygodni)"
    r"|(?P<months>miesiąc|miesiące|miesięcy))"
)
FURTHEST = 366  # days that something may begin before it is due: a year


def check(rule: str) -> str:
    """A Polish sentence when no days come round by `rule`, else ""."""
    yearly = _YEARLY.fullmatch(rule.strip())
    if rule.strip() in _EVERY or (yearly and int(yearly["day"]) <= _longest(yearly["month"])):
        return ""
    return "Wpisz na przykład: co miesiąc, co kwartał, co pół roku, co rok do 30 kwietnia."


def check_ahead(words: str) -> str:
    """A Polish sentence when `words` do not say how long before a day something begins, else ""."""
    day = date(2027, 12, 31)
    if _AHEAD.fullmatch(words.strip()) and day - before(day, words) <= timedelta(days=FURTHEST):
        return ""
    return "Wpisz na przykład: 14 dni, 6 tygodni, 2 miesiące. Najwięcej rok."


def days(rule: str, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last`, both counted, that come round by the rule.

    Args:
        rule: such as "co pół roku" (the last day of each half of the year) or "co rok do 30 kwietnia". A yearly
            29 February is the 28th in other years.

    Raises:
        ValueError: when `rule` is none, see `check`.
    """
    if problem := check(rule):
        raise ValueError(problem)
    every, yearly = _EVERY.get(rule.strip()), _YEARLY.fullmatch(rule.strip())
    for year in range(first.year, last.year + 1):
        if yearly:
            found = [clipped(year, MONTH_NAMES.index(yearly["month"]) + 1, int(yearly["day"]))]
        else:
            found = [clipped(year, month, 31) for month in range(every or 1, 13, every or 1)]
        yield from (day for day in found if first <= day <= last)


def before(day: date, words: str) -> date:
    """The day on which something begins that begins `words` (such as "60 dni", "2 miesiące") before `day`.

    Raises:
        ValueError: when the words say no such time, see `check_ahead`.
    """
    found = _AHEAD.fullmatch(words.strip())
    if found is None:
        raise ValueError(words)
    count = int(found["count"])
    if found["months"]:
        return months_on(day, -count)
    return day - timedelta(days=count * (7 if found["weeks"] else 1))


def months_on(day: date, count: int) -> date:
    """The same day `count` months later (earlier when below 0), or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return clipped(year, month + 1, day.day)


def clipped(year: int, month: int, day: int) -> date:
    """That day, or the last one of the month when it is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def month_starts(first: date, last: date) -> Iterator[date]:
    """The first days of the months in which `first` to `last` lie."""
    start = first.replace(day=1)
    on = partial(months_on, start)
    count = 0
    while (day := on(count)) <= last:
        yield day
        count += 1


def month_in_words(day: date) -> str:
    """The month of a day, such as "listopad 2026"."""
    return f"{NOMINATIVE[day.month - 1]} {day.year}"


def _longest(month: str) -> int:
    return calendar.monthrange(2028, MONTH_NAMES.index(month) + 1)[1]  # 2028 is a leap year
