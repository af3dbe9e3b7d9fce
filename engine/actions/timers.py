"""Deeds of the clock: fire the timers of one diagram that are due."""

from __future__ import annotations

from collections import Counter

from engine import circumstances
from engine.actions import moves
from engine.bpmn import runner
from engine.model import Deadline, DeadlineKind, InstanceId, InstanceState
from engine.store import deadlines, instances, journal, leases
from engine.store.database import Work, at


def catch_up(work: Work, instance: InstanceId) -> None:
    """Fire what is due in one instance now, without waiting for the next tick.

    Raises:
        StepFailed: when the diagram cannot go on.
    """
    if not _passed(work, instance):
        return
    exact = at(work, leases.moment(work))  # the clock of a web server may be fast
    passed = _passed(exact, instance)
    if passed:
        fire(exact, passed[0])


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
    skipped: Counter[str] = Counter()
    for fired in outcome.fired:
        skipped[fired.key] += fired.skipped
    for one in passed:
        text = _told(one, skipped[one.key])
        journal.write(work, instance=one.instance, by=None, deed="fire", element=one.element, text=text)
    moves.stop_stuck(work, deadline.instance, outcome)


def _told(deadline: Deadline, skipped: int) -> str:
    text = f"Zegar sprawy: {deadline.name or deadline.element}."
    return f"{text} Powtórzenia, które minęły w czasie przerwy systemu: {skipped}." if skipped else text


def _passed(work: Work, instance: InstanceId) -> tuple[Deadline, ...]:
    """The timers of an instance that are due now."""
    waiting = deadlines.of_instance(work, instance)
    return tuple(one for one in waiting if one.kind is DeadlineKind.TIMER and one.due_at <= work.now)
