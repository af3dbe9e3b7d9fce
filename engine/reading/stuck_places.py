"""Looks at where cases get stuck: the diagram of a process, each step shaded by what waits there and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Literal, NamedTuple, cast, get_args
from weakref import WeakKeyDictionary

from engine import circumstances
from engine.bpmn import drawing, reader
from engine.errors import EngineError
from engine.model import DefinitionId
from engine.reading.overdue import Asked, Figures, made_once
from engine.store import definitions, overdue
from engine.store.database import Work
from engine.store.overdue import Since
from engine.store.sealing import Sealer
from engine.terms import Rules, working_hours

By = Literal["count", "hours"]
SHADES: tuple[drawing.Heat, ...] = get_args(drawing.Heat)
MEASURES = {"count": "Liczba zadań", "hours": "Czas oczekiwania"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """One step in which tasks wait; hours are working hours since they began. `shade` is 1 to 5."""

    element: str
    name: str
    open: int
    late: int
    median: float
    mean: float
    shade: int
    drawn: bool  # the diagram has it; steps of earlier versions may be gone
    asked: Asked  # its open tasks


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """One process. `svg` is "" when there is no diagram to draw; `processes` are keys and names to choose from."""

    process: str
    name: str
    by: By
    svg: str
    places: tuple[Place, ...]
    processes: tuple[tuple[str, str, int], ...]


class _Sheet(NamedTuple):
    """A file with the ids that are drawn in it; none when it cannot be drawn."""

    xml: bytes
    elements: frozenset[str]


def heat_map(work: Work, found: Figures, process: str = "", by: str = "count") -> HeatMap | None:
    """Where the cases of a process wait now; None when nothing waits anywhere.

    Args:
        process: its key, "" or unknown for the one with most late tasks.
        by: `count` for the number of open tasks, `hours` for the median of their working hours.
    """
    offered = made_once(found, "offered", lambda: _offered(found))
    if not offered:
        return None
    keys = [key for key, _, _ in offered]
    chosen = process if process in keys else keys[0]
    measure = cast(By, by if by in MEASURES else "count")
    return made_once(found, ("heat", chosen, measure), lambda: _heated(work, found, chosen, measure, offered))


def _heated(work: Work, found: Figures, chosen: str, measure: By, offered: list[tuple[str, str, int]]) -> HeatMap:
    sheet = _newest(work, found, chosen)
    places = _places(work, found, chosen, measure, sheet.elements)
    return HeatMap(
        process=chosen,
        name=found.process(chosen),
        by=measure,
        svg=_drawn(sheet.xml, places, measure, found.process(chosen)) if sheet.elements else "",
        places=places,
        processes=tuple(offered),
    )


def _offered(found: Figures) -> list[tuple[str, str, int]]:
    """Processes with open tasks and how many, those with most late ones first."""
    late: dict[str, int] = {}
    many: dict[str, int] = {}
    for pile in found.piles:
        late[pile.process] = late.get(pile.process, 0) + pile.late
        many[pile.process] = many.get(pile.process, 0) + pile.open
    ordered = sorted(many, key=lambda key: (-late[key], -many[key], found.process(key)))
    return [(key, found.process(key), many[key]) for key in ordered]


def _places(work: Work, found: Figures, process: str, by: By, drawn: Iterable[str]) -> tuple[Place, ...]:
    rules, known = circumstances.terms(work), set(drawn)
    waits: dict[str, list[Since]] = {}
    for one in overdue.waiting_since(work, process):
        waits.setdefault(one.element, []).append(one)
    names = {pile.element: pile.name for pile in found.piles if pile.process == process}
    late: dict[str, int] = {}
    for pile in found.piles:
        if pile.process == process:
            late[pile.element] = late.get(pile.element, 0) + pile.late
    made = []
    elapsed = _elapsed((one.hour for since in waits.values() for one in since), work.now, rules)
    for element, since in waits.items():
        median, mean = _hours(since, elapsed)
        made.append((element, sum(one.many for one in since), median, mean))
    most = max((_measured(many, median, by) for _, many, median, _ in made), default=0)
    places = [
        Place(
            element=element,
            name=names.get(element, element),
            open=many,
            late=late.get(element, 0),
            median=median,
            mean=mean,
            shade=_shade(_measured(many, median, by), most),
            drawn=element in known,
            asked=Asked(which="open", process=process, element=element),
        )
        for element, many, median, mean in made
    ]
    return tuple(sorted(places, key=lambda one: -_measured(one.open, one.median, by)))


def _measured(many: int, median: float, by: By) -> float:
    return many if by == "count" else median


def _shade(value: float, most: float) -> int:
    """1 to 5: fifths of the largest."""
    return max(1, min(5, ceil(5 * value / most))) if most > 0 else 1


def _hours(since: Iterable[Since], elapsed: Mapping[datetime, float]) -> tuple[float, float]:
    """Median and mean of the working hours since then."""
    waited = sorted((elapsed[one.hour], one.many) for one in since)
    whole = sum(many for _, many in waited)
    passed, median = 0, 0.0
    for hours, many in waited:
        passed += many
        if 2 * passed >= whole:
            median = hours
            break
    return median, sum(hours * many for hours, many in waited) / whole


def _elapsed(moments: Iterable[datetime], now: datetime, rules: Rules) -> Mapping[datetime, float]:
    """The working hours since each moment, counted from one to the next: nothing is counted twice."""
    found: dict[datetime, float] = {}
    later, hours = now, 0.0
    for moment in sorted(set(moments), reverse=True):
        hours += working_hours(moment, later, rules)
        found[moment], later = hours, min(later, moment)
    return found


def _drawn(xml: bytes, places: Iterable[Place], by: By, name: str) -> str:
    marks: Mapping[str, drawing.Mark] = {
        one.element: drawing.Mark(
            state=SHADES[one.shade - 1],
            badge=str(one.open) if by == "count" else f"{one.median:.0f} godz.",
            note=f"otwarte: {one.open}, po terminie: {one.late}, zwykle czeka {one.median:.0f} godz. roboczych",
        )
        for one in places
        if one.drawn
    }
    return drawing.draw(xml, marks, title=f"{name} – gdzie utykają sprawy")


def _newest(work: Work, found: Figures, key: str) -> _Sheet:
    """The newest version of a process."""
    process, kept = found.processes.get(key), _SHEETS.setdefault(work.sealer, {})
    if process is None:
        return _Sheet(b"", frozenset())
    if process.newest not in kept:
        kept[process.newest] = _read(definitions.xml(work, process.newest))
    return kept[process.newest]


def _read(xml: bytes) -> _Sheet:
    try:
        return _Sheet(xml, frozenset(reader.read(xml).elements))
    except EngineError:
        return _Sheet(xml, frozenset())


# Published files never change; for each open database apart, known by its sealer.
_SHEETS: MutableMapping[Sealer, dict[DefinitionId, _Sheet]] = WeakKeyDictionary()
