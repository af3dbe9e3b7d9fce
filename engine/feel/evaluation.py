"""From text and context to a value: reads, remembers what was read, runs within the budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from engine import clock
from engine.errors import ExpressionFailed
from engine.feel import budget, names, nodes
from engine.feel.conversion import from_python, to_python
from engine.feel.interpreter import Interpreter
from engine.feel.parser import Parser
from engine.feel.reading import reads
from engine.feel.scope import Root, Scope
from engine.feel.types import Types
from engine.feel.values import Function, Value

_NO_TYPES: Types = {}


@dataclass(frozen=True, kw_only=True)
class Expression:
    """An expression that was read.

    `names` are the names it reads from the context, built-in functions aside. `possible` are names in
    filters (`oferty[kwota > 5]`), which mean a field of the items or, where they have none, a variable.
    """

    text: str
    names: frozenset[str]
    possible: frozenset[str]
    tree: nodes.Node = field(repr=False, compare=False)


def parse(text: str, known: frozenset[str] = frozenset()) -> Expression:
    """Read an expression, with or without a leading `=`.

    Args:
        text: the expression.
        known: names that hold signs or keywords (`liczba-ofert`, `za i przeciw`) and could not be guessed.

    Raises:
        ExpressionFailed: when it is no FEEL; `position` is where reading stopped.
    """
    return _read(text, known, False)


def parse_tests(text: str, known: frozenset[str] = frozenset()) -> Expression:
    """Read the unary tests of a decision-table cell (`> 5`, `"a", "b"`, `not(1)`, `-`).

    Raises:
        ExpressionFailed: as for parse.
    """
    return _read(text, known, True)


@lru_cache(maxsize=4096)
def _read(text: str, known: frozenset[str], tests: bool) -> Expression:
    indent = len(text) - len(text.lstrip())
    body = text
    if not tests and text[indent : indent + 1] == "=":
        body = " " * (indent + 1) + text[indent + 1 :]  # positions stay those of the whole text
    try:
        parser = Parser(body, known)
        tree = parser.whole_tests() if tests else parser.whole_expression()
    except RecursionError as error:
        raise budget.too_deep() from error
    found = reads(tree)
    return Expression(text=text, names=found.names, possible=found.possible, tree=tree)


def evaluate(
    text: str, context: Mapping[str, object], *, now: datetime | None = None, types: Types = _NO_TYPES
) -> object:
    """The value of the expression: None, bool, Decimal, str, Python's dates and times, FEEL's durations, list, dict.

    Args:
        text: the expression, with or without a leading `=`.
        context: what the names in it mean; JSON, Decimal, dates, FEEL values and functions.
        now: the moment that `now()` and `today()` give, aware (default: the present).
        types: types of a decision model that `instance of` and parameters may name.

    Raises:
        ExpressionFailed: when it is no FEEL, or takes more steps, depth or size than the budget allows.
            What FEEL leaves undefined is None, never an error.
    """
    expression = _read(text, names.special_names(context, text) | _type_names(types, text), False)
    return _run(expression, context, {}, now, types)


def holds(text: str, context: Mapping[str, object], now: datetime | None = None) -> bool:
    """True only when the expression is exactly true; null and everything else is False.

    Raises:
        ExpressionFailed: as for evaluate.
    """
    return evaluate(text, context, now=now) is True


def unary(
    text: str,
    value: object,
    context: Mapping[str, object],
    *,
    now: datetime | None = None,
    types: Types = _NO_TYPES,
) -> bool:
    """True when `value` passes the unary tests of a decision-table cell.

    Raises:
        ExpressionFailed: as for evaluate.
    """
    expression = _read(text, names.special_names(context, text) | _type_names(types, text), True)
    return _run(expression, context, {"?": value}, now, types) is True


class Calculation:
    """Many expressions that share a moment and the types of a decision model; it works on FEEL's own values."""

    def __init__(self, *, now: datetime | None = None, types: Types = _NO_TYPES) -> None:
        """Nothing is computed yet.

        Raises:
            ExpressionFailed: when `now` has no time zone.
        """
        self.types = types
        self._clock = Scope(_clock(now))

    def value(self, text: str, known: Mapping[str, Value]) -> Value:
        """The value of an expression.

        Raises:
            ExpressionFailed: as for evaluate.
        """
        return self._computed(_read(text, self._names(text, known), False).tree, dict(known))

    def passes(self, text: str, value: Value, known: Mapping[str, Value]) -> bool:
        """True when `value` passes the unary tests of a decision-table cell.

        Raises:
            ExpressionFailed: as for evaluate.
        """
        tree = _read(text, self._names(text, known), True).tree
        return self._computed(tree, {**known, "?": value}) is True

    def place(self, text: str, value: Value) -> int | None:
        """Which of the unary tests `value` passes first, counted from 0; None when it passes none.

        Raises:
            ExpressionFailed: as for evaluate.
        """
        tree = _read(text, _type_names(self.types, text), True).tree
        tests = tree.tests if isinstance(tree, nodes.UnaryTests) else ()
        for number, test in enumerate(tests):
            alone = nodes.UnaryTests(tests=(test,), negated=False, position=tree.position)
            if self._computed(alone, {"?": value}) is True:
                return number
        return None

    def _names(self, text: str, known: Mapping[str, Value]) -> frozenset[str]:
        return names.special_names(known, text) | _type_names(self.types, text)

    def _computed(self, tree: nodes.Node, known: dict[str, Value]) -> Value:
        with budget.opened() as spent:
            return Interpreter(spent, self.types).evaluate(tree, Scope(known, self._clock))


def _type_names(types: Types, text: str) -> frozenset[str]:
    return frozenset(name for name in types if names.appears(name, text))


def _run(
    expression: Expression,
    context: Mapping[str, object],
    extra: Mapping[str, object],
    now: datetime | None,
    types: Types,
) -> object:
    with budget.opened() as spent:
        outer = Scope(_clock(now))
        root = Root(context)
        root.outer = outer
        scope = Scope({name: from_python(value) for name, value in extra.items()}, root)
        return to_python(Interpreter(spent, types).evaluate(expression.tree, scope))


def _clock(now: datetime | None) -> dict[str, Value]:
    """`now()` and `today()` of this evaluation, on the wall clock of the centre."""
    if now is not None and now.tzinfo is None:
        raise ExpressionFailed("Chwila obliczenia musi mieć podaną strefę czasową.")
    return {
        "now": Function((), lambda _: from_python(clock.local(now or clock.now()))),
        "today": Function((), lambda _: from_python(clock.today(now))),
    }
