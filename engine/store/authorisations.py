"""Keeps the register of authorisations that the wójt gave to the kierownik."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, bindparam, exists, not_, or_, select, true, update

from engine.errors import NotFound
from engine.model import Authorisation, AuthorisationId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import absence, authorisation, person, person_role
from engine.store.task_ownership import DELEGATE

_ALL = select(authorisation).order_by(authorisation.c.valid_from.desc(), authorisation.c.id.desc())
_IN_FORCE = _ALL.where(
    authorisation.c.valid_from <= bindparam("day"),
    or_(authorisation.c.valid_to.is_(None), authorisation.c.valid_to >= bindparam("day")),
    or_(authorisation.c.revoked_on.is_(None), authorisation.c.revoked_on > bindparam("day")),
)


def _somebody_decides() -> ColumnElement[bool]:
    """False while every kierownik is away and the wójt has authorised no deputy: a deputy has no power by her role."""
    own = (person_role.c.role == DELEGATE) & person_role.c.absence_id.is_(None)
    gone = (
        absence.c.began_at.is_not(None)
        & absence.c.ended_at.is_(None)
        & absence.c.role.in_(("", DELEGATE))
        & (absence.c.definition_key == "")
    )
    join = person_role.join(person, person.c.id == person_role.c.person_id)
    heads = select(true()).select_from(join).where(own, person.c.active)
    away = exists().where(gone, absence.c.person_id == person_role.c.person_id).correlate(person_role)
    nobody_authorised = away.where(absence.c.authorisation == "")
    return or_(not_(exists(heads.where(nobody_authorised))), exists(heads.where(not_(away))))


_USABLE = _IN_FORCE.where(_somebody_decides())
USABLE_SCOPES = _USABLE.with_only_columns(authorisation.c.scope).order_by(None)


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


def usable(work: Work, day: date) -> tuple[Authorisation, ...]:
    """What is in force on `day` and may be decided by: nothing while the kierownik is away without such a deputy."""
    return _nouns(work.connection.execute(_USABLE, {"day": day}))


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
