"""Deeds on what an open ad-hoc sub-process offers: begin an activity of it, end it."""

from __future__ import annotations

from engine import access, circumstances
from engine.actions import keeping, moves
from engine.bpmn import runner
from engine.errors import NotAllowed, NotFound
from engine.model import InstanceId, Offer, Person
from engine.store import instances, journal, offers
from engine.store.database import Work
from engine.store.instances import Held


def take_up(work: Work, by: Person, instance: InstanceId, key: str, element: str) -> None:
    """Begin an activity that an open ad-hoc sub-process offers.

    Args:
        key: of the sub-process, see `Offer`; "" is the oldest one that offers it.

    Raises:
        NotFound: when it is not offered.
        NotAllowed: when it is somebody else's to begin.
        Conflict: when the instance does not run, or the sub-process takes one activity at a time.
        StepFailed: when the diagram cannot go on.
    """
    held, offer = _offered(work, by, instance, key, element, closing=False)
    program, facts = moves.program(work, held.bundle, held.digest), circumstances.facts(work)
    outcome = runner.take_up(program, held.state, offer.key, element, facts=facts, now=work.now)
    moves.store(work, held, outcome, by=by.name)
    text = f"Rozpoczęto czynność „{offer.name}”."
    journal.write(work, instance=instance, by=by.id, deed="take up", element=element, text=text)
    moves.stop_stuck(work, instance, outcome)


def close(work: Work, by: Person, instance: InstanceId, key: str, element: str = "") -> None:
    """End an open ad-hoc sub-process.

    Args:
        key: of the sub-process, see `Offer`; "" is the oldest one drawn as `element`.

    Raises:
        NotFound, NotAllowed, StepFailed: as `take_up`.
        Conflict: when the instance does not run, or something in the sub-process has to be finished before.
    """
    held, offer = _offered(work, by, instance, key, element, closing=True)
    program, facts = moves.program(work, held.bundle, held.digest), circumstances.facts(work)
    outcome = runner.close(program, held.state, offer.key, facts=facts, now=work.now)
    moves.store(work, held, outcome, by=by.name)
    text = f"Zakończono „{offer.name}”."
    journal.write(work, instance=instance, by=by.id, deed="close", element=offer.element, text=text)
    moves.stop_stuck(work, instance, outcome)


def _offered(
    work: Work, by: Person, instance: InstanceId, key: str, element: str, *, closing: bool
) -> tuple[Held, Offer]:
    held = instances.hold(work, instance)
    found = [
        one
        for one in offers.of_instance(work, instance)
        if one.closing is closing and key in ("", one.key) and element in ("", one.element)
    ]
    if not access.sees_all_instances(by) and not any(access.may_take_up(by, one) for one in found):
        raise NotFound("Nie ma takiej sprawy.")
    keeping.require_running(held)
    if not found:
        raise NotFound("Tego nie można teraz rozpocząć ani zakończyć. Odśwież stronę i sprawdź, co jest otwarte.")
    if not access.may_take_up(by, found[0]):
        whose = f" Robi to rola „{found[0].role}”." if found[0].role else ""
        raise NotAllowed(f"Nie możesz tego zrobić w tej sprawie.{whose}")
    return held, found[0]
