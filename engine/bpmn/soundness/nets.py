"""Turns a level into a net: spots where tokens rest, and moves between them.

Steps that do their work at once and leave no choice are passed within a move, so that a marking holds only what
waits, what chooses and what rests at a join.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.bpmn.soundness.choices import Choice, Rules
from engine.bpmn.soundness.levels import PEOPLE, Flow, Level, Step

AUTOMATIC, UNCERTAIN, WAITING, RESTING, KILLED = range(5)  # ranks: what moves before what
MOST_SPAWNED = 2  # times an event that does not interrupt is let happen
MOST_PASSED = 40  # steps passed one after another within one move
MOST_AT_ONCE = 120  # steps passed within one move on all its branches
MOST_TOKENS = 24  # made by one move
THROWN = frozenset({"message", "signal", "escalation"})


@dataclass(frozen=True)
class Move:
    """Tokens on `spots` after `passed` steps."""

    spots: tuple[int, ...]
    passed: tuple[Step, ...]
    stays: bool = False


@dataclass(frozen=True)
class Join:
    """A step that waits for several tokens; `spots` in the order of its incoming flows."""

    step: Step
    spots: tuple[int, ...]  # where tokens rest, one for all flows when only their number counts

    @property
    def inclusive(self) -> bool:
        """True when it waits only for tokens that can still come."""
        return self.step.kind == "inclusiveGateway"

    @property
    def full(self) -> tuple[int, ...]:
        """The tokens that make it open at once."""
        return self.spots * self.step.needs


class Net:
    """The net of one level. `coupled` are events that do not interrupt and whose branch meets the rest."""

    def __init__(
        self, level: Level, rules: Rules, *, talks: bool, coupled: Iterable[str] = (), halts: Iterable[str] = ()
    ) -> None:
        """Build it.

        Args:
            talks: something in the process throws messages or signals, which may come back at once.
            halts: steps that are not passed within a move, whatever they are.
        """
        self.level = level
        self.rules = rules
        self.coupled = frozenset(coupled)
        self.steps: list[Step] = []  # by spot
        self.ranks: list[int] = []
        self._spawned: list[int] = []
        self.joins: dict[int, Join] = {}  # by resting spot
        self._talks = talks
        self._halts = frozenset(halts)
        self._count = 0  # steps passed within the move that is being made
        self._spots: dict[tuple[str, int], int] = {}
        self._rests: dict[str, int] = {}
        self._moves: dict[int, tuple[Move, ...]] = {}
        self._opened: dict[str, Move] = {}
        self.trapped = trapped(level, rules)
        for step in level.steps.values():
            if step.joins:
                self._add_join(step)

    def moves(self, spot: int) -> tuple[Move, ...]:
        """What a token on a spot may do by itself."""
        if spot not in self._moves:
            self._count = 0
            self._moves[spot] = tuple(self._made(spot))
        return self._moves[spot]

    def opened(self, join: Join) -> Move:
        """What becomes of the token that goes on when a join opens."""
        if join.step.id not in self._opened:
            self._count = 0
            self._opened[join.step.id] = self._enter(join.step, frozenset())
        return self._opened[join.step.id]

    def put(self, step: Step) -> Move:
        """A token enters a step; at a join it comes along no flow and passes."""
        self._count = 0
        return self._enter(step, frozenset())

    def send(self, flows: Iterable[Flow], via: tuple[Step, ...] = ()) -> Move:
        """Tokens go along flows."""
        self._count = 0
        return self._along(flows, via, frozenset())

    def _add_join(self, step: Step) -> None:
        pool = [self._new(step, RESTING)] if step.needs > 1 else []
        spots = pool or [self._new(step, RESTING) for _ in step.incoming]
        for number, flow in enumerate(step.incoming):
            self._rests[flow.id] = spots[number % len(spots)]
        join = Join(step, tuple(spots))
        self.joins.update(dict.fromkeys(spots, join))

    def _new(self, step: Step, rank: int, spawned: int = 0) -> int:
        self.steps.append(step)
        self.ranks.append(rank)
        self._spawned.append(spawned)
        return len(self.steps) - 1

    def _spot(self, step: Step, spawned: int = 0) -> int:
        key = (step.id, spawned)
        if key not in self._spots:
            self._spots[key] = self._new(step, self._rank(step), spawned)
        return self._spots[key]

    def _rank(self, step: Step) -> int:
        choices = self.rules.of(step)
        if len(choices) == 1 and choices[0].kills:
            return KILLED
        return rank(step, talks=self._talks)

    def _made(self, spot: int) -> Iterable[Move]:
        step, spawned = self.steps[spot], self._spawned[spot]
        for choice in self.rules.of(step):
            if choice.kills:
                yield Move((self._dead_end(step),), ())
            elif not choice.stays:
                yield self._along(times(step, choice), choice.via, frozenset({step.id}))
            elif choice.via[0].id in self.coupled and spawned < MOST_SPAWNED:
                made = self._along(choice.flows, choice.via, frozenset({step.id}))
                yield Move((self._spot(step, spawned + 1), *made.spots), made.passed, stays=spawned > 0)

    def _dead_end(self, step: Step) -> int:
        key = (step.id, -1)
        if key not in self._spots:
            self._spots[key] = self._new(step, KILLED)
        return self._spots[key]

    def _along(self, flows: Iterable[Flow], via: tuple[Step, ...], stack: frozenset[str]) -> Move:
        spots: list[int] = []
        passed = list(via)
        for flow in flows:
            if flow.id in self._rests:
                spots.append(self._rests[flow.id])
            else:
                made = self._enter(self.level.steps[flow.target], stack)
                spots += made.spots
                passed += made.passed
        return Move(tuple(spots), tuple(passed))

    def _enter(self, step: Step, stack: frozenset[str]) -> Move:
        choices = self.rules.of(step)
        self._count += 1
        small = len(stack) < MOST_PASSED and self._count < MOST_AT_ONCE
        if small and step.id not in stack and self._at_once(step, choices):
            made = self._along(times(step, choices[0]), choices[0].via, stack | {step.id})
            if len(made.spots) <= MOST_TOKENS:
                return Move(made.spots, (step, *made.passed))
        return Move((self._spot(step),), (step,))

    def _at_once(self, step: Step, choices: list[Choice]) -> bool:
        if len(choices) != 1 or choices[0].kills or choices[0].stays or step.id in self._halts:
            return False
        return rank(step, talks=self._talks) == AUTOMATIC


def times(step: Step, choice: Choice) -> tuple[Flow, ...]:
    """The flows of a choice, each as often as a token goes along it."""
    return choice.flows * (1 if choice.via else step.gives)


def rank(step: Step, *, talks: bool) -> int:
    """Whether a token passes by itself, perhaps by itself, or only when somebody or something comes."""
    if step.kind in ("intermediateCatchEvent", "receiveTask", "eventBasedGateway") or step.kind in PEOPLE:
        if step.event in ("link", "none"):
            return AUTOMATIC
        at_once = talks or any(one.event == "conditional" for one in (step, *step.boundaries))
        return UNCERTAIN if at_once else WAITING
    if step.inside is not None:
        inner = step.inside
        quiet = inner.kind != "adhoc" and all(rank(one, talks=talks) == AUTOMATIC for one in inner.steps.values())
        return AUTOMATIC if quiet else UNCERTAIN
    return UNCERTAIN if step.kind == "callActivity" else AUTOMATIC


def trapped(level: Level, rules: Rules) -> set[str]:
    """Steps from which a token never comes to rest: automatic ones with no choice that leads away."""
    found = {one.id for one in level.steps.values() if _may_trap(one)}
    before = -1
    while len(found) != before:
        before = len(found)
        found = {one for one in found if _stays(rules.of(level.steps[one]), found)}
    return found


def _may_trap(step: Step) -> bool:
    if step.boundaries or (step.joins and step.kind != "inclusiveGateway") or step.event in THROWN:
        return False
    return rank(step, talks=True) == AUTOMATIC


def _stays(choices: list[Choice], found: set[str]) -> bool:
    return bool(choices) and all(any(flow.target in found for flow in one.flows) for one in choices)
