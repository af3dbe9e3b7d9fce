"""Looks at what people are told: the bell, the list, and how sending goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine import access
from engine.model import Person
from engine.store import feeds, mails, notices, preferences
from engine.store.database import Work
from engine.store.mails import MailState
from engine.store.notices import Notice, NoticeId, NoticePage

ESCALATION = "escalation"  # preference, as in `engine.actions.telling`
ESCALATION_DAYS = "escalation_days"  # preference
USUAL_DAYS = 3  # projekt własny


@dataclass(frozen=True, kw_only=True)
class Channels:
    """How one person is told. `feed_since` is None without an address of her calendar."""

    digest: bool
    feed_since: datetime | None


def unread(work: Work, viewer: Person) -> int:
    """How many notices this person has not read, at most 100: for the bell of every page."""
    return notices.unread_count(work, viewer.id)


def page(work: Work, viewer: Person, *, before: str = "") -> NoticePage:
    """What this person was told, newest first.

    Args:
        before: cursor of the page before.
    """
    return notices.of_person(work, viewer.id, limit=30, before=before)


def one(work: Work, viewer: Person, id: int) -> Notice:
    """One notice of this person.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    return notices.get(work, viewer.id, NoticeId(id))


def channels(work: Work, viewer: Person) -> Channels:
    """How this person is told."""
    stored = preferences.get(work, f"mail:{viewer.id}")
    off = isinstance(stored, dict) and stored.get("digest") is False
    return Channels(digest=not off, feed_since=feeds.since(work, viewer.id))


def sending(work: Work) -> MailState:
    """How the sending of e-mails goes."""
    return mails.state(work)


def escalation_days(work: Work) -> int:
    """Working days after which they are told."""
    stored = preferences.get(work, ESCALATION_DAYS)
    return stored if isinstance(stored, int) and not isinstance(stored, bool) and stored > 0 else USUAL_DAYS


def escalation(work: Work) -> tuple[str, ...]:
    """The roles that are told of a late task when the kierownik's turn has passed."""
    stored = preferences.get(work, ESCALATION)
    return tuple(str(one) for one in stored) if isinstance(stored, list) and stored else (access.ADMINISTRATOR,)
