"""Built-in functions that turn one kind of value into another."""

from __future__ import annotations

import re
from decimal import Decimal

from engine.errors import ExpressionFailed
from engine.feel import durations, moments, nodes, numbers
from engine.feel.comparison import less
from engine.feel.durations import NANOS, DaysTime, YearsMonths
from engine.feel.library.registry import FUNCTIONS, function, invoke
from engine.feel.library.temporal import day_of
from engine.feel.moments import Date, DateTime, Time
from engine.feel.parser import Parser
from engine.feel.text import written
from engine.feel.values import Range, Value

_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_MAKERS = frozenset({"date", "time", "date and time", "duration"})


@function("string(from: any)")
def string(value: Value) -> Value:
    """The value as text."""
    return None if value is None else written(value)


@function("number(from: string)")
def number_plain(text: str) -> Value:
    """The number that the text writes with a point."""
    return numbers.read(text) if _NUMBER.fullmatch(text) and text.isascii() else None


@function("number(from: string, grouping separator: any, decimal separator: any)")
def number(text: str, grouping: Value, point: Value) -> Value:
    """The number that the text writes with these separators."""
    if grouping not in (None, " ", ".", ",") or point not in (None, ".", ","):
        return None
    if grouping is not None and grouping == point:
        return None
    if isinstance(grouping, str):
        text = text.replace(grouping, "")
    if isinstance(point, str) and point != ".":
        if "." in text:
            return None
        text = text.replace(point, ".")
    return number_plain(text)


@function("date(from: string|date|date and time)")
def date(value: Value) -> Value:
    """The date that the text writes, or the day of the date-time."""
    return moments.read_date(value) if isinstance(value, str) else day_of(value)


@function("date(year: number, month: number, day: number)")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    """That day."""
    return moments.date_of(int(year), int(month), int(day))


@function("date and time(from: string|date|date and time)")
def date_and_time(value: Value) -> Value:
    """The date-time that the text writes; midnight in Greenwich for a date."""
    if isinstance(value, str):
        return moments.read_date_time(value)
    return DateTime(value, Time(0, 0, 0, 0, 0)) if isinstance(value, Date) else value


@function("date and time(date: dates, time: time)")
def date_and_time_of(day: Value, time: Time) -> Value:
    """That time on that day."""
    return DateTime(day_of(day), time)


@function("time(from: string|time|date|date and time)")
def time(value: Value) -> Value:
    """The time that the text writes, or the time of the date-time; midnight in Greenwich for a date."""
    if isinstance(value, str):
        return moments.read_time(value)
    if isinstance(value, DateTime):
        return value.time
    return Time(0, 0, 0, 0, 0) if isinstance(value, Date) else value


@function("time(hour: number, minute: number, second: number, offset: days and time duration?)")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTime | None = None) -> Value:
    """That time, so far from Greenwich."""
    whole = int(second)
    nano = int((second - whole) * NANOS)
    zone = None
    if offset is not None:
        zone = abs(offset.nanos) // NANOS * (-1 if offset.nanos < 0 else 1)
    return moments.time_of(int(hour), int(minute), whole, nano, zone)


@function("duration(from: string|days and time duration|years and months duration)")
def duration(value: Value) -> Value:
    """The duration that the text writes."""
    return durations.read(value) if isinstance(value, str) else value


@function("years and months duration(from: dates, to: dates)")
def years_and_months_duration(start: Value, end: Value) -> Value:
    """The whole months from one day to another."""
    first, last = day_of(start), day_of(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@function("range(from: string)")
def range_of(text: str) -> Value:
    """The range that the text writes; its ends are literals or dates, times and durations made of literals."""
    try:
        node = Parser(text).whole_expression()
    except ExpressionFailed:
        return None
    if not isinstance(node, nodes.Interval):
        return None
    low, high = _end(node.low), _end(node.high)
    if low is None or high is None or less(high, low) is not False:
        return None
    return Range(low, high, node.low_included, node.high_included)


def _end(node: nodes.Node) -> Value:
    if isinstance(node, nodes.Literal):
        return node.value
    if isinstance(node, nodes.Negation) and isinstance(node.operand, nodes.Literal):
        value = node.operand.value
        return -value if isinstance(value, Decimal) else None
    if not isinstance(node, nodes.Invocation) or not isinstance(node.function, nodes.Name):
        return None
    arguments = [argument.value for argument in node.arguments if isinstance(argument, nodes.Literal)]
    if node.function.name not in _MAKERS or len(arguments) != len(node.arguments):
        return None
    return invoke(FUNCTIONS[node.function.name], arguments, node.names)
