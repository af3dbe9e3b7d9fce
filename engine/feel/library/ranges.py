"""Built-in functions that compare points and ranges (DMN 10.3.4.9). A point is the range from it to itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.feel.comparison import equal, less
from engine.feel.library.registry import function
from engine.feel.values import Range, Value

_POINTS = "point1: any, point2: any"
_POINT_RANGE = "point: any, range: range"
_RANGE_POINT = "range: range, point: any"
_RANGES = "range1: range, range2: range"


@dataclass(frozen=True)
class _End:
    """One end of a range; `beyond` is -1 or 1 for an end that lies without limit on that side."""

    value: Value
    included: bool
    beyond: int

    def before(self, other: _End) -> bool:
        if self.beyond or other.beyond:
            return self.beyond < other.beyond
        answer = less(self.value, other.value)
        if answer is None:
            raise ValueError("no order")
        return answer

    def level(self, other: _End) -> bool:
        if self.beyond or other.beyond:
            return self.beyond == other.beyond
        return equal(self.value, other.value) is True


@dataclass(frozen=True)
class _Span:
    low: _End
    high: _End


def _span(value: Value) -> _Span:
    if value is None:
        raise ValueError("no point")
    if not isinstance(value, Range):
        return _Span(_End(value, True, 0), _End(value, True, 0))
    low = _End(value.low, value.low_included, -1 if value.low is None else 0)
    return _Span(low, _End(value.high, value.high_included, 1 if value.high is None else 0))


def _relation(
    name: str, *signatures: str
) -> Callable[[Callable[[_Span, _Span], bool]], Callable[[_Span, _Span], bool]]:
    """Declare a relation, for each of these pairs of parameters."""

    def declare(relation: Callable[[_Span, _Span], bool]) -> Callable[[_Span, _Span], bool]:
        for signature in signatures:
            function(f"{name}({signature})")(lambda one, other: relation(_span(one), _span(other)))
        return relation

    return declare


@_relation("before", _RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)
def before(one: _Span, other: _Span) -> bool:
    """The first ends before the second starts."""
    apart = not (one.high.included and other.low.included)
    return one.high.before(other.low) or (apart and one.high.level(other.low))


@_relation("after", _RANGES, _POINT_RANGE, _RANGE_POINT, _POINTS)
def after(one: _Span, other: _Span) -> bool:
    """The first starts after the second ends."""
    return before(other, one)


@_relation("meets", _RANGES)
def meets(one: _Span, other: _Span) -> bool:
    """The first ends where the second starts."""
    return one.high.included and other.low.included and one.high.level(other.low)


@_relation("met by", _RANGES)
def met_by(one: _Span, other: _Span) -> bool:
    """The first starts where the second ends."""
    return meets(other, one)


def _reaches(high: _End, low: _End) -> bool:
    return low.before(high) or (high.level(low) and high.included and low.included)


@_relation("overlaps", _RANGES)
def overlaps(one: _Span, other: _Span) -> bool:
    """The two have a value in common."""
    return _reaches(one.high, other.low) and _reaches(other.high, one.low)


@_relation("overlaps before", _RANGES)
def overlaps_before(one: _Span, other: _Span) -> bool:
    """The first starts before the second, and ends within it."""
    starts_first = one.low.included and not other.low.included and one.low.level(other.low)
    return (
        (one.low.before(other.low) or starts_first)
        and _reaches(one.high, other.low)
        and _ends_within(one.high, other.high)
    )


@_relation("overlaps after", _RANGES)
def overlaps_after(one: _Span, other: _Span) -> bool:
    """The first starts within the second, and ends after it."""
    return overlaps_before(other, one)


def _ends_within(inner: _End, outer: _End) -> bool:
    return inner.before(outer) or (inner.level(outer) and (not inner.included or outer.included))


def _starts_within(inner: _End, outer: _End) -> bool:
    return outer.before(inner) or (inner.level(outer) and (not inner.included or outer.included))


@_relation("finishes", _RANGES, _POINT_RANGE)
def finishes(one: _Span, other: _Span) -> bool:
    """The two end together, and the first starts within the second."""
    together = one.high.included == other.high.included and one.high.level(other.high)
    return together and _starts_within(one.low, other.low)


@_relation("finished by", _RANGES, _RANGE_POINT)
def finished_by(one: _Span, other: _Span) -> bool:
    """The two end together, and the second starts within the first."""
    return finishes(other, one)


@_relation("includes", _RANGES, _RANGE_POINT)
def includes(one: _Span, other: _Span) -> bool:
    """The second lies within the first."""
    return _starts_within(other.low, one.low) and _ends_within(other.high, one.high)


@_relation("during", _RANGES, _POINT_RANGE)
def during(one: _Span, other: _Span) -> bool:
    """The first lies within the second."""
    return includes(other, one)


@_relation("starts", _RANGES, _POINT_RANGE)
def starts(one: _Span, other: _Span) -> bool:
    """The two start together, and the first ends within the second."""
    together = one.low.included == other.low.included and one.low.level(other.low)
    return together and _ends_within(one.high, other.high)


@_relation("started by", _RANGES, _RANGE_POINT)
def started_by(one: _Span, other: _Span) -> bool:
    """The two start together, and the second ends within the first."""
    return starts(other, one)


@_relation("coincides", _RANGES, _POINTS)
def coincides(one: _Span, other: _Span) -> bool:
    """The two start and end together."""
    if one.low.before(other.low) or other.low.before(one.low):  # asks for an order, which unlike kinds have not
        return False
    marks = (one.low.included, one.high.included) == (other.low.included, other.high.included)
    return marks and one.high.level(other.high)
