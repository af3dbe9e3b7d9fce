"""Deed on messages: hand one to every instance that waits for it."""

from __future__ import annotations

from collections.abc import Mapping

from engine import circumstances
from engine.access import Right, may
from engine.actions import moves
from engine.bpmn import runner
from engine.errors import NotAllowed, NotFound
from engine.model import InstanceId, InstanceState, Json, MessageWait, Person
from engine.store import instances, journal, messages
from engine.store.database import Work


def deliver(
    work: Work, by: Person, name: str, correlation: Mapping[str, Json], payload: Mapping[str, Json]
) -> tuple[InstanceId, ...]:
    """Give a message to all instances that wait for it and whose correlation fits.

    Args:
        correlation: variables by which an instance is found; all named ones must be equal.
        payload: variables that the message brings.

    Raises:
        NotAllowed: when `by` may not set cases in motion.
        NotFound: when no instance waits for it.
    """
    if not may(by, Right.START):
        raise NotAllowed("Komunikat może wysłać koordynator usług albo kierownik ośrodka.")
    reached = {one for one, wait in messages.waiting_for(work, name) if _fits(work, one, wait, correlation)}
    if not reached:
        raise NotFound(f"Żadna sprawa nie czeka na komunikat „{name}”.")
    for instance in sorted(reached):
        held = instances.hold(work, instance)
        outcome = runner.deliver(
            moves.program(work, held.bundle),
            held.state,
            name=name,
            correlation=correlation,
            payload=payload,
            facts=circumstances.facts(work),
            now=work.now,
        )
        moves.store(work, held, outcome, by=by.name)
        text = f"Wpłynął komunikat „{name}”."
        journal.write(work, instance=instance, by=by.id, deed="deliver", text=text)
    return tuple(sorted(reached))


def _fits(work: Work, instance: InstanceId, wait: MessageWait, correlation: Mapping[str, Json]) -> bool:
    found = instances.get(work, instance)
    if found.state is not InstanceState.RUNNING:
        return False
    values = {**found.variables, **wait.correlation}
    return all(values.get(name) == value for name, value in correlation.items())
