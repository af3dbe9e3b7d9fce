"""From what a person typed to clean answers, and to the variables that they set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine import feel
from engine.errors import AnswerError, AnswersRejected, ExpressionFailed
from engine.forms import facts, polish, values
from engine.forms.context import Context, PersonFacts, UnitFacts
from engine.forms.form import COMPUTED, LISTS, STATIC, Check, Field, FieldType, Form
from engine.forms.visibility import visible
from engine.model import Json

__all__ = ["Context", "PersonFacts", "UnitFacts", "check", "from_html", "variables"]

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
    walk = _Walk(context)
    known = {field.id for field in form.fields if field.type not in STATIC}
    walk.unknown(raw, known, "")
    cleaned = walk.scope(form.fields, raw, "")
    walk.limits(form.fields, cleaned, _Near({}, {}), "")
    cleaned = complete(form, cleaned, context)
    walk.checks(form, cleaned)
    if walk.errors:
        raise AnswersRejected(tuple(walk.errors))
    return cleaned


def complete(form: Form, answers: Mapping[str, Json], context: Context) -> dict[str, Json]:
    """The answers in the order of the form, together with the hints that follow from them."""
    found = dict(answers)
    known = facts.names(form, found, context)
    for field in form.fields:
        if field.type is FieldType.HINT and visible(field, found, context.variables):
            found[field.id] = facts.compute(field, known, context)
            known[field.id] = facts.typed(field, found[field.id])
    return {field.id: found[field.id] for field in form.fields if field.id in found}


def earlier(field: Field, context: Context) -> Json:
    """The latest answer of another form that this field repeats, None when there is none."""
    return context.earlier.get(field.from_form, {}).get(field.from_field)


@dataclass(frozen=True)
class _Near:
    """Answers, with their labels, that the limits of a date may name."""

    answers: Mapping[str, Json]
    labels: Mapping[str, str]

    def joined(self, fields: Sequence[Field], cleaned: Mapping[str, Json]) -> _Near:
        labels = {field.id: field.label for field in fields}
        return _Near({**self.answers, **cleaned}, {**self.labels, **labels})


class _Walk:
    """One passage over a form that collects what does not fit."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.errors: list[AnswerError] = []

    def add(self, name: str, message: str) -> None:
        self.errors.append(AnswerError(field=name, message=message))

    def unknown(self, raw: Mapping[str, object], known: set[str], prefix: str) -> None:
        for name in raw:
            if name not in known:
                self.add(f"{prefix}{name}", f"Formularz nie ma pola „{name}”. Usuń je albo popraw nazwę.")

    def scope(self, fields: Sequence[Field], raw: Mapping[str, object], prefix: str) -> dict[str, Json]:
        """Clean values of the visible fields among `fields`, hints left out."""
        cleaned: dict[str, Json] = {}
        for field in fields:
            if field.type in STATIC or field.type is FieldType.HINT:
                continue
            if not visible(field, cleaned, self.context.variables):
                continue
            try:
                cleaned[field.id] = self.value(field, raw.get(field.id))
            except values.UnfitError as cause:
                self.add(f"{prefix}{field.id}", str(cause))
        return cleaned

    def value(self, field: Field, raw: object) -> Json:
        if field.type is FieldType.EARLIER:
            return earlier(field, self.context)
        if field.type is FieldType.GROUP:
            return self.rows(field, raw)
        if field.type in LISTS:
            return values.clean_list(field, raw, self.context)
        return values.clean(field, raw, self.context)

    def rows(self, group: Field, raw: object) -> Json:
        rows = [] if raw is None else raw
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise values.UnfitError("Wypełnij tę część jako listę pozycji.")
        if len(rows) > group.max_items:
            raise values.UnfitError(f"Zostaw najwyżej {polish.items(group.max_items)} (jest {len(rows)}).")
        if len(rows) < group.fewest:
            raise values.UnfitError(
                values.missing(group) if group.fewest == 1 else f"Dodaj pozycje: co najmniej {group.fewest}."
            )
        known = {column.id for column in group.fields}
        cleaned: list[Json] = []
        for index, row in enumerate(rows):
            prefix = f"{group.id}-{index}-"
            self.unknown(row, known, prefix)
            cleaned.append(self.scope(group.fields, row, prefix))
        return cleaned

    def limits(self, fields: Sequence[Field], cleaned: Mapping[str, Json], outer: _Near, prefix: str) -> None:
        """Dates against their limits, which may be other answers of the same row or of the form."""
        near = outer.joined(fields, cleaned)
        for field in fields:
            value = cleaned.get(field.id)
            if field.type is FieldType.DATE and isinstance(value, str):
                day = date.fromisoformat(value)
                message = values.past_limit(field, day, near.answers, near.labels, self.context.today)
                if message:
                    self.add(f"{prefix}{field.id}", message)
            elif field.type is FieldType.GROUP and isinstance(value, list):
                for index, row in enumerate(value):
                    if isinstance(row, dict):
                        self.limits(field.fields, row, near, f"{field.id}-{index}-")

    def checks(self, form: Form, cleaned: Mapping[str, Json]) -> None:
        """The rules over the whole form; those that read a field in error wait until it is mended."""
        known = facts.names(form, cleaned, self.context)
        wrong = {error.field.split("-")[0] for error in self.errors}
        for rule in form.checks:
            hidden = rule.field != "" and rule.field not in cleaned
            if not hidden and not self.reads(rule) & wrong and not self.holds(rule, known):
                self.add(rule.field, rule.message)

    def reads(self, rule: Check) -> set[str]:
        return set(feel.parse(rule.holds).names) | {rule.field}

    def holds(self, rule: Check, known: Mapping[str, object]) -> bool:
        try:
            return feel.evaluate(rule.holds, known, now=facts.noon(self.context)) is True
        except ExpressionFailed:
            return False


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
