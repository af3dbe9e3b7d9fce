"""Timers and due dates of other programs."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial

from engine import feel, terms
from engine.bpmn import markup, timers
from engine.bpmn.foreign import translation, vendors, writing
from engine.bpmn.foreign.files import File
from engine.bpmn.foreign.places import owner_of, short
from engine.bpmn.foreign.repairs import Found, change, remark
from engine.bpmn.foreign.translation import Unclear
from engine.bpmn.gate import Known
from engine.bpmn.markup import Node
from engine.errors import ExpressionFailed

KINDS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}
LONGEST = 500  # characters of a timer
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # only to see whether a timer can be read
_TERM = re.compile(r"P(?:(?P<months>\d+)M|(?P<weeks>\d+)W|(?P<days>\d+)D|T(?P<hours>\d+)H)")
_UNITS = {
    "months": ("miesiąc", "miesiące", "miesięcy"),
    "weeks": ("tydzień", "tygodnie", "tygodni"),
    "days": ("dzień", "dni", "dni"),
    "hours": ("godzina", "godziny", "godzin"),
}
_FUNCTION = re.compile(r'=\s*(?:duration|date|date and time)\(\s*"([^"]+)"\s*\)\s*')


def clocks(file: File, _known: Known) -> Found:
    """A timer says a plain ISO 8601 time, or FEEL after a sign of equality."""
    for node in file.nodes(*KINDS):
        text = markup.text(node)
        owner, kind = owner_of(node), KINDS[markup.kind(node)]
        try:
            wanted = _timer(text, kind)
        except Unclear as unclear:
            yield remark(owner, f"Czas „{short(text)}”: {unclear}. Wpisz go na przykład tak: P14D, R3/P7D, 2026-12-01.")
            continue
        if wanted != text:
            yield change(
                owner,
                "timer",
                "Zapisz czas w postaci, którą system zna.",
                partial(writing.rewrite, node, wanted),
                before=text,
                after=wanted,
            )


def dues(file: File, _known: Known) -> Found:
    """A due date that counts from the task becomes its term."""
    for node in file.nodes("userTask", "manualTask"):
        found = markup.extension(node, "task")
        said = vendors.said(node, "dueDate") or _scheduled(node)
        if not said or (found is not None and found.get("term")):
            continue
        if wanted := _term(said):
            yield change(
                node,
                "due",
                "Ustaw termin zadania.",
                partial(writing.task, node, "term", wanted),
                before=said,
                after=wanted,
            )
        else:
            yield remark(node, f"Termin „{short(said)}” nie jest przenoszony. Wpisz go słowami, na przykład: 14 dni.")


def _timer(text: str, kind: str) -> str:
    if len(text) > LONGEST:
        raise Unclear("zapis jest zbyt długi")
    bare = text.strip("\"'").strip() if text[:1] in ("'", '"') and text[-1:] == text[:1] else text
    for candidate in (bare, bare.upper()):
        if timers.literal(candidate) and timers.problem(kind, candidate, SOME_DAY) is None:
            return candidate
    if function := _FUNCTION.fullmatch(bare):
        return _timer(function[1], kind)
    if bare.startswith("="):
        return _readable(bare)
    if re.fullmatch(r"[$#]\{.*\}", bare, re.DOTALL):
        return f"={translation.to_feel(bare)}"
    if kind == "cycle" and len(bare.split()) >= 5:
        raise Unclear("powtarzania w zapisie cron tu nie ma")
    raise Unclear("nie wiadomo, jaki to czas")


def _readable(text: str) -> str:
    try:
        feel.parse(text)
    except ExpressionFailed as failed:
        raise Unclear("tego wyrażenia nie da się odczytać") from failed
    return text


def _scheduled(node: Node) -> str:
    found = vendors.zeebe(node, "taskSchedule")
    said = (found.get("dueDate") or "").strip() if found is not None else ""
    counted = re.fullmatch(r'=\s*now\(\)\s*\+\s*duration\(\s*"([^"]+)"\s*\)', said)
    return counted[1] if counted else said


def _term(said: str) -> str:
    found = _TERM.fullmatch(said.strip("\"'").upper())
    if found is None:
        return ""
    unit, count = next((unit, int(value)) for unit, value in found.groupdict().items() if value)
    one, few, many = _UNITS[unit]
    teens = count % 100 in (12, 13, 14)
    word = one if count == 1 else few if count % 10 in (2, 3, 4) and not teens else many
    wanted = f"{count} {word}"
    return wanted if terms.check(wanted) is None else ""
