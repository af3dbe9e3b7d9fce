"""Makes a diagram that fails smaller, as long as it still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from blocks import ONCE, Block


def shrink(block: Block, fails: Callable[[Block], bool]) -> Block:
    """The smallest diagram that can be got by leaving out one thing after another."""
    while True:
        smaller = next((one for one in _smaller(block) if fails(one)), None)
        if smaller is None:
            return block
        block = smaller


def drawn(block: Block, depth: int = 0) -> str:
    """A diagram as an indented list."""
    said = [block.id, *(f"{on.kind}:{on.name or on.number}" for on in block.ons if on.kind)]
    said += [] if block.rounds is ONCE else [str(block.rounds)]
    lines = ["  " * depth + " ".join(said)] + [drawn(part, depth + 1) for part in block.parts]
    for guard in block.guards:
        lines.append("  " * (depth + 1) + f"{guard.id} {guard.on} {'interrupts' if guard.interrupts else ''}")
        lines.append(drawn(guard.part, depth + 2))
    return "\n".join(lines)


def _smaller(block: Block) -> Iterator[Block]:
    """The same diagram with one thing less, the biggest things first."""
    if block.kind == "seq" and len(block.parts) > 1:
        yield from (replace(block, parts=_without(block.parts, at)) for at in range(len(block.parts)))
    if block.id != "_all":  # whose guard tells what conditions look at
        yield from (replace(block, guards=_without(block.guards, at)) for at in range(len(block.guards)))
    if block.rounds is not ONCE and not block.rounds.items:
        yield replace(block, rounds=ONCE)
    for at, part in enumerate(block.parts):
        for smaller in (*_instead(block, part), *_smaller(part)):
            yield replace(block, parts=(*block.parts[:at], smaller, *block.parts[at + 1 :]))
    for at, guard in enumerate(block.guards):
        for smaller in _smaller(guard.part):
            changed = replace(guard, part=smaller)
            yield replace(block, guards=(*block.guards[:at], changed, *block.guards[at + 1 :]))


def _instead(around: Block, part: Block) -> Iterator[Block]:
    """What may stand where a block stands: a person, or one of the blocks inside."""
    if around.kind in ("activity", "adhoc", "fork") or part.kind in ("user", "sum"):
        return
    yield Block("user", f"u_{part.id}")
    if part.kind in ("seq", "xor", "par", "inc", "loop"):
        yield from part.parts


def _without(found: tuple[Any, ...], at: int) -> tuple[Any, ...]:
    return (*found[:at], *found[at + 1 :])
