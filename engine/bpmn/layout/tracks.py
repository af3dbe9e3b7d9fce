"""Side by side without crossing: the order of routes that share a channel or a side of a shape."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.layout.ground import Route, Run, runs, sides

Piece = tuple[int, int]  # number of the flow, number of the straight piece of its route


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """Where pieces lie beside each other.

    `offsets`: in steps from the middle of the channel or of the shape's side; `widths`: how many tracks the busiest
    place of each channel has, by ("x" or "y", number of the line); `crowds`: how many share a piece's end.
    """

    offsets: Mapping[Piece, float]
    widths: Mapping[tuple[str, int], int]
    crowds: Mapping[Piece, int]


def spread(routes: Mapping[int, Route], ends: Mapping[int, tuple[str, str]], channels: frozenset[int]) -> Tracks:
    """Give every piece of every route its place.

    Args:
        routes: by number of the flow.
        ends: the ids of source and target of each flow.
        channels: the level lines that are no rows.
    """
    lanes: dict[tuple[str, int], list[tuple[Piece, Run]]] = defaultdict(list)
    ports: dict[tuple[str, str], list[tuple[Piece, Run]]] = defaultdict(list)
    for number, route in routes.items():
        pieces = runs(number, route)
        at_ends = {0: (ends[number][0], sides(route)[0])}, {len(pieces) - 1: (ends[number][1], sides(route)[1])}
        for index, (upright, line, run) in enumerate(pieces):
            if line % 2 == 0 if upright else line in channels:
                lanes["x" if upright else "y", line].append(((number, index), run))
                continue
            for port in at_ends:
                if index in port:
                    ports[port[index]].append(((number, index), run))
    return _spread(routes, lanes, ports)


def _spread(
    routes: Mapping[int, Route],
    lanes: Mapping[tuple[str, int], list[tuple[Piece, Run]]],
    ports: Mapping[tuple[str, str], list[tuple[Piece, Run]]],
) -> Tracks:
    offsets: dict[Piece, float] = {}
    widths: dict[tuple[str, int], int] = {}
    crowds: dict[Piece, int] = {}
    for key, group in lanes.items():
        tracks = _tracks(_ordered(routes, group))
        widths[key] = max(count for _, count in tracks.values())
        offsets.update({piece: track - (count - 1) / 2 for piece, (track, count) in tracks.items()})
    for group in ports.values():
        straight = [piece for piece, _ in group if len(routes[piece[0]]) == 2]
        ordered = [piece for piece, _ in _ordered(routes, group)]
        middle = ordered.index(straight[0]) if straight else (len(ordered) - 1) / 2
        for place, piece in enumerate(ordered):
            if piece not in straight:
                offsets[piece] = place - middle
            crowds[piece] = max(crowds.get(piece, 0), len(ordered))
    return Tracks(offsets=offsets, widths=widths, crowds=crowds)


def _ordered(routes: Mapping[int, Route], group: list[tuple[Piece, Run]]) -> list[tuple[Piece, Run]]:
    """Put each piece where it crosses the fewest of those already there."""
    ordered: list[tuple[Piece, Run]] = []
    for entry in sorted(group, key=lambda entry: (entry[1].low - entry[1].high, entry[0])):
        votes = [_vote(routes, entry, other) for other in ordered]
        costs = [
            sum(vote < 0 for vote in votes[:place]) + sum(vote > 0 for vote in votes[place:])
            for place in range(len(ordered) + 1)
        ]
        ordered.insert(costs.index(min(costs)), entry)
    return ordered


def _tracks(ordered: list[tuple[Piece, Run]]) -> dict[Piece, tuple[int, int]]:
    """The track of each piece and how many tracks its neighbours fill together."""
    track: dict[Piece, int] = {}
    for index, (piece, run) in enumerate(ordered):
        before = [track[other] for other, lying in ordered[:index] if run.low <= lying.high and lying.low <= run.high]
        track[piece] = max(before, default=-1) + 1
    count = {piece: track[piece] + 1 for piece in track}
    for _ in ordered:
        for piece, run in ordered:
            for other, lying in ordered:
                if run.low <= lying.high and lying.low <= run.high:
                    count[piece] = max(count[piece], count[other])
    return {piece: (track[piece], count[piece]) for piece in track}


def _vote(routes: Mapping[int, Route], mine: tuple[Piece, Run], other: tuple[Piece, Run]) -> int:
    """-1 when the first must lie before the second (further left or up), 1 when behind, 0 when it does not matter."""
    (a, run), (b, lying) = mine, other
    if run.low > lying.high or lying.low > run.high:
        return 0
    at_low, at_high = run.order(lying)
    if run.low == lying.low and run.turn_low == lying.turn_low:
        at_low = _beyond(routes, a, b, low=True, turn=run.turn_low)
    if run.high == lying.high and run.turn_high == lying.turn_high:
        at_high = _beyond(routes, a, b, low=False, turn=run.turn_high)
    if at_low * at_high < 0 and run.high == lying.high:
        return at_high  # one crossing cannot be helped, but at a common corner they would lie on each other
    return at_low or at_high


def _beyond(routes: Mapping[int, Route], a: Piece, b: Piece, *, low: bool, turn: int) -> int:
    """How two routes must lie that turn the same way at one end: what they do on the next line decides.

    Args:
        routes: all routes.
        a: the piece asked about.
        b: the piece beside it.
        low: the end at which both turn.
        turn: to which side they turn; 0 when both end there.
    """
    a, b = _next(routes[a[0]], a, low=low), _next(routes[b[0]], b, low=low)
    if not turn or a[1] < 0 or b[1] < 0:
        return 0
    mine, other = _piece(routes, a), _piece(routes, b)
    away_low, inner = turn < 0, turn if low else -turn
    mine_end, other_end = (mine.low, other.low) if away_low else (mine.high, other.high)
    mine_turn, other_turn = (mine.turn_low, other.turn_low) if away_low else (mine.turn_high, other.turn_high)
    if mine_end == other_end and mine_turn == other_turn:
        return _beyond(routes, a, b, low=away_low, turn=mine_turn) * inner
    if mine_end == other_end:
        return (mine_turn or -other_turn) * inner
    mine_nearer = mine_end > other_end if away_low else mine_end < other_end
    return (mine_turn if mine_nearer else -other_turn) * inner


def _piece(routes: Mapping[int, Route], piece: Piece) -> Run:
    return runs(piece[0], routes[piece[0]])[piece[1]][2]


def _next(route: Route, piece: Piece, *, low: bool) -> Piece:
    """The piece that follows at the low or the high end of a piece; number -1 when the route ends there."""
    number, index = piece
    start, end = route[index], route[index + 1]
    forward = (start < end) != low
    index += 1 if forward else -1
    return (number, index if 0 <= index < len(route) - 1 else -1)
