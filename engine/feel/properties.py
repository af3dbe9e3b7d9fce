"""What stands behind the point: entries of contexts, parts of moments, durations and ranges."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from engine.feel.durations import NANOS, DaysTime, YearsMonths
from engine.feel.moments import Date, DateTime, Time, offset_of
from engine.feel.values import Range, Value

_EPOCH = Date(2000, 1, 1)


def property_of(value: Value, name: str) -> Value:
    """`value.name`; None where there is no such part."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, DateTime):
        return _DATE[name](value.date) if name in _DATE else _time_part(value, name)
    if isinstance(value, Date):
        return _DATE[name](value) if name in _DATE else None
    if isinstance(value, Time):
        return _time_part(DateTime(_EPOCH, value), name)
    if isinstance(value, DaysTime | YearsMonths):
        return _duration_part(value, name)
    return _range_part(value, name) if isinstance(value, Range) else None


_DATE: dict[str, Callable[[Date], Decimal]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(date.weekday),
}


def _time_part(moment: DateTime, name: str) -> Value:
    time = moment.time
    if name == "time offset":
        return None if time.zone is None else DaysTime(offset_of(time.zone, moment.date, time) * NANOS)
    if name == "timezone":
        return time.zone if isinstance(time.zone, str) else None
    numbers = {"hour": time.hour, "minute": time.minute, "second": time.second}
    return Decimal(numbers[name]) if name in numbers else None


def _duration_part(duration: DaysTime | YearsMonths, name: str) -> Value:
    sign = 1
    parts: dict[str, int]
    if isinstance(duration, YearsMonths):
        sign = -1 if duration.months < 0 else 1
        years, months = divmod(abs(duration.months), 12)
        parts = {"years": years, "months": months}
    else:
        sign = -1 if duration.nanos < 0 else 1
        days, hours, minutes, seconds, _ = duration.parts()
        parts = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
    return Decimal(sign * parts[name]) if name in parts else None


def _range_part(range_: Range, name: str) -> Value:
    parts: dict[str, Value] = {
        "start": range_.low,
        "end": range_.high,
        "start included": range_.low_included,
        "end included": range_.high_included,
    }
    return parts.get(name)
