"""Where the tokens of an instance meet: joins that would wait for ever, and branches that no longer come together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from engine.bpmn import events, gateways

if TYPE_CHECKING:
    from engine.bpmn.scopes import Run, Scope
    from engine.bpmn.steps import Flow, ProcessSpec, Step

JOINS = (gateways.ParallelGateway, gateways.InclusiveGateway)


@dataclass(frozen=True)
class Meetings:
    """What is wrong with the ways ahead of the tokens.

    Attributes:
        starved: parallel joins (process, element) that some token reaches and no other ever completes.
        doubled: pairs of tokens that both come to a step which only one should reach, with that step.
    """

    starved: frozenset[tuple[str, str]]
    doubled: frozenset[tuple[frozenset[int], str, str]]


@dataclass
class _Group:
    """Tokens that have come together, and where they may get to from there."""

    members: set[int]
    inside: set[str] = field(default_factory=set)
    waiting: set[tuple[str, str]] = field(default_factory=set)  # join and flow
    passed: set[str] = field(default_factory=set)


def meetings(run: Run) -> Meetings:
    """Look at all open levels of an instance."""
    starved: set[tuple[str, str]] = set()
    doubled: set[tuple[frozenset[int], str, str]] = set()
    for scope in run.scopes():
        process, level = scope.spec.process, _Level(scope.spec)
        level.run([_Group(members, inside, waiting) for members, inside, waiting in _starts(scope, level)])
        starved |= {(process, name) for name in level.starved}
        doubled |= {(pair, process, name) for pair, name in level.doubled}
    return Meetings(frozenset(starved), frozenset(doubled))


def arrived(old: Step, new: Step) -> tuple[dict[str, str], set[str]]:
    """How the incoming flows of a join are called now.

    Returns:
        Old to new flow, as far as it is known; and those of them that are only guessed.
    """
    left = [one for one in old.incoming if one not in new.incoming]
    free = [one for one in new.incoming if one not in old.incoming]
    found = {one: one for one in old.incoming if one in new.incoming}
    for one in list(left):
        same = [flow for flow in free if source(new, flow) == source(old, one)]
        if len(same) == 1:
            found[one] = same[0]
            left.remove(one)
            free.remove(same[0])
    guessed = dict(_guess(old, new, left, free))
    return {**found, **guessed}, set(guessed)


def source(join: Step, flow: str) -> str:
    """The step from which a flow comes."""
    steps: Iterable[Step] = join._wf_spec.task_specs.values()
    return next((step.name for step in steps if any(one.id == flow for one in step.flows)), "")


def _guess(old: Step, new: Step, left: list[str], free: list[str]) -> Iterator[tuple[str, str]]:
    """A branch into which steps were put behind the token: its end is the way that begins where the old flow began."""
    spec: ProcessSpec = new._wf_spec
    if len(left) == 1 and len(free) == 1:
        yield left[0], free[0]
        return
    for one in left:
        begin = spec.task_specs.get(source(old, one))
        ends = _Level(spec).spread(begin.flows)[1] if begin is not None else set()
        fitting = [flow for flow in free if (new.name, flow) in ends]
        if len(fitting) == 1:
            free.remove(fitting[0])
            yield one, fitting[0]


def _starts(scope: Scope, level: _Level) -> Iterator[tuple[set[int], set[str], set[tuple[str, str]]]]:
    for token in scope.tasks.values():
        if token.host is None and token.shell is None:
            inside, waiting = level.spread(level.leaving(token.task_spec))
            yield {token.id}, inside | {token.task_spec.name}, waiting
    for number, (join, flows) in enumerate(scope.arrived.items()):
        for place, flow in enumerate(flows):
            yield {-1000 * (number + 1) - place}, set(), {(join, flow)}


class _Level:
    """One level, walked by groups of tokens that merge where they meet."""

    def __init__(self, spec: ProcessSpec) -> None:
        self.steps: dict[str, Step] = dict(spec.task_specs)
        self.starved: set[str] = set()
        self.doubled: set[tuple[frozenset[int], str]] = set()

    def run(self, groups: list[_Group]) -> None:
        """Let groups merge until nothing changes."""
        while (join := self._next(groups)) is not None:
            groups = self._merge(groups, join)
        self._compare(groups)
        for group in groups:
            self.starved |= {join for join, _ in group.waiting if join not in group.passed and self._parallel(join)}

    def spread(self, flows: Iterable[Flow]) -> tuple[set[str], set[tuple[str, str]]]:
        """Steps that can be reached without passing a join, and the flows that come to joins."""
        inside: set[str] = set()
        waiting: set[tuple[str, str]] = set()
        todo = list(flows)
        while todo:
            flow = todo.pop()
            step = self.steps[flow.target]
            if isinstance(step, JOINS) and len(step.incoming) > 1:
                waiting.add((step.name, flow.id))
            elif step.name not in inside:
                inside.add(step.name)
                todo += self.leaving(step)
        return inside, waiting

    def leaving(self, step: Step) -> list[Flow]:
        """All flows on which a token may leave a step, also when it is interrupted."""
        return [*step.flows, *(flow for name in step.boundaries for flow in self.steps[name].flows)]

    def _next(self, groups: list[_Group]) -> str | None:
        """A join that can open: parallel ones first, of the inclusive ones such that others do not lead to."""
        pending = dict.fromkeys(join for one in groups for join, _ in sorted(one.waiting) if join not in one.passed)
        for join in pending:
            if self._parallel(join) and {*self.steps[join].incoming} <= self._flows(groups, join):
                return join
        inclusive = [join for join in pending if isinstance(self.steps[join], gateways.InclusiveGateway)]
        return min(inclusive, key=lambda join: sum(self._leads(one, join) for one in pending), default=None)

    def _parallel(self, name: str) -> bool:
        return isinstance(self.steps[name], gateways.ParallelGateway)

    def _leads(self, join: str, goal: str) -> bool:
        """True when the way from one join comes to the other and not back."""
        return goal in self._behind(join) and join not in self._behind(goal)

    def _behind(self, join: str) -> set[str]:
        found: set[str] = set()
        todo = [join]
        while todo:
            for flow in self.leaving(self.steps[todo.pop()]):
                if flow.target not in found:
                    found.add(flow.target)
                    todo.append(flow.target)
        return found

    @staticmethod
    def _flows(groups: list[_Group], join: str) -> set[str]:
        return {flow for one in groups if join not in one.passed for at, flow in one.waiting if at == join}

    def _merge(self, groups: list[_Group], join: str) -> list[_Group]:
        here = [one for one in groups if join not in one.passed and any(at == join for at, _ in one.waiting)]
        self._compare(here)
        merged = _Group(set())
        for one in here:
            merged.members |= one.members
            merged.passed |= one.passed
            merged.waiting |= {(at, flow) for at, flow in one.waiting if at != join}
            merged.inside |= one.inside
        inside, waiting = self.spread(self.leaving(self.steps[join]))
        merged.passed.add(join)
        merged.inside |= inside
        merged.waiting |= waiting
        return [*(one for one in groups if one not in here), merged]

    def _compare(self, groups: list[_Group]) -> None:
        for one, two in combinations(groups, 2):
            for name in one.inside & two.inside:
                if not isinstance(self.steps[name], events.EndEvent):
                    self.doubled.add((frozenset(one.members | two.members), name))
