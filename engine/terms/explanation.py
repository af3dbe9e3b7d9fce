"""Says in Polish how a term was counted, so that a clerk can check it with a finger on the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engine import clock
from engine.terms import calendar
from engine.terms.grammar import Every, PeriodEnd, Plan, Span, Unit, Until
from engine.terms.words import DAY_NAMES, day, minute

Days = tuple[date, date, date, date]  # event, counted from, end before it moves, end
Told = tuple[str, tuple[str, ...]]  # the explanation, one sentence a step


def at_once(words: str, event: datetime, always: bool) -> Told:
    """Of a term that leaves no time."""
    when = ", także w nocy i w dni wolne" if always else ""
    text = f"{words}: od razu po zdarzeniu ({minute(event)}){when}; przypomnienie w tej samej chwili."
    return text, (f"Zdarzenie: {minute(event)}.", f"Nie ma na co czekać: działa się od razu{when}.")


def elapsed(words: str, event: datetime, end: datetime) -> Told:
    """Of a term in hours or minutes."""
    text = f"{words}: od {minute(event)}, także w nocy i w dni wolne, do {minute(end)}."
    steps = [
        f"Zdarzenie: {minute(event)}.",
        "Liczy się czas, który upłynął, także w nocy i w dni wolne.",
        f"Koniec: {minute(end)}.",
    ]
    if clock.local(event).utcoffset() != clock.local(end).utcoffset():
        steps.insert(2, "W tym czasie przestawia się zegary (czas letni i zimowy), dlatego godzina różni się o jedną.")
    return text, tuple(steps)


def days(plan: Plan, words: str, counted: Days, own: Mapping[date, str]) -> Told:
    """Of a term in days, weeks, months or years."""
    event, start, last, end = counted
    text, steps = _body(plan, words, (event, start, last))
    skipped = _skipped(last, end, own)
    if skipped:
        free = ", ".join(f"{day(one, event)} wolny ({why})" for one, why in skipped)
        text += f"; {free}, więc {day(end, event)}"
        steps += [f"{day(one)} jest wolny ({why})." for one, why in skipped]
        steps.append(f"Dlatego termin kończy się {day(end)}, {_named(end)} (art. 57 § 4 KPA).")
    else:
        steps.append(f"To dzień roboczy ({_named(end)}), więc termin kończy się {day(end)}.")
    return f"{text}.", tuple(steps)


def too_early(words: str, event: date, last: date) -> str:
    """Of a fixed day that lies before the event."""
    return f"Termin „{words}” kończy się {day(last)}, przed zdarzeniem ({day(event)}). Popraw jedną z dat."


def _body(plan: Plan, words: str, counted: tuple[date, date, date]) -> tuple[str, list[str]]:
    event, start, last = counted
    since, to = day(event), day(last, event)
    uncounted = f"Zdarzenie: {since}, {_named(event)}; tego dnia się nie liczy (art. 57 § 1 KPA)."
    if isinstance(plan, Until):
        return f"{words}", [f"Zdarzenie: {since}.", f"Ostatni dzień jest podany wprost: {day(last)}."]
    if isinstance(plan, Every):
        text = f"{words}: następny raz po {since} to {to}"
        return text, [f"Liczone od: {since}.", f"Następny raz: {day(last)}, {_named(last)}."]
    if isinstance(plan, PeriodEnd):
        closing = f"Okres, w którym jest {since}, kończy się {day(start)}."
        if plan.then is None:
            return f"{words}: okres, w którym jest {since}, kończy się {to}", [closing]
        text = (
            f"{words}: od {day(start, event)} (koniec okresu, w którym jest {since}; tego dnia się nie liczy) do {to}"
        )
        return text, [closing, f"{day(start)} się nie liczy (art. 57 § 1 KPA).", _counted(plan.then, last)]
    if isinstance(plan, Span) and plan.unit is Unit.WORKING_DAYS:
        text = f"{words}: od {since} (tego dnia się nie liczy), licząc tylko dni robocze, do {to}"
        return text, [uncounted, *_passed(start, last), _counted(plan, last)]
    text = f"{words}: od {since} (tego dnia się nie liczy) do {to}"
    return text, [uncounted, _counted(plan, last)] if isinstance(plan, Span) else [uncounted]


def _counted(span: Span, last: date) -> str:
    """Where the count of a span ends, by which paragraph."""
    to = f"{day(last)}, {_named(last)}"
    return {
        Unit.DAYS: f"{span.count}. dzień to {to}.",
        Unit.WORKING_DAYS: f"{span.count}. dzień roboczy to {to}.",
        Unit.WEEKS: f"Ostatni tydzień kończy się w dniu o tej samej nazwie: {to} (art. 57 § 2 KPA).",
        Unit.YEARS: f"Ostatni rok kończy się w dniu o tej samej dacie: {to} (art. 57 § 3a KPA).",
    }.get(span.unit, f"Ostatni miesiąc kończy się w dniu o tym samym numerze: {to} (art. 57 § 3 KPA).")


def _passed(start: date, last: date) -> list[str]:
    """The public holidays on which nothing was counted; Saturdays and Sundays go without saying."""
    between = (start + timedelta(days=one) for one in range(1, (last - start).days))
    found = [f"{day(one)} ({calendar.holidays(one.year)[one]})" for one in between if _weekday_holiday(one)]
    text = "Nie liczą się soboty, niedziele i święta"
    return [f"{text}: {', '.join(found)}." if found else f"{text}."]


def _weekday_holiday(one: date) -> bool:
    return one.weekday() < calendar.SATURDAY and one in calendar.holidays(one.year)


def _skipped(last: date, end: date, own: Mapping[date, str]) -> list[tuple[date, str]]:
    between = (last + timedelta(days=one) for one in range((end - last).days))
    return [(one, calendar.why_free(one, own)) for one in between]


def _named(one: date) -> str:
    return DAY_NAMES[one.weekday()]
