"""Looks at a file that a person brings: its drawing with all problems on it, and what it would change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine import circumstances
from engine.bpmn import dmn, drawing, foreign, markup, reader
from engine.bpmn.drawing import Mark
from engine.bpmn.drawing.text import safe
from engine.errors import DefinitionRejected, EngineError, Problem
from engine.reading import changes
from engine.reading.changes import Changes
from engine.store import decisions, definitions
from engine.store.database import Work

ANCHOR = "el-"
LARGEST_PICTURE = 3_000  # elements; a larger sheet shows nothing that could be read
ORDER = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the table of problems. `severity` is error, warning or note; `anchor` is "" when it is not drawn."""

    number: int
    severity: str
    name: str
    message: str
    line: int
    anchor: str


@dataclass(frozen=True, kw_only=True)
class LoadedPage:
    """Everything the page of a loaded file shows.

    Attributes:
        name: of the process or of the file of decisions.
        key: "" as long as it cannot be told.
        version: the number that it would get.
        before: the version in use now, 0 for none.
        same: that version is this very file.
        changes: against that version.
    """

    name: str
    key: str
    svg: str
    findings: tuple[Finding, ...]
    version: int
    before: int
    changes: Changes | None
    same: bool = False

    def count(self, severity: str) -> int:
        """How many findings there are of this weight."""
        return sum(1 for one in self.findings if one.severity == severity)


def page(
    work: Work, xml: bytes, problems: Iterable[Problem], explanation: foreign.Explanation, *, is_decisions: bool
) -> LoadedPage:
    """What there is to see of a file."""
    if is_decisions:
        return _decisions(work, xml, tuple(problems))
    root = _root(xml)
    names = _names(root)
    findings = _findings(_told(problems, explanation.remarks), names)
    svg = _draw(xml, findings) if 0 < len(names) <= LARGEST_PICTURE else ""
    findings = tuple(_anchored(one, svg) for one in findings)
    try:
        diagram = reader.read(xml)
    except DefinitionRejected:
        return LoadedPage(name="", key="", svg=svg, findings=findings, version=0, before=0, changes=None)
    versions = definitions.versions(work, diagram.key)
    latest = definitions.latest(work, diagram.key)
    return LoadedPage(
        name=diagram.name or diagram.key,
        key=diagram.key,
        svg=svg,
        findings=findings,
        version=versions[0].version + 1 if versions else 1,
        before=latest.version if latest else 0,
        changes=changes.compare(circumstances.diagram(work, latest.id), diagram) if latest else None,
        same=latest is not None and definitions.xml(work, latest.id) == xml,
    )


def _decisions(work: Work, xml: bytes, problems: tuple[Problem, ...]) -> LoadedPage:
    findings = _findings(_told(problems), {})
    try:
        file = dmn.read(xml)
    except DefinitionRejected:
        return LoadedPage(name="", key="", svg="", findings=findings, version=0, before=0, changes=None)
    latest = decisions.latest(work, file.key)
    before = latest.version if latest else 0
    return LoadedPage(
        name=file.name or file.key,
        key=file.key,
        svg="",
        findings=findings,
        version=before + 1,
        before=before,
        changes=None,
    )


_Told = tuple[str, str, str, str, int]  # severity, element, name, message, line


def _told(problems: Iterable[Problem], remarks: Iterable[foreign.Remark] = ()) -> list[_Told]:
    """Problems and remarks; where both speak of the same words of an element, the remark tells more."""
    left = list(remarks)
    found: list[_Told] = []
    for one in problems:
        better = next(
            (each for each in left if each.element == one.element and _quoted(each.message, one.message)), None
        )
        if better is not None:
            left.remove(better)
        found.append((one.severity, one.element, one.name, better.message if better else one.message, one.line))
    return found + [("note", one.element, one.name, one.message, one.line) for one in left]


def _quoted(remark: str, problem: str) -> bool:
    """True when the words that a remark quotes first stand in the problem, too."""
    words = re.search("„[^”]+”", remark)
    return words is not None and words[0] in problem


def _findings(told: Iterable[_Told], names: Mapping[str, str]) -> tuple[Finding, ...]:
    ordered = sorted(told, key=lambda one: (ORDER.get(one[0], 2), one[4]))
    return tuple(
        Finding(
            number=number,
            severity=severity,
            name=name or names.get(element, ""),
            message=message,
            line=line,
            anchor=element,
        )
        for number, (severity, element, name, message, line) in enumerate(ordered, start=1)
    )


def _draw(xml: bytes, findings: tuple[Finding, ...]) -> str:
    """The drawing with a number at each problem; "" when there is nothing that could be drawn."""
    try:
        return drawing.draw(xml, _marks(findings), title="Diagram z pliku", prefix=ANCHOR)
    except (EngineError, RecursionError, ArithmeticError, LookupError, TypeError, ValueError):
        return ""  # the table says what is wrong; a picture of a broken file is more than can be asked for


def _marks(findings: tuple[Finding, ...]) -> dict[str, Mark]:
    """One mark an element: the worst of what is said of it, with all the numbers."""
    found: dict[str, list[Finding]] = {}
    for one in findings:
        if one.anchor:
            found.setdefault(one.anchor, []).append(one)
    return {
        element: Mark(
            state="wrong" if any(one.severity == "error" for one in said) else "doubtful",
            badge=", ".join(str(one.number) for one in said[:4]) + ("…" if len(said) > 4 else ""),
            note=" ".join(one.message for one in said),
        )
        for element, said in found.items()
    }


def _anchored(one: Finding, svg: str) -> Finding:
    anchor = f"{ANCHOR}{one.anchor}" if one.anchor and f' id="{safe(ANCHOR + one.anchor)}"' in svg else ""
    return replace(one, anchor=anchor)


def _root(xml: bytes) -> markup.Node | None:
    try:
        return markup.open_file(xml)
    except DefinitionRejected:
        return None


def _names(root: markup.Node | None) -> dict[str, str]:
    """What people call each element that has an id; a flow is named after its ends."""
    if root is None:
        return {}
    nodes = {node.get("id"): node for node in root.iter() if node.get("id") and markup.kind(node)}
    return {key: _name(node, nodes) for key, node in nodes.items()}


def _name(node: markup.Node, nodes: Mapping[str, markup.Node]) -> str:
    own = " ".join((node.get("name") or "").split())
    kind = markup.kind(node)
    if kind != "sequenceFlow" or own:
        return own or drawing.KINDS.get(kind, "")
    ends = (nodes.get(node.get(one)) for one in ("sourceRef", "targetRef"))
    named = [_name(end, nodes) if markup.kind(end) != kind else "" for end in ends if end is not None]
    return " → ".join(one for one in named if one) or "strzałka"
