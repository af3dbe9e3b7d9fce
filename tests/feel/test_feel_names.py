"""Names: Polish letters, spaces, signs, keywords inside; and which names an expression reads."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine import feel


def test_a_name_may_hold_spaces_and_polish_letters() -> None:
    context = {"liczba złożonych ofert": 3}

    value = feel.evaluate("liczba   złożonych\n ofert * 2", context)

    assert value == Decimal(6)


@pytest.mark.parametrize("name", ["za i przeciw", "a and b", "values in a list", "liczba-ofert", "koszt/rok", "nr 2.1"])
def test_a_name_with_signs_or_keywords_is_found_when_the_context_has_it(name: str) -> None:
    assert feel.evaluate(f"{name} + 1", {name: 1}) == Decimal(2)


def test_the_same_text_means_a_difference_when_the_context_has_no_such_name() -> None:
    assert feel.evaluate("a-b", {"a": 5, "b": 2}) == Decimal(3)
    assert feel.evaluate("a-b", {"a": 5, "b": 2, "a-b": 9}) == Decimal(9)


def test_a_name_inside_a_context_of_the_context_is_found_too() -> None:
    assert feel.evaluate("gmina.pow-km", {"gmina": {"pow-km": 12}}) == Decimal(12)


def test_a_name_declared_in_the_expression_is_known_behind_it() -> None:
    assert feel.evaluate("{rok-1: 5, suma: rok-1 + 1}.suma", {}) == Decimal(6)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('forma = "UDPP" and liczba ofert > 0', {"forma", "liczba ofert"}),
        ("for o in oferty return o.kwota + podatek", {"oferty", "podatek"}),
        ("some a in x, b in a satisfies a > b", {"x"}),
        ("{a: 1, b: a + c}.b", {"c"}),
        ("{silnia: function(n) n * silnia(n - 1)}", set()),
        ("sort(lista, function(a, b) a < b)", {"lista"}),
        ("today() > termin", {"termin"}),
        ("count + 1", {"count"}),
        ("moja funkcja(1)", {"moja funkcja"}),
        ('osoby.jan.rola = "Wójt"', {"osoby"}),
    ],
)
def test_the_names_that_are_read_are_told(text: str, names: set[str]) -> None:
    assert feel.parse(text).names == names


def test_a_name_in_a_filter_is_only_possibly_read() -> None:
    expression = feel.parse("oferty[kwota > prog and item.wazna].kwota")

    assert expression.names == {"oferty"}
    assert expression.possible == {"kwota", "prog"}


def test_the_tested_value_is_no_name_that_is_read() -> None:
    assert feel.parse_tests("? > prog, kwota").names == {"prog", "kwota"}
