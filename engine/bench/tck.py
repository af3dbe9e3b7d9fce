"""How much of the public test cases of DMN (its TCK) this build passes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.bench.figures import Figure
from engine.bpmn.dmn import tck
from engine.settings import ROOT

LEVELS = ("compliance-level-2", "compliance-level-3")
SETTING = "BIEG_DMN_TCK"


def place() -> Path | None:
    """Where the test cases lie: where the environment says, else beside the project; None when nowhere."""
    said = os.environ.get(SETTING)
    found = Path(said) if said else ROOT.parent / "shared" / "dmn-tck"
    return found if any((found / level).is_dir() for level in LEVELS) else None


def rates(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Passed and all expected results by folder, such as `compliance-level-3/0013-sort`."""
    return {name: (sum(one.passed for one in cases), len(cases)) for name, cases in _folders(folder)}


def failed(folder: Path) -> tuple[str, ...]:
    """The expected results that are not passed, as `folder/case/name`."""
    return tuple(str(one) for _, cases in _folders(folder) for one in cases if not one.passed)


def measure() -> list[Figure]:
    """How many expected results are passed, of how many; nothing when the test cases are not here."""
    found = place()
    if found is None:
        return []
    counted = rates(found).values()
    passed, cases = (sum(one[part] for one in counted) for part in (0, 1))
    return [
        Figure(name="dmn_tck_passed", value=passed, unit="przypadków"),
        Figure(name="dmn_tck_cases", value=cases, unit="przypadków"),
    ]


def _folders(folder: Path) -> Iterator[tuple[str, list[tck.Case]]]:
    for level in LEVELS:
        for one in sorted((folder / level).glob("*")):
            if one.is_dir():
                yield f"{level}/{one.name}", list(tck.cases(one))
