"""Hostile files and expressions: none runs code, crashes, hangs or passes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import hostile
import hostile_expressions
import mutations
import pytest
import tripwire
from building import call, process, script
from hostile import REFUSED, Case, line

from engine.bpmn import gate, reader
from engine.bpmn.drawing import draw
from engine.bpmn.gate.guard import BROKEN, Guard
from engine.errors import DefinitionRejected

FILES = hostile.files()
EXPRESSIONS = list(hostile_expressions.cases())
DAMAGED = list(mutations.cases())
SECONDS = 8  # the limit, and time for a fresh process to start on a busy machine
KNOWN = gate.Known(
    roles=frozenset({"Wójt"}),
    forms={},
    processes={
        "dobry": hostile.GOOD.replace(b'id="proces"', b'id="dobry"'),
        "zepsuty": b"<zepsuty",
        "skrypt": line('<bpmn:scriptTask id="a" scriptFormat="python"/>', key="skrypt"),
        "wola_proces": line(call("a", "proces"), key="wola_proces"),
        "wola_wola_proces": line(call("a", "wola_proces"), key="wola_wola_proces"),
    },
)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    """Checks files where every way out is wired."""
    made = Guard(tripwire.command(hostile.GOOD))
    yield made
    made.close()


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that appears when somebody's code has run in this folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "CANARY"


def test_there_are_more_than_three_hundred_hostile_files() -> None:
    cases = [*FILES, *EXPRESSIONS, *DAMAGED]

    assert len(FILES) + len(EXPRESSIONS) >= 300
    assert len(DAMAGED) >= 200
    assert len({one.name for one in cases}) == len(cases)


@pytest.mark.parametrize("case", [*FILES, *EXPRESSIONS, *DAMAGED], ids=lambda case: case.name)
def test_a_hostile_file_is_answered_soon_without_harm(case: Case, guard: Guard, canary: Path) -> None:
    begun = time.monotonic()

    found = gate.unreadable(case.data) or guard.check(case.data, KNOWN)

    assert time.monotonic() - begun < SECONDS
    assert BROKEN not in {one.message for one in found}
    assert not canary.exists()
    if case.expected == REFUSED:
        assert any(one.severity == "error" for one in found)


@pytest.mark.parametrize("case", FILES, ids=lambda case: case.name)
def test_a_hostile_file_that_can_be_drawn_is_drawn_without_its_markup(case: Case) -> None:
    try:
        reader.read(case.data)
    except DefinitionRejected:
        return
    if len(case.data) > 100_000:
        return

    drawn = draw(case.data).lower() if b"BPMNDiagram" in case.data else ""

    assert "<script" not in drawn
    assert "onload=" not in drawn


@pytest.mark.parametrize(
    "deed",
    [
        "eval('1')",
        "exec('1')",
        "compile('1', 'x', 'eval')",
        "os.system('true')",
        "subprocess.Popen(['true'])",
        "subprocess.run(['true'])",
        "socket.socket()",
        "open('CANARY', 'w')",
        "os.fork()",
    ],
)
def test_the_wires_are_live(deed: str, canary: Path) -> None:
    ended = subprocess.run(tripwire.command(hostile.GOOD, deed), check=False, timeout=60, capture_output=True)

    assert ended.returncode == tripwire.TRIPPED
    assert not canary.exists()


def test_a_process_with_wires_checks_files_like_any_other(guard: Guard) -> None:
    good, bad = process(script("a", "1 + 1", "x")), process(script("a", "1 +", "x"))

    assert guard.check(good, KNOWN) == gate.check(good, KNOWN)
    assert guard.check(bad, KNOWN) == gate.check(bad, KNOWN)
