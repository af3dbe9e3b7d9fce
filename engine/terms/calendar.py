"""Days on which offices in Poland are closed (ustawa z 18.01.1951 o dniach wolnych od pracy)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5
SUNDAY = 6
FIXED = {
    (1, 1): "Nowy Rok",
    (1, 6): "Święto Trzech Króli",
    (5, 1): "Święto Pracy",
    (5, 3): "Święto Konstytucji 3 Maja",
    (8, 15): "Wniebowzięcie Najświętszej Maryi Panny",
    (11, 1): "Wszystkich Świętych",
    (11, 11): "Święto Niepodległości",
    (12, 25): "pierwszy dzień Bożego Narodzenia",
    (12, 26): "drugi dzień Bożego Narodzenia",
}
CHRISTMAS_EVE_FREE_SINCE = 2025  # ustawa z 6.12.2024, w mocy od 1.02.2025


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the method of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=256)
def holidays(year: int) -> dict[date, str]:
    """The public holidays of a year with their Polish names."""
    days = {date(year, month, day): name for (month, day), name in FIXED.items()}
    sunday = easter(year)
    days[sunday] = "Wielkanoc"
    days[sunday + timedelta(days=1)] = "Poniedziałek Wielkanocny"
    days[sunday + timedelta(days=49)] = "Zielone Świątki"
    days[sunday + timedelta(days=60)] = "Boże Ciało"
    if year >= CHRISTMAS_EVE_FREE_SINCE:
        days[date(year, 12, 24)] = "Wigilia"
    return days


def why_free(day: date) -> str:
    """The Polish reason why `day` is free, "" for a working day."""
    if name := holidays(day.year).get(day):
        return name
    return {SATURDAY: "sobota", SUNDAY: "niedziela"}.get(day.weekday(), "")


def next_working(day: date) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while why_free(day):
        day += timedelta(days=1)
    return day
