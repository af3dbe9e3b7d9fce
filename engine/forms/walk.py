"""One passage over a form: clean what was answered, collect what does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine import feel
from engine.errors import AnswerError, ExpressionFailed
from engine.forms import days, facts, polish, values
from engine.forms.context import Context
from engine.forms.form import LISTS, STATIC, Check, Field, FieldType, Form
from engine.forms.visibility import visible
from engine.model import Json


def understood(form: Form, raw: Mapping[str, object], context: Context) -> dict[str, Json]:
    """As much as can be understood of what was typed so far, with the hints that follow from it."""
    return complete(form, Walk(context).scope(form.fields, raw, ""), context)


def understood_row(group: Field, raw: Mapping[str, object], context: Context) -> dict[str, Json]:
    """As much as can be understood of one row of a group."""
    return Walk(context).scope(group.fields, raw, "")


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
class Near:
    """Answers, with their labels, that the limits of a date may name."""

    answers: Mapping[str, Json]
    labels: Mapping[str, str]

    def joined(self, fields: Sequence[Field], cleaned: Mapping[str, Json]) -> Near:
        labels = {field.id: field.label for field in fields}
        return Near({**self.answers, **cleaned}, {**self.labels, **labels})


class Walk:
    """One passage over a form that collects what does not fit."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.errors: list[AnswerError] = []

    def add(self, name: str, message: str) -> None:
        """Record one error at the HTML name of a field."""
        self.errors.append(AnswerError(field=name, message=message))

    def unknown(self, raw: Mapping[str, object], known: set[str], prefix: str) -> None:
        """Names that the form does not have."""
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
        """The clean value of one field.

        Raises:
            UnfitError: when it does not fit.
        """
        if field.type is FieldType.EARLIER:
            return earlier(field, self.context)
        if field.type is FieldType.GROUP:
            return self.rows(field, raw)
        if field.type in LISTS:
            return values.clean_list(field, raw, self.context)
        return values.clean(field, raw, self.context)

    def rows(self, group: Field, raw: object) -> Json:
        """The clean rows of a group; what is wrong inside a row is recorded there.

        Raises:
            UnfitError: when there are too many, too few, or these are no rows.
        """
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

    def limits(self, fields: Sequence[Field], cleaned: Mapping[str, Json], outer: Near, prefix: str) -> None:
        """Dates against their limits, which may be other answers of the same row or of the form."""
        near = outer.joined(fields, cleaned)
        for field in fields:
            value = cleaned.get(field.id)
            if field.type is FieldType.DATE and isinstance(value, str):
                day = date.fromisoformat(value)
                message = days.past_limit(field, day, near.answers, near.labels, self.context.today)
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
        """The fields that a rule looks at, its own among them."""
        return set(feel.parse(rule.holds).names) | {rule.field}

    def holds(self, rule: Check, known: Mapping[str, object]) -> bool:
        """True only when the rule is exactly true; one that cannot be computed does not hold."""
        try:
            return feel.evaluate(rule.holds, known, now=facts.noon(self.context)) is True
        except ExpressionFailed:
            return False
