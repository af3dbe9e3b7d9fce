"""When what happens every day happens next, on the wall clock of the centre."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from engine import clock
from engine.store.database import Work

NIGHT = (time(1, 59), time(3, 1))  # between these the clocks are changed: an hour comes twice or never


def tomorrow(work: Work, hour: int, minute: int) -> datetime:
    """The next moment after now at which it is `hour:minute` in the centre; for what has just happened, tomorrow.

    Raises:
        ValueError: when the time lies where the clocks are changed.
    """
    return following(work.now, time(hour, minute))


def following(moment: datetime, wall: time) -> datetime:
    """The first moment after `moment` at which the clock on the wall shows `wall`."""
    if NIGHT[0] < wall < NIGHT[1]:
        raise ValueError(f"{wall} is a time that the change of the clocks repeats or leaves out")
    local = clock.local(moment)
    day = local.date() if local.time() < wall else local.date() + timedelta(days=1)
    return datetime.combine(day, wall, clock.WARSAW).astimezone(UTC)


def missed(due_at: datetime, now: datetime) -> int:
    """How many further occurrences of a daily deadline have passed by `now` besides the one of `due_at`."""
    wall = clock.local(due_at).time().replace(microsecond=0)
    after = following(now, wall)
    return max(0, (clock.local(after).date() - clock.local(due_at).date()).days - 1)
