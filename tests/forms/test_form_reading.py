"""A form file is read whole, or every one of its problems is told at once."""

import json

import pytest
from form_building import choice, field, form, problems, source

from engine.errors import DefinitionRejected
from engine.forms import reference, schema
from engine.forms.schema import FieldType


def test_a_form_says_what_it_asks():
    made = form(
        field("text", "nazwa", required=True, variable="usluga", max_length=80),
        choice("decyzja", "ZATWIERDZAM", "ZWRACAM"),
        field("long_text", "powod", show_if={"field": "decyzja", "in": ["ZWRACAM"]}),
        document={"title": "DECYZJA", "signatures": ["Wójt"]},
    )

    assert [one.id for one in made.fields] == ["nazwa", "decyzja", "powod"]
    assert made.variables == {"usluga"}
    assert made.by_id["nazwa"].max_length == 80
    assert made.by_id["powod"].conditions[0].values == ("ZWRACAM",)
    assert made.document.signatures == ("Wójt",)


def test_all_problems_are_told_at_once_with_their_path_and_line():
    text = source(field("tekst", "Nazwa"), field("text", "a", labell="x"), choice("b"), klucz=1)

    with pytest.raises(DefinitionRejected) as refused:
        schema.read(text)

    found = {problem.element: problem for problem in refused.value.problems}
    assert set(found) == {
        "klucz",
        "sections[0].fields[0].id",
        "sections[0].fields[0].type",
        "sections[0].fields[1].labell",
        "sections[0].fields[2].options",
    }
    line = found["sections[0].fields[1].labell"].line
    assert "labell" in text.splitlines()[line - 1]
    assert "Czy chodziło o „label”?" in found["sections[0].fields[1].labell"].message


@pytest.mark.parametrize(
    ("fields", "path", "words"),
    [
        ([field("text", "a"), field("date", "a")], "sections[0].fields[1].id", "już jest"),
        ([field("text", "typename")], "sections[0].fields[0].id", "zastrzeżona"),
        ([field("text", "a", variable="dzis")], "sections[0].fields[0].variable", "zastrzeżona"),
        ([field("text", "if")], "sections[0].fields[0].id", "zastrzeżona"),
        ([field("text", "a", show_if={"field": "b", "in": ["x"]})], "sections[0].fields[0].show_if", "nie istnieje"),
        (
            [field("text", "a", show_if={"field": "b", "in": [True]}), field("yes_no", "b")],
            "sections[0].fields[0].show_if",
            "musi stać przed",
        ),
        (
            [choice("b", "TAK"), field("text", "a", show_if={"field": "b", "in": ["NIE"]})],
            "sections[0].fields[1].show_if",
            "nigdy nie ma wartości: NIE",
        ),
        (
            [field("text", "b"), field("text", "a", show_if={"field": "b", "in": ["x"]})],
            "sections[0].fields[1].show_if",
            "nie może zależeć",
        ),
        (
            [field("yes_no", "b", variable="v"), field("text", "a", show_if={"variable": "v", "in": [True]})],
            "sections[0].fields[1].show_if",
            "ustawia ten formularz",
        ),
        ([choice("a", "X", "X")], "sections[0].fields[0].options", "dwa razy"),
        ([field("date", "a", min="@b")], "sections[0].fields[0].min", "nie ma innego pola z datą"),
        ([field("date", "a", min="jutro")], "sections[0].fields[0].min", "rrrr-mm-dd"),
        ([field("number", "a", min=3, max=2)], "sections[0].fields[0].max", "co najmniej"),
        ([field("number", "a", min="3")], "sections[0].fields[0].min", "bez cudzysłowu"),
        ([field("hint", "a", expression="1 +")], "sections[0].fields[0].expression", "Nie rozumiem"),
        ([field("file", "a", accept=["exe"])], "sections[0].fields[0].accept", "exe"),
        ([field("text", "a", pattern="(a+)+$", pattern_message="x")], "sections[0].fields[0].pattern", "złożony"),
        ([field("text", "a", pattern="[", pattern_message="x")], "sections[0].fields[0].pattern", "regularnym"),
        ([field("group", "a", fields=[field("file", "b")])], "sections[0].fields[0].fields[0].type", "W grupie"),
        (
            [field("group", "a", fields=[field("text", "b", variable="c")])],
            "sections[0].fields[0].fields[0].variable",
            "Pole w grupie",
        ),
        ([field("group", "a", fields=[])], "sections[0].fields[0].fields", "co najmniej jedno"),
        ([field("text", "a", prefill={"form": "x"})], "sections[0].fields[0].prefill", "„form” i „field”"),
        ([field("earlier", "a", field="x")], "sections[0].fields[0].form", "Brakuje"),
        ([{"id": "a", "type": "text"}], "sections[0].fields[0].label", "Brakuje"),
        ([field("text", "a", required="tak")], "sections[0].fields[0].required", "true albo false"),
        ([], "sections[0]", "co najmniej jedno pole"),
    ],
)
def test_a_field_that_cannot_work_is_refused(fields, path, words):
    found = problems(source(*fields))

    assert words in found.get(path, ""), found


