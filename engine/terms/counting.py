"""Counting of terms as art. 57 KPA does: the day of the event is not counted, a free last day moves on."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine import clock
from engine.errors import EngineError
from engine.terms.calendar import next_working, why_free

RULES = re.compile(
    r"^(?P<count>\d{1,4}) (?:(?P<working>dzień roboczy|dni robocze|dni roboczych)|(?P<days>dzień|dni)"
    r"|(?P<weeks>tydzień|tygodnie|tygodni)|(?P<months>miesiąc|miesiące|miesięcy)"
    r"|(?P<hours>godzina|godziny|godzin))$"
)
LAST_MINUTE = time(23, 59, 59)
MONTH_NAMES = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)


class TermUnknown(EngineError):
    """The words of a term name no rule."""

    code = "term"


@dataclass(frozen=True, kw_only=True)
class Due:
    """The end of a term: `moment` in UTC and a Polish explanation that a clerk can check."""

    moment: datetime
    explanation: str


def check(term: str) -> str | None:
    """A Polish sentence when `term` is no rule that we know, else None."""
    if RULES.match(term.strip()):
        return None
    return f"Nieznana zasada terminu „{term}”. Wpisz na przykład: 14 dni, 7 dni roboczych, 2 tygodnie, 1 miesiąc."


def due(term: str, since: datetime) -> Due:
    """The end of the term that begins with an event at `since`.

    Args:
        term: such as "14 dni", "14 dni roboczych", "2 tygodnie", "1 miesiąc", "12 godzin".
        since: the event, aware.

    Raises:
        TermUnknown: when `term` is none of these.

    Source: art. 57 § 1–4 KPA.
    """
    rule = RULES.match(term.strip())
    if rule is None:
        raise TermUnknown(check(term) or "")
    count = int(rule["count"])
    if rule["hours"]:
        moment = since + timedelta(hours=count)
        return Due(moment=moment, explanation=f"{term} od {_minute(since)}, także w dni wolne: do {_minute(moment)}.")
    start = clock.local(since).date()
    if rule["working"]:
        last = _working(start, count)
        text = f"{term}: od {_day(start)}, licząc tylko dni robocze: {_day(last)}."
        return Due(moment=_end_of(last), explanation=text)
    last = start + timedelta(days=count) if rule["days"] else start + timedelta(weeks=count)
    if rule["months"]:
        last = _months_on(start, count)
    return _moved(term, start, last)


def _moved(term: str, start: date, last: date) -> Due:
    end = next_working(last)
    text = f"{term}: od {_day(start)} (tego dnia się nie liczy) do {_day(last)}"
    if end != last:
        text += f"; {_day(last)} jest dniem wolnym ({why_free(last)}), więc {_day(end)}"
    return Due(moment=_end_of(end), explanation=text + ".")


def _working(start: date, count: int) -> date:
    day = start
    while count > 0:
        day += timedelta(days=1)
        if not why_free(day):
            count -= 1
    return day


def _months_on(start: date, count: int) -> date:
    """The same-numbered day, or the last one of a shorter month (art. 57 § 3 KPA)."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, LAST_MINUTE, clock.WARSAW).astimezone(UTC)


def _day(day: date) -> str:
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _minute(moment: datetime) -> str:
    local = clock.local(moment)
    return f"{_day(local.date())}, {local:%H:%M}"
