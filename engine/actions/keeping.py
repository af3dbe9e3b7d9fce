"""Keeps what the runner reports of an instance: its rows follow its diagram."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.actions import telling, term_dates
from engine.actions.opening import Opening
from engine.bpmn.bundle import Program, Programs
from engine.errors import Conflict, StepFailed
from engine.model import InstanceId, InstanceState, Outcome, Person, PersonId, StepState, TaskId
from engine.store import (
    bundles,
    deadlines,
    firings,
    incidents,
    instances,
    journal,
    messages,
    offers,
    steps,
    tasks,
)
from engine.store.database import Work
from engine.store.instances import Held

PROGRAMS = Programs()

NOT_RUNNING = {
    InstanceState.COMPLETED: "Ta sprawa jest już zakończona.",
    InstanceState.CANCELLED: "Ta sprawa została anulowana.",
    InstanceState.INCIDENT: "Ta sprawa została zatrzymana z powodu błędu i czeka na administratora.",
}


def program(work: Work, bundle: int, digest: str = "") -> Program:
    """The live program of a stored bundle.

    It is known by its digest: the id of a bundle whose transaction was rolled back is given out once more.
    """
    return PROGRAMS.get(digest or bundles.digest(work, bundle), lambda: bundles.content(work, bundle))


def require_running(held: Held) -> None:
    """Refuse a deed on an instance that stands still.

    Raises:
        Conflict: when it does not run (any more).
    """
    if held.instance.state is not InstanceState.RUNNING:
        raise Conflict(NOT_RUNNING[held.instance.state])


@dataclass(frozen=True, kw_only=True)
class Done:
    """The task that a person has completed by this deed."""

    task: TaskId
    key: str
    by: Person


def keep(work: Work, held: Held, outcome: Outcome, *, by: str, done: Done | None = None) -> None:
    """Bring an instance to what the outcome says; what was sent is not handed on.

    Args:
        by: name of the person who moved the token on, "" for the engine.
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
    record(work, instance.id, outcome, by=by, starter=instance.started_by, done=done)


def stop_stuck(work: Work, instance: InstanceId, outcome: Outcome) -> None:
    """An instance that runs and waits for nothing becomes an incident at once; nobody would ever look at it again.

    To be called when the deed that led there stands in the journal.
    """
    if outcome.stuck is not None:
        element, name = outcome.stuck
        text = f"Krok „{name}”: sprawa utknęła, bo drogą, na którą czeka to złączenie, nic już nie przyjdzie."
        stop(work, instance, StepFailed(text, element=element))


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
    telling.incident(work, instance, failure.message)


def record(
    work: Work,
    instance: InstanceId,
    outcome: Outcome,
    *,
    by: str,
    starter: PersonId | None,
    doer: Person | None = None,
    done: Done | None = None,
) -> None:
    """Bring steps, tasks, deadlines, waits and offers of an instance to what the outcome says.

    Only what has moved is touched, so that a deed costs the same however much is open besides.

    Args:
        by: name of the person who moved the token on, "" for the engine.
        starter: who set the instance in motion.
        doer: the person whose deed it is, when she completed no task.
    """
    steps.record(work, instance, outcome.moves, by=by)
    if done is not None:
        tasks.finish(work, done.task, done.by.id)
    left = [one.key for one in outcome.moves if not one.first and one.state is not StepState.ACTIVE]
    tasks.take_back(work, instance, [key for key in left if done is None or key != done.key])
    entered = {one.key for one in outcome.moves if one.first and one.state is StepState.ACTIVE}
    opening = Opening(work, instance, outcome.variables, starter=starter, doer=done.by if done else doer)
    opening.open(one for one in outcome.tasks if one.key in entered)
    waiting = [one for one in outcome.tasks if one.details.term and one.key not in entered]
    if waiting:
        term_dates.follow(work, instance, waiting, outcome.variables)
    _follow(work, instance, outcome)


def compare(work: Work, held: Held, outcome: Outcome, *, by: str) -> None:
    """The same for an outcome that is not one move from what is stored: every row is compared with it."""
    id = held.instance.id
    steps.record(work, id, outcome.moves, by=by)
    known, waiting = tasks.open_keys(work, id), {one.key for one in outcome.tasks}
    tasks.take_back(work, id, [key for key in known if key not in waiting])
    opening = Opening(work, id, outcome.variables, starter=held.instance.started_by)
    opening.open(one for one in outcome.tasks if one.key not in known)
    _follow(work, id, replace(outcome, had_timers=True, had_messages=True, had_offers=True))


def _follow(work: Work, instance: InstanceId, outcome: Outcome) -> None:
    for one in outcome.fired:
        firings.record_timer(work, instance, one)
    if outcome.timers or outcome.had_timers:
        deadlines.sync_timers(work, instance, outcome.timers)
    if outcome.messages or outcome.had_messages:
        messages.sync_waits(work, instance, outcome.messages)
    if outcome.offers or outcome.had_offers:
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
