"""Moves running instances from one version of a diagram to another, or says why one has to stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.bpmn import runner
from engine.bpmn import state as states
from engine.bpmn.migration import joins, moving
from engine.bpmn.migration.deciding import Decider
from engine.bpmn.migration.places import Ground
from engine.bpmn.migration.verdict import Colour, Held, Plan, Remark, Target, worst
from engine.errors import Conflict, StepFailed
from engine.model import Json, StepMove, StepState

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.bpmn.migration.joins import Meetings
    from engine.bpmn.scopes import Run

__all__ = ["Colour", "Held", "Plan", "Remark", "Target", "apply", "plan"]

NOTHING: Mapping[str, str] = MappingProxyType({})


def plan(
    old: Program,
    new: Program,
    state: bytes,
    mapping: Mapping[str, str] = NOTHING,
    *,
    facts: Mapping[str, Json],
    now: datetime,
) -> Plan:
    """Say what would come of moving an instance; nothing changes.

    Args:
        mapping: old to new step, each as its element or `process/element`; what is not named stays as it is, or
            takes the step that is proposed.
        facts: names that expressions may read besides.
        now: from when events count that begin to wait.
    """
    run = states.load(state, old, facts=facts, now=now)
    before = joins.meetings(run)
    decided = Decider(run, Ground(old), Ground(new), mapping)
    decided.decide()
    found = Plan(
        colour=worst(decided.remarks),
        remarks=tuple(decided.remarks),
        mapping=decided.mapping,
        held=tuple(decided.held.values()),
    )
    return found if found.colour is Colour.RED else _tried(run, new, decided, before, found)


def apply(
    old: Program,
    new: Program,
    state: bytes,
    mapping: Mapping[str, str] = NOTHING,
    *,
    facts: Mapping[str, Json],
    now: datetime,
) -> Plan:
    """The plan of an instance that can move; its outcome holds the new state.

    Raises:
        Conflict: when it cannot.
    """
    found = plan(old, new, state, mapping, facts=facts, now=now)
    if found.outcome is None:
        reasons = [f"„{one.name}”: {one.text}" for one in found.remarks if one.colour is Colour.RED]
        raise Conflict("Tej sprawy nie można przenieść. " + " ".join(reasons))
    return found


def _tried(run: Run, new: Program, decided: Decider, before: Meetings, found: Plan) -> Plan:
    """Move the copy and look at what it waits for then."""
    try:
        left = moving.Mover(run, new, decided).move()
        remarks = (*found.remarks, *_meetings(run, before))
        if moving.restless(run):
            run.settle()
        standing = _standing(run)
        outcome = runner.report(run)
    except StepFailed as failure:
        remark = Remark(element=failure.element, process="", name="", text=failure.message, colour=Colour.RED)
        return replace(found, colour=Colour.RED, remarks=(*found.remarks, remark))
    colour = worst(remarks)
    moved = replace(outcome, moves=(*left, *outcome.moves))
    return replace(
        found, colour=colour, remarks=remarks, outcome=None if colour is Colour.RED else moved, standing=standing
    )


def _meetings(run: Run, before: Meetings) -> list[Remark]:
    """What the move itself has spoilt: joins that will wait for ever, steps that will run twice."""
    after, names = joins.meetings(run), run.program.steps
    found = []
    for process, element in sorted(after.starved - before.starved):
        text = "Bramka czekałaby na gałąź, na której w tej sprawie nic już nie przyjdzie. Przenieś sprawę później."
        found.append((process, element, Colour.RED, text))
    pairs = {pair for pair, _, _ in before.doubled}
    for process, element in sorted({(process, step) for pair, process, step in after.doubled if pair not in pairs}):
        found.append(
            (
                process,
                element,
                Colour.AMBER,
                "Do tego kroku dojdą w tej sprawie dwie gałęzie, wykona się więc dwa razy.",
            )
        )
    return [
        Remark(
            element=element,
            process=process,
            name=names[process].get(element, ("", element))[1] or element,
            text=text,
            colour=colour,
        )
        for process, element, colour, text in found
    ]


def _standing(run: Run) -> tuple[StepMove, ...]:
    """The steps on which tokens stand, under the keys by which they are known."""
    found = []
    for token in run.tokens():
        step, process = token.task_spec, token.workflow.spec.process
        if token.host is None and token.entered and step.shows(token):
            kind, name = run.program.steps[process][step.bpmn_id]
            key, active = str(token.id), StepState.ACTIVE
            found.append(
                StepMove(
                    key=key, element=step.bpmn_id, process=process, name=name, kind=kind, state=active, first=False
                )
            )
    return tuple(found)
