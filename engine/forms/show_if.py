"""The conditions of a field in words for a reader, and as data for a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.forms.form import Condition, Field, FieldType, Scalar


def as_html(value: object) -> str:
    """A raw value as an HTML form has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "tak" if value else "nie"
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def script(conditions: Iterable[Condition], prefix: str) -> str:
    """The conditions as JSON: a list of HTML names, each with the values that show the field; "" for none."""
    found = [{"name": f"{prefix}{one.field}", "in": [as_html(value) for value in one.values]} for one in conditions]
    return json.dumps(found, ensure_ascii=False) if found else ""


def sentence(conditions: Iterable[Condition], drawn: Mapping[str, Field]) -> str:
    """The conditions in words, for a page that cannot hide anything."""
    parts = []
    for one in conditions:
        field = drawn[one.field]
        chosen = ", ".join(_word(field, value) for value in one.values)
        verb = "podano" if field.type is FieldType.NUMBER else "wybrano"
        parts.append(f"w polu „{field.label}” {verb}: {chosen}")
    return f"Wypełnij tylko, jeśli {' oraz '.join(parts)}." if parts else ""


def _word(field: Field, value: Scalar) -> str:
    if value is None:
        return "nic"
    return field.labels.get(str(value), as_html(value))
