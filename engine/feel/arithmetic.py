"""Sums, differences, products, quotients and powers of numbers, texts, moments and durations; None where undefined."""

from __future__ import annotations

from decimal import Decimal, DecimalException

from engine.feel import budget, moments
from engine.feel.durations import DAY, DaysTime, YearsMonths
from engine.feel.moments import Date, DateTime, Time
from engine.feel.numbers import CONTEXT
from engine.feel.values import Value

_LONGEST = 10**30  # nanoseconds; a duration beyond it is none


def compute(operator: str, left: Value, right: Value) -> Value:
    """`left operator right`, one of + - * / **."""
    if left is None or right is None:
        return None
    try:
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return _numbers(operator, left, right)
        return _OPERATIONS[operator](left, right)
    except (DecimalException, OverflowError):
        return None


def negative(value: Value) -> Value:
    """`-value`."""
    if isinstance(value, Decimal):
        return CONTEXT.minus(value)
    if isinstance(value, DaysTime):
        return DaysTime(-value.nanos)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.months)
    return None


def _numbers(operator: str, left: Decimal, right: Decimal) -> Decimal | None:
    if operator == "+":
        return CONTEXT.add(left, right)
    if operator == "-":
        return CONTEXT.subtract(left, right)
    if operator == "*":
        return CONTEXT.multiply(left, right)
    if operator == "/":
        return CONTEXT.divide(left, right)
    return CONTEXT.power(left, right)


def _sum(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        budget.spend_text(len(left) + len(right))
        return left + right
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return _days_time(left.nanos + right.nanos)
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return _years_months(left.months + right.months)
    if isinstance(left, DaysTime | YearsMonths):
        left, right = right, left
    if isinstance(left, Date | Time | DateTime) and isinstance(right, DaysTime | YearsMonths):
        return moments.shift(left, right)
    return None


def _difference(left: Value, right: Value) -> Value:
    if isinstance(right, DaysTime | YearsMonths):
        return _sum(left, negative(right)) if not isinstance(left, str) else None
    if isinstance(left, Time) and isinstance(right, Time):
        return _times_apart(left, right)
    if isinstance(left, Date | DateTime) and isinstance(right, Date | DateTime):
        return _days_apart(left, right)
    return None


def _times_apart(left: Time, right: Time) -> DaysTime | None:
    if (left.zone is None) != (right.zone is None):
        return None
    day = Date(2000, 1, 1)
    return DaysTime(DateTime(day, left).instant - DateTime(day, right).instant)


def _days_apart(left: Date | DateTime, right: Date | DateTime) -> DaysTime | None:
    if isinstance(left, Date) and isinstance(right, Date):
        return DaysTime((left.ordinal - right.ordinal) * DAY)
    one, other = _midnight(left, right), _midnight(right, left)
    if (one.zone is None) != (other.zone is None):
        return None
    return DaysTime(one.instant - other.instant)


def _midnight(moment: Date | DateTime, beside: Date | DateTime) -> DateTime:
    """A date beside a date-time stands for its midnight: in Greenwich if the other has a zone."""
    if isinstance(moment, DateTime):
        return moment
    zone = 0 if isinstance(beside, DateTime) and beside.zone is not None else None
    return DateTime(moment, Time(0, 0, 0, 0, zone))


def _product(left: Value, right: Value) -> Value:
    if isinstance(left, Decimal):
        left, right = right, left
    if not isinstance(right, Decimal):
        return None
    if isinstance(left, DaysTime):
        return _days_time(int(CONTEXT.multiply(Decimal(left.nanos), right)))
    if isinstance(left, YearsMonths):
        return _years_months(int(CONTEXT.multiply(Decimal(left.months), right)))
    return None


def _quotient(left: Value, right: Value) -> Value:
    if isinstance(left, DaysTime) and isinstance(right, DaysTime):
        return CONTEXT.divide(Decimal(left.nanos), Decimal(right.nanos))
    if isinstance(left, YearsMonths) and isinstance(right, YearsMonths):
        return CONTEXT.divide(Decimal(left.months), Decimal(right.months))
    if not isinstance(right, Decimal):
        return None
    if isinstance(left, DaysTime):
        return _days_time(int(CONTEXT.divide(Decimal(left.nanos), right)))
    if isinstance(left, YearsMonths):
        return _years_months(int(CONTEXT.divide(Decimal(left.months), right)))
    return None


def _nothing(_left: Value, _right: Value) -> Value:
    return None


def _days_time(nanos: int) -> DaysTime | None:
    return DaysTime(nanos) if abs(nanos) < _LONGEST else None


def _years_months(months: int) -> YearsMonths | None:
    return YearsMonths(months) if abs(months) < _LONGEST else None


_OPERATIONS = {"+": _sum, "-": _difference, "*": _product, "/": _quotient, "**": _nothing}
