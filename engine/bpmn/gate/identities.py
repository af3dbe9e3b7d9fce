"""Ids and names: every id once and fit for an address, no name that hides what it says."""

from __future__ import annotations

import re
from collections import Counter

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.levels import short
from engine.bpmn.markup import Node

RESERVED = frozenset({"Start", "End", "Root"})  # the library's own steps
KEY = re.compile(r"[^\W\d][\w.-]{0,79}")  # it stands in addresses and names a folder
IDENTITY = re.compile(r"[^\W\d][\w.:-]{0,199}")  # the engine adds " [child]", "->" and "/" for itself
LONGEST_NAME = 500
LONGEST_HINT = 20_000
HIDDEN = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\u0080-\u009f]")
NAMED = markup.FLOW_NODES | {"process", "sequenceFlow", "lane", "participant", "message", "signal", "error"}


def identities(root: Node, process: Node, findings: Findings) -> None:
    """Every element needs an id of its own that the engine does not use itself; the process one for addresses."""
    if not KEY.fullmatch(process.get("id")):
        message = "Identyfikator procesu może mieć litery, cyfry, kropki i kreski, najwyżej 80 znaków. Zmień go."
        findings.error(process, message)
    counted = Counter(node.get("id") for node in root.iter(f"{{{markup.BPMN}}}*") if node.get("id"))
    for node in process.iter(f"{{{markup.BPMN}}}*"):
        step = markup.kind(node) in markup.FLOW_NODES
        if step or markup.kind(node) == "sequenceFlow":
            _identity(node, step, findings)
        if counted[node.get("id")] > 1:
            findings.error(
                node, f"Identyfikator „{short(node.get('id'))}” występuje więcej niż raz. Zmień jeden z nich."
            )


def names(root: Node, findings: Findings) -> None:
    """Names are shown in lists and stored with every step."""
    for node in root.iter(f"{{{markup.BPMN}}}*"):
        kind = markup.kind(node)
        said = (node.get("name") or "") if kind in NAMED else ""
        if len(said) > LONGEST_NAME:
            findings.error(node, f"Nazwa jest dłuższa niż {LONGEST_NAME} znaków. Skróć ją.")
        elif HIDDEN.search(said):
            findings.error(node, "Nazwa zawiera niewidoczne znaki. Wpisz ją ponownie.")
        if kind == "documentation" and len(markup.text(node)) > LONGEST_HINT:
            findings.error(node.getparent(), f"Opis jest dłuższy niż {LONGEST_HINT} znaków. Skróć go.")


def _identity(node: Node, step: bool, findings: Findings) -> None:
    identity = node.get("id")
    if not identity:
        what = "Ten element" if step else "Ta strzałka"
        findings.error(node, f"{what} nie ma identyfikatora. Nadaj identyfikator (id).")
    elif step and identity in RESERVED:
        findings.error(node, f"Identyfikator „{identity}” jest zastrzeżony. Zmień go.")
    elif not IDENTITY.fullmatch(identity):
        message = "Identyfikator może mieć litery, cyfry, kropki, kreski i dwukropki, najwyżej 200 znaków. Zmień go."
        findings.error(node, message)
