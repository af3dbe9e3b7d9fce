"""The only clock of the house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

WARSAW = ZoneInfo("Europe/Warsaw")
LAST_MINUTE = time(23, 59)


_STANDING: ContextVar[datetime | None] = ContextVar("standing", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _STANDING.get() or datetime.now(UTC)


@contextmanager
def standing(moment: datetime) -> Iterator[None]:
    """Within the block it is `moment`, for this thread: demonstrations and tests tell stories in the past."""
    token = _STANDING.set(moment)
    try:
        yield
    finally:
        _STANDING.reset(token)


def stands() -> bool:
    """True within `standing`: then no other clock may be asked either."""
    return _STANDING.get() is not None


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of the centre (Europe/Warsaw)."""
    return moment.astimezone(WARSAW)


def today(moment: datetime | None = None) -> date:
    """The calendar day of `moment` (default: now) in the centre."""
    return local(moment or now()).date()


def ends_day(moment: datetime) -> bool:
    """True when a term that ends at `moment` ends with a day of the centre; false for one that counts hours."""
    return local(moment).time() >= LAST_MINUTE
