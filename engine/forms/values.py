"""One answer: from what was typed, or sent as JSON, to a clean value."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from engine.forms import days, polish
from engine.forms.context import Context
from engine.forms.form import Field, FieldType
from engine.model import Json

LARGEST = Decimal(10) ** 13  # above this, a number loses its grosze on the way
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,10})?")
_DOTTED = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")  # 1.234,50
_UNSEEN = re.compile(  # control characters, halves of pairs, and marks that turn the direction and make a text lie
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
)
_YES = frozenset({"tak", "true"})
_NO = frozenset({"nie", "false"})

_MISSING = {
    FieldType.TEXT: "Uzupełnij to pole.",
    FieldType.LONG_TEXT: "Uzupełnij to pole.",
    FieldType.NUMBER: "Podaj liczbę.",
    FieldType.MONEY: "Podaj kwotę, na przykład 1 234,50.",
    FieldType.DATE: "Podaj datę, na przykład 21.11.2026.",
    FieldType.CHOICE: "Wybierz odpowiedź.",
    FieldType.MULTI_CHOICE: "Zaznacz co najmniej jedną odpowiedź.",
    FieldType.YES_NO: "Zaznacz „tak” albo „nie”.",
    FieldType.PERSON: "Wybierz osobę z listy.",
    FieldType.UNIT: "Wybierz komórkę z listy.",
    FieldType.FILE: "Dołącz plik.",
    FieldType.GROUP: "Dodaj co najmniej jedną pozycję.",
}


class UnfitError(Exception):
    """An answer that does not fit its field; the text is a Polish sentence that says what to do."""


def missing(field: Field) -> str:
    """What to say when a required answer is empty."""
    return _MISSING[field.type]


def plain(text: str) -> str:
    """Text without characters that cannot be seen, in one spelling, without spaces around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSEEN.sub("", text)).strip()


def clean(field: Field, raw: object, context: Context) -> Json:
    """The clean value of one answer, None (or an empty list) when it was left out.

    Args:
        raw: a string as an HTML form sends it, or the JSON value of the field's type.

    Raises:
        UnfitError: when it does not fit, also when a required answer is missing.
    """
    value = plain(raw) if isinstance(raw, str) else raw
    if value is None or value == "":
        if field.required:
            raise UnfitError(missing(field))
        return None
    return _CLEANERS[field.type](field, value, context)


def _text(field: Field, value: object, _context: Context) -> Json:
    if not isinstance(value, str):
        raise UnfitError("Wpisz tekst.")
    if field.type is FieldType.TEXT:
        value = " ".join(value.split("\n"))
    if len(value) > field.max_length:
        raise UnfitError(f"Skróć tekst do {field.max_length} znaków (jest {len(value)}).")
    if field.pattern and not re.fullmatch(field.pattern, value):
        raise UnfitError(field.pattern_message)
    return value


def _number(field: Field, value: object, _context: Context) -> Json:
    found = _decimal(value)
    if found is None:
        raise UnfitError(f"Podaj liczbę cyframi, na przykład {'12' if field.integer else '12,5'}.")
    if field.integer and found != found.to_integral_value():
        raise UnfitError("Podaj liczbę całkowitą, na przykład 12.")
    _within(field, found, "liczbę", polish.number)
    return int(found) if found == found.to_integral_value() else float(found)


def _money(field: Field, value: object, _context: Context) -> Json:
    typed = re.sub(r"\s*(?:zł|pln)$", "", value, flags=re.IGNORECASE) if isinstance(value, str) else value
    found = _decimal(typed)
    if found is None or found != round(found, 2):
        raise UnfitError("Podaj kwotę w złotych i groszach, na przykład 1 234,50.")
    _within(field, found, "kwotę", polish.money)
    if found < 0 and field.minimum is None:
        raise UnfitError("Podaj kwotę bez znaku minus.")
    return f"{abs(found) if found == 0 else found:.2f}"


