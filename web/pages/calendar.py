"""`Kalendarz`: what falls on the days of a month or week, and the duties of a year."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.reading import calendars
from engine.reading.calendars import Span, Whose
from web import context, filters
from web.guard import needs
from web.render import page

blueprint = Blueprint("calendar", __name__)

SPANS = (("miesiac", "Miesiąc", Span.MONTH), ("tydzien", "Tydzień", Span.WEEK), ("rok", "Obowiązki roku", Span.YEAR))
PEOPLE = (("moje", "Moje", Whose.OWN), ("zespol", "Zespół", Whose.TEAM), ("wszyscy", "Wszyscy", Whose.ALL))
WORDS_OF_SPANS = {"dzien": Span.DAY} | {word: span for word, _, span in SPANS}
WORDS_OF_PEOPLE = {word: whose for word, _, whose in PEOPLE}
MONTHS = (
    "styczeń",
    "luty",
    "marzec",
    "kwiecień",
    "maj",
    "czerwiec",
    "lipiec",
    "sierpień",
    "wrzesień",
    "październik",
    "listopad",
    "grudzień",
)
DAYS = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")


@blueprint.get("/kalendarz")
@needs(Right.SIGNED_IN)
def show() -> ResponseReturnValue:
    """The calendar; without a choice it is one's own of this month."""
    asked = request.args
    with context.look() as work:
        found = calendars.page(
            work,
            context.person(),
            span=WORDS_OF_SPANS.get(asked.get("widok", ""), Span.MONTH),
            whose=WORDS_OF_PEOPLE.get(asked.get("kto", ""), Whose.OWN),
            day=_day(asked.get("dzien", "")),
        )
    span = {value: word for word, value in WORDS_OF_SPANS.items()}[found.span]
    around = (found.before, found.after)
    whose = {value: word for word, value in WORDS_OF_PEOPLE.items()}[found.whose]
    return page(
        "calendar.html",
        found=found,
        span=span,
        whose=whose,
        spans=SPANS,
        people=[(word, label) for word, label, value in PEOPLE if value in found.offered],
        title=_title(found.span, found.day, found.first, found.last),
        neighbours=[_title(found.span, day, *calendars.days_of(found.span, day)) for day in around],
        month_names=MONTHS,
        day_names=DAYS,
    )


def _title(span: Span, day: date, first: date, last: date) -> str:
    """Listopad 2026 · Tydzień 47: 16–22 listopada 2026 · Rok 2026 · Poniedziałek, 16 listopada 2026."""
    if span is Span.YEAR:
        return f"Rok {day.year}"
    if span is Span.MONTH:
        return f"{MONTHS[day.month - 1]} {day.year}".capitalize()
    if span is Span.DAY:
        return f"{DAYS[day.weekday()]}, {filters.day(day)}".capitalize()
    same_month = first.month == last.month
    begin = f"{first.day}" if same_month else filters.day(first).removesuffix(f" {last.year}")
    return f"Tydzień {calendars.week_number(first)}: {begin}{'–' if same_month else ' – '}{filters.day(last)}"


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
