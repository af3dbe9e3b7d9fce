"""The public test cases of the DMN TCK: no folder may pass fewer of its cases than it once did."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from engine.bench import tck
from engine.bpmn.dmn.tck import alike

PLACE = tck.place()
PINNED = Path(__file__).with_name("tck_rates.txt")
JAVA = "compliance-level-3/0076-feel-external-java"  # no foreign code is ever called


@pytest.fixture(scope="module")
def rates() -> Mapping[str, tuple[int, int]]:
    if PLACE is None:
        pytest.skip("the public test cases are not beside the repository")
    return tck.rates(PLACE)


def pinned() -> dict[str, tuple[int, int]]:
    lines = [line.split() for line in PINNED.read_text().splitlines() if line and not line.startswith("#")]
    return {folder: (int(passed), int(cases)) for folder, passed, cases in lines}


def test_every_folder_passes_what_it_passed_before(rates: Mapping[str, tuple[int, int]]) -> None:
    for folder, (passed, cases) in rates.items():
        print(f"{folder:60} {passed:4} of {cases:4}")

    assert rates == pinned()


def test_level_two_and_all_of_level_three_but_java_pass_whole(rates: Mapping[str, tuple[int, int]]) -> None:
    open_ = {folder: rate for folder, rate in rates.items() if rate[0] != rate[1] and folder != JAVA}

    assert open_ == {}
    assert sum(cases for _, cases in rates.values()) > 1600


def test_the_comparison_can_fail() -> None:
    assert alike([Decimal("1.000000001")], [Decimal(1)])
    assert not alike([Decimal("1.1")], [Decimal(1)])
    assert not alike({"a": None}, {})
    assert not alike(True, Decimal(1))


def test_a_folder_whose_model_is_broken_fails_all_its_cases(tmp_path: Path) -> None:
    folder = tmp_path / "compliance-level-2" / "0001-zepsute"
    folder.mkdir(parents=True)
    (folder / "a.dmn").write_text("<a/>")
    (folder / "a-test-01.xml").write_text(
        '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"><modelName>a.dmn</modelName>'
        '<testCase id="1"><resultNode name="d"><expected><value>1</value></expected></resultNode></testCase>'
        "</testCases>"
    )

    assert tck.rates(tmp_path) == {"compliance-level-2/0001-zepsute": (0, 1)}


def test_the_place_is_what_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tck.SETTING, str(tmp_path))
    nowhere = tck.place()
    (tmp_path / "compliance-level-3").mkdir()

    assert nowhere is None
    assert tck.place() == tmp_path


def test_the_bench_shows_the_totals_or_leaves_them_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(tck.SETTING, str(tmp_path))

    assert tck.measure() == []

    test_a_folder_whose_model_is_broken_fails_all_its_cases(tmp_path)
    assert [(one.name, one.value) for one in tck.measure()] == [("dmn_tck_passed", 0), ("dmn_tck_cases", 1)]
    assert tck.failed(tmp_path) == ("0001-zepsute/1/d",)
