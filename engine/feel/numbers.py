"""Numbers of FEEL: decimals of 34 digits, as in IEEE 754 decimal128."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException, DivisionByZero, InvalidOperation, Overflow

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
ZERO = Decimal(0)


def read(text: str) -> Decimal | None:
    """The number that `text` writes, or None when it is none or too large."""
    try:
        number = CONTEXT.create_decimal(text)
    except DecimalException:
        return None
    return number if number.is_finite() else None


def whole(number: Decimal) -> int:
    """The integer part, towards zero."""
    return int(number)


def rounded(number: Decimal, scale: int, rounding: str) -> Decimal | None:
    """`number` with at most `scale` digits after the point (negative scales round tens, hundreds …)."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale:
        return number
    wide = Context(prec=6200, Emin=-6300, Emax=6300)
    return read(str(number.quantize(Decimal((0, (1,), -scale)), rounding=rounding, context=wide)))


def shown(number: Decimal) -> str:
    """The number in plain digits: no exponent, no zeros behind the last digit that counts."""
    if number == 0:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(number: Decimal) -> int | float:
    """The number as JSON carries it: an int where it is whole, else a float."""
    return int(number) if number == number.to_integral_value() else float(number)
