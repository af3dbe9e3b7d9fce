"""Deeds on how people are told: the digest, the secret address of a calendar, who comes after the kierownik."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection

from engine.access import Right, may
from engine.actions import task_ends, telling
from engine.errors import AnswerError, InputRejected, NotAllowed
from engine.model import Person
from engine.store import feeds, journal, preferences
from engine.store.database import Work
from engine.store.notices import NoticeId, mark_read

MOST_DAYS = 30  # working days until their turn
ABOVE = ("Administrator", "Wójt", "Kierownik ops")  # roles of which the last turn may be; projekt własny


def set_digest(work: Work, by: Person, on: bool) -> None:
    """Switch one's own e-mail of the morning on or off; urgent e-mails come all the same."""
    preferences.put(work, f"mail:{by.id}", {"digest": on})


def open_feed(work: Work, by: Person) -> str:
    """Give one's own calendar a new secret address; the old one leads nowhere from now on.

    Returns:
        The secret, told only now: its hash is kept.
    """
    secret = secrets.token_urlsafe(32)
    feeds.renew(work, by.id, hashlib.sha256(secret.encode()).hexdigest())
    return secret


def close_feed(work: Work, by: Person) -> None:
    """Let the address of one's own calendar lead nowhere."""
    feeds.revoke(work, by.id)


def read(work: Work, by: Person, notice: NoticeId | None = None) -> None:
    """Note that one has read a notice, or all of them."""
    mark_read(work, by.id, None if notice is None else [notice])


def set_escalation(work: Work, by: Person, roles: Collection[str], days: str = "") -> None:
    """Choose the roles that are told of a late task when the kierownik's turn has passed, and how long it lasts.

    Args:
        days: working days, as typed; "" leaves what is set.

    Raises:
        NotAllowed: when `by` is no administrator.
        InputRejected: when none of the roles can be chosen, or the days are no number from 1 to 30.
    """
    if not may(by, Right.PEOPLE):
        raise NotAllowed("Powiadomienia ustawia administrator.")
    chosen = [one for one in ABOVE if one in roles]
    if not chosen:
        raise InputRejected((AnswerError(field="rola-1", message="Zaznacz co najmniej jedną rolę."),))
    if days:
        if not (days.isdecimal() and len(days) < 3 and 1 <= int(days) <= MOST_DAYS):
            raise InputRejected((AnswerError(field="dni", message=f"Wpisz liczbę od 1 do {MOST_DAYS}."),))
        preferences.put(work, task_ends.ESCALATION_DAYS, int(days))
    preferences.put(work, telling.ESCALATION, [*chosen])
    text = f"Zmieniono, kto dowiaduje się o zadaniach długo po terminie: {', '.join(chosen)}."
    journal.write(work, instance=None, by=by.id, deed="settings", text=text)
