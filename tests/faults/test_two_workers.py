"""Workers that tick at the same time fire every timer once; one that is killed leaves none behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import invariants
import pytest
from faults_cast import Office
from sqlalchemy import text

from engine import clock
from engine.actions import firing, patience, timers
from engine.model import Deadline, InstanceId
from engine.store import deadlines
from engine.store.database import Work

TIMERS = 200
FEWER = 80  # enough to be killed among them
YESTERDAY = timedelta(days=1)


def due(office: Office, count: int = TIMERS) -> None:
    """Cases whose timers have been due for almost a day."""
    office.start("po_godzinie", count, at=clock.now() - YESTERDAY)


def fired(office: Office) -> Counter[int]:
    """How often each case was moved by a timer, as its journal tells."""
    with office.parts.database.look() as work:
        told = work.connection.scalars(text("SELECT chain FROM journal WHERE deed = 'fire'"))
        return Counter(int(one) for one in told)


def all_fired_once(office: Office, count: int = TIMERS) -> None:
    found = fired(office)
    assert len(found) == count
    assert set(found.values()) == {1}
    with office.parts.database.look() as work:
        assert work.connection.scalar(text("SELECT count(*) FROM deadline WHERE kind = 'timer'")) == 0
        opened = work.connection.scalar(text("SELECT count(*) FROM task WHERE element = 'potem' AND state = 'open'"))
    assert opened == count
    assert invariants.broken(office.parts.database) == []


def tick_together(offices: list[Office]) -> int:
    handled: list[int] = []
    line = threading.Barrier(len(offices))

    def tick(number: int, office: Office) -> None:
        line.wait(20)
        handled.append(firing.fire_due(office.parts.database, f"worker {number}", clock.now()))

    workers = [threading.Thread(target=tick, args=one) for one in enumerate(offices)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert len(handled) == len(offices)
    return sum(handled)


def test_two_workers_fire_each_of_two_hundred_timers_once(office: Office, colleague: Callable[[], Office]) -> None:
    due(office)

    handled = tick_together([office, colleague()])

    assert handled == TIMERS
    all_fired_once(office)


def test_a_worker_killed_while_it_fires_leaves_nothing_undone(office: Office, tmp_path: Path) -> None:
    due(office, FEWER)
    with bieg_work(office, tmp_path) as worker:
        until = monotonic() + 60
        while len(fired(office)) < FEWER // 10:
            assert monotonic() < until, "the worker does not fire"
            threading.Event().wait(0.02)
        worker.kill()

    done = len(fired(office))
    assert done < FEWER, "it was too quick to be killed"
    assert invariants.broken(office.parts.database) == []
    firing.fire_due(office.parts.database, "another", clock.now())
    firing.fire_due(office.parts.database, "another", clock.now() + patience.LEASE)
    all_fired_once(office, FEWER)


def test_what_a_vanished_worker_has_taken_waits_for_the_end_of_its_lease(office: Office) -> None:
    due(office, 5)
    with office.parts.database.work() as work:
        deadlines.take_due(work, now=clock.now(), limit=3, owner="vanished", lease=patience.LEASE)

    assert firing.fire_due(office.parts.database, "another", clock.now()) == 2
    assert firing.fire_due(office.parts.database, "another", clock.now() + patience.LEASE) == 3
    all_fired_once(office, 5)


def test_a_worker_that_comes_late_with_a_lost_lease_fires_nothing_again(office: Office) -> None:
    due(office, 1)
    with office.parts.database.work() as work:
        (slow,) = deadlines.take_due(work, now=clock.now(), limit=1, owner="slow", lease=patience.LEASE)
    firing.fire_due(office.parts.database, "quick", clock.now() + patience.LEASE)

    with office.parts.database.work() as work:
        timers.fire(work, slow)

    all_fired_once(office, 1)


def test_without_leases_two_workers_would_do_the_same_work(
    office: Office, colleague: Callable[[], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    due(office, 10)
    line = threading.Barrier(2)

    def all_that_is_due(work: Work, **_: object) -> tuple[Deadline, ...]:
        ids = list(work.connection.scalars(text("SELECT instance_id FROM deadline ORDER BY instance_id")))
        return tuple(one for id in ids for one in deadlines.of_instance(work, InstanceId(id)))

    fire = firing._fire

    def together(*said: Any) -> None:
        line.wait(20)
        fire(*said)

    monkeypatch.setattr(deadlines, "take_due", all_that_is_due)
    monkeypatch.setattr(firing, "_fire", together)

    assert tick_together([office, colleague()]) == 2 * 10


@contextmanager
def bieg_work(office: Office, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`bieg work` as a process of its own."""
    settings = office.parts.settings
    environment = {
        **os.environ,
        "BIEG_DATA": str(settings.data),
        "BIEG_DATABASE_URL": settings.url,
        "BIEG_TICK_SECONDS": "0.05",
    }
    with (folder / "work.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, "-c", "from engine.cli import main; main()", "work"],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=log,
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait(10)
