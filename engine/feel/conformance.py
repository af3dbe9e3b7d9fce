"""Whether a value is of a type, and the few conversions that FEEL makes by itself."""

from __future__ import annotations

from engine.feel import budget
from engine.feel.moments import Date, DateTime, Time
from engine.feel.types import ANY, BUILT_IN, ContextOf, FunctionOf, ListOf, Named, RangeOf, Type, Types
from engine.feel.values import Function, Range, Value, kind


def instance_of(value: Value, type_: Type, types: Types) -> bool | None:
    """`value instance of type`; null is an instance of nothing but Null, an unknown type gives None."""
    if value is None:
        return type_ == Named("Null")
    return conforms(value, type_, types)


def conforms(value: Value, type_: Type, types: Types) -> bool | None:
    """Like instance_of, but null conforms to every type."""
    budget.spend()
    if isinstance(type_, Named):
        return _conforms_named(value, type_.name, types)
    if value is None:
        return True
    if isinstance(type_, ListOf):
        return isinstance(value, list) and all(conforms(item, type_.item, types) for item in value)
    if isinstance(type_, ContextOf):
        return isinstance(value, dict) and all(
            name in value and conforms(value[name], entry, types) for name, entry in type_.entries
        )
    if isinstance(type_, RangeOf):
        ends = (value.low, value.high) if isinstance(value, Range) else ()
        return bool(ends) and all(end is None or conforms(end, type_.item, types) for end in ends)
    return isinstance(value, Function) and _conforms_function(value, type_)


def _conforms_named(value: Value, name: str, types: Types) -> bool | None:
    if name in types:
        own = types[name]
        return conforms(value, own, types) if own != Named(name) else None
    if name not in BUILT_IN:
        return None
    return value is None or name == "Any" or kind(value) == name


def _conforms_function(function: Function, type_: FunctionOf) -> bool:
    if len(function.parameters) != len(type_.parameters):
        return False
    declared = function.types or (None,) * len(function.parameters)
    pairs = zip(declared, type_.parameters, strict=True)
    return all(own is None or ANY in (own, wanted) or own == wanted for own, wanted in pairs)


def coerced(value: Value, type_: Type, types: Types) -> Value:
    """The value as that type wants it, else null.

    A list of one gives its element where no list is wanted, a lone value becomes a list where one is,
    and a date becomes its midnight in Greenwich where a date-time is wanted (DMN 10.3.2.9.4).
    """
    if conforms(value, type_, types):
        return value
    if isinstance(value, list) and len(value) == 1 and conforms(value[0], type_, types):
        return value[0]
    if not isinstance(value, list) and conforms([value], type_, types):
        return [value]
    if isinstance(value, Date):
        midnight = DateTime(value, Time(0, 0, 0, 0, 0))
        return midnight if conforms(midnight, type_, types) else None
    return None