@pytest.mark.parametrize(
    ("check", "path"),
    [
        ({"holds": "a >", "message": "Popraw."}, "checks[0].holds"),
        ({"holds": "a > 1", "message": "Popraw.", "field": "b"}, "checks[0].field"),
        ({"holds": "a > 1"}, "checks[0].message"),
    ],
)
def test_a_check_that_cannot_work_is_refused(check, path):
    assert path in problems(source(field("number", "a"), checks=[check]))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "JSON"),
        (b"\xff\xfe", "UTF-8"),
        ("[" * 100_000, "zagnieżdżony"),
        ('{"key": NaN}', "zagnieżdżony albo ma liczbę"),
        (" " * 200_001, "za duży"),
        ("[]", "{ }"),
    ],
)
def test_a_file_that_is_no_form_is_refused(text, words):
    with pytest.raises(DefinitionRejected) as refused:
        schema.read(text)

    assert words in refused.value.problems[0].message


@pytest.mark.parametrize("more", ['"key": "inna"', '"typename": "UUID"'])
def test_a_key_that_stands_twice_or_is_forbidden_is_refused(more):
    text = source(field("text", "a")).replace('"key": "proba"', f'"key": "proba", {more}')

    assert "zabroniony albo występuje dwa razy" in problems(text)[""]


def test_more_than_200_fields_are_refused():
    columns = [field("text", f"k{index}") for index in range(20)]
    groups = [field("group", f"g{index}", fields=columns) for index in range(10)]

    assert "200" in problems(source(*groups))[""]


def test_every_type_of_the_language_can_be_read():
    rows = [field("text", "nazwa"), field("money", "kwota")]
    made = form(
        field("text", "a"),
        field("long_text", "b", rows=8),
        field("number", "c", integer=True, min=0, unit="osób"),
        field("money", "d", min=0.01),
        field("date", "e", min="today", max="2030-12-31"),
        choice("f", "X", style="list"),
        field("multi_choice", "g", options=[{"value": "x", "label": "X", "help": "pomoc"}], min_items=1),
        field("yes_no", "h"),
        field("person", "i", role="Wójt"),
        field("unit", "j", performs=True),
        field("file", "k", accept=["pdf"], multiple=True),
        field("group", "l", fields=rows, min_items=1, max_items=5, item_label="oferta"),
        field("hint", "m", expression="sum(l.kwota)", format="money", prefix="Razem:", suffix="brutto"),
        field("earlier", "n", form="inny", field="pole"),
        field("reference", "o", reference="wady_i_zalety"),
        field("text_block", "p", text="Klauzula."),
    )

    assert {one.type for one in made.fields} == set(FieldType)
    assert made.references == {"wady_i_zalety"}
    assert made.earlier_forms == {"inny"}
    assert made.roles == {"Wójt"}


def test_a_reference_table_is_read():
    data = {"title": "Formy", "source": "zał. 6", "columns": ["Forma", "Zaleta"], "rows": [["UDPP", "otwartość"]]}

    table = reference.read(json.dumps(data))

    assert table.columns == ("Forma", "Zaleta")
    assert table.rows == (("UDPP", "otwartość"),)


def test_a_reference_table_with_a_short_row_is_refused():
    data = {"title": "Formy", "columns": ["Forma", "Zaleta"], "rows": [["UDPP", "otwartość"], ["PPN"]]}

    with pytest.raises(DefinitionRejected) as refused:
        reference.read(json.dumps(data))

    assert refused.value.problems[0].element == "rows[1]"
