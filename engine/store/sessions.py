"""Keeps signed-in sessions, found by the hash of their secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, select, update

from engine.model import Person, PersonId
from engine.store import people
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import absence, person, person_role, session


@dataclass(frozen=True, kw_only=True)
class SessionRow:
    """A session as it is kept; `data` is text of the web's own."""

    person: Person | None
    data: str
    last_seen: datetime
    expires: datetime


_LOAD = (
    select(session.c.data, session.c.last_seen, session.c.expires, *people.COLUMNS)
    .select_from(
        session.outerjoin(person).outerjoin(person_role).outerjoin(absence, absence.c.id == person_role.c.absence_id)
    )
    .where(session.c.token_hash == bindparam("hash"), session.c.expires > bindparam("now"))
)


def add(work: Work, *, token_hash: str, person: PersonId | None, data: str, expires: datetime) -> None:
    """Begins a session; `person` is None while nobody has signed in."""
    values = {"token_hash": token_hash, "person_id": person, "data": data, "expires": expires, "last_seen": work.now}
    insert_all(work, session, [values])


def load(work: Work, token_hash: str) -> SessionRow | None:
    """The session with this hash, None when there is none or it is over."""
    rows = work.connection.execute(_LOAD, {"hash": token_hash, "now": work.now}).all()
    if not rows:
        return None
    row = rows[0]
    person = None if row.id is None else people.from_rows(rows)[0]
    return SessionRow(person=person, data=row.data, last_seen=row.last_seen, expires=row.expires)


def save(work: Work, token_hash: str, data: str, expires: datetime) -> None:
    """Replaces data and end of a session, which was seen now; one that was dropped stays dropped."""
    values = {"data": data, "expires": expires, "last_seen": work.now}
    work.connection.execute(update(session).where(session.c.token_hash == token_hash).values(values))


def drop(work: Work, token_hash: str) -> None:
    """Ends a session."""
    work.connection.execute(delete(session).where(session.c.token_hash == token_hash))


def drop_expired(work: Work) -> None:
    """Forgets the sessions that are over."""
    work.connection.execute(delete(session).where(session.c.expires <= work.now))


def drop_of_person(work: Work, person: PersonId) -> None:
    """Ends all sessions of a person."""
    work.connection.execute(delete(session).where(session.c.person_id == person))
