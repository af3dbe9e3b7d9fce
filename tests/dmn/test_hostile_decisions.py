"""Broken and hostile DMN files: each is refused with a sentence, soon, and none computes without end."""

import time
from collections.abc import Callable

import pytest
from deciding import answer, column, decided, decision, el, given, literal, model, row, said_of, table, text

from engine.bpmn import dmn
from engine.errors import ExpressionFailed

FINE = decision("d", literal("1"))
AGE, OUT, ROW = column("wiek"), answer("w"), row("-", "1")


def nested(tag: str, depth: int) -> str:
    return f"<{tag}>" * depth + literal("1") + f"</{tag}>" * depth


def conditionals(depth: int) -> str:
    box = literal("1")
    for _ in range(depth):
        box = el("conditional", el("if", literal("true")), el("then", box), el("else", literal("0")))
    return box


def components(depth: int) -> str:
    inner = el("typeRef", "number")
    for _ in range(depth):
        inner = el("itemComponent", inner, name="a")
    return el("itemDefinition", inner, name="tGleboki")


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'

REFUSED: dict[str, tuple[bytes, str]] = {
    "no XML": (b"to nie jest XML", "nie jest poprawnym dokumentem XML"),
    "nothing": (b"", "nie jest poprawnym dokumentem XML"),
    "cut short": (model(FINE)[:-9], "nie jest poprawnym dokumentem XML"),
    "another language": (b"<html/>", "nie jest modelem decyzji DMN"),
    "an unknown version": (model(FINE, space="http://example.org/DMN/9"), "nie jest modelem decyzji DMN"),
    "entities that grow": (BOMB + model(FINE).replace(b"<text>1", b"<text>&c;"), "DOCTYPE"),
    "an entity from outside": (OUTSIDE + model(FINE).replace(b"<text>1", b"<text>&a;"), "DOCTYPE"),
    "an empty DOCTYPE": (b"<!DOCTYPE definitions>" + model(FINE), "DOCTYPE"),
    "UTF-16": (b"\xff\xfe" + model(FINE).decode().encode("utf-16-le"), "UTF-16"),
    "a NUL": (model(FINE) + b"\x00", "znaki, których XML nie dopuszcza"),
    "an unknown encoding": (b'<?xml version="1.0" encoding="x-none"?>' + model(FINE), "XML"),
    "too large": (model(FINE, "<!--" + "x" * 2_100_000 + "-->"), "za duży"),
    "too many elements": (model(FINE, "<a/>" * 51_000), "za dużo elementów"),
    "XML nested without end": (model(decision("d", nested("list", 5000))), "XML"),
    "lists within lists": (model(decision("d", nested("list", 60))), "zbyt głęboko zagnieżdżone"),
    "conditions within conditions": (model(decision("d", conditionals(60))), "zbyt głęboko zagnieżdżone"),
    "a type within itself": (model(components(40), FINE), "zbyt głęboko zagnieżdżony"),
    "types in a ring": (
        model(*(el("itemDefinition", el("typeRef", two), name=one) for one, two in (("a", "b"), ("b", "a"))), FINE),
        "opiera się na sobie samym",
    ),
    "an unknown type": (model(given("x", "tBrak"), FINE), "Typu „tBrak” nie ma w pliku"),
    "no decision": (model(given("x")), "nie ma żadnej decyzji"),
    "a decision without content": (model(decision("d", "")), "Decyzja nie ma treści"),
    "an id used twice": (model(FINE, FINE), "występuje więcej niż raz"),
    "a name used twice": (model(FINE, decision("e", literal("1"), name="d")), "Nazwa „d” występuje więcej niż raz"),
    "no id": (model("<decision name='d'/>"), "nie ma identyfikatora"),
    "no name": (model("<decision id='d'/>"), "nie ma nazwy"),
    "a ring of decisions": (
        model(*(decision(one, literal("1"), two) for one, two in (("a", "b"), ("b", "c"), ("c", "a")))),
        "w kółko: a → ",
    ),
    "a decision that needs itself": (model(decision("d", literal("1"), "d")), "w kółko"),
    "a need that is not there": (model(decision("d", literal("1"), "brak")), "„#brak” nie ma w pliku"),
    "a need of the wrong kind": (model(FINE, decision("e", literal("1"), "wiedza_d")), "nie ma w pliku albo jest"),
    "an import": (model(el("import", namespace="urn:x", name="inny"), FINE), "importuje model „inny”"),
    "an expression that is no FEEL": (model(decision("d", literal("1 +"))), "Nie rozumiem wyrażenia „1 +”"),
    "Python": (model(decision("d", literal("__import__('os').system('id')"))), "Nie rozumiem wyrażenia"),
    "JUEL": (model(decision("d", literal("${kwota > 3}"))), "Nie rozumiem wyrażenia"),
    "another expression language": (
        model(decision("d", literal("1", expressionLanguage="http://www.javascript.com"))),
        "ten system nie zna",
    ),
    "an empty expression": (model(decision("d", literal(""))), "Wyrażenie jest puste"),
    "an expression without end": (model(decision("d", literal("(" * 9000))), "Nie rozumiem wyrażenia"),
    "an expression too long": (model(decision("d", literal("1+" * 15_000 + "1"))), "zbyt długie"),
    "an external function": (
        model(decision("d", el("functionDefinition", literal('{class: "java.lang.Runtime"}'), kind="Java"))),
        "w innym języku niż FEEL",
    ),
    "PMML": (model(decision("d", el("functionDefinition", literal("1"), kind="PMML"))), "w innym języku niż FEEL"),
    "a table without rules": (model(decision("d", table(AGE, OUT))), "nie ma żadnej reguły"),
    "a table without an answer": (model(decision("d", table(AGE, ROW))), "nie ma kolumny wyniku"),
    "an unknown hit policy": (model(decision("d", table(AGE, OUT, ROW, policy="BEST"))), "zasada wyboru reguł „BEST”"),
    "an unknown aggregation": (
        model(decision("d", table(AGE, OUT, ROW, policy="COLLECT", aggregation="AVG"))),
        "Nieznane łączenie wyników",
    ),
    "an aggregation without collecting": (
        model(decision("d", table(AGE, OUT, ROW, policy="UNIQUE", aggregation="SUM"))),
        "tylko przy zasadzie COLLECT",
    ),
    "an aggregation of two columns": (
        model(decision("d", table(AGE, OUT, answer("v"), row("-", "1", "2"), policy="COLLECT", aggregation="SUM"))),
        "z jedną kolumną wyniku",
    ),
    "a priority without an order": (
        model(decision("d", table(AGE, OUT, ROW, policy="PRIORITY"))),
        "listę wartości od najważniejszej",
    ),
    "a crosstable": (model(decision("d", table(AGE, OUT, ROW, preferredOrientation="CrossTable"))), "krzyżowej"),
    "a rule with too few cells": (model(decision("d", table(AGE, OUT, row("1")))), "inną liczbę komórek"),
    "a rule with too many cells": (model(decision("d", table(AGE, OUT, row("-", "-", "1")))), "inną liczbę komórek"),
    "a cell that is no test": (model(decision("d", table(AGE, OUT, row(">>", "1")))), "Nie rozumiem wyrażenia „&gt;"),
    "two answers of one name": (
        model(decision("d", table(AGE, OUT, OUT, row("-", "1", "2", answers=2)))),
        "Nazwa „w” (kolumna wyniku) występuje więcej niż raz",
    ),
    "a table without a question": (model(decision("d", table(column(""), OUT, ROW))), "Wyrażenie jest puste"),
    "a huge table": (model(decision("d", table(AGE, OUT, ROW * 6_500))), "za duża"),
    "allowed values that are no tests": (
        model(el("itemDefinition", el("typeRef", "number"), text("allowedValues", "1 1"), name="t"), FINE),
        "Nie rozumiem wyrażenia „1 1”",
    ),
    "a loop without a body": (model(decision("d", el("for", iteratorVariable="x"))), "niedokończone"),
    "a context without a value": (
        model(decision("d", el("context", el("contextEntry", el("variable", name="a"))))),
        "nie ma wartości",
    ),
    "a relation with holes": (
        model(decision("d", el("relation", el("column", name="a"), el("row")))),
        "inną liczbę komórek niż kolumn",
    ),
    "an invocation of nothing": (model(decision("d", el("invocation"))), "co i z jakimi wartościami wykonać"),
    "too many decisions": (
        model(*(decision(f"d{n}", literal("1"), f"d{n + 1}") for n in range(5000))),
        "więcej niż 400",
    ),
    "too many strange names": (
        model(
            decision(
                "d",
                el("context", *(el("contextEntry", el("variable", name=f"a-{n}"), literal("1")) for n in range(5000))),
            )
        ),
        "Więcej niż 200 nazw",
    ),
    "words of another engine": (
        model(decision("d", table(AGE, OUT, row("cellInput > 3", "1")))),
        "Wartość kolumny zapisz jako „?”",
    ),
    "a service without a result": (model(FINE, el("decisionService", id="s", name="s")), "nie ma decyzji wynikowej"),
    "knowledge without content": (
        model(FINE, el("businessKnowledgeModel", id="k", name="k")),
        "Model wiedzy nie ma treści",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_broken_or_hostile_file_is_refused_with_a_sentence_within_five_seconds(case: str) -> None:
    xml, sentence = REFUSED[case]
    begun = time.perf_counter()

    said = said_of(xml)

    assert time.perf_counter() - begun < 5
    assert any(sentence.replace("&gt;", ">") in one for one in said), said
    assert all(one.count("\n") == 0 and len(one) < 260 for one in said)


def test_all_problems_are_told_at_once_with_element_and_line() -> None:
    xml = model(
        "\n", decision("a", literal("1 +")), "\n", decision("b", table(AGE, OUT, row("-", "?)", answers=1), policy="X"))
    )

    found = [(one.element, one.line) for one in dmn.check(xml)]

    assert ("a", 2) in found
    assert {element for element, _ in found} >= {"a", "b"}
    assert len(found) >= 3


RUNAWAY: dict[str, Callable[[], bytes]] = {
    "a loop of loops": lambda: model(
        decision("d", literal("for a in 1..9999, b in 1..9999, c in 1..9999 return a * b * c"))
    ),
    "boxed loops": lambda: model(
        decision(
            "d",
            el(
                "for",
                el("in", literal("1..100000000")),
                el("return", literal("1")),
                iteratorVariable="x",
            ),
        )
    ),
    "a function that calls itself": lambda: model(
        el("businessKnowledgeModel", el("encapsulatedLogic", literal("f()")), id="wiedza_f", name="f"),
        decision("d", literal("f()"), "wiedza_f"),
    ),
    "functions that call each other": lambda: model(
        *(
            el(
                "businessKnowledgeModel",
                el("knowledgeRequirement", el("requiredKnowledge", href=f"#wiedza_{other}")),
                el("encapsulatedLogic", literal(f"[{other}(), {other}()]")),
                id=f"wiedza_{one}",
                name=one,
            )
            for one, other in (("f", "g"), ("g", "f"))
        ),
        decision("d", literal("f()"), "wiedza_f"),
    ),
    "a text that doubles": lambda: model(
        decision(
            "d",
            el(
                "context",
                el("contextEntry", el("variable", name="t0"), literal('"aaaaaaaaaa"')),
                *(
                    el("contextEntry", el("variable", name=f"t{n}"), literal(f"t{n - 1} + t{n - 1}"))
                    for n in range(1, 60)
                ),
            ),
        )
    ),
    "a list that doubles": lambda: model(
        *(decision(f"l{n}", literal(f"concatenate(l{n - 1}, l{n - 1})"), f"l{n - 1}") for n in range(1, 60)),
        decision("l0", literal("[1, 2, 3, 4, 5, 6, 7, 8]")),
        decision("d", literal("l59"), "l59"),
    ),
    "a table that counts in every cell": lambda: model(
        decision(
            "d",
            table(AGE, OUT, *(row("count(for i in 1..5000 return i) > ?", "1") for _ in range(300)), policy="COLLECT"),
        )
    ),
    "a long chain of decisions": lambda: model(
        *(decision(f"d{n}", literal(f"d{n - 1}"), f"d{n - 1}") for n in range(1, 300)),
        decision("d0", literal("1")),
        decision("d", literal("d299"), "d299"),
    ),
}


@pytest.mark.parametrize("case", RUNAWAY)
def test_a_decision_that_would_never_end_stops_with_a_sentence(case: str) -> None:
    xml = RUNAWAY[case]()
    begun = time.perf_counter()

    with pytest.raises(ExpressionFailed) as caught:
        decided(xml, wiek=1)

    assert time.perf_counter() - begun < 5
    assert caught.value.message.endswith(".")


def test_a_pattern_that_would_backtrack_for_ever_elsewhere_is_answered() -> None:
    xml = model(decision("d", literal('matches("' + "a" * 5000 + '!", "^(a+)+$")')))

    assert decided(xml) is False
