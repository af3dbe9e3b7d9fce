"""Decision tables: hit policies, columns, defaults, allowed values."""

from decimal import Decimal

import pytest
from deciding import answer, by_the_letter, column, decided, decision, given, model, row, said_of, table, text

from engine.errors import ExpressionFailed

AGE = column("wiek", "number")
RISK = column("ryzyko", "string", '"niskie", "wysokie"')
WORDS = '"odmowa", "zgoda", "rozmowa"'


def risks(policy: str, *rows: str, aggregation: str = "", out: str = "") -> bytes:
    made = table(AGE, RISK, out or answer("wynik", "string", WORDS), *rows, policy=policy, aggregation=aggregation)
    return model(decision("d", made, name="Ocena ryzyka"))


OVERLAP = (
    row(">= 18", '"niskie"', '"zgoda"'),
    row("< 18", "-", '"odmowa"'),
    row("-", '"wysokie"', '"odmowa"'),
    row(">= 80", "-", '"rozmowa"'),
)


def test_the_one_matching_rule_answers_under_unique() -> None:
    assert decided(risks("UNIQUE", *OVERLAP), wiek=30, ryzyko="niskie") == "zgoda"


def test_unique_is_what_a_table_without_a_policy_has() -> None:
    with pytest.raises(ExpressionFailed, match="UNIQUE"):
        decided(risks("", *OVERLAP), wiek=90, ryzyko="niskie")


def test_two_matching_rules_under_unique_stop_and_are_named() -> None:
    with pytest.raises(ExpressionFailed) as caught:
        decided(risks("UNIQUE", *OVERLAP), wiek=15, ryzyko="wysokie")

    assert "Decyzja „Ocena ryzyka”: reguły 2 i 3 pasują jednocześnie" in caught.value.message


def test_two_matching_rules_under_unique_are_null_by_the_letter() -> None:
    found = by_the_letter(risks("UNIQUE", *OVERLAP), "d", {"wiek": 15, "ryzyko": "wysokie"})

    assert found.value is None


def test_first_takes_the_first_matching_rule() -> None:
    assert decided(risks("FIRST", *OVERLAP), wiek=90, ryzyko="niskie") == "zgoda"


def test_priority_takes_the_answer_that_stands_first_among_the_output_values() -> None:
    assert decided(risks("PRIORITY", *OVERLAP), wiek=90, ryzyko="wysokie") == "odmowa"
    assert decided(risks("PRIORITY", *OVERLAP), wiek=90, ryzyko="niskie") == "zgoda"


def test_any_takes_one_of_equal_answers() -> None:
    assert decided(risks("ANY", *OVERLAP), wiek=15, ryzyko="wysokie") == "odmowa"


def test_any_stops_when_the_answers_differ() -> None:
    with pytest.raises(ExpressionFailed, match="reguły 1 i 4 pasują jednocześnie i dają różne wyniki"):
        decided(risks("ANY", *OVERLAP), wiek=90, ryzyko="niskie")


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER"])
def test_collected_answers_come_in_the_order_of_the_rules(policy: str) -> None:
    assert decided(risks(policy, *OVERLAP), wiek=90, ryzyko="wysokie") == ["odmowa", "rozmowa"]


def test_output_order_sorts_by_the_output_values() -> None:
    rows = (row("-", "-", '"rozmowa"'), row("-", "-", '"zgoda"'), row("-", "-", '"odmowa"'))

    assert decided(risks("OUTPUT ORDER", *rows), wiek=1, ryzyko="niskie") == ["odmowa", "zgoda", "rozmowa"]


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3), ("", [10, 20, 30])]
)
def test_collected_numbers_are_put_together(aggregation: str, expected: object) -> None:
    rows = [row("-", "-", one) for one in ("10", "20", "30")]
    xml = risks("COLLECT", *rows, aggregation=aggregation, out=answer("kwota", "number"))

    assert decided(xml, wiek=1, ryzyko="niskie") == expected


def test_nothing_collected_is_an_empty_list_and_counts_zero() -> None:
    rows = (row("> 100", "-", "1"),)
    out = answer("kwota", "number")

    assert decided(risks("COLLECT", *rows, out=out), wiek=1, ryzyko="niskie") == []
    assert decided(risks("COLLECT", *rows, out=out, aggregation="COUNT"), wiek=1, ryzyko="niskie") == 0
    assert decided(risks("COLLECT", *rows, out=out, aggregation="MAX"), wiek=1, ryzyko="niskie") is None


