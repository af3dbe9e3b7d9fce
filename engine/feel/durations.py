"""Durations of FEEL: days and time, and years and months; the two never mix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

NANOS = 1_000_000_000
DAY = 86_400 * NANOS

_DAYS_TIME = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d*))?S)?)?", re.ASCII)
_YEARS_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
_LONGEST = 18  # digits of one part


@dataclass(frozen=True, order=True)
class DaysTime:
    """A duration of days, hours, minutes and seconds, as one count of nanoseconds."""

    nanos: int

    def as_timedelta(self) -> timedelta:
        """The same as Python counts it, to the microsecond; raises OverflowError beyond its range."""
        return timedelta(microseconds=self.nanos // 1000)

    def parts(self) -> tuple[int, int, int, int, int]:
        """Days, hours, minutes, seconds, nanoseconds without the sign."""
        seconds, nanos = divmod(abs(self.nanos), NANOS)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        return days, hours, minutes, seconds, nanos

    def __str__(self) -> str:
        days, hours, minutes, seconds, nanos = self.parts()
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
        clock += f"{seconds}{fraction}S" if seconds or nanos else ""
        if not days and not clock:
            return "PT0S"
        return ("-" if self.nanos < 0 else "") + "P" + (f"{days}D" if days else "") + ("T" + clock if clock else "")


@dataclass(frozen=True, order=True)
class YearsMonths:
    """A duration of years and months, as one count of months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        if not self.months:
            return "P0M"
        sign = "-" if self.months < 0 else ""
        return sign + "P" + (f"{years}Y" if years else "") + (f"{months}M" if months else "")


Duration = DaysTime | YearsMonths


def read(text: str) -> Duration | None:
    """The duration that ISO 8601 `text` writes, or None; weeks and mixed durations are none of FEEL's."""
    if text.endswith(("P", "T")) or any(len(run) > _LONGEST for run in re.findall(r"\d+", text)):
        return None
    match = _YEARS_MONTHS.fullmatch(text)
    if match:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonths(-months if match[1] else months)
    match = _DAYS_TIME.fullmatch(text)
    if not match:
        return None
    hours = int(match[2] or 0) * 24 + int(match[3] or 0)
    seconds = (hours * 60 + int(match[4] or 0)) * 60 + int(match[5] or 0)
    nanos = seconds * NANOS + int((match[6] or "").ljust(9, "0")[:9])
    return DaysTime(-nanos if match[1] else nanos)
