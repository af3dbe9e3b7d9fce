"""Turns what the database drivers raise into errors of the house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.errors import AnswerError, Conflict, Crossed, EngineError, InputRejected, NotFound, Unavailable

_CHANGED = "Ktoś w tej chwili zmienił te same dane. Odśwież stronę i spróbuj ponownie."
_BUSY = "Baza danych jest zajęta. Spróbuj ponownie za chwilę."
_AWAY = "Baza danych jest chwilowo niedostępna. Spróbuj ponownie za chwilę."
_FULL = "Brakuje miejsca na dysku serwera i nie można zapisać danych. Powiadom administratora."
_UNREADABLE = "Tekst zawiera znak, którego nie można zapisać. Wpisz go ponownie bez znaków specjalnych."

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES_CONFLICTS = frozenset({"55P03"})
_POSTGRES_CROSSED = frozenset({"40001", "40P01"})
_POSTGRES_RANGE = "22003"
_POSTGRES_FULL = frozenset({"53100"})
_POSTGRES_AWAY = ("08", "53", "57", "58")
_SQLITE_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_SQLITE_AWAY = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_NOTADB", "SQLITE_CORRUPT")


@contextmanager
def translated() -> Iterator[None]:
    """Lets no driver error out that a person could meet; mistakes in our own SQL stay what they are.

    Raises:
        Conflict, Unavailable, NotFound, InputRejected: instead of the driver's error.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable(_BUSY) from error
    except DBAPIError as error:
        ours = _ours(error)
        if ours is None:
            raise
        raise ours from error
    except UnicodeEncodeError as error:
        raise _unreadable() from error
    except OverflowError as error:
        if "SQLite INTEGER" not in str(error):
            raise
        raise _too_large() from error


def _ours(error: DBAPIError) -> EngineError | None:
    if isinstance(error, IntegrityError):
        return Conflict(_CHANGED)
    if isinstance(error, DataError):
        return _too_large() if getattr(error.orig, "sqlstate", "") == _POSTGRES_RANGE else _unreadable()
    sqlite_name = getattr(error.orig, "sqlite_errorname", None)
    if sqlite_name is not None:
        return _of_sqlite(str(sqlite_name))
    return _of_postgres(getattr(error.orig, "sqlstate", None), error.connection_invalidated)


def _of_sqlite(name: str) -> EngineError | None:
    if name.startswith(_SQLITE_BUSY):
        return Unavailable(_BUSY)
    if name.startswith("SQLITE_FULL"):
        return Unavailable(_FULL)
    return Unavailable(_AWAY) if name.startswith(_SQLITE_AWAY) else None


def _of_postgres(state: str | None, invalidated: bool) -> EngineError | None:
    if state in _POSTGRES_CROSSED:
        return Crossed(_CHANGED)
    if state in _POSTGRES_CONFLICTS:
        return Conflict(_CHANGED)
    if state in _POSTGRES_FULL:
        return Unavailable(_FULL)
    if state is None or invalidated or state.startswith(_POSTGRES_AWAY):
        return Unavailable(_AWAY)
    return None


def _too_large() -> NotFound:
    """No id is that large, so nothing can be found under it."""
    return NotFound("Nie znaleziono takiej pozycji.")


def _unreadable() -> InputRejected:
    return InputRejected((AnswerError(field="", message=_UNREADABLE),))
