"""Hands on what a deed has sent: messages and signals reach other instances within the same transaction."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine import circumstances
from engine.actions import keeping, starts
from engine.bpmn import runner
from engine.errors import EngineError, NotFound, StepFailed
from engine.model import (
    Instance,
    InstanceId,
    InstanceState,
    Json,
    MessageWait,
    Person,
    Sent,
    StartKind,
    StartWait,
    WaitKind,
)
from engine.store import instances, journal, messages, start_waits
from engine.store.database import Work, part

LONGEST = 100  # answers to answers in one deed
MOST = 10_000  # deliveries in one deed
NAMED = 5  # cases whose numbers the journal gives
WORDS = {WaitKind.MESSAGE: "komunikat", WaitKind.SIGNAL: "sygnał"}


class _Parcel(NamedTuple):
    sender: InstanceId
    sent: Sent
    length: int  # of the chain that led to it


class Got(NamedTuple):
    """An instance that was reached, and what it sent in turn."""

    instance: InstanceId
    sent: tuple[Sent, ...]


def hand_on(work: Work, sender: InstanceId, sent: Sequence[Sent]) -> None:
    """Give everything that was sent to those who wait for it, and so on with what they send.

    A message goes to the instance that has waited longest and fits, else it starts one; a signal goes to all. An
    instance that cannot go on with it stops as an incident; the sender goes on.

    Raises:
        StepFailed: when messages answer each other without end.
    """
    waiting = deque(_Parcel(sender, one, 1) for one in sent)
    delivered = 0
    while waiting:
        parcel = waiting.popleft()
        if parcel.length > LONGEST or delivered > MOST:
            message = f"Komunikaty krążą między sprawami bez końca, ostatni to „{parcel.sent.name}”. Popraw diagramy."
            raise StepFailed(message, element=sent[0].element)
        reached = _deliver(work, parcel)
        delivered += len(reached)
        waiting.extend(_Parcel(one.instance, each, parcel.length + 1) for one in reached for each in one.sent)


def fitting(
    work: Work, kind: WaitKind, name: str, correlation: Mapping[str, Json], but: InstanceId | None = None
) -> tuple[InstanceId, ...]:
    """Running instances that may fit, those that have waited longest first; the diagram itself decides."""
    found = dict.fromkeys(
        id for id, wait in messages.waiting_for(work, name, kind) if id != but and _may_fit(work, id, wait, correlation)
    )
    return tuple(found)


def reach(work: Work, instance: InstanceId, sent: Sent, *, by: Person | None = None, source: str = "") -> Got | None:
    """Give a message or signal to one instance; None when it does not wait for it (any more).

    Args:
        source: number of the instance that sent it.
    """
    try:
        with part(work):
            return _given(work, instance, sent, by, source)
    except NotFound:
        return None
    except StepFailed as failure:
        keeping.stop(work, instance, failure)
        return Got(instance, ())


def begin(work: Work, wait: StartWait, sent: Sent, *, by: Person | None = None) -> Got:
    """Start an instance by a message or signal.

    Raises:
        EngineError: when it cannot start.
    """
    definition = starts.of_wait(work, wait)
    given, keys = starts.received(work, definition, wait.element, sent)
    return Got(*starts.begin(work, by, definition, given, "", at=wait.element, correlation=keys))


def _deliver(work: Work, parcel: _Parcel) -> list[Got]:
    sender, sent = instances.get(work, parcel.sender), parcel.sent
    reached: list[Got] = []
    for instance in fitting(work, sent.kind, sent.name, sent.correlation, but=sender.id):
        got = reach(work, instance, sent, source=sender.number)
        if got is not None:
            reached.append(got)
            if sent.kind is WaitKind.MESSAGE:
                break
    if not reached or sent.kind is WaitKind.SIGNAL:
        reached += _begun(work, sender, sent)
    _tell(work, sender, sent, reached)
    return reached


def _begun(work: Work, sender: Instance, sent: Sent) -> list[Got]:
    reached: list[Got] = []
    for wait in start_waits.named(work, StartKind(sent.kind.value), sent.name):
        try:
            with part(work):
                reached.append(begin(work, wait, sent))
        except EngineError as failure:
            text = f"{WORDS[sent.kind].capitalize()} „{sent.name}” nie mógł rozpocząć sprawy: {failure.message}"
            journal.write(work, instance=sender.id, by=None, deed="send", element=sent.element, text=text)
        if sent.kind is WaitKind.MESSAGE and reached:
            break
    return reached


def _given(work: Work, instance: InstanceId, sent: Sent, by: Person | None, source: str) -> Got:
    held = instances.hold(work, instance)
    if held.instance.state is not InstanceState.RUNNING:
        raise NotFound("Ta sprawa na nic nie czeka.")
    program, facts = keeping.program(work, held.bundle, held.digest), circumstances.facts(work)
    if sent.kind is WaitKind.SIGNAL:
        outcome = runner.signal(program, held.state, name=sent.name, payload=sent.payload, facts=facts, now=work.now)
    else:
        outcome = runner.deliver(
            program,
            held.state,
            name=sent.name,
            correlation=sent.correlation,
            payload=sent.payload,
            facts=facts,
            now=work.now,
        )
    keeping.keep(work, held, outcome, by=by.name if by else "")
    text = f"Wpłynął {WORDS[sent.kind]} „{sent.name}”" + (f" ze sprawy {source}." if source else ".")
    journal.write(work, instance=instance, by=by.id if by else None, deed="deliver", text=text)
    keeping.stop_stuck(work, instance, outcome)
    return Got(instance, outcome.sent)


def _may_fit(work: Work, instance: InstanceId, wait: MessageWait, correlation: Mapping[str, Json]) -> bool:
    """Names that neither the wait nor the instance knows are left to the diagram: they may belong to a round."""
    found = instances.get(work, instance)
    known = {**found.variables, **wait.correlation}
    return found.state is InstanceState.RUNNING and all(
        known.get(name) in (None, value) for name, value in correlation.items()
    )


def _tell(work: Work, sender: Instance, sent: Sent, reached: list[Got]) -> None:
    word = WORDS[sent.kind]
    numbers = ", ".join(instances.get(work, one.instance).number for one in reached[:NAMED])
    if len(reached) > NAMED:
        numbers += f" i jeszcze {len(reached) - NAMED}"
    text = f"Wysłano {word} „{sent.name}”: {numbers}." if numbers else f"Nikt nie czekał na {word} „{sent.name}”."
    journal.write(work, instance=sender.id, by=None, deed="send", element=sent.element, text=text)
