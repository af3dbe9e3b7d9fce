"""Says in Polish how a term was counted, so that a clerk can check it with a finger on the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engine import clock
from engine.terms import calendar
from engine.terms.grammar import DayPlan, Every, PeriodEnd, Span, Unit, Until
from engine.terms.words import DAY_NAMES, day, minute

Days = tuple[date, date, date, date]  # event, counted from, end before it moves, end
Told = tuple[str, tuple[str, ...]]  # the explanation, one sentence a step


def at_once(words: str, event: datetime, always: bool) -> Told:
    """Of a term that leaves no time."""
    when = ", także w nocy i w dni wolne" if always else ""
    text = f"{words}: od razu po zdarzeniu ({minute(event)}){when}; przypomnienie w tej samej chwili."
    return text, (f"Zdarzenie: {minute(event)}.", f"Działa się od razu{when}.")


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


def days(plan: DayPlan, words: str, counted: Days, own: Mapping[date, str]) -> Told:
    """Of a term in days, weeks, months or years."""
    event, start, last, end = counted
    text, steps = _body(plan, words, (event, start, last), own)
    skipped = _skipped(last, end, own)
    if skipped:
        free = ", ".join(f"{day(one, event)} wolny ({why})" for one, why in skipped)
        text += f"; {free}, więc {day(end, event)}"
        steps += [f"{day(one)} jest wolny ({why})." for one, why in skipped]
        by_law = "" if any(one in own for one, _ in skipped) else " (art. 57 § 4 KPA)"
        steps.append(f"Dlatego termin kończy się {day(end)}, {_named(end)}{by_law}.")
    else:
        steps.append(f"To dzień roboczy ({_named(end)}), więc termin kończy się {day(end)}.")
    return f"{text}.", tuple(steps)


def too_early(words: str, event: date, last: date) -> str:
    """Of a fixed day that lies before the event."""
    return f"Termin „{words}” kończy się {day(last)}, przed zdarzeniem ({day(event)}). Popraw jedną z dat."


def _body(
    plan: DayPlan, words: str, counted: tuple[date, date, date], own: Mapping[date, str]
) -> tuple[str, list[str]]:
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
        period = f"koniec okresu, w którym jest {day(event, start)}"
        text = f"{words}: od {day(start)} ({period}; tego dnia się nie liczy) do {day(last, start)}"
        return text, [closing, f"{day(start)} się nie liczy (art. 57 § 1 KPA).", *_counted(plan.then, start, last, own)]
    if plan.unit is Unit.WORKING_DAYS:
        text = f"{words}: od {since} (tego dnia się nie liczy), licząc tylko dni robocze, do {to}"
        return text, [uncounted, *_counted(plan, start, last, own)]
    text = f"{words}: od {since} (tego dnia się nie liczy) do {to}"
    return text, [uncounted, *_counted(plan, start, last, own)]


def _counted(span: Span, start: date, last: date, own: Mapping[date, str]) -> list[str]:
    """Where the count of a span ends, by which paragraph."""
    to = f"{day(last)}, {_named(last)}"
    if span.unit is Unit.DAYS:
        return [f"{span.count}. dzień to {to}."]
    if span.unit is Unit.WORKING_DAYS:
        return [_passed(start, last, own), f"{span.count}. dzień roboczy to {to}."]
    if span.unit is Unit.WEEKS:
        return [f"Ostatni tydzień kończy się w dniu o tej samej nazwie: {to} (art. 57 § 2 KPA)."]
    whole, paragraph = ("rok", "3a") if span.unit is Unit.YEARS else ("miesiąc", "3")
    if start.day != last.day:
        gone = f"W ostatnim miesiącu nie ma {start.day}. dnia"
        return [f"{gone}, więc liczy się jego ostatni dzień: {to} (art. 57 § {paragraph} KPA)."]
    return [f"Ostatni {whole} kończy się w dniu o tym samym numerze: {to} (art. 57 § {paragraph} KPA)."]


def _passed(start: date, last: date, own: Mapping[date, str]) -> str:
    """The free days on which nothing was counted; Saturdays and Sundays go without saying."""
    between = (start + timedelta(days=one) for one in range(1, (last - start).days))
    weekdays = (one for one in between if one.weekday() < calendar.SATURDAY)
    found = [f"{day(one)} ({why})" for one in weekdays if (why := calendar.why_free(one, own))]
    text = "Nie liczą się soboty, niedziele i święta"
    return f"{text}: {', '.join(found)}." if found else f"{text}."


def _skipped(last: date, end: date, own: Mapping[date, str]) -> list[tuple[date, str]]:
    between = (last + timedelta(days=one) for one in range((end - last).days))
    return [(one, calendar.why_free(one, own)) for one in between]


def _named(one: date) -> str:
    return DAY_NAMES[one.weekday()]
