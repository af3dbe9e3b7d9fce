"""Walks the syntax tree and computes its value. What FEEL leaves undefined is null; only the budget ends the walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import cast

from engine.feel import arithmetic, budget, comparison, conformance, nodes
from engine.feel.budget import Budget
from engine.feel.iteration import between
from engine.feel.library import FUNCTIONS, invoke
from engine.feel.properties import property_of
from engine.feel.scope import Scope
from engine.feel.types import Types
from engine.feel.values import Function, Range, Value

Step = Callable[["Interpreter", nodes.Node, Scope], Value]


class Interpreter:
    """One evaluation: its budget and the types that the decision model declares."""

    def __init__(self, spent: Budget, types: Types) -> None:
        self.budget = spent
        self.types = types

    def evaluate(self, node: nodes.Node, scope: Scope) -> Value:
        """The value of the expression.

        Raises:
            ExpressionFailed: when the budget is spent.
        """
        spent = self.budget
        spent.spend(1)
        spent.depth += 1
        if spent.depth > budget.DEPTH:
            raise budget.too_deep()
        try:
            return _STEPS[type(node)](self, node, scope)
        finally:
            spent.depth -= 1

    # --- values and names -----------------------------------------------------------------------

    def _literal(self, node: nodes.Literal, _scope: Scope) -> Value:
        return node.value

    def _name(self, node: nodes.Name, scope: Scope) -> Value:
        return scope.find(node.name, FUNCTIONS.get(node.name))

    def _list(self, node: nodes.ListLiteral, scope: Scope) -> Value:
        return [self.evaluate(item, scope) for item in node.items]

    def _context(self, node: nodes.ContextLiteral, scope: Scope) -> Value:
        entries: dict[str, Value] = {}
        inner = Scope(entries, scope)
        for key, value in node.entries:
            if key in entries:
                return None
            entries[key] = self.evaluate(value, inner)
        return entries

    def _interval(self, node: nodes.Interval, scope: Scope) -> Value:
        low, high = self.evaluate(node.low, scope), self.evaluate(node.high, scope)
        if comparison.less(low, high) is None:
            return None
        return Range(low, high, node.low_included, node.high_included)

    def _unary_range(self, node: nodes.UnaryRange, scope: Scope) -> Value:
        end = self.evaluate(node.operand, scope)
        operator = node.operator
        if operator in {"=", "!="}:
            return Range(end, end, operator == "=", operator == "=", operator)
        if comparison.less(end, end) is None:
            return None
        if operator in {"<", "<="}:
            return Range(None, end, False, operator == "<=")
        return Range(end, None, operator == ">=", False)

    # --- operators ------------------------------------------------------------------------------

    def _arithmetic(self, node: nodes.Arithmetic, scope: Scope) -> Value:
        chain = [node]
        while isinstance(chain[-1].left, nodes.Arithmetic):
            chain.append(chain[-1].left)
        self.budget.spend(len(chain))
        value = self.evaluate(chain[-1].left, scope)
        for link in reversed(chain):
            value = arithmetic.compute(link.operator, value, self.evaluate(link.right, scope))
        return value

    def _negation(self, node: nodes.Negation, scope: Scope) -> Value:
        return arithmetic.negative(self.evaluate(node.operand, scope))

    def _comparison(self, node: nodes.Comparison, scope: Scope) -> Value:
        return comparison.compare(node.operator, self.evaluate(node.left, scope), self.evaluate(node.right, scope))

    def _conjunction(self, node: nodes.Conjunction, scope: Scope) -> Value:
        return self._chain(node.parts, scope, False)

    def _disjunction(self, node: nodes.Disjunction, scope: Scope) -> Value:
        return self._chain(node.parts, scope, True)

    def _chain(self, parts: tuple[nodes.Node, ...], scope: Scope, decisive: bool) -> Value:
        """The decisive truth ends `and` (False) and `or` (True); what is no truth leaves the answer open."""
        answer: Value = not decisive
        for part in parts:
            value = self.evaluate(part, scope)
            if value is decisive:
                return decisive
            if not isinstance(value, bool):
                answer = None
        return answer

    def _between(self, node: nodes.Between, scope: Scope) -> Value:
        value = self.evaluate(node.operand, scope)
        low, high = self.evaluate(node.low, scope), self.evaluate(node.high, scope)
        return comparison.all_of(comparison.at_most(low, value), comparison.at_most(value, high))

    def _membership(self, node: nodes.Membership, scope: Scope) -> Value:
        return self.passes_any(self.evaluate(node.operand, scope), node.tests, scope)

    def _instance_of(self, node: nodes.InstanceOf, scope: Scope) -> Value:
        return conformance.instance_of(self.evaluate(node.operand, scope), node.type, self.types)

    # --- tests ----------------------------------------------------------------------------------

    def passes_any(self, value: Value, tests: tuple[nodes.Node, ...], scope: Scope) -> bool | None:
        """True when the value passes one of the tests; `?` in a test is the value."""
        inner = Scope({"?": value}, scope)
        answer: bool | None = False
        for test in tests:
            result = self._passes(value, test, inner)
            if result:
                return True
            answer = None if result is None else answer
        return answer

    def _passes(self, value: Value, test: nodes.Node, scope: Scope) -> bool | None:
        result = self.evaluate(test, scope)
        if isinstance(test, nodes.Literal):
            return value is None if result is None else comparison.passes(value, result)
        if isinstance(result, bool) and (isinstance(test, nodes.Asking) or not isinstance(value, bool)):
            return result
        return comparison.passes(value, result)

    def _asking(self, node: nodes.Asking, scope: Scope) -> Value:
        return self.evaluate(node.test, scope)

    def _unary_tests(self, node: nodes.UnaryTests, scope: Scope) -> Value:
        if not node.tests:
            return True
        answer = self.passes_any(scope.find("?"), node.tests, scope)
        return comparison.negated(answer) if node.negated else answer

    # --- paths, filters, functions --------------------------------------------------------------

    def _path(self, node: nodes.Path, scope: Scope) -> Value:
        value = self.evaluate(node.operand, scope)
        if isinstance(value, list):
            self.budget.spend(len(value))
            return [property_of(item, node.name) for item in value]
        return property_of(value, node.name)

    def _filter(self, node: nodes.Filter, scope: Scope) -> Value:
        value = self.evaluate(node.operand, scope)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        if not items:
            return None if isinstance(self.evaluate(node.condition, _item_scope(None, scope)), Decimal) else []
        chosen: list[Value] = []
        for item in items:
            result = self.evaluate(node.condition, _item_scope(item, scope))
            if isinstance(result, Decimal):
                return _at_index(items, result)
            if result is True:
                chosen.append(item)
            elif result is not None and result is not False:
                return None
        return chosen

    def _invocation(self, node: nodes.Invocation, scope: Scope) -> Value:
        arguments = [self.evaluate(argument, scope) for argument in node.arguments]
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        function = scope.find(name) if name else self.evaluate(node.function, scope)
        if not isinstance(function, Function):
            function = FUNCTIONS.get(name)
        return invoke(function, arguments, node.names) if function is not None else None

    def _function(self, node: nodes.FunctionLiteral, scope: Scope) -> Value:
        body = node.body
        names = tuple(parameter.name for parameter in node.parameters)
        types = tuple(parameter.type for parameter in node.parameters)

        def call(values: list[Value]) -> Value:
            if body is None:
                return None
            given: dict[str, Value] = {}
            for name, type_, value in zip(names, types, values, strict=True):
                given[name] = value if type_ is None else conformance.coerced(value, type_, self.types)
                if value is not None and given[name] is None:
                    return None
            return self.evaluate(body, Scope(given, scope))

        return Function(names, call, types)

    # --- branches and rounds ----------------------------------------------------------------------

    def _conditional(self, node: nodes.Conditional, scope: Scope) -> Value:
        branch: nodes.Node = node
        while isinstance(branch, nodes.Conditional):
            self.budget.spend(1)
            condition = self.evaluate(branch.condition, scope)
            if condition is not None and not isinstance(condition, bool):
                return None
            branch = branch.yes if condition else branch.no
        return self.evaluate(branch, scope)

    def _for(self, node: nodes.For, scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for names in self._rounds(node.iterators, scope):
                if node.partial:
                    self.budget.spend(len(results))
                    names["partial"] = list(results)
                results.append(self.evaluate(node.result, Scope(names, scope)))
        except _NoSourceError:
            return None
        return results

    def _quantified(self, node: nodes.Quantified, scope: Scope) -> Value:
        answer: Value = node.every
        try:
            for names in self._rounds(node.iterators, scope):
                result = self.evaluate(node.condition, Scope(names, scope))
                if not isinstance(result, bool):
                    answer = None
                elif result is not node.every:
                    return result
        except _NoSourceError:
            return None
        return answer

    def _rounds(self, iterators: tuple[nodes.Iterator, ...], scope: Scope) -> Iterator[dict[str, Value]]:
        """The names of each round, the last iterator turning fastest."""
        first, rest = iterators[0], iterators[1:]
        for value in self._source(first, scope):
            self.budget.spend(1)
            names = {first.name: value}
            if not rest:
                yield names
                continue
            for inner in self._rounds(rest, Scope(names, scope)):
                yield {**names, **inner}

    def _source(self, iterator: nodes.Iterator, scope: Scope) -> Iterable[Value]:
        source = self.evaluate(iterator.source, scope)
        if iterator.end is not None:
            found: Iterable[Value] | None = between(source, self.evaluate(iterator.end, scope))
        elif isinstance(source, Range):
            found = between(source.low, source.high, source.low_included, source.high_included)
        elif isinstance(source, list):
            found = source
        else:
            found = None if source is None else [source]
        if found is None:
            raise _NoSourceError
        return found


class _NoSourceError(Exception):
    """There is nothing to go through: null, or ends that no steps lead between."""


def _item_scope(item: Value, scope: Scope) -> Scope:
    names: dict[str, Value] = {"item": item}
    if isinstance(item, dict):
        names = {"item": item, **item}
    return Scope(names, scope)


def _at_index(items: list[Value], index: Decimal) -> Value:
    if index != index.to_integral_value() or not 1 <= abs(index) <= len(items):
        return None
    place = int(index)
    return items[place - 1] if place > 0 else items[place]


_STEPS: dict[type[nodes.Node], Step] = {
    cast(type[nodes.Node], form): cast(Step, step)
    for form, step in {
        nodes.Literal: Interpreter._literal,
        nodes.Name: Interpreter._name,
        nodes.ListLiteral: Interpreter._list,
        nodes.ContextLiteral: Interpreter._context,
        nodes.Interval: Interpreter._interval,
        nodes.UnaryRange: Interpreter._unary_range,
        nodes.Arithmetic: Interpreter._arithmetic,
        nodes.Negation: Interpreter._negation,
        nodes.Comparison: Interpreter._comparison,
        nodes.Conjunction: Interpreter._conjunction,
        nodes.Disjunction: Interpreter._disjunction,
        nodes.Between: Interpreter._between,
        nodes.Membership: Interpreter._membership,
        nodes.InstanceOf: Interpreter._instance_of,
        nodes.Asking: Interpreter._asking,
        nodes.UnaryTests: Interpreter._unary_tests,
        nodes.Path: Interpreter._path,
        nodes.Filter: Interpreter._filter,
        nodes.Invocation: Interpreter._invocation,
        nodes.FunctionLiteral: Interpreter._function,
        nodes.Conditional: Interpreter._conditional,
        nodes.For: Interpreter._for,
        nodes.Quantified: Interpreter._quantified,
    }.items()
}
