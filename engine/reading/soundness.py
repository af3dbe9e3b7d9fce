"""Looks for what should never be: a broken journal, an instance that waits for nothing."""

from __future__ import annotations

from engine.store import bindings, journal
from engine.store.database import Work


def findings(work: Work) -> tuple[str, ...]:
    """Polish sentences about everything found; empty when all is well."""
    stuck = tuple(f"Sprawa {number} trwa, ale na nic nie czeka." for number in bindings.stuck(work))
    return (*journal.verify(work), *stuck)
