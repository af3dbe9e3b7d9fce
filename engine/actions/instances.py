"""Deeds on an instance as a whole: start, cancel."""

from __future__ import annotations

from collections.abc import Mapping

from engine.access import Right, may
from engine.actions import keeping, posting, starts
from engine.errors import AnswerError, Conflict, InputRejected, NotAllowed
from engine.model import Instance, InstanceId, InstanceState, Json, Person, StepMove, StepState
from engine.store import deadlines as deadline_rows
from engine.store import incidents, instances, journal, messages, offers, steps, tasks
from engine.store.database import Work


def start(
    work: Work,
    by: Person,
    key: str,
    *,
    version: int | None = None,
    title: str = "",
    variables: Mapping[str, Json] | None = None,
    answers: Mapping[str, object] | None = None,
    at: str = "",
) -> Instance:
    """Set a case in motion on the newest version of `key`, or on the one named.

    Args:
        variables: first values, as a program gives them.
        answers: the start form as a person filled it in, instead of `variables`.
        at: id of the start event where it begins; "" is the plain one, else the only one.

    Raises:
        NotAllowed: when `by` may not start instances.
        NotFound: when there is no such definition.
        Conflict: when the version was taken out of use, or the process has several starts and none is plain.
        InputRejected, AnswersRejected: when the start variables do not fit.
        StepFailed: when the diagram cannot take its first step.
    """
    if not may(by, Right.START):
        raise NotAllowed("Sprawę może rozpocząć koordynator usług albo kierownik ośrodka.")
    definition = starts.usable(work, key, version)
    given = starts.first_variables(work, definition, variables or {}, answers)
    made, sent = starts.begin(work, by, definition, given, title, at=at)
    posting.hand_on(work, made, sent)
    return instances.get(work, made)


def cancel(work: Work, by: Person, instance: InstanceId, reason: str) -> None:
    """End a running or stopped instance before its time; its open tasks disappear. A stopped one ends an administrator.

    Raises:
        NotAllowed, Conflict, InputRejected: when a reason is missing.
    """
    stopped = may(by, Right.PEOPLE) and incidents.of_instance(work, instance) is not None
    if not stopped and not may(by, Right.START):
        raise NotAllowed("Sprawę może anulować koordynator usług albo kierownik ośrodka.")
    if not reason.strip():
        raise InputRejected((AnswerError(field="powod", message="Podaj powód anulowania sprawy."),))
    held = instances.hold(work, instance)
    if held.instance.state not in (InstanceState.RUNNING, InstanceState.INCIDENT):
        raise Conflict(keeping.NOT_RUNNING[held.instance.state])
    starts.finish(work, held.instance, InstanceState.CANCELLED)
    tasks.take_back(work, instance, tuple(tasks.open_keys(work, instance)))
    _leave_steps(work, by, instance)
    deadline_rows.sync_timers(work, instance, ())
    messages.sync_waits(work, instance, ())
    offers.sync(work, instance, ())
    incidents.close(work, instance)
    text = f"Anulowano sprawę. Powód: {reason.strip()}"
    journal.write(work, instance=instance, by=by.id, deed="cancel", text=text)


def _leave_steps(work: Work, by: Person, instance: InstanceId) -> None:
    """The steps where the tokens were end with the instance: nothing of it is under way any more."""
    left = [
        StepMove(
            key=one.key,
            element=one.element,
            process=one.process,
            name=one.name,
            kind=one.kind,
            state=StepState.CANCELLED,
            first=False,
        )
        for one in steps.of_instance(work, instance)
        if one.state is StepState.ACTIVE
    ]
    steps.record(work, instance, left, by=by.name)
