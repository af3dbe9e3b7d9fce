"""From what a person typed to clean answers, and to the variables that they set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from engine.errors import AnswersRejected
from engine.forms.context import Context, PersonFacts, UnitFacts
from engine.forms.form import COMPUTED, STATIC, Field, FieldType, Form
from engine.forms.proposals import proposed
from engine.forms.shown import shown
from engine.forms.walk import Near, Walk, complete
from engine.model import Json

__all__ = ["Context", "PersonFacts", "UnitFacts", "check", "from_html", "proposed", "shown", "variables"]

_MOST_ROWS = 200


def from_html(form: Form, fields: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Flat HTML fields as nested raw values, exactly as they were typed; blank rows of groups are left out.

    Args:
        fields: values by HTML name. A row's field is named `<group>-<row>-<field>`; `<group>-n` counts the rows.
    """
    raw: dict[str, object] = {}
    for field in form.fields:
        if field.type is FieldType.GROUP:
            raw[field.id] = _rows(field, fields)
        elif field.type not in COMPUTED | STATIC | {FieldType.FILE}:
            raw[field.id] = _typed(field, fields.get(field.id, ()))
    return raw


def _rows(group: Field, fields: Mapping[str, Sequence[str]]) -> list[dict[str, object]]:
    count = (list(fields.get(f"{group.id}-n", ())) or ["0"])[-1]
    rows = [
        {column.id: _typed(column, fields.get(f"{group.id}-{index}-{column.id}", ())) for column in group.fields}
        for index in range(min(int(count), _MOST_ROWS) if count.isascii() and count.isdigit() else 0)
    ]
    return [row for row in rows if any(str(value).strip() if value else False for value in row.values())]


def _typed(field: Field, given: Sequence[str]) -> object:
    if field.type is FieldType.MULTI_CHOICE:
        return [value for value in given if value]
    return given[-1] if given else ""


def check(form: Form, raw: Mapping[str, object], context: Context) -> dict[str, Json]:
    """The clean answers of the visible fields, with the hints and earlier answers that were shown along.

    Args:
        raw: values by field id, as `from_html` gives them or as JSON.

    Raises:
        AnswersRejected: with every problem, each naming its field.
    """
    walk = Walk(context)
    known = {field.id for field in form.fields if field.type not in STATIC}
    walk.unknown(raw, known, "")
    cleaned = walk.scope(form.fields, raw, "")
    walk.limits(form.fields, cleaned, Near({}, {}), "")
    cleaned = complete(form, cleaned, context)
    walk.checks(form, cleaned)
    if walk.errors:
        raise AnswersRejected(tuple(walk.errors))
    return cleaned


def variables(form: Form, cleaned: Mapping[str, Json]) -> dict[str, Json]:
    """The variables that clean answers set; a hidden field sets none. Amounts become numbers.

    Where two fields set one variable, the one that has an answer wins.
    """
    found: dict[str, Json] = {}
    for field in form.fields:
        if field.variable and field.id in cleaned:
            value = _as_variable(field, cleaned[field.id])
            if value is not None or field.variable not in found:
                found[field.variable] = value
    return found


def _as_variable(field: Field, value: Json) -> Json:
    if field.type is FieldType.GROUP and isinstance(value, list):
        columns = {column.id: column for column in field.fields}
        return [
            {name: _as_variable(columns[name], cell) for name, cell in row.items()}
            for row in value
            if isinstance(row, dict)
        ]
    money = field.type is FieldType.MONEY or (field.type is FieldType.HINT and field.format == "money")
    if money and isinstance(value, str):
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    return value
