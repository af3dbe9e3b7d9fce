"""Deeds of the clock: fire every deadline that is due, each occurrence once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time

from engine.actions import daily, timers
from engine.model import Deadline, DeadlineKind
from engine.store import deadlines
from engine.store.database import Work

Handler = Callable[[Work, Deadline], None]

HANDLERS: Mapping[DeadlineKind, Handler] = {
    DeadlineKind.TIMER: timers.fire,
}

# What the centre does every day, by its local time (between 01:59 and 03:01 the clocks may be changed).
DAILY: Mapping[DeadlineKind, time] = {
    DeadlineKind.PLAN: time(4, 10),
    DeadlineKind.COUNT: time(4, 20),
    DeadlineKind.DIGEST: time(7, 0),
}


def ensure_daily(work: Work) -> None:
    """Sets the deadlines of every day that do not wait yet and have something to do."""
    known = {one.kind for one in deadlines.of_centre(work)}
    for kind, wall in DAILY.items():
        if kind in HANDLERS and kind not in known:
            due_at = daily.following(work.now, wall)
            deadlines.put(work, kind=kind, key="", due_at=due_at)
