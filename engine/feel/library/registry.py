"""How built-in functions are declared and invoked: by signature, with arguments by position or by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import DecimalException
from typing import Any

from engine.feel import budget
from engine.feel.values import Function, Value, kind

Implementation = Callable[..., Value]
_MANY = {"dates": "date|date and time", "durations": "days and time duration|years and months duration"}
_PARAMETER = re.compile(r"(\*)?([A-Za-z0-9 ]+): ([a-z |]+)(\?)?")


@dataclass(frozen=True)
class Parameter:
    """One formal parameter: what kinds of values it takes, and whether it may be left out or null."""

    name: str
    kinds: frozenset[str]
    optional: bool


@dataclass(frozen=True)
class Overload:
    """One way to invoke a function; when `variadic`, its last parameter takes all arguments that are left."""

    parameters: tuple[Parameter, ...]
    variadic: bool
    implementation: Implementation


@dataclass(frozen=True, eq=False)
class BuiltIn(Function):
    """A function of the FEEL library with all its overloads."""

    overloads: list[Overload] = field(default_factory=list)


FUNCTIONS: dict[str, BuiltIn] = {}


def function(signature: str) -> Callable[[Implementation], Implementation]:
    """Declare a built-in, such as `substring(string: string, length: number?)`.

    Args:
        signature: name and parameters. A type ending in `?` may be left out or null; `*` before the last
            parameter gathers any number of arguments into a list; `|` separates kinds; `any` takes null too.
    """
    name, _, rest = signature.partition("(")
    parts = [_PARAMETER.fullmatch(part) for part in rest.rstrip(")").split(", ") if part]
    parameters = tuple(
        Parameter(match[2], _kinds(match[3]), match[4] is not None) for match in parts if match is not None
    )
    variadic = any(match is not None and match[1] is not None for match in parts)

    def declare(implementation: Implementation) -> Implementation:
        known = FUNCTIONS.get(name)
        if known is None:
            known = BuiltIn(tuple(parameter.name for parameter in parameters), _by_position(name))
            FUNCTIONS[name] = known
        known.overloads.append(Overload(parameters, variadic, implementation))
        return implementation

    return declare


def _kinds(text: str) -> frozenset[str]:
    return frozenset(_MANY.get(text, text).split("|"))


def _by_position(name: str) -> Callable[[list[Value]], Value]:
    return lambda values: invoke(FUNCTIONS[name], values, ())


def invoke(target: Function, arguments: list[Value], names: tuple[str, ...]) -> Value:
    """The function's value for these arguments; None when they do not fit its parameters."""
    if not isinstance(target, BuiltIn):
        values = _ordered(target.parameters, arguments, names)
        return target.call(values) if values is not None and len(values) == len(target.parameters) else None
    for overload in target.overloads:
        fitting = _fitting(overload, arguments, names)
        if fitting is not None:
            return _call(overload.implementation, fitting)
    return None


def _call(implementation: Implementation, values: list[Value]) -> Value:
    budget.spend(1 + sum(len(value) if isinstance(value, list) else 0 for value in values))
    try:
        return implementation(*values)
    except (DecimalException, OverflowError, ValueError):
        return None


def _ordered(parameters: tuple[str, ...], arguments: list[Value], names: tuple[str, ...]) -> list[Value] | None:
    """The arguments in the order of the parameters, None for those not named; None for a name nobody knows."""
    if not names:
        return arguments
    if len(set(names)) != len(names) or not set(names) <= set(parameters):
        return None
    given = dict(zip(names, arguments, strict=True))
    return [given.get(name) for name in parameters]


def _fitting(overload: Overload, arguments: list[Value], names: tuple[str, ...]) -> list[Value] | None:
    parameters = overload.parameters
    if overload.variadic and not names:
        arguments = _gathered(arguments) if len(parameters) == 1 else _tail_gathered(arguments, len(parameters))
    values = _ordered(tuple(parameter.name for parameter in parameters), arguments, names)
    if values is None or len(values) > len(parameters):
        return None
    if any(not parameter.optional for parameter in parameters[len(values) :]):
        return None
    fitted = [_fit(value, parameter) for value, parameter in zip(values, parameters, strict=False)]
    return None if any(item is _UNFIT for item in fitted) else fitted


def _gathered(arguments: list[Value]) -> list[Value]:
    """One list is the list; anything else, one or many, are its elements; nothing at all does not fit."""
    if not arguments or (len(arguments) == 1 and (arguments[0] is None or isinstance(arguments[0], list))):
        return arguments
    return [arguments]


def _tail_gathered(arguments: list[Value], length: int) -> list[Value]:
    """The last parameter takes all arguments that are left, if there are any."""
    return arguments if len(arguments) < length else [*arguments[: length - 1], arguments[length - 1 :]]


_UNFIT: Any = object()


def _fit(value: Value, parameter: Parameter) -> Value:
    """The value as the parameter takes it: a list of one gives its element, a lone value becomes a list."""
    kinds = parameter.kinds
    if value is None:
        return None if parameter.optional or "any" in kinds else _UNFIT
    if "any" in kinds or kind(value) in kinds or (isinstance(value, Function) and "function" in kinds):
        return value
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    return [value] if "list" in kinds and not isinstance(value, list) else _UNFIT
