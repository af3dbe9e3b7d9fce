"""Once a day: counts what was open and late at the end of each day, and how long steps take."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from engine import clock
from engine.actions import daily
from engine.model import Deadline, DeadlineKind
from engine.store import backlog, deadlines, pace
from engine.store.backlog import Backlog, Life
from engine.store.database import Work

DAYS = 84  # of backlog that the page shows
HOUR, MINUTE = 4, 20  # of the clock in the centre
LATE_LONG = timedelta(days=15)  # from this day on a task is late for more than 14 days
MEMORY = timedelta(days=365)  # what was done earlier says nothing of today
MOST = 400  # finished tasks of each step; the newest ones follow a change of habits


def fire(work: Work, deadline: Deadline) -> None:
    """Count, and come back tomorrow."""
    count(work)
    due_at = daily.tomorrow(work, HOUR, MINUTE)
    deadlines.put(work, kind=DeadlineKind.COUNT, key=deadline.key, due_at=due_at, name=deadline.name)


def count(work: Work) -> None:
    """Enter yesterday and what else is missing of the last twelve weeks, and measure the pace of all steps anew.

    A day that was counted already is left as it is: what has been postponed since was late on that day all the same.
    """
    yesterday = clock.today(work.now) - timedelta(days=1)
    first = yesterday - timedelta(days=DAYS - 1)
    known = backlog.days(work, first, yesterday)
    missing = [day for day in (first + timedelta(days=one) for one in range(DAYS)) if day not in known]
    if missing:
        for day, found in zip(missing, stood(backlog.lives(work, _end(missing[0])), missing), strict=True):
            backlog.keep(work, day, found)
    pace.keep(work, pace.measure(work, since=work.now - MEMORY, most=MOST))


def stood(lives: Iterable[Life], days: Sequence[date]) -> list[dict[str, Backlog]]:
    """What was open and late at the end of each of these days, by process.

    Args:
        days: ascending.
    """
    ends = [_end(day) for day in days]
    changes: dict[str, list[list[int]]] = {}
    for one in lives:
        table = changes.setdefault(one.process, [[0] * (len(ends) + 1) for _ in range(3)])
        over = len(ends) if one.over is None else bisect_left(ends, one.over)
        for line, begins in zip(table, _begins(one, days, ends), strict=True):
            line[min(begins, over)] += 1
            line[over] -= 1
    sums = {key: [[*accumulate(line)] for line in table] for key, table in changes.items()}
    return [_on(sums, number) for number in range(len(ends))]


def _begins(one: Life, days: Sequence[date], ends: Sequence[datetime]) -> tuple[int, int, int]:
    """From the end of which day on a task was open, late, and late for more than 14 days."""
    opened = bisect_left(ends, one.opened)
    if one.due is None or one.paused is not None:
        return opened, len(ends), len(ends)
    older = bisect_left(days, clock.local(one.due).date() + LATE_LONG)
    return opened, max(opened, bisect_left(ends, one.due)), max(opened, older)


def _on(sums: Mapping[str, list[list[int]]], number: int) -> dict[str, Backlog]:
    """The processes in which anything was open on one of the days."""
    found = {key: tuple(line[number] for line in table) for key, table in sums.items()}
    return {
        key: Backlog(open=many, late=late, late_fortnight=older) for key, (many, late, older) in found.items() if many
    }


def _end(day: date) -> datetime:
    """The midnight that ends a day in the centre."""
    return datetime.combine(day + timedelta(days=1), time(), clock.WARSAW).astimezone(UTC)
