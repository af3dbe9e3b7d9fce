"""Looks at the tasks behind a figure: the list of late, coming or finished tasks, with why and how likely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from engine import access, circumstances, clock
from engine.model import PersonId, TaskId, UnitId
from engine.reading import forecast
from engine.reading.forecast import Forecast
from engine.reading.overdue import BANDS, NO_UNIT, NOBODY, Asked, Figures, bounds, figures
from engine.store import overdue, pace
from engine.store.database import Work
from engine.store.overdue import Band, Line, OverdueFilter, Waiting, Which
from engine.terms import Rules, TermRefused, days_left, due

PAGE = 50
MOST = 5_000  # rows of a file
WEIGHED = 2_000  # tasks with the soonest end that are put in order by their chance
WHICH = {
    "late": "Po terminie",
    "today": "Na dziś",
    "week": "W ciągu 7 dni",
    "ahead": "Przed terminem",
    "open": "Wszystkie otwarte",
    "paused": "Wstrzymane",
    "done": "Wykonane (30 dni)",
    "timely": "Wykonane w terminie",
    "tardy": "Wykonane po terminie",
}
FINISHED = ("done", "timely", "tardy")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One task with the role it belongs to now, its deadline in words, why, and how likely it ends late."""

    line: Line
    role: str
    left: str
    days_late: int  # 0 for less than a day, and for what is not late
    late: bool
    explanation: str
    forecast: Forecast | None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of a list. `total` counts all of it; `given` are its filters in words; so many were `weighed`."""

    asked: Asked
    items: tuple[Row, ...]
    total: int
    given: tuple[tuple[str, str], ...]
    after: str
    by_chance: bool = False
    weighed: int = 0

    @property
    def words(self) -> tuple[str, ...]:
        """What it shows."""
        return (WHICH[self.asked.which], *(text for _, text in self.given))


def asked(said: Mapping[str, str]) -> Asked:
    """What an address asks for; what it says wrong is not asked.

    Args:
        said: by the names of the fields of `Asked`.
    """
    found = {name: said.get(name, "")[:200] for name in ("process", "element", "role")}
    which, band = said.get("which", ""), said.get("band", "")
    which = which if which in WHICH else "late"
    return Asked(
        which=which,
        band=band if band in BANDS and which == "late" else "",
        person=_id(said.get("person", ""), NOBODY),
        unit=_id(said.get("unit", ""), NO_UNIT),
        **found,
    )


def listing(
    work: Work, wanted: Asked, *, after: str = "", by_chance: bool = False, limit: int = PAGE, words: bool = True
) -> Listing:
    """One page of a list, the longest late first.

    Args:
        by_chance: the likeliest to end late first; that list has one page.
        words: False to leave out what the list shows.
    """
    scopes, moments = circumstances.scopes_in_force(work), bounds(work.now)
    filter = replace(_filter(wanted, scopes), after=after, limit=limit)
    total = overdue.count(work, filter, moments)
    weighed = overdue.waiting(work, filter, moments, WEIGHED) if by_chance and wanted.which not in FINISHED else ()
    if weighed:
        lines, following = overdue.chosen(work, _likeliest(work, weighed, limit)), ""
    else:
        found = overdue.page(work, filter, moments)
        lines, following = found.items, found.after
    return Listing(
        asked=wanted,
        items=_rows(work, lines, scopes),
        total=total,
        given=_given(figures(work), wanted) if words and _narrow(wanted) else (),
        after=following,
        by_chance=bool(weighed),
        weighed=len(weighed),
    )


def chosen(work: Work, ids: tuple[TaskId, ...]) -> tuple[Row, ...]:
    """These tasks in this order; one that does not exist is left out."""
    return _rows(work, overdue.chosen(work, ids), circumstances.scopes_in_force(work))


def late_ids(work: Work, wanted: Asked, most: int) -> tuple[TaskId, ...]:
    """At most so many of the tasks of a list, the longest late first."""
    filter = replace(_filter(wanted, circumstances.scopes_in_force(work)), limit=most)
    return tuple(one.id for one in overdue.waiting(work, filter, bounds(work.now), most))


def _filter(wanted: Asked, scopes: frozenset[str]) -> OverdueFilter:
    return OverdueFilter(
        which=cast(Which, wanted.which),
        band=cast(Band, wanted.band),
        process=wanted.process,
        element=wanted.element,
        role=wanted.role,
        scopes=scopes,
        person=PersonId(int(wanted.person)) if wanted.person.isdecimal() else None,
        nobody=wanted.person == NOBODY,
        unit=UnitId(int(wanted.unit)) if wanted.unit.isdecimal() else None,
        no_unit=wanted.unit == NO_UNIT,
    )


def _rows(work: Work, lines: tuple[Line, ...], scopes: frozenset[str]) -> tuple[Row, ...]:
    if not lines:
        return ()
    rules = circumstances.terms(work) if any(not one.term and one.plain_term for one in lines) else None
    ahead = {
        (one.process, one.element) for one in lines if one.done_at is None and one.due_at and one.due_at > work.now
    }
    known = pace.of(work, ahead)
    return tuple(_row(work, one, scopes, rules, known.get((one.process, one.element))) for one in lines)


def _row(work: Work, one: Line, scopes: frozenset[str], rules: Rules | None, known: pace.Pace | None) -> Row:
    end = one.done_at or work.now
    late = one.due_at is not None and one.due_at < end and one.paused_at is None
    days = (clock.today(end) - clock.today(one.due_at)).days if late and one.due_at else 0
    foretold = None
    if one.done_at is None and one.due_at is not None and one.paused_at is None:
        foretold = forecast.ahead(known, opened=one.opened_at, due=one.due_at, now=work.now)
    return Row(
        line=one,
        role=access.responsible(one.role, one.authority, scopes),
        left=_left(work, one, days),
        days_late=days,
        late=late,
        explanation=_explained(one, rules),
        forecast=foretold,
    )


def _left(work: Work, one: Line, days: int) -> str:
    if one.done_at is None and one.paused_at is not None:
        return "termin wstrzymany"
    if one.due_at is None:
        return "bez terminu"
    if one.done_at is None:
        return days_left(one.due_at, work.now, one.paused_at is not None)
    if one.done_at <= one.due_at:
        return "w terminie"
    return f"{days} {'dzień' if days == 1 else 'dni'} po terminie" if days else "tego dnia, po godzinie"


def _explained(one: Line, rules: Rules | None) -> str:
    """As it was found when the term began; tasks from before that was kept are counted again."""
    said = one.term.get("explanation")
    if isinstance(said, str):
        return said
    if rules is None or not one.plain_term:
        return ""
    try:
        return due(one.plain_term, one.opened_at, rules=rules).explanation
    except TermRefused:
        return ""


def _likeliest(work: Work, found: tuple[Waiting, ...], most: int) -> tuple[TaskId, ...]:
    """Those without a forecast come last, in their order; what is late already stands on top."""
    known = pace.of(work, {(one.process, one.element) for one in found})

    def weight(one: Waiting) -> float:
        if one.due_at <= work.now:
            return -2
        told = forecast.ahead(known.get((one.process, one.element)), opened=one.opened_at, due=one.due_at, now=work.now)
        return -told.chance if told else 0

    return tuple(one.id for one in sorted(found, key=weight)[:most])


def _narrow(wanted: Asked) -> bool:
    return wanted != Asked(which=wanted.which)


def _given(found: Figures, wanted: Asked) -> tuple[tuple[str, str], ...]:
    """What the filters say by the names of their fields; only what is asked for."""
    named = {
        "element": next((one.name for one in found.piles if one.element == wanted.element), wanted.element),
        "person": next((one.person_name for one in found.piles if str(one.person) == wanted.person), wanted.person),
        "unit": next((one.unit_name for one in found.piles if str(one.unit) == wanted.unit), wanted.unit),
    }
    nobody, no_unit = wanted.person == NOBODY, wanted.unit == NO_UNIT
    said = {
        "band": BANDS.get(wanted.band, ""),
        "element": f"krok „{named['element']}”" if wanted.element else "",
        "process": found.process(wanted.process) if wanted.process else "",
        "role": wanted.role,
        "person": "nieprzydzielone" if nobody else named["person"],
        "unit": "osoby bez komórki" if no_unit else named["unit"],
    }
    return tuple((name, text) for name, text in said.items() if text)


def _id(said: str, none: str) -> str:
    return said if said == none or (said.isascii() and said.isdecimal() and len(said) < 19) else ""
