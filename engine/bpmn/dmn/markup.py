"""Opens DMN files without letting them reach outside, and finds its way in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from engine.bpmn.markup import refused
from engine.feel.names import normal

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
LARGEST = 2 * 1024 * 1024  # bytes of a file
MOST_ELEMENTS = 50_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LOGIC = frozenset(
    {
        "literalExpression",
        "context",
        "invocation",
        "list",
        "relation",
        "functionDefinition",
        "conditional",
        "filter",
        "for",
        "some",
        "every",
        "decisionTable",
    }
)

Node = Any  # an lxml element; lxml brings no types


def open_file(xml: bytes) -> Node:
    """The root element of a DMN file.

    Raises:
        DefinitionRejected: when the bytes are no XML, carry a DOCTYPE, are too large or are no DMN.
    """
    if len(xml) > LARGEST:
        raise refused("Plik jest za duży. Największy dozwolony ma 2 MB.")
    if xml.startswith(UTF_16):
        raise refused("Plik jest zapisany w kodowaniu UTF-16. Zapisz go w kodowaniu UTF-8.")
    if b"\x00" in xml:
        raise refused("Plik zawiera znaki, których XML nie dopuszcza. Zapisz go ponownie w modelerze.")
    root = parse(xml)
    if kind(root) != "definitions":
        raise refused("Plik nie jest modelem decyzji DMN w wersji od 1.1 do 1.5.", line=root.sourceline)
    if sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        raise refused("Plik ma za dużo elementów. Podziel go na mniejsze.")
    return root


def parse(xml: bytes) -> Node:
    """The root of any XML: no DTD, no entities, no network.

    Raises:
        DefinitionRejected: when the bytes are no XML or carry a DOCTYPE.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root: Node = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        line = getattr(cause, "lineno", None) or 0
        raise refused("Plik nie jest poprawnym dokumentem XML.", line=line) from cause
    if root.getroottree().docinfo.doctype:
        raise refused("Plik zawiera deklarację DOCTYPE. Usuń ją i wczytaj plik ponownie.", line=1)
    return root


def kind(node: Node) -> str:
    """The DMN name of an element such as `decision`; "" for elements of other namespaces."""
    return _kind(node.tag)


@lru_cache(maxsize=4096)
def _kind(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    return name if namespace[1:] in NAMESPACES else ""


def children(node: Node, *kinds: str) -> Iterator[Node]:
    """Direct children of these kinds, in the order of the file."""
    return (one for one in node if kind(one) in kinds)


def child(node: Node | None, *kinds: str) -> Node | None:
    """The first direct child of these kinds."""
    return next(children(node, *kinds), None) if node is not None else None


def text(node: Node | None, *kinds: str) -> str:
    """The trimmed text of the first child of these kinds, "" when there is none."""
    found = child(node, *kinds)
    return "".join(found.itertext()).strip() if found is not None else ""


def name(node: Node | None) -> str:
    """The name of an element, with single spaces."""
    return normal(node.get("name") or "") if node is not None else ""


def line(node: Node) -> int:
    """The line of the file on which the element begins."""
    return node.sourceline or 0
