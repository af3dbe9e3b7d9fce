"""Dates, times and date-times of FEEL: any year, nanoseconds, zones by offset or by name.

Python's own types end at the year 9999 and at microseconds; these carry what FEEL can write.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.feel.durations import DAY, NANOS, DaysTime, YearsMonths

Zone = int | str | None  # seconds east of Greenwich, a name such as Europe/Warsaw, or no zone

_YEAR = r"-?(?:\d{4}|[1-9]\d{4,8})"
_DATE = re.compile(rf"({_YEAR})-(\d\d)-(\d\d)")
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:(Z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([A-Za-z0-9_+\-/]+))?")
_LAST_YEAR = 999_999_999
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in(year: int, month: int) -> int:
    """How many days that month has."""
    return 29 if month == 2 and _leap(year) else _MONTHS[month - 1]


@dataclass(frozen=True, order=True)
class Date:
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since 1970-01-01."""
        year = self.year - (self.month <= 2)
        era, of_era = divmod(year, 400)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468

    @property
    def weekday(self) -> int:
        """Monday is 1, Sunday is 7."""
        return (self.ordinal + 3) % 7 + 1

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True)
class Time:
    """A time of day; with a named zone its offset depends on the day."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    zone: Zone = None

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight on the wall clock."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano

    def __str__(self) -> str:
        fraction = f".{self.nano:09d}".rstrip("0") if self.nano else ""
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{_zone_text(self.zone)}"


@dataclass(frozen=True)
class DateTime:
    """A day and a time of it."""

    date: Date
    time: Time

    @property
    def zone(self) -> Zone:
        """The zone, which is that of the time."""
        return self.time.zone

    @property
    def wall(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 on the wall clock."""
        return self.date.ordinal * DAY + self.time.nanos

    @property
    def offset(self) -> int:
        """Seconds east of Greenwich at that moment; 0 without a zone."""
        return offset_of(self.zone, self.date, self.time)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00 in Greenwich (on the wall clock without a zone)."""
        return self.wall - self.offset * NANOS

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


Moment = Date | Time | DateTime


def _zone_text(zone: Zone) -> str:
    if zone is None:
        return ""
    if isinstance(zone, str):
        return "@" + zone
    if zone == 0:
        return "Z"
    hours, rest = divmod(abs(zone), 3600)
    minutes, seconds = divmod(rest, 60)
    tail = f":{seconds:02d}" if seconds else ""
    return f"{'-' if zone < 0 else '+'}{hours:02d}:{minutes:02d}{tail}"


def named_zone(name: str) -> ZoneInfo | None:
    """The zone of that name, or None when the world knows none."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError of its own making
        return None
    except KeyError:
        return None


def offset_of(zone: Zone, day: Date, time: Time) -> int:
    """Seconds east of Greenwich on that day at that time; 0 without a zone."""
    if not isinstance(zone, str):
        return zone or 0
    info = named_zone(zone)
    if info is None:
        return 0
    # The calendar repeats every 400 years, so any year has a twin that Python can compute with.
    year = day.year if 1 < day.year < 9999 else 2000 + day.year % 400
    wall = datetime(year, day.month, day.day, time.hour, time.minute, time.second, tzinfo=info)
    shift = wall.utcoffset()
    return int(shift.total_seconds()) if shift is not None else 0


def date_of(year: int, month: int, day: int) -> Date | None:
    """That day, or None when there is none."""
    if abs(year) > _LAST_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):
        return None
    return Date(year, month, day)


def time_of(hour: int, minute: int, second: int, nano: int = 0, zone: Zone = None) -> Time | None:
    """That time, or None when the clock never shows it or the offset is beyond 18 hours."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return None
    if isinstance(zone, int) and abs(zone) > 18 * 3600:
        return None
    return Time(hour, minute, second, nano, zone)


def from_ordinal(days: int) -> Date | None:
    """The day so many days after 1970-01-01, or None beyond the calendar."""
    if abs(days) > 366 * _LAST_YEAR:
        return None
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return date_of(era * 400 + year + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1)


def from_wall(nanos: int, zone: Zone) -> DateTime | None:
    """The moment that a wall clock in `zone` shows."""
    days, rest = divmod(nanos, DAY)
    day = from_ordinal(days)
    if day is None:
        return None
    return DateTime(day, clock(rest, zone))


def from_instant(nanos: int, zone: Zone) -> DateTime | None:
    """The moment so many nanoseconds after 1970 in Greenwich, as `zone` shows it."""
    if not isinstance(zone, str):
        return from_wall(nanos + (zone or 0) * NANOS, zone)
    greenwich = from_wall(nanos, 0)
    info = named_zone(zone)
    if greenwich is None or info is None:
        return None
    day, time = greenwich.date, greenwich.time
    year = day.year if 1 < day.year < 9999 else 2000 + day.year % 400
    moment = datetime(year, day.month, day.day, time.hour, time.minute, time.second, tzinfo=ZoneInfo("UTC"))
    shift = moment.astimezone(info).utcoffset() or timedelta()
    return from_wall(nanos + int(shift.total_seconds()) * NANOS, zone)


def clock(nanos: int, zone: Zone) -> Time:
    """The time so many nanoseconds after midnight, round and round the clock."""
    seconds, nano = divmod(nanos % DAY, NANOS)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return Time(hour, minute, second, nano, zone)


def read_date(text: str) -> Date | None:
    """The date that `text` writes, or None."""
    match = _DATE.fullmatch(text)
    return date_of(int(match[1]), int(match[2]), int(match[3])) if match and match.string.isascii() else None


def read_time(text: str) -> Time | None:
    """The time that `text` writes, or None."""
    match = _TIME.fullmatch(text)
    if not match or not text.isascii():
        return None
    zone: Zone = None
    if match[5]:
        zone = 0
    elif match[6]:
        if int(match[8]) > 59 or int(match[9] or 0) > 59:
            return None
        zone = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
        zone = -zone if match[6] == "-" else zone
    elif match[10]:
        zone = match[10]
        if named_zone(zone) is None:
            return None
    return time_of(int(match[1]), int(match[2]), int(match[3]), int((match[4] or "").ljust(9, "0")[:9]), zone)


def read_date_time(text: str) -> DateTime | None:
    """The date-time that `text` writes, or None; a date alone is its midnight."""
    head, found, tail = text.partition("T")
    day = read_date(head)
    time = read_time(tail) if found else Time(0, 0, 0)
    if day is not None and found and tail.startswith("24:00:00"):
        time = read_time("00:00:00" + tail[8:])
        day = from_ordinal(day.ordinal + 1)
    return DateTime(day, time) if day is not None and time is not None else None


def shift_months(day: Date, duration: YearsMonths) -> Date | None:
    """The same day of another month, or that month's last day."""
    years, month = divmod(day.year * 12 + day.month - 1 + duration.months, 12)
    return date_of(years, month + 1, min(day.day, days_in(years, month + 1)))


def shift(moment: Moment, duration: DaysTime | YearsMonths) -> Moment | None:
    """`moment` moved by `duration`, or None where FEEL has no such sum."""
    if isinstance(duration, YearsMonths):
        if isinstance(moment, Time):
            return None
        if isinstance(moment, Date):
            return shift_months(moment, duration)
        day = shift_months(moment.date, duration)
        return replace(moment, date=day) if day is not None else None
    if isinstance(moment, Time):
        return clock(moment.nanos + duration.nanos, moment.zone)
    if isinstance(moment, Date):
        return from_ordinal((moment.ordinal * DAY + duration.nanos) // DAY)
    return from_instant(moment.instant + duration.nanos, moment.zone)
