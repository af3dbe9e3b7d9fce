"""Moves an instance on: state in, outcome out.

Nothing here saves, asks the clock or draws lots: the same deed on the same state has the same outcome.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from engine.bpmn import adhoc, people, starts, waits
from engine.bpmn import state as states
from engine.bpmn.bundle import Program
from engine.bpmn.scopes import Run
from engine.bpmn.tokens import Token
from engine.errors import Conflict, NotFound
from engine.model import Json, MessageWait, Outcome, TimerWait, WaitKind

KEY_LIMIT = 200  # letters


def start(
    program: Program,
    *,
    variables: Mapping[str, Json],
    facts: Mapping[str, Json],
    now: datetime,
    at: str = "",
    correlation: Mapping[str, Json] | None = None,
) -> Outcome:
    """Begin an instance.

    Args:
        variables: what is known at the start.
        at: id of the start that has come, "" for the plain one, else the only one.
        correlation: values by which later messages find the instance, as the message that starts it says them.
        facts: names that expressions may read besides; never stored.
        now: the moment of the deed, aware.

    Raises:
        StepFailed: when a step cannot go on.
        Conflict, InputRejected: when it is not clear where it begins.
    """
    entries = starts.occurred(program.spec, at)
    own: dict[str, Json] = json.loads(json.dumps(dict(variables), allow_nan=False))
    run = Run(program, variables=own, facts=facts, now=now)
    run.conversation.update(correlation or {})
    if entries:
        run.begin(entries)
    else:
        run.open()
    run.settle()
    return report(run)


def complete(
    program: Program,
    state: bytes,
    key: str,
    *,
    variables: Mapping[str, Json],
    facts: Mapping[str, Json],
    now: datetime,
) -> Outcome:
    """A person has done a task. What is due by then happens before.

    Args:
        key: the task's key, as `OpenTask` says it.
        variables: those that the answers set.

    Raises:
        Conflict: when the task does not wait (any more).
        StepFailed: when a step cannot go on.
    """
    run = states.load(state, program, facts=facts, now=now, lazily=True)
    run.settle()
    token = people.find(run, key)
    if token is None:
        raise Conflict("To zadanie już nie czeka na wykonanie: zrobił je ktoś inny albo minął jego termin.")
    for name, value in variables.items():
        token.set(name, value)
    token.run()
    run.settle()
    return report(run)


def fire(program: Program, state: bytes, *, facts: Mapping[str, Json], now: datetime) -> Outcome:
    """Let everything happen that is due at `now`; nothing, if nothing is.

    Raises:
        StepFailed: when a step cannot go on.
    """
    run = states.load(state, program, facts=facts, now=now, lazily=True)
    run.settle()
    return report(run)


def deliver(
    program: Program,
    state: bytes,
    *,
    name: str,
    correlation: Mapping[str, Json],
    payload: Mapping[str, Json],
    facts: Mapping[str, Json],
    now: datetime,
) -> Outcome:
    """A message has come for this instance. What is due by then happens before.

    Args:
        correlation: must have the same values among the keys of the wait, else among the variables.
        payload: variables that the message brings.

    Raises:
        NotFound: when no step waits for such a message.
        StepFailed: when a step cannot go on.
    """
    run = states.load(state, program, facts=facts, now=now, lazily=True)
    run.settle()
    if not waits.fire_message(run, name, correlation, payload):
        raise NotFound(f"Ta sprawa nie czeka na komunikat „{name}”.")
    run.settle()
    return report(run)


def signal(
    program: Program,
    state: bytes,
    *,
    name: str,
    payload: Mapping[str, Json],
    facts: Mapping[str, Json],
    now: datetime,
) -> Outcome:
    """A signal has come; everything in this instance that waits for it hears it. What is due happens before.

    Args:
        payload: variables that the signal brings.

    Raises:
        NotFound: when no step waits for such a signal.
        StepFailed: when a step cannot go on.
    """
    run = states.load(state, program, facts=facts, now=now, lazily=True)
    run.settle()
    if not waits.fire_signal(run, name, payload):
        raise NotFound(f"Ta sprawa nie czeka na sygnał „{name}”.")
    run.settle()
    return report(run)


def take_up(
    program: Program, state: bytes, key: str, element: str, *, facts: Mapping[str, Json], now: datetime
) -> Outcome:
    """A person begins an activity of an open ad-hoc sub-process. What is due by then happens before.

    Args:
        key: of the sub-process, as `Offer` says it.
        element: id of the activity.

    Raises:
        Conflict: when it is not open (any more), or something else runs in it and it takes one at a time.
        NotFound: when it does not offer such an activity.
        StepFailed: when a step cannot go on.
    """
    run = states.load(state, program, facts=facts, now=now, lazily=True)
    run.settle()
    adhoc.take_up(run, key, element)
    run.settle()
    return report(run)


def close(program: Program, state: bytes, key: str, *, facts: Mapping[str, Json], now: datetime) -> Outcome:
    """A person ends an open ad-hoc sub-process. What is due by then happens before.

    Raises:
        Conflict: when it is not open (any more), ends by itself, or must wait for what runs in it.
        StepFailed: when a step cannot go on.
    """
    run = states.load(state, program, facts=facts, now=now, lazily=True)
    run.settle()
    adhoc.close(run, key)
    run.settle()
    return report(run)


def report(run: Run) -> Outcome:
    """What came of a deed, and what is waited for now."""
    tasks, offers = people.tasks(run), adhoc.offers(run)
    timers = tuple(_timer(run, moment, token) for moment, token in waits.due(run))
    messages = tuple(_message(token, kind) for kind in WaitKind for token, _ in waits.waiting(run, kind))
    return Outcome(
        state=states.dump(run),
        finished=run.completed,
        variables=run.variables,
        moves=run.trace.moves,
        tasks=tasks,
        timers=timers,
        messages=messages,
        sent=tuple(run.sent),
        offers=offers,
        stuck=None if tasks or offers or timers or messages else _stuck(run),
        had_timers="timer" in run.had,
        had_messages=not run.had.isdisjoint(WaitKind),
        had_offers=run.had_levels,
        fired=tuple(run.fired),
        fault=run.fault,
    )


def _stuck(run: Run) -> tuple[str, str] | None:
    """The join at which tokens rest for ever, when nothing is waited for any more."""
    if run.completed or any(True for _ in waits.waiting(run, "conditional")):
        return None
    for scope in run.scopes():
        for name in scope.arrived:
            step = scope.spec.task_specs[name]
            return step.bpmn_id, step.label
    return None


def _timer(run: Run, moment: datetime, token: Token) -> TimerWait:
    step = token.task_spec
    _, name = run.program.steps[token.workflow.spec.process][step.bpmn_id]
    return TimerWait(key=str(token.id), element=step.bpmn_id, name=name, due_at=moment)


def _message(token: Token, kind: WaitKind) -> MessageWait:
    step = token.task_spec
    inner = [values for values in reversed(token.layers()) if values is not token.top.variables]
    own = {name: value for values in inner for name, value in values.items() if _short(value)}
    return MessageWait(
        key=str(token.id),
        element=step.bpmn_id,
        name=step.event.name,
        correlation={**own, **token.internal_data.get("keys", {})},
        kind=kind,
    )


def _short(value: Json) -> bool:
    """True for what may serve as a key; lists and contexts would only fill the tables."""
    return isinstance(value, str | int | float | bool) and len(str(value)) <= KEY_LIMIT
