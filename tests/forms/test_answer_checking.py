"""What a person typed becomes clean answers, or each wrong field says what to do."""

from decimal import Decimal

import pytest
from form_building import choice, clean, context, errors, field, form, refusal

from engine.errors import AnswersRejected
from engine.forms import answers


@pytest.mark.parametrize(
    ("kind", "typed", "value", "keys"),
    [
        ("text", "  Zażółć\r\ngęślą ", "Zażółć gęślą", {}),
        ("long_text", "raz\r\ndwa\u202e\x00", "raz\ndwa", {}),
        ("number", "1 234,5", 1234.5, {}),
        ("number", "12", 12, {"integer": True}),
        ("number", 12.0, 12, {"integer": True}),
        ("money", "1 234,50", "1234.50", {}),
        ("money", "1\u00a0234,50 zł", "1234.50", {}),
        ("money", "1.234,50", "1234.50", {}),
        ("money", 1234.5, "1234.50", {}),
        ("money", "-3", "-3.00", {"min": -5}),
        ("date", "21.11.2026", "2026-11-21", {}),
        ("date", "1-2-2026", "2026-02-01", {}),
        ("date", "21 listopada 2026 r.", "2026-11-21", {}),
        ("date", "2026-11-21", "2026-11-21", {}),
        ("yes_no", "tak", True, {}),
        ("yes_no", "Nie", False, {}),
        ("yes_no", False, False, {}),
        ("person", "jan", "jan", {"role": "Komisja konkursowa"}),
        ("unit", "2", 2, {"performs": True}),
        ("file", None, [7, 8], {"multiple": True, "attachments": {"pole": [7, 8]}}),
        ("text", "", None, {}),
        ("money", " ", None, {}),
        ("text", "11-111", "11-111", {"pattern": "[0-9]{2}-[0-9]{3}", "pattern_message": "Podaj kod, np. 11-111."}),
    ],
)
def test_an_answer_is_cleaned(kind, typed, value, keys):
    found = clean(kind, typed, **keys)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "typed", "words", "keys"),
    [
        ("text", " ", "Uzupełnij to pole.", {"required": True}),
        ("text", "abcdef", "Skróć tekst do 5 znaków (jest 6).", {"max_length": 5}),
        ("text", "11111", "Podaj kod.", {"pattern": "[0-9]{2}-[0-9]{3}", "pattern_message": "Podaj kod."}),
        ("number", "dużo", "Podaj liczbę cyframi, na przykład 12,5.", {}),
        ("number", "1,5", "Podaj liczbę całkowitą, na przykład 12.", {"integer": True}),
        ("number", "7", "Podaj liczbę od 1 do 5.", {"min": 1, "max": 5}),
        ("number", "0", "Podaj liczbę nie mniejszą niż 1.", {"min": 1}),
        ("number", True, "Podaj liczbę cyframi, na przykład 12,5.", {}),
        ("number", float("nan"), "Podaj liczbę cyframi, na przykład 12,5.", {}),
        ("number", "9" * 15, "Podaj mniejszą liczbę.", {}),
        ("money", "1 234,505", "Podaj kwotę w złotych i groszach, na przykład 1 234,50.", {}),
        ("money", "-1", "Podaj kwotę bez znaku minus.", {}),
        ("money", "6000", "Podaj kwotę nie większą niż 5\u00a0000,00\u00a0zł.", {"max": 5000}),
        ("date", "21/2026", "Podaj datę w formacie dd.mm.rrrr, na przykład 21.11.2026.", {}),
        ("date", "31.02.2026", "Takiego dnia nie ma w kalendarzu. Sprawdź dzień i miesiąc.", {}),
        ("date", "21.11.0206", "Sprawdź rok: podaj datę z lat 1900–2199.", {}),
        ("date", "20.11.2026", "Data nie może być wcześniejsza niż dzisiejsza (21.11.2026).", {"min": "today"}),
        ("date", "01.01.2031", "Data nie może być późniejsza niż 31.12.2030.", {"max": "2030-12-31"}),
        ("yes_no", "może", "Zaznacz „tak” albo „nie”.", {}),
        ("person", "nikt", "Wybierz osobę z listy.", {}),
        ("person", "anna", "Anna Żak nie ma roli „Wójt”. Wybierz inną osobę.", {"role": "Wójt"}),
        ("unit", "9", "Wybierz komórkę z listy.", {}),
        ("unit", 1, "Komórka „Dział organizacji usług” nie wykonuje usług. Wybierz inną.", {"performs": True}),
        ("file", None, "Dołącz plik.", {"required": True}),
        ("file", [9], "Tego pliku nie ma przy zadaniu. Dołącz go jeszcze raz.", {"attachments": {"pole": [7]}}),
        ("file", None, "Dołącz tylko jeden plik. Usuń pozostałe.", {"attachments": {"pole": [7, 8]}}),
    ],
)
def test_a_wrong_answer_says_what_to_do(kind, typed, words, keys):
    assert refusal(kind, typed, **keys) == words


