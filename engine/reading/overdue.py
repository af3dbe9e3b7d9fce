"""Looks at what is late in the whole centre: the figures of the page `Terminy`, each with the tasks behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from engine import access, circumstances, clock
from engine.reading.clockwork import PATIENCE
from engine.store import overdue_figures
from engine.store.backlog import Backlog
from engine.store.database import Work
from engine.store.overdue import Bounds
from engine.store.overdue_figures import Finished, Pile, Process
from engine.store.sealing import Sealer

Made = TypeVar("Made")

BANDS = {"week": "do 7 dni", "fortnight": "8–14 dni", "older": "powyżej 14 dni"}
GROUPS = {"step": "Krok", "process": "Proces", "role": "Rola", "person": "Osoba", "unit": "Komórka"}
NOBODY, NO_UNIT = "brak", "brak"  # in place of an id
WEEK, WEEKS, LATELY = timedelta(days=7), 12, timedelta(days=30)
MANY = 5_000  # open tasks; figures over more are kept for a moment
KEPT, STALE = timedelta(seconds=10), timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which tasks a list shows, as its address says it; "" asks for nothing in particular."""

    which: str = "late"
    band: str = ""
    process: str = ""
    element: str = ""
    role: str = ""
    person: str = ""  # id, or NOBODY
    unit: str = ""  # id, or NO_UNIT: the person belongs to none


@dataclass(frozen=True, kw_only=True)
class Card:
    """One large figure; `asked` opens what it counts. `note` compares or explains it."""

    value: str
    label: str
    note: str
    asked: Asked
    bad: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """What waits in one step, process, role, person or unit; counts by band, and what is ahead."""

    name: str
    sub: str
    asked: Asked  # its late ones
    open: int
    late: int
    week: int
    fortnight: int
    older: int
    today: int
    ahead: int


@dataclass(frozen=True, kw_only=True)
class Point:
    """The centre at the end of one week; the last one is now."""

    day: date
    backlog: Backlog | None  # None when nobody has counted


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Everything that is counted, at one moment."""

    at: datetime
    piles: tuple[Pile, ...]
    finished: Finished
    trend: tuple[Point, ...]
    scopes: frozenset[str]
    processes: Mapping[str, Process]  # by key
    fired: datetime | None  # when the clock did something last
    lying: int  # deadlines that it should have fired more than 15 minutes ago
    made: dict[object, object] = field(default_factory=dict, compare=False, repr=False)  # of these very figures
    making: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    @property
    def open(self) -> int:
        """All open tasks."""
        return sum(one.open for one in self.piles)

    @property
    def paused(self) -> int:
        """Those whose term does not run."""
        return sum(one.paused for one in self.piles)

    def process(self, key: str) -> str:
        """The name of a process."""
        return self.processes[key].name if key in self.processes else key


def bounds(now: datetime) -> Bounds:
    """What parts late from due, by the days of the centre."""
    return Bounds(
        now=now,
        week_ago=_midnight(now, -7),
        fortnight_ago=_midnight(now, -14),
        day_end=_midnight(now, 1),
        week_end=_midnight(now, 8),
        since=now - LATELY,
    )


def figures(work: Work) -> Figures:
    """What is counted now; in a centre with very many open tasks what was counted a few seconds ago."""
    kept = _KEPT.get(work.sealer)
    if kept is not None and abs(work.now - kept.at) < KEPT:
        return kept
    alone = _COUNTING.acquire(blocking=kept is None or abs(work.now - kept.at) > STALE)
    try:
        if not alone and kept is not None:
            return kept  # somebody else is counting anew
        again = _KEPT.get(work.sealer)
        return again if again is not None and abs(work.now - again.at) < KEPT else _counted(work)
    finally:
        if alone:
            _COUNTING.release()


def made_once(found: Figures, name: object, make: Callable[[], Made]) -> Made:
    """What `make` makes of these figures; those who look at the same ones share it, and one of them makes it."""
    with found.making:
        if name not in found.made:
            found.made[name] = make()
    return cast(Made, found.made[name])


def forget(work: Work) -> None:
    """Let the next look count anew, after a deed that changes many figures."""
    _KEPT.pop(work.sealer, None)


def cards(found: Figures) -> tuple[Card, ...]:
    """The five large figures."""
    return made_once(found, "cards", lambda: _cards(found))


def _cards(found: Figures) -> tuple[Card, ...]:
    late, older = _sum(found, "late"), _sum(found, "older")
    before = found.trend[-2].backlog if len(found.trend) > 1 else None
    return (
        Card(
            value=str(late),
            label="po terminie",
            note=_compared(late, before.late if before else None),
            asked=Asked(),
            bad=late > 0,
        ),
        Card(
            value=str(older),
            label="dłużej niż 14 dni",
            note=_compared(older, before.late_fortnight if before else None),
            asked=Asked(band="older"),
            bad=older > 0,
        ),
        _coming(found, "today", "z terminem na dziś", Asked(which="today")),
        _coming(found, "ahead", "z terminem w ciągu 7 dni", Asked(which="week")),
        _timely(found.finished),
    )


def groups(found: Figures, by: str) -> tuple[Group, ...]:
    """Everything open, grouped one way, most late first.

    Args:
        by: a key of `GROUPS`.
    """
    return made_once(found, ("groups", by), lambda: _groups(found, by))


def _groups(found: Figures, by: str) -> tuple[Group, ...]:
    rule = _GROUPINGS[by]
    heaps: dict[Asked, list[Pile]] = {}
    names: dict[Asked, tuple[str, str]] = {}
    for pile in found.piles:
        asked, name, sub = rule(found, pile)
        heaps.setdefault(asked, []).append(pile)
        names[asked] = name, sub
    made = [_group(asked, *names[asked], heap) for asked, heap in heaps.items()]
    return tuple(sorted(made, key=lambda one: (-one.late, -one.older, -one.open, one.name)))


def role_of(found: Figures, pile: Pile) -> str:
    """The role that tasks belong to now: a delegated decision is the kierownik's."""
    return access.responsible(pile.role, pile.authority, found.scopes)


