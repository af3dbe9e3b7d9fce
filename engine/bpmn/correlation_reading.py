"""Reads from a BPMN file by which values a message finds its receiver."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import expressions, markup
from engine.bpmn.events import Key
from engine.bpmn.markup import Node


def keys(node: Node, message: str) -> tuple[Key, ...]:
    """The properties that belong to a message, with the value that the process subscribes to where it says one.

    Args:
        node: the element that sends or receives it.
        message: id of the message.

    Raises:
        DefinitionRejected: when an expression of theirs is no FEEL.
    """
    root = node.getroottree().getroot()
    found = []
    for said in root.iter(f"{{{markup.BPMN}}}correlationProperty"):
        for path in _paths(said, message):
            name = said.get("name") or said.get("id") or ""
            found.append(Key(name, expressions.readable(path, said), _bound(node, said)))
    return tuple(found)


def _paths(property_: Node, message: str) -> Iterator[str]:
    for said in property_.findall(f"{{{markup.BPMN}}}correlationPropertyRetrievalExpression"):
        if said.get("messageRef") == message:
            path = markup.child(said, "messagePath")
            yield markup.text(path if path is not None else markup.child(said, "formalExpression"))


def _bound(node: Node, property_: Node) -> str:
    process = next((one for one in node.iterancestors() if markup.kind(one) == "process"), node)
    for binding in process.iterfind(f".//{{{markup.BPMN}}}correlationPropertyBinding"):
        if binding.get("correlationPropertyRef") == property_.get("id"):
            path = markup.child(binding, "dataPath")
            text = markup.text(path if path is not None else markup.child(binding, "formalExpression"))
            return expressions.readable(text, binding)
    return ""
