"""How much of the public test cases of DMN (its TCK) this build passes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.bpmn.dmn import tck
from engine.bpmn.dmn.tck import Case
from engine.settings import ROOT

LEVELS = ("compliance-level-2", "compliance-level-3")
SETTING = "BIEG_DMN_TCK"


def place() -> Path | None:
    """Where the test cases lie: what the environment says, else beside the project; None when nowhere."""
    said = os.environ.get(SETTING)
    found = Path(said) if said else ROOT.parent / "shared" / "dmn-tck"
    return found if any((found / level).is_dir() for level in LEVELS) else None


def cases(folder: Path) -> Iterator[Case]:
    """Every expected result below the folder, with its outcome."""
    for level in LEVELS:
        for one in sorted((folder / level).glob("*")):
            if one.is_dir():
                yield from tck.cases(one)


def rates(folder: Path) -> Mapping[str, tuple[int, int]]:
    """Passed and all expected results by folder, such as `compliance-level-3/0013-sort`."""
    found: dict[str, tuple[int, int]] = {}
    for level in LEVELS:
        for one in sorted((folder / level).glob("*")):
            if one.is_dir():
                passed = [case.passed for case in tck.cases(one)]
                found[f"{level}/{one.name}"] = (sum(passed), len(passed))
    return found
