"""How many due rows a worker takes at once, for how long, and when one that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

BATCH = 20
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
DOUBLINGS = 9  # after these the longest pause is reached; a row that fails for months must not overflow


def pause(attempts: int) -> timedelta:
    """The time until the next attempt: twice as long after each failure, at most `LONGEST_PAUSE`."""
    return min(FIRST_PAUSE * (1 << min(attempts, DOUBLINGS)), LONGEST_PAUSE)