def test_a_choice_takes_only_its_options():
    made = form(
        choice("a", "X", "Y", required=True), field("multi_choice", "b", options=[{"value": "1", "label": "1"}])
    )

    assert errors(made, {"a": "Z", "b": ["2"]}) == {
        "a": "Wybierz jedną z podanych odpowiedzi.",
        "b": "Wybierz tylko spośród podanych odpowiedzi.",
    }
    assert errors(made, {"a": ""}) == {"a": "Wybierz odpowiedź."}
    assert answers.check(made, {"a": "X"}, context()) == {"a": "X", "b": []}


def test_a_hidden_field_is_dropped_and_never_checked():
    made = form(
        choice("decyzja", "ZATWIERDZAM", "ZWRACAM"),
        field("long_text", "powod", required=True, max_length=3, show_if={"field": "decyzja", "in": ["ZWRACAM"]}),
    )

    assert answers.check(made, {"decyzja": "ZATWIERDZAM", "powod": "za długi"}, context()) == {"decyzja": "ZATWIERDZAM"}
    assert errors(made, {"decyzja": "ZWRACAM"}) == {"powod": "Uzupełnij to pole."}


def test_what_hangs_on_a_hidden_field_is_hidden_too():
    made = form(
        field("yes_no", "a"),
        field("yes_no", "b", show_if={"field": "a", "in": [True]}),
        field("text", "c", required=True, show_if={"field": "b", "in": [True]}),
    )

    assert answers.check(made, {"a": "nie", "b": "tak"}, context()) == {"a": False}
    assert errors(made, {"a": "tak", "b": "tak"}) == {"c": "Uzupełnij to pole."}


def test_a_condition_may_read_a_variable_of_the_instance():
    made = form(field("text", "poziom", required=True, show_if={"variable": "rodzaj_uslugi", "in": ["KIS"]}))

    assert errors(made, {}, variables={"rodzaj_uslugi": "KIS"}) == {"poziom": "Uzupełnij to pole."}
    assert errors(made, {}, variables={"rodzaj_uslugi": "OGOLNA"}) == {}
    assert errors(made, {}) == {}


def test_true_is_not_one():
    made = form(field("number", "a"), field("text", "b", required=True, show_if={"variable": "v", "in": [1]}))

    assert errors(made, {}, variables={"v": True}) == {}
    assert "b" in errors(made, {}, variables={"v": 1})


def test_a_date_may_be_bound_by_another_answer():
    made = form(field("date", "od"), field("date", "do", min="@od"))

    assert errors(made, {"od": "02.12.2026", "do": "01.12.2026"}) == {
        "do": "Data nie może być wcześniejsza niż data w polu „Od” (02.12.2026)."
    }
    assert errors(made, {"od": "", "do": "01.12.2026"}) == {}


