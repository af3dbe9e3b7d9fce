"""The only clock of the house."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of the centre (Europe/Warsaw)."""
    return moment.astimezone(WARSAW)


def today(moment: datetime | None = None) -> date:
    """The calendar day of `moment` (default: now) in the centre."""
    return local(moment or now()).date()
