"""Activities that run several times: a loop needs a bound, a multi-instance a list or a number."""

from __future__ import annotations

from engine.bpmn import markup
from engine.bpmn.gate.findings import Findings
from engine.bpmn.markup import Node


def check(process: Node, findings: Findings) -> None:
    """Every loop marker of a file."""
    for said in process.iter(f"{{{markup.BPMN}}}standardLoopCharacteristics"):
        _loop(said, said.getparent(), findings)
    for said in process.iter(f"{{{markup.BPMN}}}multiInstanceLoopCharacteristics"):
        _many(said, said.getparent(), findings)


def _loop(said: Node, step: Node, findings: Findings) -> None:
    maximum = (said.get("loopMaximum") or "").strip()
    if maximum and not (maximum.isascii() and maximum.isdigit() and len(maximum) <= 6):
        findings.error(step, "Największa liczba powtórzeń musi być liczbą całkowitą. Popraw ją.")
    elif not maximum and not _text(said, "loopCondition"):
        findings.error(step, "Pętla nie ma warunku ani największej liczby powtórzeń. Podaj jedno z nich.")


def _many(said: Node, step: Node, findings: Findings) -> None:
    listed, counted = _text(said, "loopDataInputRef"), _text(said, "loopCardinality")
    if not listed and not counted:
        findings.error(step, "Powtarzanie nie podaje ani listy, ani liczby powtórzeń. Podaj jedno z nich.")
    elif listed and counted:
        findings.error(step, "Powtarzanie podaje i listę, i liczbę powtórzeń. Zostaw jedno z nich.")
    events = [one for one in said if markup.kind(one) == "complexBehaviorDefinition"]
    if (said.get("behavior") or "All") != "All" or events:
        findings.error(step, "Zdarzenia wysyłane w trakcie powtarzania nie są wykonywane. Usuń je z ustawień.")


def _text(said: Node, tag: str) -> str:
    return markup.text(markup.child(said, tag))
