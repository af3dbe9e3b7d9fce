"""Looks at the clock: when it fired last, what it has left lying, and what fails again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import clock
from engine.model import Deadline
from engine.store import deadlines, firings, instances, leases, start_waits
from engine.store.database import Work

PATIENCE = timedelta(minutes=15)  # what is ready for longer, nobody fires


@dataclass(frozen=True, kw_only=True)
class Clockwork:
    """How the clock is. `overdue` counts what should have fired more than 15 minutes ago."""

    last: datetime | None
    overdue: int
    failing: tuple[Deadline, ...]

    @property
    def stands(self) -> bool:
        """True when nothing fires what is due."""
        return self.overdue > 0


def state(work: Work) -> Clockwork:
    """How the clock is now."""
    before = leases.moment(work) - PATIENCE
    overdue = deadlines.overdue(work, ready_before=before) + start_waits.overdue(work, ready_before=before)
    return Clockwork(last=firings.last(work), overdue=overdue, failing=deadlines.failing(work, attempts=leases.TRIES))


def findings(work: Work) -> tuple[str, ...]:
    """Polish sentences about what is wrong with the clock; empty when it goes."""
    found = state(work)
    return (*_standing(found), *(_told(work, one) for one in found.failing))


def _standing(found: Clockwork) -> tuple[str, ...]:
    if not found.stands:
        return ()
    last = f"Ostatnio zadziałał {_minute(found.last)}." if found.last else "Jeszcze nigdy nie zadziałał."
    text = f"Budzik nie działa: terminy, które czekają dłużej niż 15 minut: {found.overdue}. {last}"
    return (f"{text} Uruchom „bieg serve” albo „bieg work”.",)


def _told(work: Work, one: Deadline) -> str:
    name = one.name or one.element or "czynność całego ośrodka"
    where = "" if one.instance is None else f" w sprawie {instances.get(work, one.instance).number}"
    due = _minute(one.due_at)
    return f"Termin „{name}”{where} (na {due}) nie zadziałał mimo prób: {one.attempts}. Powód: {one.error}"


def _minute(moment: datetime) -> str:
    return clock.local(moment).strftime("%d.%m.%Y o %H:%M")
