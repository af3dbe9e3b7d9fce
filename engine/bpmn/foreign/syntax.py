"""What foreign expressions say, apart from the language in which they say it."""

from __future__ import annotations

from dataclasses import dataclass


class Said:
    """Any part of an expression."""


@dataclass(frozen=True)
class Constant(Said):
    """A number, truth value or null, as FEEL writes it."""

    feel: str


@dataclass(frozen=True)
class Text(Said):
    """A text."""

    value: str


@dataclass(frozen=True)
class Path(Said):
    """A variable and the names of parts in it, `wniosek.osoba.wiek`."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Item(Said):
    """An item of a list. `index` counts from 1, or from the end when it is negative."""

    of: Said
    index: int


@dataclass(frozen=True)
class Items(Said):
    """A list that is written out."""

    parts: tuple[Said, ...]


@dataclass(frozen=True)
class Pair(Said):
    """Two parts and a FEEL operator between them: or, and, =, !=, <, <=, >, >=, +, -, *, /, **, in."""

    operator: str
    left: Said
    right: Said


@dataclass(frozen=True)
class Not(Said):
    """The opposite."""

    of: Said


@dataclass(frozen=True)
class Minus(Said):
    """A number with its sign turned."""

    of: Said


@dataclass(frozen=True)
class Empty(Said):
    """True of null, the empty text, the empty list and the empty map."""

    of: Said


@dataclass(frozen=True)
class Choice(Said):
    """One of two values."""

    condition: Said
    then: Said
    otherwise: Said


@dataclass(frozen=True)
class Call(Said):
    """A built-in function of FEEL."""

    function: str
    arguments: tuple[Said, ...]
