"""Where a thing stands in a diagram: its lane, its role, the step it belongs to."""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.repairs import label
from engine.bpmn.markup import Node


def role(file: File, node: Node) -> str:
    """The role that a step has now: what is said at it, else its lane, also that of the sub-process it stands in."""
    found = markup.extension(node, "task")
    if found is not None and found.get("role"):
        return str(found.get("role"))
    lane = lane_of(file, node)
    return label(lane) if lane is not None else ""


def lane_of(file: File, node: Node) -> Node | None:
    """The lane of a step, else that of the sub-process or activity it belongs to."""
    while node is not None and markup.kind(node) != "process":
        found = file.lane_of.get(node.get("id") or "")
        if found is not None:
            return found
        node = node.getparent()
    return None


def members(lane: Node) -> set[str]:
    """Ids of what a lane holds."""
    return {markup.text(ref) for ref in lane.findall(f"{{{markup.BPMN}}}flowNodeRef")}


def owner_of(node: Node) -> Node:
    """The step or flow that an expression belongs to."""
    for above in node.iterancestors():
        if markup.kind(above) in markup.FLOW_NODES or markup.kind(above) == "sequenceFlow":
            return above
    return node


def short(text: str) -> str:
    """A text cut to what fits into a sentence."""
    return text if len(text) <= 60 else f"{text[:57]}…"
