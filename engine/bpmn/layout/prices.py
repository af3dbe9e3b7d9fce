"""What a route costs: length, bends, manners at its ends, and trouble with the routes that lie already."""

from __future__ import annotations

from itertools import pairwise

from engine.bpmn.layout.ground import Errand, Ground, Route, Run, runs, sides

# All in parts of a pixel of detour.
BEND, CROSSING, OVERLAP, SHARED_CHANNEL = 30.0, 260.0, 900.0, 9.0
PIXEL = 0.2


def least(place: Ground, errand: Errand, bends: int) -> float:
    """What the best imaginable way with so many bends would cost."""
    (xa, ya), (xb, yb) = errand.start, errand.end
    return (abs(place.xs[xa] - place.xs[xb]) + abs(place.ys[ya] - place.ys[yb])) * PIXEL + bends * BEND


def alone(place: Ground, errand: Errand, route: Route) -> float:
    """What a route costs on empty ground."""
    xs, ys = place.xs, place.ys
    length = 0.0
    for a, b in pairwise(route):
        length += abs(xs[a[0]] - xs[b[0]]) + abs(ys[a[1]] - ys[b[1]])
    leave, arrive = sides(route)
    if errand.kind != "sequence":
        manners = 120 * (leave in ("left", "right")) + 120 * (arrive in ("left", "right"))
    else:
        manners = _leaving(errand, leave, len(route)) + _arriving(errand, arrive)
    return length * PIXEL + (len(route) - 2) * BEND + manners


def _leaving(errand: Errand, side: str, corners: int) -> int:
    if side == "left":
        return 300
    if errand.leaves == "gateway":
        return 40 if errand.back and side == "right" else 0
    if errand.leaves == "boundary":
        return 50 if corners > 3 else 0
    return 0 if side == "right" else 30 if errand.back else 80


def _arriving(errand: Errand, side: str) -> int:
    if side == "right":
        return 90
    if errand.meets == "gateway":
        return 0
    if errand.meets == "end":
        return 0 if side == "left" else 5
    if errand.back:
        return 25 if side == "left" else 0
    return 0 if side == "left" else 45


def among_others(place: Ground, errand: Errand, route: Route, limit: float) -> float:
    """What a route costs because of those that lie already; counting may stop beyond `limit`."""
    cost = _crowding(place, errand, route)
    for upright, line, run in runs(errand.number, route):
        same, other = (place.upright, place.level) if upright else (place.level, place.upright)
        channel = line % 2 == 0 if upright else line in place.channels
        for lying in same.get(line, ()):
            if run.low <= lying.high and lying.low <= run.high:
                cost += _side_by_side(place, errand, run, lying, channel)
        for crossed in range(run.low + 1, run.high):
            for lying in other.get(crossed, ()):
                if lying.low < line < lying.high:
                    cost += CROSSING
        if cost > limit:
            break
    return cost


def _side_by_side(place: Ground, errand: Errand, run: Run, lying: Run, channel: bool) -> float:
    if not channel:
        other = place.errands[lying.flow]
        if run.low == lying.high or lying.low == run.high:
            return 0
        if errand.source != other.source and errand.target != other.target:
            return OVERLAP
    at_low, at_high = run.order(lying)
    return (SHARED_CHANNEL if channel else 0) + (CROSSING if at_low * at_high < 0 else 0)


def _crowding(place: Ground, errand: Errand, route: Route) -> float:
    """What it costs to share a side of a shape; a gateway or event has but one point on each side."""
    leave, arrive = sides(route)
    cost = 0.0
    for node, nature, side, out in (
        (errand.source, errand.leaves, leave, True),
        (errand.target, errand.meets, arrive, False),
    ):
        pointed = nature != "activity"
        for _, other_out in place.ports.get((node, side), ()):
            if other_out != out:
                cost += 320 if pointed else 160
            elif pointed:
                cost += 190 if side == "right" else 110
            else:
                cost += 60
    return cost
