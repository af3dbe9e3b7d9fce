"""One heartbeat: every few seconds it fires what is due. The deadlines themselves are rows in the database."""

from __future__ import annotations

import os
import socket

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from engine import clock
from engine.actions import timers
from engine.bootstrap import Parts
from engine.errors import EngineError

log = structlog.get_logger()


def tick(parts: Parts) -> int:
    """Fire everything that is due now.

    Returns:
        How many deadlines were handled; 0 also when the database is away, which the next beat tries again.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}"
    try:
        handled = timers.fire_due(parts.database, owner, clock.now())
    except EngineError as failure:
        log.warning("tick.failed", code=failure.code)
        return 0
    if handled:
        log.info("deadlines.fired", count=handled)
    return handled


def start(parts: Parts) -> BackgroundScheduler:
    """Begin to tick in a thread of this process; `shutdown()` of what comes back ends it."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick,
        "interval",
        args=[parts],
        seconds=parts.settings.tick_seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    return scheduler
