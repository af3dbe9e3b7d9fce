"""Deeds on incidents: record that an instance stopped, and what an administrator does to let it go on."""

from __future__ import annotations

import json

from engine import circumstances
from engine.access import Right, may
from engine.actions import keeping, moves
from engine.bpmn import amending, runner
from engine.bpmn.bundle import Program
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed
from engine.model import InstanceId, InstanceState, Json, Person
from engine.store import deadlines, incidents, instances, journal
from engine.store.database import Work
from engine.store.instances import Held

SHOWN = 60  # letters of a value in the journal
NAME_LIMIT = 80
VALUE_LIMIT = 100_000  # letters of JSON

record = keeping.stop  # a deed of its own when the one that failed has been taken back


def retry(work: Work, by: Person, instance: InstanceId, reason: str) -> None:
    """Let a stopped instance run again, after its cause has been removed.

    Raises:
        NotAllowed: when `by` is no administrator.
        Conflict: when the instance does not stand still.
        InputRejected: when a reason is missing.
        StepFailed: when it still cannot go on.
    """
    held, why = _stopped(work, by, instance, reason)
    program, facts = moves.program(work, held.bundle, held.digest), circumstances.facts(work)
    outcome = runner.fire(program, held.state, facts=facts, now=work.now)
    moves.store(work, held, outcome, by=by.name)
    deadlines.wake(work, instance)
    incidents.close(work, instance)
    journal.write(work, instance=instance, by=by.id, deed="retry", text=f"Wznowiono zatrzymaną sprawę. {why}")
    moves.stop_stuck(work, instance, outcome)


def skip(work: Work, by: Person, instance: InstanceId, key: str, target: str, reason: str) -> None:
    """Move a token of a stopped instance to another step and let it run on from there.

    Args:
        key: of the position, see `amending.positions`.
        target: id of the element to go on with.

    Raises:
        NotAllowed, Conflict, InputRejected, StepFailed: as `retry`.
        NotFound: when there is no such step at this level of the diagram.
    """
    held, why = _stopped(work, by, instance, reason)
    program = moves.program(work, held.bundle, held.digest)
    names = _names(program, held.state, key, target, work)
    outcome = amending.skip(program, held.state, key, target, facts=circumstances.facts(work), now=work.now)
    moves.store(work, held, outcome, by=by.name)
    incidents.close(work, instance)
    text = f"Przeniesiono sprawę z kroku „{names[0]}” do kroku „{names[1]}”. {why}"
    journal.write(work, instance=instance, by=by.id, deed="skip", element=target, text=text)
    moves.stop_stuck(work, instance, outcome)


def assign(work: Work, by: Person, instance: InstanceId, key: str, name: str, value: Json, reason: str) -> None:
    """Give a variable of a stopped instance another value; the instance still stands until it is tried again.

    Args:
        key: of the position whose variables are meant.
        value: as JSON.

    Raises:
        NotAllowed, Conflict, InputRejected: as `retry`; also for a name that no variable can have.
    """
    held, why = _stopped(work, by, instance, reason)
    _refuse_odd(name, value)
    program = moves.program(work, held.bundle, held.digest)
    outcome = amending.assign(program, held.state, name, value, key=key, now=work.now)
    instances.move(
        work,
        instance,
        held.instance.revision,
        state=outcome.state,
        variables=outcome.variables,
        now_state=InstanceState.INCIDENT,
    )
    text = f"Zmieniono daną „{name}” na {_shown(value)}. {why}"
    journal.write(work, instance=instance, by=by.id, deed="assign", text=text)


def _stopped(work: Work, by: Person, instance: InstanceId, reason: str) -> tuple[Held, str]:
    """The stopped instance and the sentence that gives the reason."""
    if not may(by, Right.PEOPLE):
        raise NotAllowed("Zatrzymane sprawy wznawia administrator.")
    held = instances.hold(work, instance)
    if held.instance.state is not InstanceState.INCIDENT:
        raise Conflict("Ta sprawa nie jest zatrzymana.")
    if not reason.strip():
        raise InputRejected((AnswerError(field="powod", message="Podaj powód. Zapisze się w dzienniku sprawy."),))
    return held, f"Powód: {reason.strip()}"


def _names(program: Program, state: bytes, key: str, target: str, work: Work) -> tuple[str, str]:
    """What to call the step that a token leaves and the one that it enters."""
    for one in amending.positions(program, state, work.now):
        if one.key == key:
            return one.name, next((aim.name for aim in one.aims if aim.element == target), target)
    return key, target


def _refuse_odd(name: str, value: Json) -> None:
    if not name.strip() or name != name.strip() or len(name) > NAME_LIMIT or name == "typename":
        raise InputRejected((AnswerError(field="nazwa", message="Podaj nazwę danej, na przykład: forma."),))
    if len(json.dumps(value)) > VALUE_LIMIT:
        raise InputRejected((AnswerError(field="wartosc", message="Ta wartość jest za długa. Skróć ją."),))


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
