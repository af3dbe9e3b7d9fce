"""A page gets a form ready to draw: values as typed, options, errors, conditions, hints."""

import json
from dataclasses import replace

from form_building import choice, context, field, form

from engine.errors import AnswersRejected
from engine.forms import answers
from engine.forms.reference import Reference


def drawn(made, raw=None, errors=(), **keys):
    """The fields of the view by their HTML name, rows of groups included."""
    view = answers.shown(made, raw or {}, context(**keys), errors)
    fields = [one for section in view.sections for one in section.fields]
    rows = [column for one in fields for row in one.items for column in row.fields]
    return {one.name: one for one in (*fields, *rows)}


def test_a_fresh_form_is_prefilled_from_variables_and_earlier_forms():
    made = form(
        field("money", "kwota", prefill={"form": "koszt", "field": "plan"}),
        field("text", "usluga", prefill={"variable": "usluga"}),
        field("date", "dzien"),
    )
    world = {"variables": {"usluga": "Usługi opiekuńcze"}, "earlier": {"koszt": {"plan": "1234.50"}}}

    found = drawn(made, **world)

    assert found["kwota"].value == "1\u00a0234,50"
    assert found["usluga"].value == "Usługi opiekuńcze"
    assert (found["dzien"].value, found["dzien"].control) == ("", "date")


def test_a_variable_that_does_not_fit_proposes_nothing():
    made = form(field("money", "kwota", prefill={"variable": "v"}))

    assert drawn(made, variables={"v": "dużo"})["kwota"].value == ""


def test_returned_work_offers_the_last_answers_but_not_the_last_decision():
    made = form(
        field("text", "uwagi"),
        choice("decyzja", "ZATWIERDZAM", "ZWRACAM", variable="decyzja"),
        field("group", "oferty", fields=[field("money", "cena"), field("yes_no", "wazna")]),
    )
    before = {"uwagi": "Brak", "decyzja": "ZWRACAM", "oferty": [{"cena": "2.00", "wazna": False}]}

    found = drawn(made, earlier={"proba": before})

    assert found["uwagi"].value == "Brak"
    assert [option.checked for option in found["decyzja"].options] == [False, False]
    assert found["oferty-0-cena"].value == "2,00"
    assert [option.checked for option in found["oferty-0-wazna"].options] == [False, True]


def test_what_was_typed_comes_back_unchanged_with_its_errors():
    made = form(field("text", "nazwa", required=True), field("date", "dzien"), field("money", "kwota"))
    raw = {"nazwa": "  ", "dzien": "31.02.2026", "kwota": "1234.5 "}
    problems = ()
    try:
        answers.check(made, raw, context())
    except AnswersRejected as refused:
        problems = refused.errors

    view = answers.shown(made, raw, context(), problems)
    found = {one.name: one for one in view.sections[0].fields}

    assert (found["dzien"].value, found["dzien"].control) == ("31.02.2026", "text")
    assert found["kwota"].value == "1234.5 "
    assert found["nazwa"].error == "Uzupełnij to pole."
    assert [(error.html_id, error.label) for error in view.errors] == [("pole-nazwa", "Nazwa"), ("pole-dzien", "Dzien")]


def test_an_error_of_the_whole_form_is_listed_without_a_field():
    made = form(field("number", "a"), checks=[{"holds": "a > 1", "message": "Podaj więcej."}])
    try:
        answers.check(made, {"a": "1"}, context())
    except AnswersRejected as refused:
        view = answers.shown(made, {"a": "1"}, context(), refused.errors)

    assert [(error.html_id, error.message) for error in view.errors] == [("", "Podaj więcej.")]


def test_a_typed_polish_date_is_shown_as_a_date_picker_wants_it():
    found = drawn(form(field("date", "dzien", min="today", max="2030-12-31")), {"dzien": "21.11.2026"})

    assert (found["dzien"].value, found["dzien"].control) == ("2026-11-21", "date")
    assert (found["dzien"].earliest, found["dzien"].latest) == ("2026-11-21", "2030-12-31")


def test_a_condition_is_told_in_words_and_to_the_script():
    made = form(
        choice("forma", "UDPP", "PPN"),
        field("text", "konkurs", show_if={"field": "forma", "in": ["UDPP"]}),
        field("yes_no", "zgoda"),
        field("text", "oba", show_if=[{"field": "zgoda", "in": [True]}, {"field": "forma", "in": ["UDPP", "PPN"]}]),
    )

    found = drawn(made, {"forma": "PPN", "zgoda": "tak"})

    assert found["konkurs"].condition == "Wypełnij tylko, jeśli w polu „Forma” wybrano: udpp."
    assert not found["konkurs"].visible
    assert found["oba"].visible
    assert found["oba"].condition == (
        "Wypełnij tylko, jeśli w polu „Zgoda” wybrano: tak oraz w polu „Forma” wybrano: udpp, ppn."
    )
    assert json.loads(found["oba"].show_if) == [
        {"name": "zgoda", "in": ["tak"]},
        {"name": "forma", "in": ["UDPP", "PPN"]},
    ]


