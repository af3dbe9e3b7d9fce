"""Business-rule tasks: the decision that each makes must be published, and its result must go somewhere."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn import rule_reading
from engine.bpmn.dmn.room import short
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node


def check(process: Node, decisions: Mapping[str, bytes], findings: Findings) -> None:
    """Every business-rule task names a decision that exists and a variable."""
    for node, said in rule_reading.all_asked(process):
        if not said.decision or not said.variable:
            findings.error(node, rule_reading.INCOMPLETE)
        elif said.decision not in decisions:
            name = short(said.decision)
            findings.error(node, f"Nie ma opublikowanej decyzji „{name}”. Opublikuj jej plik DMN albo wybierz inną.")
