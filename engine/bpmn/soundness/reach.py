"""Which inclusive joins are ripe: the engine's own rule, on masks of the incoming flows that a token can get to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.bpmn.soundness.levels import Flow, Level, Step
from engine.bpmn.soundness.nets import RESTING, Join, Net


@dataclass(frozen=True)
class _Sight:
    """What tokens elsewhere can bring to one join: by step a mask for each way to leave it."""

    join: Join
    every: int
    ways: dict[str, list[int]]
    total: dict[str, int]


class Reach:
    """The inclusive joins of a net."""

    def __init__(self, net: Net) -> None:
        self._net = net
        joins = {join.step.id: join for join in net.joins.values() if join.inclusive}
        self._sights = [_sight(net.level, join) for join in joins.values()]

    def __bool__(self) -> bool:
        return bool(self._sights)

    def ripe(self, marking: Sequence[int]) -> list[Join]:
        """Joins that need not wait any longer.

        BPMN 2.0, 13.4.3: a token has to be waited for when it can get to an incoming flow that is still empty
        without passing the join, unless it can get to one that is filled, too.
        """
        return [sight.join for sight in self._sights if self._is_ripe(sight, marking)]

    def leads(self, join: Join, step: Step) -> bool:
        """True when a token in a step can get to an inclusive join."""
        return any(sight.total.get(step.id) for sight in self._sights if sight.join is join)

    def depends_on_order(self, marking: Sequence[int]) -> bool:
        """True when a token can get to several flows of a join, one of which another token can get to as well."""
        return any(self._is_contested(sight, marking) for sight in self._sights)

    def _is_ripe(self, sight: _Sight, marking: Sequence[int]) -> bool:
        spots = sight.join.spots
        filled = sum(1 << number for number, spot in enumerate(spots) if spot in marking)
        if not filled:
            return False
        empty = sight.every & ~filled
        for step in self._elsewhere(sight, marking):
            if any(mask & empty and not mask & filled for mask in sight.ways[step.id]):
                return False
        return True

    def _elsewhere(self, sight: _Sight, marking: Iterable[int]) -> Iterable[Step]:
        steps = self._net.steps
        return (steps[spot] for spot in marking if steps[spot] is not sight.join.step)

    def _is_contested(self, sight: _Sight, marking: Iterable[int]) -> bool:
        once = twice = 0
        masks = []
        for spot in marking:
            step = self._net.steps[spot]
            if step is sight.join.step and self._net.ranks[spot] == RESTING:
                mask = 1 << sight.join.spots.index(spot)
            else:
                mask = sight.total.get(step.id, 0)
            masks.append(mask)
            twice |= once & mask
            once |= mask
        return any(mask & (mask - 1) and mask & twice for mask in masks)


def _sight(level: Level, join: Join) -> _Sight:
    bits = {flow.id: 1 << number for number, flow in enumerate(join.step.incoming)}
    total = dict.fromkeys(level.steps, 0)
    todo = [flow.source for flow in join.step.incoming]
    while todo:
        current = level.steps[todo.pop()]
        if current is join.step:
            continue
        mask = 0
        for way in _ways(current):
            mask |= _mask(way, bits, total, join.step)
        if mask != total[current.id]:
            total[current.id] = mask
            todo += _before(current)
    ways = {one.id: [_mask(way, bits, total, join.step) for way in _ways(one)] for one in level.steps.values()}
    return _Sight(join, (1 << len(bits)) - 1, ways, total)


def _mask(way: Iterable[Flow], bits: dict[str, int], total: dict[str, int], join: Step) -> int:
    mask = 0
    for flow in way:
        mask |= bits.get(flow.id, 0) | (total[flow.target] if flow.target != join.id else 0)
    return mask


def _ways(step: Step) -> list[list[Flow]]:
    """How a token may leave a step: by itself, or because it is interrupted."""
    return [step.outgoing, *(event.outgoing for event in step.boundaries if event.interrupts)]


def _before(step: Step) -> list[str]:
    found = [flow.source for flow in step.incoming]
    return [*found, step.host] if step.kind == "boundaryEvent" else found
