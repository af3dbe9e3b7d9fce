"""The chance that an open step ends late, from the steps of the same kind that the centre has finished itself."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.store.pace import Pace

FEWEST = 20  # similar cases; under that nothing is said
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """`chance` is between 0 and 1; `similar` finished cases were once as old as the step is now."""

    chance: float
    similar: int

    @property
    def tenths(self) -> int:
        """So many of ten."""
        return round(self.chance * 10)

    @property
    def words(self) -> str:
        """As a clerk reads it, with what it rests on."""
        amount = {0: "mniej niż 1 na 10 podobnych kończy", 10: "prawie każde podobne kończy"}.get(
            self.tenths, f"{self.tenths} na 10 podobnych kończy"
        )
        return f"{amount} się po terminie; na podstawie {self.similar} {_cases(self.similar)}"


def ahead(known: Pace | None, *, opened: datetime, due: datetime, now: datetime) -> Forecast | None:
    """The forecast of one open step; None when its end has passed, or too few similar ones are known."""
    if known is None or due <= now:
        return None
    return chance(known, age=max(now - opened, timedelta()) / _HOUR, left=(due - now) / _HOUR)


def chance(known: Pace, *, age: float, left: float) -> Forecast | None:
    """The share of similar steps that, having waited as long, went on for more than what is left.

    Steps that wait still count as long as they have waited (the estimate of Kaplan and Meier): without them
    a step that gets stuck for good would never make anything look late. One case on either side is added, so that
    few cases never say "never" or "always".

    Args:
        age: hours since the step began.
        left: hours until its end.
    """
    similar = len(known.took) - bisect_right(known.took, age)
    if similar < FEWEST:
        return None
    late = _outlasting(known, age, age + left)
    return Forecast(chance=(late * similar + 1) / (similar + 2), similar=similar)


def _outlasting(known: Pace, age: float, end: float) -> float:
    """Of those that lasted `age`, the share that lasts longer than `end`."""
    share, place = 1.0, bisect_right(known.took, age)
    last = bisect_right(known.took, end)
    while place < last:
        hour = known.took[place]
        after = bisect_right(known.took, hour)
        open_then = len(known.took) - place + len(known.waits) - bisect_left(known.waits, hour)
        share *= 1 - (after - place) / open_then
        place = after
    return share


def _cases(count: int) -> str:
    return "sprawy" if count == 1 else "spraw"