def test_rows_are_named_by_group_and_number():
    columns = [field("text", "oferent", required=True), field("money", "kwota"), field("date", "wplyw", max="@koniec")]
    made = form(field("date", "koniec"), field("group", "oferty", fields=columns, min_items=1, max_items=2))

    found = errors(
        made,
        {"koniec": "2026-12-01", "oferty": [{"oferent": "A", "kwota": "x"}, {"wplyw": "02.12.2026"}]},
    )

    assert found == {
        "oferty-0-kwota": "Podaj kwotę w złotych i groszach, na przykład 1 234,50.",
        "oferty-1-oferent": "Uzupełnij to pole.",
        "oferty-1-wplyw": "Data nie może być późniejsza niż data w polu „Koniec” (01.12.2026).",
    }
    assert errors(made, {}) == {"oferty": "Dodaj co najmniej jedną pozycję."}
    assert errors(made, {"oferty": [{"oferent": "A"}] * 3}) == {"oferty": "Zostaw najwyżej 2 pozycje (jest 3)."}


def test_a_name_that_the_form_does_not_have_is_told():
    made = form(field("text", "nazwa"), field("group", "oferty", fields=[field("text", "oferent")]))

    found = errors(made, {"nazwaa": "x", "oferty": [{"oferentt": "y"}]})

    assert set(found) == {"nazwaa", "oferty-0-oferentt"}


def test_flat_html_fields_become_nested_values_exactly_as_typed():
    made = form(
        field("money", "kwota"),
        field("multi_choice", "b", options=[{"value": "1", "label": "1"}, {"value": "2", "label": "2"}]),
        field("group", "oferty", fields=[field("text", "oferent"), field("yes_no", "wazna")]),
        field("hint", "razem", expression="kwota"),
        field("file", "plik"),
    )
    sent = {
        "csrf_token": ["x"],
        "kwota": [" 1 234,5x "],
        "b": ["1", "2"],
        "oferty-n": ["3"],
        "oferty-0-oferent": ["A "],
        "oferty-1-oferent": [" "],
        "oferty-2-wazna": ["tak"],
    }

    raw = answers.from_html(made, sent)

    assert raw == {
        "kwota": " 1 234,5x ",
        "b": ["1", "2"],
        "oferty": [{"oferent": "A ", "wazna": ""}, {"oferent": "", "wazna": "tak"}],
    }


def test_a_hostile_row_count_is_bounded():
    made = form(field("group", "oferty", fields=[field("text", "oferent")]))

    assert answers.from_html(made, {"oferty-n": ["999999999"]}) == {"oferty": []}
    assert answers.from_html(made, {"oferty-n": ["-1"]}) == {"oferty": []}


def test_clean_answers_are_clean_when_they_come_again():
    made = form(
        field("money", "kwota"),
        field("date", "dzien"),
        field("yes_no", "zgoda"),
        field("group", "oferty", fields=[field("number", "liczba")]),
        field("hint", "dwa", expression="kwota * 2", format="money"),
    )
    once = answers.check(
        made, {"kwota": "2,50", "dzien": "1.2.2026", "zgoda": "tak", "oferty": [{"liczba": "1,5"}]}, context()
    )

    assert answers.check(made, once, context()) == once
    assert once["dwa"] == "5.00"


def test_answers_set_the_variables_that_their_fields_declare():
    made = form(
        field("money", "kwota", variable="wartosc"),
        field("money", "cala", variable="cala"),
        field("group", "oferty", variable="oferty", fields=[field("text", "oferent"), field("money", "cena")]),
        field("hint", "ile", expression="count(oferty)", variable="oferty_liczba"),
        field("yes_no", "zgoda"),
    )
    cleaned = answers.check(
        made, {"kwota": "2,50", "cala": "3", "oferty": [{"oferent": "A", "cena": "1,5"}]}, context()
    )

    assert answers.variables(made, cleaned) == {
        "wartosc": 2.5,
        "cala": 3,
        "oferty": [{"oferent": "A", "cena": 1.5}],
        "oferty_liczba": 1,
    }


def test_a_hidden_field_sets_no_variable_and_an_answered_one_wins():
    made = form(
        field("yes_no", "zmiana"),
        field("date", "nowy", variable="termin", show_if={"field": "zmiana", "in": [True]}),
        field("number", "a", variable="x"),
        field("number", "b", variable="x"),
    )

    cleaned = answers.check(made, {"zmiana": "nie", "a": "1"}, context())

    assert answers.variables(made, cleaned) == {"x": 1}


