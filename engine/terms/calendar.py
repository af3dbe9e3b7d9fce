"""Days on which offices in Poland are closed (ustawa z 18.01.1951 o dniach wolnych od pracy)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from engine.terms.refusals import OutOfRange

SATURDAY = 5
WEEKEND = ("sobota", "niedziela")
FIXED = {
    (1, 1): "Nowy Rok",
    (5, 1): "Święto Pracy",
    (5, 3): "Święto Konstytucji 3 Maja",
    (8, 15): "Wniebowzięcie Najświętszej Maryi Panny",
    (11, 1): "Wszystkich Świętych",
    (11, 11): "Święto Niepodległości",
    (12, 25): "pierwszy dzień Bożego Narodzenia",
    (12, 26): "drugi dzień Bożego Narodzenia",
}
# Since which year a day of the year is free, when that is not the whole of our calendar.
LATER = {
    (1, 6): (2011, "Święto Trzech Króli"),  # ustawa z 24.09.2010, w mocy od 1.01.2011
    (12, 24): (2025, "Wigilia"),  # ustawa z 6.12.2024, w mocy od 1.02.2025
}
ONCE = {date(2018, 11, 12): "setna rocznica odzyskania niepodległości"}  # ustawa z 7.11.2018
BY_EASTER = {0: "Wielkanoc", 1: "Poniedziałek Wielkanocny", 49: "Zielone Świątki", 60: "Boże Ciało"}

# From 1991 on the act has had the days above: 3 May came and 22 July went in 1990.
FIRST_YEAR = 1991
LAST_YEAR = 2200
VERSION = "dni ustawowo wolne w Polsce, stan prawny od 1 lutego 2025"
NONE: Mapping[date, str] = MappingProxyType({})


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


@lru_cache(maxsize=512)
def holidays(year: int) -> Mapping[date, str]:
    """The public holidays of a year with their Polish names.

    Raises:
        OutOfRange: for a year whose free days we do not know.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"Dni wolne są znane dla lat {FIRST_YEAR}–{LAST_YEAR}, a rok {year} do nich nie należy. Popraw datę."
        raise OutOfRange(message)
    sunday = easter(year)
    days = {date(year, month, day): name for (month, day), name in FIXED.items()}
    days |= {date(year, *on): name for on, (since, name) in LATER.items() if year >= since}
    days |= {day: name for day, name in ONCE.items() if day.year == year}
    days |= {sunday + timedelta(days=after): name for after, name in BY_EASTER.items()}
    return MappingProxyType(days)


def why_free(day: date, own: Mapping[date, str] = NONE) -> str:
    """The Polish reason why `day` is free, "" for a working day.

    Args:
        own: free days of the centre itself, with their names.
    """
    if name := holidays(day.year).get(day):
        return name
    return WEEKEND[day.weekday() - SATURDAY] if day.weekday() >= SATURDAY else own.get(day, "")


def next_working(day: date, own: Mapping[date, str] = NONE) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while why_free(day, own):
        day += timedelta(days=1)
    return day


def last_working(day: date, own: Mapping[date, str] = NONE) -> date:
    """`day` itself when it is a working day, else the last one before it."""
    while why_free(day, own):
        day -= timedelta(days=1)
    return day


def working_on(day: date, count: int, own: Mapping[date, str] = NONE) -> date:
    """The working day that is `count` working days after `day`; before it when `count` is negative."""
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while why_free(day, own):
            day += step
    return day


def working_between(first: date, last: date, own: Mapping[date, str] = NONE) -> int:
    """How many working days lie after `first`, up to and with `last`."""
    days = range(1, (last - first).days + 1)
    return sum(not why_free(first + timedelta(days=one), own) for one in days)
