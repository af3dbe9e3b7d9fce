"""The names that FEEL expressions of a form may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal

from engine import feel
from engine.clock import WARSAW
from engine.errors import ExpressionFailed
from engine.forms.context import Context
from engine.forms.form import STATIC, Field, FieldType, Form
from engine.model import Json

_READERS: Mapping[str, Callable[[str], object]] = {"money": Decimal, "date": date.fromisoformat}


def names(form: Form, answers: Mapping[str, Json], context: Context) -> dict[str, object]:
    """Every variable, every answer by its id (None where there is none), people, units and the day.

    Amounts are numbers and dates are FEEL dates, also in the rows of groups.
    """
    found: dict[str, object] = dict(context.variables)
    for field in form.fields:
        if field.type not in STATIC:
            found[field.id] = typed(origin(field, context), answers.get(field.id))
    found["osoby"] = {
        login: {"nazwa": person.name, "role": sorted(person.roles), "komorka": person.unit}
        for login, person in context.people.items()
    }
    found["komorki"] = {
        str(number): {"nazwa": unit.name, "wykonuje": unit.performs} for number, unit in context.units.items()
    }
    found["organizatorzy"] = sorted(context.organisers)
    found["dzis"] = context.today
    return found


def noon(context: Context) -> datetime:
    """The moment at which expressions are computed: noon of the context's day in the centre."""
    return datetime.combine(context.today, time(12), WARSAW)


def compute(field: Field, known: Mapping[str, object], context: Context) -> Json:
    """The value of a hint; None when it cannot be computed yet."""
    try:
        value = feel.to_json(feel.evaluate(field.expression, known, now=noon(context)))
    except ExpressionFailed:
        return None
    return f"{Decimal(str(value)):.2f}" if field.format == "money" and _is_number(value) else value


def origin(field: Field, context: Context) -> Field:
    """The field that an `earlier` field repeats, when its form is known; any other field is its own origin."""
    if field.type is not FieldType.EARLIER or field.from_form not in context.earlier_forms:
        return field
    return context.earlier_forms[field.from_form].by_id.get(field.from_field, field)


def typed(field: Field, value: Json) -> object:
    """A clean answer as FEEL should see it: amounts as numbers, dates as dates."""
    if isinstance(value, list) and field.type is FieldType.GROUP:
        columns = {column.id: column for column in field.fields}
        return [
            {name: typed(column, row.get(name)) for name, column in columns.items()}
            for row in value
            if isinstance(row, dict)
        ]
    reader = _READERS.get(_kind(field))
    if reader is None or not isinstance(value, str):
        return value
    try:
        return reader(value)
    except (ValueError, ArithmeticError):  # a hint may say anything
        return value


def _kind(field: Field) -> str:
    return field.format if field.type is FieldType.HINT else str(field.type)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
