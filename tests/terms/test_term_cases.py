"""Two hundred cases with their sources: `hand` was found with a paper calendar, `oracle` by `slow_oracle`."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from engine import clock, terms

FILE = Path(__file__).with_name("term_cases.tsv")
CASES = list(csv.DictReader(FILE.open(encoding="utf-8"), delimiter="\t"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['rule']} od {case['event']}")
def test_a_term_ends_where_the_law_says(case: dict[str, str]) -> None:
    event = datetime.fromisoformat(case["event"]).replace(tzinfo=clock.WARSAW)

    due = terms.due(case["rule"], event)

    end = clock.local(due.moment)
    said = end.isoformat(timespec="minutes")[:16] if due.by_clock else end.date().isoformat()
    assert said == case["end"], f"{due.explanation} ({case['why']})"


def test_there_are_two_hundred_cases_and_each_names_its_source() -> None:
    assert len(CASES) >= 200
    assert all(case["why"] and date.fromisoformat(case["end"][:10]) for case in CASES)
    assert sum(case["found"] == "hand" for case in CASES) >= 90
