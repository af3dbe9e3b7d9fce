"""Deed on messages: hand one to every instance that waits for it."""

from __future__ import annotations

from collections.abc import Mapping

from engine import circumstances
from engine.access import Right, may
from engine.actions import incidents, moves
from engine.bpmn import runner
from engine.errors import NotAllowed, NotFound, StepFailed
from engine.model import InstanceId, InstanceState, Json, MessageWait, Person
from engine.store import instances, journal, messages
from engine.store.database import Work, part


def deliver(
    work: Work, by: Person, name: str, correlation: Mapping[str, Json], payload: Mapping[str, Json]
) -> tuple[InstanceId, ...]:
    """Give a message to all instances that wait for it and whose correlation fits.

    An instance whose diagram cannot go on with it stops as an incident; the others go on.

    Args:
        correlation: variables by which an instance is found; all named ones must be equal.
        payload: variables that the message brings.

    Returns:
        The instances that it reached.

    Raises:
        NotAllowed: when `by` may not set cases in motion.
        NotFound: when no instance waits for it.
    """
    if not may(by, Right.START):
        raise NotAllowed("Komunikat może wysłać koordynator usług albo kierownik ośrodka.")
    fitting = {one for one, wait in messages.waiting_for(work, name) if _fits(work, one, wait, correlation)}
    reached = tuple(one for one in sorted(fitting) if _reach(work, by, one, name, correlation, payload))
    if not reached:
        raise NotFound(f"Żadna sprawa nie czeka na komunikat „{name}”.")
    return reached


def _reach(
    work: Work,
    by: Person,
    instance: InstanceId,
    name: str,
    correlation: Mapping[str, Json],
    payload: Mapping[str, Json],
) -> bool:
    """Hand the message to one instance; False when it no longer waits, for example because its time has run out."""
    try:
        with part(work):
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
    except NotFound:
        return False
    except StepFailed as failure:
        incidents.record(work, instance, failure)
    return True


def _fits(work: Work, instance: InstanceId, wait: MessageWait, correlation: Mapping[str, Json]) -> bool:
    found = instances.get(work, instance)
    if found.state is not InstanceState.RUNNING:
        return False
    values = {**found.variables, **wait.correlation}
    return all(values.get(name) == value for name, value in correlation.items())
