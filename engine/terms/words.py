"""Days, moments and counts as Polish readers write them in a sentence."""

from __future__ import annotations

from datetime import date, datetime

from engine import clock

MONTH_NAMES = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)
DAY_NAMES = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")


def day(value: date, near: date | None = None) -> str:
    """`17 czerwca 2026`; without its year when `near` is in the same one."""
    text = f"{value.day} {MONTH_NAMES[value.month - 1]}"
    return text if near is not None and near.year == value.year else f"{text} {value.year}"


def minute(moment: datetime) -> str:
    """`3 czerwca 2026, 10:15`, on the clock of the centre."""
    local = clock.local(moment)
    return f"{day(local.date())}, {local:%H:%M}"


def plural(count: int, one: str, few: str, many: str) -> str:
    """The form of a noun that fits `count`: 1 dzień, 2 dni, 5 dni."""
    if count == 1:
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


def listed(items: list[str]) -> str:
    """`a, b i c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} i {items[-1]}"
