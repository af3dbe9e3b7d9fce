"""Opens BPMN files without letting them reach outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.errors import DefinitionRejected, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
BIEG = "urn:bieg:bpmn:1"
NAMES = {"bpmn": BPMN, "bpmndi": BPMNDI, "bieg": BIEG}

FLOW_NODES = frozenset(
    {
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "adHocSubProcess",
        "transaction",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "complexGateway",
    }
)
ACTIVITIES = frozenset(
    {one for one in FLOW_NODES if one.endswith(("Task", "SubProcess"))}
    | {"task", "subProcess", "callActivity", "transaction"}
)
REFERENCES = frozenset(
    {
        "attachedToRef",
        "bpmnElement",
        "calledElement",
        "correlationPropertyRef",
        "dataObjectRef",
        "default",
        "errorRef",
        "escalationRef",
        "flowNodeRef",
        "messageRef",
        "processRef",
        "signalRef",
        "sourceRef",
        "targetRef",
    }
)  # attributes and elements that name another element of the file
LEVELS = frozenset({"subProcess", "adHocSubProcess", "transaction"})

Node = Any  # an lxml element; lxml brings no types


def open_file(xml: bytes) -> Node:
    """The root element of a BPMN file.

    No DTD, no entities, no network: such a file is refused, never half read.

    Raises:
        DefinitionRejected: when the bytes are no XML, carry a DOCTYPE or are no BPMN.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root: Node = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as cause:
        line = getattr(cause, "lineno", None) or 0
        raise refused("Plik nie jest poprawnym dokumentem XML.", line=line) from cause
    if root.getroottree().docinfo.doctype:
        raise refused("Plik zawiera deklarację DOCTYPE. Usuń ją i wczytaj plik ponownie.", line=1)
    if root.tag != f"{{{BPMN}}}definitions":
        raise refused("Plik nie jest diagramem BPMN 2.0.", line=root.sourceline or 0)
    _shorten(root)
    _name_flows(root)
    return root


def _shorten(root: Node) -> None:
    """Say the names of the file's own elements without a prefix: BPMN 2.0 refers to elements by qualified names."""
    target = root.get("targetNamespace")
    if target in root.nsmap.values():
        for node in root.iter(f"{{{BPMN}}}*", f"{{{BPMNDI}}}*"):
            for name in REFERENCES & set(node.keys()):
                node.set(name, _short(node, node.get(name), target))
            if node.text and etree.QName(node).localname in REFERENCES:
                node.text = _short(node, node.text.strip(), target)


def _short(node: Node, name: str, target: str) -> str:
    prefix, colon, rest = name.partition(":")
    return rest if colon and node.nsmap.get(prefix) == target else name


def _name_flows(root: Node) -> None:
    """Name the flows that the file gives no id, which BPMN 2.0 leaves open, by the steps that they join."""
    bare = [one for one in root.iter(f"{{{BPMN}}}sequenceFlow") if not one.get("id")]
    taken = {one.get("id") for one in root.iter(f"{{{BPMN}}}*")} if bare else set()
    for flow in bare:
        source, target = flow.get("sourceRef"), flow.get("targetRef")
        if source and target:
            names = (f"{source}-{target}{more}" for more in ("", *(f"-{times}" for times in range(2, len(bare) + 2))))
            flow.set("id", next((one for one in names if one not in taken), ""))
            taken.add(flow.get("id"))


def executable(root: Node) -> Node:
    """The one process of the file that can be run.

    Raises:
        DefinitionRejected: when there is none, or more than one.
    """
    processes = root.findall(f"{{{BPMN}}}process")
    found = [node for node in processes if says(node, "isExecutable")]
    if len(found) == 1 and found[0].get("id"):
        return found[0]
    if not found:
        line = processes[0].sourceline if processes else root.sourceline
        raise refused('W pliku nie ma procesu do wykonania. Ustaw procesowi isExecutable="true".', line=line or 0)
    if len(found) > 1:
        raise refused("W pliku jest więcej niż jeden proces do wykonania. Zostaw jeden.", line=found[1].sourceline)
    raise refused("Proces nie ma identyfikatora. Nadaj mu identyfikator (id).", line=found[0].sourceline)


def kind(node: Node) -> str:
    """The BPMN name of an element such as `userTask`; "" for elements of other namespaces."""
    tag = str(node.tag)
    return tag[len(BPMN) + 2 :] if tag.startswith(f"{{{BPMN}}}") else ""


def flow_nodes(level: Node) -> Iterator[Node]:
    """The steps that stand directly in a process or sub-process, in the order of the file."""
    return (node for node in level if kind(node) in FLOW_NODES)


def child(node: Node, name: str) -> Node | None:
    """The first direct child with this BPMN name."""
    return node.find(f"{{{BPMN}}}{name}")


def text(node: Node | None) -> str:
    """The trimmed text of an element, "" when there is none."""
    return "".join(node.itertext()).strip() if node is not None else ""


def says(node: Node, name: str, *, default: bool = False) -> bool:
    """The truth of an attribute; XML Schema allows `true` and `1`."""
    said = node.get(name)
    return default if said is None else said.strip() in ("true", "1")


def extension(node: Node, name: str) -> Node | None:
    """The `bieg:` extension element with this name."""
    return node.find(f"{{{BPMN}}}extensionElements/{{{BIEG}}}{name}")


def extensions(node: Node, name: str) -> list[Node]:
    """All `bieg:` extension elements with this name."""
    found: list[Node] = node.findall(f"{{{BPMN}}}extensionElements/{{{BIEG}}}{name}")
    return found


def refused(message: str, *, line: int = 0, element: str = "", name: str = "") -> DefinitionRejected:
    """A rejection with a single problem."""
    problem = Problem(element=element, name=name, line=line or 0, message=message, severity="error")
    return DefinitionRejected((problem,))


def refused_at(node: Node, message: str) -> DefinitionRejected:
    """A rejection that points at an element."""
    return refused(message, line=node.sourceline or 0, element=node.get("id") or "", name=node.get("name") or "")