def test_no_matching_rule_is_null() -> None:
    assert decided(risks("UNIQUE", row("> 100", "-", '"zgoda"')), wiek=1, ryzyko="niskie") is None


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_the_default_answers_when_no_rule_matches(policy: str) -> None:
    out = answer("wynik", "string", WORDS, default='"rozmowa"')

    assert decided(risks(policy, row("> 100", "-", '"zgoda"'), out=out), wiek=1, ryzyko="niskie") == "rozmowa"


def test_several_columns_answer_with_a_context() -> None:
    made = table(
        AGE, answer("stawka", "number"), answer("opis", "string"), row(">= 18", "wiek * 2", '"duża"', answers=2)
    )

    assert decided(model(decision("d", made)), wiek=20) == {"stawka": 40, "opis": "duża"}


def test_priority_goes_column_by_column() -> None:
    outs = answer("a", "string", '"x", "y"') + answer("b", "string", '"p", "q"')
    rows = (row("-", '"y"', '"p"', answers=2), row("-", '"x"', '"q"', answers=2), row("-", '"x"', '"p"', answers=2))
    xml = model(decision("d", table(AGE, outs, *rows, policy="PRIORITY")))

    assert decided(xml, wiek=1) == {"a": "x", "b": "p"}


def test_a_value_that_the_input_column_does_not_allow_stops() -> None:
    with pytest.raises(ExpressionFailed, match="kolumnie „ryzyko” nie należy do dozwolonych"):
        decided(risks("UNIQUE", *OVERLAP), wiek=30, ryzyko="średnie")


def test_a_value_of_another_type_stops() -> None:
    with pytest.raises(ExpressionFailed, match="kolumnie „wiek” nie pasuje do typu „number”"):
        decided(risks("UNIQUE", *OVERLAP), wiek="dużo", ryzyko="niskie")


def test_an_answer_that_the_output_column_does_not_allow_stops() -> None:
    with pytest.raises(ExpressionFailed, match="kolumnie „wynik” nie należy do dozwolonych"):
        decided(risks("UNIQUE", row("-", "-", '"może"')), wiek=1, ryzyko="niskie")


def test_a_missing_variable_is_null_and_only_dashes_match_it() -> None:
    rows = (row(">= 18", "-", '"zgoda"'), row("-", '"niskie"', '"rozmowa"'))

    assert decided(risks("UNIQUE", *rows), ryzyko="niskie") == "rozmowa"


def test_cells_may_ask_with_a_question_mark_and_read_other_variables() -> None:
    made = table(AGE, answer("w"), row("? > prog and odd(?)", '"tak"'), row("not(> prog)", '"nie"'), policy="FIRST")
    xml = model(decision("d", made))

    assert decided(xml, wiek=21, prog=18) == "tak"
    assert decided(xml, wiek=3, prog=18) == "nie"


def test_dates_of_an_instance_are_texts_that_input_data_turn_into_dates() -> None:
    made = table(
        column("data"), answer("w"), row('>= date("2026-01-01")', '"nowe"'), row("-", '"stare"'), policy="FIRST"
    )
    xml = model(given("data", "date"), decision("d", made, "we_data"))

    assert decided(xml, data="2026-05-01") == "nowe"
    assert decided(xml, data="2025-05-01") == "stare"


def test_annotations_are_for_people() -> None:
    noted = text("inputEntry", "-") + text("outputEntry", "1") + text("annotationEntry", "art. 50")
    made = table(AGE, answer("w"), f"<annotation name='podstawa'/><rule>{noted}</rule>")

    assert decided(model(decision("d", made)), wiek=1) == 1


def test_rules_may_stand_in_columns() -> None:
    made = table(AGE, answer("w"), row("-", "1"), preferredOrientation="Rule-as-Column")

    assert decided(model(decision("d", made)), wiek=1) == 1
    assert said_of(model(decision("d", made))) == []


def test_crosstables_are_refused_by_name() -> None:
    made = table(AGE, answer("w"), row("-", "1"), preferredOrientation="CrossTable")

    assert said_of(model(decision("d", made))) == [
        "Tabeli krzyżowej ten system nie wykonuje. Zapisz reguły w wierszach."
    ]


def test_numbers_keep_all_their_digits() -> None:
    xml = model(decision("d", table(AGE, answer("w"), row("-", "wiek * 0.1"))))

    assert decided(xml, wiek=3) == Decimal("0.3")
