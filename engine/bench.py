"""What this installation takes for the things it does all day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure."""

    name: str
    value: float
    unit: str


def run() -> list[Figure]:
    """Measure everything."""
    return []
