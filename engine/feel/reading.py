"""Which names an expression reads, found without running it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel import nodes
from engine.feel.library import FUNCTIONS

_Bound = frozenset[str]
_OWN = frozenset({"?", "item", "partial"})
_CLOCK = frozenset({"now", "today"})


@dataclass(frozen=True)
class Reads:
    """`names` are read from the context for sure; `possible` stand in filters and may be fields of the items."""

    names: frozenset[str]
    possible: frozenset[str]


class _Walk:
    def __init__(self) -> None:
        self.names: set[str] = set()
        self.possible: set[str] = set()
        # What is still to be visited: the node, the names that are bound there, whether it stands in a filter.
        self.waiting: list[tuple[nodes.Node, _Bound, bool]] = []

    def visit(self, node: nodes.Node, bound: _Bound, filtered: bool) -> None:
        if isinstance(node, nodes.Name):
            if node.name not in bound:
                (self.possible if filtered else self.names).add(node.name)
        elif isinstance(node, nodes.Filter):
            self.waiting += [(node.operand, bound, filtered), (node.condition, bound | {"item"}, True)]
        elif isinstance(node, nodes.Invocation):
            self._invocation(node, bound, filtered)
        elif isinstance(node, nodes.FunctionLiteral):
            inner = bound | {parameter.name for parameter in node.parameters}
            self.waiting += [(node.body, inner, filtered)] if node.body is not None else []
        elif isinstance(node, nodes.ContextLiteral):
            for key, value in node.entries:
                bound_later = bound | {key}
                recursive = isinstance(value, nodes.FunctionLiteral)
                self.waiting.append((value, bound_later if recursive else bound, filtered))
                bound = bound_later
        elif isinstance(node, nodes.For):
            self._rounds(node.iterators, node.result, bound | {"partial"}, filtered)
        elif isinstance(node, nodes.Quantified):
            self._rounds(node.iterators, node.condition, bound, filtered)
        else:
            self.waiting += [(child, bound, filtered) for child in _children(node)]

    def _invocation(self, node: nodes.Invocation, bound: _Bound, filtered: bool) -> None:
        named = node.function.name if isinstance(node.function, nodes.Name) else ""
        if named not in FUNCTIONS and named not in _CLOCK:
            self.waiting.append((node.function, bound, filtered))
        self.waiting += [(argument, bound, filtered) for argument in node.arguments]

    def _rounds(self, iterators: tuple[nodes.Iterator, ...], result: nodes.Node, bound: _Bound, filtered: bool) -> None:
        for iterator in iterators:
            self.waiting.append((iterator.source, bound, filtered))
            if iterator.end is not None:
                self.waiting.append((iterator.end, bound, filtered))
            bound = bound | {iterator.name}
        self.waiting.append((result, bound, filtered))


def _children(node: nodes.Node) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for value in vars(node).values():
        if isinstance(value, nodes.Node):
            found.append(value)
        elif isinstance(value, tuple):
            found += [item for item in value if isinstance(item, nodes.Node)]
    return found


def reads(tree: nodes.Node) -> Reads:
    """The free names of the tree."""
    walk = _Walk()
    walk.waiting.append((tree, frozenset({"?"}), False))
    while walk.waiting:
        walk.visit(*walk.waiting.pop())
    return Reads(frozenset(walk.names), frozenset(walk.possible - walk.names))
