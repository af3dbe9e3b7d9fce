"""Small hands that change a file and leave everything else where it is."""

from __future__ import annotations

from collections.abc import Collection

from lxml import etree

from engine.bpmn import markup
from engine.bpmn.foreign.files import File
from engine.bpmn.markup import Node

REFERENCES = ("sourceRef", "targetRef", "default", "attachedToRef", "processRef", "bpmnElement", "activityRef")
OURS = (markup.BPMN, markup.BIEG)
POINTERS = ("incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef")


def task(node: Node, name: str, value: str) -> None:
    """Say something of a user task in our own words."""
    found = markup.extension(node, "task")
    if found is None:
        found = extend(node, "task")
    found.set(name, value)


def extend(node: Node, tag: str) -> Node:
    """A new extension element of ours."""
    holder = markup.child(node, "extensionElements")
    if holder is None:
        holder = etree.Element(f"{{{markup.BPMN}}}extensionElements")
        after = [index for index, child in enumerate(node) if markup.kind(child) == "documentation"]
        insert(node, after[-1] + 1 if after else 0, holder)
    made = etree.Element(f"{{{markup.BIEG}}}{tag}", nsmap={"bieg": markup.BIEG})
    insert(holder, len(holder), made)
    return made


def insert(parent: Node, place: int, made: Node) -> None:
    """Put an element at a place among the children, with the white space of its neighbours."""
    if len(parent):
        before = parent[place - 1] if place else None
        made.tail = before.tail if before is not None else parent.text
        if before is not None and place == len(parent) and len(parent) > 1:
            before.tail = parent[0].tail
        elif before is not None and place == len(parent):
            before.tail = parent.text
    elif parent.text is None or not parent.text.strip():
        made.tail = parent.text
    parent.insert(place, made)


def forget(node: Node, names: Collection[str]) -> None:
    """Take away what other programs say at a step under these names."""
    for attribute in list(node.attrib):
        space, _, name = str(attribute).rpartition("}")
        if space and space[1:] not in OURS and name in names:
            del node.attrib[attribute]
    holder = markup.child(node, "extensionElements")
    for said in list(holder) if holder is not None else ():
        space, _, name = str(said.tag).rpartition("}")
        if space[1:] not in OURS and name in names:
            remove(said)
    if holder is not None and not len(holder):
        remove(holder)


def remove(node: Node) -> None:
    """Take an element away; text behind it stays."""
    parent = node.getparent()
    before = node.getprevious()
    if node.tail and node.tail.strip():
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def rewrite(node: Node, text: str) -> None:
    """Give an element another text."""
    for child in list(node):
        node.remove(child)
    node.text = text


def rename(file: File, node: Node, identity: str) -> None:
    """Give an element another id, wherever it is named."""
    old = node.get("id")
    node.set("id", identity)
    if not old:
        return
    for other in file.root.iter("*"):
        for name in REFERENCES:
            if other.get(name) == old:
                other.set(name, identity)
        if markup.kind(other) in POINTERS and markup.text(other) == old:
            other.text = identity


def fresh(file: File, base: str) -> str:
    """An id that nothing in the file has."""
    taken = {node.get("id") for node in file.root.iter("*")}
    number = 1
    while f"{base}_{number}" in taken:
        number += 1
    return f"{base}_{number}"