def _decimal(value: object) -> Decimal | None:
    """A typed or JSON number, None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Decimal(value) if abs(value) <= LARGEST else LARGEST + 1
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    if not isinstance(value, str):
        return None
    text = re.sub(r"\s", "", value).replace("−", "-")
    if _DOTTED.fullmatch(text):
        text = text.replace(".", "")
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def _within(field: Field, value: Decimal, what: str, spell: Callable[[Decimal], str]) -> None:
    low, high = field.minimum, field.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        if abs(value) > LARGEST:
            raise UnfitError(f"Podaj mniejszą {what}.")
        return
    if low is not None and high is not None:
        raise UnfitError(f"Podaj {what} od {spell(low)} do {spell(high)}.")
    if low is not None:
        raise UnfitError(f"Podaj {what} nie mniejszą niż {spell(low)}.")
    if high is not None:
        raise UnfitError(f"Podaj {what} nie większą niż {spell(high)}.")


def _date(_field: Field, value: object, _context: Context) -> Json:
    parts = days.parts(value) if isinstance(value, str) else None
    if parts is None:
        raise UnfitError("Podaj datę w formacie dd.mm.rrrr, na przykład 21.11.2026.")
    try:
        found = date(*parts)
    except ValueError as cause:
        raise UnfitError("Takiego dnia nie ma w kalendarzu. Sprawdź dzień i miesiąc.") from cause
    if not 1900 <= found.year < 2200:
        raise UnfitError("Sprawdź rok: podaj datę z lat 1900–2199.")
    return found.isoformat()


def _choice(field: Field, value: object, _context: Context) -> Json:
    if not isinstance(value, str) or value not in field.labels:
        raise UnfitError("Wybierz jedną z podanych odpowiedzi.")
    return value


def _yes_no(field: Field, value: object, _context: Context) -> Json:
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    if word not in _YES | _NO:
        raise UnfitError(missing(field))
    return word in _YES


def _person(field: Field, value: object, context: Context) -> Json:
    if not isinstance(value, str) or value not in context.people:
        raise UnfitError(missing(field))
    person = context.people[value]
    if field.role and field.role not in person.roles:
        raise UnfitError(f"{person.name} nie ma roli „{field.role}”. Wybierz inną osobę.")
    return value


def _unit(field: Field, value: object, context: Context) -> Json:
    found = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,9}", value) else value
    if isinstance(found, bool) or not isinstance(found, int) or found not in context.units:
        raise UnfitError(missing(field))
    unit = context.units[found]
    if field.performs is not None and unit.performs is not field.performs:
        does = "nie wykonuje usług" if field.performs else "wykonuje usługi"
        raise UnfitError(f"Komórka „{unit.name}” {does}. Wybierz inną.")
    return found


def _multi_choice(field: Field, value: object, _context: Context) -> Json:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) and one in field.labels for one in values):
        raise UnfitError("Wybierz tylko spośród podanych odpowiedzi.")
    if len(set(values)) < len(values):
        raise UnfitError("Ta sama odpowiedź jest zaznaczona dwa razy.")
    if len(values) < field.fewest:
        raise UnfitError(missing(field) if field.fewest == 1 else f"Zaznacz odpowiedzi: co najmniej {field.fewest}.")
    return list(values)


def _file(field: Field, value: object, context: Context) -> Json:
    attached = context.attachments.get(field.id, ())
    ids = [value] if isinstance(value, int) else value
    if not isinstance(ids, list) or any(isinstance(one, bool) or one not in attached for one in ids):
        raise UnfitError("Tego pliku nie ma przy zadaniu. Dołącz go jeszcze raz.")
    if field.required and not ids:
        raise UnfitError(missing(field))
    if len(ids) > 1 and not field.multiple:
        raise UnfitError("Dołącz tylko jeden plik. Usuń pozostałe.")
    return list(ids)


_CLEANERS: Mapping[FieldType, Callable[[Field, object, Context], Json]] = {
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
}


def clean_list(field: Field, raw: object, context: Context) -> Json:
    """The clean value of a multi-choice or file field: always a list, empty when it was left out.

    Raises:
        UnfitError: when it does not fit.
    """
    if field.type is FieldType.FILE and raw in (None, ""):
        raw = list(context.attachments.get(field.id, ()))
    return _CLEANERS[field.type](field, [] if raw in (None, "") else raw, context)
