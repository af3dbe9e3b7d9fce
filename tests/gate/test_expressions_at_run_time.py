"""Hostile expressions and hostile answers inside a running case: it stops at the step, nothing else happens."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from building import Walk, el, end, flows, process, script, start, timer, user, xor
from hostile_expressions import BOMBS, CODE

from engine.errors import DefinitionRejected, StepFailed

SECONDS = 3.0  # of work for one expression
PATTERNS = (
    "(a+)+$",
    "(a|aa)+$",
    "(.*a){30}",
    "(?:a?){40}a{40}",
    "[" * 500,
    "a{1000000000}",
    "\\" * 99,
    "(?i)(\\p{L}+)*x",
)
ANSWERS = (
    "__import__('os').system('touch CANARY')",
    "= 1 + 1",
    "${7*7}",
    "a" * 90_000,
    "\u202e\u0000\u200b",
    {"typename": "UUID", "value": "x"},
    {"__class__": "x", "__proto__": {}},
    [[[[[]]]]] * 1000,
    1e308,
    -0.0,
)


@pytest.fixture(autouse=True)
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that appears when somebody's code has run in this folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "CANARY"


def begun(diagram: bytes) -> Walk | None:
    """A case that waits for its first task; None when what it computes is no FEEL and it never begins."""
    try:
        return Walk(diagram, y=1)
    except DefinitionRejected:
        return None


def stopped_at(case: Walk, **answers: str | int) -> str | None:
    """The step at which the case stops when the task is done; None when it goes on."""
    try:
        case.do("a", **answers)
    except StepFailed as failed:
        return failed.element
    return None


@pytest.mark.parametrize("text", [*BOMBS, *CODE], ids=range(len(BOMBS) + len(CODE)))
def test_an_expression_ends_within_its_budget_or_stops_the_case_at_its_step(text: str, canary: Path) -> None:
    diagram = process(start(), user("a"), script("licz", text, "x"), end(), flows("start", "a", "licz", "koniec"))
    case = begun(diagram)
    since = time.process_time()

    stopped = None if case is None else stopped_at(case, z=2)

    assert stopped in (None, "licz")
    assert time.process_time() - since < SECONDS
    assert not canary.exists()


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_a_timer_ends_within_its_budget_or_stops_the_case_at_its_step(text: str) -> None:
    wait = el("intermediateCatchEvent", "licz", timer("Duration", f"= {text}"))
    case = begun(process(start(), user("a"), wait, end(), flows("start", "a", "licz", "koniec")))
    since = time.process_time()

    stopped = None if case is None else stopped_at(case)

    assert stopped in (None, "licz")
    assert time.process_time() - since < SECONDS


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_that_a_person_writes_cannot_hold_the_case_up(pattern: str) -> None:
    rule = "matches(tekst, wzor) or replace(tekst, wzor, wzor) = tekst or count(split(tekst, wzor)) > 1"
    case = Walk(process(start(), user("a"), script("licz", rule, "x"), end(), flows("start", "a", "licz", "koniec")))
    since = time.process_time()

    stopped = stopped_at(case, tekst="a" * 5000 + "!", wzor=pattern)

    assert stopped in (None, "licz")
    assert time.process_time() - since < SECONDS


@pytest.mark.parametrize("answer", ANSWERS, ids=range(len(ANSWERS)))
def test_an_answer_is_never_more_than_a_value(answer: object, canary: Path) -> None:
    ways = flows("a", "g") + flows("g", "b", when='x = "tak"') + flows("g", "koniec", named="inaczej")
    diagram = process(start(), user("a"), xor("g", "inaczej"), user("b"), end(), flows("start", "a"), ways)
    case = Walk(diagram).do("a", x=answer)

    assert case.outcome.finished
    assert case.outcome.variables["x"] == answer
    assert not canary.exists()
