"""From a form, what was typed and what is known to the view that a page draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import AnswerError
from engine.forms import days, display, polish, show_if, walk
from engine.forms.context import Context
from engine.forms.form import COMPUTED, STATIC, Condition, Field, FieldType, Form
from engine.forms.proposals import proposed
from engine.forms.show_if import as_html
from engine.forms.view import ErrorView, FieldView, FileView, FormView, OptionView, RowView, SectionView
from engine.forms.visibility import holds
from engine.model import Json

_CONTROLS = {
    FieldType.TEXT: "text",
    FieldType.LONG_TEXT: "textarea",
    FieldType.NUMBER: "text",
    FieldType.MONEY: "text",
    FieldType.DATE: "date",
    FieldType.CHOICE: "radio",
    FieldType.MULTI_CHOICE: "checkbox",
    FieldType.YES_NO: "radio",
    FieldType.PERSON: "list",
    FieldType.UNIT: "list",
    FieldType.FILE: "file",
    FieldType.GROUP: "group",
    FieldType.HINT: "output",
    FieldType.EARLIER: "output",
    FieldType.REFERENCE: "reference",
    FieldType.TEXT_BLOCK: "text_block",
}


def shown(form: Form, raw: Mapping[str, object], context: Context, errors: Sequence[AnswerError] = ()) -> FormView:
    """The form as a page draws it.

    Args:
        raw: what was typed so far, from `from_html` or a draft; empty for a fresh form, which then is prefilled.
        errors: of the last check.
    """
    draw = _Draw(form, raw or proposed(form, context), context, errors)
    sections = tuple(
        SectionView(title=section.title, help=section.help, fields=tuple(draw.fields(section.fields)))
        for section in form.sections
    )
    return FormView(
        key=form.key,
        title=form.title,
        intro=form.intro,
        source=form.source,
        sections=tuple(section for section in sections if section.fields),
        errors=draw.error_list(sections),
        has_files=any(field.type is FieldType.FILE for field in form.fields),
    )


@dataclass(frozen=True)
class _Scope:
    """The fields that may decide on each other: the whole form, or one row."""

    raw: Mapping[str, object]
    clean: Mapping[str, Json]
    prefix: str  # of HTML names


class _Draw:
    """One drawing of a form."""

    def __init__(self, form: Form, raw: Mapping[str, object], context: Context, errors: Iterable[AnswerError]) -> None:
        self.form = form
        self.context = context
        self.errors: dict[str, str] = {}
        for error in errors:
            self.errors.setdefault(error.field, error.message)
        self.scope = _Scope(raw, walk.understood(form, raw, context), "")
        self.drawn: dict[str, Field] = {}

    def fields(self, fields: Iterable[Field]) -> Iterable[FieldView]:
        """Views of the fields that can become visible on this page."""
        for field in fields:
            open_conditions = self.still_open(field.conditions, self.scope, self.drawn)
            if open_conditions is not None:
                self.drawn[field.id] = field
                yield self.field(field, open_conditions, self.scope, self.drawn)

    def still_open(
        self, conditions: Iterable[Condition], scope: _Scope, drawn: Mapping[str, Field]
    ) -> tuple[Condition, ...] | None:
        """The conditions that the person's own answers decide; None when another one fails for good."""
        found = []
        for condition in conditions:
            deciding = drawn.get(condition.field)
            if deciding is not None and deciding.type is not FieldType.EARLIER:
                found.append(condition)
            elif not holds(condition, scope.clean, self.context.variables):
                return None
        return tuple(found)

    def field(
        self, field: Field, conditions: tuple[Condition, ...], scope: _Scope, drawn: Mapping[str, Field]
    ) -> FieldView:
        name = f"{scope.prefix}{field.id}"
        html_id = f"pole-{name}"
        value = scope.raw.get(field.id)
        drawn_text = display.entry(field, scope.clean.get(field.id), self.context) if _reads(field) else None
        return FieldView(
            id=field.id,
            name=name,
            html_id=html_id,
            type=field.type,
            control=_control(field, value),
            label=field.label,
            help=field.help,
            required=field.required or field.fewest > 0,
            error=self.errors.get(name, ""),
            visible=all(holds(one, scope.clean, self.context.variables) for one in conditions),
            condition=show_if.sentence(conditions, drawn),
            show_if=show_if.script(conditions, scope.prefix),
            value=_value(field, value),
            max_length=field.max_length,
            rows=field.rows,
            input_mode={FieldType.MONEY: "decimal", FieldType.NUMBER: "decimal"}.get(field.type, ""),
            suffix="zł" if field.type is FieldType.MONEY else field.unit,
            earliest=self.limit(field.earliest),
            latest=self.limit(field.latest),
            options=tuple(self.options(field, value, html_id)),
            accept=",".join(f".{ending}" for ending in field.accept),
            multiple=field.multiple,
            files=self.files(field),
            item_label=field.item_label or "pozycja",
            items=self.rows(field, value) if field.type is FieldType.GROUP else (),
            can_add=field.type is FieldType.GROUP and len(_list(value)) < field.max_items,
            text=drawn_text.text if drawn_text else "",
            table=drawn_text.table if drawn_text else None,
            reference=self.context.references.get(field.reference),
        )

    def limit(self, limit: str) -> str:
        """A fixed limit for the date picker; one that another answer gives is left to the check."""
        if limit == "today":
            return self.context.today.isoformat()
        return "" if limit.startswith("@") else limit

    def options(self, field: Field, value: object, html_id: str) -> Iterable[OptionView]:
        chosen = {as_html(one) for one in value} if isinstance(value, list) else {as_html(value)}
        for index, (option, label, note) in enumerate(self.possible(field)):
            yield OptionView(
                html_id=f"{html_id}-{index + 1}" if index else html_id,
                value=option,
                label=label,
                help=note,
                checked=option in chosen,
            )

    def possible(self, field: Field) -> Iterable[tuple[str, str, str]]:
        """Value, label and help of everything that may be chosen."""
        if field.type is FieldType.YES_NO:
            return (("tak", "Tak", ""), ("nie", "Nie", ""))
        if field.type is FieldType.PERSON:
            people = [
                (login, person.name, "")
                for login, person in self.context.people.items()
                if not field.role or field.role in person.roles
            ]
            return sorted(people, key=lambda one: polish.alphabetical(one[1]))
        if field.type is FieldType.UNIT:
            units = [
                (str(number), unit.name, "")
                for number, unit in self.context.units.items()
                if field.performs is None or unit.performs is field.performs
            ]
            return sorted(units, key=lambda one: polish.alphabetical(one[1]))
        return [(option.value, option.label, option.help) for option in field.options]

    def files(self, field: Field) -> tuple[FileView, ...]:
        ids = self.context.attachments.get(field.id, ()) if field.type is FieldType.FILE else ()
        return tuple(FileView(id=one, name=self.context.file_names.get(one, f"załącznik nr {one}")) for one in ids)

    def rows(self, group: Field, value: object) -> tuple[RowView, ...]:
        """The rows that were filled in, and blank ones up to the fewest that are needed."""
        typed = _list(value)
        typed += [{} for _ in range(max(group.fewest, 1) - len(typed))]
        return tuple(self.row(group, index, row) for index, row in enumerate(typed))

    def row(self, group: Field, index: int, raw: Mapping[str, object]) -> RowView:
        scope = _Scope(raw, walk.understood_row(group, raw, self.context), f"{group.id}-{index}-")
        columns = {column.id: column for column in group.fields}
        title = group.item_label or "pozycja"
        return RowView(
            index=index,
            title=f"{title[0].upper()}{title[1:]} {index + 1}",
            fields=tuple(self.field(column, column.conditions, scope, columns) for column in group.fields),
        )

    def error_list(self, sections: Iterable[SectionView]) -> tuple[ErrorView, ...]:
        """The errors in the order of the page; those of no drawn field come first."""
        found: dict[str, ErrorView] = {}
        for view in (view for section in sections for view in section.fields):
            rows = (column for row in view.items for column in row.fields)
            for one in (view, *rows):
                if one.name in self.errors:
                    found[one.name] = ErrorView(html_id=one.html_id, label=one.label, message=one.error)
        others = (
            ErrorView(html_id="", label="", message=message)
            for name, message in self.errors.items()
            if name not in found
        )
        return (*others, *found.values())


def _reads(field: Field) -> bool:
    return field.type in COMPUTED or field.type is FieldType.TEXT_BLOCK


def _control(field: Field, value: object) -> str:
    """What to draw; a date that a date picker could not show is shown as it was typed."""
    if field.type is FieldType.CHOICE:
        return field.style
    if field.type is FieldType.DATE and (text := _value(field, value)) and not days.iso(text):
        return "text"
    return _CONTROLS[field.type]


def _value(field: Field, value: object) -> str:
    """What stands in the input: text exactly as typed, a date that can be read as a date picker wants it."""
    if field.type in COMPUTED | STATIC or isinstance(value, list):
        return ""
    text = as_html(value)
    return (days.iso(text) or text) if field.type is FieldType.DATE else text


def _list(value: object) -> list[Mapping[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
