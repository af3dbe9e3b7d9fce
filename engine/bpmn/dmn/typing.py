"""Types of a model's own: what they are in FEEL, and whether a value fits them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.dmn.model import File, ItemType
from engine.feel import Calculation, conformance, durations, moments
from engine.feel.types import ANY, BUILT_IN, ContextOf, FunctionOf, ListOf, Named, RangeOf, Type
from engine.feel.values import Value

OLDER = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "days and time": "days and time duration",
    "years and months": "years and months duration",
}


def named(reference: str) -> Type:
    """The type that a `typeRef` names: `number`, `feel:number`, `tKwota`, `wspolne.tKwota`; "" is any."""
    name = reference.strip()
    if name in BUILT_IN:
        return Named(name)
    bare = name.rpartition(":")[2].strip()
    bare = OLDER.get(bare, bare)
    if not bare:
        return ANY
    return Named(bare)


def types_of(items: Mapping[str, ItemType], imports: Mapping[str, File]) -> dict[str, Type]:
    """What `instance of` and parameters may name: the types of the file, and those of its imports by `name.type`."""
    found = {name: _type(item) for name, item in items.items()}
    for alias, file in imports.items():
        found |= {f"{alias}.{name}": _moved(type_, alias, file) for name, type_ in file.types.items()}
    return found


def known(file: File, type_: Type) -> bool:
    """True when every name in the type is a type that somebody defined."""
    if isinstance(type_, Named):
        return type_.name in BUILT_IN or type_.name in file.types
    if isinstance(type_, ListOf | RangeOf):
        return known(file, type_.item)
    if isinstance(type_, ContextOf):
        return all(known(file, entry) for _, entry in type_.entries)
    return all(known(file, one) for one in (*type_.parameters, type_.result))


def coerced(file: File, value: Value, reference: str, calculation: Calculation) -> Value:
    """The value as that type wants it; null when it does not fit or is not allowed."""
    type_ = named(reference)
    if type_ == ANY or not known(file, type_):
        return value
    fitted = conformance.coerced(value, type_, file.types)
    return fitted if _allowed(file, fitted, reference, calculation) else None


def returned(file: File, reference: str) -> str:
    """What a function of that type returns; a type that is none of functions is the one of the result itself."""
    type_ = named(reference)
    if type_ == Named("function"):
        return ""
    found = _item(file, reference)
    return found[1].function[1] if found is not None and found[1].function is not None else reference


def dated(file: File, value: Value, type_: Type) -> Value:
    """The value with texts turned into the dates, times and durations that the type asks for.

    The variables of an instance are JSON, which writes moments as text.
    """
    if isinstance(type_, Named) and type_.name in file.types:
        own = file.types[type_.name]
        return dated(file, value, own) if own != type_ else value
    if isinstance(value, str) and isinstance(type_, Named):
        return _moment(value, type_.name)
    if isinstance(value, list) and isinstance(type_, ListOf):
        return [dated(file, item, type_.item) for item in value]
    if isinstance(value, dict) and isinstance(type_, ContextOf):
        types = dict(type_.entries)
        return {name: dated(file, item, types.get(name, ANY)) for name, item in value.items()}
    return value


def allowed_values(file: File, reference: str) -> str:
    """The unary tests of what a type of the model allows, "" when it allows everything."""
    for _ in range(20):
        found = _item(file, reference)
        if found is None or found[1].allowed:
            return found[1].allowed if found is not None else ""
        file, reference = found[0], found[1].base
    return ""


def _type(item: ItemType) -> Type:
    type_: Type = ANY
    if item.base:
        type_ = named(item.base)
    elif item.function is not None:
        parameters, result = item.function
        type_ = FunctionOf(tuple(named(one) for one in parameters), named(result))
    elif item.parts:
        type_ = ContextOf(tuple((part.name, _type(part)) for part in item.parts))
    return ListOf(type_) if item.many else type_


def _moved(type_: Type, alias: str, file: File) -> Type:
    """A type of an imported file as the importing one writes it."""
    if isinstance(type_, Named):
        return Named(f"{alias}.{type_.name}") if type_.name in file.types else type_
    if isinstance(type_, ListOf):
        return ListOf(_moved(type_.item, alias, file))
    if isinstance(type_, RangeOf):
        return RangeOf(_moved(type_.item, alias, file))
    if isinstance(type_, ContextOf):
        return ContextOf(tuple((name, _moved(entry, alias, file)) for name, entry in type_.entries))
    parameters = tuple(_moved(one, alias, file) for one in type_.parameters)
    return FunctionOf(parameters, _moved(type_.result, alias, file))


def _item(file: File, reference: str) -> tuple[File, ItemType] | None:
    """A type of the model, with the file it stands in."""
    type_ = named(reference)
    name = type_.name if isinstance(type_, Named) else ""
    if name in file.items:
        return file, file.items[name]
    alias, _, inner = name.partition(".")
    return _item(file.imports[alias], inner) if alias in file.imports and inner else None


def _allowed(file: File, value: Value, reference: str, calculation: Calculation) -> bool:
    found = _item(file, reference)
    return found is None or _fits(found[0], value, found[1], calculation)


def _fits(file: File, value: Value, item: ItemType, calculation: Calculation) -> bool:
    """True when the value passes what the type and its parts allow; null passes everywhere."""
    if value is None:
        return True
    if item.whole and not calculation.passes(item.whole, value, {}):
        return False
    values = value if item.many and isinstance(value, list) else [value]
    return all(_fits_one(file, one, item, calculation) for one in values if one is not None)


def _fits_one(file: File, value: Value, item: ItemType, calculation: Calculation) -> bool:
    if item.allowed and not calculation.passes(item.allowed, value, {}):
        return False
    if item.base:
        return _allowed(file, value, item.base, calculation)
    if isinstance(value, dict):
        return all(_fits(file, value.get(part.name), part, calculation) for part in item.parts)
    return True


def _moment(text: str, type_: str) -> Value:
    found: Value = None
    if type_ == "date":
        found = moments.read_date(text)
    elif type_ == "date and time":
        found = moments.read_date_time(text)
    elif type_ == "time":
        found = moments.read_time(text)
    elif type_.endswith("duration"):
        found = durations.read(text)
    return text if found is None else found