def test_a_condition_in_a_row_looks_at_the_same_row():
    columns = [field("yes_no", "wazna"), field("text", "brak", show_if={"field": "wazna", "in": [False]})]
    made = form(field("group", "oferty", fields=columns))

    found = drawn(made, {"oferty": [{"wazna": "tak"}, {"wazna": "nie"}]})

    assert json.loads(found["oferty-1-brak"].show_if) == [{"name": "oferty-1-wazna", "in": ["nie"]}]
    assert not found["oferty-0-brak"].visible
    assert found["oferty-1-brak"].visible


def test_a_field_that_a_variable_hides_is_not_drawn_nor_what_hangs_on_it():
    made = form(
        field("yes_no", "kis", show_if={"variable": "rodzaj_uslugi", "in": ["KIS"]}),
        field("text", "pup", show_if={"field": "kis", "in": [True]}),
        field("text", "inne"),
    )

    assert set(drawn(made, variables={"rodzaj_uslugi": "OGOLNA"})) == {"inne"}
    found = drawn(made, variables={"rodzaj_uslugi": "KIS"})
    assert set(found) == {"kis", "pup", "inne"}
    assert found["kis"].condition == ""


def test_people_and_units_are_offered_in_alphabetical_order():
    made = form(
        field("person", "osoba", role="Komisja konkursowa"), field("person", "ktos"), field("unit", "k", performs=True)
    )

    found = drawn(made, {"osoba": "jan", "k": 2})

    assert [(option.label, option.checked) for option in found["osoba"].options] == [
        ("Ewa Cis", False),
        ("Jan Ćwik", True),
    ]
    assert [option.value for option in found["ktos"].options] == ["anna", "ewa", "jan"]
    assert [(option.value, option.checked) for option in found["k"].options] == [("2", True)]


def test_the_first_option_carries_the_id_that_an_error_links_to():
    found = drawn(form(choice("a", "X", "Y")))

    assert [option.html_id for option in found["a"].options] == ["pole-a", "pole-a-2"]
    assert found["a"].html_id == "pole-a"


def test_a_group_shows_the_rows_it_needs_and_tells_when_it_is_full():
    columns = [field("text", "nazwa")]
    made = form(
        field("group", "oferty", fields=columns, min_items=2, max_items=2, item_label="oferta"),
        field("group", "uwagi", fields=columns),
    )

    found = drawn(made, {"oferty": [{"nazwa": "A"}]})

    assert [row.title for row in found["oferty"].items] == ["Oferta 1", "Oferta 2"]
    assert found["oferty"].can_add
    assert found["oferty"].required
    assert len(found["uwagi"].items) == 1
    assert not drawn(made, {"oferty": [{}, {}]})["oferty"].can_add


def test_hints_earlier_answers_files_and_tables_are_shown():
    first = form(choice("forma", "UDPP"), field("group", "koszty", fields=[field("money", "kwota")]), key="wybor")
    table = Reference(title="Wady i zalety", source="zał. 6", columns=("a",), rows=(("b",),))
    made = form(
        field("number", "liczba"),
        field("hint", "suma", expression="liczba * 1000.5", format="money", prefix="Razem:", suffix="rocznie"),
        field("earlier", "forma", form="wybor", field="forma"),
        field("earlier", "koszty", form="wybor", field="koszty"),
        field("reference", "tabela", reference="wady"),
        field("file", "plik", accept=["pdf", "jpg"]),
        field("text_block", "klauzula", text="Treść."),
    )
    world = {
        "earlier": {"wybor": {"forma": "UDPP", "koszty": [{"kwota": "10.00"}]}},
        "earlier_forms": {"wybor": first},
        "references": {"wady": table},
        "attachments": {"plik": [5]},
        "file_names": {5: "oferta.pdf"},
    }

    found = drawn(made, {"liczba": "2"}, **world)

    assert found["suma"].text == "Razem: 2\u00a0001,00\u00a0zł rocznie"
    assert found["forma"].text == "udpp"
    assert found["koszty"].table.rows == (("10,00\u00a0zł",),)
    assert found["tabela"].reference == table
    assert (found["plik"].accept, found["plik"].files[0].name) == (".pdf,.jpg", "oferta.pdf")
    assert found["klauzula"].text == "Treść."


def test_a_form_filled_anew_each_time_offers_nothing_unless_it_was_returned():
    made = replace(form(field("text", "opis")), fresh=True)
    before = {made.key: {"opis": "za listopad"}}

    fresh = answers.proposed(made, context(earlier=before))
    returned = answers.proposed(made, context(earlier=before, returned=True))

    assert fresh["opis"] is None
    assert returned["opis"] == "za listopad"
