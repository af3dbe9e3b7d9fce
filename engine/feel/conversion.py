"""The door between Python's values and FEEL's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.errors import ExpressionFailed
from engine.feel import budget, numbers
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.moments import Date, DateTime, Time, Zone
from engine.feel.values import Function, Range, Value
from engine.model import Json

_NESTING = 60


def from_python(value: object, depth: int = 0) -> Value:
    """The value as FEEL knows it: JSON, Decimal, Python's dates and times, and FEEL's own values.

    Raises:
        ExpressionFailed: for any other object, or nesting beyond all reason.
    """
    if value is None or isinstance(
        value, bool | str | Function | Date | Time | DateTime | DaysTime | YearsMonths | Range
    ):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int | Decimal):
        return _number(str(value) if isinstance(value, int) else value)
    if isinstance(value, float):
        return numbers.read(repr(value))
    if depth > _NESTING:
        raise budget.too_deep()
    if isinstance(value, Mapping):
        budget.spend(len(value))
        return {str(key): from_python(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        budget.spend(len(value))
        return [from_python(item, depth + 1) for item in value]
    return _moment(value)


def _number(value: str | Decimal) -> Value:
    return numbers.read(str(value))


def _moment(value: object) -> Value:
    if isinstance(value, datetime):
        return DateTime(_date(value), _time(value.timetz(), value))
    if isinstance(value, date):
        return _date(value)
    if isinstance(value, time):
        return _time(value, None)
    if isinstance(value, timedelta):
        return DaysTime((value.days * 86_400 + value.seconds) * 1_000_000_000 + value.microseconds * 1000)
    raise ExpressionFailed(f"Wartości typu „{type(value).__name__}” nie można użyć w wyrażeniu.")


def _date(value: date) -> Date:
    return Date(value.year, value.month, value.day)


def _time(value: time, moment: datetime | None) -> Time:
    zone: Zone = None
    if isinstance(value.tzinfo, ZoneInfo):
        zone = value.tzinfo.key
    elif value.tzinfo is not None:
        shift = moment.utcoffset() if moment is not None else value.utcoffset()
        zone = int(shift.total_seconds()) if shift is not None else None
    return Time(value.hour, value.minute, value.second, value.microsecond * 1000, zone)


def to_python(value: Value, depth: int = 0) -> object:
    """The value as Python's own types say it.

    Durations, ranges and functions stay FEEL's, and so does a moment that Python cannot hold
    (years below 1 or above 9999, fractions finer than a microsecond).

    Raises:
        ExpressionFailed: when the value is nested beyond all reason or too large.
    """
    budget.spend()
    if isinstance(value, dict | list) and depth > _NESTING:
        raise budget.too_deep()
    if isinstance(value, dict):
        return {key: to_python(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [to_python(item, depth + 1) for item in value]
    if isinstance(value, Date) and 1 <= value.year <= 9999:
        return date(value.year, value.month, value.day)
    if isinstance(value, Time) and value.nano % 1000 == 0:
        return _python_time(value)
    if isinstance(value, DateTime) and 1 <= value.date.year <= 9999 and value.time.nano % 1000 == 0:
        return datetime.combine(date(value.date.year, value.date.month, value.date.day), _python_time(value.time))
    return value


def _python_time(value: Time) -> time:
    return time(value.hour, value.minute, value.second, value.nano // 1000, tzinfo=_tzinfo(value.zone))


def _tzinfo(zone: Zone) -> tzinfo | None:
    if zone is None:
        return None
    return ZoneInfo(zone) if isinstance(zone, str) else timezone(timedelta(seconds=zone))


def to_json(value: object) -> Json:
    """The value as JSON carries it: numbers as int or float, moments and durations as ISO 8601 text.

    Raises:
        ExpressionFailed: for a range or a function, which JSON cannot carry.
    """
    with budget.opened():
        return _json(from_python(value))


def _json(value: Value) -> Json:
    budget.spend()
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return numbers.plain(value)
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    if isinstance(value, Time | DateTime) and isinstance(value.zone, str):
        return _named(value)
    if isinstance(value, Range | Function):
        raise ExpressionFailed("Wynikiem wyrażenia jest przedział lub funkcja, a takich wartości nie można zapisać.")
    return str(value)


def _named(value: Time | DateTime) -> str:
    """A moment in a named zone, written with its offset, as ISO 8601 knows no names."""
    if isinstance(value, Time):
        return str(value)
    time_ = value.time
    return str(DateTime(value.date, Time(time_.hour, time_.minute, time_.second, time_.nano, value.offset)))
