"""Steps that two tokens reach one after the other because nothing joined them before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from engine.bpmn.soundness.branches import region
from engine.bpmn.soundness.levels import GATEWAYS, Level, Step
from engine.bpmn.soundness.nets import RESTING, Join, Move, Net
from engine.bpmn.soundness.reach import Reach

MOST_PAIRS = 20_000


class Together:
    """Pairs of spots that may hold a token at the same time, found without playing every run."""

    def __init__(self, net: Net, opened: set[str]) -> None:
        """Begin with nothing.

        Args:
            opened: joins that open in some run.
        """
        self._net = net
        self._reach = Reach(net)
        self._opened = opened
        self._pairs: dict[int, set[int]] = defaultdict(set)
        self._todo: list[tuple[int, int]] = []
        self._seen: set[int] = set()
        self._count = 0
        self.twice: dict[str, Step] = {}

    def spread(self, roots: Iterable[Move]) -> None:
        """Follow everything that can come of these beginnings."""
        for root in roots:
            self._take(root, ())
        while self._todo and self._count < MOST_PAIRS:
            spot, other = self._todo.pop()
            for move in self._leaving(spot, other):
                self._take(move, (other,))

    def pairs(self) -> Iterator[tuple[Step, Step]]:
        """Steps in which tokens may be at the same time."""
        for one, others in self._pairs.items():
            yield from ((self._net.steps[one], self._net.steps[other]) for other in others)

    def _take(self, move: Move, beside: tuple[int, ...]) -> None:
        self._note_twice(move.passed)
        for at, spot in enumerate(move.spots):
            for other in (*move.spots[at + 1 :], *beside):
                self._pair(spot, other)
        for spot in set(move.spots) - self._seen:
            self._seen.add(spot)
            for made in self._alone(spot):
                self._take(made, ())

    def _pair(self, one: int, other: int) -> None:
        if other in self._pairs[one]:
            return
        self._pairs[one].add(other)
        self._pairs[other].add(one)
        self._count += 1
        if one == other:
            self._note([self._merge_before(self._net.steps[one])])
        self._todo += [(one, other), (other, one)]
        passed = {step.id: step for move in self._moves(one) for step in move.passed}
        meets = {step.id for move in self._moves(other) for step in move.passed}
        self._note({key: step for key, step in passed.items() if key in meets}.values())

    def _moves(self, spot: int) -> Sequence[Move]:
        return () if self._net.ranks[spot] == RESTING else [one for one in self._net.moves(spot) if not one.stays]

    def _alone(self, spot: int) -> Sequence[Move]:
        join = self._net.joins.get(spot)
        if join is None:
            return self._moves(spot)
        return [self._net.opened(join)] if join.step.id in self._opened else []

    def _leaving(self, spot: int, other: int) -> Sequence[Move]:
        """What a token may do while another is at `other`."""
        join = self._net.joins.get(spot)
        if join is None:
            return self._moves(spot)
        if join.step.id not in self._opened or self._waits_for(join, other):
            return []
        return [self._net.opened(join)]

    def _waits_for(self, join: Join, other: int) -> bool:
        if other in join.spots:
            return True
        if join.inclusive:
            return self._reach.leads(join, self._net.steps[other])
        return not all(other in self._pairs[one] for one in join.spots)

    def _merge_before(self, step: Step) -> Step:
        """The step itself, or the nearest one before it at which two flows come together."""
        seen = {step.id}
        while len(step.incoming) == 1 and step.incoming[0].source not in seen:
            step = self._net.level.steps[step.incoming[0].source]
            seen.add(step.id)
        return step

    def _note_twice(self, passed: Sequence[Step]) -> None:
        seen: set[str] = set()
        for step in passed:
            if step.id in seen:
                self._note([step])
            seen.add(step.id)

    def _note(self, steps: Iterable[Step]) -> None:
        for step in steps:
            if len(step.incoming) > 1 and not step.joins:
                self.twice.setdefault(step.id, step)


def first_of(level: Level, found: Iterable[Step]) -> list[Step]:
    """Those that are not merely a consequence of another, and after which something is done."""
    steps = list(found)
    ahead = {step.id: region(level, (flow.target for flow in step.outgoing)) for step in steps}
    chosen: list[Step] = []
    for step in sorted(steps, key=lambda one: (sum(one.id in ahead[two.id] for two in steps), one.line)):
        follows = any(step.id in ahead[one.id] for one in chosen)
        if not follows and _does_something(level, {step.id} | ahead[step.id]):
            chosen.append(step)
    return chosen


def _does_something(level: Level, ahead: Iterable[str]) -> bool:
    steps = (level.steps[one] for one in ahead)
    return any(one.kind not in GATEWAYS and not (one.kind == "endEvent" and one.event in _QUIET) for one in steps)


_QUIET = frozenset({"none", "terminate"})
