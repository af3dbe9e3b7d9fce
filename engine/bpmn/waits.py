"""Events that come to waiting tokens: time, conditions, messages, signals, errors and escalations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import correlation, timers
from engine.model import Fired, Json

if TYPE_CHECKING:
    from engine.bpmn.events import Event
    from engine.bpmn.scopes import Run, Scope
    from engine.bpmn.tokens import Token


def waiting(run: Run, kind: str) -> Iterator[tuple[Token, Event]]:
    """The tokens that wait for an event of this kind, the oldest first."""
    found = [one for scope in run.scopes() for one in scope.tasks.values() if one._state == TaskState.WAITING]
    for token in sorted(found, key=lambda one: one.id):
        event: Event | None = getattr(token.task_spec, "event", None)
        if event is not None and event.kind == kind:
            yield token, event


def kinds(run: Run) -> frozenset[str]:
    """The kinds of events that are waited for."""
    found = (one.task_spec for scope in run.scopes() for one in scope.tasks.values() if one._state == TaskState.WAITING)
    return frozenset(step.event.kind for step in found if hasattr(step, "event"))


def due(run: Run) -> Iterator[tuple[datetime, Token]]:
    """The waiting timers with the moment at which each is due."""
    for token, _ in waiting(run, "timer"):
        moment = token.internal_data.get("due")
        if moment is not None:
            yield datetime.fromisoformat(moment), token


def fire_timer(run: Run) -> bool:
    """Fire the timer that is due first, if one is due."""
    ready = [(moment, token.id, token) for moment, token in due(run) if moment <= run.now]
    if not ready:
        return False
    due_at, _, token = min(ready)
    run.moved(token)
    before = dict(token.internal_data)
    again = timers.advance(token.internal_data, run.now)
    run.fired.append(_fired(run, token, due_at, timers.skipped(before, token.internal_data)))
    token.task_spec.occur(token, again)
    return True


def _fired(run: Run, token: Token, due_at: datetime, skipped: int) -> Fired:
    step = token.task_spec
    _, name = run.program.steps[token.workflow.spec.process][step.bpmn_id]
    return Fired(key=str(token.id), element=step.bpmn_id, name=name, due_at=due_at, skipped=skipped)


def fire_condition(run: Run, but: Token | None = None) -> bool:
    """Fire one condition that has become true since it was last looked at.

    Args:
        but: a token that is done; what listened at its border comes too late.
    """
    for token, event in waiting(run, "conditional"):
        if but is not None and token.host == but.id:
            continue
        was = token.internal_data.get("true", False)
        now = token.evaluate(event.expression) is True
        token.internal_data["true"] = now
        if now and not was:
            run.moved(token)
            token.task_spec.occur(token, True)
            return True
    return False


def fire_message(run: Run, name: str, said: Mapping[str, Json], payload: Mapping[str, Json]) -> bool:
    """Hand a message to the oldest token that waits for it; False when none does.

    Args:
        said: values by which the receiver is found, see `correlation.fits`.
    """
    for token, event in waiting(run, "message"):
        if event.name == name and correlation.fits(event, token, said, payload):
            correlation.receive(event, token, said, payload)
            token.task_spec.occur(token, True)
            return True
    return False


def fire_signal(run: Run, name: str, payload: Mapping[str, Json]) -> bool:
    """Hand a signal to everything in the instance that waits for it; False when nothing does."""
    found = [(token, event) for token, event in waiting(run, "signal") if event.name == name]
    for token, event in found:
        if token.state == TaskState.WAITING:
            correlation.receive(event, token, {}, payload)
            token.task_spec.occur(token, True)
    return bool(found)


def throw(scope: Scope, kind: str, code: str) -> bool:
    """Hand an error or escalation to the nearest level that catches it; False when none does.

    At each level event sub-processes come first, then the boundary of the activity that the level belongs to. A
    catcher with the same code comes before one without a code.
    """
    level: Scope | None = scope
    while level is not None:
        owner = level.owner
        hosts = [(level, 0)]
        if owner is not None:
            hosts.append((owner.workflow, owner.id if owner.shell is None else owner.shell))
        for place, host in hosts:
            caught = _catcher(place, host, kind, code)
            if caught is not None:
                caught.task_spec.occur(caught, True)
                return True
        level = owner.workflow if owner is not None else None
    return False


def _catcher(scope: Scope, host: int, kind: str, code: str) -> Token | None:
    found: dict[str, Token] = {}
    for token in scope.tasks.values():
        if token.host == host and token.state == TaskState.WAITING:
            event: Event | None = getattr(token.task_spec, "event", None)
            if event is not None and event.kind == kind:
                found.setdefault(event.code, token)
    return found.get(code) or found.get("")
