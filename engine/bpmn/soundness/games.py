"""Plays every run of a net, as far as runs differ: one marking after another, each once.

What moves by itself goes first, inclusive joins open when all that could go has gone, people and time come last, as
in the engine. Tokens that cannot disturb each other are moved one after another in a single order.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.bpmn.soundness.levels import Step
from engine.bpmn.soundness.nets import AUTOMATIC, KILLED, RESTING, UNCERTAIN, Join, Move, Net
from engine.bpmn.soundness.reach import Reach

MOST_MARKINGS = 20_000
MOST_ALIKE = 16  # tokens on one spot
ALIKE = 3  # tokens on one spot from which on we look whether they only become more
MOST_OPENINGS = 200  # of joins within one move

Marking = tuple[int, ...]  # spots with a token, sorted; a spot stands once for each token
Reached = tuple[Marking, tuple[Step, ...]]


@dataclass
class Play:
    """What was found."""

    roots: list[Marking] = field(default_factory=list)
    came: dict[Marking, tuple[Marking | None, tuple[Step, ...]]] = field(default_factory=dict)
    after: dict[Marking, list[Marking]] = field(default_factory=dict)
    ends: set[Marking] = field(default_factory=set)
    stuck: list[Marking] = field(default_factory=list)  # the first is the one soonest reached
    passed: set[str] = field(default_factory=set)  # steps
    rested: dict[str, Marking] = field(default_factory=dict)  # joins with the first marking in which a token rests
    pumped: dict[str, Marking] = field(default_factory=dict)  # steps at which tokens only become more
    whole: bool = True  # every run was seen

    def path(self, marking: Marking) -> list[Step]:
        """Steps passed on the way to a marking."""
        found: list[Step] = []
        current: Marking | None = marking
        while current is not None:
            current, passed = self.came[current]
            found[:0] = passed
        return found

    def may_end(self) -> set[Marking]:
        """Markings from which some run ends."""
        before: dict[Marking, list[Marking]] = {}
        for marking, following in self.after.items():
            for one in following:
                before.setdefault(one, []).append(marking)
        found = set(self.ends)
        todo = list(found)
        while todo:
            for one in before.get(todo.pop(), ()):
                if one not in found:
                    found.add(one)
                    todo.append(one)
        return found


def play(net: Net, roots: Sequence[Move], *, until: float) -> Play:
    """All runs from each of the roots.

    Args:
        until: moment of `time.perf_counter` at which to give up.
    """
    game = _Game(net, until)
    found = game.run(roots)
    if game.sensitive and not game.every_order:
        game = _Game(net, until, every_order=True)
        found = game.run(roots)
    return found


class _Game:
    def __init__(self, net: Net, until: float, *, every_order: bool = False) -> None:
        self._net = net
        self._reach = Reach(net)
        self._until = until
        self.every_order = every_order
        self.sensitive = False  # an inclusive join may depend on who comes first
        self._found = Play()
        self._todo: deque[Marking] = deque()

    def run(self, roots: Sequence[Move]) -> Play:
        for root in roots:
            marking, passed = self._settle((), root)
            self._found.roots.append(marking)
            self._see(marking, None, passed)
        while self._todo and self._found.whole:
            if len(self._found.came) > MOST_MARKINGS or time.perf_counter() > self._until:
                self._found.whole = False
            if self.sensitive and not self.every_order:
                break
            self._go_on(self._todo.popleft())
        return self._found

    def _see(self, marking: Marking, before: Marking | None, passed: tuple[Step, ...]) -> bool:
        """Note a marking; True when it is new."""
        self._found.passed.update(one.id for one in passed)
        if marking in self._found.came:
            return False
        self._found.came[marking] = (before, passed)
        for spot in marking:
            if self._net.ranks[spot] == RESTING:
                self._found.rested.setdefault(self._net.steps[spot].id, marking)
        self._todo.append(marking)
        return True

    def _go_on(self, marking: Marking) -> None:
        ranks = self._net.ranks
        if not marking or any(ranks[spot] == KILLED for spot in marking):
            self._found.ends.add(marking)
        if self._grows(marking):
            return
        following = self._found.after.setdefault(marking, [])
        for group in self._groups(marking):
            fresh = False
            for reached, passed in group:
                following.append(reached)
                fresh = self._see(reached, marking, passed) or fresh
            if fresh and not self.every_order:
                break
        if not following and marking not in self._found.ends:
            self._found.stuck.append(marking)

    def _groups(self, marking: Marking) -> Iterator[list[Reached]]:
        """Moves to try. Those of one group exclude each other; groups do not disturb each other."""
        spots = sorted(set(marking), key=lambda spot: (self._net.ranks[spot], spot))
        at_once = [spot for spot in spots if self._net.ranks[spot] == AUTOMATIC]
        if at_once:
            yield from (self._leave(marking, spot) for spot in at_once)
            return
        if self._reach:
            self.sensitive = self.sensitive or self._reach.depends_on_order(marking)
            ripe = self._reach.ripe(marking)
            yield from ([self._open(marking, join)] for join in ripe)
            if ripe:
                perhaps = [spot for spot in spots if self._net.ranks[spot] == UNCERTAIN] if self.every_order else []
                yield from (self._leave(marking, spot) for spot in perhaps)
                return
        yield from (self._leave(marking, spot) for spot in spots if self._net.ranks[spot] < RESTING)

    def _leave(self, marking: Marking, spot: int) -> list[Reached]:
        at = marking.index(spot)
        rest = marking[:at] + marking[at + 1 :]
        return [self._settle(rest, move) for move in self._net.moves(spot)]

    def _open(self, marking: Marking, join: Join) -> Reached:
        """Take one token from each flow that has one and let one go on."""
        rest = list(marking)
        for spot in join.spots:
            if spot in rest:
                rest.remove(spot)
        return self._settle(tuple(rest), self._net.opened(join))

    def _settle(self, rest: Marking, move: Move) -> Reached:
        """Put the tokens of a move down; joins to which a token has come on every flow open."""
        tokens = [*rest, *move.spots]
        passed = move.passed
        joins = self._net.joins
        todo = [joins[spot] for spot in move.spots if spot in joins]
        for _ in range(MOST_OPENINGS):
            if not todo:
                break
            join = todo.pop()
            if _is_full(join, tokens):
                for spot in join.full:
                    tokens.remove(spot)
                opened = self._net.opened(join)
                tokens += opened.spots
                passed += opened.passed
                todo += [join, *(joins[spot] for spot in opened.spots if spot in joins)]
        return tuple(sorted(tokens)), passed

    def _grows(self, marking: Marking) -> bool:
        """True when tokens only become more on the way to here, so that it makes no sense to go on."""
        crowded = [spot for spot in set(marking) if marking.count(spot) >= ALIKE]
        if not crowded:
            return False
        most = max(crowded, key=marking.count)
        if marking.count(most) < MOST_ALIKE and not self._covers_earlier(marking):
            return False
        self._found.pumped.setdefault(self._net.steps[most].id, marking)
        return True

    def _covers_earlier(self, marking: Marking) -> bool:
        counted = Counter(marking)
        current = self._found.came[marking][0]
        while current is not None:
            if current and len(current) < len(marking) and Counter(current) <= counted:
                return True
            current = self._found.came[current][0]
        return False


def _is_full(join: Join, tokens: Sequence[int]) -> bool:
    if join.step.needs > 1:
        return tokens.count(join.spots[0]) >= join.step.needs
    return all(spot in tokens for spot in join.spots)
