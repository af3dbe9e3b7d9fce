"""Deeds on messages and signals: hand one to every instance that waits for it, or start those that it begins."""

from __future__ import annotations

from collections.abc import Mapping

from engine.access import Right, may
from engine.actions import posting
from engine.errors import NotAllowed, NotFound
from engine.model import InstanceId, Json, Person, Sent, StartKind, WaitKind
from engine.store import start_waits
from engine.store.database import Work

NOBODY = {
    WaitKind.MESSAGE: "Żadna sprawa nie czeka na komunikat „{}”.",
    WaitKind.SIGNAL: "Żadna sprawa nie czeka na sygnał „{}”.",
}


def deliver(
    work: Work,
    by: Person,
    name: str,
    correlation: Mapping[str, Json],
    payload: Mapping[str, Json],
    kind: WaitKind = WaitKind.MESSAGE,
) -> tuple[InstanceId, ...]:
    """Give a message or signal to all instances that wait for it, a message only when its correlation fits.

    A message for which nobody waits starts the processes that begin with it; a signal starts them besides. An
    instance whose diagram cannot go on with it stops as an incident; the others go on.

    Args:
        correlation: variables by which an instance is found; all named ones must be equal.
        payload: variables that the message brings.

    Returns:
        The instances that it reached or started.

    Raises:
        NotAllowed: when `by` may not set cases in motion.
        NotFound: when no instance waits for it and no process begins with it.
        InputRejected, AnswersRejected, StepFailed: when a process that begins with it cannot start.
    """
    if not may(by, Right.START):
        raise NotAllowed("Komunikat może wysłać koordynator usług albo kierownik ośrodka.")
    sent = Sent(kind=kind, element="", name=name, correlation=correlation, payload=payload)
    candidates = posting.fitting(work, kind, name, correlation)
    reached = [got for one in sorted(candidates) if (got := posting.reach(work, one, sent, by=by)) is not None]
    if not reached or kind is WaitKind.SIGNAL:
        waiting = start_waits.named(work, StartKind(kind.value), name)
        reached += [posting.begin(work, one, sent, by=by) for one in waiting]
    if not reached:
        raise NotFound(NOBODY[kind].format(name))
    for got in reached:
        posting.hand_on(work, got.instance, got.sent)
    return tuple(got.instance for got in reached)
