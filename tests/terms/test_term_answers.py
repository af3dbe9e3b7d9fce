"""Each answer carries its dates, its explanation, and everything from which they follow."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from engine import clock, terms
from engine.terms import Due, Rule, Rules

OWN = Rule(name="Własny", rule="3 dni robocze", statutory=False)
LAW = Rule(name="Ustawowy", rule="3 dni robocze", statutory=True, source="art. 1")
BRIDGE = Rules(rows=(OWN, LAW), free_days={date(2026, 6, 5): "dzień po Bożym Ciele"})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.WARSAW).astimezone(UTC)


def days(due: Due) -> tuple[str, str, str]:
    return tuple(clock.local(one).date().isoformat() for one in (due.moment, due.target, due.reminder))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("term", "since", "told"),
    [
        ("14 dni", "2026-06-03", "14 dni: od 3 czerwca 2026 (tego dnia się nie liczy) do 17 czerwca."),
        (
            "14 dni",
            "2026-05-21",
            "14 dni: od 21 maja 2026 (tego dnia się nie liczy) do 4 czerwca;"
            " 4 czerwca wolny (Boże Ciało), więc 5 czerwca.",
        ),
        (
            "1 miesiąc",
            "2026-11-24",
            "1 miesiąc: od 24 listopada 2026 (tego dnia się nie liczy) do 24 grudnia; 24 grudnia wolny (Wigilia),"
            " 25 grudnia wolny (pierwszy dzień Bożego Narodzenia), 26 grudnia wolny (drugi dzień Bożego Narodzenia),"
            " 27 grudnia wolny (niedziela), więc 28 grudnia.",
        ),
        (
            "KPA: 1 miesiąc",
            "2026-12-10",
            "KPA: 1 miesiąc: od 10 grudnia 2026 (tego dnia się nie liczy) do 10 stycznia 2027;"
            " 10 stycznia 2027 wolny (niedziela), więc 11 stycznia 2027.",
        ),
        (
            "2 dni robocze",
            "2026-12-23",
            "2 dni robocze: od 23 grudnia 2026 (tego dnia się nie liczy), licząc tylko dni robocze, do 29 grudnia.",
        ),
        (
            "koniec miesiąca + 5 dni roboczych",
            "2026-12-03",
            "koniec miesiąca + 5 dni roboczych: od 31 grudnia 2026 (koniec okresu, w którym jest 3 grudnia;"
            " tego dnia się nie liczy) do 11 stycznia 2027.",
        ),
        (
            "co rok do 30 kwietnia",
            "2026-11-22",
            "co rok do 30 kwietnia: następny raz po 22 listopada 2026 to 30 kwietnia 2027.",
        ),
        (
            "12 godzin",
            "2026-12-24T23:00",
            "12 godzin: od 24 grudnia 2026, 23:00, także w nocy i w dni wolne, do 25 grudnia 2026, 11:00.",
        ),
    ],
)
def test_the_explanation_can_be_checked_by_a_clerk(term: str, since: str, told: str) -> None:
    assert terms.due(term, at(since)).explanation == told


def test_a_longer_term_is_reminded_three_working_days_before_and_a_shorter_one_a_day() -> None:
    assert days(terms.due("14 dni", at("2026-06-03"))) == ("2026-06-17", "2026-06-16", "2026-06-12")
    assert days(terms.due("6 dni", at("2026-06-09"))) == ("2026-06-15", "2026-06-12", "2026-06-12")


def test_a_rule_may_say_when_to_remind() -> None:
    due = terms.due("Ocena zasobów pomocy społecznej", at("2026-11-22"))

    assert days(due) == ("2027-04-30", "2027-04-29", "2027-02-26")  # 28 February 2027 is a Sunday
    assert "2 miesiące przed końcem" in due.steps[-1]


def test_hours_are_reminded_when_a_quarter_is_left() -> None:
    due = terms.due("12 godzin", at("2026-10-24T20:00"))

    assert due.reminder == due.moment - timedelta(hours=3)
    assert due.target == due.moment
    assert any("przestawia się zegary" in step for step in due.steps)


def test_at_once_means_the_event_itself_and_says_so() -> None:
    event = at("2026-12-24T23:00")
    due = terms.due("niezwłocznie (24/7)", event)

    assert due.moment == due.target == due.reminder == event
    assert "także w nocy i w dni wolne" in due.explanation


def test_a_term_without_a_working_day_before_its_end_has_its_end_for_a_target() -> None:
    friday = terms.due("1 dzień", at("2026-11-21T10:00"))  # Saturday to Monday

    assert friday.target == friday.moment == at("2026-11-23T23:59:59")
    assert friday.reminder == at("2026-11-21T10:00")


def test_free_days_of_the_centre_move_targets_and_own_terms_but_no_statutory_end() -> None:
    event = at("2026-06-02")

    law, own = terms.due("Ustawowy", event, rules=BRIDGE), terms.due("Własny", event, rules=BRIDGE)

    assert days(law)[0] == "2026-06-08"  # 3, 5 and 8 June; 4 June is Corpus Christi
    assert days(own)[0] == "2026-06-09"
    assert days(law)[1] == "2026-06-03"  # the working day before: not the 5th, which the centre has off
    assert "dzień po Bożym Ciele" in " ".join(own.steps)
    assert days(terms.due("3 dni robocze", event, rules=BRIDGE))[0] == "2026-06-08"
    assert days(terms.due("3 dni robocze", event, rules=BRIDGE, own=True))[0] == "2026-06-09"


def test_an_event_is_counted_by_the_row_of_its_day() -> None:
    rows = (
        Rule(name="Zmienna", rule="14 dni", statutory=True, valid_to=date(2026, 12, 31)),
        Rule(name="Zmienna", rule="30 dni", statutory=True, valid_from=date(2027, 1, 1)),
    )
    rules = Rules(rows=rows)

    assert terms.due("zmienna", at("2026-12-31"), rules=rules).inputs["rule"] == "14 dni"
    assert terms.due("Zmienna", at("2027-01-01"), rules=rules).inputs["rule"] == "30 dni"


def test_a_rule_that_was_not_in_force_says_when_it_is() -> None:
    rules = Rules(rows=(Rule(name="Nowa", rule="14 dni", statutory=True, valid_from=date(2027, 1, 1)),))

    with pytest.raises(terms.TermUnknown, match="nie obowiązuje 31 grudnia 2026; obowiązuje od 1 stycznia 2027"):
        terms.due("Nowa", at("2026-12-31"), rules=rules)


def test_a_rule_that_will_end_is_none_to_build_on() -> None:
    rules = Rules(rows=(Rule(name="Stara", rule="14 dni", statutory=True, valid_to=date(2026, 12, 31)),))

    assert terms.check("Stara", rules)
    assert rules.lasting(date(2026, 6, 3)) == ()


def test_the_last_of_three_announcements_begins_the_term() -> None:
    dates = {"data_bip": "2026-06-05", "data_siedziba": "2026-06-03", "data_strona": "2026-06-01"}
    due = terms.due("21 dni od ostatniego z ogłoszeń", at("2026-06-01"), dates=dates)

    assert days(due)[0] == "2026-06-26"
    assert due.inputs["dates"] == dates
    assert due.steps[0].startswith("Daty w sprawie: data bip 5 czerwca 2026")


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_a_date_that_is_missing_is_named(empty: str | None) -> None:
    with pytest.raises(terms.DatesMissing, match="Brakuje dat: „data siedziba” i „data strona”") as refused:
        terms.due(
            "21 dni od ostatniego z ogłoszeń", at("2026-06-01"), dates={"data_bip": "2026-06-01", "data_strona": empty}
        )

    assert refused.value.missing == ("data_siedziba", "data_strona")


@pytest.mark.parametrize("value", ["jutro", 12, True, ["2026-06-01"], "2026-13-01"])
def test_a_value_that_is_no_date_is_refused(value: object) -> None:
    with pytest.raises(terms.OutOfRange, match="„przyjecie dnia” nie jest datą"):
        terms.due("14 dni od przyjecie_dnia", at("2026-06-01"), dates={"przyjecie_dnia": value})  # type: ignore[dict-item]


def test_hours_need_more_than_a_day_to_begin() -> None:
    with pytest.raises(terms.OutOfRange, match="Podaj też godzinę"):
        terms.due("12 godzin od zgloszenie", at("2026-06-01"), dates={"zgloszenie": "2026-06-01"})


def test_words_for_the_event_are_no_variable() -> None:
    assert days(terms.due("3 miesiące od przyjęcia", at("2026-06-03")))[0] == "2026-09-03"
    given = terms.due("3 miesiące od przyjęcia", at("2026-06-03"), dates={"przyjęcia": "2026-05-04"})
    assert days(given)[0] == "2026-08-04"


def test_facts_are_json_and_name_rule_source_and_calendar() -> None:
    facts = terms.due("KPA: 1 miesiąc", at("2026-06-03T10:15"), rules=terms.BUILT_IN).facts()

    assert json.loads(json.dumps(facts)) == facts
    assert facts["name"] == "KPA: 1 miesiąc"
    assert facts["source"] == "art. 35 § 3 KPA"
    assert facts["since"] == "2026-06-03T08:15:00+00:00"
    assert facts["end"] == "2026-07-03T21:59:59+00:00"
    assert "1 lutego 2025" in str(facts["calendar"])
    assert terms.due("14 dni", at("2026-06-03"), rules=BRIDGE).inputs["calendar"] != facts["calendar"]


@pytest.mark.parametrize(
    ("end", "now", "told"),
    [
        ("2026-06-06T23:59:59", "2026-06-03T10:00", "zostały 3 dni"),
        ("2026-06-04T23:59:59", "2026-06-03T23:59", "został 1 dzień"),
        ("2026-06-15T23:59:59", "2026-06-03T10:00", "zostało 12 dni"),
        ("2026-06-25T23:59:59", "2026-06-03T10:00", "zostały 22 dni"),
        ("2026-06-03T23:59:59", "2026-06-03T10:00", "dziś do 23:59"),
        ("2026-06-03T14:30", "2026-06-03T10:00", "dziś do 14:30"),
        ("2026-06-04T09:00", "2026-06-03T22:00", "jutro do 09:00"),
        ("2026-06-01T23:59:59", "2026-06-03T10:00", "2 dni po terminie"),
        ("2026-06-02T23:59:59", "2026-06-03T00:00:01", "1 dzień po terminie"),
        ("2026-06-03T09:30", "2026-06-03T10:00", "po terminie od dziś, 09:30"),
    ],
)
def test_what_is_left_reads_as_people_say_it(end: str, now: str, told: str) -> None:
    assert terms.days_left(at(end), at(now)) == told


def test_a_suspended_term_says_so() -> None:
    assert terms.days_left(at("2026-06-06"), at("2026-06-03"), paused=True) == "termin wstrzymany"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-06-03T08:00", "2026-06-03T10:30", 2.5),
        ("2026-06-03T06:00", "2026-06-03T20:00", 8.0),
        ("2026-06-03T14:30", "2026-06-05T08:30", 2.0),  # over Corpus Christi
        ("2026-06-05T15:30", "2026-06-08T07:30", 0.0),  # over a weekend
        ("2026-06-06T08:00", "2026-06-06T12:00", 0.0),  # a Saturday
        ("2026-10-23T07:30", "2026-10-26T15:30", 16.0),  # the clocks change between
        ("2026-06-03T10:00", "2026-06-03T09:00", 0.0),
    ],
)
def test_hours_are_measured_while_the_centre_works(start: str, end: str, hours: float) -> None:
    assert terms.working_hours(at(start), at(end)) == pytest.approx(hours)


def test_free_days_and_hours_of_the_centre_count_for_working_hours() -> None:
    rules = Rules(free_days={date(2026, 6, 5): "wolne"}, opens=time(8, 0), closes=time(14, 0))

    assert terms.working_hours(at("2026-06-03T00:00"), at("2026-06-09T00:00"), rules) == pytest.approx(12.0)


def test_a_suspended_term_runs_on_by_the_days_that_were_left() -> None:
    due = terms.due("30 dni", at("2026-06-01"))  # to 1 July

    on = terms.resumed(due.moment, at("2026-06-11"), at("2026-09-01"), facts=due.facts())

    assert days(on)[0] == "2026-09-21"  # 20 days were left
    assert "zostało 20 dni" in on.explanation


def test_days_that_a_holiday_had_given_are_not_given_twice() -> None:
    due = terms.due("14 dni", at("2026-05-21"))  # 4 June is Corpus Christi, so 5 June

    on = terms.resumed(due.moment, at("2026-05-25"), at("2026-07-06"), facts=due.facts())

    assert days(on)[0] == "2026-07-16"  # 10 days were left to 4 June


def test_working_days_and_hours_are_resumed_as_what_they_are() -> None:
    working, hours = terms.due("14 dni roboczych", at("2026-06-03")), terms.due("12 godzin", at("2026-06-03T10:00"))

    on = terms.resumed(working.moment, at("2026-06-10"), at("2026-07-01"), facts=working.facts())
    later = terms.resumed(hours.moment, at("2026-06-03T12:00"), at("2026-06-05T08:00"), facts=hours.facts())

    assert days(on)[0] == "2026-07-15"  # 10 working days were left
    assert later.moment == at("2026-06-05T18:00")


def test_an_end_of_which_nothing_else_is_known_is_resumed_by_days() -> None:
    on = terms.resumed(at("2026-06-20T23:59:59"), at("2026-06-10"), at("2026-06-15"))

    assert days(on)[0] == "2026-06-25"
    assert on.statutory is False
