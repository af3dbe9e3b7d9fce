"""Types of FEEL, as `instance of`, parameters and decision models name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """A built-in type (`number`, `date and time` …) or one of a decision model's own."""

    name: str


@dataclass(frozen=True)
class ListOf:
    """`list<item>`."""

    item: Type


@dataclass(frozen=True)
class RangeOf:
    """`range<item>`."""

    item: Type


@dataclass(frozen=True)
class ContextOf:
    """`context<a: number, …>`."""

    entries: tuple[tuple[str, Type], ...]


@dataclass(frozen=True)
class FunctionOf:
    """`function<number, string> -> boolean`."""

    parameters: tuple[Type, ...]
    result: Type


Type = Named | ListOf | RangeOf | ContextOf | FunctionOf
Types = Mapping[str, Type]

ANY = Named("Any")
BUILT_IN = frozenset(
    {
        "Any",
        "Null",
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
        "range",
    }
)
