"""Business-rule tasks: a decision is made where the token passes."""

import pytest
from building import Walk, el, end, flows, process, rule, script, start, user
from deciding import answer, column, decision, given, literal, model, row, table

from engine.bpmn import bundle, gate, markup, rule_reading
from engine.errors import DefinitionRejected, StepFailed

THRESHOLDS = model(
    given("kwota", "number"),
    decision(
        "tryb",
        table(
            column("kwota", "number"),
            answer("tryb", "string"),
            row("< 170000", '"uproszczony"'),
            row(">= 170000", '"ustawowy"'),
            row(">= 1000000", '"unijny"'),
        ),
        "we_kwota",
        name="Tryb zamówienia",
    ),
    decision("oplata", literal('{procent: 2, opis: "z góry"}')),
)
BOTH = {"tryb": THRESHOLDS, "oplata": THRESHOLDS}


def diagram(*steps: str) -> bytes:
    ids = [one.split('id="')[1].split('"')[0] for one in steps]
    return process(start(), *steps, user("praca"), end(), flows("start", *ids, "praca", "koniec"))


def test_the_result_goes_into_a_variable() -> None:
    walk = Walk(diagram(rule("wybor", "tryb", "t")), decisions=BOTH, kwota=200_000)

    assert walk.outcome.variables["t"] == "ustawowy"
    assert ("wybor", "done") in walk.moves


def test_several_columns_or_a_context_become_a_context() -> None:
    walk = Walk(diagram(rule("wybor", "oplata", "o")), decisions=BOTH)

    assert walk.outcome.variables["o"] == {"procent": 2, "opis": "z góry"}


def test_contradicting_rules_stop_the_instance_with_the_table_and_the_rules() -> None:
    with pytest.raises(StepFailed) as caught:
        Walk(diagram(rule("wybor", "tryb", "t", name="Wybór trybu")), decisions=BOTH, kwota=2_000_000)

    assert caught.value.element == "wybor"
    assert "Krok „Wybór trybu”: Decyzja „Tryb zamówienia”: reguły 2 i 3 pasują jednocześnie" in caught.value.message


def test_a_round_of_many_decides_with_its_own_item() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        "<bpmn:loopDataInputRef>kwoty</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>tryby</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="i" name="kwota"/><bpmn:outputDataItem id="o" name="t"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    many = rule("wybor", "tryb", "t").replace("</bpmn:businessRuleTask>", f"{loop}</bpmn:businessRuleTask>")

    walk = Walk(diagram(many), decisions=BOTH, kwoty=[1, 500_000, 2])

    assert walk.outcome.variables["tryby"] == ["uproszczony", "ustawowy", "uproszczony"]


def test_what_a_script_computed_before_is_read() -> None:
    walk = Walk(diagram(script("licz", "100000 * 3", "kwota"), rule("wybor", "tryb", "t")), decisions=BOTH)

    assert walk.outcome.variables["t"] == "ustawowy"


def test_a_bundle_keeps_a_file_once_and_only_when_it_is_used() -> None:
    used = bundle.restore(bundle.compile(diagram(rule("a", "tryb", "t"), rule("b", "oplata", "o")), {}, BOTH))
    unused = bundle.restore(bundle.compile(diagram(), {}, BOTH))

    assert used.decisions["tryb"] is used.decisions["oplata"]
    assert len(unused.decisions) == 0


def test_a_decision_that_is_not_there_is_refused() -> None:
    with pytest.raises(DefinitionRejected) as caught:
        bundle.compile(diagram(rule("wybor", "brak", "t")), {}, BOTH)

    assert "decyzji „brak”, której nie ma" in caught.value.problems[0].message


KNOWN = gate.Known(roles=frozenset(), forms={}, processes={}, decisions=BOTH)


def refusals(*steps: str) -> dict[str, str]:
    xml = process(start(), *steps, end(), flows("start", "wybor", "koniec"))
    return {one.element: one.message for one in gate.rules(xml, KNOWN) if one.severity == "error"}


def test_the_gate_lets_a_task_with_a_known_decision_pass() -> None:
    assert refusals(rule("wybor", "tryb", "t")) == {}


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (rule("wybor", "brak", "t"), "Nie ma opublikowanej decyzji „brak”"),
        (rule("wybor", "tryb", ""), "musi podawać decyzję i zmienną wyniku"),
        (rule("wybor", "", "t"), "musi podawać decyzję i zmienną wyniku"),
        (el("businessRuleTask", "wybor"), "musi podawać decyzję i zmienną wyniku"),
    ],
)
def test_the_gate_refuses_a_task_without_a_decision_or_a_variable(step: str, sentence: str) -> None:
    assert sentence in refusals(step)["wybor"]


def test_the_gate_is_told_what_each_decision_of_a_process_reads() -> None:
    xml = diagram(rule("wybor", "tryb", "t"), rule("cena", "oplata", "o"), rule("zla", "brak", "z"))
    root = markup.open_file(xml)

    assert rule_reading.needed(markup.executable(root), BOTH) == {"tryb": {"kwota"}, "oplata": frozenset()}


def test_what_a_decision_reads_must_be_set_and_what_it_sets_may_be_read() -> None:
    lane = '<bpmn:laneSet id="t"><bpmn:lane id="l" name="Wójt"><bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane>'
    steps = (rule("wybor", "tryb", "t"), script("opis", 't + "!"', "o"), user("u"))
    xml = process(f"{lane}</bpmn:laneSet>", start(), *steps, end(), flows("start", "wybor", "opis", "u", "koniec"))
    known = gate.Known(roles=frozenset({"Wójt"}), forms={}, processes={}, decisions=BOTH)

    said = [one.message for one in gate.rules(xml, known) if "ustawia" in one.message]

    assert said == ["Nic w tym diagramie nie ustawia: kwota. Muszą być znane na początku sprawy."]
