"""Checks what stands in decisions and knowledge models: expressions, types and tables."""

from __future__ import annotations

from collections import Counter

from engine import feel
from engine.bpmn.dmn import names, tables
from engine.bpmn.dmn.findings import Findings
from engine.bpmn.dmn.model import (
    Boxed,
    Conditional,
    ContextBox,
    Element,
    File,
    Filter,
    FunctionBox,
    Invocation,
    Literal,
    Relation,
    Rounds,
    Rule,
    Table,
)
from engine.bpmn.dmn.room import short
from engine.bpmn.dmn.typing import allowed_values, known, named
from engine.errors import ExpressionFailed

POLICIES = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"})
MOST_CELLS = 12_000  # of one table


def check(file: File, element: Element, findings: Findings) -> None:
    """Everything in one element."""
    _type(file, element.id, element.line, element.name, element.type, findings)
    for box in names.boxes(element):
        place = (box.id or element.id, box.line, element.name)
        _type(file, *place, box.type, findings)
        _box(file, box, place, findings)


def tests(file: File, id: str, line: int, name: str, text: str, findings: Findings) -> None:
    """Unary tests must read as FEEL."""
    if text and text != "-":
        _readable(file, (id, line, name), text, findings, tests_=True)


def _box(file: File, box: Boxed, place: tuple[str, int, str], findings: Findings) -> None:
    if isinstance(box, Literal):
        _literal(file, box, place, findings)
    elif isinstance(box, Table):
        _table(file, box, place, findings)
    elif isinstance(box, FunctionBox):
        if box.language != "FEEL":
            findings.error(*place, "Funkcja jest zapisana w innym języku niż FEEL. Zapisz ją w FEEL.")
        _different([one.name for one in box.parameters], "parametr", place, findings)
        for one in box.parameters:
            _type(file, *place, one.type, findings)
    elif isinstance(box, ContextBox):
        _different([one.name for one in box.entries if one.name], "pozycja", place, findings)
        if any(one.value is None for one in box.entries):
            findings.error(*place, "Pozycja kontekstu nie ma wartości. Wpisz wyrażenie.")
    elif isinstance(box, Relation):
        if any(len(row) != len(box.columns) for row in box.rows):
            findings.error(*place, "Wiersz relacji ma inną liczbę komórek niż kolumn. Uzupełnij go.")
    elif isinstance(box, Invocation):
        if box.function is None or any(one.value is None for one in box.bindings):
            findings.error(*place, "Wywołanie nie mówi, co i z jakimi wartościami wykonać. Uzupełnij je.")
    else:
        _halves(box, place, findings)


def _halves(box: Boxed, place: tuple[str, int, str], findings: Findings) -> None:
    parts: tuple[Boxed | None, ...] = ()
    if isinstance(box, Conditional):
        parts = (box.condition, box.yes, box.no)
    elif isinstance(box, Filter):
        parts = (box.source, box.match)
    elif isinstance(box, Rounds):
        parts = (box.source, box.result)
    if None in parts or (isinstance(box, Rounds) and not box.variable):
        findings.error(*place, "Wyrażenie jest niedokończone: brakuje jednej z jego części. Uzupełnij ją.")


def _literal(file: File, box: Literal, place: tuple[str, int, str], findings: Findings) -> None:
    if not box.text:
        findings.error(*place, "Wyrażenie jest puste. Wpisz je, na przykład null.")
    else:
        _readable(file, place, box.text, findings)


def _readable(file: File, place: tuple[str, int, str], text: str, findings: Findings, *, tests_: bool = False) -> None:
    read = feel.parse_tests if tests_ else feel.parse
    try:
        read(text, names.fitting(file.declared, text))
    except ExpressionFailed as failed:
        findings.error(*place, f"Nie rozumiem wyrażenia „{short(text)}”: {failed.message}")


def _type(file: File, id: str, line: int, name: str, reference: str, findings: Findings) -> None:
    if reference and not known(file, named(reference)):
        findings.error(id, line, name, f"Typu „{reference}” nie ma w pliku. Wybierz istniejący albo go dodaj.")


