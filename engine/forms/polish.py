"""Numbers, amounts and dates as Polish readers write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.terms.words import MONTH_NAMES

NBSP = "\u00a0"  # keeps a number together at the end of a line


def number(value: Decimal) -> str:
    """`1234.50` as `1 234,5`, without needless zeros."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", NBSP).replace(".", ",")


def amount(value: Decimal) -> str:
    """`1234.5` as `1 234,50`."""
    return f"{value:,.2f}".replace(",", NBSP).replace(".", ",")


def money(value: Decimal) -> str:
    """`1234.5` as `1 234,50 zł`."""
    return f"{amount(value)}{NBSP}zł"


def day(value: date) -> str:
    """`2026-11-21` as `21 listopada 2026`."""
    return f"{value.day}{NBSP}{MONTH_NAMES[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    """`2026-11-21` as `21.11.2026`."""
    return f"{value:%d.%m.%Y}"


def items(count: int) -> str:
    """A number of items: `1 pozycja`, `3 pozycje`, `12 pozycji`."""
    if count == 1:
        return "1 pozycja"
    few = 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14
    return f"{count} pozycje" if few else f"{count} pozycji"


_LETTERS = {letter: f"{base}\u007f{letter}" for letter, base in zip("ąćęłńóśźż", "acelnoszz", strict=True)}


def alphabetical(text: str) -> str:
    """A key that sorts names as a Polish phone book does: ą after a, ż last."""
    return "".join(_LETTERS.get(letter, letter) for letter in text.casefold())


PRIORITIES = {"pilne": 80, "zwykłe": 50, "może poczekać": 20}


def priority(value: int) -> str:
    """How urgent work is, in a word: `pilne`, `może poczekać`, "" for the usual."""
    if value >= 65:
        return "pilne"
    return "może poczekać" if value <= 35 else ""
