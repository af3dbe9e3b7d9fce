"""Looks for signing in: whose session or token this is."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from engine.model import Person
from engine.store import people, sessions, tokens
from engine.store.database import Work

IDLE = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class Session:
    """A browser's session. `data` is the web's own text; `stale` asks the web to note that it was used."""

    person: Person | None
    data: str
    stale: bool


def session(work: Work, secret: str) -> Session | None:
    """The session of a cookie, None when it is unknown, too old or unused for two hours."""
    row = sessions.load(work, _hash(secret))
    if row is None or row.expires <= work.now or work.now - row.last_seen > IDLE:
        return None
    if row.person is not None and not row.person.active:
        return None
    return Session(person=row.person, data=row.data, stale=work.now - row.last_seen > timedelta(minutes=5))


def token_owner(work: Work, secret: str) -> Person | None:
    """The active person whose API token this is."""
    owner = tokens.person_of(work, _hash(secret))
    person = people.get(work, owner) if owner is not None else None
    return person if person is not None and person.active else None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
