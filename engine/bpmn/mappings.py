"""What an activity gets from outside and gives back: its mappings, run.

Inputs are variables of the token alone; outputs are written outside. A data object is available as soon as its level
is open, its value may be null; so an activity never waits for its inputs (BPMN 2.0, 10.3.2, leaves open what makes a
datum available).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.bpmn import expressions
from engine.model import Json

if TYPE_CHECKING:
    from engine.bpmn.tokens import Token


class Pair(NamedTuple):
    """One way of a value: what is computed, and the name it gets."""

    source: str  # FEEL
    target: str


def read(pairs: Sequence[Pair], context: Mapping[str, Json], token: Token) -> dict[str, Json]:
    """The values of mappings; each sees only `context`, none sees what another has set.

    Raises:
        StepFailed: when an expression cannot be computed; names the token's step.
    """
    return {pair.target: expressions.value(pair.source, context, token) for pair in pairs}


def take_in(token: Token) -> None:
    """Give the token what comes in, and an empty place for each name that is its own."""
    step = token.task_spec
    if step.ins or step.own:
        token.inputs = dict.fromkeys(step.own) | read(step.ins, token.context(), token)


def give_back(token: Token, context: Mapping[str, Json]) -> None:
    """Write outside what goes out; what came in is gone then.

    Args:
        context: what the sources may read: the activity's own variables and all around it.
    """
    step = token.task_spec
    found = read(step.outs, context, token) if step.outs else {}
    token.inputs = None
    for name, value in found.items():
        token.set(name, value)
