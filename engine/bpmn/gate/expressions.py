"""The expressions of a diagram: they must read as FEEL, timers as ISO 8601, and read what somebody sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import clock, feel
from engine.bpmn import markup, reader, timers
from engine.bpmn.gate.findings import Findings
from engine.bpmn.gate.levels import short, words
from engine.bpmn.markup import Node
from engine.errors import ExpressionFailed

EXPRESSIONS = words(
    "conditionExpression condition loopCondition loopCardinality loopDataInputRef completionCondition transformation"
    " messagePath from"
)
TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
OWNERS = markup.FLOW_NODES | {"sequenceFlow", "correlationProperty"}
LONGEST_TIME = 80  # characters of a plain time
OWN = {"script": "expression", "in": "source", "out": "source"}  # elements of ours and where they say FEEL


def check(process: Node, findings: Findings) -> None:
    """Every expression must be readable."""
    for node, text, kind in expressions(process):
        timed = kind in TIMERS and timers.literal(text)
        message = _time_problem(TIMERS[kind], text) if timed else problem(text)
        if message:
            findings.error(node, message)
    for node in process.iter(*(f"{{{markup.BPMN}}}{kind}" for kind in (*EXPRESSIONS, *TIMERS))):
        language = node.get("language") or ""
        if markup.kind(node) in TIMERS and timers.literal(markup.text(node)):
            continue  # a plain time says the same in every language
        if language and "feel" not in language.lower():
            message = f"Wyrażenie jest zapisane w języku „{short(language)}”. Zapisz je w języku FEEL."
            findings.error(owner(node), message)


def problem(text: str) -> str | None:
    """A Polish sentence when `text` is no FEEL, else None."""
    try:
        feel.parse(text)
    except ExpressionFailed as failed:
        return f"Nie rozumiem wyrażenia „{short(text)}”: {failed.message}"
    return None


def expressions(process: Node) -> Iterator[tuple[Node, str, str]]:
    """Every expression with the element it belongs to and its kind."""
    for node in process.iter(*(f"{{{markup.BPMN}}}{kind}" for kind in (*EXPRESSIONS, *TIMERS))):
        text = markup.text(node)
        if text or markup.kind(node) == "conditionExpression":
            yield owner(node), text, markup.kind(node)
    for node in process.iter(*(f"{{{markup.BIEG}}}{name}" for name in OWN)):
        name = str(node.tag).rpartition("}")[2]
        yield owner(node), node.get(OWN[name]) or "", name


def reads(
    process: Node,
    diagram: reader.Diagram,
    forms: Mapping[str, frozenset[str]],
    always: frozenset[str],
    findings: Findings,
) -> None:
    """Warn of variables that nothing in this diagram sets; a caller, a message or the start may bring them."""
    if not diagram.tasks or diagram.calls:
        return  # nobody is asked here, or the called processes set variables too
    written = set(always)
    for details in diagram.tasks.values():
        written |= forms.get(details.form, frozenset())
    written |= {node.get("resultVariable") or "" for node in process.iter(f"{{{markup.BIEG}}}script")}
    unknown: set[str] = set()
    for _, text, kind in expressions(process):
        if kind in TIMERS and timers.literal(text):
            continue
        try:
            unknown |= feel.parse(text).names - written
        except ExpressionFailed:
            continue  # told already
    if unknown:
        names = short(", ".join(sorted(unknown)), 70)
        findings.warn(process, f"Nic w tym diagramie nie ustawia: {names}. Muszą być znane na początku sprawy.")


def owner(node: Node) -> Node:
    """The step or flow that an expression belongs to."""
    for above in node.iterancestors():
        if above.get("id") and markup.kind(above) in OWNERS:
            return above
    return node


def _time_problem(kind: str, text: str) -> str | None:
    """A Polish sentence when a plain time cannot be read, else None."""
    if len(text) > LONGEST_TIME:
        return f"Czas „{short(text)}” jest zapisany zbyt długo. Wpisz na przykład P14D albo 2026-12-01."
    return timers.problem(kind, text, clock.now())
