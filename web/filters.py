"""How values read on a page: Polish dates, amounts and counts."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime

from engine import clock
from engine.forms import polish
from engine.model import Task
from engine.reading import term_views
from engine.terms.words import MONTH_NAMES

DAYS = ("pon.", "wt.", "śr.", "czw.", "pt.", "sob.", "niedz.")
SOON = 2  # days
SHOWN = 300  # letters of a variable
DATE = re.compile(r"\d{4}-\d\d-\d\d")


def day(value: date | datetime | None) -> str:
    """21 listopada 2026; "" for nothing."""
    if value is None:
        return ""
    on = clock.local(value).date() if isinstance(value, datetime) else value
    return f"{on.day} {MONTH_NAMES[on.month - 1]} {on.year}"


def minute(value: datetime | None) -> str:
    """21 listopada 2026, 14:05; "" for nothing."""
    return "" if value is None else f"{day(value)}, {clock.local(value):%H:%M}"


def weekday(value: datetime | None) -> str:
    """sob., 21 listopada; "" for nothing."""
    if value is None:
        return ""
    on = clock.local(value).date()
    return f"{DAYS[on.weekday()]}, {on.day} {MONTH_NAMES[on.month - 1]}"


def days_left(value: datetime | None) -> str:
    """In words: 2 dni po terminie, dziś, jutro, za 6 dni; "bez terminu" for nothing."""
    if value is None:
        return "bez terminu"
    now = clock.now()
    left = (clock.today(value) - clock.today(now)).days
    if value < now:
        return f"{plural(-left, 'dzień', 'dni', 'dni')} po terminie" if left else "po terminie od dziś"
    return {0: "dziś", 1: "jutro"}.get(left, f"za {plural(left, 'dzień', 'dni', 'dni')}")


def due_state(value: datetime | None) -> str:
    """is-late, is-soon or "" for the class of a deadline."""
    if value is None:
        return ""
    now = clock.now()
    if value < now:
        return "is-late"
    return "is-soon" if (clock.today(value) - clock.today(now)).days < SOON else ""


def left(task: Task) -> str:
    """How much of an open task's term is left, in words."""
    return term_views.words(task, clock.now())


def left_state(task: Task) -> str:
    """is-late, is-soon, is-paused, is-waiting or "" for the class of a task's term."""
    return term_views.state(task, clock.now())


def aside(task: Task) -> str:
    """„wróć: 3 grudnia” for a task that is put aside, else ""."""
    return term_views.aside(task, clock.now())


def iso_day(value: datetime | None) -> str:
    """2026-11-21, as date fields take it; "" for nothing."""
    return "" if value is None else clock.local(value).date().isoformat()


def plural(count: int, one: str, few: str, many: str) -> str:
    """1 zadanie, 2 zadania, 5 zadań."""
    if count == 1:
        return f"{count} {one}"
    if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14):
        return f"{count} {few}"
    return f"{count} {many}"


def size(value: int) -> str:
    """Bytes as 340 kB or 2,1 MB."""
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} kB"
    return f"{value / 1_000_000:.1f} MB".replace(".", ",")


def plain(value: object) -> str:
    """A variable as people read it: tak, nie, puste, a Polish date, items of a list with commas between."""
    if value is None or value in ("", []):
        return "puste"
    if isinstance(value, bool):
        return "tak" if value else "nie"
    if isinstance(value, list):
        return ", ".join(plain(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(one)}" for name, one in value.items())
    if isinstance(value, float):
        return str(value).removesuffix(".0").replace(".", ",")
    text = str(value)
    if DATE.fullmatch(text):
        with suppress(ValueError):
            return day(date.fromisoformat(text))
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


ALL = {
    "priority": polish.priority,
    "plain": plain,
    "day": day,
    "minute": minute,
    "weekday": weekday,
    "days_left": days_left,
    "due_state": due_state,
    "left": left,
    "left_state": left_state,
    "aside": aside,
    "iso_day": iso_day,
    "plural": plural,
    "size": size,
}
