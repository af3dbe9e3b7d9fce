"""What expressions compute: logic with null, numbers, moments, lists, functions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from engine import feel

CONTEXT = {"kwota": 12.5, "brak": None, "forma": "UDPP", "role": ["Wójt", "Skarbnik"], "termin": date(2026, 11, 21)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or null", None),
        ("null = null", True),
        ("brak = 1", False),
        ("brak > 1", None),
        ("not(null)", None),
        ("nieznana", None),
        ("nieznana.pole.glebiej", None),
        ("1 + null", None),
        ('1 = "1"', None),
        ("1 between null and 2", None),
        ("some x in [null, false] satisfies x", None),
        ("some x in [null, true] satisfies x", True),
        ("every x in [null, false] satisfies x", False),
        ("every x in [] satisfies x", True),
        ("for x in null return x", None),
        ("if null then 1 else 2", Decimal(2)),
        ('if "tak" then 1 else 2', None),
        ("null in [1, 2]", False),
    ],
)
def test_null_runs_through_logic_as_dmn_says(text: str, value: object) -> None:
    assert feel.evaluate(text, CONTEXT) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("-2 ** 2", "4"),
        ("2 + 3 * 4 ** 2", "50"),
        ("kwota * 2", "25.0"),
        ("decimal(2.5, 0)", "2"),
        ("round half up(2.5, 0)", "3"),
        ("round up(-1.121, 2)", "-1.13"),
        ("ceiling(1.21, 1)", "1.3"),
        ("modulo(-12, 5)", "3"),
        ("sqrt(16)", "4"),
        ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
        ("median([6, 1, 2, 3])", "2.5"),
        ("product([2, 3, 4])", "24"),
        ('number("1 234,50", " ", ",")', "1234.50"),
        ('string length("żółć")', "4"),
        ('week of year(@"2021-01-03")', "53"),
    ],
)
def test_numbers_are_decimals(text: str, value: str) -> None:
    assert feel.evaluate(text, CONTEXT) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a" + "b" < "b"', True),
        ('forma in ("PPN", "UDPP")', True),
        ('list contains(role, "Wójt")', True),
        ("5 in (1, [2..4], > 4)", True),
        ("5 in (2..5)", False),
        ("5 in ]2..5]", True),
        ("[1, 2] instance of list<number>", True),
        ("{a: 1} instance of context<a: string>", False),
        ('matches("00-950", "^\\d{2}-\\d{3}$")', True),
        ('matches("ŻÓŁW", "^[a-zżół]+$", "i")', True),
        ('replace("Jan Kowalski", "(\\w+) (\\w+)", "$2 $1")', "Kowalski Jan"),
        ('split("a;b;;", ";")', ["a", "b", "", ""]),
        ('string join(["a", null, "b"], ", ")', "a, b"),
        ('string([1.50, "x", {"a b": null}])', '[1.5, "x", {a b: null}]'),
        ('for x in ["a"], y in [1, 2] return x + string(y)', ["a1", "a2"]),
        ("for x in 3..1 return x", [3, 2, 1]),
        ("for x in 1..4 return if x < 3 then 1 else sum(partial)", [1, 1, 2, 4]),
        ("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b", [4]),
        ("[10, 20, 30][-1]", 30),
        ("[10, 20, 30][item > 10]", [20, 30]),
        ("sort([3, 1, 2], function(a, b) a < b)", [1, 2, 3]),
        ("(function(x: number) x + 1)([2])", 3),
        ("{silnia: function(n) if n < 2 then 1 else n * silnia(n - 1), w: silnia(5)}.w", 120),
        ("list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", [5, 5, 7]),
        ('substring(string: "foobar", start position: -2)', "ar"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", {"a": 2, "b": 3}),
        ("overlaps([1..5], [5..8])", True),
        ("overlaps([1..5), [5..8])", False),
        ("1 // komentarz\n + /* drugi */ 1", 2),
        ("= 1 + 1", 2),
    ],
)
def test_expressions_have_the_value_that_dmn_says(text: str, value: object) -> None:
    assert feel.evaluate(text, CONTEXT) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('termin + duration("P14D")', "2026-12-05"),
        ('date("2024-01-31") + duration("P1M")', "2024-02-29"),
        ('termin - date("2026-11-01")', "P20D"),
        ("termin.weekday", 6),
        ('date and time("2021-03-28T01:30:00@Europe/Warsaw") + duration("PT1H")', "2021-03-28T03:30:00+02:00"),
        ('years and months duration(date("2024-02-29"), date("2026-02-28"))', "P1Y11M"),
        ('date("999999999-12-31")', "999999999-12-31"),
        ('time("23:59:01.987654321")', "23:59:01.987654321"),
        ('date("2025-02-29")', None),
        ("day of week(termin)", "Saturday"),
        ("today()", "2026-11-22"),
        ('now() > date and time("2026-11-21T23:59:00Z")', False),
        ('now() - duration("PT1H")', "2026-11-21T23:30:00+01:00"),
    ],
)
def test_moments_and_durations(text: str, value: object) -> None:
    moment = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # half past midnight in Warsaw

    assert feel.to_json(feel.evaluate(text, CONTEXT, now=moment)) == value


def test_values_come_out_as_pythons_own() -> None:
    text = '[date("2026-11-21"), date and time("2026-11-21T10:00:00@Europe/Warsaw"), 1.5, {a: null}]'

    found = feel.evaluate(text, {})

    assert isinstance(found, list)
    day, moment, number, context = found
    assert day == date(2026, 11, 21)
    assert moment == datetime(2026, 11, 21, 10, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert isinstance(number, Decimal)
    assert context == {"a": None}


def test_json_gets_whole_numbers_as_int_and_others_as_float() -> None:
    assert feel.to_json([Decimal("2.0"), Decimal("2.5")]) == [2, 2.5]
    assert isinstance(feel.to_json(Decimal("2.0")), int)


def test_a_function_of_the_caller_can_be_invoked() -> None:
    double = feel.Function(("n",), lambda values: values[0] * 2)  # type: ignore[operator]

    assert feel.evaluate("podwojona(n: 4)", {"podwojona": double}) == Decimal(8)


@pytest.mark.parametrize(
    ("tests", "value", "passes"),
    [
        ("-", 1, True),
        ("> 5", 7, True),
        ("> 5, 3", 3, True),
        ("not(1, 2)", 1, False),
        ("not(1, 2)", 3, True),
        ('"a", "b"', "b", True),
        ("[1..5)", 5, False),
        ("? * 2 = 10", 5, True),
        ("prog", 3, True),
        ("null", None, True),
        ("false", False, True),
        ("true", False, False),
        ("> 5", None, False),
        ("not(> 5)", None, False),
        ('contains(?, "opieka")', "usługi opiekuńcze, opieka", True),
        ('date("2026-01-01")', date(2026, 1, 1), True),
    ],
)
def test_cells_of_decision_tables(tests: str, value: object, passes: bool) -> None:
    assert feel.unary(tests, value, {"prog": 3}) is passes


@pytest.mark.parametrize(("text", "holds"), [("true", True), ("null", False), ("1", False), ('"tak"', False)])
def test_a_condition_holds_only_when_it_is_exactly_true(text: str, holds: bool) -> None:
    assert feel.test(text, {}) is holds
