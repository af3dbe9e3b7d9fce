"""The exported JSON Schema and the check agree on which answers fit."""

from collections import Counter

import jsonschema
from form_building import PEOPLE, UNITS, choice, context, field, form
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import AnswersRejected
from engine.forms import answers, json_schema

COLUMNS = [
    field("text", "oferent", required=True, max_length=6),
    field("money", "cena"),
    field("yes_no", "wazna"),
    field("text", "brak", required=True, show_if={"field": "wazna", "in": [False]}),
]
FORM = form(
    choice("forma", "UDPP", "PPN", "OWN", required=True),
    field("text", "nazwa", required=True, max_length=6),
    field("text", "kod", pattern="[0-9]{2}", pattern_message="Podaj dwie cyfry."),
    field("long_text", "opis", max_length=8, show_if={"field": "forma", "in": ["UDPP", "PPN"]}, required=True),
    field("yes_no", "zgoda"),
    field("number", "liczba", integer=True, min=0, max=9, required=True, show_if={"field": "zgoda", "in": [True]}),
    field("number", "miara"),
    field("multi_choice", "grunty", options=[{"value": v, "label": v} for v in "abc"], min_items=2),
    field("date", "dzien", required=True, show_if={"field": "grunty", "in": ["a", "b"]}),
    field("money", "kwota", required=True, show_if={"field": "liczba", "in": [1, 2, None]}),
    field("multi_choice", "cechy", options=[{"value": v, "label": v} for v in "abc"]),
    field("text", "bez_cech", required=True, max_length=6, show_if={"field": "cechy", "in": [None, "c"]}),
    field("date", "od_trzech", required=True, show_if={"field": "liczba", "in": [3]}),
    field("person", "osoba", role="Komisja konkursowa"),
    field("unit", "komorka", show_if=[{"field": "zgoda", "in": [False, None]}, {"field": "forma", "in": ["OWN"]}]),
    field("group", "oferty", fields=COLUMNS, min_items=1, max_items=2, show_if={"field": "forma", "in": ["UDPP"]}),
    field("group", "uwagi", fields=[field("text", "tresc", required=True)], max_items=1),
    field("text", "poziom", required=True, show_if={"variable": "rodzaj", "in": ["KIS"]}),
    field("hint", "suma", expression="liczba + 1"),
    field("file", "pliki", multiple=True),
    field("text_block", "klauzula", text="Treść."),
)
WORDS = st.sampled_from(["a", "słowo", "za długie słowo", "12", "123", "UDPP", "x\ny"])
SCALARS = {
    "text": st.one_of(WORDS, st.sampled_from(["", "  "])),
    "long_text": st.one_of(WORDS, st.sampled_from(["", "  "])),
    "number": st.one_of(st.integers(-2, 11), st.floats(-2, 11), st.just(10**15)),
    "money": st.sampled_from(["0.00", "12.50", "1234.05", "12,5 zł i"]),
    "date": st.sampled_from(["2026-11-21", "2026-02-30", "1899-12-31", "2026-1-1x", "jutro"]),
    "yes_no": st.booleans(),
    "person": st.sampled_from([*PEOPLE, "nikt"]),
    "unit": st.sampled_from([*UNITS, 9]),
    "multi_choice": st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=4),
    "file": st.lists(st.sampled_from([7, 8, 9]), max_size=2),
    "hint": st.integers(),
}
STRANGE = st.sampled_from([None, True, 3, 2.5, {}, [None]])
WORLDS = [context(variables={"rodzaj": kind}, attachments={"pliki": [7, 8, 9]}) for kind in ("KIS", "OGOLNA")]
SCHEMAS = [
    jsonschema.Draft202012Validator(
        json_schema.export(FORM, world), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for world in WORLDS
]


def value_of(one):
    """Mostly sensible values of a field, sometimes none, seldom something strange.

    Numbers for amounts are left out: the check takes them, the schema names only the canonical text.
    """
    if one.type == "choice":
        sensible = st.sampled_from([*one.labels, "XYZ"])
    elif one.type == "group":
        sensible = st.lists(st.one_of(st.just(ROW), some(one.fields, 2).map(lambda few: {**ROW, **few})), max_size=3)
    else:
        sensible = SCALARS[one.type]
    strange = STRANGE if one.type != "money" else STRANGE.filter(lambda v: not isinstance(v, int | float))
    return st.integers(0, 11).flatmap(lambda n: st.none() if n == 0 else strange if n == 1 else sensible)


def some(fields, most):
    """Values of a few fields, now and then one that the form does not have."""
    asked = [one for one in fields if one.type != "text_block"]
    pair = st.sampled_from(asked).flatmap(lambda one: st.tuples(st.just(one.id), value_of(one)))
    return st.lists(st.one_of(pair, pair, pair, st.just(("obce", 1))), max_size=most).map(dict)


ROW = {"oferent": "A", "cena": "1.00", "wazna": True}
GOOD = st.fixed_dictionaries(
    {
        "forma": st.sampled_from(["UDPP", "PPN", "OWN"]),
        "nazwa": st.just("x"),
        "opis": st.just("krótki"),
        "zgoda": st.sampled_from([True, False, None]),
        "liczba": st.sampled_from([1, 3]),
        "grunty": st.sampled_from([["a", "b"], ["b", "c"]]),
        "dzien": st.just("2026-11-21"),
        "kwota": st.just("1.00"),
        "oferty": st.sampled_from([[ROW], [ROW, {**ROW, "wazna": False, "brak": "x"}], [ROW] * 3]),
        "poziom": st.just("UMOWA"),
        "cechy": st.sampled_from([["a"], [], None]),
        "bez_cech": st.sampled_from(["x", "x", "x", None]),
        "od_trzech": st.sampled_from(["2026-11-21", "2026-11-21", "2026-11-21", None]),
    }
)
SUBMISSIONS = st.one_of(
    some(FORM.fields, 12),
    st.tuples(GOOD, some(FORM.fields, 2), st.sets(st.sampled_from([one.id for one in FORM.fields]), max_size=1)).map(
        lambda parts: {key: value for key, value in {**parts[0], **parts[1]}.items() if key not in parts[2]}
    ),
)


def fits_check(raw, world):
    try:
        answers.check(FORM, raw, world)
    except AnswersRejected:
        return False
    return True


seen = Counter()


@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=SUBMISSIONS, which=st.integers(0, 1))
def test_the_schema_and_the_check_agree_on_random_submissions(raw, which):
    by_check = fits_check(raw, WORLDS[which])
    seen[by_check] += 1

    assert by_check == SCHEMAS[which].is_valid(raw), list(SCHEMAS[which].iter_errors(raw))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=SUBMISSIONS)
