"""Plausible answers to any form, so that a demonstration case can be walked to where it should stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import cycle, islice

from engine import access
from engine.errors import AnswersRejected
from engine.forms import answers
from engine.forms.context import Context
from engine.forms.form import Field, FieldType, Form

TRIES = 60
DAYS = (0, 1, 7, 22, 30, 60, 365, 730, -1, -7, -30, -365)
OFFER = "Fundacja Przykładowa Pomoc"

# Tried first: fields that a check ties to another one, a group that should have a row, a choice that leads on.
LIKELY: Mapping[str, object] = {
    "waga": 100,
    "liczba_pakietow": 1,
    "skuteczne": 1,
    "czesciowo_skuteczne": 0,
    "nieskuteczne": 0,
    "oferent": OFFER,
    "organizacja": OFFER,
    "proponowany": OFFER,
    "oferty": "",
    "nowy_cykl": False,
    "od": "08:00",
    "do": "15:30",
}
COMMITTEE = (
    access.KOORDYNATOR,
    "Specjalista ds. form realizacji usług",
    "Specjalista ds. zamówień publicznych",
)


def invented(form: Form, context: Context, given: Mapping[str, object]) -> dict[str, object]:
    """Answers that the form accepts: what is `given`, else the first value that fits.

    Raises:
        AnswersRejected: when no try was accepted.
    """
    turns = {field.id: 0 for field in form.fields}
    for attempt in range(TRIES):
        raw = {
            field.id: _value(field, turns[field.id], context, given)
            for field in form.fields
            if field.type not in _UNASKED
        }
        try:
            answers.check(form, raw, context)
        except AnswersRejected as refused:
            if attempt == TRIES - 1 or _hopeless(refused, form, given):
                raise
            _turn(refused, turns)
        else:
            return raw
    raise AssertionError  # the loop ends by returning or raising


_UNASKED = frozenset({FieldType.HINT, FieldType.EARLIER, FieldType.REFERENCE, FieldType.TEXT_BLOCK, FieldType.FILE})


def _hopeless(refused: AnswersRejected, form: Form, given: Mapping[str, object]) -> bool:
    """True when a field is refused whose answer was given and will not be changed."""
    kept = {one.id for one in form.fields if one.id in given and one.type is not FieldType.DATE}
    return any(one.field.split("-")[0] in kept for one in refused.errors)


def _turn(refused: AnswersRejected, turns: dict[str, int]) -> None:
    """The next value for every field that was refused; for the form as a whole, for all of them."""
    named = {one.field.split("-")[0] for one in refused.errors} & set(turns)
    for field in named or set(turns):
        turns[field] += 1


def _value(field: Field, turn: int, context: Context, given: Mapping[str, object]) -> object:
    """The value of this turn. A date that is told is only tried first: a story may be retold in another month."""
    if field.id in given and (turn == 0 or field.type is not FieldType.DATE):
        return given[field.id]
    return _invented(field, turn - (field.id in given), context)


def _invented(field: Field, turn: int, context: Context) -> object:
    if field.id in LIKELY and field.type is not FieldType.DATE:
        if turn == 0:
            return _rows(field, turn, context) if field.type is FieldType.GROUP else LIKELY[field.id]
        turn -= 1
    if not field.required and field.fewest == 0:
        if turn == 0:
            return None
        turn -= 1
    if field.type is FieldType.GROUP:
        return _rows(field, turn, context)
    possible = _possible(field, context)
    return next(islice(cycle(possible), turn, None)) if possible else None


def _rows(field: Field, turn: int, context: Context) -> list[dict[str, object]]:
    """The rows that the page would offer, else as few as the group allows; of people, those who must be there."""
    if any(one.type is FieldType.PERSON for one in field.fields):
        return _committee(field, turn, context)
    offered = _offered(field, context)
    if offered:
        return [
            {one.id: _invented(one, turn, context) if row.get(one.id) is None else row[one.id] for one in field.fields}
            for row in offered
        ]
    count = max(field.fewest, 1)
    return [{one.id: _invented(one, turn + row, context) for one in field.fields} for row in range(count)]


def _offered(field: Field, context: Context) -> list[Mapping[str, object]]:
    """Rows of an earlier form of the case from which this group is filled in advance."""
    if field.prefill is None:
        return []
    rows = context.earlier.get(field.prefill.form, {}).get(field.prefill.field)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _committee(field: Field, turn: int, context: Context) -> list[dict[str, object]]:
    """A row for each person: the chairman first, the others plain members."""
    role = next(one.role for one in field.fields if one.type is FieldType.PERSON)
    members = [_of_role(one, context) for one in ((role,) if role else COMMITTEE)]
    rows = []
    for number, login in enumerate(one for one in members if one):
        choice = {one.id: one.options[-1 if number else 0].value for one in field.fields if one.options}
        others = {one.id: _invented(one, turn, context) for one in field.fields if one.id not in choice}
        person = {one.id: login for one in field.fields if one.type is FieldType.PERSON}
        rows.append({**others, **choice, **person})
    return rows


def _of_role(role: str, context: Context) -> str:
    return min((login for login, one in context.people.items() if role in one.roles), default="")


def _possible(field: Field, context: Context) -> list[object]:
    """Values worth trying, the likeliest first."""
    match field.type:
        case FieldType.TEXT | FieldType.LONG_TEXT:
            return [_text(field)]
        case FieldType.NUMBER | FieldType.MONEY:
            low = int(field.minimum) if field.minimum is not None else 1
            return [max(low, 1), low, low + 10, low + 100]
        case FieldType.DATE:
            return [(context.today + timedelta(days=days)).isoformat() for days in DAYS]
        case FieldType.CHOICE:
            return [option.value for option in field.options]
        case FieldType.MULTI_CHOICE:
            values = [option.value for option in field.options]
            return [values[: max(field.fewest, 1)], values]
        case FieldType.YES_NO:
            return [True, False]
        case FieldType.PERSON:
            return [*sorted(who for who, one in context.people.items() if not field.role or field.role in one.roles)]
        case FieldType.UNIT:
            return [key for key, one in sorted(context.units.items()) if field.performs in (None, one.performs)]
        case _:
            return []


def _text(field: Field) -> str:
    text = "Przykładowa odpowiedź" if field.type is FieldType.TEXT else "Przykładowa odpowiedź ośrodka pokazowego."
    return text[: field.max_length] if field.max_length else text
