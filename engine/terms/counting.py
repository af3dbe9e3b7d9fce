"""Counting of terms as art. 57 KPA does: the day of the event is not counted, a free last day moves on."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from engine import clock
from engine.terms import calendar, explanation
from engine.terms.grammar import ELAPSED, AtOnce, DayPlan, Every, PeriodEnd, Plan, Span, Unit
from engine.terms.refusals import OutOfRange

LAST_MINUTE = time(23, 59, 59)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How a term was counted, in days of the centre; `last` is the end before a free day moved it."""

    moment: datetime
    event: date
    last: date
    end: date
    elapsed: bool  # counted by the clock alone: no calendar, no working days
    text: str
    steps: tuple[str, ...]
    start: date | None = None  # after which day is counted, when that is not the event


def count(plan: Plan, words: str, event: datetime, own: Mapping[date, str]) -> Counted:
    """The end of a term that begins with `event`.

    Args:
        words: of the rule, for the explanation.
        own: free days of the centre that this term minds.

    Raises:
        OutOfRange: the end lies before the event, or outside the years whose free days we know.

    Source: art. 57 § 1–4 KPA.
    """
    if isinstance(plan, AtOnce):
        text, steps = explanation.at_once(words, event, plan.always)
        return _by_the_clock(event, event, text, steps)
    if isinstance(plan, Span) and plan.unit in ELAPSED:
        end = event.astimezone(UTC) + _elapsed(plan)
        text, steps = explanation.elapsed(words, event, end)
        return _by_the_clock(event, end, text, steps)
    start = clock.today(event)
    counted_from, last = _days(plan, start, own)
    if last < start:
        raise OutOfRange(explanation.too_early(words, start, last))
    end_day = calendar.next_working(last, own)
    text, steps = explanation.days(plan, words, (start, counted_from, last, end_day), own)
    return Counted(
        moment=end_of(end_day),
        event=start,
        last=last,
        end=end_day,
        elapsed=False,
        text=text,
        steps=steps,
        start=counted_from,
    )


def end_of(day: date) -> datetime:
    """The last second of a day of the centre, in UTC."""
    return datetime.combine(day, LAST_MINUTE, clock.WARSAW).astimezone(UTC)


def months_on(start: date, count: int, day: int = 0) -> date:
    """The same-numbered day so many months later, or the last one of a shorter month (art. 57 § 3 KPA).

    Args:
        day: its number, when it is not the one of `start`.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(day or start.day, months.monthrange(year, month + 1)[1]))


def back(end: date, span: Span, own: Mapping[date, str]) -> date:
    """The day that lies a span before `end`; a free one gives way to the working day before it."""
    if span.unit is Unit.WORKING_DAYS:
        return calendar.working_on(end, -span.count, own)
    if span.unit in (Unit.MONTHS, Unit.YEARS):
        return calendar.last_working(months_on(end, -span.count * (12 if span.unit is Unit.YEARS else 1)), own)
    return calendar.last_working(end - timedelta(days=span.count * (7 if span.unit is Unit.WEEKS else 1)), own)


def _by_the_clock(event: datetime, end: datetime, text: str, steps: tuple[str, ...]) -> Counted:
    day = clock.today(end)
    moment = end.astimezone(UTC)
    return Counted(moment=moment, event=clock.today(event), last=day, end=day, elapsed=True, text=text, steps=steps)


def _elapsed(span: Span) -> timedelta:
    return timedelta(hours=span.count) if span.unit is Unit.HOURS else timedelta(minutes=span.count)


def _days(plan: DayPlan, start: date, own: Mapping[date, str]) -> tuple[date, date]:
    """From which day is counted, and where that ends before free days move it."""
    if isinstance(plan, Span):
        return start, _on(start, plan, own)
    if isinstance(plan, PeriodEnd):
        left = plan.months - 1 - (start.month - 1) % plan.months
        closing = months_on(start, left, 31)
        return (closing, closing) if plan.then is None else (closing, _on(closing, plan.then, own))
    if isinstance(plan, Every):
        return start, _next(plan, start, own)
    return start, plan.day


def _on(start: date, span: Span, own: Mapping[date, str]) -> date:
    if span.unit is Unit.WORKING_DAYS:
        return calendar.working_on(start, span.count, own)
    if span.unit is Unit.MONTHS:
        return months_on(start, span.count)
    if span.unit is Unit.YEARS:
        return months_on(start, span.count * 12)
    return start + timedelta(days=span.count * (7 if span.unit is Unit.WEEKS else 1))


def _next(plan: Every, start: date, own: Mapping[date, str]) -> date:
    """The first of the anchored days after `start`; without anchors one step on."""
    if not plan.anchors:
        return _on(start, plan.step, own)
    if plan.anchors[0].month == 0:
        days = [months_on(start, ahead, plan.anchors[0].day) for ahead in (0, 1)]
    else:
        days = [
            months_on(date(start.year + ahead, one.month, 1), 0, one.day) for ahead in (0, 1) for one in plan.anchors
        ]
    return next(day for day in days if day > start)
