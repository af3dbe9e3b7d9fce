"""Branches of events that do not interrupt: those that never meet the rest of the level are played by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations_with_replacement

from engine.bpmn import markup
from engine.bpmn.soundness.choices import Choice, Rules
from engine.bpmn.soundness.levels import Level, Step

MOST_PAIRED = 4  # events on one branch of which every two are let happen together


@dataclass(frozen=True)
class Branches:
    """`coupled` events go with the rest; `apart` are groups of beginnings to be played by themselves."""

    coupled: frozenset[str]
    apart: tuple[tuple[tuple[Choice, ...], ...], ...]


def branches(level: Level, rules: Rules) -> Branches:
    """How the events of a level that do not interrupt are to be played."""
    events = [one for one in level.steps.values() if _goes_beside(one) and rules.happens(one)]
    base = region(level, (one for entry in level.entries for one in entry))
    regions = {event.id: region(level, (flow.target for flow in event.outgoing)) for event in events}
    groups = _groups([base, *regions.values()])
    numbers = {event.id: groups[at] for at, event in enumerate(events, start=1)}
    coupled, apart = set(), dict[int, list[Step]]()
    for event in events:
        homes = {groups[0]} if event.host in base else set()
        homes |= {numbers[other] for other, steps in regions.items() if event.host in steps}
        if numbers[event.id] in homes:
            coupled.add(event.id)
        else:
            apart.setdefault(numbers[event.id], []).append(event)
    return Branches(frozenset(coupled), tuple(tuple(_beginnings(rules, level, group)) for group in apart.values()))


def region(level: Level, starts: Iterable[str]) -> set[str]:
    """Steps to which tokens can get from these, unless an event that does not interrupt brings them there."""
    found: set[str] = set()
    todo = list(starts)
    while todo:
        current = todo.pop()
        if current in found:
            continue
        found.add(current)
        step = level.steps[current]
        todo += [flow.target for flow in step.outgoing]
        todo += [event.id for event in step.boundaries if event.interrupts]
    return found


def _goes_beside(step: Step) -> bool:
    return step.kind == "boundaryEvent" and not step.interrupts


def _groups(regions: list[set[str]]) -> list[int]:
    """For each region the number of the first one with which it hangs together."""
    groups = list(range(len(regions)))
    for one in range(len(regions)):
        for other in range(one):
            if groups[one] != groups[other] and regions[one] & regions[other]:
                old, new = max(groups[one], groups[other]), min(groups[one], groups[other])
                groups = [new if group == old else group for group in groups]
    return groups


def _beginnings(rules: Rules, level: Level, events: list[Step]) -> Iterable[tuple[Choice, ...]]:
    """Each event once, then any two of them; a plain deadline comes only once."""
    choices = {event.id: [one for one in rules.of(level.steps[event.host]) if event in one.via] for event in events}
    for event in events:
        yield from ((one,) for one in choices[event.id])
    for one, other in combinations_with_replacement(events[:MOST_PAIRED], 2):
        if one is not other or not _comes_once(one):
            yield (choices[one.id][0], choices[other.id][0])


def _comes_once(event: Step) -> bool:
    return event.event == "timer" and not any(True for _ in event.node.iter(f"{{{markup.BPMN}}}timeCycle"))
