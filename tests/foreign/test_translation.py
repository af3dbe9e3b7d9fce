"""JUEL and Python conditions as FEEL: the same answer for every value, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import feel
from engine.bpmn.foreign import translation
from engine.bpmn.foreign.translation import Unclear

Values = Mapping[str, object]


@pytest.mark.parametrize(
    ("foreign", "written"),
    [
        ("${kwota > 100}", "kwota > 100"),
        ("#{kwota ge 100.50}", "kwota >= 100.50"),
        ("${status == 'NOWY' && !gotowe}", 'status = "NOWY" and not(gotowe = true)'),
        ("${a and b or c}", "a and b or c"),
        ("${a and (b or c)}", "a and (b or c)"),
        ("${'tak'.equals(zgoda)}", '"tak" = zgoda'),
        ("${!zgoda.equals('tak')}", 'zgoda != "tak"'),
        ("${zgoda ? 'A' : 'B'}", 'if zgoda then "A" else "B"'),
        ("${empty uwagi}", '(uwagi = null or uwagi = "" or uwagi = [] or uwagi = {}) = true'),
        ("${execution.getVariable('wniosek').equals('pilny')}", 'wniosek = "pilny"'),
        ("${oferty.size() gt 0}", "count(oferty) > 0"),
        ("${oferty[0].kwota > 5}", None),
        ("${osoba['wiek'] >= 18}", "osoba.wiek >= 18"),
        ("${nrOfCompletedInstances == nrOfInstances}", "numberOfCompletedInstances = numberOfInstances"),
        ("forma == 'UDPP' and not pilne", 'forma = "UDPP" and not(pilne = true)'),
        ("forma in ['KIS', 'PES']", 'forma in ["KIS", "PES"]'),
        ("forma not in ['KIS']", 'not(forma in ["KIS"])'),
        ("uwagi is None", "uwagi = null"),
        ("uwagi is not None", "uwagi != null"),
        ("gotowe == True", "gotowe = true"),
        ("1 < wiek <= 18", "1 < wiek and wiek <= 18"),
        ("'A' if zgoda else 'B'", 'if zgoda then "A" else "B"'),
        ("ryzyko === 'wysokie' || kwota !== 5", 'ryzyko = "wysokie" or kwota != 5'),
        ("nazwa == 'Dom \"Złoty wiek\"'", 'nazwa = "Dom \\"Złoty wiek\\""'),
        ("lista[0] == 1", "lista[1] = 1"),
        ("lista[-1] == 1", "lista[-1] = 1"),
        ("not a == b", "a != b"),
        ("${not a == b}", "not(a = true) = b"),
    ],
)
def test_certain_expressions_become_feel(foreign: str, written: str | None) -> None:
    if written is None:
        with pytest.raises(Unclear):
            translation.to_feel(foreign)
    else:
        assert translation.to_feel(foreign) == written


@pytest.mark.parametrize(
    "foreign",
    [
        "${bean.sprawdz(kwota)}",
        "${reszta % 2 == 0}",
        "${imie + 'ski' == nazwisko}",
        "${lista.contains('a')}",
        "${a}-${b}",
        "${a} i ${b}",
        "${loopCounter < 3}",
        "x in lista",
        "not a && b",
        "a == b == c",
        "f(x) > 3",
        "x = 5",
        "__import__('os').system('id')",
        "lambda: 1",
        "${''.class.forName('java.lang.Runtime')}",
        "${a ? b}",
        "${if > 3}",
        "${}",
        "",
        "$kwota > 3",
        "kwota > 100L",
        "'\\x41' == a",
        "(" * 5_000 + "a" + ")" * 5_000,
        "!" * 3_000 + "a",
        "a" * 5_000,
    ],
)
def test_what_is_not_certain_is_refused(foreign: str) -> None:
    with pytest.raises(Unclear) as refused:
        translation.to_feel(foreign)

    assert str(refused.value)


@pytest.mark.parametrize("text", ["kwota > 100", '= forma = "UDPP"', "count(oferty) > 0", "za i przeciw > 3"])
def test_feel_is_known_as_feel(text: str) -> None:
    assert translation.is_feel(text)


@pytest.mark.parametrize("text", ["not gotowe", "uwagi is None", "True", "a == b", "${a}", "a eq b"])
def test_what_only_looks_like_feel_is_not_taken_for_it(text: str) -> None:
    assert not translation.is_feel(text)


class Case(NamedTuple):
    """An expression and what its own language says of it."""

    text: str
    truth: Callable[[Values], object]


def _juel() -> st.SearchStrategy[Case]:
    """Random JUEL conditions with their meaning by the EL specification: null is false, compares as false."""
    numbers = st.sampled_from([Case("x", lambda v: v["x"]), Case("y", lambda v: v["y"]), Case("3", lambda v: 3)])
    texts = st.sampled_from([Case("s", lambda v: v["s"]), Case("'a'", lambda v: "a"), Case("''", lambda v: "")])
    leaves = st.one_of(
        st.sampled_from([Case("a", lambda v: v["a"]), Case("b", lambda v: v["b"]), Case("true", lambda v: True)]),
        st.builds(_ordered, st.sampled_from(["<", "<=", ">", ">=", "lt", "ge"]), numbers, numbers),
        st.builds(_equal, st.sampled_from(["==", "!=", "eq", "ne"]), numbers, numbers),
        st.builds(_equal, st.sampled_from(["==", "ne"]), texts, texts),
        st.sampled_from([Case(f"(empty {one})", lambda v, one=one: not v[one] and v[one] != 0) for one in "slx"]),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda one: Case(f"!({one.text})", lambda v: not one.truth(v)), inner),
            st.builds(
                lambda p, q: Case(f"({p.text} && {q.text})", lambda v: bool(p.truth(v)) and bool(q.truth(v))),
                inner,
                inner,
            ),
            st.builds(
                lambda p, q: Case(f"({p.text} or {q.text})", lambda v: bool(p.truth(v)) or bool(q.truth(v))),
                inner,
                inner,
            ),
            st.builds(
                lambda c, p, q: Case(
                    f"({c.text} ? {p.text} : {q.text})", lambda v: p.truth(v) if c.truth(v) else q.truth(v)
                ),
                inner,
                inner,
                inner,
            ),
        ),
        max_leaves=12,
    )


def _ordered(sign: str, left: Case, right: Case) -> Case:
    def truth(values: Values) -> bool:
        one, other = left.truth(values), right.truth(values)
        if one is None or other is None:
            return False
        assert isinstance(one, int)
        assert isinstance(other, int)
        return {"<": one < other, "lt": one < other, "<=": one <= other, ">": one > other}.get(sign, one >= other)

    return Case(f"{left.text} {sign} {right.text}", truth)


def _equal(sign: str, left: Case, right: Case) -> Case:
    opposite = sign in ("!=", "ne")
    return Case(
        f"({left.text} {sign} {right.text})", lambda values: (left.truth(values) == right.truth(values)) != opposite
    )


VALUES = st.fixed_dictionaries(
    {
        "a": st.sampled_from([None, True, False]),
        "b": st.sampled_from([None, True, False]),
        "x": st.sampled_from([None, 2, 3, 4]),
        "y": st.sampled_from([None, 3, 5]),
        "s": st.sampled_from([None, "", "a", "b"]),
        "l": st.sampled_from([None, [], [1]]),
    }
)


@settings(max_examples=600, deadline=None)
@given(case=_juel(), values=VALUES)
def test_juel_and_its_feel_say_the_same_with_every_value(case: Case, values: Values) -> None:
    written = translation.to_feel(f"${{{case.text}}}")

    assert feel.test(written, values) == bool(case.truth(values)), written


PYTHON = st.recursive(
    st.sampled_from(["a", "b", "x > y", "x == 3", "x != y", "2 < x <= 4", "s in ['a', 'b']", "s not in ['a']", "True"]),
    lambda inner: st.one_of(
        st.builds("not {}".format, inner),
        st.builds("({}) and {}".format, inner, inner),
        st.builds("{} or ({})".format, inner, inner),
        st.builds("(({}) if ({}) else ({}))".format, inner, inner, inner),
    ),
    max_leaves=10,
)


@settings(max_examples=600, deadline=None)
@given(text=PYTHON, values=VALUES.filter(lambda one: None not in one.values()))
def test_python_and_its_feel_say_the_same(text: str, values: dict[str, object]) -> None:
    wanted = eval(text, {"__builtins__": {}}, dict(values))

    assert feel.test(translation.to_feel(text), values) == wanted