def _counted(work: Work) -> Figures:
    moments, today = bounds(work.now), clock.today(work.now)
    days = [today - WEEK * number for number in range(WEEKS, 0, -1)]
    raw = overdue_figures.count(work, moments, before=WEEK, first=days[0], lying=work.now - PATIENCE)
    found = Figures(
        at=work.now,
        piles=raw.piles,
        finished=raw.finished,
        trend=(*(Point(day=day, backlog=raw.days.get(day)) for day in days), Point(day=today, backlog=_now(raw.piles))),
        scopes=circumstances.scopes_in_force(work),
        processes=raw.processes,
        fired=raw.last,
        lying=raw.lying,
    )
    if found.open > MANY:
        for by in ("step", "person"):  # what everybody sees first is ready before anybody is shown it
            groups(found, by)
        _KEPT[work.sealer] = found
    return found


def _now(piles: Iterable[Pile]) -> Backlog:
    rows = tuple(piles)
    return Backlog(
        open=sum(one.open for one in rows),
        late=sum(one.late for one in rows),
        late_fortnight=sum(one.older for one in rows),
    )


def _sum(found: Figures, name: str) -> int:
    return sum(int(getattr(one, name)) for one in found.piles)


def _compared(now: int, before: int | None) -> str:
    if before is None:
        return ""
    if now == before:
        return "tyle samo co tydzień temu"
    return f"{abs(now - before)} {'więcej' if now > before else 'mniej'} niż tydzień temu"


def _coming(found: Figures, name: str, label: str, asked: Asked) -> Card:
    many = _sum(found, name)
    free = sum(int(getattr(one, name)) for one in found.piles if one.person is None)
    note = f"w tym {free} bez osoby" if free else "wszystkie mają osobę" if many else ""
    return Card(value=str(many), label=label, note=note, asked=asked)


def _timely(found: Finished) -> Card:
    label, asked = "wykonanych w terminie (30 dni)", Asked(which="done")
    if not found.done:
        return Card(value="–", label=label, note="żadne zadanie z terminem", asked=asked)
    note = f"z {found.done} wykonanych"
    if found.done_before:
        note += f"; tydzień temu {_percent(found.timely_before, found.done_before)}"
    return Card(value=_percent(found.timely, found.done), label=label, note=note, asked=asked)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole}%"  # never rounded up: 100% means all of them


def _by_step(found: Figures, pile: Pile) -> tuple[Asked, str, str]:
    return Asked(process=pile.process, element=pile.element), pile.name, found.process(pile.process)


def _by_process(found: Figures, pile: Pile) -> tuple[Asked, str, str]:
    return Asked(process=pile.process), found.process(pile.process), ""


def _by_role(found: Figures, pile: Pile) -> tuple[Asked, str, str]:
    role = role_of(found, pile)
    return Asked(role=role), role, ""


def _by_person(_found: Figures, pile: Pile) -> tuple[Asked, str, str]:
    if pile.person is None:
        return Asked(person=NOBODY), "nieprzydzielone", ""
    return Asked(person=str(pile.person)), pile.person_name, pile.unit_name


def _by_unit(_found: Figures, pile: Pile) -> tuple[Asked, str, str]:
    if pile.person is None:
        return Asked(person=NOBODY), "nieprzydzielone", ""
    if pile.unit is None:
        return Asked(unit=NO_UNIT), "bez komórki", ""
    return Asked(unit=str(pile.unit)), pile.unit_name, ""


_GROUPINGS: Mapping[str, Callable[[Figures, Pile], tuple[Asked, str, str]]] = {
    "step": _by_step,
    "process": _by_process,
    "role": _by_role,
    "person": _by_person,
    "unit": _by_unit,
}


def _group(asked: Asked, name: str, sub: str, heap: Iterable[Pile]) -> Group:
    rows = tuple(heap)
    counted = {key: sum(int(getattr(one, key)) for one in rows) for key in _COUNTS}
    return Group(name=name, sub=sub, asked=asked, **counted)


_COUNTS = ("open", "late", "week", "fortnight", "older", "today", "ahead")


def _midnight(now: datetime, days: int) -> datetime:
    """The beginning of a day in the centre, so many days from today."""
    return datetime.combine(clock.today(now) + timedelta(days=days), time(), clock.WARSAW).astimezone(UTC)


# For each open database apart, known by its sealer; one thread counts, the others show what they have.
_KEPT: MutableMapping[Sealer, Figures] = WeakKeyDictionary()
_COUNTING = threading.Lock()
