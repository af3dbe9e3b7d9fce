"""Decisions on the command line: checked and published with the diagrams that make them, in any order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from building import end, flows, process, rule, start
from click.testing import CliRunner, Result

from engine.cli import main

SAMPLE = (Path(__file__).with_name("samples") / "forma_uslugi.dmn").read_bytes()
BODY = (start(), rule("wybor", "tryb_wyboru", "tryb"), end(), flows("start", "wybor", "koniec"))
DIAGRAM = process(*BODY, key="a_wybor")

Bieg = Callable[..., Result]


@pytest.fixture
def bieg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bieg:
    monkeypatch.setenv("BIEG_DATA", str(tmp_path / "dane"))
    monkeypatch.delenv("BIEG_DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(main, list(words))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A diagram that comes by name before the file of the decision that it makes."""
    made = tmp_path / "procesy"
    made.mkdir()
    (made / "a_wybor.bpmn").write_bytes(DIAGRAM)
    (made / "forma_uslugi.dmn").write_bytes(SAMPLE)
    return made


def test_a_folder_is_checked_and_published_decisions_first(bieg: Bieg, folder: Path) -> None:
    checked = bieg("check", str(folder))
    published = bieg("publish", str(folder))
    again = bieg("publish", str(folder))

    assert checked.exit_code == 0, checked.output
    assert published.output.split("\n")[:2] == ["forma_uslugi 1", "a_wybor 1"]
    assert again.output == published.output


def test_a_diagram_without_its_decision_is_refused(bieg: Bieg, folder: Path) -> None:
    alone = bieg("check", str(folder / "a_wybor.bpmn"))

    assert alone.exit_code == 1
    assert "wybor: Nie ma opublikowanej decyzji „tryb_wyboru”" in alone.output


def test_problems_of_a_decision_are_told_by_line(bieg: Bieg, folder: Path) -> None:
    file = folder / "forma_uslugi.dmn"
    file.write_bytes(SAMPLE.replace(b"&gt;= prog_pzp", b"&gt;&gt; prog_pzp"))
    line = 1 + SAMPLE[: SAMPLE.index(b"&gt;= prog_pzp")].count(b"\n")

    checked, published = bieg("check", str(file)), bieg("publish", str(file))

    assert checked.exit_code == published.exit_code == 1
    assert f"forma_uslugi.dmn:{line}: tryb_3_p1: Nie rozumiem wyrażenia" in checked.output
    assert "Tej wersji nie można opublikować" in published.output
