"""Values that only FEEL has: ranges and functions; and which kind each value is of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from engine.feel.durations import DaysTime, YearsMonths
from engine.feel.moments import Date, DateTime, Time
from engine.feel.types import Type

# A value of FEEL: None, bool, Decimal, str, Date, Time, DateTime, DaysTime, YearsMonths,
# Range, Function, a list of values or a dict from str to value.
Value = object


@dataclass(frozen=True)
class Range:
    """All values between two ends; an end that is None is open without limit.

    `sign` is "=" or "!=" for the ranges `(= x)` and `(!= x)`, which equal no other notation.
    """

    low: Value
    high: Value
    low_included: bool
    high_included: bool
    sign: str = ""


@dataclass(frozen=True, eq=False)
class Function:
    """Something that can be invoked with one value for each parameter; gives null where it cannot compute.

    Made from FEEL (`function(a) a + 1`) or by a caller of this room, to hand business knowledge to expressions.
    """

    parameters: tuple[str, ...]
    call: Callable[[list[Value]], Value]
    types: tuple[Type | None, ...] = ()


_KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysTime: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def kind(value: Value) -> str:
    """The name of the value's type; "" for what is no value of FEEL."""
    return _KINDS.get(type(value), "")
