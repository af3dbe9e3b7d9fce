"""Keeps personal API tokens, found by the hash of their secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from sqlalchemy import bindparam, or_, select, update

from engine.model import PersonId
from engine.store.database import Work
from engine.store.rows import insert_one
from engine.store.tables import token

TokenId = NewType("TokenId", int)


@dataclass(frozen=True, kw_only=True)
class Token:
    """A token without its secret."""

    id: TokenId
    name: str
    made_at: datetime
    expires: datetime | None
    revoked_at: datetime | None


_OWNER = select(token.c.person_id).where(
    token.c.token_hash == bindparam("hash"),
    token.c.revoked_at.is_(None),
    or_(token.c.expires.is_(None), token.c.expires > bindparam("now")),
)


def add(work: Work, *, person: PersonId, name: str, token_hash: str, expires: datetime | None) -> TokenId:
    """Enters a token; without `expires` it is good until it is revoked."""
    values = {"person_id": person, "name": name, "token_hash": token_hash, "made_at": work.now, "expires": expires}
    return TokenId(insert_one(work, token, values))


def person_of(work: Work, token_hash: str) -> PersonId | None:
    """Whose token this is, None when it is unknown, over or revoked."""
    found = work.connection.scalar(_OWNER, {"hash": token_hash, "now": work.now})
    return None if found is None else PersonId(found)


def of_person(work: Work, person: PersonId) -> tuple[Token, ...]:
    """The tokens of a person, newest first."""
    rows = work.connection.execute(select(token).where(token.c.person_id == person).order_by(token.c.id.desc()))
    return tuple(
        Token(id=TokenId(row.id), name=row.name, made_at=row.made_at, expires=row.expires, revoked_at=row.revoked_at)
        for row in rows
    )


def revoke(work: Work, id: TokenId) -> None:
    """Makes a token worthless; one that was revoked before keeps its moment."""
    still_good = (token.c.id == id) & token.c.revoked_at.is_(None)
    work.connection.execute(update(token).where(still_good).values(revoked_at=work.now))
