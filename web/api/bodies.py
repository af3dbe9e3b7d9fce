"""What programs send, read so that nothing malformed or hostile gets any further."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

from flask import request

from engine.errors import AnswerError, InputRejected
from engine.model import Json
from web.problems import Unreadable

JSON_LIMIT = 1024 * 1024  # bytes
FILE_LIMIT = 4 * 1024 * 1024  # bytes; the gate says in its own words what is too large to publish
DEPTH = 60  # objects and lists within each other
DIGITS = 34  # of a whole number, as FEEL computes


class Fields:
    """The fields of a JSON object. Each is asked for once; `done` then says everything that was wrong."""

    def __init__(self, values: dict[str, Json], known: tuple[str, ...]) -> None:
        self._values = values
        self._errors = [
            AnswerError(field=name, message=f"Nieznane pole „{name}”. Dozwolone: {', '.join(known) or 'żadne'}.")
            for name in values
            if name not in known
        ]

    def text(self, name: str, *, needed: bool = False) -> str:
        """A text, "" when it is absent."""
        value = self._values.get(name)
        if isinstance(value, str) and (value.strip() or not needed):
            return value
        if value is not None or needed:
            self._refuse(name, "Podaj tekst w tym polu.")
        return ""

    def whole(self, name: str) -> int | None:
        """A whole number from 1, None when it is absent."""
        value = self._values.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
            return value
        self._refuse(name, "Podaj w tym polu liczbę całkowitą większą od zera.")
        return None

    def mapping(self, name: str) -> dict[str, Json]:
        """An object, empty when it is absent."""
        value = self._values.get(name)
        if isinstance(value, dict):
            return value
        if value is not None:
            self._refuse(name, "Podaj w tym polu obiekt JSON, na przykład {}.")
        return {}

    def done(self) -> None:
        """End of reading.

        Raises:
            InputRejected: with everything that was wrong.
        """
        if self._errors:
            raise InputRejected(tuple(self._errors))

    def _refuse(self, name: str, message: str) -> None:
        self._errors.append(AnswerError(field=name, message=message))


def fields(*known: str) -> Fields:
    """The body as a JSON object with these fields; no body at all is an empty object.

    Raises:
        Unreadable: when it is no JSON object.
        RequestEntityTooLarge: when it is too long.
    """
    data = raw(JSON_LIMIT)
    value = read(data) if data.strip() else {}
    if not isinstance(value, dict):
        raise Unreadable("Treść żądania musi być obiektem JSON, na przykład {}.")
    return Fields(value, known)


def text(limit: int) -> str:
    """The body as text.

    Raises:
        Unreadable: when it is not UTF-8.
        RequestEntityTooLarge: when it is too long.
    """
    try:
        return raw(limit).decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise Unreadable("Wyślij treść w kodowaniu UTF-8.") from cause


def raw(limit: int) -> bytes:
    """The body as it came.

    Raises:
        RequestEntityTooLarge: when it is longer than `limit` bytes.
    """
    request.max_content_length = limit
    return request.get_data()


def read(data: bytes) -> Json:
    """JSON that can be kept: finite numbers, bounded depth, text that every database takes.

    Raises:
        Unreadable: when it is none.
    """
    try:
        value: Json = json.loads(data, parse_float=_finite, parse_int=_whole, parse_constant=_refused)
    except RecursionError as cause:
        raise _too_deep() from cause
    except json.JSONDecodeError as cause:
        place = f"wiersz {cause.lineno}, znak {cause.colno}"
        raise Unreadable(f"Treść żądania nie jest poprawnym JSON ({place}). Popraw ją i wyślij ponownie.") from cause
    except ValueError as cause:
        raise Unreadable("Treść żądania zawiera znak albo liczbę, których nie można zapisać.") from cause
    _walk(value)
    return value


def _walk(value: Json) -> None:
    """Looks at every value without recursion."""
    waiting: list[tuple[Json, int]] = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > DEPTH:
            raise _too_deep()
        if isinstance(one, str):
            _text(one)
        elif isinstance(one, list):
            waiting.extend((item, depth + 1) for item in one)
        elif isinstance(one, dict):
            waiting.extend((item, depth + 1) for item in one.values())
            for name in one:
                _text(name)


def _text(value: str) -> None:
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Unreadable("Treść żądania zawiera znak, którego nie można zapisać.")


def _finite(said: str) -> float:
    value = float(said)
    if not math.isfinite(value):
        raise ValueError(said)
    return value


def _whole(said: str) -> int:
    if len(said) > DIGITS:
        raise ValueError(said)
    return int(said)


_refused: Callable[[str], object] = _finite  # NaN and Infinity


def _too_deep() -> Unreadable:
    return Unreadable(f"Treść żądania jest zbyt zagnieżdżona. Dozwolone jest {DEPTH} poziomów.")
