"""The rounds of `for x in low..high`: whole numbers or days, upwards or downwards."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.feel.moments import Date, from_ordinal
from engine.feel.values import Value


def between(low: Value, high: Value, low_included: bool = True, high_included: bool = True) -> Iterator[Value] | None:
    """Every value from one end to the other; None where the ends are neither whole numbers nor dates."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if low != low.to_integral_value() or high != high.to_integral_value():
            return None
        return map(Decimal, _steps(int(low), int(high), low_included, high_included))
    if isinstance(low, Date) and isinstance(high, Date):
        return map(from_ordinal, _steps(low.ordinal, high.ordinal, low_included, high_included))
    return None


def _steps(low: int, high: int, low_included: bool, high_included: bool) -> range:
    way = 1 if low <= high else -1
    first = low if low_included else low + way
    last = high if high_included else high - way
    return range(first, last + way, way)
