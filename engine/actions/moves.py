"""What every deed on an instance has in common: run the diagram, then store what came of it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.bundle import Program, Programs
from engine.errors import Conflict
from engine.model import InstanceId, InstanceState, Json, OpenTask, Outcome, PersonId
from engine.store import bundles, deadlines, forms, instances, messages, people, steps, tasks
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
    """The live program of a stored bundle."""
    return PROGRAMS.get(str(bundle), lambda: bundles.content(work, bundle))


def hold_running(work: Work, instance: InstanceId) -> Held:
    """The instance with its state, locked for this deed.

    Raises:
        Conflict: when it does not run (any more).
    """
    held = instances.hold(work, instance)
    if held.instance.state is not InstanceState.RUNNING:
        raise Conflict(NOT_RUNNING[held.instance.state])
    return held


def store(work: Work, held: Held, outcome: Outcome, *, by: str, done: PersonId | None = None, key: str = "") -> None:
    """Keep what the runner reports.

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


def record(
    work: Work, instance: InstanceId, outcome: Outcome, *, by: str, done: PersonId | None = None, key: str = ""
) -> None:
    """Bring steps, tasks, deadlines and message waits of an instance to what the outcome says."""
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


def _open(work: Work, instance: InstanceId, one: OpenTask, variables: Mapping[str, Json]) -> None:
    details = one.details
    version = forms.latest(work, details.form) if details.form else None
    tasks.open_task(
        work,
        instance=instance,
        key=one.key,
        details=details,
        form=version.id if version else None,
        due_at=due(details.term, work.now).moment if details.term else None,
        candidates=_candidates(work, variables.get(details.candidates)) if details.candidates else (),
    )


def _candidates(work: Work, logins: Json) -> tuple[PersonId, ...]:
    """The people named by a variable; people who have left are passed over."""
    named = [login for login in logins if isinstance(login, str)] if isinstance(logins, list) else []
    found = [people.by_login(work, login) for login in named]
    return tuple(person.id for person in found if person is not None and person.active)

