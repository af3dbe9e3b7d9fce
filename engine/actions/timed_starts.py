"""Deed of the clock: start the cases whose process begins at a certain time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from engine.actions import posting, starts
from engine.actions.patience import BATCH, LEASE, pause
from engine.bpmn import timers
from engine.errors import EngineError, Unavailable
from engine.model import StartWait, StartWaitId
from engine.store import firings, leases, start_waits
from engine.store.database import Database, Work, at

UNFORESEEN = "Sprawa nie rozpoczęła się z powodu błędu systemu. System spróbuje ponownie."

log = structlog.get_logger()


def fire_due(
    database: Database, owner: str, now: datetime | None = None, *, stopping: Callable[[], bool] = lambda: False
) -> int:
    """Start everything that is due, each case in a transaction of its own; what an outage missed starts once.

    Args:
        owner: name of this worker, for the leases.
        now: the moment it is; None for the database's own time, see `leases.moment`.
        stopping: asked before more is taken.

    Returns:
        How many starts were handled.

    Raises:
        Unavailable: when the database goes away.
    """
    handled = 0
    while not stopping():
        with database.work() as work:
            moment = now or leases.moment(work)
            taken = start_waits.take_due(work, now=moment, limit=BATCH, owner=owner, lease=LEASE)
        for one in taken:
            _handle(database, one, now)
        handled += len(taken)
        if len(taken) < BATCH:
            break
    return handled


def fire(work: Work, id: StartWaitId) -> None:
    """Start a case; the same transaction notes when the next one is due.

    Raises:
        EngineError: when it cannot start.
    """
    wait = start_waits.hold(work, id)
    if wait is None or wait.due_at is None or wait.due_at > work.now:
        return  # another worker was first, or another version has been published
    kept = dict(wait.timer)
    if timers.advance(kept, work.now):
        start_waits.shift(work, id, timer=kept, due_at=datetime.fromisoformat(str(kept["due"])))
    else:
        start_waits.drop(work, id)
    if firings.record_start(work, wait, timers.skipped(wait.timer, kept)):
        made, sent = starts.begin(work, None, starts.of_wait(work, wait), {}, "", at=wait.element)
        posting.hand_on(work, made, sent)


def _handle(database: Database, wait: StartWait, now: datetime | None) -> None:
    try:
        database.run(lambda work: fire(at(work, now or leases.moment(work)), wait.id))
    except Unavailable:
        raise
    except EngineError as failure:
        log.warning("start.failed", start=int(wait.id), element=wait.element, code=failure.code)
        _push_back(database, wait, failure.message, now)
    except Exception as failure:  # the text of an error may quote what people have written
        log.error("start.failed", start=int(wait.id), element=wait.element, kind=type(failure).__name__)
        _push_back(database, wait, UNFORESEEN, now)


def _push_back(database: Database, wait: StartWait, error: str, now: datetime | None) -> None:
    with database.work() as work:
        until = (now or leases.moment(work)) + pause(wait.attempts)
        start_waits.push_back(work, wait.id, until=until, error=error)
