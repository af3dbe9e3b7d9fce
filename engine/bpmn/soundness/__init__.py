"""Soundness: whether every run of a diagram can end, found by playing it as a token game before it is published."""

from __future__ import annotations

import time

from engine.bpmn.markup import Node
from engine.bpmn.soundness import levels
from engine.bpmn.soundness.choices import Exits
from engine.bpmn.soundness.judging import judge
from engine.bpmn.soundness.levels import Level
from engine.errors import Problem

MOST_SECONDS = 1.0  # for one level
MOST_IN_ALL = 1.6


def check(process: Node) -> tuple[Problem, ...]:
    """What is wrong with the runs of a process: errors when it cannot end, warnings when it perhaps does not.

    Args:
        process: the element of the file; parts that hang in the air are left to those who look for them.
    """
    top = levels.read(process)
    begun = time.perf_counter()
    talks = any(_talks(level) for level in top.walk())
    exits: dict[str, Exits] = {}
    found: list[Problem] = []
    for level in top.walk():
        if not level.complete or not any(level.entries):
            continue
        until = min(time.perf_counter() + MOST_SECONDS, begun + MOST_IN_ALL)
        verdict = judge(level, exits, talks=talks, until=until)
        found += verdict.problems
        if level.owner is not None:
            exits[level.owner.id] = verdict.exits
    return tuple(found)


def _talks(level: Level) -> bool:
    """True when a step throws a message or a signal, which another may be waiting for."""
    throws = ("intermediateThrowEvent", "endEvent", "sendTask")
    return any(one.kind in throws and one.event in ("message", "signal") for one in level.steps.values())
