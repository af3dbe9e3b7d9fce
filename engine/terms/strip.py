"""Lays the days of a counted term out as months, so that anybody can count along."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine import clock
from engine.terms import calendar
from engine.terms.answer import Due
from engine.terms.counting import months_on
from engine.terms.grammar import PeriodEnd, Span, Unit, read
from engine.terms.rounds import month_in_words
from engine.terms.rules import Rules

MOST = 4  # months that are drawn


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One day: which one of those counted, why it is free, and what falls on it."""

    day: date
    counted: bool = False
    number: int = 0  # how many have been counted with this one, 0 when they are not counted one by one
    free: str = ""  # why
    names: tuple[str, ...] = ()  # start, cel, przypomnienie, koniec


@dataclass(frozen=True, kw_only=True)
class Month:
    """One month in weeks from Monday; None stands for a day of another month."""

    name: str
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Strip:
    """The months of a term. `hidden` are left out between the first two and the last two."""

    months: tuple[Month, ...]
    hidden: int

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All days that are drawn."""
        return tuple(cell for month in self.months for week in month.weeks for cell in week if cell is not None)

    @property
    def numbered(self) -> bool:
        """True when the days are counted one by one."""
        return any(cell.number for cell in self.cells)

    @property
    def free_days(self) -> tuple[Cell, ...]:
        """The free days within the term that are no mere Saturday or Sunday."""
        ends = [cell.day for cell in self.cells if cell.names]
        within = (cell for cell in self.cells if cell.free and min(ends) <= cell.day <= max(ends))
        return tuple(cell for cell in within if cell.free not in calendar.WEEKEND)


def strip(due: Due, rules: Rules) -> Strip:
    """The months from the event of a term to its end."""
    first, last = _day(due, "event"), clock.today(due.moment)
    starts = list(_months(min(first, last), last))
    shown = starts if len(starts) <= MOST else [*starts[: MOST // 2], *starts[-MOST // 2 :]]
    cells = {cell.day: cell for cell in _cells(due, rules, first, last)}
    return Strip(months=tuple(_month(start, cells) for start in shown), hidden=len(starts) - len(shown))


def _cells(due: Due, rules: Rules, first: date, end: date) -> Iterator[Cell]:
    """The days from the first of the first month to the last of the last one."""
    own = rules.free_days if due.inputs.get("own_days") else calendar.NONE
    start, last, working = _day(due, "counted_from"), _day(due, "last"), _unit(due) is Unit.WORKING_DAYS
    one_by_one = working or _unit(due) is Unit.DAYS
    names, number = _names(due, first, end), 0
    day, stop = min(first, end).replace(day=1), months_on(end, 0, 31)
    while day <= stop:
        free = calendar.why_free(day, own)
        counted = start < day <= last and not (working and free)
        number += counted
        shown = number if counted and one_by_one else 0
        yield Cell(day=day, counted=counted, number=shown, free=free, names=names.get(day, ()))
        day += timedelta(days=1)


def _names(due: Due, first: date, end: date) -> dict[date, tuple[str, ...]]:
    found: dict[date, tuple[str, ...]] = {}
    target, reminder = clock.today(due.target), clock.today(due.reminder)
    for day, name in ((first, "start"), (reminder, "przypomnienie"), (target, "cel"), (end, "koniec")):
        if name != "cel" or target != end:
            found[day] = (*found.get(day, ()), name)
    return found


def _month(start: date, cells: Mapping[date, Cell]) -> Month:
    weeks = months.Calendar().monthdatescalendar(start.year, start.month)
    rows = tuple(tuple(cells[day] if day.month == start.month else None for day in week) for week in weeks)
    return Month(name=month_in_words(start), weeks=rows)


def _months(first: date, last: date) -> Iterator[date]:
    start = first.replace(day=1)
    while start <= last:
        yield start
        start = months_on(start, 1)


def _unit(due: Due) -> Unit | None:
    plan = read(str(due.inputs["rule"]))
    if isinstance(plan, PeriodEnd) and plan.then is not None:
        return plan.then.unit
    return plan.unit if isinstance(plan, Span) else None


def _day(due: Due, name: str) -> date:
    return datetime.fromisoformat(str(due.inputs[name])).date()
