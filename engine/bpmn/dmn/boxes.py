"""Reads boxed expressions: literal, context, invocation, function, list, relation, table and the rest."""

from __future__ import annotations

from collections.abc import Callable

from engine.bpmn.dmn import markup
from engine.bpmn.dmn.markup import LOGIC, Node, child, children
from engine.bpmn.dmn.model import (
    Boxed,
    Cell,
    Conditional,
    ContextBox,
    Entry,
    Filter,
    FunctionBox,
    Input,
    Invocation,
    ListBox,
    Literal,
    Output,
    Parameter,
    Relation,
    Rounds,
    Rule,
    Table,
)
from engine.bpmn.markup import refused_at

DEEPEST = 40  # boxes within each other


def first(node: Node | None, depth: int = 0) -> Boxed | None:
    """The boxed expression that stands directly in `node`.

    Raises:
        DefinitionRejected: when boxes nest beyond all reason.
    """
    found = child(node, *LOGIC)
    return _box(found, depth) if found is not None else None


def _box(node: Node, depth: int) -> Boxed:
    if depth > DEEPEST:
        raise refused_at(node, "Wyrażenia są zbyt głęboko zagnieżdżone. Wydziel z nich osobne decyzje.")
    return _READERS[markup.kind(node)](node, depth + 1)


def _inside(node: Node, name: str, depth: int) -> Boxed | None:
    """The expression in a part such as `if` or `return`."""
    return first(child(node, name), depth)


def _literal(node: Node, _depth: int = 0) -> Literal:
    return Literal(
        id=_id(node),
        line=markup.line(node),
        type=_type(node),
        text=markup.text(node, "text"),
    )


def _context(node: Node, depth: int) -> Boxed:
    entries = tuple(_entry(one, child(one, "variable"), depth) for one in children(node, "contextEntry"))
    return ContextBox(id=_id(node), line=markup.line(node), type=_type(node), entries=entries)


def _entry(node: Node, variable: Node | None, depth: int) -> Entry:
    type_ = variable.get("typeRef") or "" if variable is not None else ""
    return Entry(name=markup.name(variable), type=type_, value=first(node, depth))


def _invocation(node: Node, depth: int) -> Boxed:
    bindings = tuple(_entry(one, child(one, "parameter"), depth) for one in children(node, "binding"))
    function_ = first(node, depth)
    return Invocation(id=_id(node), line=markup.line(node), type=_type(node), function=function_, bindings=bindings)


def function(node: Node, depth: int = 0) -> FunctionBox:
    """A function definition, or the encapsulated logic of a business knowledge model."""
    return FunctionBox(
        id=_id(node),
        line=markup.line(node),
        type=_type(node),
        language=node.get("kind") or "FEEL",
        parameters=_parameters(node, "formalParameter"),
        body=first(node, depth),
    )


def _parameters(node: Node, kind: str) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=markup.name(one), type=_type(one)) for one in children(node, kind))


def _list(node: Node, depth: int) -> Boxed:
    items = tuple(_box(one, depth) for one in children(node, *LOGIC))
    return ListBox(id=_id(node), line=markup.line(node), type=_type(node), items=items)


def _relation(node: Node, depth: int) -> Boxed:
    rows = tuple(tuple(_box(one, depth) for one in children(row, *LOGIC)) for row in children(node, "row"))
    columns = _parameters(node, "column")
    return Relation(id=_id(node), line=markup.line(node), type=_type(node), columns=columns, rows=rows)


def _conditional(node: Node, depth: int) -> Boxed:
    return Conditional(
        id=_id(node),
        line=markup.line(node),
        type=_type(node),
        condition=_inside(node, "if", depth),
        yes=_inside(node, "then", depth),
        no=_inside(node, "else", depth),
    )


def _filter(node: Node, depth: int) -> Boxed:
    source, match = _inside(node, "in", depth), _inside(node, "match", depth)
    return Filter(id=_id(node), line=markup.line(node), type=_type(node), source=source, match=match)


def _rounds(node: Node, depth: int) -> Boxed:
    word = markup.kind(node)
    return Rounds(
        id=_id(node),
        line=markup.line(node),
        type=_type(node),
        word=word,
        variable=" ".join((node.get("iteratorVariable") or "").split()),
        source=_inside(node, "in", depth),
        result=_inside(node, "return" if word == "for" else "satisfies", depth),
    )


def _table(node: Node, _depth: int) -> Boxed:
    return Table(
        id=_id(node),
        line=markup.line(node),
        type=_type(node),
        policy=node.get("hitPolicy") or "UNIQUE",
        aggregation=node.get("aggregation") or "",
        orientation=node.get("preferredOrientation") or "Rule-as-Row",
        label=node.get("outputLabel") or "",
        inputs=tuple(_input(one) for one in children(node, "input")),
        outputs=tuple(_output(one) for one in children(node, "output")),
        rules=tuple(_rule(one) for one in children(node, "rule")),
        notes=tuple(one.get("name") or "" for one in children(node, "annotation")),
    )


def _input(node: Node) -> Input:
    found = child(node, "inputExpression")
    expression = _literal(found if found is not None else node)
    values = markup.text(child(node, "inputValues"), "text")
    label = node.get("label") or expression.text
    return Input(id=_id(node), line=markup.line(node), label=label, expression=expression, values=values)


def _output(node: Node) -> Output:
    default = child(node, "defaultOutputEntry")
    return Output(
        id=_id(node),
        line=markup.line(node),
        name=markup.name(node),
        label=node.get("label") or node.get("name") or "",
        type=_type(node),
        values=markup.text(child(node, "outputValues"), "text"),
        default=_literal(default) if default is not None and markup.text(default, "text") else None,
    )


def _rule(node: Node) -> Rule:
    return Rule(
        id=_id(node),
        line=markup.line(node),
        tests=tuple(
            Cell(id=_id(one), line=markup.line(one), text=markup.text(one, "text"))
            for one in children(node, "inputEntry")
        ),
        answers=tuple(_literal(one) for one in children(node, "outputEntry")),
        notes=tuple(markup.text(one, "text") for one in children(node, "annotationEntry")),
    )


def _id(node: Node) -> str:
    return node.get("id") or ""


def _type(node: Node) -> str:
    return node.get("typeRef") or ""


_READERS: dict[str, Callable[[Node, int], Boxed]] = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _rounds,
    "some": _rounds,
    "every": _rounds,
    "decisionTable": _table,
}
