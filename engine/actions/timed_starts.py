"""Deed of the clock: start the cases whose process begins at a certain time."""

from __future__ import annotations

from datetime import datetime

import structlog

from engine.actions import posting, starts
from engine.actions.patience import BATCH, LEASE, pause
from engine.bpmn import timers
from engine.errors import EngineError
from engine.model import StartWait, StartWaitId
from engine.store import start_waits
from engine.store.database import Database, Work

UNFORESEEN = "Sprawa nie rozpoczęła się z powodu błędu systemu. System spróbuje ponownie."

log = structlog.get_logger()


def fire_due(database: Database, owner: str, now: datetime) -> int:
    """Start everything that is due, each case in a transaction of its own; what an outage missed starts once.

    Args:
        owner: name of this worker, for the leases.

    Returns:
        How many starts were handled.
    """
    handled = 0
    while True:
        with database.work() as work:
            taken = start_waits.take_due(work, now=now, limit=BATCH, owner=owner, lease=LEASE)
        for one in taken:
            _handle(database, one)
        handled += len(taken)
        if len(taken) < BATCH:
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
    made, sent = starts.begin(work, None, starts.of_wait(work, wait), {}, "", at=wait.element)
    posting.hand_on(work, made, sent)


def _handle(database: Database, wait: StartWait) -> None:
    try:
        database.run(lambda work: fire(work, wait.id))
    except EngineError as failure:
        log.warning("start.failed", start=int(wait.id), element=wait.element, code=failure.code)
        _push_back(database, wait, failure.message)
    except Exception as failure:  # the text of an error may quote what people have written
        log.error("start.failed", start=int(wait.id), element=wait.element, kind=type(failure).__name__)
        _push_back(database, wait, UNFORESEEN)


def _push_back(database: Database, wait: StartWait, error: str) -> None:
    with database.work() as work:
        start_waits.push_back(work, wait.id, until=work.now + pause(wait.attempts), error=error)
