"""What may not be published, and why: every problem of a file at once, in Polish, with element and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn import markup, parser, reader
from engine.bpmn.gate import elements, expressions, references, structure
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node
from engine.errors import DefinitionRejected, Problem

LARGEST = 2 * 1024 * 1024  # bytes of a file
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What a diagram may name in this centre."""

    roles: frozenset[str]
    forms: Mapping[str, frozenset[str]]  # form key: variables that its answers set
    processes: Mapping[str, bytes]  # key: file
    start_variables: frozenset[str] = field(default_factory=frozenset)  # names that are always there
    scopes: frozenset[str] = field(default_factory=frozenset)  # of authorisations


def check(xml: bytes, known: Known) -> tuple[Problem, ...]:
    """Every problem of a file, in the order of its lines.

    Severity "error" refuses the file; "warning" is said and lets it pass.
    """
    if len(xml) > LARGEST:
        return _refusal("Plik jest za duży. Największy dozwolony ma 2 MB.")
    if xml.startswith(UTF_16):
        return _refusal("Plik jest zapisany w kodowaniu UTF-16. Zapisz go w kodowaniu UTF-8.")
    if b"\x00" in xml:
        return _refusal("Plik zawiera znaki, których XML nie dopuszcza. Zapisz go ponownie w modelerze.")
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
    _ask_rules(process, diagram, known, findings)
    if not findings.refused:
        _trial(xml, findings)
    return findings.sorted()


def _ask_rules(process: Node, diagram: reader.Diagram, known: Known, findings: Findings) -> None:
    """Rules that need a file in which steps can be told apart."""
    structure.levels(process, findings)
    references.tasks(diagram, known.roles, known.forms, known.scopes, findings)
    references.words(process, findings)
    references.calls(process, diagram, known.processes, findings)
    expressions.check(process, findings)
    expressions.reads(process, diagram, known.forms, known.start_variables, findings)
    if not diagram.has_drawing:
        findings.warn(process, "Diagram nie ma rysunku; zostanie ułożony automatycznie.")


def _trial(xml: bytes, findings: Findings) -> None:
    """What the rules did not see, the engine's own parser says."""
    try:
        parser.parse(xml)
    except DefinitionRejected as refused:
        findings.add(refused.problems)


def _refusal(message: str) -> tuple[Problem, ...]:
    return (Problem(element="", name="", line=0, message=message, severity="error"),)
