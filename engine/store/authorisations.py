"""Keeps the register of authorisations that the wójt gave to the kierownik."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, or_, select, update

from engine.errors import NotFound
from engine.model import Authorisation, AuthorisationId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import authorisation

_ALL = select(authorisation).order_by(authorisation.c.valid_from.desc(), authorisation.c.id.desc())
_IN_FORCE = _ALL.where(
    authorisation.c.valid_from <= bindparam("day"),
    or_(authorisation.c.valid_to.is_(None), authorisation.c.valid_to >= bindparam("day")),
    or_(authorisation.c.revoked_on.is_(None), authorisation.c.revoked_on > bindparam("day")),
)


def add(work: Work, *, scope: str, number: str, valid_from: date, valid_to: date | None, note: str) -> AuthorisationId:
    """Enters an authorisation."""
    values = {"scope": scope, "number": number, "valid_from": valid_from, "valid_to": valid_to, "note": note}
    return AuthorisationId(insert_one(work, authorisation, values))


def revoke(work: Work, id: AuthorisationId, day: date) -> None:
    """Ends an authorisation: from `day` on it is no longer in force. One that was revoked before keeps its day.

    Raises:
        NotFound: there is no such authorisation.
    """
    known = work.connection.execute(select(authorisation.c.revoked_on).where(authorisation.c.id == id)).first()
    if known is None:
        raise NotFound("Nie ma takiego upoważnienia.")
    if known.revoked_on is None:
        work.connection.execute(update(authorisation).where(authorisation.c.id == id).values(revoked_on=day))


def all_authorisations(work: Work) -> tuple[Authorisation, ...]:
    """The whole register, newest first."""
    return _nouns(work.connection.execute(_ALL))


def in_force(work: Work, day: date) -> tuple[Authorisation, ...]:
    """What is in force on `day`, newest first."""
    return _nouns(work.connection.execute(_IN_FORCE, {"day": day}))


def _nouns(rows: Iterable[Found]) -> tuple[Authorisation, ...]:
    return tuple(
        Authorisation(
            id=AuthorisationId(row.id),
            scope=row.scope,
            number=row.number,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            revoked_on=row.revoked_on,
            note=row.note,
        )
        for row in rows
    )
