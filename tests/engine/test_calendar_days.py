"""A calendar has the right days: in months of six rows, in week 53, in leap years and when clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine import clock
from engine.reading.calendars import FIRST, LAST, Span, begin_of, days_of, neighbour, week_number

DAYS = some.dates(FIRST, LAST)


@pytest.mark.parametrize(
    ("day", "first", "last", "rows"),
    [
        (date(2026, 8, 15), date(2026, 7, 27), date(2026, 9, 6), 6),  # begins on a Saturday, has 31 days
        (date(2026, 2, 1), date(2026, 1, 26), date(2026, 3, 1), 5),
        (date(2021, 2, 28), date(2021, 2, 1), date(2021, 2, 28), 4),  # begins on a Monday, has 28 days
        (date(2028, 2, 29), date(2028, 1, 31), date(2028, 3, 5), 5),
        (date(2026, 12, 31), date(2026, 11, 30), date(2027, 1, 3), 5),
    ],
)
def test_a_month_is_shown_in_whole_weeks(day: date, first: date, last: date, rows: int) -> None:
    assert days_of(Span.MONTH, day) == (first, last)
    assert (last - first).days + 1 == 7 * rows


def test_the_last_week_of_2026_is_week_53_and_reaches_into_the_next_year() -> None:
    assert days_of(Span.WEEK, date(2027, 1, 2)) == (date(2026, 12, 28), date(2027, 1, 3))
    assert week_number(date(2027, 1, 2)) == 53
    assert week_number(neighbour(Span.WEEK, date(2027, 1, 2), 1)) == 1


@pytest.mark.parametrize(
    ("span", "day", "before", "after"),
    [
        (Span.DAY, date(2028, 2, 29), date(2028, 2, 28), date(2028, 3, 1)),
        (Span.WEEK, date(2028, 2, 29), date(2028, 2, 22), date(2028, 3, 7)),
        (Span.MONTH, date(2026, 1, 31), date(2025, 12, 1), date(2026, 2, 1)),
        (Span.YEAR, date(2028, 2, 29), date(2027, 2, 1), date(2029, 2, 1)),
    ],
)
def test_the_page_before_and_the_page_after_are_the_neighbours(
    span: Span, day: date, before: date, after: date
) -> None:
    assert neighbour(span, day, -1) == before
    assert neighbour(span, day, 1) == after


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23), (date(2026, 6, 1), 24)])
def test_a_day_on_which_clocks_change_is_longer_or_shorter(day: date, hours: int) -> None:
    length = begin_of(day + timedelta(days=1)) - begin_of(day)

    assert length == timedelta(hours=hours)
    assert clock.local(begin_of(day)).time().isoformat() == "00:00:00"


def test_a_day_begins_at_midnight_of_the_centre() -> None:
    assert begin_of(date(2026, 7, 1)) == datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert begin_of(date(2026, 12, 1)) == datetime(2026, 11, 30, 23, tzinfo=UTC)


@given(DAYS)
def test_every_page_shows_the_day_that_was_asked_for_in_weeks_from_monday(day: date) -> None:
    for span in Span:
        first, last = days_of(span, day)
        assert first <= day <= last
    first, last = days_of(Span.MONTH, day)
    assert (first.weekday(), last.weekday()) == (0, 6)


@given(DAYS, some.sampled_from([Span.DAY, Span.WEEK, Span.MONTH, Span.YEAR]))
def test_pages_follow_one_another_without_a_gap(day: date, span: Span) -> None:
    _, last = days_of(span, day)
    first_of_next, _ = days_of(span, neighbour(span, day, 1))

    assert first_of_next <= last + timedelta(days=1)
    assert neighbour(span, neighbour(span, day, 1), -1) in (day, day.replace(day=1))
