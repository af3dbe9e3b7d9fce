"""Computes boxed expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from engine.bpmn.dmn import tables, typing
from engine.bpmn.dmn.model import (
    Boxed,
    Conditional,
    ContextBox,
    Filter,
    FunctionBox,
    Invocation,
    ListBox,
    Literal,
    Relation,
    Rounds,
    Table,
)
from engine.bpmn.dmn.room import Names, Room
from engine.feel import budget
from engine.feel.iteration import between
from engine.feel.library import invoke
from engine.feel.values import Function, Range, Value


def value(box: Boxed | None, names: Names, room: Room) -> Value:
    """The value of a boxed expression, of the type that it declares.

    Raises:
        ExpressionFailed: when the budget is spent; in a strict room when something is wrong.
    """
    if box is None:
        return None
    with budget.opened() as spent:
        spent.spend(1)
        spent.depth += 1
        if spent.depth > budget.DEPTH:
            raise budget.too_deep()
        try:
            found = _STEPS[type(box)](box, names, room)
        finally:
            spent.depth -= 1
    return room.typed(found, box.type, "wynik") if not isinstance(box, FunctionBox) else found


def function(box: FunctionBox, names: Names, room: Room) -> Function:
    """The function; `names` are looked up when it is invoked."""

    result = typing.returned(room.file, box.type)

    def call(values: list[Value]) -> Value:
        given: dict[str, Value] = {}
        for parameter, one in zip(box.parameters, values, strict=True):
            given[parameter.name] = room.typed(one, parameter.type, f"argument „{parameter.name}”")
            if one is not None and given[parameter.name] is None:
                return None
        if box.language != "FEEL":
            room.fault("funkcji zapisanej w innym języku niż FEEL ten system nie wywołuje.")
            return None
        return room.typed(value(box.body, {**names, **given}, room), result, "wynik funkcji")

    types = tuple(typing.named(one.type) if one.type else None for one in box.parameters)
    return Function(tuple(one.name for one in box.parameters), call, types)


def _literal(box: Literal, names: Names, room: Room) -> Value:
    return room.value(box.text, names)


def _context(box: ContextBox, names: Names, room: Room) -> Value:
    entries: dict[str, Value] = {}
    for entry in box.entries:
        seen = {**names, **entries}
        if isinstance(entry.value, FunctionBox):
            found: Value = _recursive(entry.name, entry.value, seen, room)
        else:
            found = room.typed(value(entry.value, seen, room), entry.type, f"wartość „{entry.name or 'wynik'}”")
        if not entry.name:
            return found
        entries[entry.name] = found
    return entries


def _recursive(name: str, box: FunctionBox, names: dict[str, Value], room: Room) -> Function:
    """A function that may invoke itself by the name of its entry."""
    made = function(box, names, room)
    if name:
        names[name] = made
    return made


def _invocation(box: Invocation, names: Names, room: Room) -> Value:
    target = value(box.function, names, room)
    arguments = [room.typed(value(one.value, names, room), one.type, f"argument „{one.name}”") for one in box.bindings]
    if not isinstance(target, Function):
        return None
    return invoke(target, arguments, tuple(one.name for one in box.bindings))


def _function(box: FunctionBox, names: Names, room: Room) -> Value:
    return function(box, names, room)


def _list(box: ListBox, names: Names, room: Room) -> Value:
    return [value(item, names, room) for item in box.items]


def _relation(box: Relation, names: Names, room: Room) -> Value:
    return [
        {
            column.name: room.typed(value(cell, names, room), column.type, f"wartość w kolumnie „{column.name}”")
            for column, cell in zip(box.columns, row, strict=False)
        }
        for row in box.rows
    ]


def _conditional(box: Conditional, names: Names, room: Room) -> Value:
    condition = value(box.condition, names, room)
    if condition is not None and not isinstance(condition, bool):
        return None
    return value(box.yes if condition else box.no, names, room)


def _filter(box: Filter, names: Names, room: Room) -> Value:
    items = value(box.source, names, room)
    if items is None:
        return None
    found: list[Value] = []
    for item in items if isinstance(items, list) else [items]:
        own = item if isinstance(item, dict) else {}
        answer = value(box.match, {**names, "item": item, **own}, room)
        if answer is not None and not isinstance(answer, bool):
            return None
        if answer:
            found.append(item)
    return found


def _rounds(box: Rounds, names: Names, room: Room) -> Value:
    items = _source(value(box.source, names, room))
    if items is None:
        return None
    found: list[Value] = []
    for item in items:
        inner = {**names, box.variable: item}
        if box.word == "for":
            budget.spend(len(found))
            inner["partial"] = list(found)
        found.append(value(box.result, inner, room))
    if box.word == "for":
        return found
    return room.value(f"{box.word} answer in answers satisfies answer", {"answers": found})


def _source(items: Value) -> Iterator[Value] | None:
    if isinstance(items, Range):
        return between(items.low, items.high, items.low_included, items.high_included)
    if items is None:
        return None
    return iter(items if isinstance(items, list) else [items])


def _table(box: Table, names: Names, room: Room) -> Value:
    return tables.decide(box, names, room)


_STEPS: dict[type[Boxed], Callable[[Boxed, Names, Room], Value]] = {
    form: cast(Callable[[Boxed, Names, Room], Value], step)
    for form, step in {
        Literal: _literal,
        ContextBox: _context,
        Invocation: _invocation,
        FunctionBox: _function,
        ListBox: _list,
        Relation: _relation,
        Conditional: _conditional,
        Filter: _filter,
        Rounds: _rounds,
        Table: _table,
    }.items()
}
