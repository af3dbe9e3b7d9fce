"""Workers of the clock as processes of their own, which are killed at any moment, also in the middle of a deed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
import time_machine
from sqlalchemy import text

from engine import scheduler
from engine.actions import firing, timed_starts
from engine.bootstrap import Parts, assemble
from engine.model import Deadline, DeadlineKind
from engine.settings import Settings
from engine.store import deadlines, firings
from engine.store.database import Database, Work

SHORT_LEASE = timedelta(seconds=1)  # what a killed worker had taken comes back sooner than in a centre
DEED = DeadlineKind.ABSENCE  # stands here for a deed that leaves a mark each time it is done
FORKS = multiprocessing.get_context("forkserver")  # its server never opens a database


@dataclass(frozen=True, kw_only=True)
class Manner:
    """How a worker is. `dies` is the chance that it is killed in the middle of a deed."""

    dies: float = 0.0
    zone: str = "UTC"
    fast: timedelta = timedelta()  # how far its own clock is ahead
    mutant: bool = False  # it keeps the deed and the account of it in two transactions


def prepare(database: Database) -> None:
    """Make a table that takes the same mark twice."""
    with database.work() as work:
        work.connection.execute(text("CREATE TABLE mark (key TEXT NOT NULL)"))


def run(url: str, folder: str, manner: Manner) -> None:
    """Be a worker until killed or asked to stop."""
    os.environ["TZ"] = manner.zone
    time.tzset()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    parts = assemble(Settings(data=Path(folder), database_url=url, tick_seconds=0.2))
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    _arm(manner)
    with _clock_of(manner):
        heart = scheduler.start(parts)
        stop.wait()
        heart.shutdown(wait=True)


def _arm(manner: Manner) -> None:
    chance = random.Random()

    def mark(work: Work, deadline: Deadline) -> None:
        work.connection.execute(text("INSERT INTO mark VALUES (:key)"), {"key": deadline.key})
        if chance.random() < manner.dies:
            os.kill(os.getpid(), signal.SIGKILL)

    firing.HANDLERS = {**firing.HANDLERS, DEED: mark}
    for module in (firing, timed_starts):
        setattr(module, "LEASE", SHORT_LEASE)  # noqa: B010 - each has imported its own
    if manner.mutant:
        setattr(firing, "_fire", _in_two_transactions)  # noqa: B010 - it has another name for its last argument


def _in_two_transactions(database: Database, owner: str, taken: Sequence[Deadline], _now: datetime | None) -> None:
    def deeds(work: Work) -> None:
        for one in taken:
            firing.HANDLERS[one.kind](work, one)

    def account(work: Work) -> None:
        for one in taken:
            firings.record(work, one, 0)
        deadlines.drop_fired(work, [one.id for one in taken], owner)

    database.run(deeds)
    if random.random() < 1 / 2:
        os.kill(os.getpid(), signal.SIGKILL)
    database.run(account)


@contextmanager
def _clock_of(manner: Manner) -> Iterator[None]:
    if not manner.fast:
        yield
        return
    with time_machine.travel(datetime.now().astimezone() + manner.fast, tick=True):
        yield


class Crew:
    """Workers on one database; one that was killed is replaced at once."""

    def __init__(self, parts: Parts, manners: Sequence[Manner]) -> None:
        self._at = (parts.settings.url, str(parts.settings.data))
        self._manners = manners
        self._workers = [self._new(one) for one in manners]
        self.kills = 0

    def kill_one(self) -> None:
        """Kill -9, whatever it does."""
        number = random.randrange(len(self._workers))
        worker = self._workers[number]
        if worker.is_alive():
            worker.kill()

    def replace_the_dead(self) -> None:
        """Count those who were killed, and start others."""
        for number, worker in enumerate(self._workers):
            if not worker.is_alive():
                self.kills += 1
                self._workers[number] = self._new(self._manners[number])

    def dismiss(self) -> list[int | None]:
        """Ask everybody to stop; their exit codes."""
        for worker in self._workers:
            worker.terminate()
        for worker in self._workers:
            worker.join(30)
        return [worker.exitcode for worker in self._workers]

    def _new(self, manner: Manner) -> multiprocessing.context.ForkServerProcess:
        made = FORKS.Process(target=run, args=(*self._at, manner), daemon=True)
        made.start()
        return made


@contextmanager
def crew(parts: Parts, *manners: Manner) -> Iterator[Crew]:
    """So many workers, gone when the block ends."""
    FORKS.set_forkserver_preload(["engine.scheduler", "clocking"])
    made = Crew(parts, manners)
    try:
        yield made
    finally:
        made.dismiss()


def until(happened: Callable[[], bool], meanwhile: Callable[[], None], seconds: float) -> None:
    """Wait for something, and say so when it does not come."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"it has not happened within {seconds} s"
        meanwhile()
        threading.Event().wait(random.uniform(0.2, 0.6))
