"""How many due rows a worker takes at once, for how long, and when one that failed is tried again."""

from __future__ import annotations

from datetime import timedelta

BATCH = 100
# What a worker took and lost by its death is late by this. It may be short: who is slow keeps what it has locked.
LEASE = timedelta(seconds=10)
TURN = 0.03  # seconds after which a transaction of many rows ends, so that a click need not wait for longer
ACCIDENTS = 2  # a row whose worker has vanished so often may be what makes workers vanish: it is tried alone
GAP = 0.01  # seconds between two of them where there is one writer at a time, in which a click has its turn
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
DOUBLINGS = 10  # after these the longest pause is reached; a row that fails for months must not overflow


def pause(attempts: int) -> timedelta:
    """The time until the next attempt: twice as long after each failure, at most `LONGEST_PAUSE`."""
    return min(FIRST_PAUSE * (1 << min(attempts, DOUBLINGS)), LONGEST_PAUSE)
