"""Clean answers are read and printed as Polish text."""

import pytest
from form_building import choice, context, field, form

from engine.forms import display, polish


@pytest.mark.parametrize(
    ("kind", "value", "text", "keys"),
    [
        ("date", "2026-11-21", "21\u00a0listopada 2026", {}),
        ("money", "1234.50", "1\u00a0234,50\u00a0zł", {}),
        ("number", 1234567.5, "1\u00a0234\u00a0567,5", {}),
        ("number", 3, "3\u00a0osób", {"unit": "osób"}),
        ("yes_no", True, "tak", {}),
        ("yes_no", False, "nie", {}),
        ("person", "jan", "Jan Ćwik", {}),
        ("person", "odeszla", "odeszla", {}),
        ("unit", 2, "Dział usług opiekuńczych", {}),
        ("file", [5, 6], "oferta.pdf; załącznik nr 6", {}),
        ("text", None, "–", {}),
        ("file", [], "–", {}),
    ],
)
def test_a_value_is_written_in_polish(kind, value, text, keys):
    one = form(field(kind, **keys)).fields[0]

    assert display.text(one, value, context(file_names={5: "oferta.pdf"})) == text


def test_choices_are_written_by_their_labels():
    made = form(choice("a", "X"), field("multi_choice", "b", options=[{"value": v, "label": v * 2} for v in "xyz"]))

    assert display.text(made.fields[0], "X", context()) == "x"
    assert display.text(made.fields[1], ["x", "z"], context()) == "xx; zz"


def test_a_filled_form_is_read_section_by_section_as_it_was_visible():
    made = form(
        choice("decyzja", "ZATWIERDZAM", "ZWRACAM"),
        field("long_text", "powod", show_if={"field": "decyzja", "in": ["ZWRACAM"]}),
        field("text_block", "pouczenie", text="Pouczenie.", show_if={"field": "decyzja", "in": ["ZWRACAM"]}),
        field("reference", "tabela", reference="x"),
        field("group", "oferty", item_label="oferta", fields=[field("text", "oferent"), field("money", "cena")]),
    )
    values = {"decyzja": "ZATWIERDZAM", "oferty": [{"oferent": "A", "cena": None}]}

    (chapter,) = display.chapters(made, values, context())

    assert [entry.id for entry in chapter.entries] == ["decyzja", "oferty"]
    table = chapter.entries[1].table
    assert (table.item, table.columns, table.rows) == ("Oferta", ("Oferent", "Cena"), (("A", "–"),))
    assert table.numeric == (False, True)


def test_a_remark_is_printed_with_the_answers():
    made = form(field("text_block", "klauzula", text="Treść klauzuli."))

    (chapter,) = display.chapters(made, {}, context())

    assert (chapter.entries[0].text, chapter.entries[0].remark) == ("Treść klauzuli.", True)


def test_names_are_sorted_as_a_polish_reader_expects():
    names = ["Żak", "Zub", "Łoś", "Lis", "Ćwik", "Cis", "Czyż", "Źródło"]

    assert sorted(names, key=polish.alphabetical) == ["Cis", "Czyż", "Ćwik", "Lis", "Łoś", "Zub", "Źródło", "Żak"]


@pytest.mark.parametrize(
    ("count", "text"), [(1, "1 pozycja"), (3, "3 pozycje"), (5, "5 pozycji"), (12, "12 pozycji"), (22, "22 pozycje")]
)
def test_items_are_counted_in_polish(count, text):
    assert polish.items(count) == text
