"""The expressions of a diagram: they must read as FEEL, timers as ISO 8601, and read what somebody sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine import feel
from engine.bpmn import markup, reader
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node
from engine.errors import ExpressionFailed

LONGEST_YEARS = 50
DURATION = re.compile(
    r"P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?")
CYCLE = re.compile(r"R(\d*)/(?:(?P<start>[^/]+)/)?(?P<span>P[^/]+)")
EXPRESSIONS = frozenset({"conditionExpression", "condition", "loopCondition", "loopCardinality", "completionCondition"})
TIMERS = {"timeDate": DATE, "timeDuration": DURATION, "timeCycle": CYCLE}
IN_YEARS = (1, 12, 52, 365, 365 * 24, 365 * 24 * 60, 365 * 24 * 3600)


def check(process: Node, findings: Findings) -> None:
    """Every expression must be readable."""
    for node, text, kind in expressions(process):
        if kind in TIMERS and not text.startswith("="):
            _timer(node, text, kind, findings)
        elif (message := problem(text)) is not None:
            findings.error(node, message)


def problem(text: str) -> str | None:
    """A Polish sentence when `text` is no FEEL, else None."""
    try:
        feel.parse(text.removeprefix("="))
    except ExpressionFailed as failed:
        return f"Nie rozumiem wyrażenia „{_short(text)}”: {failed.message}"
    return None


def expressions(process: Node) -> Iterator[tuple[Node, str, str]]:
    """Every expression with the element it belongs to and its kind."""
    for node in process.iter():
        kind = markup.kind(node)
        if kind in EXPRESSIONS or kind in TIMERS:
            yield _owner(node), markup.text(node), kind
        elif node.tag == f"{{{markup.BIEG}}}script":
            yield _owner(node), node.get("expression") or "", "script"


def reads(
    process: Node,
    diagram: reader.Diagram,
    forms: Mapping[str, frozenset[str]],
    always: frozenset[str],
    findings: Findings,
) -> None:
    """Warn of variables that nothing in this diagram sets; a caller, a message or the start may bring them."""
    if not diagram.tasks:
        return
    written = set(always)
    for details in diagram.tasks.values():
        written |= forms.get(details.form, frozenset())
    written |= {node.get("resultVariable") or "" for node in process.iter(f"{{{markup.BIEG}}}script")}
    if diagram.calls:
        return  # the called processes set variables too
    unknown: set[str] = set()
    for _, text, kind in expressions(process):
        if kind in TIMERS and not text.startswith("="):
            continue
        try:
            unknown |= feel.parse(text.removeprefix("=")).names - written
        except ExpressionFailed:
            continue  # told already
    if unknown:
        names = ", ".join(sorted(unknown))
        findings.warn(process, f"Nic w tym diagramie nie ustawia: {names}. Muszą być znane na początku sprawy.")


def _timer(node: Node, text: str, kind: str, findings: Findings) -> None:
    found = TIMERS[kind].fullmatch(text)
    span = found.group("span") if found is not None and kind == "timeCycle" else text
    if found is None or (kind != "timeDate" and DURATION.fullmatch(span) is None):
        findings.error(node, f"Nie rozumiem czasu „{_short(text)}”. Wpisz na przykład P14D, R3/P7D albo 2026-12-01.")
    elif kind != "timeDate" and _years(span) > LONGEST_YEARS:
        findings.error(node, f"Czas „{_short(text)}” jest dłuższy niż {LONGEST_YEARS} lat. Skróć go.")


def _years(span: str) -> float:
    found = DURATION.fullmatch(span)
    parts = found.groups() if found is not None else ()
    return sum(float(part) / each for part, each in zip(parts, IN_YEARS, strict=False) if part)


def _owner(node: Node) -> Node:
    """The step or flow that an expression belongs to."""
    for above in node.iterancestors():
        if above.get("id") and (markup.kind(above) in markup.FLOW_NODES or markup.kind(above) == "sequenceFlow"):
            return above
    return node


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"
