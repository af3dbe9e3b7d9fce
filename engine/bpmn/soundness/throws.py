"""What a sub-process lets out: errors and escalations that nothing inside it catches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.soundness.choices import THROWS, Exits
from engine.bpmn.soundness.levels import Level, Step


def exits_of(level: Level, inner: Mapping[str, Exits], passed: set[str], *, completes: bool) -> Exits:
    """How a level may be left.

    Args:
        inner: how its own sub-processes may be left, by id.
        passed: steps that some run passes.
    """
    steps = [one for one in level.steps.values() if one.id in passed or one.triggered]
    return Exits(
        completes=completes,
        errors=frozenset(_escaping(level, steps, inner, "error")),
        escalations=frozenset(_escaping(level, steps, inner, "escalation")),
        cancels=any(one.event == "cancel" and one.kind == "endEvent" for one in steps),
        unknown=any(_is_unknown(one, inner) for one in steps),
    )


def _escaping(level: Level, steps: Iterable[Step], inner: Mapping[str, Exits], event: str) -> Iterator[str]:
    for step in steps:
        if step.event == event and step.kind in THROWS:
            thrown, around = {step.code}, []
        else:
            thrown, around = _from_inside(inner.get(step.id), event), step.boundaries
        caught = [one for one in (*around, *level.handlers) if one.event == event and one is not step]
        yield from (code for code in thrown if not any(one.code in ("", code) for one in caught))


def _from_inside(exits: Exits | None, event: str) -> set[str]:
    if exits is None:
        return set()
    return set(exits.errors if event == "error" else exits.escalations)


def _is_unknown(step: Step, inner: Mapping[str, Exits]) -> bool:
    """A call whose errors are not all caught at its border."""
    unknown = step.kind == "callActivity" or (step.id in inner and inner[step.id].unknown)
    return unknown and not any(one.event == "error" and not one.code for one in step.boundaries)
