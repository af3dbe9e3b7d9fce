"""Looks at the rules of terms: the list for the administrator, and the calculator for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from engine import circumstances, clock
from engine.model import Json
from engine.store import term_rules
from engine.store.database import Work
from engine.terms import BUILT_IN, Due, Rule, Rules, due, words
from engine.terms.rules import folded
from engine.terms.strip import Strip, strip


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a rule. `by` is "" for what came with Bieg."""

    rule: Rule
    by: str
    made_at: datetime | None
    withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class Named:
    """A rule by its name: the row in force today, the ones that follow, and those that are over."""

    name: str
    now: Row | None
    coming: tuple[Row, ...]
    past: tuple[Row, ...]  # the newest first

    @property
    def shown(self) -> Row:
        """The row that speaks for the rule."""
        return self.now or (self.coming or self.past)[0]


@dataclass(frozen=True, kw_only=True)
class RulesPage:
    """The list of rules, the free days of the centre and its hours."""

    rules: tuple[Named, ...]
    free_days: Mapping[date, str]
    opens: str
    closes: str
    today: date


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """A term that was counted; `days` is None when it is counted by the clock."""

    due: Due
    days: Strip | None

    @property
    def dates(self) -> tuple[tuple[str, str], ...]:
        """The three dates with their names, in words."""
        said = words.minute if self.due.by_clock else _weekday
        end = "Koniec ustawowy" if self.due.statutory else "Koniec"
        three = ((end, self.due.moment), ("Cel", self.due.target), ("Przypomnienie", self.due.reminder))
        return tuple((name, said(moment)) for name, moment in three)


def rules_page(work: Work) -> RulesPage:
    """Everything by which this centre counts its terms."""
    rules, today = circumstances.terms(work), clock.today(work.now)
    named: dict[str, list[Row]] = {}
    for row in _rows(work):
        if not (row.withdrawn and _never(row.rule)):
            named.setdefault(row.rule.name, []).append(row)
    return RulesPage(
        rules=tuple(_named(name, named[name], today) for name in sorted(named, key=folded)),
        free_days=dict(sorted(rules.free_days.items(), reverse=True)),
        opens=f"{rules.opens:%H:%M}",
        closes=f"{rules.closes:%H:%M}",
        today=today,
    )


def offered(work: Work) -> tuple[Rule, ...]:
    """The rules in force today, by name."""
    today = clock.today(work.now)
    found = [row for row in circumstances.terms(work).rows if row.in_force(today)]
    return tuple(sorted(found, key=lambda one: folded(one.name)))


def latest(work: Work, name: str) -> Rule | None:
    """The last row of a rule that is not over, None when there is none."""
    today = clock.today(work.now)
    rows = [row for row in circumstances.terms(work).history(name) if row.valid_to is None or row.valid_to >= today]
    return rows[-1] if rows else None


def reckon(work: Work, term: str, since: datetime, dates: Mapping[str, Json], *, own: bool) -> Reckoned:
    """A term, counted by the rules of this centre.

    Args:
        own: count plain words as a term of the centre.

    Raises:
        TermRefused: it cannot be counted.
    """
    rules: Rules = circumstances.terms(work)
    found = due(term, since, rules=rules, dates=dates, own=own)
    return Reckoned(due=found, days=None if found.by_clock else strip(found, rules))


def _weekday(moment: datetime) -> str:
    day = clock.today(moment)
    return f"{words.DAY_NAMES[day.weekday()]}, {words.day(day)}"


def _rows(work: Work) -> list[Row]:
    kept = [
        Row(rule=one.rule, by=one.by, made_at=one.made_at, withdrawn=one.withdrawn_at is not None)
        for one in term_rules.all_rows(work)
    ]
    replaced = {folded(row.rule.name) for row in kept}
    given = [rule for rule in BUILT_IN.rows if folded(rule.name) not in replaced]
    return [*(Row(rule=rule, by="", made_at=None, withdrawn=False) for rule in given), *kept]


def _never(rule: Rule) -> bool:
    return rule.valid_to is not None and rule.valid_to < rule.valid_from


def _named(name: str, rows: list[Row], today: date) -> Named:
    ordered = sorted(rows, key=lambda one: one.rule.valid_from)
    return Named(
        name=name,
        now=next((one for one in ordered if one.rule.in_force(today)), None),
        coming=tuple(one for one in ordered if one.rule.valid_from > today),
        past=tuple(one for one in reversed(ordered) if one.rule.valid_to is not None and one.rule.valid_to < today),
    )
