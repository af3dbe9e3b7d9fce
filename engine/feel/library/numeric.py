"""Built-in functions on numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from engine.feel import numbers
from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.library.registry import function
from engine.feel.numbers import CONTEXT
from engine.feel.values import Value

_LEAST_SCALE, _GREATEST_SCALE = -6111, 6176


def _rounded(number: Decimal, scale: Decimal, rounding: str) -> Value:
    digits = int(scale)
    return numbers.rounded(number, digits, rounding) if _LEAST_SCALE <= digits <= _GREATEST_SCALE else None


@function("decimal(n: number, scale: number)")
def decimal(number: Decimal, scale: Decimal) -> Value:
    """Rounded to so many digits, halves to the even digit."""
    return _rounded(number, scale, ROUND_HALF_EVEN)


@function("floor(n: number)")
@function("floor(n: number, scale: number)")
def floor(number: Decimal, scale: Decimal = numbers.ZERO) -> Value:
    """Rounded downwards."""
    return _rounded(number, scale, ROUND_FLOOR)


@function("ceiling(n: number)")
@function("ceiling(n: number, scale: number)")
def ceiling(number: Decimal, scale: Decimal = numbers.ZERO) -> Value:
    """Rounded upwards."""
    return _rounded(number, scale, ROUND_CEILING)


@function("round up(n: number, scale: number)")
def round_up(number: Decimal, scale: Decimal) -> Value:
    """Rounded away from zero."""
    return _rounded(number, scale, ROUND_UP)


@function("round down(n: number, scale: number)")
def round_down(number: Decimal, scale: Decimal) -> Value:
    """Rounded towards zero."""
    return _rounded(number, scale, ROUND_DOWN)


@function("round half up(n: number, scale: number)")
def round_half_up(number: Decimal, scale: Decimal) -> Value:
    """Rounded, halves away from zero."""
    return _rounded(number, scale, ROUND_HALF_UP)


@function("round half down(n: number, scale: number)")
def round_half_down(number: Decimal, scale: Decimal) -> Value:
    """Rounded, halves towards zero."""
    return _rounded(number, scale, ROUND_HALF_DOWN)


@function("abs(n: number|days and time duration|years and months duration)")
def absolute(value: Value) -> Value:
    """The number or duration without its sign."""
    if isinstance(value, DaysTime):
        return DaysTime(abs(value.nanos))
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.months))
    return abs(value) if isinstance(value, Decimal) else None


@function("modulo(dividend: number, divisor: number)")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """What is left of the dividend, with the sign of the divisor."""
    quotient = CONTEXT.divide(dividend, divisor).to_integral_value(rounding=ROUND_FLOOR)
    rest = CONTEXT.subtract(dividend, CONTEXT.multiply(divisor, quotient))
    return rest if abs(rest) < abs(divisor) else None  # numbers so far apart that 34 digits hold no remainder


@function("sqrt(number: number)")
def sqrt(number: Decimal) -> Value:
    """The square root."""
    return CONTEXT.sqrt(number) if number >= 0 else None


@function("log(number: number)")
def log(number: Decimal) -> Value:
    """The natural logarithm."""
    return CONTEXT.ln(number) if number > 0 else None


@function("exp(number: number)")
def exp(number: Decimal) -> Value:
    """Euler's number to that power."""
    return CONTEXT.exp(number)


@function("odd(number: number)")
def odd(number: Decimal) -> Value:
    """True for odd whole numbers, None for numbers that are not whole."""
    return None if number != number.to_integral_value() else int(number) % 2 == 1


@function("even(number: number)")
def even(number: Decimal) -> Value:
    """True for even whole numbers, None for numbers that are not whole."""
    return None if number != number.to_integral_value() else int(number) % 2 == 0


@function("not(negand: boolean)")
def negation(truth: bool) -> Value:
    """The other truth."""
    return not truth