def _different(said: list[str], what: str, place: tuple[str, int, str], findings: Findings) -> None:
    for name, count in Counter(said).items():
        if not name:
            findings.error(*place, f"Brakuje nazwy: {what}. Nadaj ją.")
        elif count > 1:
            findings.error(*place, f"Nazwa „{name}” ({what}) występuje więcej niż raz. Zmień jedną z nich.")


# --- tables -------------------------------------------------------------------------------------


def _table(file: File, table: Table, place: tuple[str, int, str], findings: Findings) -> None:
    if table.orientation == "CrossTable":
        findings.error(*place, "Tabeli krzyżowej ten system nie wykonuje. Zapisz reguły w wierszach.")
    if table.policy not in POLICIES:
        findings.error(*place, f"Nieznana zasada wyboru reguł „{short(table.policy)}”. Wybierz na przykład UNIQUE.")
    if not table.outputs:
        findings.error(*place, "Tabela nie ma kolumny wyniku. Dodaj ją.")
    if not table.rules:
        findings.error(*place, "Tabela nie ma żadnej reguły. Dodaj regułę.")
    if len(table.rules) * (len(table.inputs) + len(table.outputs)) > MOST_CELLS:
        findings.error(*place, "Tabela jest za duża. Podziel ją na mniejsze.")
        return
    _aggregation(table, place, findings)
    _columns(file, table, place, findings)
    _order(file, table, place, findings)
    for number, rule in enumerate(table.rules, 1):
        _rule(file, table, number, rule, place[2], findings)


def _aggregation(table: Table, place: tuple[str, int, str], findings: Findings) -> None:
    if not table.aggregation:
        return
    if table.aggregation not in tables.AGGREGATES:
        findings.error(*place, f"Nieznane łączenie wyników „{short(table.aggregation)}”. Wybierz na przykład SUM.")
    if table.policy != "COLLECT":
        findings.error(*place, "Wyniki można łączyć (SUM, MIN, MAX, COUNT) tylko przy zasadzie COLLECT. Zmień ją.")
    elif len(table.outputs) > 1:
        findings.error(*place, "Wyniki można łączyć tylko w tabeli z jedną kolumną wyniku. Rozdziel kolumny.")


def _columns(file: File, table: Table, place: tuple[str, int, str], findings: Findings) -> None:
    for column in table.inputs:
        where = (column.id or place[0], column.line, place[2])
        _type(file, *where, column.expression.type, findings)
        tests(file, *where, column.values, findings)
    for answer in table.outputs:
        where = (answer.id or place[0], answer.line, place[2])
        _type(file, *where, answer.type, findings)
        tests(file, *where, answer.values, findings)
    if len(table.outputs) > 1:
        _different([one.name for one in table.outputs], "kolumna wyniku", place, findings)


def _order(file: File, table: Table, place: tuple[str, int, str], findings: Findings) -> None:
    """PRIORITY and OUTPUT ORDER mean nothing without values in an order."""
    if table.policy not in {"PRIORITY", "OUTPUT ORDER"}:
        return
    if not any(one.values or allowed_values(file, one.type or table.type) for one in table.outputs):
        message = f"Przy zasadzie {table.policy} kolumna wyniku musi mieć listę wartości od najważniejszej. Dodaj ją."
        findings.error(*place, message)


def _rule(file: File, table: Table, number: int, rule: Rule, name: str, findings: Findings) -> None:
    place = (rule.id, rule.line, name)
    if len(rule.tests) != len(table.inputs) or len(rule.answers) != len(table.outputs):
        findings.error(*place, f"Reguła {number} ma inną liczbę komórek niż tabela kolumn. Uzupełnij ją.")
    for cell in rule.tests:
        if "cellInput" in cell.text:
            message = "Nazwa „cellInput” nic tu nie znaczy. Wartość kolumny zapisz jako „?”."
            findings.error(cell.id or rule.id, cell.line, name, message)
        tests(file, cell.id or rule.id, cell.line, name, cell.text, findings)
