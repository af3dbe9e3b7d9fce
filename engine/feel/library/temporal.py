"""Built-in functions on dates and times, and `is`."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.comparison import equal
from engine.feel.library.registry import function
from engine.feel.moments import Date, DateTime, Time
from engine.feel.values import Value, kind

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_of(moment: Value) -> Date:
    """The day of a date or a date-time.

    Raises:
        ValueError: for anything else.
    """
    if isinstance(moment, DateTime):
        return moment.date
    if isinstance(moment, Date):
        return moment
    raise ValueError("no day")


@function("day of year(date: dates)")
def day_of_year(moment: Value) -> Value:
    """1 for the first of January."""
    day = day_of(moment)
    return Decimal(day.ordinal - Date(day.year, 1, 1).ordinal + 1)


@function("day of week(date: dates)")
def day_of_week(moment: Value) -> Value:
    """The English name of the weekday, as DMN says."""
    return _DAYS[day_of(moment).weekday - 1]


@function("month of year(date: dates)")
def month_of_year(moment: Value) -> Value:
    """The English name of the month, as DMN says."""
    return _MONTHS[day_of(moment).month - 1]


@function("week of year(date: dates)")
def week_of_year(moment: Value) -> Value:
    """The number of the week (ISO 8601: the week belongs to the year of its Thursday)."""
    day = day_of(moment)
    thursday = day.ordinal - day.weekday + 4
    year = day.year
    if thursday < Date(year, 1, 1).ordinal:
        year -= 1
    elif thursday >= Date(year + 1, 1, 1).ordinal:
        year += 1
    return Decimal((thursday - Date(year, 1, 1).ordinal) // 7 + 1)


@function("is(value1: any?, value2: any?)")
def identical(one: Value = None, other: Value = None) -> Value:
    """True when the two are the same down to the notation of their zones."""
    if kind(one) != kind(other):
        return False
    if isinstance(one, Time | DateTime):
        return one == other
    return equal(one, other) is True
