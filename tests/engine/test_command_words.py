"""The command line speaks Polish, also when it is misunderstood, and names the file that is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli import main
from engine.shipped import FORMS, PROCESSES

ENGLISH = re.compile(r"\b(Usage|Options|Commands|Error|Try|Missing|Invalid|No such|Show this|Arguments)\b")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("BIEG_DATA", str(tmp_path / "dane"))
    monkeypatch.delenv("BIEG_DATABASE_URL", raising=False)
    return tmp_path


def bieg(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nie-ma"], "Nie ma polecenia „nie-ma”. Opis: "),
        (["--nie-ma"], "Nie ma opcji „--nie-ma”."),
        (["token"], "Brakuje wartości „--person”."),
        (["check"], "Brakuje wartości „PLIK…”."),
        (["serve", "--port", "abc"], "Niedozwolona wartość „--port”."),
        (["token", "--person", "anna", "--days", "0"], "Niedozwolona wartość „--days”."),
        (["publish", "--by"], "Nie rozumiem polecenia."),
        (["init", "cos"], "Nie rozumiem polecenia."),
    ],
)
def test_a_command_that_is_misunderstood_is_told_so_in_polish(words: list[str], told: str) -> None:
    result = bieg(*words)

    assert result.exit_code == 2
    assert told in result.output
    assert not ENGLISH.search(result.output)


@pytest.mark.parametrize("words", [[], *([name] for name in main.commands)], ids=lambda words: "".join(words) or "bieg")
def test_every_description_is_polish(words: list[str]) -> None:
    result = bieg(*words, "--help")

    assert result.exit_code == 0
    assert result.output.startswith("Użycie: ")
    assert not ENGLISH.search(result.output)


def test_a_setting_that_cannot_be_is_named_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIEG_PORT", "wysoki")

    result = bieg("init")

    assert result.exit_code == 1
    assert result.output == "Błąd: Niedozwolona wartość ustawienia: BIEG_PORT. Popraw ją i spróbuj ponownie.\n"


def test_check_looks_at_forms_and_tables_too(data: Path) -> None:
    form, table, words = data / "formularz.json", data / "tabela.json", data / "znaki.json"
    form.write_text('{"key": "x", "title": "X", "sections": []}', "utf-8")
    table.write_text('{"rows": [["a"]], "columns": []}', "utf-8")
    words.write_bytes(b"\xff\xfe")

    result = bieg("check", str(form), str(table), str(words))

    assert result.exit_code == 1
    assert all(f"{path}:" in result.output for path in (form, table, words))


def test_check_knows_the_forms_that_are_checked_beside_a_diagram(data: Path) -> None:
    diagram, form = data / "nowy.bpmn", data / "nowy_formularz.json"
    shipped = (PROCESSES / "zakres" / "zakres.bpmn").read_text("utf-8")
    diagram.write_text(shipped.replace('form="zakres_propozycja"', 'form="nowy_formularz"'), "utf-8")
    known = (FORMS / "zakres" / "zakres_propozycja.json").read_text("utf-8")
    form.write_text(known.replace('"key": "zakres_propozycja"', '"key": "nowy_formularz"'), "utf-8")

    assert bieg("check", str(diagram)).exit_code == 1
    assert bieg("check", str(data)).exit_code == 0


def test_everything_that_is_shipped_passes_the_check() -> None:
    result = bieg("check", str(PROCESSES), str(FORMS))

    assert result.exit_code == 0, result.output


def test_publishing_names_the_file_that_is_wrong_and_publishes_none(data: Path) -> None:
    good = data / "zakres.bpmn"
    good.write_bytes((PROCESSES / "zakres" / "zakres.bpmn").read_bytes())
    bad = data / "zly.bpmn"
    bad.write_text("to nie jest xml", "utf-8")

    result = bieg("publish", *(str(path) for path in sorted(FORMS.rglob("*.json"))), str(good), str(bad))

    assert result.exit_code == 1
    assert f"{bad}:1: : Plik nie jest poprawnym dokumentem XML." in result.output
    again = bieg("publish", *(str(path) for path in sorted(FORMS.rglob("*.json"))), str(good))
    assert "zakres 1\n" in again.output
