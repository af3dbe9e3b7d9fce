"""Rules that tie the parts of a form together: names, conditions, limits, expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from engine import feel
from engine.errors import ExpressionFailed
from engine.forms import patterns
from engine.forms.form import Condition, Field, FieldType, Form, Scalar
from engine.forms.node import FORBIDDEN_KEY, Findings
from engine.forms.places import Path

MOST_FIELDS = 200
FACTS = frozenset({"osoby", "komorki", "organizatorzy", "upowaznienia", "dzis"})  # names the server gives to FEEL
_FEEL_WORDS = frozenset(
    {
        "and",
        "or",
        "not",
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
        "item",
        "partial",
        "date",
        "time",
        "duration",
        "today",
        "now",
        "sum",
        "count",
        "min",
        "max",
        "mean",
    }
)
RESERVED = FACTS | _FEEL_WORDS | {FORBIDDEN_KEY, "csrf_token"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_KEY = re.compile(r"[a-z0-9_]+")
_IN_ROWS = frozenset(
    {
        FieldType.TEXT,
        FieldType.LONG_TEXT,
        FieldType.NUMBER,
        FieldType.MONEY,
        FieldType.DATE,
        FieldType.CHOICE,
        FieldType.MULTI_CHOICE,
        FieldType.YES_NO,
        FieldType.PERSON,
        FieldType.UNIT,
    }
)
_CHOICES = frozenset({FieldType.CHOICE, FieldType.MULTI_CHOICE})
_DECIDING = _CHOICES | {FieldType.YES_NO, FieldType.NUMBER, FieldType.UNIT, FieldType.EARLIER}


@dataclass(frozen=True)
class _Place:
    """A field and where it stands in the file."""

    field: Field
    path: Path


def check(form: Form, findings: Findings) -> None:
    """Record everything in `form` that does not fit together."""
    if form.key and not _KEY.fullmatch(form.key):
        findings.add(("key",), "Klucz formularza może mieć tylko małe litery a–z, cyfry i znak _.")
    places = tuple(_places(form))
    _counts(form, places, findings)
    _names(places, findings, RESERVED)
    for index, place in enumerate(places):
        _conditions(place, places[:index], places, findings)
        _field(place, places, findings)
        if place.field.type is FieldType.GROUP:
            _group(place, places, findings)
    _checks(form, findings)


def _places(form: Form) -> Iterator[_Place]:
    for s, section in enumerate(form.sections):
        for f, field in enumerate(section.fields):
            yield _Place(field, ("sections", s, "fields", f))


def _counts(form: Form, places: Sequence[_Place], findings: Findings) -> None:
    if not form.sections:
        findings.add(("sections",), "Formularz musi mieć co najmniej jedną sekcję („sections”).")
    for index, section in enumerate(form.sections):
        if not section.fields:
            findings.add(("sections", index), "Sekcja musi mieć co najmniej jedno pole („fields”).", name=section.title)
    count = sum(1 + len(place.field.fields) for place in places)
    if count > MOST_FIELDS:
        findings.add((), f"Formularz może mieć najwyżej {MOST_FIELDS} pól (jest {count}). Podziel go na dwa zadania.")


def _names(places: Sequence[_Place], findings: Findings, reserved: frozenset[str]) -> None:
    ids: dict[str, str] = {}
    for place in places:
        _name(place, "id", place.field.id, reserved, findings)
        if place.field.id in ids:
            _add(place, "id", f"Pole o identyfikatorze „{place.field.id}” już jest w tym formularzu.", findings)
        ids[place.field.id] = place.field.variable
    for place in places:
        variable = place.field.variable
        if not variable:
            continue
        _name(place, "variable", variable, reserved, findings)
        if variable != place.field.id and variable in ids and ids[variable] != variable:
            _add(place, "variable", f"Zmienna „{variable}” nazywa się tak jak inne pole tego formularza.", findings)


def _name(place: _Place, key: str, name: str, reserved: frozenset[str], findings: Findings) -> None:
    if name and not _NAME.fullmatch(name):
        _add(place, key, f"Nazwa „{name}” może mieć tylko małe litery a–z, cyfry i _, a zaczyna się literą.", findings)
    if name in reserved:
        _add(place, key, f"Nazwa „{name}” jest zastrzeżona. Wybierz inną.", findings)


def _conditions(place: _Place, before: Sequence[_Place], scope: Sequence[_Place], findings: Findings) -> None:
    known = {other.field.id: other.field for other in before}
    later = {other.field.id for other in scope}
    sets = {other.field.variable for other in scope if other.field.variable}
    for condition in place.field.conditions:
        name = condition.field
        if name and name not in known:
            why = "musi stać przed tym polem" if name in later else "nie istnieje w tym formularzu"
            _add(place, "show_if", f"Pole „{name}”, od którego zależy widoczność, {why}.", findings)
        elif name:
            _condition(place, condition, known[name], findings)
        elif condition.variable in sets:
            message = f"Zmienną „{condition.variable}” ustawia ten formularz. Wskaż jego pole przez „field”."
            _add(place, "show_if", message, findings)


def _condition(place: _Place, condition: Condition, deciding: Field, findings: Findings) -> None:
    if deciding.type not in _DECIDING:
        message = f"Widoczność nie może zależeć od pola „{deciding.id}” typu „{deciding.type}”."
        _add(place, "show_if", message, findings)
        return
    wrong = [value for value in condition.values if not _possible(deciding, value)]
    if wrong:
        values = ", ".join(str(value) for value in wrong)
        _add(place, "show_if", f"Pole „{deciding.id}” nigdy nie ma wartości: {values}.", findings)


def _possible(field: Field, value: Scalar) -> bool:
    if value is None or field.type is FieldType.EARLIER:
        return True
    if field.type in _CHOICES:
        return value in field.labels
    if field.type is FieldType.YES_NO:
        return isinstance(value, bool)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _field(place: _Place, scope: Sequence[_Place], findings: Findings) -> None:
    field = place.field
    if field.type in _CHOICES:
        _options(place, findings)
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        _add(place, "max", "Wartość „max” musi być co najmniej taka jak „min”.", findings)
    if field.type is FieldType.DATE:
        dates = {other.field.id for other in scope if other.field.type is FieldType.DATE} - {field.id}
        _limit(place, "min", field.earliest, dates, findings)
        _limit(place, "max", field.latest, dates, findings)
    if field.type is FieldType.HINT and field.expression:
        _expression(place.path, "expression", field.expression, field.label, findings)
    if field.pattern:
        problem = patterns.problem(field.pattern, field.max_length)
        if problem:
            _add(place, "pattern", problem, findings)
        if not field.pattern_message:
            _add(place, "pattern", "Dodaj „pattern_message”: zdanie, które powie, co wpisać.", findings)


def _options(place: _Place, findings: Findings) -> None:
    field = place.field
    values = [option.value for option in field.options]
    if not values:
        _add(place, "options", "Dodaj „options”: listę odpowiedzi z „value” i „label”.", findings)
    for value in {value for value in values if values.count(value) > 1}:
        _add(place, "options", f"Wartość odpowiedzi „{value}” występuje dwa razy.", findings)
    if any(value != value.strip() for value in values):
        _add(place, "options", "Wartości odpowiedzi nie mogą zaczynać się ani kończyć odstępem.", findings)
    if field.min_items > len(values):
        _add(place, "min_items", f"Odpowiedzi jest {len(values)}, a „min_items” wymaga {field.min_items}.", findings)


def _limit(place: _Place, key: str, limit: str, dates: set[str], findings: Findings) -> None:
    if not limit or limit == "today" or (limit.startswith("@") and limit[1:] in dates):
        return
    if limit.startswith("@"):
        _add(place, key, f"W formularzu nie ma innego pola z datą o identyfikatorze „{limit[1:]}”.", findings)
        return
    try:
        date.fromisoformat(limit)
    except ValueError:
        _add(place, key, f"Granica „{limit}” musi być datą rrrr-mm-dd, słowem today albo @polem.", findings)


def _group(place: _Place, outer: Sequence[_Place], findings: Findings) -> None:
    group = place.field
    rows = tuple(_Place(column, (*place.path, "fields", index)) for index, column in enumerate(group.fields))
    if not rows:
        _add(place, "fields", "Grupa musi mieć co najmniej jedno pole („fields”).", findings)
    if group.fewest > group.max_items:
        _add(place, "max_items", "Wartość „max_items” musi być co najmniej taka jak „min_items”.", findings)
    _names(rows, findings, RESERVED - FACTS)
    for index, row in enumerate(rows):
        if row.field.type not in _IN_ROWS:
            _add(row, "type", f"W grupie nie może stać pole typu „{row.field.type}”.", findings)
        for key, used in (("variable", row.field.variable), ("prefill", row.field.prefill)):
            if used:
                _add(row, key, f"Pole w grupie nie może mieć „{key}”. Ustaw to na całej grupie.", findings)
        if any(condition.variable for condition in row.field.conditions):
            _add(row, "show_if", "W grupie widoczność może zależeć tylko od pola tego samego wiersza.", findings)
        _conditions(row, rows[:index], rows, findings)
        _field(row, (*outer, *rows), findings)


def _checks(form: Form, findings: Findings) -> None:
    for index, rule in enumerate(form.checks):
        path: Path = ("checks", index)
        if rule.field and rule.field not in form.by_id:
            findings.add((*path, "field"), f"W formularzu nie ma pola „{rule.field}”.", name=rule.message)
        if rule.holds:
            _expression(path, "holds", rule.holds, rule.message, findings)


def _expression(path: Path, key: str, text: str, name: str, findings: Findings) -> None:
    try:
        feel.parse(text)
    except ExpressionFailed as cause:
        message = f"Nie rozumiem wyrażenia „{key}” (znak {cause.position + 1}.): {cause.message}"
        findings.add((*path, key), message, name=name)


def _add(place: _Place, key: str, message: str, findings: Findings) -> None:
    findings.add((*place.path, key), message, name=place.field.label or place.field.id)
