"""Other programs that draw BPMN: their namespaces, and which of them wrote a file."""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.markup import Node

CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
FLOWABLE = "http://flowable.org/bpmn"
ACTIVITI = "http://activiti.org/bpmn"
MODELER = "http://camunda.org/schema/modeler/1.0"
SIGNAVIO = "http://www.signavio.com"
BIZAGI = "http://www.bizagi.com/bpmn20"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
JBPM = "http://www.jboss.org/drools"
OWN = "urn:bieg:"  # what files of our own name as their target
SIBLINGS = (CAMUNDA, FLOWABLE, ACTIVITI)  # their words are the same

# Prefixes that files use without saying what they stand for.
PREFIXES = {
    "bpmn": markup.BPMN,
    "bpmn2": markup.BPMN,
    "semantic": markup.BPMN,
    "model": markup.BPMN,
    "bpmndi": markup.BPMNDI,
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "omgdc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
    "omgdi": "http://www.omg.org/spec/DD/20100524/DI",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "bioc": "http://bpmn.io/schema/bpmn/biocolor/1.0",
    "color": "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
    "camunda": CAMUNDA,
    "zeebe": ZEEBE,
    "flowable": FLOWABLE,
    "activiti": ACTIVITI,
    "modeler": MODELER,
    "signavio": SIGNAVIO,
    "bizagi": BIZAGI,
    "spiffworkflow": SPIFF,
    "bieg": markup.BIEG,
}
# What drafts of the standard and careless programs write instead of the namespace of BPMN 2.0.
DRAFTS = (
    "http://schema.omg.org/spec/BPMN/2.0",
    "http://www.omg.org/bpmn20",
    "http://www.omg.org/spec/BPMN/2.0",
    "http://www.omg.org/spec/BPMN/20100524",
    "http://www.omg.org/spec/BPMN/20100501/MODEL",
)
EXPORTERS = {
    "camunda modeler": "Camunda",
    "camunda web modeler": "Camunda 8",
    "signavio": "Signavio",
    "bizagi": "Bizagi Modeler",
    "enterprise architect": "Enterprise Architect",
    "flowable": "Flowable",
    "activiti": "Activiti",
    "bpmn-js": "bpmn.io",
    "bpmn.io": "bpmn.io",
    "adonis": "ADONIS",
    "aris": "ARIS",
    "visio": "Visio",
    "visual paradigm": "Visual Paradigm",
    "jbpm": "jBPM",
    "drools": "jBPM",
    "bonita": "Bonita",
    "yaoqiang": "Yaoqiang",
    "trisotech": "Trisotech",
}
SPACES = {
    ZEEBE: "Camunda 8",
    CAMUNDA: "Camunda 7",
    FLOWABLE: "Flowable",
    ACTIVITI: "Activiti",
    SIGNAVIO: "Signavio",
    BIZAGI: "Bizagi Modeler",
    SPIFF: "SpiffWorkflow",
    JBPM: "jBPM",
}


def origin(root: Node) -> str:
    """The program that wrote a file, "" when nothing tells."""
    used = _used(root)
    platform = (root.get(f"{{{MODELER}}}executionPlatform") or "").casefold()
    exporter = (root.get("exporter") or "").casefold()
    found = next((name for word, name in EXPORTERS.items() if word in exporter), "")
    if found == "Camunda":
        return "Camunda 8" if "cloud" in platform or ZEEBE in used else "Camunda 7"
    if found and found != "bpmn.io":
        return found
    by_space = next((name for space, name in SPACES.items() if space in used), "")
    if by_space or found:
        return by_space or found
    return "bpmn.io" if "bpmn.io" in (root.get("targetNamespace") or "") else ""


def said(node: Node, name: str) -> str:
    """An attribute of Camunda 7, Flowable or Activiti, "" when it is not there."""
    values = (node.get(f"{{{space}}}{name}") for space in SIBLINGS)
    return next((value.strip() for value in values if value and value.strip()), "")


def inside(node: Node, name: str) -> list[Node]:
    """Extension elements of Camunda 7, Flowable or Activiti that stand at a step."""
    return [one for space in SIBLINGS for one in node.findall(f"{{{markup.BPMN}}}extensionElements/{{{space}}}{name}")]


def zeebe(node: Node, name: str) -> Node | None:
    """The extension element of Camunda 8 that stands at a step."""
    return node.find(f"{{{markup.BPMN}}}extensionElements/{{{ZEEBE}}}{name}")


def _used(root: Node) -> set[str]:
    """Namespaces of elements and attributes that the file holds; a mere declaration does not count."""
    found: set[str] = set()
    for node in root.iter("*"):
        for tag in (str(node.tag), *node.attrib):
            if tag.startswith("{"):
                found.add(tag[1 : tag.index("}")])
    return found
