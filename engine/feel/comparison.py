"""Equality, order and membership with the three truth values of FEEL: True, False and None."""

from __future__ import annotations

from decimal import Decimal

from engine.feel import budget
from engine.feel.durations import NANOS, DaysTime, YearsMonths
from engine.feel.moments import Date, DateTime, Time, offset_of
from engine.feel.values import Range, Value, kind

_ANY_DAY = Date(2000, 1, 1)  # a time of day alone takes its zone's offset from this day


def negated(truth: bool | None) -> bool | None:
    """False for True, True for False, None for None."""
    return None if truth is None else not truth


def all_of(*truths: bool | None) -> bool | None:
    """`and` of FEEL."""
    if any(truth is False for truth in truths):
        return False
    return None if any(truth is None for truth in truths) else True


def equal(left: Value, right: Value) -> bool | None:
    """`left = right`; None when the two are of different kinds.

    Times are equal when they agree to the second, whatever their fractions (DMN: the value of a time is in seconds).
    """
    budget.spend()
    if left is None or right is None:
        return left is None and right is None
    if kind(left) != kind(right):
        return None
    if isinstance(left, list) and isinstance(right, list):
        return _equal_lists(left, right)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and _all_equal([(left[key], right[key]) for key in left])
    if isinstance(left, Time | DateTime) and isinstance(right, Time | DateTime):
        return (left.zone is None) == (right.zone is None) and _seconds(left) == _seconds(right)
    if isinstance(left, Range) and isinstance(right, Range):
        return _equal_ranges(left, right)
    return left == right


def _equal_lists(left: list[Value], right: list[Value]) -> bool | None:
    return len(left) == len(right) and _all_equal(list(zip(left, right, strict=True)))


def _all_equal(pairs: list[tuple[Value, Value]]) -> bool:
    return all(equal(one, other) is True for one, other in pairs)


def _equal_ranges(left: Range, right: Range) -> bool:
    marks = (left.low_included, left.high_included, left.sign) == (right.low_included, right.high_included, right.sign)
    return marks and equal(left.low, right.low) is True and equal(left.high, right.high) is True


def _seconds(moment: Time | DateTime) -> int:
    return _nanos(moment) // NANOS


def _nanos(moment: Time | DateTime) -> int:
    if isinstance(moment, DateTime):
        return moment.instant
    return moment.nanos - offset_of(moment.zone, _ANY_DAY, moment) * NANOS


def less(left: Value, right: Value) -> bool | None:
    """`left < right`; None when the two have no order."""
    budget.spend()
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return left < right
    if isinstance(left, str) and isinstance(right, str):
        return left < right
    if isinstance(left, Date) and isinstance(right, Date):
        return left < right
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return left < right
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return left < right
    if isinstance(left, Time | DateTime) and type(left) is type(right) and isinstance(right, Time | DateTime):
        return _nanos(left) < _nanos(right) if (left.zone is None) == (right.zone is None) else None
    return None


def at_most(left: Value, right: Value) -> bool | None:
    """`left <= right`."""
    if less(left, right):
        return True
    return equal(left, right) if less(right, left) is not None else None


def compare(operator: str, left: Value, right: Value) -> bool | None:
    """`left operator right`, one of = != < <= > >=."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        return negated(equal(left, right))
    if operator in {"<", ">"}:
        return less(left, right) if operator == "<" else less(right, left)
    return at_most(left, right) if operator == "<=" else at_most(right, left)


def covers(range_: Range, value: Value) -> bool | None:
    """True when `value` lies in the range."""
    if value is None:
        return None
    if range_.sign:
        return compare(range_.sign, value, range_.low)
    above = compare(">=" if range_.low_included else ">", value, range_.low) if range_.low is not None else True
    below = compare("<=" if range_.high_included else "<", value, range_.high) if range_.high is not None else True
    return all_of(above, below)


def passes(value: Value, test: Value) -> bool | None:
    """True when `value` passes the evaluated test: equals it, lies in it, or passes one of its elements."""
    if isinstance(test, Range):
        return covers(test, value) if not isinstance(value, Range) else equal(value, test)
    if isinstance(test, list):
        same = equal(value, test) if isinstance(value, list) else None
        return same or any_of([_passes_element(value, element) for element in test])
    if test is None and value is not None:
        return None
    return equal(value, test)


def _passes_element(value: Value, element: Value) -> bool | None:
    if isinstance(element, Range) and not isinstance(value, Range):
        return covers(element, value)
    return equal(value, element) is True


def any_of(truths: list[bool | None]) -> bool | None:
    """`or` of FEEL."""
    if any(truth is True for truth in truths):
        return True
    return None if any(truth is None for truth in truths) else False
