"""The syntax tree of FEEL: one frozen dataclass for each form an expression can take."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.types import Type


@dataclass(frozen=True, kw_only=True)
class Node:
    """Any expression; `position` counts characters of the text from 0."""

    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Literal(Node):
    """A value that stands in the text: number, text, boolean, null, `@"…"`."""

    value: object


@dataclass(frozen=True, kw_only=True)
class Name(Node):
    """A variable, a function or `?`."""

    name: str


@dataclass(frozen=True, kw_only=True)
class Arithmetic(Node):
    """`left operator right`, one of + - * / **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, kw_only=True)
class Comparison(Node):
    """`left operator right`, one of = != < <= > >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, kw_only=True)
class Conjunction(Node):
    """`a and b and …`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Disjunction(Node):
    """`a or b or …`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class Between(Node):
    """`operand between low and high`."""

    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, kw_only=True)
class Membership(Node):
    """`operand in test` or `operand in (test, …)`."""

    operand: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class InstanceOf(Node):
    """`operand instance of type`."""

    operand: Node
    type: Type


@dataclass(frozen=True, kw_only=True)
class Interval(Node):
    """`[low..high]` with open or closed ends."""

    low: Node
    low_included: bool
    high: Node
    high_included: bool


@dataclass(frozen=True, kw_only=True)
class UnaryRange(Node):
    """`< operand`, as a test or in brackets; one of = != < <= > >=."""

    operator: str
    operand: Node


@dataclass(frozen=True, kw_only=True)
class ListLiteral(Node):
    """`[a, b, …]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, kw_only=True)
class ContextLiteral(Node):
    """`{key: value, …}`; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, kw_only=True)
class Path(Node):
    """`operand.name`."""

    operand: Node
    name: str


@dataclass(frozen=True, kw_only=True)
class Filter(Node):
    """`operand[condition]`."""

    operand: Node
    condition: Node


@dataclass(frozen=True, kw_only=True)
class Invocation(Node):
    """`function(a, b)` or `function(name: a)`; `names` is empty for arguments by position."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A formal parameter with the type that its argument must have."""

    name: str
    type: Type | None


@dataclass(frozen=True, kw_only=True)
class FunctionLiteral(Node):
    """`function(a, b: number) body`; without a body it is external, which is never called."""

    parameters: tuple[Parameter, ...]
    body: Node | None


@dataclass(frozen=True, kw_only=True)
class Conditional(Node):
    """`if condition then yes else no`."""

    condition: Node
    yes: Node
    no: Node


@dataclass(frozen=True, kw_only=True)
class Iterator:
    """`name in source` or `name in source..end`."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, kw_only=True)
class For(Node):
    """`for a in …, b in … return result`; `partial` when the result reads the results so far."""

    iterators: tuple[Iterator, ...]
    result: Node
    partial: bool


@dataclass(frozen=True, kw_only=True)
class Quantified(Node):
    """`some` or `every` `a in … satisfies condition`."""

    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, kw_only=True)
class Asking(Node):
    """A test that reads the tested value as `?` and answers by itself."""

    test: Node


@dataclass(frozen=True, kw_only=True)
class UnaryTests(Node):
    """The tests of a decision-table cell; `-` has none and always holds."""

    tests: tuple[Node, ...]
    negated: bool
