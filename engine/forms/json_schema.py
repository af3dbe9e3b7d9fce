"""A form as JSON Schema 2020-12, for programs that send answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from engine.forms import values
from engine.forms.context import Context
from engine.forms.form import COMPUTED, LISTS, STATIC, Condition, Field, FieldType, Form
from engine.forms.visibility import holds
from engine.model import Json

Schema = dict[str, Json]

_BLANK: Schema = {"type": ["string", "null"], "pattern": "^\\s*$"}  # what counts as no answer
_DAY = "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"


def export(form: Form, context: Context | None = None) -> Schema:
    """What `answers.check` takes, in its canonical shape. Hidden fields may hold anything: they are dropped.

    Rules between fields (`checks`, limits of dates and amounts) are left to the check; attached files are listed
    by the server. Conditions on variables are decided when the context is known, else such a field is left open.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:bieg:form:{form.key}",
        "title": form.title,
        **_object(form.fields, context),
    }


def _object(fields: Iterable[Field], context: Context | None) -> Schema:
    asked = [field for field in fields if field.type not in STATIC]
    seen = _Visibility(asked, context)
    properties: dict[str, Json] = {}
    required: list[Json] = []
    rules: list[Json] = []
    for field in asked:
        when = seen.of(field)
        properties[field.id] = _named(field, _value(field, context) if when is True else {})
        if when is True and _needed(field):
            required.append(field.id)
        if isinstance(when, dict):
            rules.append({"if": when, "then": _then(field, context)})
    found: Schema = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return {**found, "allOf": rules} if rules else found


def _then(field: Field, context: Context | None) -> Schema:
    found: Schema = {"properties": {field.id: _value(field, context)}}
    return {**found, "required": [field.id]} if _needed(field) else found


def _needed(field: Field) -> bool:
    return field.type is not FieldType.FILE and field.type not in COMPUTED and (field.required or field.fewest > 0)


def _named(field: Field, schema: Schema) -> Schema:
    note: Schema = {"description": field.help} if field.help else {}
    return {"title": field.label, **note, **schema}


def _value(field: Field, context: Context | None) -> Schema:
    if field.type in COMPUTED:
        return {"readOnly": True}
    schema = _SHAPES[field.type](field, context)
    if _needed(field):
        return schema
    return {"anyOf": [schema, {"type": "null"} if field.type in LISTS else _BLANK]}


def _text(field: Field, _context: Context | None) -> Schema:
    pattern = f"^(?:{field.pattern})$" if field.pattern else r"\S" if field.required else ""
    found: Schema = {"type": "string", "maxLength": field.max_length}
    return {**found, "pattern": pattern} if pattern else found


def _number(field: Field, _context: Context | None) -> Schema:
    low = -values.LARGEST if field.minimum is None else field.minimum
    high = values.LARGEST if field.maximum is None else field.maximum
    return {"type": "integer" if field.integer else "number", "minimum": _plain(low), "maximum": _plain(high)}


def _money(field: Field, _context: Context | None) -> Schema:
    sign = "-?" if field.minimum is not None and field.minimum < 0 else ""
    return {"type": "string", "pattern": f"^{sign}[0-9]{{1,13}}\\.[0-9]{{2}}$"}


def _date(_field: Field, _context: Context | None) -> Schema:
    return {"type": "string", "format": "date", "pattern": _DAY}


def _choice(field: Field, _context: Context | None) -> Schema:
    return {"oneOf": [{"const": option.value, "title": option.label} for option in field.options]}


def _multi_choice(field: Field, context: Context | None) -> Schema:
    return {"type": "array", "items": _choice(field, context), "uniqueItems": True, "minItems": field.fewest}


def _yes_no(_field: Field, _context: Context | None) -> Schema:
    return {"type": "boolean"}


def _person(field: Field, context: Context | None) -> Schema:
    if context is None:
        return {"type": "string", "minLength": 1}
    return {"enum": [login for login, one in context.people.items() if not field.role or field.role in one.roles]}


def _unit(field: Field, context: Context | None) -> Schema:
    if context is None:
        return {"type": "integer"}
    return {"enum": [id_ for id_, one in context.units.items() if field.performs in (None, one.performs)]}


def _file(field: Field, _context: Context | None) -> Schema:
    found: Schema = {"type": "array", "items": {"type": "integer"}}
    return found if field.multiple else {**found, "maxItems": 1}


def _group(field: Field, context: Context | None) -> Schema:
    return {
        "type": "array",
        "items": _object(field.fields, context),
        "minItems": field.fewest,
        "maxItems": field.max_items,
    }


_SHAPES: Mapping[FieldType, Callable[[Field, Context | None], Schema]] = {
    FieldType.TEXT: _text,
    FieldType.LONG_TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _multi_choice,
    FieldType.YES_NO: _yes_no,
    FieldType.PERSON: _person,
    FieldType.UNIT: _unit,
    FieldType.FILE: _file,
    FieldType.GROUP: _group,
}


class _Visibility:
    """When each field of one object is visible: True always, False never, a schema, or None when nobody can say."""

    def __init__(self, fields: Iterable[Field], context: Context | None) -> None:
        self._context = context
        self._fields: dict[str, Field] = {}
        self._found: dict[str, bool | Schema | None] = {}
        for field in fields:
            self._found[field.id] = self._all(field)
            self._fields[field.id] = field

    def of(self, field: Field) -> bool | Schema | None:
        return self._found[field.id]

    def _all(self, field: Field) -> bool | Schema | None:
        parts = [self._one(condition) for condition in field.conditions]
        if False in parts:
            return False
        if None in parts:
            return None
        schemas: list[Json] = [part for part in parts if isinstance(part, dict)]
        return {"allOf": schemas} if schemas else True

    def _one(self, condition: Condition) -> bool | Schema | None:
        deciding = self._fields.get(condition.field)
        if deciding is None or deciding.type is FieldType.EARLIER:
            return self._settled(condition, deciding)
        when = self._found[deciding.id]
        empty = None in condition.values
        if when is None or when is False:
            return empty if when is False else None
        found: Schema = {"properties": {deciding.id: _test(deciding, condition)}, "required": [deciding.id]}
        if isinstance(when, dict):
            found = {"allOf": [when, found]}
        if not empty:
            return found
        ways: list[Json] = [found, {"not": {"required": [deciding.id]}}]
        ways.append({"properties": {deciding.id: {"enum": [None, []]} if deciding.type in LISTS else _BLANK}})
        if isinstance(when, dict):
            ways.append({"not": when})
        return {"anyOf": ways}

    def _settled(self, condition: Condition, deciding: Field | None) -> bool | None:
        """A condition that the context decides."""
        if self._context is None:
            return None
        answers = {}
        if deciding is not None:
            if self._found[deciding.id] is True:
                answers[deciding.id] = self._context.earlier.get(deciding.from_form, {}).get(deciding.from_field)
            elif self._found[deciding.id] is not False:
                return None
        return holds(condition, answers, self._context.variables)


def _test(deciding: Field, condition: Condition) -> Schema:
    one: Schema = {"enum": [value for value in condition.values if value is not None]}
    return {"type": "array", "contains": one} if deciding.type is FieldType.MULTI_CHOICE else one


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
