"""How many due rows a worker takes at once, for how long, and when one that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

BATCH = 100
LEASE = timedelta(seconds=30)
TURN = 0.05  # seconds after which a transaction of many rows ends, so that a click need not wait for longer
ACCIDENTS = 2  # a row whose worker has vanished so often may be what makes workers vanish: it is tried alone
GAP = 0.005  # seconds between two of them, in which a click has its turn
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
DOUBLINGS = 10  # after these the longest pause is reached; a row that fails for months must not overflow


def pause(attempts: int) -> timedelta:
    """The time until the next attempt: twice as long after each failure, at most `LONGEST_PAUSE`."""
    return min(FIRST_PAUSE * (1 << min(attempts, DOUBLINGS)), LONGEST_PAUSE)
