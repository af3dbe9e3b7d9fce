"""Says how much of a term is left."""

from __future__ import annotations

from datetime import datetime

from engine import clock
from engine.terms.counting import LAST_MINUTE
from engine.terms.words import plural


def days_left(end: datetime, now: datetime, paused: bool = False) -> str:
    """In words: „zostały 3 dni”, „dziś do 23:59”, „2 dni po terminie”, „termin wstrzymany”."""
    if paused:
        return "termin wstrzymany"
    left = (clock.today(end) - clock.today(now)).days
    if end < now:
        late = f"{-left} {plural(-left, 'dzień', 'dni', 'dni')}"
        return f"{late} po terminie" if left else f"po terminie od dziś, {clock.local(end):%H:%M}"
    if left == 0:
        return f"dziś do {clock.local(end):%H:%M}"
    if left == 1 and clock.local(end).time() != LAST_MINUTE:
        return f"jutro do {clock.local(end):%H:%M}"
    return f"{plural(left, 'został', 'zostały', 'zostało')} {left} {plural(left, 'dzień', 'dni', 'dni')}"
