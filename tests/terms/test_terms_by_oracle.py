"""A hundred thousand random terms end where an independent count, day by day, ends them."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
import slow_oracle
from holidays import country_holidays

from engine import clock, terms
from engine.terms import calendar, counting

EACH = 15_000
KINDS = {  # kind: most, words
    "days": (150, "{} dni"),
    "working_days": (90, "{} dni roboczych"),
    "weeks": (26, "{} tygodni"),
    "months": (18, "{} miesięcy"),
    "years": (3, "{} lat"),
}
FIRST = date(1992, 1, 1).toordinal()
LAST = date(2096, 1, 1).toordinal()  # the second source ends with 2100


def events(kind: str) -> random.Random:
    return random.Random(f"terminy {kind}")  # the same ones every time, so that a failure can be seen again


def differences(kind: str, tries: int) -> list[str]:
    """Where the two counts differ."""
    chance, (most, words) = events(kind), KINDS[kind]
    found = []
    for _ in range(tries):
        day, count = date.fromordinal(chance.randint(FIRST, LAST)), chance.randint(1, most)
        event = datetime(day.year, day.month, day.day, chance.randint(0, 23), 15, tzinfo=clock.WARSAW)
        due = terms.due(words.format(count), event)
        end = slow_oracle.end(kind, count, day)
        if clock.local(due.moment).date() != end:
            found.append(f"{due.explanation} A {end}?")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_random_terms_end_where_a_slow_count_ends_them(kind: str) -> None:
    assert differences(kind, EACH) == []


def test_a_count_that_leaves_the_end_on_saturday_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def unmoved(day: date, own: object = None) -> date:
        return day if day.weekday() == calendar.SATURDAY else calendar.last_working(day)

    monkeypatch.setattr(counting.calendar, "next_working", unmoved)

    assert differences("days", 200)


def test_a_count_that_counts_the_day_of_the_event_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    real = counting.calendar.working_on
    monkeypatch.setattr(counting.calendar, "working_on", lambda day, count, own={}: real(day, count - 1, own))

    assert differences("working_days", 200)


def test_random_hours_and_minutes_are_elapsed_time_whatever_the_clocks_do() -> None:
    chance = events("hours")
    for _ in range(EACH):
        event = datetime.fromtimestamp(chance.randint(1_700_000_000, 2_300_000_000), UTC)
        hours, minutes = chance.randint(1, 2000), chance.randint(1, 5000)

        assert terms.due(f"{hours} godzin", event).moment == slow_oracle.moment(hours * 3600, event)
        assert terms.due(f"{minutes} minut", event).moment == slow_oracle.moment(minutes * 60, event)


def test_random_ends_of_periods_agree_with_a_slow_count() -> None:
    chance, periods = events("periods"), {"miesiąca": 1, "kwartału": 3, "półrocza": 6, "roku": 12}
    for _ in range(EACH // 3):
        day, (name, months) = date.fromordinal(chance.randint(FIRST, LAST)), chance.choice([*periods.items()])
        count = chance.randint(1, 20)
        event = datetime(day.year, day.month, day.day, 12, tzinfo=clock.WARSAW)

        due = terms.due(f"koniec {name} + {count} dni roboczych", event)

        assert clock.local(due.moment).date() == slow_oracle.end_of_period("working_days", count, day, months)


def test_random_yearly_days_agree_with_a_slow_count() -> None:
    chance = events("yearly")
    for _ in range(EACH // 3):
        day = date.fromordinal(chance.randint(FIRST, LAST))
        event = datetime(day.year, day.month, day.day, 12, tzinfo=clock.WARSAW)

        yearly = terms.due("co rok do 30 kwietnia", event)
        twice = terms.due("co pół roku do 31 stycznia i 31 lipca", event)

        assert clock.local(yearly.moment).date() == slow_oracle.next_on(day, frozenset({(4, 30)}))
        assert clock.local(twice.moment).date() == slow_oracle.next_on(day, frozenset({(1, 31), (7, 31)}))


def test_target_and_reminder_are_working_days_before_the_end_and_never_before_the_event() -> None:
    chance = events("targets")
    for _ in range(EACH // 3):
        event = datetime.fromtimestamp(chance.randint(1_100_000_000, 2_300_000_000), UTC)
        words = chance.choice(["{} dni", "{} dni roboczych", "{} godzin", "{} tygodni"]).format(chance.randint(1, 40))

        due = terms.due(words, event)

        assert event <= due.reminder <= due.moment
        assert event <= due.target <= due.moment
        if not due.by_clock and due.target < due.moment:
            before = slow_oracle.working_day_before(clock.local(due.moment).date(), 1)
            assert clock.local(due.target).date() == before


@pytest.mark.parametrize("year", [*range(1991, 2101)])
def test_holidays_agree_with_a_second_source(year: int) -> None:
    assert set(calendar.holidays(year)) == set(country_holidays("PL", years=year))


def test_free_days_follow_the_acts_that_changed_them() -> None:
    assert not calendar.why_free(date(2010, 1, 6))  # Wednesday; free again since 2011
    assert calendar.why_free(date(2011, 1, 6)) == "Święto Trzech Króli"
    assert not calendar.why_free(date(2024, 12, 24))  # Tuesday; free since 2025
    assert calendar.why_free(date(2025, 12, 24)) == "Wigilia"
    assert calendar.why_free(date(2018, 11, 12)) == "setna rocznica odzyskania niepodległości"
    assert not calendar.why_free(date(2018, 11, 12) + timedelta(days=1))
