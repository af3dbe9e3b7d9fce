"""One heartbeat: it wakes when the next deadline is due. The deadlines themselves are rows in the database."""

from __future__ import annotations

import os
import socket
import threading
from datetime import timedelta

import structlog
from apscheduler.schedulers import SchedulerNotRunningError
from apscheduler.schedulers.background import BackgroundScheduler

from engine.actions import firing
from engine.bootstrap import Parts
from engine.errors import EngineError
from engine.notices import sending

BLINK = 0.01  # seconds; a row that became ready while it was looked at
STANDING = timedelta(hours=1)  # how often it is made sure that the deadlines of every day wait

log = structlog.get_logger()


class Heart:
    """Beats in a thread of this process until it is shut down."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stop = threading.Event()
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.add_job(self._ensure_daily, "interval", seconds=STANDING.total_seconds())
        seconds = self._parts.settings.tick_seconds  # a job of its own: no deadline waits for a mail server
        self._scheduler.add_job(self._post, "interval", seconds=seconds, coalesce=True, misfire_grace_time=None)
        self._scheduler.start()
        self._again()

    def shutdown(self, wait: bool = True) -> None:
        """Take nothing more; what has been taken is fired first."""
        self._stop.set()
        self._scheduler.shutdown(wait=wait)

    def _beat(self) -> None:
        """Fire what is due and rest until there is more.

        The rest is no plan of the scheduler, which counts by the clock on the wall: when that is set back an hour,
        it would sleep for an hour.
        """
        try:
            tick(self._parts, self._stop)
            self._stop.wait(rest(self._parts))
        except Exception as failure:  # nothing may end the heartbeat
            log.error("tick.failed", kind=type(failure).__name__)
            self._stop.wait(self._parts.settings.tick_seconds)
        finally:
            self._again()

    def _again(self) -> None:
        if not self._stop.is_set():
            try:
                self._scheduler.add_job(self._beat, misfire_grace_time=None)
            except (SchedulerNotRunningError, RuntimeError):
                log.info("heart.stopped")

    def _ensure_daily(self) -> None:
        ensure_daily(self._parts)

    def _post(self) -> None:
        post(self._parts, self._stop)


def tick(parts: Parts, stop: threading.Event | None = None) -> int:
    """Fire everything that is due now.

    Args:
        stop: when it is set, what has been taken is fired and nothing more is taken.

    Returns:
        How many deadlines were handled; 0 also when the database is away, which the next beat tries again.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}"
    stopping = stop.is_set if stop is not None else threading.Event().is_set
    try:
        if rest(parts) > 0:
            return 0
        handled = firing.fire_due(parts.database, owner, stopping=stopping)
    except EngineError as failure:
        log.warning("tick.failed", code=failure.code)
        return 0
    return handled


def post(parts: Parts, stop: threading.Event | None = None) -> int:
    """Send the e-mails that are ready.

    Args:
        stop: when it is set, no further one is sent.

    Returns:
        How many have left; 0 also when the database is away, which the next turn tries again.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}"
    stopping = stop.is_set if stop is not None else threading.Event().is_set
    try:
        return sending.send_due(parts.database, parts.settings, owner, stopping=stopping)
    except EngineError as failure:
        log.warning("post.failed", code=failure.code)
        return 0


def rest(parts: Parts) -> float:
    """Seconds until the next deadline is due, at most one interval of the heartbeat; 0 when one is due.

    Raises:
        Unavailable: when the database is away.
    """
    with parts.database.look() as work:
        now, ready = firing.next_ready(work)
    longest = parts.settings.tick_seconds
    if ready is None:
        return longest
    return max(0.0, min(longest, (ready - now).total_seconds()))


def ensure_daily(parts: Parts) -> None:
    """Make sure that the deadlines of every day wait, also after a time without a database."""
    try:
        parts.database.run(firing.ensure_daily)
    except EngineError as failure:
        log.warning("daily.failed", code=failure.code)


def start(parts: Parts) -> Heart:
    """Begin to fire in a thread of this process; `shutdown()` of what comes back ends it."""
    ensure_daily(parts)
    heart = Heart(parts)
    heart.start()
    return heart
