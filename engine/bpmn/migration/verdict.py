"""What is said of an instance that is to move to another version of its diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.model import Outcome, StepMove


class Colour(StrEnum):
    """Whether an instance may move: nothing to decide, something to know, not at all."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


ORDER = (Colour.GREEN, Colour.AMBER, Colour.RED)


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing to know about an instance; `text` is a Polish sentence."""

    element: str
    process: str
    name: str
    text: str
    colour: Colour


@dataclass(frozen=True, kw_only=True)
class Target:
    """A step of the new version in which a token may stand."""

    place: str  # process/element, as a mapping names it
    name: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """A step of the old version that holds a token and may be mapped, with what is proposed and what is possible."""

    place: str  # process/element
    name: str
    proposed: str  # place in the new version, "" when none is known
    targets: tuple[Target, ...]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What would come of moving an instance.

    Attributes:
        mapping: old to new place of every step that holds a token and does not simply keep its own.
        outcome: what the instance would wait for then; None when it cannot move.
        standing: the steps on which its tokens would stand, under the keys they have.
    """

    colour: Colour
    remarks: tuple[Remark, ...]
    mapping: Mapping[str, str] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    outcome: Outcome | None = None
    standing: tuple[StepMove, ...] = ()

    @property
    def targets(self) -> Mapping[str, tuple[Target, ...]]:
        """Where each step that holds a token may go, by old place."""
        return {one.place: one.targets for one in self.held}


def worst(remarks: Iterable[Remark]) -> Colour:
    """The colour of a whole instance."""
    return max((one.colour for one in remarks), key=ORDER.index, default=Colour.GREEN)
