"""What may not be published, and why: every problem of a file at once, in Polish, with element and line."""

from __future__ import annotations

import atexit
import os

from engine.bpmn.gate.guard import SEATS, Guard
from engine.bpmn.gate.known import Known
from engine.bpmn.gate.rulebook import LARGEST, read, unreadable
from engine.errors import Problem

__all__ = ["LARGEST", "SEATS", "Known", "check", "rules", "unreadable"]

_guard = Guard()


def check(xml: bytes, known: Known) -> tuple[Problem, ...]:
    """Every problem of a file, what refuses it first, then in the order of its lines.

    Severity "error" refuses the file; "warning" is said and lets it pass. A process of its own does the work, so
    that no file can hold up or fill up this one.

    Raises:
        Unavailable: when no such process can be started.
    """
    return unreadable(xml) or _guard.check(xml, known)


def rules(xml: bytes, known: Known) -> tuple[Problem, ...]:
    """What the rules alone say, here and now: no trial run, and no limits that a hostile file could not pass."""
    return unreadable(xml) or read(xml, known)


def _forget() -> None:
    """A process that was forked off starts checking processes of its own."""
    global _guard  # noqa: PLW0603
    _guard = Guard()


def _close() -> None:
    _guard.close()


os.register_at_fork(after_in_child=_forget)
atexit.register(_close)
