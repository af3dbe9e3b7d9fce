"""What an operator may do to an instance that stands still: move a token to another step, set a variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from engine.bpmn import runner
from engine.bpmn import state as states
from engine.errors import Conflict, NotFound
from engine.model import Aim, Json, Outcome, Position

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.bpmn.scopes import Run
    from engine.bpmn.steps import Step
    from engine.bpmn.tokens import Token

NOT_AIMS = frozenset({"startEvent", "boundaryEvent"})  # a token gets there only by an event


def positions(program: Program, state: bytes, now: datetime) -> tuple[Position, ...]:
    """Where the tokens of an instance stand, the oldest first; rounds of a loop belong to their activity."""
    run = states.load(state, program, facts={}, now=now)
    return tuple(_position(run, token) for token in _standing(run))


def skip(program: Program, state: bytes, key: str, target: str, *, facts: Mapping[str, Json], now: datetime) -> Outcome:
    """Take a token out of its step, with all that is open inside, and let it enter another step of the same level.

    Args:
        key: of the position.
        target: id of the element to enter.

    Raises:
        Conflict: when the token is no longer there.
        NotFound: when it cannot go to such a step.
        StepFailed: when the diagram cannot go on from there.
    """
    run = states.load(state, program, facts=facts, now=now)
    token = next((one for one in _standing(run) if str(one.id) == key), None)
    if token is None:
        raise Conflict("Sprawa nie stoi już w tym kroku. Odśwież stronę i sprawdź, gdzie jest teraz.")
    step = next((one for one in _aims(token) if one.bpmn_id == target), None)
    if step is None:
        raise NotFound("Do tego kroku nie można przenieść sprawy. Wybierz inny krok tego samego diagramu.")
    scope = token.workflow
    scope.closing = True  # the level must not end in the moment between two steps
    token.cancel()
    scope.closing = False
    scope.put(step)
    run.settle()
    return runner.report(run)


def assign(program: Program, state: bytes, name: str, value: Json, *, key: str, now: datetime) -> Outcome:
    """Give a variable a value, as the token at position `key` sees it; nothing moves.

    Raises:
        Conflict: when the token is no longer there.
    """
    run = states.load(state, program, facts={}, now=now)
    token = next((one for one in _standing(run) if str(one.id) == key), None)
    if token is None:
        raise Conflict("Sprawa nie stoi już w tym kroku. Odśwież stronę i sprawdź, gdzie jest teraz.")
    token.set(name, value)
    return runner.report(run)


def _standing(run: Run) -> Iterator[Token]:
    return (token for token in run.tokens() if token.host is None and token.shell is None)


def _position(run: Run, token: Token) -> Position:
    step, process = token.task_spec, token.workflow.spec.process
    aims = (Aim(element=one.bpmn_id, name=str(one.bpmn_name or one.bpmn_id)) for one in _aims(token))
    return Position(
        key=str(token.id),
        element=step.bpmn_id,
        process=process,
        name=run.program.steps[process][step.bpmn_id][1] or step.bpmn_id,
        aims=tuple(aims),
    )


def _aims(token: Token) -> Iterator[Step]:
    """The steps of the token's level that it may enter, itself among them: it then begins there anew."""
    spec = token.workflow.spec
    kinds = token.top.program.steps[spec.process]
    rounds = {one.name for one in spec.task_specs.values() if one.shell}
    for step in spec.task_specs.values():
        if step.name not in rounds and step.name not in spec.handlers and kinds[step.bpmn_id][0] not in NOT_AIMS:
            yield step
