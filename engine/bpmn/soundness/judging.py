"""Judges one level: plays its runs and says what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.soundness import games, wording
from engine.bpmn.soundness.branches import Branches, branches, region
from engine.bpmn.soundness.choices import Exits, Rules
from engine.bpmn.soundness.games import Marking, Play
from engine.bpmn.soundness.levels import KILLS, Level, Step
from engine.bpmn.soundness.merges import Together, first_of
from engine.bpmn.soundness.nets import RESTING, Move, Net
from engine.bpmn.soundness.throws import exits_of
from engine.errors import Problem


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a level, and how it may be left."""

    problems: tuple[Problem, ...]
    exits: Exits


def judge(level: Level, inner: Mapping[str, Exits], *, talks: bool, until: float) -> Verdict:
    """Play a level.

    Args:
        inner: how its sub-processes may be left, by id.
        talks: something in the process throws messages or signals.
        until: moment of `time.perf_counter` at which to give up.
    """
    rules = Rules(level, inner)
    beside = branches(level, rules)
    net = Net(level, rules, talks=talks, coupled=beside.coupled)
    roots = [_together(net.put(level.steps[one]) for one in entry) for entry in level.entries]
    court = _Court(net, roots, _plays(net, roots, beside, until))
    return Verdict(tuple(court.problems()), exits_of(level, inner, court.passed, completes=court.completes))


def _plays(net: Net, roots: list[Move], beside: Branches, until: float) -> list[Play]:
    """The play of the level itself, then of each group of branches beside it whose events can come at all."""
    plays = [games.play(net, roots, until=until)]
    left = list(beside.apart)
    for group in [*left, *left]:  # twice, for an event may stand on a branch of the next group
        reached = set().union(*(play.passed for play in plays))
        begun = [one for one in group if all(choice.via[0].host in reached for choice in one)]
        if begun and group in left:
            left.remove(group)
            moves = [_together(net.send(choice.flows, choice.via) for choice in one) for one in begun]
            plays.append(games.play(net, moves, until=until))
    return plays


def _together(moves: Iterable[Move]) -> Move:
    made = list(moves)
    spots = tuple(spot for move in made for spot in move.spots)
    return Move(spots, tuple(step for move in made for step in move.passed))


