"""Which elements of BPMN run here; everything else is refused by its name."""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node

RUNS = markup.FLOW_NODES - {"serviceTask", "businessRuleTask", "adHocSubProcess", "transaction", "complexGateway"}
NAMES = {
    "serviceTask": "Zadanie usługowe (service task)",
    "businessRuleTask": "Zadanie reguły biznesowej",
    "adHocSubProcess": "Podproces ad hoc",
    "transaction": "Transakcja",
    "complexGateway": "Bramka złożona",
    "compensateEventDefinition": "Kompensacja",
    "cancelEventDefinition": "Anulowanie transakcji",
}
FOREIGN_CODE = frozenset({"script", "ioSpecification"})


def supported(process: Node, findings: Findings) -> None:
    """Refuse what cannot run, by name."""
    for node in process.iter():
        kind = markup.kind(node)
        if kind in NAMES or (kind in markup.FLOW_NODES and kind not in RUNS):
            name = NAMES.get(kind, kind)
            findings.error(_owner(node), f"{name}: tego elementu system nie wykonuje. Zastąp go innym.")
        if kind == "scriptTask":
            _script(node, findings)
    _unknown_steps(process, findings)


def _script(node: Node, findings: Findings) -> None:
    found = markup.extension(node, "script")
    if markup.child(node, "script") is not None or node.get("scriptFormat"):
        findings.error(node, "Skrypty w językach programowania nie są wykonywane. Użyj wyrażenia FEEL (bieg:script).")
    elif found is None or not found.get("expression") or not found.get("resultVariable"):
        findings.error(node, "Skrypt musi podawać wyrażenie FEEL (expression) i zmienną wyniku (resultVariable).")


def _unknown_steps(process: Node, findings: Findings) -> None:
    """A flow that starts or ends at something that is no step."""
    for level in process.iter():
        if level is not process and markup.kind(level) not in markup.LEVELS:
            continue
        steps = {node.get("id") for node in markup.flow_nodes(level)}
        for flow in level.findall(f"{{{markup.BPMN}}}sequenceFlow"):
            for end in ("sourceRef", "targetRef"):
                if flow.get(end) not in steps:
                    findings.error(flow, "Strzałka nie łączy dwóch kroków tego samego poziomu. Poprowadź ją ponownie.")


def _owner(node: Node) -> Node:
    """The step that an event definition belongs to."""
    return node.getparent() if markup.kind(node).endswith("EventDefinition") else node
