"""What is surely set at each step: a forward look over the flows of a level, the smallest that all ways agree on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.dataflow import uses
from engine.bpmn.dataflow.uses import Sources, Use
from engine.bpmn.soundness.levels import Level, Step


@dataclass(frozen=True)
class Reading:
    """A variable that is read although a way leads here on which nothing sets it."""

    name: str
    step: Step
    level: Level


@dataclass
class Setting:
    """The look over one level; `known` is surely set when it is entered."""

    level: Level
    known: frozenset[str]
    sources: Sources
    into: dict[str, frozenset[str]] = field(default_factory=dict)
    out: dict[str, frozenset[str]] = field(default_factory=dict)
    uses: dict[str, Use] = field(default_factory=dict)
    inner: dict[str, Setting] = field(default_factory=dict)

    def look(self) -> Setting:
        """Go over the level until nothing changes."""
        self.uses = {one.id: uses.of(one, self.sources) for one in self.level.steps.values()}
        self.known |= uses.declared(self.level)
        todo = dict.fromkeys(one for entry in self.level.entries for one in entry)
        todo |= dict.fromkeys(one.id for one in self.level.handlers)
        while todo:
            step = self.level.steps[next(iter(todo))]
            del todo[step.id]
            if self._pass(step):
                todo |= dict.fromkeys(flow.target for flow in step.outgoing)
                todo |= dict.fromkeys(event.id for event in step.boundaries)
        return self

    @property
    def at_end(self) -> frozenset[str]:
        """Surely set when the level is left by its ends."""
        ends = [self.out[one.id] for one in self.level.steps.values() if not one.outgoing and self._is_end(one)]
        return frozenset.intersection(*ends) if ends else self.known

    def readings(self) -> list[Reading]:
        """Everything read before it is surely set, here and below."""
        found = []
        for name, before in self.into.items():
            step, use = self.level.steps[name], self.uses[name]
            for read, with_own in uses.readers(use):
                at_hand = before | use.sets if with_own else before
                found += [Reading(one, step, self.level) for one in sorted(read - at_hand)]
            if name in self.inner:
                found += self.inner[name].readings()
        return found

    def _is_end(self, step: Step) -> bool:
        return step.id in self.out and step.kind != "boundaryEvent" and not step.triggered

    def _pass(self, step: Step) -> bool:
        """Look at a step again; True when something has changed."""
        before = self._before(step)
        if self.into.get(step.id) == before and step.id in self.out:
            return False
        self.into[step.id] = before
        use = self.uses[step.id]
        after = before | use.sets
        if step.inside is not None:
            inner = Setting(step.inside, before | use.own, self.sources).look()
            self.inner[step.id] = inner
            after |= inner.at_end - use.own
        self.out[step.id] = after
        return True

    def _before(self, step: Step) -> frozenset[str]:
        if step.triggered or any(step.id in entry for entry in self.level.entries):
            return self.known
        if step.kind == "boundaryEvent":
            return self.into[step.host]
        came = [self.out[flow.source] for flow in step.incoming if flow.source in self.out]
        if step.kind == "parallelGateway":
            return frozenset().union(*came)
        return frozenset.intersection(*came) if came else self.known


def way_without(level: Level, goal: Step, name: str, used: Mapping[str, Use]) -> list[Step]:
    """The shortest way to a step on which no step of this level sets a variable."""
    came: dict[str, str] = {}
    todo = [one for entry in level.entries for one in entry]
    came.update(dict.fromkeys(todo, ""))
    for current in todo:
        if current == goal.id:
            break
        step = level.steps[current]
        following = [event.id for event in step.boundaries]
        if name not in used[current].sets:
            following += [flow.target for flow in step.outgoing]
        for one in following:
            if one not in came:
                came[one] = current
                todo.append(one)
    found: list[Step] = []
    at = goal.id if goal.id in came else ""
    while at:
        found.insert(0, level.steps[at])
        at = came[at]
    return found


def comes_first(level: Level, reader: Step, setters: set[str]) -> bool:
    """True when no setter can be got to without passing the reader."""
    todo = [one for entry in level.entries for one in entry]
    seen = set(todo)
    while todo:
        current = todo.pop()
        if current == reader.id:
            continue
        if current in setters:
            return False
        step = level.steps[current]
        following = [*(flow.target for flow in step.outgoing), *(event.id for event in step.boundaries)]
        todo += [one for one in following if one not in seen]
        seen.update(following)
    return True