class _Court:
    """Looks at the plays of one level; the first is the level itself, others are what runs beside it."""

    def __init__(self, net: Net, roots: list[Move], plays: list[Play]) -> None:
        self._net = net
        self._roots = roots
        self._level = net.level
        self._plays = plays
        self._main = plays[0]
        seen = set().union(*(play.passed for play in plays))
        self.whole = all(play.whole for play in plays) and net.rules.whole
        self._sure = self.whole and not any(play.pumped for play in plays) and self._level.kind != "adhoc"
        self._reached = seen
        self._may_end = self._main.may_end()

    @property
    def passed(self) -> set[str]:
        """Steps that some run passes; all of them when not every run was seen."""
        return self._reached if self._sure else set(self._level.steps)

    @property
    def completes(self) -> bool:
        """True when a run may end; a level that is told to be stuck counts as mended."""
        return not self._sure or bool(self._main.ends or self._main.stuck)

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong, each once."""
        told: set[str] = set()
        yield from self._endless()
        yield from self._stuck(told)
        if self._sure:
            yield from self._closed(told)
            yield from self._unreached()
        yield from self._silent()
        yield from self._doubled()
        for play in self._plays:
            for name, marking in list(play.pumped.items())[:1]:
                yield wording.more_and_more(self._level.steps[name], self._path(play, marking, name))
        if not self.whole:
            yield wording.unfinished(self._first())

    def _first(self) -> Step:
        if self._level.owner is not None:
            return self._level.owner
        entries = [one for entry in self._level.entries for one in entry]
        return self._level.steps[entries[0]]

    def _endless(self) -> Iterator[Problem]:
        """Rounds that nothing stops, each told at its first step."""
        told: set[str] = set()
        for name in self._level.steps:
            if name not in self._net.trapped or name not in self._reached or name in told:
                continue
            step = self._level.steps[name]
            came = self._round(step)
            if name in came:
                told |= set(came)
                yield wording.endless(step, wording.path(self._back(step, came)))

    def _round(self, step: Step) -> dict[str, str]:
        """Steps that a token gets to without ever resting, each with the one before it."""
        came: dict[str, str] = {}
        todo = [step.id]
        for current in todo:
            for flow in self._level.steps[current].outgoing:
                if flow.target not in came and flow.target in self._net.trapped:
                    came[flow.target] = current
                    todo.append(flow.target)
        return came

    def _back(self, step: Step, came: dict[str, str]) -> list[Step]:
        """The round from a step to itself."""
        found = [step]
        current = came[step.id]
        while current != step.id:
            found.append(self._level.steps[current])
            current = came[current]
        return [step, *found[:0:-1], step]

    def _stuck(self, told: set[str]) -> Iterator[Problem]:
        """Joins at which runs end, each told once."""
        for play in self._plays:
            for marking in play.stuck:
                if any(self._net.ranks[spot] != RESTING for spot in marking):
                    continue  # a sub-process that goes on for ever is told of inside
                join = self._blamed(marking)
                if join.id in told:
                    continue
                told.add(join.id)
                path = self._path(play, marking, join.id)
                missing = wording.missing(join, self._missing(join, marking))
                if self._sure and join.id not in self._reached:
                    yield wording.never_opens(join, missing, path)
                elif play is self._main and self._is_certain(marking):
                    yield wording.always_stuck(join, missing, path)
                else:
                    yield wording.may_be_stuck(join, missing, path)

    def _is_certain(self, marking: Marking) -> bool:
        """True when the beginning that led here cannot end, whatever is chosen, and nothing outside ends it."""
        if not self._sure or is_cut(self._level):
            return False
        root = marking
        before = self._main.came[root][0]
        while before is not None:
            root, before = before, self._main.came[before][0]
        return root not in self._may_end

    def _closed(self, told: set[str]) -> Iterator[Problem]:
        """Joins that never open although no run is stuck at them."""
        for play in self._plays:
            for name, marking in play.rested.items():
                if name in self._reached or name in told:
                    continue
                told.add(name)
                join = self._level.steps[name]
                missing = wording.missing(join, self._missing(join, marking))
                yield wording.never_opens(join, missing, self._path(play, marking, name))

    def _unreached(self) -> Iterator[Problem]:
        """Steps to which flows lead, but no token; not those behind another such step."""
        rested = {name for play in self._plays for name in play.rested}
        for step in self._level.steps.values():
            if step.id in self._reached or step.id in rested:
                continue
            before = [self._level.steps[flow.source] for flow in step.incoming]
            before = [one for one in before if one.id in self._reached and one.kind != "endEvent"]
            if before:
                yield wording.unreached(step, before[0])

    def _silent(self) -> Iterator[Problem]:
        for event in self._level.steps.values():
            host = self._level.steps.get(event.host)
            if (
                event.event in ("error", "escalation", "cancel")
                and host is not None
                and not self._net.rules.happens(event)
            ):
                yield wording.silent(event, host)

    def _doubled(self) -> Iterator[Problem]:
        if self._level.kind == "adhoc" or any(play.pumped for play in self._plays):
            return  # of tokens that become ever more is told elsewhere
        together = Together(self._net, self._reached)
        together.spread(self._roots)
        yield from (wording.twice(step) for step in first_of(self._level, together.twice.values()))

    def _blamed(self, marking: Marking) -> Step:
        """The join that is to blame: the one that no other of those that wait could help."""
        joins = {self._net.steps[spot].id: self._net.steps[spot] for spot in marking}
        ahead = {name: region(self._level, (flow.target for flow in one.outgoing)) for name, one in joins.items()}
        waits = {name: sum(name in ahead[other] for other in joins if other != name) for name in joins}
        return joins[min(joins, key=lambda name: (waits[name], joins[name].line))]

    def _missing(self, join: Step, marking: Marking) -> list[Step]:
        """The steps before the flows on which no token has come."""
        if join.needs > 1:
            return []
        spots = next(one for one in self._net.joins.values() if one.step is join).spots
        flows = [flow for flow, spot in zip(join.incoming, spots, strict=True) if spot not in marking]
        return [self._named(self._level.steps[flow.source]) for flow in flows]

    def _named(self, step: Step) -> Step:
        """The step itself, or the nearest one before it that has a name."""
        current, seen = step, {step.id}
        while not current.name and current.incoming and current.incoming[0].source not in seen:
            current = self._level.steps[current.incoming[0].source]
            seen.add(current.id)
        return current if current.name else step

    def _path(self, play: Play, marking: Marking, goal: str) -> str:
        """The way of the tokens that have to do with the goal."""
        steps = [one for one in play.path(marking) if goal in self._ahead(one)]
        return wording.path([*steps, self._level.steps[goal]])

    def _ahead(self, step: Step) -> set[str]:
        flows = [*step.outgoing, *(flow for event in step.boundaries for flow in event.outgoing)]
        return region(self._level, (flow.target for flow in flows))


def is_cut(level: Level) -> bool:
    """True when something outside its own flows may end a level: an event, or an end further out."""
    if any(one.interrupts for one in level.handlers):
        return True
    owner, parent = level.owner, level.parent
    if owner is None or parent is None:
        return False
    if any(event.interrupts for event in owner.boundaries):
        return True
    return any(one.kind == "endEvent" and one.event in KILLS for one in parent.steps.values()) or is_cut(parent)
