"""Puts all rules to one file and collects what they say."""

from __future__ import annotations

from engine.bpmn import dataflow, markup, parser, reader, soundness
from engine.bpmn.gate import decisions, elements, events, expressions, flows, identities, references, repetitions, shape
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.known import Known
from engine.bpmn.gate.levels import Level, levels
from engine.bpmn.markup import Node
from engine.errors import DefinitionRejected, Problem

LARGEST = 2 * 1024 * 1024  # bytes of a file
UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ENCODINGS = frozenset({"UTF-8", "US-ASCII", "ASCII", "ISO-8859-1", "ISO-8859-2", "WINDOWS-1250", "WINDOWS-1252"})
UNNAMED = "~"  # stands before ids that are made up for elements without one


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
    if str(root.getroottree().docinfo.encoding or "UTF-8").upper() not in ENCODINGS:
        return markup.refused("Plik jest zapisany w nieznanym kodowaniu. Zapisz go w kodowaniu UTF-8.", line=1).problems
    findings = Findings()
    found = levels(process)
    if not shape.all_fit(found, findings):
        return findings.sorted()
    _ask_elements(root, process, findings)
    _ask_levels(found, root, findings)
    malformed = findings.refused
    _ask_diagram(root, process, known, findings)
    unfit = _ask_engine(xml)
    findings.add_where_silent(unfit)
    if not malformed and not unfit:  # an unknown role or form does not hide a deadlock
        _ask_run(process, known, findings)
    return findings.sorted()


def _ask_elements(root: Node, process: Node, findings: Findings) -> None:
    """Rules on elements by themselves."""
    elements.supported(process, findings)
    elements.around(root, process, findings)
    identities.identities(root, process, findings)
    identities.names(root, findings)
    repetitions.check(process, findings)
    for said in (process, *root.iterfind(f"{{{markup.BPMN}}}correlationProperty")):
        expressions.check(said, findings)
    references.words(process, findings)
    references.lanes(process, findings)


def _ask_levels(found: list[Level], root: Node, findings: Findings) -> None:
    """Rules on how the elements of a level hang together."""
    for level in found:
        flows.check(level, findings)
        events.check(level, root, findings)
        shape.check(level, findings)


def _ask_diagram(root: Node, process: Node, known: Known, findings: Findings) -> None:
    """Rules on what the diagram names outside itself."""
    _mend(process)
    diagram = reader.view(root)
    references.tasks(diagram, known, findings)
    references.calls(process, diagram, known.processes, findings)
    decisions.check(process, known.decisions, findings)
    if not diagram.has_drawing:
        findings.warn(process, "Diagram nie ma rysunku; zostanie ułożony automatycznie.")
    findings.unname(UNNAMED)


def _ask_engine(xml: bytes) -> tuple[Problem, ...]:
    """What the engine itself cannot build; it tells all of it at once."""
    try:
        parser.parse(xml)
    except DefinitionRejected as refused:
        return refused.problems
    return ()


def _ask_run(process: Node, known: Known, findings: Findings) -> None:
    """Rules that follow tokens and variables through a diagram in which every step is understood."""
    findings.add(soundness.check(process))
    always, processes = known.start_variables, known.processes
    found = dataflow.check(process, forms=known.forms, processes=processes, always=always, decisions=known.decisions)
    findings.add(found)


def _mend(process: Node) -> None:
    """Make the tree readable where a problem has been told already, so that it does not hide others."""
    for number, node in enumerate(process.iter(f"{{{markup.BPMN}}}*")):
        if markup.kind(node) in markup.FLOW_NODES and not node.get("id"):
            node.set("id", f"{UNNAMED}{number}")
    for said in process.iter(f"{{{markup.BIEG}}}task"):
        if not reader.fits_priority((said.get("priority") or "").strip()):
            del said.attrib["priority"]
