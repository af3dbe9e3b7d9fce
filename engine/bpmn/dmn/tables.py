"""Decision tables: which rules match, and what the hit policy makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.bpmn.dmn import typing
from engine.bpmn.dmn.model import Output, Rule, Table
from engine.bpmn.dmn.room import Names, Room
from engine.feel import budget, comparison
from engine.feel.values import Value

Hit = tuple[int, Rule]

MANY = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
AGGREGATES = {"SUM": "sum(values)", "MIN": "min(values)", "MAX": "max(values)", "COUNT": "count(values)"}


def decide(table: Table, names: Names, room: Room) -> Value:
    """What the table answers.

    Raises:
        ExpressionFailed: in a strict room, when rules contradict each other or a value is not allowed.
    """
    asked = [_asked(table, number, names, room) for number in range(len(table.inputs))]
    if any(not fits for fits, _ in asked):
        return None
    hits = _hits(table, [value for _, value in asked], names, room)
    return _POLICIES.get(table.policy, _unknown)(table, hits, names, room)


def _asked(table: Table, number: int, names: Names, room: Room) -> tuple[bool, Value]:
    """The value of an input column, and whether it is allowed."""
    column = table.inputs[number]
    value = room.dated(room.value(column.expression.text, names), column.expression.type)
    fitted = room.typed(value, column.expression.type, f"wartość w kolumnie „{column.label}”")
    if fitted is not None and column.values and not room.passes(column.values, fitted, names):
        room.fault(f"wartość w kolumnie „{column.label}” nie należy do dozwolonych: {column.values}.")
        return False, None
    return value is None or fitted is not None, fitted


def _hits(table: Table, values: list[Value], names: Names, room: Room) -> Iterator[Hit]:
    """The rules whose tests all pass, with their numbers as a person counts them."""
    for number, rule in enumerate(table.rules, 1):
        budget.spend()
        cells = zip(rule.tests, values, strict=False)
        if all(cell.text in {"", "-"} or room.passes(cell.text, value, names) for cell, value in cells):
            yield number, rule


def _unique(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    found = list(hits)
    if len(found) > 1:
        room.fault(f"{_rules(found)} pasują jednocześnie, a wolno tylko jednej (UNIQUE). Popraw tabelę.")
        return None
    return _answer(table, found[0][1], names, room) if found else _default(table, names, room)


def _first(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    found = next(hits, None)
    return _answer(table, found[1], names, room) if found else _default(table, names, room)


def _any(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    found = list(hits)
    answers = [_answer(table, rule, names, room) for _, rule in found]
    if not answers:
        return _default(table, names, room)
    if any(comparison.equal(answers[0], other) is not True for other in answers[1:]):
        room.fault(f"{_rules(found)} pasują jednocześnie i dają różne wyniki (ANY). Popraw tabelę.")
        return None
    return answers[0]


def _priority(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    answers = _ordered(table, hits, names, room)
    return _one(table, answers[0]) if answers else _default(table, names, room)


def _collect(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    answers = [_answer(table, rule, names, room) for _, rule in hits]
    if not answers and _has_default(table):
        return _default(table, names, room)
    if not table.aggregation:
        return answers
    return room.value(AGGREGATES.get(table.aggregation, "null"), {"values": answers})


def _rule_order(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    answers = [_answer(table, rule, names, room) for _, rule in hits]
    return answers if answers or not _has_default(table) else _default(table, names, room)


def _output_order(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> Value:
    answers: list[Value] = [_one(table, one) for one in _ordered(table, hits, names, room)]
    return answers if answers or not _has_default(table) else _default(table, names, room)


def _unknown(table: Table, _hits: Iterator[Hit], _names: Names, room: Room) -> Value:
    room.fault(f"nieznana zasada wyboru reguł „{table.policy}”.")
    return None


_POLICIES: dict[str, Callable[[Table, Iterator[Hit], Names, Room], Value]] = {
    "UNIQUE": _unique,
    "FIRST": _first,
    "ANY": _any,
    "PRIORITY": _priority,
    "COLLECT": _collect,
    "RULE ORDER": _rule_order,
    "OUTPUT ORDER": _output_order,
}


def _answer(table: Table, rule: Rule, names: Names, room: Room) -> Value:
    return _one(table, _answers(table, rule, names, room))


def _answers(table: Table, rule: Rule, names: Names, room: Room) -> list[Value]:
    pairs = zip(table.outputs, rule.answers, strict=False)
    return [_checked(table, output, room.value(entry.text, names), room) for output, entry in pairs]


def _checked(table: Table, output: Output, value: Value, room: Room) -> Value:
    """The value of an output entry, null when the column does not allow it."""
    label = output.label or table.label or "wynik"
    fitted = room.typed(value, output.type, f"wartość w kolumnie „{label}”")
    if fitted is not None and output.values and not room.passes(output.values, fitted, {}):
        room.fault(f"wartość w kolumnie „{label}” nie należy do dozwolonych: {output.values}.")
        return None
    return fitted


def _one(table: Table, answers: list[Value]) -> Value:
    """One column gives its value, several a context."""
    if len(table.outputs) == 1:
        return answers[0] if answers else None
    return {output.name: value for output, value in zip(table.outputs, answers, strict=False)}


def _has_default(table: Table) -> bool:
    return any(output.default is not None for output in table.outputs)


def _default(table: Table, names: Names, room: Room) -> Value:
    if not _has_default(table):
        return None
    answers = [
        None if one.default is None else _checked(table, one, room.value(one.default.text, names), room)
        for one in table.outputs
    ]
    return _one(table, answers)


def _ordered(table: Table, hits: Iterator[Hit], names: Names, room: Room) -> list[list[Value]]:
    """The answers of all hits, the most important first: by the order of output values, column by column."""
    orders = [order(table, output, room) for output in table.outputs]

    def rank(answers: list[Value]) -> list[int]:
        return [_place(text, value, room) for text, value in zip(orders, answers, strict=False) if text]

    return sorted((_answers(table, rule, names, room) for _, rule in hits), key=rank)


def order(table: Table, output: Output, room: Room) -> str:
    """The values of an output column in the order of their importance, "" when nothing orders them."""
    if output.values:
        return output.values
    return typing.allowed_values(room.file, output.type or (table.type if len(table.outputs) == 1 else ""))


def _place(text: str, value: Value, room: Room) -> int:
    found = room.calculation.place(text, value)
    return len(text) if found is None else found


def _rules(found: list[Hit]) -> str:
    numbers = [str(number) for number, _ in found[:6]]
    return f"reguły {', '.join(numbers[:-1])} i {numbers[-1]}"
