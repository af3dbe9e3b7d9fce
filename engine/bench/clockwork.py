"""The clock: what a beat costs when nothing is due, and how late things happen when ten thousand are due at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from engine import clock
from engine.actions import definitions, firing
from engine.bench import deeds, diagrams, figures
from engine.bench.figures import Figure
from engine.bootstrap import Parts
from engine.model import DeadlineKind, Task, TaskState
from engine.store import deadlines, firings
from engine.store import tasks as task_rows

WORKERS = 2
CASES, TASKS = 20, 500  # ten thousand tasks, each with a reminder of its own
TIMERS = 500
BEATS = 50
WARM_UP = timedelta(seconds=12)  # in which the workers begin and fall asleep
PATIENCE = 90.0  # seconds

_TERM = (
    b'name="ocena"><bpmn:extensionElements><bieg:task xmlns:bieg="urn:bieg:bpmn:1" term="14 dni"/>'
    b"</bpmn:extensionElements>"
)
_BEGIN = "from engine.cli import main; main()"


def measure(parts: Parts) -> list[Figure]:
    """The figures of the clock; lateness is the time from when something was due until its transaction began.

    Args:
        parts: an office; `diagrams.many()` is published anew, with a term.
    """
    with parts.database.work() as work:
        definitions.publish(work, None, diagrams.many().replace(b'name="ocena">', _TERM, 1))
        definitions.publish(work, None, diagrams.waiting())
    put = _reminders(parts)
    idle = figures.ms("tick_idle_ms", figures.repeated(lambda: _look(parts), time.perf_counter, BEATS))
    reminders = _late(parts, DeadlineKind.REMIND, _all_at_once(parts, put), len(put))
    timers = _late(parts, DeadlineKind.TIMER, _timers(parts), TIMERS)
    return [idle, *_figures("due_10000", reminders), *_figures("due_500_timers", timers)]


def _look(parts: Parts) -> None:
    with parts.database.look() as work:
        firing.next_ready(work)


def _reminders(parts: Parts) -> list[Task]:
    """Tasks that have a term, and so reminders of days to come."""
    found: list[Task] = []
    for _ in range(CASES):
        instance = deeds.begin(parts, "wiele", osoby=[*range(TASKS)])
        with parts.database.look() as work:
            opened = task_rows.of_instance(work, instance, state=TaskState.OPEN)
        found += opened
    return found


def _all_at_once(parts: Parts, put: Sequence[Task]) -> datetime:
    due_at = clock.now() + WARM_UP
    with parts.database.work() as work:
        for one in put:
            key = f"task:{one.id}"
            deadlines.put(work, kind=DeadlineKind.REMIND, key=key, due_at=due_at, instance=one.instance, task=one.id)
    return due_at


def _timers(parts: Parts) -> datetime:
    """Cases that all wait for the same moment."""
    due_at = clock.now() + WARM_UP + timedelta(seconds=TIMERS / 100)
    for _ in range(TIMERS):
        deeds.begin(parts, "czekanie", chwila=due_at.isoformat())
    return due_at


def _late(parts: Parts, kind: DeadlineKind, due_at: datetime, count: int) -> list[float]:
    """Seconds by which each of so many was late."""
    with _workers(parts):
        end = time.monotonic() + PATIENCE
        late: list[float] = []
        while len(late) < count and time.monotonic() < end:
            time.sleep(0.5)
            with parts.database.look() as work:
                late = [(one - due_at).total_seconds() for one in firings.at_once(work, kind, due_at)]
    return sorted(late)


@contextmanager
def _workers(parts: Parts) -> Iterator[None]:
    """`bieg work`, as often as there are cores."""
    environment = {**os.environ, "BIEG_DATA": str(parts.settings.data), "BIEG_DATABASE_URL": parts.settings.url}
    started = [
        subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-c", _BEGIN, "work"], env=environment, stdout=subprocess.DEVNULL
        )
        for _ in range(WORKERS)
    ]
    try:
        yield
    finally:
        for one in started:
            one.send_signal(signal.SIGTERM)
        for one in started:
            one.wait(60)


def _figures(name: str, late: Sequence[float]) -> list[Figure]:
    if not late:
        return []
    return [
        Figure(name=f"{name}_lateness_p50_s", value=late[len(late) // 2], unit="s"),
        Figure(name=f"{name}_lateness_p99_s", value=late[len(late) * 99 // 100], unit="s"),
        Figure(name=f"{name}_rows_per_s", value=len(late) / max(late[-1], 0.001), unit="1/s"),
    ]
