"""Decisions that require others, boxed expressions, knowledge, services, types of a model's own."""

from decimal import Decimal

import pytest
from deciding import answer, by_the_letter, column, decided, decision, el, given, literal, model, row, table, text

from engine.bpmn import dmn
from engine.errors import DefinitionRejected, ExpressionFailed, NotFound

NAMESPACES = [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
]


def entry(name: str, logic: str) -> str:
    return el("contextEntry", el("variable", name=name) if name else "", logic)


def knowledge(id: str, logic: str, *parameters: str, name: str = "") -> str:
    formal = "".join(el("formalParameter", name=one, typeRef="number") for one in parameters)
    return el("businessKnowledgeModel", el("encapsulatedLogic", formal, logic), id=id, name=name or id)


@pytest.mark.parametrize("space", NAMESPACES)
def test_files_of_every_version_are_read(space: str) -> None:
    xml = model(given("kwota", "number"), decision("d", literal("kwota + 1"), "we_kwota"), space=space)

    assert decided(xml, kwota=1) == 2


def test_types_of_the_first_version_carry_a_prefix() -> None:
    xml = model(given("kwota", "feel:number"), decision("d", literal("kwota + 1", typeRef="feel:number"), "we_kwota"))

    assert decided(xml, kwota=1) == 2


def test_required_decisions_may_stand_in_any_order() -> None:
    xml = model(
        decision("d", literal("dochód na osobę * 2"), "srodek", type_="number"),
        decision("srodek", literal("dochód / osoby"), "we_dochód", "we_osoby", name="dochód na osobę"),
        given("osoby", "number"),
        given("dochód", "number"),
    )

    assert decided(xml, dochód=3000, osoby=4) == 1500


def test_a_decision_that_two_others_need_is_made_once_however_many_ways_lead_to_it() -> None:
    ladder = [decision("d0", literal("1"))]
    ladder += [decision(f"d{n}", literal(f"d{n - 1} + d{n - 1}"), f"d{n - 1}", f"d{n - 1}") for n in range(1, 50)]

    assert decided(model(*ladder), "d49") == Decimal(2) ** 49


def test_a_decision_that_needs_itself_stops_with_a_sentence() -> None:
    xml = model(decision("a", literal("b"), "b"), decision("b", literal("a"), "a"))

    with pytest.raises(ExpressionFailed, match="w kółko"):
        decided(xml, "a")


def test_by_the_letter_a_decision_sees_only_what_it_requires() -> None:
    xml = model(given("jawna", "number"), decision("d", literal("[jawna, ukryta]"), "we_jawna"))

    assert by_the_letter(xml, "d", {"jawna": 1, "ukryta": 2}).value == [1, None]


def test_an_instance_gives_its_variables_to_names_that_nothing_declares() -> None:
    assert decided(model(decision("d", literal("kwota * 2"))), kwota=21) == 42


def test_knowledge_is_a_function_and_may_invoke_itself() -> None:
    body = literal("if n <= 1 then 1 else n * silnia(n - 1)")
    xml = model(
        knowledge("wiedza_silnia", body, "n", name="silnia"), decision("d", literal("silnia(5)"), "wiedza_silnia")
    )

    assert decided(xml) == 120


def test_a_function_is_not_invoked_with_an_argument_of_another_type() -> None:
    xml = model(
        knowledge("wiedza_f", literal('"zawsze"'), "n", name="f"), decision("d", literal('f("tekst")'), "wiedza_f")
    )

    assert by_the_letter(xml).value is None
    with pytest.raises(ExpressionFailed, match="argument „n” nie pasuje"):
        decided(xml)


def test_knowledge_may_be_a_table_invoked_with_named_arguments() -> None:
    made = table(column("wiek", "number"), answer("w"), row("< 18", "0.5"), row(">= 18", "1"))
    bindings = el("binding", el("parameter", name="wiek"), literal("lata"))
    xml = model(
        knowledge("wiedza_stawka", made, "wiek", name="stawka"),
        decision("d", el("invocation", literal("stawka"), bindings), "wiedza_stawka"),
    )

    assert decided(xml, lata=17) == Decimal("0.5")


def test_a_context_reads_its_earlier_entries_and_may_end_in_a_result() -> None:
    made = el("context", entry("a", literal("2")), entry("b", literal("a * 3")), entry("", literal("a + b")))

    assert decided(model(decision("d", made))) == 8


def test_relations_lists_and_loops_are_computed() -> None:
    rows = [el("row", literal(f'"{name}"'), literal(str(price))) for name, price in (("obiad", 20), ("koc", 90))]
    goods = el("relation", el("column", name="rzecz"), el("column", name="cena"), *rows)
    cheap = el("filter", el("in", literal("towary")), el("match", literal("cena < 50")))
    each = el("for", el("in", literal("towary")), el("return", literal("t.cena * 2")), iteratorVariable="t")
    some = el("some", el("in", literal("towary")), el("satisfies", literal("t.cena > 80")), iteratorVariable="t")
    every = el("every", el("in", literal("towary")), el("satisfies", literal("t.cena > 80")), iteratorVariable="t")
    choice = el("conditional", el("if", some), el("then", literal('"drogo"')), el("else", literal('"tanio"')))
    made = el("context", entry("towary", goods), entry("", el("list", cheap, each, some, every, choice)))

    assert decided(model(decision("d", made))) == [
        [{"rzecz": "obiad", "cena": 20}],
        [40, 180],
        True,
        False,
        "drogo",
    ]