def test_a_page_can_be_drawn_from_whatever_was_sent(raw):
    view = answers.shown(FORM, raw, WORLDS[0])

    assert [one.id for one in view.sections[0].fields] == [one.id for one in FORM.fields]


def test_the_random_submissions_met_both_sides():
    if not seen:
        test_the_schema_and_the_check_agree_on_random_submissions()

    assert min(seen[True], seen[False]) > 200, seen


def test_the_export_is_a_valid_schema():
    jsonschema.Draft202012Validator.check_schema(json_schema.export(FORM))


def test_clean_answers_of_typed_ones_fit_the_schema():
    typed = {
        "forma": "OWN",
        "nazwa": " x ",
        "zgoda": "tak",
        "liczba": "1",
        "grunty": ["a", "b"],
        "cechy": ["a"],
        "dzien": "21.11.2026",
        "kwota": "1 234,50 zł",
        "poziom": "UMOWA",
    }

    cleaned = answers.check(FORM, typed, WORLDS[0])

    assert not SCHEMAS[0].is_valid(typed)
    assert SCHEMAS[0].is_valid(cleaned)


def test_without_a_context_a_condition_on_a_variable_is_left_open():
    schema = json_schema.export(form(field("text", "a", required=True, show_if={"variable": "v", "in": [1]})))

    assert schema["properties"]["a"] == {"title": "A"}
    assert schema["required"] == []
