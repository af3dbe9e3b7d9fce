"""Which names boxed expressions read from outside, found without running them."""

from __future__ import annotations

from collections.abc import Iterator

from engine import feel
from engine.bpmn.dmn.model import (
    Boxed,
    Conditional,
    ContextBox,
    Decision,
    File,
    Filter,
    FunctionBox,
    InputData,
    Invocation,
    ListBox,
    Literal,
    Relation,
    Rounds,
    Table,
)
from engine.errors import ExpressionFailed
from engine.feel.names import appears, special

Bound = frozenset[str]


def declared(file: File) -> frozenset[str]:
    """Names of the file that no grammar could guess: with signs or keywords in them."""
    found = {*file.imports, *file.items, *file.types}
    for element in file.elements.values():
        found.add(element.name)
        found |= {name for box in boxes(element) for name in _own(box)}
    waiting = list(file.items.values())
    while waiting:
        item = waiting.pop()
        found.add(item.name)
        waiting += item.parts
    for other in file.imports.values():
        found |= other.declared
    return frozenset(name for name in found if special(name) or "." in name)


def boxes(element: object) -> Iterator[Boxed]:
    """Every boxed expression of an element, the outer ones first."""
    top = element.logic if isinstance(element, Decision) else getattr(element, "function", None)
    waiting = [top] if top is not None else []
    while waiting:
        box = waiting.pop()
        yield box
        waiting += reversed(inside(box))


def inside(box: Boxed) -> list[Boxed]:
    """The expressions that stand directly in a box."""
    found: list[Boxed | None] = []
    if isinstance(box, ContextBox):
        found = [one.value for one in box.entries]
    elif isinstance(box, Invocation):
        found = [box.function, *(one.value for one in box.bindings)]
    elif isinstance(box, FunctionBox):
        found = [box.body]
    elif isinstance(box, ListBox):
        found = list(box.items)
    elif isinstance(box, Relation):
        found = [cell for row in box.rows for cell in row]
    elif isinstance(box, Conditional):
        found = [box.condition, box.yes, box.no]
    elif isinstance(box, Filter):
        found = [box.source, box.match]
    elif isinstance(box, Rounds):
        found = [box.source, box.result]
    elif isinstance(box, Table):
        found = [column.expression for column in box.inputs]
        found += [column.default for column in box.outputs]
        found += [entry for rule in box.rules for entry in rule.answers]
    return [one for one in found if one is not None]


def needed(file: File, decision: Decision) -> frozenset[str]:
    """What the decision, with all that it requires, reads from its context."""
    own = {one.name for one in file.elements.values()}
    found: set[str] = set()
    seen: set[str] = set()
    waiting: list[object] = [decision]
    while waiting:
        element = waiting.pop()
        if isinstance(element, InputData):
            found.add(element.name)
        elif isinstance(element, Decision) and element.id not in seen:
            seen.add(element.id)
            required = [one for href in element.information if (one := file.find(href))]
            waiting += [one for _, _, one in required]
            found |= free(element.logic, frozenset(), file.declared) - own - set(file.imports)
    return frozenset(found)


def free(box: Boxed | None, bound: Bound, known: frozenset[str]) -> frozenset[str]:
    """The names that a box reads and nothing in it declares."""
    if box is None:
        return frozenset()
    if isinstance(box, Literal):
        return _read(box.text, known, tests=False) - bound
    if isinstance(box, ContextBox):
        found: frozenset[str] = frozenset()
        for entry in box.entries:
            itself = {entry.name} if isinstance(entry.value, FunctionBox) else set()
            found |= free(entry.value, bound | itself, known)
            bound = bound | {entry.name}
        return found
    if isinstance(box, FunctionBox):
        return free(box.body, bound | {one.name for one in box.parameters}, known)
    if isinstance(box, Filter):
        return free(box.source, bound, known)  # names in the match may be fields of the items
    if isinstance(box, Rounds):
        return free(box.source, bound, known) | free(box.result, bound | {box.variable, "partial"}, known)
    cells = [cell.text for rule in box.rules for cell in rule.tests] if isinstance(box, Table) else []
    read = [_read(text, known, tests=True) for text in cells if text not in {"", "-"}]
    return frozenset().union(*read, *(free(one, bound, known) for one in inside(box))) - bound


def _read(text: str, known: frozenset[str], *, tests: bool) -> frozenset[str]:
    try:
        return (feel.parse_tests if tests else feel.parse)(text, fitting(known, text)).names
    except ExpressionFailed:
        return frozenset()  # told by the check


def fitting(known: frozenset[str], text: str) -> frozenset[str]:
    """Those of the names that stand in the text."""
    return frozenset(name for name in known if appears(name, text))


def _own(box: Boxed) -> list[str]:
    if isinstance(box, ContextBox):
        return [one.name for one in box.entries]
    if isinstance(box, Invocation):
        return [one.name for one in box.bindings]
    if isinstance(box, FunctionBox):
        return [one.name for one in box.parameters]
    if isinstance(box, Relation):
        return [one.name for one in box.columns]
    if isinstance(box, Table):
        return [one.name for one in box.outputs]
    return [box.variable] if isinstance(box, Rounds) else []
