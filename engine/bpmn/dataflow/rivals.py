"""Variables that two parallel branches set, so that chance decides whose value stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from engine.bpmn.dataflow import uses
from engine.bpmn.dataflow.uses import Sources
from engine.bpmn.soundness import wording
from engine.bpmn.soundness.branches import branches
from engine.bpmn.soundness.choices import Exits, Rules
from engine.bpmn.soundness.levels import Level, Step
from engine.bpmn.soundness.merges import Together
from engine.bpmn.soundness.nets import Net
from engine.errors import Problem


def rivals(top: Level, sources: Sources) -> Iterator[Problem]:
    """A warning for each such variable."""
    told: set[str] = set()
    for level in top.walk():
        setters = _setters(level, sources)
        for one, other in _side_by_side(level, {step for steps in setters.values() for step in steps}):
            for name in sorted(setters):
                if name not in told and one in setters[name] and other in setters[name]:
                    told.add(name)
                    yield _problem(name, level.steps[one], level.steps[other])


def _setters(level: Level, sources: Sources) -> dict[str, set[str]]:
    """Steps of a level by the variable that they or what is inside them set."""
    found: dict[str, set[str]] = defaultdict(set)
    for step in level.steps.values():
        names = uses.of(step, sources).sets
        if step.inside is not None and not step.triggered:
            own = uses.of(step, sources).own | uses.declared(step.inside)
            names = names | (uses.all_set(step.inside, sources) - own)
        for name in names:
            found[name].add(step.id)
    return {name: steps for name, steps in found.items() if len(steps) > 1}


def _side_by_side(level: Level, wanted: set[str]) -> list[tuple[str, str]]:
    """Pairs of these steps that may be open at the same time, in the order of the file."""
    if not wanted or level.kind == "adhoc" or not level.complete:
        return []
    rules = Rules(level, dict[str, Exits]())
    net = Net(level, rules, talks=False, coupled=branches(level, rules).coupled, halts=wanted)
    together = Together(net, {one.id for one in level.steps.values() if one.joins})
    together.spread(net.put(level.steps[one]) for entry in level.entries for one in entry)
    order = {name: number for number, name in enumerate(level.steps)}
    pairs = {tuple(sorted((one.id, two.id), key=order.__getitem__)) for one, two in together.pairs()}
    kept = [(one, two) for one, two in pairs if one != two and one in wanted and two in wanted]
    return sorted(kept, key=lambda pair: (order[pair[0]], order[pair[1]]))


def _problem(name: str, one: Step, other: Step) -> Problem:
    others = f"„{wording.short(one)}” i „{wording.short(other)}”"
    message = f"Zmienną „{name}” ustawiają równolegle {others}; zostanie wartość z tego, który skończy się później."
    return wording.problem(one, message, "warning")