def test_a_check_over_the_form_reads_answers_variables_people_and_units():
    made = form(
        field("group", "komisja", fields=[field("person", "osoba")]),
        field("money", "kwota"),
        field("date", "dzien"),
        field("unit", "komorka"),
        checks=[
            {"holds": 'some k in komisja satisfies k.osoba = "jan"', "message": "Powołaj Jana.", "field": "komisja"},
            {"holds": "kwota <= prog", "message": "Za drogo.", "field": "kwota"},
            {"holds": "dzien > dzis", "message": "Wybierz dzień po dzisiejszym.", "field": "dzien"},
            {"holds": "not(list contains(organizatorzy, komorka))", "message": "Inna komórka.", "field": "komorka"},
        ],
    )
    world = {"variables": {"prog": 100}, "organisers": frozenset({1})}

    good = {"komisja": [{"osoba": "jan"}], "kwota": "99,99", "dzien": "22.11.2026", "komorka": 2}
    bad = {"komisja": [{"osoba": "ewa"}], "kwota": "100,01", "dzien": "21.11.2026", "komorka": 1}

    assert errors(made, good, **world) == {}
    assert errors(made, bad, **world) == {
        "komisja": "Powołaj Jana.",
        "kwota": "Za drogo.",
        "dzien": "Wybierz dzień po dzisiejszym.",
        "komorka": "Inna komórka.",
    }


def test_a_check_waits_for_the_fields_that_it_reads():
    made = form(field("number", "a"), checks=[{"holds": "a > 5", "message": "Podaj więcej."}])

    assert errors(made, {"a": "x"}) == {"a": "Podaj liczbę cyframi, na przykład 12,5."}
    assert errors(made, {"a": "1"}) == {"": "Podaj więcej."}
    assert errors(made, {}) == {"": "Podaj więcej."}


def test_a_check_at_a_hidden_field_is_left_out():
    made = form(
        field("yes_no", "a"),
        field("number", "b", show_if={"field": "a", "in": [True]}),
        checks=[{"holds": "b > 5", "message": "Podaj więcej.", "field": "b"}],
    )

    assert errors(made, {"a": "nie"}) == {}
    assert errors(made, {"a": "tak", "b": "1"}) == {"b": "Podaj więcej."}


def test_an_earlier_answer_and_a_hint_are_kept_with_the_answers():
    first = form(field("money", "plan"), key="koszt")
    made = form(
        field("earlier", "plan", form="koszt", field="plan"),
        field("money", "teraz"),
        field("hint", "roznica", expression="plan - teraz", format="money"),
    )
    world = context(earlier={"koszt": {"plan": "10.00"}}, earlier_forms={"koszt": first})

    assert answers.check(made, {"teraz": "4", "plan": "999"}, world) == {
        "plan": "10.00",
        "teraz": "4.00",
        "roznica": "6.00",
    }


def test_a_hint_that_cannot_be_computed_is_empty():
    made = form(field("number", "a"), field("hint", "b", expression="a / 0"))

    assert answers.check(made, {"a": "1"}, context())["b"] is None


@pytest.mark.parametrize("kind", ["money", "date"])
def test_a_hint_that_is_no_amount_or_date_stays_what_it_is(kind):
    made = form(field("hint", "a", expression='"brak danych"', format=kind), field("hint", "b", expression="a"))

    assert answers.check(made, {}, context()) == {"a": "brak danych", "b": "brak danych"}


def test_refused_answers_leave_what_was_typed_untouched():
    made = form(field("date", "a"))
    raw = {"a": " 31.02.2026"}

    with pytest.raises(AnswersRejected):
        answers.check(made, raw, context())

    assert raw == {"a": " 31.02.2026"}
    assert answers.shown(made, raw, context()).sections[0].fields[0].value == " 31.02.2026"


def test_a_number_keeps_its_decimal_places():
    assert Decimal(str(clean("number", "0,1"))) == Decimal("0.1")
