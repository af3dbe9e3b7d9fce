"""Deeds of the clock: fire the timers of diagrams that are due, also those that start cases."""

from __future__ import annotations

from datetime import datetime

import structlog

from engine import circumstances
from engine.actions import incidents, moves, timed_starts
from engine.actions.patience import BATCH, LEASE, LONGEST_PAUSE, pause
from engine.bpmn import runner
from engine.errors import EngineError, StepFailed
from engine.model import Deadline, DeadlineKind, InstanceId, InstanceState
from engine.store import deadlines, instances, journal
from engine.store.database import Database, Work

UNFORESEEN = "Zegar nie zadziałał z powodu błędu systemu. System spróbuje ponownie."

log = structlog.get_logger()


def fire_due(database: Database, owner: str, now: datetime) -> int:
    """Fire everything that is due, each instance in a transaction of its own.

    Args:
        owner: name of this worker, for the leases.

    Returns:
        How many deadlines and timed starts were handled.
    """
    handled = timed_starts.fire_due(database, owner, now)
    while True:
        with database.work() as work:
            taken = deadlines.take_due(work, now=now, limit=BATCH, owner=owner, lease=LEASE)
        for one in taken:
            _handle(database, one)
        handled += len(taken)
        if len(taken) < BATCH:
            return handled


def _handle(database: Database, deadline: Deadline) -> None:
    """Fire one; whatever goes wrong with it, the others have their turn."""
    try:
        database.run(lambda work: fire(work, deadline))
    except StepFailed as failure:
        with database.work() as work:
            if deadline.instance is not None:
                incidents.record(work, deadline.instance, failure)
            deadlines.push_back(work, deadline.id, until=work.now + LONGEST_PAUSE, error=failure.message)
    except EngineError as failure:
        with database.work() as work:
            deadlines.push_back(work, deadline.id, until=work.now + pause(deadline.attempts), error=failure.message)
    except Exception as failure:
        log.error("deadline.failed", deadline=int(deadline.id), instance=deadline.instance, kind=_kind(failure))
        with database.work() as work:
            deadlines.push_back(work, deadline.id, until=work.now + pause(deadline.attempts), error=UNFORESEEN)


def _kind(failure: Exception) -> str:
    """The class alone: the text of an error may quote what people have written."""
    return type(failure).__name__


def catch_up(work: Work, instance: InstanceId) -> None:
    """Fire what is due in one instance now, without waiting for the next tick.

    Raises:
        StepFailed: when the diagram cannot go on.
    """
    passed = _passed(work, instance)
    if passed:
        fire(work, passed[0])


def fire(work: Work, deadline: Deadline) -> None:
    """Fire a timer with all others that are due in its instance; the same transaction stores where the token went.

    Raises:
        StepFailed: when the diagram cannot go on.
    """
    if deadline.instance is None:
        return
    held = instances.hold(work, deadline.instance)
    if held.instance.state is not InstanceState.RUNNING:
        deadlines.drop(work, deadline.id)
        return
    passed = _passed(work, deadline.instance)
    if not passed:
        return  # another worker or a late click was first
    program, facts = moves.program(work, held.bundle, held.digest), circumstances.facts(work)
    outcome = runner.fire(program, held.state, facts=facts, now=work.now)
    moves.store(work, held, outcome, by="")
    for one in passed:
        text = f"Zegar sprawy: {one.name or one.element}."
        journal.write(work, instance=one.instance, by=None, deed="fire", element=one.element, text=text)
    moves.stop_stuck(work, deadline.instance, outcome)


def _passed(work: Work, instance: InstanceId) -> tuple[Deadline, ...]:
    """The timers of an instance that are due now."""
    waiting = deadlines.of_instance(work, instance)
    return tuple(one for one in waiting if one.kind is DeadlineKind.TIMER and one.due_at <= work.now)
