"""Puts all rules to one file and collects what they say."""

from __future__ import annotations

from engine.bpmn import markup, reader
from engine.bpmn.gate import decisions, elements, expressions, references, structure
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.known import Known
from engine.bpmn.markup import Node
from engine.errors import DefinitionRejected, Problem

LARGEST = 2 * 1024 * 1024  # bytes of a file
UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def unreadable(xml: bytes) -> tuple[Problem, ...]:
    """What can be said without opening the file; nothing when it may be opened."""
    if len(xml) > LARGEST:
        return markup.refused("Plik jest za duży. Największy dozwolony ma 2 MB.").problems
    if xml.startswith(UTF_32):
        return markup.refused("Plik jest zapisany w kodowaniu UTF-32. Zapisz go w kodowaniu UTF-8.").problems
    if xml.startswith(UTF_16):
        return markup.refused("Plik jest zapisany w kodowaniu UTF-16. Zapisz go w kodowaniu UTF-8.").problems
    if b"\x00" in xml:
        message = "Plik zawiera znaki, których XML nie dopuszcza. Zapisz go ponownie w modelerze."
        return markup.refused(message).problems
    return ()


def read(xml: bytes, known: Known) -> tuple[Problem, ...]:
    """Every problem of a file that can be seen without running it."""
    try:
        root = markup.open_file(xml)
        process = markup.executable(root)
    except DefinitionRejected as refused:
        return refused.problems
    findings = Findings()
    elements.supported(process, findings)
    structure.identities(root, process, findings)
    try:
        diagram = reader.read(xml)
    except DefinitionRejected as refused:
        findings.add(refused.problems)
        return findings.sorted()
    _ask(process, diagram, known, findings)
    return findings.sorted()


def _ask(process: Node, diagram: reader.Diagram, known: Known, findings: Findings) -> None:
    """Rules that need a file in which steps can be told apart."""
    structure.levels(process, findings)
    references.tasks(diagram, known.roles, known.forms, known.scopes, findings)
    references.words(process, findings)
    references.calls(process, diagram, known.processes, findings)
    decisions.check(process, known.decisions, findings)
    expressions.check(process, findings)
    expressions.reads(process, diagram, known.forms, known.start_variables, findings)
    if not diagram.has_drawing:
        findings.warn(process, "Diagram nie ma rysunku; zostanie ułożony automatycznie.")
