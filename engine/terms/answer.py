"""What a term gives for one event: end, target and reminder, with everything from which they follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from engine import clock
from engine.model import Json
from engine.terms import beginning, calendar, counting, grammar
from engine.terms.built_in import BUILT_IN
from engine.terms.counting import Counted
from engine.terms.grammar import ELAPSED, Span
from engine.terms.rules import Rule, Rules, find, problem
from engine.terms.words import day, minute, plural

REMINDED_AT = time(6, 30)  # before people come in, and before the digest of the day goes out
LONG = 7  # days; a longer term is reminded earlier
EARLY, LATE = 3, 1  # working days before the end
NO_DATES: Mapping[str, Json] = {}


@dataclass(frozen=True, kw_only=True)
class Due:
    """What a term gives. Moments are UTC; target and reminder lie within the term."""

    moment: datetime  # the end
    target: datetime  # the working day before the end, at its last second
    reminder: datetime
    statutory: bool
    explanation: str  # Polish
    steps: tuple[str, ...]  # one Polish sentence for each step of the count
    inputs: Mapping[str, Json] = field(default_factory=dict)
    by_clock: bool = False  # counted in hours or minutes: its moments mean more than their days

    def facts(self) -> dict[str, Json]:
        """All of it as JSON: name, rule, source, since, event, last, dates, calendar, end, target, reminder …"""
        return {
            **self.inputs,
            "statutory": self.statutory,
            "by_clock": self.by_clock,
            "end": self.moment.isoformat(),
            "target": self.target.isoformat(),
            "reminder": self.reminder.isoformat(),
            "explanation": self.explanation,
            "steps": [*self.steps],
        }


def check(term: str, rules: Rules = BUILT_IN) -> str | None:
    """A Polish sentence when `term` is neither the name of a rule nor words of one, else None."""
    names = sorted({row.name for row in rules.rows if row.valid_to is None})
    found = problem(term, names)
    return f"{found} Nazwane zasady: {'; '.join(names)}." if found and names else found


def due(
    term: str,
    since: datetime,
    *,
    rules: Rules = BUILT_IN,
    dates: Mapping[str, Json] = NO_DATES,
    own: bool = False,
) -> Due:
    """What the term gives that begins with an event at `since`.

    Args:
        term: the name of a rule, or plain words such as "14 dni roboczych".
        since: the event, aware.
        dates: variables of the case, for rules that begin with its own dates.
        own: count plain words as a term of the centre, which its own free days move.

    Raises:
        TermUnknown: when `term` is no rule, or none that was in force on the day of the event.
        DatesMissing: when the rule begins with dates that the case does not know yet.
        OutOfRange: when the term or a date is absurd.

    Source: art. 57 KPA.
    """
    calendar.holidays(since.year)  # refuses a year that nobody knows
    row = find(term, clock.today(since), rules)
    plan = grammar.read(row.rule)
    event, used = beginning.begins(plan, since, dates)
    own_days = not row.statutory and (own or bool(row.name))
    counted = counting.count(plan, _said(row, plan), event, rules.free_days if own_days else calendar.NONE)
    if used:
        counted = replace(counted, steps=(beginning.told(used), *counted.steps))
    found = finished(counted, row, since=since, rules=rules, used=used)
    return replace(found, inputs={**found.inputs, "own_days": own_days})


def finished(counted: Counted, row: Rule, *, since: datetime, rules: Rules, used: Mapping[str, Json]) -> Due:
    """Target and reminder beside the end; neither lies before `since` nor after the end.

    Args:
        used: the dates of the case that were looked at.
    """
    first, end = min(since.astimezone(UTC), counted.moment), counted.moment
    target, why_target = _target(counted, first, rules.free_days)
    reminder, why_reminder = _reminder(counted, row, first, rules.free_days)
    inputs: dict[str, Json] = {
        "name": row.name,
        "rule": row.rule,
        "source": row.source,
        "since": since.astimezone(UTC).isoformat(),
        "event": counted.event.isoformat(),
        "counted_from": (counted.start or counted.event).isoformat(),
        "last": counted.last.isoformat(),
        "dates": dict(used),
        "calendar": rules.calendar,
    }
    return Due(
        moment=end,
        target=target,
        reminder=reminder,
        statutory=row.statutory,
        explanation=counted.text,
        steps=(*counted.steps, why_target, why_reminder),
        inputs=inputs,
        by_clock=counted.elapsed,
    )


def _said(row: Rule, plan: grammar.Plan) -> str:
    """The rule as the explanation names it."""
    if not row.name:
        return row.rule.replace("_", " ")  # variables, for people who know nothing of them
    told = row.rule.casefold() in row.name.casefold() or (isinstance(plan, Span) and plan.last_of)
    return row.name if told else f"{row.name} ({row.rule})"


def _target(counted: Counted, first: datetime, own: Mapping[date, str]) -> tuple[datetime, str]:
    if counted.elapsed:
        return counted.moment, "Cel: ten sam co koniec, bo liczy się każda chwila."
    before = counting.end_of(calendar.working_on(counted.end, -1, own))
    if before < first:
        return counted.moment, f"Cel: {day(counted.end)}, bo przed końcem nie ma już dnia roboczego."
    return before, f"Cel: {day(clock.today(before))}, dzień roboczy przed końcem."


def _reminder(counted: Counted, row: Rule, first: datetime, own: Mapping[date, str]) -> tuple[datetime, str]:
    end = counted.moment
    span = grammar.read(row.reminder) if row.reminder else None
    if isinstance(span, Span):
        said, moment = f"{row.reminder} przed końcem", _before(counted, span, own)
    elif counted.elapsed:
        said, moment = "gdy zostaje ćwierć czasu", end - (end - first) / 4
    else:
        early = EARLY if (counted.end - counted.event).days >= LONG else LATE
        said = f"{early} {plural(early, 'dzień roboczy', 'dni robocze', 'dni roboczych')} przed końcem"
        moment = _morning(calendar.working_on(counted.end, -early, own))
    if moment <= first:
        return first, "Przypomnienie: od razu."
    when = minute(moment) if counted.elapsed else day(clock.today(moment))
    return moment, f"Przypomnienie: {when}, {said}."


def _before(counted: Counted, span: Span, own: Mapping[date, str]) -> datetime:
    if span.unit in ELAPSED:
        hours = span.count if span.unit is grammar.Unit.HOURS else span.count / 60
        return counted.moment - timedelta(hours=hours)
    return _morning(counting.back(counted.end, span, own))


def _morning(on: date) -> datetime:
    return datetime.combine(on, REMINDED_AT, clock.WARSAW).astimezone(UTC)
