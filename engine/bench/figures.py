"""One measured figure, and how a series of measurements becomes one."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure; the median of its runs where it has several."""

    name: str
    value: float
    unit: str


def ms(name: str, seconds: Sequence[float]) -> Figure:
    """The median of a series in milliseconds."""
    return Figure(name=name, value=statistics.median(seconds) * 1e3, unit="ms")


def ms_p99(name: str, seconds: Sequence[float]) -> Figure:
    """The 99th percentile of a series in milliseconds."""
    return Figure(name=name, value=statistics.quantiles(seconds, n=100)[98] * 1e3, unit="ms")


def repeated(do: Callable[[], object], clock: Callable[[], float], runs: int) -> list[float]:
    """Seconds of each of so many runs, after one that warms up."""
    do()
    taken = []
    for _ in range(runs):
        begun = clock()
        do()
        taken.append(clock() - begun)
    return taken
