"""The words for block-structured diagrams: blocks, the events they wait for or throw, and how often they run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class On:
    """An event that is waited for or thrown."""

    kind: str  # task, timer, message, signal, conditional, error, escalation; terminate or "" at ends
    name: str = ""  # of the message or signal; code of the error or escalation, "" catches any
    number: int = 0  # minutes of a timer; value of `t` that a condition looks for
    times: int = 1  # how often a timer comes


@dataclass(frozen=True)
class Guard:
    """A boundary event of an activity, or an event sub-process of a level."""

    id: str
    on: On
    interrupts: bool
    part: Block


@dataclass(frozen=True)
class Rounds:
    """How often an activity runs."""

    kind: str  # many (multi-instance) or loop (standard loop, while `w` is not `number`)
    most: int
    flag: bool  # many: one after another; loop: the condition is looked at before a round, too
    number: int = 0  # many: as many rounds are enough, 0 when all are needed
    items: tuple[int, ...] = ()  # many: over a list, with results
    result: str = ""  # name of a round's result


ONCE = Rounds("many", 1, True)


@dataclass(frozen=True)
class Block:
    """One block. What `number`, `flag` and `values` mean depends on the kind."""

    kind: str
    id: str
    parts: tuple[Block, ...] = ()
    number: int = 0  # rounds of a loop, value that a condition looks for, how a level is entered
    flag: bool = False
    values: tuple[Union[int, None], ...] = ()  # values of `w` that the conditions of several flows look for
    how: str = ""  # which of several elements it is
    ons: tuple[On, ...] = ()
    guards: tuple[Guard, ...] = ()
    rounds: Rounds = ONCE

    def all(self) -> Iterator[Block]:
        """The block and everything inside."""
        yield self
        for part in (*self.parts, *(guard.part for guard in self.guards)):
            yield from part.all()


def variables(diagram: Block) -> dict[str, object]:
    """All variables of a diagram at its start."""
    found: dict[str, object] = {"w": 0, "t": 0}
    for block in diagram.all():
        if block.kind == "script":
            found[f"k_{block.id}"] = 0
        elif block.kind == "loop":
            found[f"n_{block.id}"] = 0
        elif block.rounds.items:
            found[f"l_{block.id}"] = list(block.rounds.items)
    return found
