"""Days come round by their rule, and begin as long before as the words say."""

from datetime import date, timedelta

import pytest

from engine.terms import rounds


def found(rule, first, last):
    return list(rounds.days(rule, first, last))


def test_a_half_year_ends_with_june_and_with_december():
    assert found("co pół roku", date(2026, 7, 1), date(2027, 12, 31)) == [
        date(2026, 12, 31),
        date(2027, 6, 30),
        date(2027, 12, 31),
    ]


def test_quarters_and_months_end_with_their_last_day():
    assert found("co kwartał", date(2027, 1, 1), date(2027, 6, 30)) == [date(2027, 3, 31), date(2027, 6, 30)]
    assert found("co miesiąc", date(2028, 1, 31), date(2028, 3, 30)) == [date(2028, 1, 31), date(2028, 2, 29)]


def test_the_yearly_day_comes_once_in_each_year_and_counts_both_ends():
    assert found("co rok do 30 kwietnia", date(2026, 4, 30), date(2028, 4, 30)) == [
        date(2026, 4, 30),
        date(2027, 4, 30),
        date(2028, 4, 30),
    ]
    assert found("co rok do 30 kwietnia", date(2026, 5, 1), date(2027, 4, 29)) == []


def test_the_29th_of_february_is_the_28th_in_other_years():
    assert found("co rok do 29 lutego", date(2027, 1, 1), date(2028, 12, 31)) == [date(2027, 2, 28), date(2028, 2, 29)]


@pytest.mark.parametrize("rule", ["co rok do 30 lutego", "co rok do 31 czerwca", "co rok do 0 maja", "kiedyś", ""])
def test_what_is_no_rule_is_refused_with_examples(rule):
    assert "co pół roku" in rounds.check(rule)
    with pytest.raises(ValueError, match="co rok"):
        list(rounds.days(rule, date(2027, 1, 1), date(2027, 12, 31)))


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("60 dni", date(2027, 3, 1)),
        ("1 dzień", date(2027, 4, 29)),
        ("2 tygodnie", date(2027, 4, 16)),
        ("2 miesiące", date(2027, 2, 28)),
        ("5 miesięcy", date(2026, 11, 30)),
    ],
)
def test_a_duty_begins_so_long_before_it_is_due(words, day):
    assert rounds.check_ahead(words) == ""
    assert rounds.before(date(2027, 4, 30), words) == day


@pytest.mark.parametrize("words", ["0 dni", "14", "dwa tygodnie", "400 dni", "99 miesięcy", "3 godziny", ""])
def test_what_is_no_time_ahead_is_refused(words):
    assert "14 dni" in rounds.check_ahead(words)


def test_a_leap_day_begins_and_ends_months():
    assert rounds.before(date(2028, 2, 29), "12 miesięcy") == date(2027, 2, 28)
    assert rounds.months_on(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert rounds.months_on(date(2026, 12, 31), 2) == date(2027, 2, 28)


def test_the_months_of_a_contract_are_those_in_which_it_has_a_day():
    assert list(rounds.month_starts(date(2026, 11, 30), date(2027, 1, 1))) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


@pytest.mark.parametrize("rule", ["co miesiąc", "co kwartał", "co pół roku", "co rok do 29 lutego"])
def test_looking_ahead_in_pieces_finds_the_same_days_as_looking_once(rule):
    first, last = date(2026, 11, 22), date(2030, 1, 1)
    cuts = [first + timedelta(days=97 * number) for number in range(1, 11)]

    pieces = [
        day
        for start, end in zip([first, *cuts], [*(cut - timedelta(days=1) for cut in cuts), last], strict=True)
        for day in rounds.days(rule, start, end)
    ]

    assert pieces == found(rule, first, last)
