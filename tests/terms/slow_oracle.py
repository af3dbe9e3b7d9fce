"""Counts terms a second time, day by day on a calendar of other people's making, as a clerk would with a finger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from holidays import country_holidays

DAY = timedelta(days=1)
WARSAW = ZoneInfo("Europe/Warsaw")
FREE = frozenset(country_holidays("PL", years=range(1991, 2101)))


def working(day: date) -> bool:
    """True on a day from Monday to Friday that is no public holiday."""
    return day.isoweekday() < 6 and day not in FREE


def end(kind: str, count: int, event: date) -> date:
    """The last day of a term.

    Args:
        kind: days, working_days, weeks, months or years.
    """
    day = {
        "days": _days,
        "working_days": _working_days,
        "weeks": _weeks,
        "months": _months,
        "years": lambda number, first: _months(number * 12, first),
    }[kind](count, event)
    while not working(day):
        day += DAY
    return day


def end_of_period(kind: str, count: int, event: date, months: int) -> date:
    """The last day of a term that begins with the last day of a month, quarter, half-year or year."""
    day = event
    while (day + DAY).month == day.month or day.month % months:
        day += DAY
    return end(kind, count, day)


def next_on(event: date, anchors: frozenset[tuple[int, int]]) -> date:
    """The next day after the event that is one of the anchors (month, day), and a working day from there on."""
    day = event + DAY
    while (day.month, day.day) not in anchors:
        day += DAY
    while not working(day):
        day += DAY
    return day


def moment(seconds: int, event: datetime) -> datetime:
    """So many seconds later by a clock that nobody changes."""
    return datetime.fromtimestamp(event.timestamp() + seconds, UTC)


def working_day_before(day: date, count: int) -> date:
    """The working day that lies so many working days before."""
    while count:
        day -= DAY
        count -= working(day)
    return day


def _days(count: int, event: date) -> date:
    day = event
    for _ in range(count):
        day += DAY
    return day


def _working_days(count: int, event: date) -> date:
    day = event
    while count:
        day += DAY
        count -= working(day)
    return day


def _weeks(count: int, event: date) -> date:
    day = event
    while count:
        day += DAY
        count -= day.isoweekday() == event.isoweekday()
    return day


def _months(count: int, event: date) -> date:
    """In the month that is so many months on: the day of the same number, or the last one when there is none."""
    day = event
    while count:
        day += DAY
        count -= day.day == 1
    while day.day != event.day and (day + DAY).month == day.month:
        day += DAY
    return day
