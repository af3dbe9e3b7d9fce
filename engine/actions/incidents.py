"""Deeds on incidents: record that an instance stopped, and let it try again."""

from __future__ import annotations

from engine import circumstances
from engine.access import Right, may
from engine.actions import moves
from engine.bpmn import runner
from engine.errors import Conflict, NotAllowed, StepFailed
from engine.model import InstanceId, InstanceState, Person
from engine.store import incidents, instances, journal
from engine.store.database import Work


def record(work: Work, instance: InstanceId, failure: StepFailed) -> None:
    """Stop an instance whose diagram cannot go on; its tasks stay, nobody can complete them meanwhile."""
    held = instances.hold(work, instance)
    if held.instance.state is not InstanceState.RUNNING:
        return
    instances.move(
        work,
        instance,
        held.instance.revision,
        state=None,
        variables=held.instance.variables,
        now_state=InstanceState.INCIDENT,
    )
    incidents.open_incident(work, instance=instance, element=failure.element, message=failure.message)
    text = f"Sprawa zatrzymana: {failure.message}"
    journal.write(work, instance=instance, by=None, deed="stop", element=failure.element, text=text)


def retry(work: Work, by: Person, instance: InstanceId) -> None:
    """Let a stopped instance run again, after its cause has been removed.

    Raises:
        NotAllowed: when `by` is no administrator.
        Conflict: when the instance does not stand still.
    """
    if not may(by, Right.PEOPLE):
        raise NotAllowed("Zatrzymane sprawy wznawia administrator.")
    held = instances.hold(work, instance)
    if held.instance.state is not InstanceState.INCIDENT:
        raise Conflict("Ta sprawa nie jest zatrzymana.")
    outcome = runner.fire(moves.program(work, held.bundle), held.state, facts=circumstances.facts(work), now=work.now)
    moves.store(work, held, outcome, by=by.name)
    incidents.close(work, instance)
    journal.write(work, instance=instance, by=by.id, deed="retry", text="Wznowiono zatrzymaną sprawę.")
