"""Terms are counted as art. 57 KPA says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays as second_source
import pytest

from engine import clock, terms
from engine.terms.calendar import holidays, why_free


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.WARSAW).astimezone(UTC)


def last_day(term: str, since: str) -> date:
    return clock.local(terms.due(term, at(since)).moment).date()


@pytest.mark.parametrize(
    ("term", "since", "expected"),
    [
        ("14 dni", "2026-06-03T10:00", "2026-06-17"),  # art. 57 § 1: the day of the event is not counted
        ("7 dni", "2026-04-25T10:00", "2026-05-04"),  # ends on Saturday 2 May, then Sunday and holiday: § 4
        ("1 miesiąc", "2027-01-31T10:00", "2027-03-01"),  # § 3: last day of February, a Sunday
        ("1 miesiąc", "2026-03-31T10:00", "2026-04-30"),
        ("2 tygodnie", "2026-12-10T08:00", "2026-12-28"),  # 24 December is free since 2025
        ("2 dni robocze", "2026-12-23T08:00", "2026-12-29"),
        ("14 dni roboczych", "2026-06-03T10:00", "2026-06-24"),  # Corpus Christi on 4 June
    ],
)
def test_a_term_ends_where_the_code_says(term: str, since: str, expected: str) -> None:
    assert last_day(term, since).isoformat() == expected


def test_hours_run_on_through_nights_and_holidays() -> None:
    due = terms.due("12 godzin", at("2026-12-24T23:00"))

    assert due.moment == at("2026-12-25T11:00")


def test_the_explanation_names_the_holiday_that_moved_the_end() -> None:
    due = terms.due("7 dni", at("2026-04-25T10:00"))

    assert "2 maja wolny (sobota), 3 maja wolny (Święto Konstytucji 3 Maja), więc 4 maja." in due.explanation


def test_the_end_is_the_last_second_of_the_day_in_warsaw() -> None:
    assert clock.local(terms.due("1 dzień", at("2026-11-23T09:00")).moment).time().isoformat() == "23:59:59"


@pytest.mark.parametrize("term", ["14", "dni 14", "P14D", "14 dni temu", "", "-3 dni"])
def test_words_that_name_no_rule_are_refused_in_polish(term: str) -> None:
    assert "Nieznana zasada terminu" in (terms.check(term) or "")
    with pytest.raises(terms.TermUnknown):
        terms.due(term, at("2026-06-03T10:00"))


def test_holidays_agree_with_a_second_source() -> None:
    for year in range(2025, 2101):
        assert set(holidays(year)) == set(second_source.Poland(years=year)), year


def test_working_days_agree_with_a_slow_count() -> None:
    start = date(2026, 4, 1)
    for count in range(1, 60):
        day, left = start, count
        while left:
            day += timedelta(days=1)
            left -= not why_free(day)
        assert last_day(f"{count} dni roboczych", "2026-04-01T12:00") == day
