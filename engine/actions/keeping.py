"""Keeps what the runner reports of an instance: its rows follow its diagram."""

from __future__ import annotations

from collections.abc import Mapping

from engine import access, circumstances
from engine.bpmn.bundle import Program, Programs
from engine.errors import Conflict, StepFailed
from engine.model import InstanceId, InstanceState, Json, OpenTask, Outcome, PersonId, TaskDetails, UnitId
from engine.store import (
    bundles,
    deadlines,
    forms,
    incidents,
    instances,
    journal,
    messages,
    offers,
    people,
    steps,
    tasks,
)
from engine.store.database import Work
from engine.store.instances import Held
from engine.terms import due

PROGRAMS = Programs()

NOT_RUNNING = {
    InstanceState.COMPLETED: "Ta sprawa jest już zakończona.",
    InstanceState.CANCELLED: "Ta sprawa została anulowana.",
    InstanceState.INCIDENT: "Ta sprawa została zatrzymana z powodu błędu i czeka na administratora.",
}


def program(work: Work, bundle: int) -> Program:
    """The live program of a stored bundle.

    It is known by its digest: the id of a bundle whose transaction was rolled back is given out once more.
    """
    return PROGRAMS.get(bundles.digest(work, bundle), lambda: bundles.content(work, bundle))


def require_running(held: Held) -> None:
    """Refuse a deed on an instance that stands still.

    Raises:
        Conflict: when it does not run (any more).
    """
    if held.instance.state is not InstanceState.RUNNING:
        raise Conflict(NOT_RUNNING[held.instance.state])


def keep(work: Work, held: Held, outcome: Outcome, *, by: str, done: PersonId | None = None, key: str = "") -> None:
    """Bring an instance to what the outcome says; what was sent is not handed on.

    Args:
        by: name of the person who moved the token on, "" for the engine.
        done: the person who completed the task `key`, if this deed completed one.
    """
    instance = held.instance
    state = InstanceState.COMPLETED if outcome.finished else InstanceState.RUNNING
    instances.move(
        work,
        instance.id,
        instance.revision,
        state=outcome.state,
        variables=outcome.variables,
        now_state=state,
    )
    record(work, instance.id, outcome, by=by, done=done, key=key)


def stop(work: Work, instance: InstanceId, failure: StepFailed) -> None:
    """Stop an instance whose diagram cannot go on; its tasks stay, nobody can complete them meanwhile.

    One that stands still already keeps the newest reason.
    """
    held = instances.hold(work, instance)
    if held.instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        return
    known = incidents.of_instance(work, instance)
    if known is not None and known.message == failure.message:
        return
    if held.instance.state is InstanceState.RUNNING:
        _stand(work, held)
    incidents.open_incident(work, instance=instance, element=failure.element, message=failure.message)
    text = f"Sprawa zatrzymana: {failure.message}"
    journal.write(work, instance=instance, by=None, deed="stop", element=failure.element, text=text)


def record(
    work: Work, instance: InstanceId, outcome: Outcome, *, by: str, done: PersonId | None = None, key: str = ""
) -> None:
    """Bring steps, tasks, deadlines, waits and offers of an instance to what the outcome says."""
    steps.record(work, instance, outcome.moves, by=by)
    known = tasks.open_keys(work, instance)
    waiting = {one.key for one in outcome.tasks}
    for open_key, task in known.items():
        if open_key == key and done is not None:
            tasks.finish(work, task, done)
        elif open_key not in waiting:
            tasks.cancel(work, task)
    for one in outcome.tasks:
        if one.key not in known:
            _open(work, instance, one, outcome.variables)
    deadlines.sync_timers(work, instance, outcome.timers)
    messages.sync_waits(work, instance, outcome.messages)
    offers.sync(work, instance, outcome.offers)
    if outcome.fault:
        text = "Błędu, który tu wystąpił, nic w diagramie nie obsługuje, więc sprawa się zakończyła."
        journal.write(work, instance=instance, by=None, deed="end", element=outcome.fault, text=text)


def _stand(work: Work, held: Held) -> None:
    instances.move(
        work,
        held.instance.id,
        held.instance.revision,
        state=None,
        variables=held.instance.variables,
        now_state=InstanceState.INCIDENT,
    )


def _open(work: Work, instance: InstanceId, one: OpenTask, variables: Mapping[str, Json]) -> None:
    details = one.details
    version = forms.latest(work, details.form) if details.form else None
    task = tasks.open_task(
        work,
        instance=instance,
        key=one.key,
        details=details,
        form=version.id if version else None,
        due_at=due(details.term, work.now).moment if details.term else None,
        candidates=candidates(work, variables.get(details.candidates)) if details.candidates else (),
    )
    usual = _usual(work, instance, details, circumstances.performer(variables))
    if usual is not None and not details.candidates:
        tasks.assign(work, task, usual)


def _usual(work: Work, instance: InstanceId, details: TaskDetails, performer: UnitId | None) -> PersonId | None:
    """Who did the last task of this role in this instance, or set it in motion: a case stays with its people."""
    scopes = circumstances.scopes_in_force(work)
    role = access.responsible(details.role, details.authority, scopes)
    before = tasks.last_done_by(work, instance, role) or instances.get(work, instance).started_by
    person = people.get(work, before) if before is not None else None
    if person is None or person.unrestricted or access.belongs_to_performer(person, performer):
        return None
    return person.id if person.active and role in person.roles else None


def candidates(work: Work, logins: Json) -> tuple[PersonId, ...]:
    """The people named by a variable; people who have left are passed over."""
    named = [login for login in logins if isinstance(login, str)] if isinstance(logins, list) else []
    found = [people.by_login(work, login) for login in named]
    return tuple(person.id for person in found if person is not None and person.active)
