"""Clean answers as Polish text and tables, for reading and for print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.forms import facts, polish
from engine.forms.context import Context
from engine.forms.form import Field, FieldType, Form
from engine.forms.visibility import visible
from engine.model import Json

EMPTY = "–"  # printed where an answer was left out
_UNPRINTED = frozenset({FieldType.REFERENCE})


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of a group; `numeric` says which columns stand to the right, `item` what one row is."""

    item: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a filled form: a label with its text or table; a remark has no label."""

    id: str
    label: str
    text: str = ""
    table: Table | None = None
    remark: bool = False


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """One section of a filled form."""

    title: str
    entries: tuple[Entry, ...]


def chapters(form: Form, answers: Mapping[str, Json], context: Context) -> tuple[Chapter, ...]:
    """A filled form as it is read and printed: what was visible, section by section; empty sections fall out.

    Args:
        answers: clean answers as they were kept.
    """
    found = []
    for section in form.sections:
        entries = tuple(
            entry(field, answers.get(field.id), context)
            for field in section.fields
            if _printed(field, answers, context)
        )
        if entries:
            found.append(Chapter(title=section.title, entries=entries))
    return tuple(found)


def entry(field: Field, value: Json, context: Context) -> Entry:
    """One field with its clean value."""
    source = facts.origin(field, context)
    if field.type is FieldType.TEXT_BLOCK:
        return Entry(id=field.id, label=field.label, text=field.text, remark=True)
    if source.type is FieldType.GROUP and value:
        return Entry(id=field.id, label=field.label, table=table(source, value, context))
    return Entry(id=field.id, label=field.label, text=text(source, value, context))


def text(field: Field, value: Json, context: Context) -> str:
    """A clean value as Polish text, a dash where there is none."""
    if value is None or value in ("", []):
        return EMPTY
    return _WRITERS.get(field.type, _any)(field, value, context)


def table(group: Field, rows: Json, context: Context) -> Table:
    """The clean rows of a group."""
    item = group.item_label or "pozycja"
    return Table(
        item=f"{item[0].upper()}{item[1:]}",
        columns=tuple(column.label for column in group.fields),
        rows=tuple(
            tuple(text(column, row.get(column.id), context) for column in group.fields)
            for row in (rows if isinstance(rows, list) else ())
            if isinstance(row, dict)
        ),
        numeric=tuple(column.type in (FieldType.NUMBER, FieldType.MONEY) for column in group.fields),
    )


def _printed(field: Field, answers: Mapping[str, Json], context: Context) -> bool:
    if field.type is FieldType.TEXT_BLOCK:
        return visible(field, answers, context.variables)
    return field.type not in _UNPRINTED and field.id in answers


def _number(field: Field, value: Json, _context: Context) -> str:
    unit = f"{polish.NBSP}{field.unit}" if field.unit else ""
    return f"{polish.number(Decimal(str(value)))}{unit}"


def _money(_field: Field, value: Json, _context: Context) -> str:
    return polish.money(Decimal(str(value)))


def _date(_field: Field, value: Json, _context: Context) -> str:
    return polish.day(date.fromisoformat(str(value)))


def _choice(field: Field, value: Json, _context: Context) -> str:
    values = value if isinstance(value, list) else [value]
    return "; ".join(field.labels.get(str(one), str(one)) for one in values)


def _yes_no(_field: Field, value: Json, _context: Context) -> str:
    return "tak" if value is True else "nie"


def _person(_field: Field, value: Json, context: Context) -> str:
    person = context.people.get(str(value))
    return person.name if person else str(value)


def _unit(_field: Field, value: Json, context: Context) -> str:
    unit = context.units.get(value) if isinstance(value, int) else None
    return unit.name if unit else f"komórka nr {value}"


def _file(_field: Field, value: Json, context: Context) -> str:
    ids = [one for one in value if isinstance(one, int)] if isinstance(value, list) else []
    return "; ".join(context.file_names.get(one, f"załącznik nr {one}") for one in ids)


def _hint(field: Field, value: Json, context: Context) -> str:
    writer = _HINTS.get(field.format, _any)
    try:
        found = writer(field, value, context)
    except (ValueError, ArithmeticError):
        found = _any(field, value, context)
    return f"{field.prefix} {found} {field.suffix}".strip()


def _any(field: Field, value: Json, context: Context) -> str:
    """A value whose type nothing tells, such as an answer of a form that is not at hand."""
    if isinstance(value, bool):
        return _yes_no(field, value, context)
    if isinstance(value, int | float):
        return polish.number(Decimal(str(value)))
    if isinstance(value, list):
        return "; ".join(_any(field, one, context) for one in value)
    if isinstance(value, dict):
        return ", ".join(_any(field, one, context) for one in value.values())
    return EMPTY if value is None else value


_WRITERS: Mapping[FieldType, Callable[[Field, Json, Context], str]] = {
    FieldType.NUMBER: _number,
    FieldType.MONEY: _money,
    FieldType.DATE: _date,
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _choice,
    FieldType.YES_NO: _yes_no,
    FieldType.PERSON: _person,
    FieldType.UNIT: _unit,
    FieldType.FILE: _file,
    FieldType.HINT: _hint,
}
_HINTS: Mapping[str, Callable[[Field, Json, Context], str]] = {
    "number": _number,
    "money": _money,
    "date": _date,
}
