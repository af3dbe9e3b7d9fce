"""Deeds of signing in and out; only hashes of secrets are stored."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from argon2.exceptions import InvalidHashError, VerificationError

from engine.actions.people import HASHER
from engine.errors import NotAllowed
from engine.model import Person, PersonId
from engine.store import people, sessions, tokens
from engine.store.database import Work

LASTS = timedelta(hours=10)  # a working day
NOBODY = HASHER.hash(secrets.token_hex(16))  # so that an unknown login takes as long as a wrong password


def sign_in(work: Work, login: str, password: str) -> Person:
    """The person with this login and password.

    Raises:
        NotAllowed: always with the same sentence, whatever was wrong.
    """
    person = people.by_login(work, login.strip().lower())
    known = people.password_hash(work, person.id) if person else NOBODY
    right: bool
    try:
        right = HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        right = False
    if person is None or not person.active or not right:
        raise NotAllowed("Login albo hasło jest nieprawidłowe. Sprawdź je i spróbuj ponownie.")
    return person


def open_session(work: Work, person: PersonId | None, data: str) -> str:
    """Begin a session.

    Returns:
        Its secret, for the cookie.
    """
    secret = secrets.token_urlsafe(32)
    sessions.add(work, token_hash=_hash(secret), person=person, data=data, expires=work.now + LASTS)
    return secret


def save_session(work: Work, secret: str, data: str) -> None:
    """Keep the web's data of a session."""
    row = sessions.load(work, _hash(secret))
    if row is not None:
        sessions.save(work, _hash(secret), data, row.expires)


def close_session(work: Work, secret: str) -> None:
    """End a session."""
    sessions.drop(work, _hash(secret))


def make_token(work: Work, person: PersonId, name: str, days: int) -> str:
    """Make a personal API token.

    Args:
        days: how long it is good for.

    Returns:
        The secret, told only now.
    """
    secret = "bieg_" + secrets.token_urlsafe(32)
    expires = work.now + timedelta(days=days)
    tokens.add(work, person=person, name=name, token_hash=_hash(secret), expires=expires)
    return secret


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
