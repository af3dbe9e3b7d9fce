"""Lets a term run on after it was suspended, by what was left of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from engine import clock
from engine.model import Json
from engine.terms import calendar, counting, grammar
from engine.terms.answer import NO_DATES, Due, finished
from engine.terms.built_in import BUILT_IN
from engine.terms.counting import Counted
from engine.terms.grammar import ELAPSED, PeriodEnd, Span, Unit
from engine.terms.refusals import TermRefused
from engine.terms.rules import Rule, Rules
from engine.terms.words import day, minute, plural


def resumed(
    end: datetime,
    paused_from: datetime,
    resumed_at: datetime,
    *,
    rules: Rules = BUILT_IN,
    facts: Mapping[str, Json] = NO_DATES,
) -> Due:
    """What a term gives that was suspended between two moments; the day of the suspension still counts as passed.

    Args:
        end: of the term before.
        facts: `Due.facts` of the term before; they tell working days and hours from days of the calendar,
            and where the count ended before a free day moved it.

    Raises:
        OutOfRange: when a day lies outside the years whose free days we know.

    Source: art. 35 § 5 and art. 103 KPA.
    """
    row = _row(facts)
    unit = _unit(row.rule)
    if unit in ELAPSED:
        counted = _by_the_clock(end, paused_from, resumed_at, row.rule)
    else:
        minded = rules.free_days if row.name and not row.statutory else calendar.NONE
        counted = _by_days(_last(end, facts), paused_from, resumed_at, unit is Unit.WORKING_DAYS, minded)
    dates = facts.get("dates")
    return finished(counted, row, since=resumed_at, rules=rules, used=dates if isinstance(dates, dict) else {})


def _row(facts: Mapping[str, Json]) -> Rule:
    def said(name: str) -> str:
        return str(facts.get(name) or "")

    return Rule(name=said("name"), rule=said("rule"), statutory=facts.get("statutory") is True, source=said("source"))


def _unit(words: str) -> Unit:
    try:
        plan = grammar.read(words)
    except TermRefused:
        return Unit.DAYS  # nothing is known of it but its end
    if isinstance(plan, PeriodEnd) and plan.then is not None:
        return plan.then.unit
    return plan.unit if isinstance(plan, Span) else Unit.DAYS


def _last(end: datetime, facts: Mapping[str, Json]) -> date:
    last = facts.get("last")
    return date.fromisoformat(last) if isinstance(last, str) else clock.today(end)


def _by_days(
    last: date, paused_from: datetime, resumed_at: datetime, working: bool, own: Mapping[date, str]
) -> Counted:
    stopped, start = clock.today(paused_from), clock.today(resumed_at)
    if working:
        left = calendar.working_between(stopped, last, own)
        until = calendar.working_on(start, left, own)
        unit = plural(left, "dzień roboczy", "dni robocze", "dni roboczych")
    else:
        left = max((last - stopped).days, 0)
        until = start + timedelta(days=left)
        unit = plural(left, "dzień", "dni", "dni")
    end = calendar.next_working(until, own)
    steps = [
        f"Termin zawieszono {day(stopped)}; do {day(last)} zostało {left} {unit}.",
        f"Termin podjęto {day(start)}; tego dnia się nie liczy.",
        f"Po {left} {plural(left, 'dniu', 'dniach', 'dniach')} jest {day(until)}.",
    ]
    text = f"Zawieszony od {day(stopped)} do {day(start)}; zostało {left} {unit}, czyli do {day(until)}"
    if end != until:
        text += f"; {day(until)} wolny ({calendar.why_free(until, own)}), więc {day(end)}"
        steps.append(f"{day(until)} jest wolny ({calendar.why_free(until, own)}), więc koniec: {day(end)}.")
    return Counted(
        moment=counting.end_of(end),
        event=start,
        last=until,
        end=end,
        elapsed=False,
        text=f"{text}.",
        steps=tuple(steps),
    )


def _by_the_clock(end: datetime, paused_from: datetime, resumed_at: datetime, words: str) -> Counted:
    left = max(end - paused_from, timedelta())
    moment = (resumed_at + left).astimezone(UTC)
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    text = f"{words}: wstrzymany od {minute(paused_from)} do {minute(resumed_at)}; zostało {hours} godz. {minutes} min"
    steps = (f"{text}.", f"Koniec: {minute(moment)}.")
    until = clock.today(moment)
    return Counted(
        moment=moment,
        event=clock.today(resumed_at),
        last=until,
        end=until,
        elapsed=True,
        text=f"{text}, czyli do {minute(moment)}.",
        steps=steps,
    )
