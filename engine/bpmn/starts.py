"""How a process may begin: by hand, by a message, a signal or a timer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine import feel
from engine.bpmn import expressions, parser, timers
from engine.bpmn.events import Event, ReceiveTask
from engine.bpmn.gateways import EventBasedGateway
from engine.bpmn.steps import ProcessSpec
from engine.errors import (
    AnswerError,
    Conflict,
    DefinitionRejected,
    ExpressionFailed,
    InputRejected,
    Problem,
    StepFailed,
)
from engine.model import Json


@dataclass(frozen=True, kw_only=True)
class Start:
    """One way in."""

    element: str
    label: str
    event: Event
    gateway: str = ""  # the event-based gateway that the event stands behind


def read(xml: bytes) -> tuple[Start, ...]:
    """The ways into the process of a file.

    Raises:
        DefinitionRejected: when the file cannot be run.
    """
    return of(next(iter(parser.parse(xml).values())))


def of(spec: ProcessSpec) -> tuple[Start, ...]:
    """The ways into a process; none when it has no start at all and begins wherever nothing leads to."""
    found = [_start(spec, name, event) for name, event in spec.starts.items()]
    for name, step in spec.task_specs.items():
        if isinstance(step, ReceiveTask) and step.instantiates:
            found.append(_start(spec, name, step.event))
        elif isinstance(step, EventBasedGateway) and step.instantiates:
            behind = [(flow.target, spec.task_specs[flow.target].event) for flow in step.flows]
            found += [_start(spec, target, event, gateway=name) for target, event in behind]
    return tuple(found)


def callable_by_others(spec: ProcessSpec) -> bool:
    """True when a call activity can begin the process: at a plain start, or where nothing leads to."""
    ways = of(spec)
    return not ways or any(one.event.kind == "none" for one in ways)


def occurred(spec: ProcessSpec, at: str) -> tuple[str, ...]:
    """The steps in which a new instance begins; nothing means that it begins as its level does.

    Args:
        at: id of the start that has come; "" for the plain one, else the only one.

    Raises:
        Conflict: when the process has several starts and none of them is plain.
        InputRejected: when it has no such start.
    """
    ways = of(spec)
    if at:
        chosen = [one for one in ways if one.element == at]
        if not chosen:
            message = f"Ten proces nie ma początku „{at}”. {_choice(ways)}"
            raise InputRejected((AnswerError(field="start", message=message),))
    else:
        chosen = [one for one in ways if one.event.kind == "none"] or list(ways)
        if len(chosen) > 1:
            raise Conflict(f"Ten proces ma kilka początków i nie wiadomo, od którego zacząć. {_choice(ways)}")
    if not chosen:
        return ()
    return (chosen[0].gateway, chosen[0].element) if chosen[0].gateway else (chosen[0].element,)


def received(
    start: Start, said: Mapping[str, Json], payload: Mapping[str, Json], *, facts: Mapping[str, Json], now: datetime
) -> tuple[dict[str, Json], dict[str, Json]]:
    """What a message or signal gives to the instance that it starts.

    Args:
        said: values by which the sender names its receiver.

    Returns:
        The first variables, and the values by which later messages find the instance.

    Raises:
        StepFailed: when a value that the start takes out cannot be computed.
    """
    keys = {key.name: said.get(key.name, _known(key.path, payload, now)) for key in start.event.keys}
    if not start.event.data:
        return dict(payload), {name: value for name, value in keys.items() if value is not None}
    try:
        context = {**payload, **facts}
        values = {one.target: feel.evaluate(expressions.bare(one.source), context, now=now) for one in start.event.data}
        taken = {name: feel.to_json(value) for name, value in values.items()}
    except ExpressionFailed as cause:
        message = f"Krok „{start.label}”: nie udało się odczytać wiadomości. {cause.message}"
        raise StepFailed(message, element=start.element) from cause
    return taken, {name: value for name, value in keys.items() if value is not None}


def _known(path: str, payload: Mapping[str, Json], now: datetime) -> Json:
    try:
        return feel.to_json(feel.evaluate(expressions.bare(path), payload, now=now))
    except ExpressionFailed:
        return None  # the message does not say it


def timer(start: Start, *, facts: Mapping[str, Json], now: datetime) -> dict[str, Any]:
    """What the timer of a start keeps, see `timers.begin`; it counts from `now`.

    Raises:
        DefinitionRejected: when it cannot be computed.
    """
    text = start.event.expression
    try:
        said: object = text
        if not timers.literal(text):
            said = feel.evaluate(expressions.bare(text), facts, now=now)
            said = said if hasattr(said, "year") else feel.to_json(said)
        return timers.begin(start.event.timer, said, now)
    except (timers.TimerError, ExpressionFailed, OverflowError, ValueError) as cause:
        said_why = (
            str(cause) if isinstance(cause, timers.TimerError | ExpressionFailed) else "Termin jest zbyt odległy."
        )
        problem = Problem(element=start.element, name=start.label, line=0, message=said_why, severity="error")
        raise DefinitionRejected((problem,)) from cause


def _start(spec: ProcessSpec, name: str, event: Event, gateway: str = "") -> Start:
    return Start(element=name, label=spec.task_specs[name].label, event=event, gateway=gateway)


def _choice(ways: tuple[Start, ...]) -> str:
    names = ", ".join(
        f"„{one.element}”" if one.label == one.element else f"„{one.element}” ({one.label})" for one in ways
    )
    return f"Wskaż jeden z nich w polu start: {names}." if names else "Pomiń pole start."
