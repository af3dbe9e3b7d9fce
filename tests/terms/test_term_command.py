"""`bieg term` counts a term without a database, and with the rules of a centre when asked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.actions import term_rules
from engine.cli import main, parts


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, which does not exist yet."""
    folder = tmp_path / "dane"
    monkeypatch.setenv("BIEG_DATA", str(folder))
    monkeypatch.delenv("BIEG_DATABASE_URL", raising=False)
    return folder


def bieg(*words: str) -> Result:
    return CliRunner().invoke(main, ["term", *words])


def test_a_term_is_told_with_its_explanation_and_steps(data: Path) -> None:
    result = bieg("14 dni", "--from", "2026-05-21")

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0] == "Koniec: 5 czerwca 2026"
    assert lines[1].endswith("do 4 czerwca; 4 czerwca wolny (Boże Ciało), więc 5 czerwca.")
    assert lines[2].strip().startswith("1. Zdarzenie: 21 maja 2026")
    assert not data.exists()  # nothing is made for a mere question


def test_programs_get_days_for_days() -> None:
    found = json.loads(bieg("14 dni", "--from", "2026-05-21T10:15", "--json").output)

    assert (found["statutory_end"], found["target"], found["reminder"]) == ("2026-06-05", "2026-06-03", "2026-06-01")
    assert found["end"] == "2026-06-05T21:59:59+00:00"
    assert found["explanation"].startswith("14 dni: od 21 maja 2026")
    assert all(isinstance(step, str) for step in found["steps"])


def test_programs_get_moments_for_hours() -> None:
    found = json.loads(bieg("12 godzin", "--from", "2026-10-24T20:00", "--json").output)

    assert found["statutory_end"] == "2026-10-25T07:00:00+01:00"
    assert found["reminder"] == "2026-10-25T04:00:00+01:00"


def test_a_named_rule_says_its_source() -> None:
    result = bieg("kpa: 1 miesiąc", "--from", "3.06.2026")

    assert result.output.splitlines()[0] == "Koniec: 3 lipca 2026"
    assert "Podstawa: art. 35 § 3 KPA" in result.output


def test_dates_of_the_case_are_given_by_name() -> None:
    days = ["--date", "data_bip=2026-06-01", "--date", "data_siedziba=2.06.2026", "--date", "data_strona=2026-06-05"]

    result = bieg("21 dni od ostatniego z ogłoszeń", "--from", "2026-06-01", *days)

    assert result.output.splitlines()[0] == "Koniec: 26 czerwca 2026"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["wkrótce", "--from", "2026-06-03"], 1, "Nieznana zasada terminu „wkrótce”. Wpisz na przykład: 14 dni"),
        (["99 lat", "--from", "2026-06-03"], 1, "dłuższy niż 50 lat"),
        (["14 dni", "--from", "1850-06-03"], 1, "Dni wolne są znane dla lat 1991–2200"),
        (["14 dni", "--from", "9999-12-31T23:59"], 1, "Dni wolne są znane"),
        (["21 dni od ostatniego z ogłoszeń", "--from", "2026-06-03"], 1, "Brakuje dat: „data bip”"),
        (["14 dni", "--from", "2026-02-30"], 2, "Nie ma daty „2026-02-30”. Wpisz na przykład 2026-06-03"),
        (["14 dni", "--from", "0001-01-01"], 2, "Nie ma daty „0001-01-01”"),
        (["14 dni", "--from", "2026-06-03", "--date", "bip"], 2, "Nie ma znaku „=” w „bip”"),
        (["14 dni", "--from", "2026-06-03", "--on", "chiński"], 2, "Niedozwolona wartość „--on”"),
        (["14 dni"], 2, "Brakuje wartości „--from”"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_a_polish_sentence(words: list[str], code: int, told: str) -> None:
    result = bieg(*words)

    assert result.exit_code == code
    assert told in result.output
    assert "Traceback" not in result.output


def test_the_centre_s_own_rules_and_free_days_count_when_asked() -> None:
    with parts().database.work() as work:
        term_rules.enter(
            work,
            None,
            name="Odpowiedź",
            rule="3 dni robocze",
            statutory=False,
            valid_from=date(2026, 6, 1),
            reason="zarządzenie",
        )
        term_rules.add_free_day(work, None, day=date(2026, 6, 5), name="dzień po Bożym Ciele")

    assert "Koniec: 8 czerwca 2026" in bieg("3 dni robocze", "--from", "2026-06-02").output
    assert "Koniec: 9 czerwca 2026" in bieg("3 dni robocze", "--from", "2026-06-02", "--on", "ośrodek").output
    assert "Koniec: 9 czerwca 2026" in bieg("Odpowiedź", "--from", "2026-06-02", "--on", "osrodek").output
    assert bieg("Odpowiedź", "--from", "2026-06-02").exit_code == 1