def test_a_service_is_a_function_of_its_input_data_then_its_input_decisions() -> None:
    service = el(
        "decisionService",
        el("outputDecision", href="#wynik"),
        el("inputDecision", href="#stawka"),
        el("inputData", href="#we_kwota"),
        id="wiedza_usluga",
        name="usluga",
    )
    xml = model(
        given("kwota", "number"),
        decision("stawka", literal("1000")),
        decision("wynik", literal("kwota * stawka"), "we_kwota", "stawka"),
        service,
        decision("d", literal("[usluga(2, 3), usluga(stawka: 5, kwota: 7)]"), "wiedza_usluga"),
    )

    assert decided(xml, kwota=1) == [6, 35]
    assert by_the_letter(xml, "wiedza_usluga", {"kwota": 2, "stawka": 3}).value == 6


def test_types_of_a_model_check_what_they_allow() -> None:
    form = el("itemDefinition", el("typeRef", "string"), text("allowedValues", '"UDPP", "CUW"'), name="tForma")
    xml = model(form, given("forma", "tForma"), decision("d", literal("forma"), "we_forma"))

    assert decided(xml, forma="CUW") == "CUW"
    with pytest.raises(ExpressionFailed, match="dana wejściowa „forma” nie pasuje do typu „tForma”"):
        decided(xml, forma="ABC")
    assert by_the_letter(xml, "d", {"forma": "ABC"}).value is None


def test_parts_of_types_are_checked_too() -> None:
    part = el("itemComponent", el("typeRef", "number"), text("allowedValues", "[0..100]"), name="procent")
    many = el("itemDefinition", part, name="tUdzial", isCollection="true")
    xml = model(many, given("u", "tUdzial"), decision("d", literal("sum(u.procent)"), "we_u"))

    assert decided(xml, u=[{"procent": 40}, {"procent": 60}]) == 100
    with pytest.raises(ExpressionFailed):
        decided(xml, u=[{"procent": 40}, {"procent": 160}])


def test_a_constraint_of_a_whole_list_is_checked() -> None:
    limited = el(
        "itemDefinition",
        el("typeRef", "number"),
        text("typeConstraint", "count(?) <= 2"),
        name="t",
        isCollection="true",
    )
    xml = model(limited, given("u", "t"), decision("d", literal("sum(u)"), "we_u"))

    assert decided(xml, u=[1, 2]) == 3
    with pytest.raises(ExpressionFailed):
        decided(xml, u=[1, 2, 3])


def test_a_list_of_one_becomes_its_element_and_the_other_way_round() -> None:
    listed = el("itemDefinition", el("typeRef", "number"), name="tLista", isCollection="true")
    xml = model(
        listed,
        given("a", "number"),
        given("b", "tLista"),
        decision("d", literal("[a + 1, count(b)]"), "we_a", "we_b"),
    )

    assert decided(xml, a=[1], b=5) == [2, 1]


def test_an_imported_model_stands_under_the_name_of_its_import() -> None:
    other = model(decision("o", literal("20"), name="stawka roczna")).replace(b"urn:test", b"urn:inny")
    head = el("import", namespace="urn:inny", name="wspólne", importType=NAMESPACES[-1])
    xml = model(head, decision("d", literal("wspólne.stawka roczna / 2"), "urn:inny#o"))

    assert dmn.evaluate(dmn.read(xml, {"urn:inny": other}), "d", {}) == 10
    with pytest.raises(DefinitionRejected) as caught:
        dmn.read(xml)
    assert "importuje model „wspólne”" in caught.value.problems[0].message


def test_names_with_signs_are_understood_everywhere() -> None:
    xml = model(given("kwota-brutto", "number"), decision("d", literal("kwota-brutto / 2 - 1"), "we_kwota-brutto"))

    assert decided(xml, **{"kwota-brutto": 10}) == 4
    assert dmn.check(xml) == ()


def test_the_inputs_of_a_decision_are_found_without_running_it() -> None:
    made = table(column("wiek"), answer("w"), row("> prog", "stawka"))
    xml = model(
        given("osoby", "number"),
        given("obca", "number"),
        decision("srodek", literal("osoby + count(for x in lista return x)"), "we_osoby"),
        decision("stawka", literal("srodek"), "srodek"),
        decision("d", made, "stawka"),
        decision("inna", literal("obca"), "we_obca"),
    )

    assert dmn.inputs(xml, "d") == {"wiek", "prog", "osoby", "lista"}
    with pytest.raises(NotFound):
        dmn.inputs(xml, "brak")


def test_functions_in_other_languages_are_never_called() -> None:
    made = el("functionDefinition", kind="Java")
    xml = model(decision("d", el("invocation", made)))

    with pytest.raises(ExpressionFailed, match="innym języku niż FEEL"):
        decided(xml)
