"""Remembers the answers to deeds by their idempotency key, so that a repeated request changes nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from engine.errors import Conflict
from engine.model import PersonId
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import repeat

_FIND = select(repeat.c.deed, repeat.c.answer).where(
    repeat.c.person_id == bindparam("who"), repeat.c.key == bindparam("wanted")
)


def find(work: Work, *, person: PersonId, key: str, deed: str) -> str | None:
    """The stored JSON answer of a deed that this person did under this key.

    Args:
        deed: verb and target, such as `complete 17`; a key serves one deed only.

    Raises:
        Conflict: the key was used for another deed.
    """
    row = work.connection.execute(_FIND, {"who": person, "wanted": key}).first()
    if row is None:
        return None
    if row.deed != deed:
        raise Conflict("Ten klucz żądania (Idempotency-Key) był już użyty do innej czynności. Użyj nowego.")
    return str(row.answer)


def remember(work: Work, *, person: PersonId, key: str, deed: str, answer: str) -> None:
    """Keeps the JSON answer of a deed.

    Raises:
        Conflict: the same request was answered at the same time by another transaction.
    """
    values = {"person_id": person, "key": key, "deed": deed, "answer": answer, "at": work.now}
    insert_all(work, repeat, [values])


def drop_before(work: Work, moment: datetime) -> None:
    """Forgets answers that are older than any repetition could be."""
    work.connection.execute(delete(repeat).where(repeat.c.at < moment))
