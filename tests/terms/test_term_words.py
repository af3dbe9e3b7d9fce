"""Rules are read in plain Polish, and what is none is refused with examples."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine import clock, terms
from engine.terms import grammar
from engine.terms.grammar import Anchor, AtOnce, Every, PeriodEnd, Span, Unit, Until

EVENT = datetime(2026, 6, 3, 10, 15, tzinfo=clock.WARSAW)


@pytest.mark.parametrize(
    ("words", "plan"),
    [
        ("1 dzień", Span(count=1, unit=Unit.DAYS)),
        ("  14   dni ", Span(count=14, unit=Unit.DAYS)),
        ("14 dni kalendarzowych", Span(count=14, unit=Unit.DAYS)),
        ("1 dzień roboczy", Span(count=1, unit=Unit.WORKING_DAYS)),
        ("2 Dni Robocze", Span(count=2, unit=Unit.WORKING_DAYS)),
        ("3 tygodnie", Span(count=3, unit=Unit.WEEKS)),
        ("1 rok", Span(count=1, unit=Unit.YEARS)),
        ("pół roku", Span(count=6, unit=Unit.MONTHS)),
        ("30 minut", Span(count=30, unit=Unit.MINUTES)),
        ("niezwłocznie (24/7)", AtOnce(always=True)),
        ("21 dni od ostatniego z: a, b_c", Span(count=21, unit=Unit.DAYS, last_of=("a", "b_c"))),
        ("3 miesiące od przyjęcia", Span(count=3, unit=Unit.MONTHS, after="przyjęcia")),
        ("koniec kwartału", PeriodEnd(months=3, then=None)),
        ("koniec miesiąca + 5 dni roboczych", PeriodEnd(months=1, then=Span(count=5, unit=Unit.WORKING_DAYS))),
        ("co 2 tygodnie", Every(step=Span(count=2, unit=Unit.WEEKS))),
        ("co rok do 30 kwietnia", Every(step=Span(count=12, unit=Unit.MONTHS), anchors=(Anchor(4, 30),))),
        ("co miesiąc do 5. dnia", Every(step=Span(count=1, unit=Unit.MONTHS), anchors=(Anchor(0, 5),))),
        ("do 30 czerwca 2026", Until(day=date(2026, 6, 30))),
        ("do 2026-06-30", Until(day=date(2026, 6, 30))),
    ],
)
def test_words_are_read_as_people_mean_them(words: str, plan: grammar.Plan) -> None:
    assert grammar.read(words) == plan


@pytest.mark.parametrize(
    "words",
    [
        *("14", "dni 14", "P14D", "14 dni temu", "", "-3 dni", "14,5 dni", "14 dni od", "dni roboczych"),
        *("koniec tygodnia", "koniec miesiąca + 5 godzin", "koniec miesiąca +", "co godzinę", "co rok do 31 kwietnia"),
        *(
            "co pół roku do 31 stycznia",
            "co rok do 5. dnia",
            "do 31 czerwca 2026",
            "21 dni od ostatniego z: 1a",
            "x" * 999,
        ),
    ],
)
def test_words_that_name_no_rule_are_refused_with_examples(words: str) -> None:
    told = terms.check(words) or ""

    assert "Nieznana zasada terminu" in told
    assert "14 dni, 7 dni roboczych" in told
    assert "KPA: 1 miesiąc" in told  # and with the names that there are
    with pytest.raises(terms.TermUnknown):
        terms.due(words, EVENT)


@pytest.mark.parametrize(
    "words", ["51 lat", "601 miesięcy", "18251 dni", "12501 dni roboczych", "438001 godzin", "999999999 minut"]
)
def test_more_than_fifty_years_are_refused(words: str) -> None:
    assert "dłuższy niż 50 lat" in (terms.check(words) or "")
    with pytest.raises(terms.OutOfRange):
        terms.due(words, EVENT)


def test_no_time_at_all_is_refused_but_for_at_once() -> None:
    assert "niezwłocznie" in (terms.check("0 dni") or "")
    assert terms.check("niezwłocznie") is None


@pytest.mark.parametrize("year", [1, 1850, 1990, 2199, 9999])
def test_years_whose_free_days_nobody_knows_are_refused(year: int) -> None:
    with pytest.raises(terms.OutOfRange, match="Dni wolne są znane dla lat 1991–2200"):
        terms.due("5 lat", datetime(year, 6, 3, 12, tzinfo=UTC))


def test_a_fixed_day_before_the_event_is_refused() -> None:
    with pytest.raises(terms.OutOfRange, match="przed zdarzeniem"):
        terms.due("do 2 czerwca 2026", EVENT)


def test_every_rule_that_comes_with_bieg_can_be_read_and_counted() -> None:
    dates = {"data_bip": "2026-06-01", "data_siedziba": "2026-06-02", "data_strona": "2026-06-03"}
    for rule in terms.BUILT_IN.rows:
        due = terms.due(rule.name, EVENT, dates=dates)

        assert due.moment >= EVENT, rule.name
        assert due.statutory == rule.statutory
        assert not rule.reminder or isinstance(grammar.read(rule.reminder), Span)
        assert rule.source
        assert rule.text.endswith(".")
