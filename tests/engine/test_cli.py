"""The command line, run as a person runs it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine import bench
from engine.bench import crowd
from engine.cli import main
from engine.shipped import PROCESSES

GOOD = PROCESSES / "zakres" / "zakres.bpmn"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration centre, loaded once."""
    folder = tmp_path_factory.mktemp("pokaz")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BIEG_DATA", str(folder))
        patch.delenv("BIEG_DATABASE_URL", raising=False)
        loaded = CliRunner().invoke(main, ["demo"])
    assert loaded.exit_code == 0, loaded.output
    assert "Sprawa OPS/" in loaded.output
    return folder


@pytest.fixture
def bieg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs `bieg …` on a data folder of its own."""
    monkeypatch.setenv("BIEG_DATA", str(tmp_path / "dane"))
    monkeypatch.delenv("BIEG_DATABASE_URL", raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return run


@pytest.fixture
def demo(bieg, demonstration: Path, tmp_path: Path):
    """Runs `bieg …` on a copy of the demonstration centre."""
    shutil.copytree(demonstration, tmp_path / "dane")
    return bieg


def test_init_creates_the_database_and_may_be_repeated(bieg, tmp_path: Path) -> None:
    first, second = bieg("init"), bieg("init")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert (tmp_path / "dane" / "bieg.db").is_file()
    assert (tmp_path / "dane" / "answers.key").stat().st_mode & 0o077 == 0


def test_demo_refuses_when_there_is_other_data(demo) -> None:
    again = demo("demo")

    assert again.exit_code == 1
    assert "Baza nie jest pusta" in again.output


def test_verify_finds_nothing_in_the_demonstration_centre(demo) -> None:
    result = demo("verify")

    assert result.exit_code == 0, result.output


def test_check_is_silent_about_errors_in_a_shipped_diagram(bieg) -> None:
    result = bieg("check", str(GOOD))

    assert result.exit_code == 0, result.output


def test_check_names_file_line_and_element_of_every_problem(bieg, tmp_path: Path) -> None:
    broken = tmp_path / "zly.bpmn"
    text = GOOD.read_text("utf-8")
    broken.write_text(
        text.replace('form="zakres_propozycja"', 'form="nie_ma"').replace("forma = ", "forma == = "), "utf-8"
    )

    result = bieg("check", str(broken))

    assert result.exit_code == 1
    assert f"{broken}:" in result.output
    assert "zadanie_propozycja_zakresu: Nie ma formularza „nie_ma”" in result.output


def test_check_of_a_missing_file_ends_with_two(bieg) -> None:
    assert bieg("check", "nie-ma-takiego.bpmn").exit_code == 2


def test_publish_prints_key_and_version_and_repeats_give_the_same(demo, tmp_path: Path) -> None:
    changed = tmp_path / "zakres.bpmn"
    changed.write_text(GOOD.read_text("utf-8").replace('name="Ustalanie zakresu usługi"', 'name="Zakres"'), "utf-8")

    first, again, new = demo("publish", str(GOOD)), demo("publish", str(GOOD)), demo("publish", str(changed))

    assert first.output == again.output == "zakres 1\n"
    assert new.output == "zakres 2\n"


def test_publishing_in_the_name_of_somebody_without_the_right_is_refused(demo) -> None:
    result = demo("publish", str(GOOD), "--by", "koordynator")

    assert result.exit_code == 1
    assert "Procesy publikuje kierownik" in result.output


def test_a_token_is_printed_once_for_an_active_person(demo) -> None:
    known, unknown = demo("token", "--person", "api"), demo("token", "--person", "nikt")

    assert known.output.startswith("bieg_")
    assert unknown.exit_code == 1
    assert "Nie ma czynnej osoby" in unknown.output


def test_the_demonstration_centre_serves_this_machine_only(demo) -> None:
    result = demo("serve", "--host", "0.0.0.0")

    assert result.exit_code == 1
    assert "tylko na tym komputerze" in result.output


def test_bench_prints_its_figures_for_programs(bieg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench.deeds, "MANY_ROUNDS", 170)  # what is printed is asked here, not how fast it is
    monkeypatch.setattr(bench.deeds, "CASES", 2)
    for name, few in (("CASES", 1), ("TASKS", 20), ("TIMERS", 10), ("WARM_UP", timedelta(seconds=2))):
        monkeypatch.setattr(f"engine.bench.clockwork.{name}", few)
    monkeypatch.setattr(bench.visiting, "SIZE", crowd.Size(cases=300, running=100, late=30))
    monkeypatch.setattr(bench.visiting, "SECONDS", 0.4)

    result = bieg("bench", "--json")

    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures.keys() >= {
        "complete_task_cpu_ms",
        "complete_task_wall_ms_p50",
        "complete_task_wall_ms_p99",
        "bare_transaction_wall_ms_p50",
        "stock_cpu_ms",
        "complete_task_cpu_ms_after_60_rounds",
        "stock_cpu_ms_after_60_rounds",
        "growth_1000",
        "state_bytes_per_instance",
        "history_bytes_per_instance",
        "tasks_page_p99_ms",
        "overdue_page_p99_ms",
    }
    assert figures["state_bytes_per_instance"] <= 8_000
    assert figures["history_bytes_per_instance"] <= 20_000
