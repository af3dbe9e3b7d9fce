"""What is said of variables that a diagram reads too early, brings from outside or sets in two places at once."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bpmn.building import boundary, call, el, end, event, flows, par, process, script, start, timer, user, xor

from engine.bpmn import dataflow, markup

FORMS = {"wniosek": frozenset({"kwota"}), "opinia": frozenset({"zgoda"}), "proces_start": frozenset({"gmina"})}


def told(*body: str, processes: Mapping[str, bytes] | None = None) -> list[tuple[str, str]]:
    """Element and sentence of each warning."""
    node = markup.executable(markup.open_file(process(*body)))
    found = dataflow.check(node, forms=FORMS, processes=processes or {}, always=frozenset({"upowaznienia"}))
    assert {one.severity for one in found} <= {"warning"}
    return [(one.element, one.message) for one in found]


def form(identity: str, key: str) -> str:
    return user(identity, f'<bpmn:extensionElements><bieg:task form="{key}"/></bpmn:extensionElements>', name=identity)


def many(identity: str, items: str, results: str, until: str = "false") -> str:
    said = (
        f"<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>{items}</bpmn:loopDataInputRef>"
        f'<bpmn:loopDataOutputRef>{results}</bpmn:loopDataOutputRef><bpmn:inputDataItem id="oferta"/>'
        f"<bpmn:completionCondition>{until}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
    )
    return user(identity, said)


def chosen(target: str, condition: str) -> str:
    return flows("x", target, when=condition)


def test_what_a_form_a_script_or_the_start_sets_may_be_read_after_it() -> None:
    body = [start(), form("a", "wniosek"), script("s", "kwota * 2", "razem"), xor("x"), end(), end("e2")]

    found = told(*body, flows("start", "a", "s", "x", "koniec"), chosen("e2", '=razem > 1 and gmina = "Ruda"'))

    assert found == []


def test_a_variable_that_one_way_leaves_unset_is_told_with_that_way() -> None:
    body = [start(name="Początek"), xor("x", name="Duża kwota?"), form("a", "opinia"), xor("m")]
    more = [script("s", "zgoda", "wynik"), end()]
    ways = [flows("start", "x"), chosen("a", "=gmina = 1"), flows("x", "m"), flows("a", "m", "s", "koniec")]

    (found,) = told(*body, *more, *ways)

    assert found == (
        "s",
        "Ten krok czyta zmienną „zgoda”, której na jednej z dróg nic wcześniej nie ustawia. "
        "Przebieg: Początek → Duża kwota? → s.",
    )


def test_a_variable_that_nothing_sets_is_told_once_and_softly() -> None:
    body = [start(), script("s", "obca + inna", "a"), script("t", "obca", "b"), end()]

    found = told(*body, flows("start", "s", "t", "koniec"))

    assert found == [("proces", "Nic w tym diagramie nie ustawia: inna, obca. Muszą być znane na początku sprawy.")]


def test_a_variable_that_is_always_read_first_is_meant_to_be_brought() -> None:
    body = [start(), xor("m"), script("s", "licznik + 1", "licznik"), xor("x"), end()]

    found = told(*body, flows("start", "m", "s", "x", "koniec"), chosen("m", "=licznik < 3"))

    message = "Nic nie ustawia przed pierwszym użyciem: licznik. Muszą być znane na początku sprawy."
    assert found == [("proces", message)]


def test_what_one_branch_sets_is_known_behind_the_join_but_not_in_the_other_branch() -> None:
    body = [start(), par("p"), form("a", "wniosek"), script("s", "kwota", "w"), par("j"), script("t", "kwota", "z")]
    ways = [flows("start", "p", "a", "j", "t", "koniec"), flows("p", "s", "j")]

    found = told(*body, end(), *ways)

    assert [element for element, _ in found] == ["s"]


def test_what_either_branch_sets_is_known_behind_the_join() -> None:
    body = [start(), par("p"), form("a", "wniosek"), form("b", "opinia"), par("j"), script("t", "[kwota, zgoda]", "z")]

    found = told(*body, end(), flows("start", "p", "a", "j", "t", "koniec"), flows("p", "b", "j"))

    assert found == []


def test_an_interrupted_step_has_not_set_its_answers() -> None:
    body = [start(), form("a", "wniosek"), boundary("b", "a", timer("Duration", "P1D")), script("s", "kwota", "w")]

    found = told(*body, end(), flows("start", "a", "koniec"), flows("b", "s", "koniec"))

    assert [element for element, _ in found] == ["s"]


def test_items_and_results_of_a_repeated_step_are_known_where_they_belong() -> None:
    body = [start(), script("l", "[1, 2]", "oferty"), many("a", "oferty", "oceny", "numberOfInstances = 1"), end()]

    found = told(*body, script("s", "oceny", "w"), flows("start", "l", "a", "s", "koniec"))

    assert found == []


@pytest.mark.parametrize("known", [True, False])
def test_a_called_process_sets_what_its_file_sets_and_anything_when_it_is_not_there(known: bool) -> None:
    inner = process(start(), script("s", "1", "wynik"), end(), flows("start", "s", "koniec"), key="inny")
    body = [start(), call("c", "inny"), script("s", "wynik", "w"), end(), flows("start", "c", "s", "koniec")]
    other = [start(), call("c", "inny"), script("s", "cudze", "w"), end(), flows("start", "c", "s", "koniec")]

    files = {"inny": inner} if known else {}

    assert told(*body, processes=files) == []
    assert bool(told(*other, processes=files)) is known


def test_what_a_sub_process_sets_on_every_way_is_known_behind_it() -> None:
    inner = el("subProcess", "p", start("s1"), form("a", "wniosek"), end("e1"), flows("s1", "a", "e1"))

    found = told(start(), inner, script("s", "kwota", "w"), end(), flows("start", "p", "s", "koniec"))

    assert found == []


def test_what_a_message_brings_counts_when_it_is_named() -> None:
    out = '<bpmn:extensionElements><bieg:out source="numer" target="numer"/></bpmn:extensionElements>'
    catch = el("intermediateCatchEvent", "k", out, event("message", messageRef="m"))

    found = told(start(), catch, script("s", "numer", "w"), end(), flows("start", "k", "s", "koniec"))

    assert found == []


def test_two_branches_that_set_one_variable_are_told() -> None:
    body = [start(), par("p"), form("a", "wniosek"), script("b", "5", "kwota"), par("j"), end()]

    found = told(*body, flows("start", "p", "a", "j", "koniec"), flows("p", "b", "j"))

    assert found == [
        (
            "a",
            "Zmienną „kwota” ustawiają równolegle „a” i „b”; zostanie wartość z tego, który skończy się później.",
        )
    ]


def test_two_ways_of_a_choice_may_set_one_variable() -> None:
    body = [start(), xor("x"), form("a", "wniosek"), script("b", "5", "kwota"), xor("m"), end()]

    found = told(*body, flows("start", "x", "b", "m", "koniec"), chosen("a", "=gmina = 1"), flows("a", "m"))

    assert found == []
