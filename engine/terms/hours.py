"""Counts the hours in which a centre works."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from engine import clock
from engine.terms import calendar
from engine.terms.built_in import BUILT_IN
from engine.terms.rules import Rules


def working_hours(start: datetime, end: datetime, rules: Rules = BUILT_IN) -> float:
    """The working hours between two moments: Monday to Friday, without public holidays and the centre's free days.

    Args:
        rules: of the centre, with its hours and free days.
    """
    if end <= start:
        return 0.0
    first, last = clock.today(start), clock.today(end)
    if first == last:
        return _within(first, start, end, rules)
    whole = calendar.working_between(first, last - timedelta(days=1), rules.free_days) * _length(rules)
    opening = _within(first, start, _at(last, rules), rules)
    return opening + whole + _within(last, _at(first, rules), end, rules)


def _within(day: date, start: datetime, end: datetime, rules: Rules) -> float:
    """The hours of one day that lie between two moments."""
    if calendar.why_free(day, rules.free_days):
        return 0.0
    opens = datetime.combine(day, rules.opens, clock.WARSAW)
    closes = datetime.combine(day, rules.closes, clock.WARSAW)
    return max((min(end, closes) - max(start, opens)).total_seconds(), 0.0) / 3600


def _at(day: date, rules: Rules) -> datetime:
    return datetime.combine(day, rules.opens, clock.WARSAW)


def _length(rules: Rules) -> float:
    """The hours of a whole day."""
    opens, closes = rules.opens, rules.closes
    return (closes.hour - opens.hour) + (closes.minute - opens.minute) / 60
