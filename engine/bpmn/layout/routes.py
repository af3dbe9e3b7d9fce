"""The way each flow takes over the grid: few bends, few crossings, never through a shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.layout.ground import Errand, Ground, Route, is_open, lay, lift
from engine.bpmn.layout.prices import OVERLAP, alone, among_others, least

ROUNDS = 3


def find(place: Ground, *, limit: float = float("inf")) -> tuple[dict[int, Route], float]:
    """A first route for each flow by its number, and what they cost together.

    Args:
        place: the ground; it keeps the routes.
        limit: stop as soon as the cost is beyond it.
    """
    found: dict[int, Route] = {}
    total = 0.0
    for errand in _in_order(place):
        found[errand.number], cost = _best(place, errand)
        lay(place, errand, found[errand.number])
        total += cost
        if total > limit:
            break
    return found, total


def unhindered(place: Ground) -> float:
    """What the flows would cost together if none were in the way of another: a quick lower bound for `find`."""
    return sum(_cheapest_alone(place, errand) for errand in place.errands)


def _cheapest_alone(place: Ground, errand: Errand) -> float:
    lowest = OVERLAP * 4
    for bends, ways in enumerate(_by_bends(errand)):
        if lowest <= least(place, errand, bends):
            break
        for route in ways:
            cost = alone(place, errand, route)
            if cost < lowest and is_open(place, errand, route):
                lowest = cost
    return lowest


def refine(place: Ground, found: dict[int, Route]) -> dict[int, Route]:
    """Let each flow look for a better way now that all others lie."""
    found = dict(found)
    for _ in range(ROUNDS):
        changed = False
        for errand in _in_order(place):
            before = found[errand.number]
            lift(place, errand, before)
            found[errand.number], _ = _best(place, errand)
            lay(place, errand, found[errand.number])
            changed |= found[errand.number] != before
        if not changed:
            break
    return found


def _in_order(place: Ground) -> list[Errand]:
    return sorted(place.errands, key=_turn)


def _turn(errand: Errand) -> tuple[int, int, int]:
    """Straight flows first, then short ones, those that lead back last."""
    (xu, yu), (xv, yv) = errand.start, errand.end
    return (2 if errand.back else int(yu != yv), abs(xv - xu) + abs(yv - yu), errand.number)


def _best(place: Ground, errand: Errand) -> tuple[Route, float]:
    """The cheapest way of a flow; ways with more bends are only looked at while they could be cheaper."""
    best: Route = (errand.start, errand.end)
    lowest = OVERLAP * 4
    for bends, ways in enumerate(_by_bends(errand)):
        if lowest <= least(place, errand, bends):
            break
        for base, route in sorted((alone(place, errand, route), route) for route in ways):
            if base >= lowest:
                break
            if is_open(place, errand, route):
                cost = base + among_others(place, errand, route, lowest - base)
                if cost < lowest:
                    best, lowest = route, cost
    return best, lowest


def _by_bends(errand: Errand) -> Iterator[Iterable[Route]]:
    """All ways from cell to cell: the straight one, then those with one bend, with two …"""
    source, target = errand.start, errand.end
    (xu, yu), (xv, yv) = source, target
    yield [(source, target)] if (xu == xv) != (yu == yv) else []
    if "closed" in (errand.leaves, errand.meets):
        yield _past_closed(errand)
        return
    askew = xu != xv and yu != yv
    yield [(source, (xu, yv), target), (source, (xv, yu), target)] if askew else []
    right, left, channels = xu + 1, xv - 1, errand.channels
    steps = [(source, (x, yu), (x, yv), target) for x in range(right, xv, 2)] if askew else []
    yield [*steps, *((source, (xu, y), (xv, y), target) for y in channels if xu != xv)]
    yield [
        *((source, (right, yu), (right, y), (xv, y), target) for y in channels if right != xv),
        *((source, (xu, y), (left, y), (left, yv), target) for y in channels if left != xu),
    ]
    yield [(source, (right, yu), (right, y), (left, y), (left, yv), target) for y in channels if left != right]


def _past_closed(errand: Errand) -> list[Route]:
    """Ways to a closed pool beside a column, when shapes stand in the column itself."""
    (xu, yu), (xv, yv) = errand.start, errand.end
    if errand.leaves == "closed":
        return [((x, yu), (x, yv), errand.end) for x in (xv - 1, xv + 1)]
    return [(errand.start, (x, yu), (x, yv)) for x in (xu + 1, xu - 1)]
