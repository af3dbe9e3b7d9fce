"""Named rules of terms as dated values, and all that hold in one centre."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from functools import cached_property

from engine.terms import calendar, grammar, words
from engine.terms.refusals import TermUnknown

OWN_SOURCE = "projekt własny"
SUGGESTED = 3  # names, when somebody writes one that nobody knows


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A named rule within the days of its validity; two of one name never hold on the same day."""

    name: str
    rule: str  # in plain words
    statutory: bool  # a law sets it, so the centre's own free days do not move its end
    reminder: str = ""  # how long before the end, in plain words; "" for the usual
    source: str = OWN_SOURCE
    text: str = ""  # what it is for
    valid_from: date = date(calendar.FIRST_YEAR, 1, 1)
    valid_to: date | None = None  # the last day

    def in_force(self, day: date) -> bool:
        """True when an event of that day is counted by this row."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules of a centre with its own free days and the hours in which it works."""

    rows: tuple[Rule, ...] = ()
    free_days: Mapping[date, str] = field(default_factory=dict)  # by order of its head: day and name
    opens: time = time(7, 30)
    closes: time = time(15, 30)

    @cached_property
    def _named(self) -> Mapping[str, tuple[Rule, ...]]:
        found: dict[str, list[Rule]] = {}
        for row in sorted(self.rows, key=lambda one: one.valid_from):
            found.setdefault(folded(row.name), []).append(row)
        return {name: tuple(rows) for name, rows in found.items()}

    @cached_property
    def calendar(self) -> str:
        """The version of the calendar, which every answer carries."""
        if not self.free_days:
            return calendar.VERSION
        days = ";".join(f"{day}={name}" for day, name in sorted(self.free_days.items()))
        return f"{calendar.VERSION}; dni wolne ośrodka {hashlib.sha256(days.encode()).hexdigest()[:8]}"

    def names(self, day: date | None = None) -> tuple[str, ...]:
        """The names of all rules, or of those in force on a day, in the order of the alphabet."""
        return tuple(sorted({row.name for row in self.rows if day is None or row.in_force(day)}))

    def lasting(self, day: date) -> tuple[str, ...]:
        """The names in force on a day and ever after, which a diagram may name."""
        return tuple(sorted({row.name for row in self.rows if row.in_force(day) and row.valid_to is None}))

    def history(self, name: str) -> tuple[Rule, ...]:
        """All rows of a name, the oldest first; nothing when no rule has it."""
        return self._named.get(folded(name), ())

    def on(self, name: str, day: date) -> Rule | None:
        """The row of `name` by which an event of `day` is counted, None when there is none."""
        return next((row for row in self.history(name) if row.in_force(day)), None)


def merged(built_in: Iterable[Rule], own: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules of a centre: what comes with Bieg, but for names that the centre keeps itself."""
    kept = tuple(own)
    replaced = {folded(row.name) for row in kept}
    return (*(row for row in built_in if folded(row.name) not in replaced), *kept)


def find(term: str, day: date, rules: Rules) -> Rule:
    """The row by which an event of `day` is counted: of that name, else made of plain words.

    Raises:
        TermUnknown: when `term` is neither, or the name was not in force on that day.
        OutOfRange: when the words ask for an absurd term.
    """
    if row := rules.on(term, day):
        return row
    known = rules.history(term)
    if known and grammar.problem(term):
        said = words.listed([_validity(row) for row in known])
        raise TermUnknown(f"Zasada „{known[0].name}” nie obowiązuje {words.day(day)}; obowiązuje {said}. Wybierz inną.")
    grammar.read(term)
    return Rule(name="", rule=" ".join(term.split()), statutory=False, source="")


def problem(term: str, names: Collection[str]) -> str | None:
    """A Polish sentence when `term` is neither one of the names nor words of a rule, else None."""
    return None if folded(term) in {folded(name) for name in names} else grammar.problem(term)


def nearest(term: str, names: Collection[str]) -> str:
    """A Polish sentence with the names that look most like `term`, "" when there are no names."""
    like = get_close_matches(term, sorted(names), SUGGESTED, 0.3) or sorted(names)[:SUGGESTED]
    return f"Zasady z nazwą: {'; '.join(like)}. Wszystkie: Administracja, Zasady terminów." if like else ""


def folded(name: str) -> str:
    """A name without regard to capitals and spaces."""
    return " ".join(name.split()).casefold()


def _validity(row: Rule) -> str:
    since = f"od {words.day(row.valid_from)}"
    return since if row.valid_to is None else f"{since} do {words.day(row.valid_to)}"
