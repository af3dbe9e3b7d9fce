"""What a fresh form offers to the person who opens it."""

from __future__ import annotations

from decimal import Decimal

from engine.forms import polish
from engine.forms.context import Context
from engine.forms.form import COMPUTED, STATIC, Field, FieldType, Form
from engine.model import Json

_DECISION = "decyzja"  # a decision is taken anew each time, so the last one is not offered


def proposed(form: Form, context: Context) -> dict[str, object]:
    """What a fresh form offers: the latest answers to the same form, else what the fields' `prefill` names.

    A form that is filled anew each time, such as a monthly report, offers its last answers only when it was returned.
    """
    before = {} if form.fresh and not context.returned else context.earlier.get(form.key, {})
    found: dict[str, object] = {}
    for field in form.fields:
        if field.type in COMPUTED | STATIC | {FieldType.FILE}:
            continue
        value = None if field.variable == _DECISION else before.get(field.id)
        found[field.id] = _typed(field, _first(field, context) if value is None else value)
    return found


def _first(field: Field, context: Context) -> Json:
    """The first proposal that `prefill` names."""
    source = field.prefill
    if source is None:
        return None
    if source.variable:
        return context.variables.get(source.variable)
    return context.earlier.get(source.form, {}).get(source.field)


def _typed(field: Field, value: Json) -> object:
    """A clean value as a person would have typed it."""
    if isinstance(value, list) and field.type is FieldType.GROUP:
        columns = {column.id: column for column in field.fields}
        return [
            {name: _typed(columns[name], cell) for name, cell in row.items() if name in columns}
            for row in value
            if isinstance(row, dict)
        ]
    if field.type is not FieldType.MONEY or value is None:
        return value
    try:
        return polish.amount(Decimal(str(value)))
    except ArithmeticError:  # a variable may hold anything
        return None
