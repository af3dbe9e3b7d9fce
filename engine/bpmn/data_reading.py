"""Reads from a BPMN file which data a level has of its own, and under which names expressions know them.

Data objects, their references and properties are variables of the level in which they stand. Data stores, states and
collections say something to people only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import feel
from engine.bpmn import markup
from engine.bpmn.markup import Node
from engine.errors import ExpressionFailed

DATA = frozenset({"dataObject", "property"})
PASSED = frozenset({"dataInput", "dataOutput"})
ITEMS = frozenset({"inputDataItem", "outputDataItem"})
DRAWN = "__targetRef_placeholder"  # a property that bpmn-js puts in to be able to draw an association


def declared(level: Node) -> list[str]:
    """Names of the variables that a level has of its own, in the order of the file."""
    return [name_of(node) for node in level if markup.kind(node) in DATA and node.get("name") != DRAWN]


def visible(node: Node) -> Mapping[str, str]:
    """Name by id of all data that an element can reach: its own, and those of the levels around it."""
    found: dict[str, str] = {}
    for level in (node, *node.iterancestors()):
        for one in _data(level):
            found.setdefault(one.get("id") or "", name_of(one))
    return found


def name_of(node: Node) -> str:
    """The name of a datum in expressions: what it is called if FEEL can read that, else its id."""
    if markup.kind(node) == "dataObjectReference":
        meant = next((one for one in node.getparent() if one.get("id") == node.get("dataObjectRef")), None)
        return name_of(meant) if meant is not None else legal(node.get("name") or "") or node.get("id") or ""
    said = [node.get("name") or ""]
    said += [one.get("name") or "" for one in _references(node)]
    return next((name for name in map(legal, said) if name), node.get("id") or "")


def _data(level: Node) -> Iterator[Node]:
    """The data of one element, those in its `ioSpecification` and the items of its rounds among them."""
    for one in level:
        kind = markup.kind(one)
        if kind in DATA or kind in PASSED or kind == "dataObjectReference":
            yield one
        elif kind in ("ioSpecification", "multiInstanceLoopCharacteristics"):
            yield from (inner for inner in one if markup.kind(inner) in PASSED | ITEMS)


def _references(node: Node) -> Iterator[Node]:
    if markup.kind(node) != "dataObject" or node.getparent() is None:
        return iter(())
    found: Iterator[Node] = node.getparent().iterfind(f"{{{markup.BPMN}}}dataObjectReference")
    return (one for one in found if one.get("dataObjectRef") == node.get("id"))


def legal(name: str) -> str:
    """The name with single spaces when FEEL reads it as one name, else ""."""
    said = " ".join(name.split())
    try:
        return said if said and feel.parse(said).names == frozenset({said}) else ""
    except ExpressionFailed:
        return ""
