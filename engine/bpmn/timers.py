"""Timers: ISO 8601 dates, durations and repetitions on the calendar of the centre.

The library counts months as 31 days or as February has them, takes the zone of the moment at which a process was
started and fires every missed round. Here months and days move on the wall clock of Europe/Warsaw, a month that is
too short ends on its last day, and what an outage missed fires once; what is a few seconds late is not missed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine.clock import WARSAW

END_OF_DAY = time(23, 59, 59)
LONGEST_YEARS = 50
OUTAGE = timedelta(minutes=1)  # who comes later than this was away; who comes sooner was only slow
FOREVER = -1

_DURATION = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?P<time>T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?",
    re.ASCII | re.IGNORECASE,
)
_REPEAT = re.compile(r"R(?P<times>\d*)/(?P<rest>.+)", re.ASCII | re.IGNORECASE)


class TimerError(ValueError):
    """A timer says something that is no date, duration or repetition. The text is a Polish sentence."""


@dataclass(frozen=True)
class Duration:
    """A length of time as a calendar understands it."""

    months: int
    days: int
    seconds: float


def literal(text: str) -> bool:
    """True when a timer says its value plainly; else it is FEEL, marked by a leading `=`."""
    return not text.lstrip().startswith("=")


def problem(kind: str, text: str, now: datetime) -> str | None:
    """What is wrong with a plain timer, as a Polish sentence; None when it can be read.

    Args:
        kind: `date`, `duration` or `cycle`.
        text: what stands in the diagram, without a leading `=`.
        now: the moment from which it would count.
    """
    try:
        begin(kind, text, now)
    except TimerError as wrong:
        return str(wrong)
    except (OverflowError, ValueError):
        return "Termin leży poza kalendarzem."
    return None


def duration(text: str) -> Duration:
    """Read `P14D`, `P1M`, `PT12H` …

    Raises:
        TimerError: when it is no duration, or one of more than 50 years.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None or found["time"] in ("T", "t") or len(found[0]) == 1:
        raise TimerError(f"„{text.strip()}” nie jest okresem. Zapisz go na przykład tak: P14D, P1M, PT12H.")
    months, days, seconds = _amounts(found)
    if months / 12 + days / 365 + seconds / 31_536_000 > LONGEST_YEARS:
        raise TimerError(f"Okres „{text.strip()}” jest dłuższy niż {LONGEST_YEARS} lat.")
    return Duration(months, days, seconds)


def _amounts(found: re.Match[str]) -> tuple[int, int, float]:
    whole = {key: int((value or "0")[:9]) for key, value in found.groupdict().items() if key not in ("time", "seconds")}
    seconds = float((found["seconds"] or "0").replace(",", "."))
    return (
        whole["years"] * 12 + whole["months"],
        whole["weeks"] * 7 + whole["days"],
        whole["hours"] * 3600 + whole["minutes"] * 60 + seconds,
    )


def moment(said: object) -> datetime:
    """The instant a timer means; a day means its end, a time without a zone the wall clock of the centre.

    Raises:
        TimerError: when it is no date.
    """
    if isinstance(said, str):
        said = _dated(said.strip())
    if isinstance(said, datetime):
        aware = said if said.tzinfo is not None else said.replace(tzinfo=WARSAW)
        return aware.astimezone(UTC)
    if isinstance(said, date):
        return datetime.combine(said, END_OF_DAY, WARSAW).astimezone(UTC)
    raise TimerError("Czasomierz nie podaje daty.")


def _dated(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError as cause:
        raise TimerError(f"„{text}” nie jest datą. Zapisz ją na przykład tak: 2026-12-01.") from cause


def add(since: datetime, length: Duration, times: int = 1) -> datetime:
    """`since` moved by `times` lengths at once, so that from 31 January months lead to 28 February and 31 March."""
    local = since.astimezone(WARSAW)
    month = local.month - 1 + length.months * times
    year, month = local.year + month // 12, month % 12 + 1
    if year > 9998:
        raise TimerError("Termin czasomierza leży poza kalendarzem.")
    day = min(local.day, monthrange(year, month)[1])
    wall = local.replace(year=year, month=month, day=day, tzinfo=None) + timedelta(days=length.days * times)
    return wall.replace(tzinfo=WARSAW, fold=local.fold).astimezone(UTC) + timedelta(seconds=length.seconds * times)


def begin(kind: str, said: object, now: datetime) -> dict[str, Any]:
    """What a timer keeps when it starts to wait: when it is due, and how it goes on.

    Args:
        kind: `date`, `duration` or `cycle`.
        said: the literal text, or the value of the FEEL expression.

    Raises:
        TimerError: when `said` does not fit `kind`.
    """
    if kind == "date":
        due = moment(said)
        if due.year - now.year > LONGEST_YEARS:
            raise TimerError(f"Termin czasomierza jest dalszy niż {LONGEST_YEARS} lat.")
        return {"due": due.isoformat()}
    if not isinstance(said, str):
        raise TimerError("Czasomierz nie podaje okresu.")
    if kind == "duration":
        return {"due": add(now, duration(said)).isoformat()}
    return _cycle(said, now)


def _cycle(said: str, now: datetime) -> dict[str, Any]:
    found = _REPEAT.fullmatch(said.strip())
    parts = found["rest"].split("/") if found else []
    if found is None or len(parts) > 2 or (len(parts) == 2 and parts[1][:1] not in ("P", "p")):
        text = said.strip()
        raise TimerError(f"„{text}” nie jest powtarzaniem. Zapisz je na przykład tak: R3/P7D.")
    length = duration(parts[-1])
    if length == Duration(0, 0, 0):
        raise TimerError(f"Okres „{parts[-1]}” jest pusty, a powtarzanie potrzebuje odstępu.")
    times = int(found["times"][:9]) if found["times"] else FOREVER
    if times == 0:
        raise TimerError(f"Powtarzanie „{said.strip()}” nie nastąpi ani razu. Podaj liczbę większą od zera.")
    base, step = (moment(parts[0]), 0) if len(parts) == 2 else (now.astimezone(UTC), 1)
    kept = {"every": parts[-1], "base": base.isoformat(), "step": step, "left": times}
    kept["due"] = add(base, length, step).isoformat()
    return kept


def skipped(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """How many rounds were left out when a timer that kept `before` fired and then keeps `after`."""
    return max(0, int(after.get("step", 0)) - int(before.get("step", 0)) - 1)


def advance(kept: dict[str, Any], now: datetime) -> bool:
    """A timer fires: note when it is due again. Rounds that an outage missed until `now` are not made up.

    Returns:
        True when it will fire again.
    """
    due = datetime.fromisoformat(kept.pop("due", None) or now.isoformat())
    if "every" not in kept:
        return False
    if kept["step"] and now - due < OUTAGE:  # the first of a cycle with a date may lie before anybody waited for it
        now = due
    length, base = duration(kept["every"]), datetime.fromisoformat(kept["base"])
    step, left = kept["step"] + 1, kept["left"] - 1 if kept["left"] > 0 else kept["left"]
    if not (length.months or length.days):
        missed = max(0, int((now - base).total_seconds() // length.seconds) + 1 - step)
        missed = missed if left == FOREVER else min(missed, left)
        step, left = step + missed, left if left == FOREVER else left - missed
    while left != 0 and add(base, length, step) <= now:
        step, left = step + 1, left if left == FOREVER else left - 1
    kept.update(step=step, left=left)
    if left != 0:
        kept["due"] = add(base, length, step).isoformat()
    return bool(left != 0)
