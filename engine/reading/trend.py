"""Lays out the line of the last weeks: where its points, its steps and its words stand on the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.reading.overdue import Point

WIDTH, HEIGHT = 460, 200
LEFT, RIGHT, TOP, BOTTOM = 36, 448, 24, 172
STEPS = 4  # at most so many lines across


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One counted week; `x` and `y` on the drawing."""

    x: float
    y: float
    day: date
    late: int


@dataclass(frozen=True, kw_only=True)
class Trend:
    """The drawing. A week that nobody counted breaks the line."""

    width: int
    height: int
    lines: tuple[str, ...]  # points of each unbroken part
    dots: tuple[Dot, ...]
    steps: tuple[tuple[int, float], ...]  # number and height of each line across
    labels: tuple[tuple[date, float], ...]
    base: float

    @property
    def words(self) -> str:
        """What the line shows, for those who cannot see it."""
        if len(self.dots) < 2:
            return f"Po terminie teraz: {self.dots[-1].late}."
        first, last = self.dots[0], self.dots[-1]
        return f"Po terminie {first.day:%d.%m}: {first.late}, teraz: {last.late}."


def trend(points: Sequence[Point]) -> Trend:
    """The line of these weeks, oldest first."""
    most, step = _scale(max((one.backlog.late for one in points if one.backlog), default=0))
    stride = (RIGHT - LEFT) / max(1, len(points) - 1)
    places = [round(LEFT + number * stride, 1) for number in range(len(points))]
    dots = [
        Dot(x=x, y=_height(one.backlog.late, most), day=one.day, late=one.backlog.late) if one.backlog else None
        for one, x in zip(points, places, strict=True)
    ]
    return Trend(
        width=WIDTH,
        height=HEIGHT,
        lines=tuple(" ".join(f"{one.x:g},{one.y:g}" for one in part) for part in _parts(dots) if len(part) > 1),
        dots=tuple(one for one in dots if one is not None),
        steps=tuple((value, _height(value, most)) for value in range(0, most + 1, step)),
        labels=tuple((one.day, x) for one, x in zip(points, places, strict=True))[::-1][::3][::-1],
        base=BOTTOM,
    )


def _parts(dots: Sequence[Dot | None]) -> list[list[Dot]]:
    parts: list[list[Dot]] = [[]]
    for one in dots:
        if one is None:
            parts.append([])
        else:
            parts[-1].append(one)
    return parts


def _scale(most: int) -> tuple[int, int]:
    """A round number not below `most`, and the step between the lines."""
    step = 1
    while step * STEPS < most:
        step = {1: 2, 2: 5, 5: 10}[step // 10 ** (len(str(step)) - 1)] * 10 ** (len(str(step)) - 1)
    return max(1, -(-most // step)) * step, step


def _height(value: int, most: int) -> float:
    return round(BOTTOM - value * (BOTTOM - TOP) / most, 1)
