"""Reads what came of each part of a deed on many: the parts remember their answers under one key."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from engine.model import PersonId
from engine.store.database import Work
from engine.store.tables import repeat

_PARTS = (
    select(repeat.c.answer)
    .where(
        repeat.c.person_id == bindparam("who"),
        repeat.c.key > bindparam("first"),
        repeat.c.key < bindparam("last"),
    )
    .order_by(repeat.c.key)
)


def answers(work: Work, person: PersonId, key: str) -> tuple[str, ...]:
    """The JSON answers of the parts `key:…` that this person has done, in the order of their keys."""
    values = {"who": person, "first": f"{key}:", "last": f"{key};"}  # a semicolon follows the colon
    return tuple(str(one) for one in work.connection.scalars(_PARTS, values))
