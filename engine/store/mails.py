"""Keeps e-mails from the deed that wrote them until they have left, so that none is lost and none forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NewType

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.model import PersonId
from engine.store import leases
from engine.store.columns import Moment
from engine.store.database import Work
from engine.store.rows import Found
from engine.store.tables import mail, notice, person

MailId = NewType("MailId", int)
DIGEST, URGENT = "digest", "urgent"
REPLACED = "Zastąpiło ją nowsze zestawienie."
MOST_FAILED = 20  # that an administrator is shown


@dataclass(frozen=True, kw_only=True)
class Mail:
    """An e-mail that a worker has taken to send. `message_id` stays the same however often it is tried."""

    id: MailId
    message_id: str
    person: PersonId
    subject: str
    text: str
    html: str
    made_at: datetime
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Failed:
    """An e-mail that was given up."""

    person_name: str
    subject: str
    made_at: datetime
    error: str


@dataclass(frozen=True, kw_only=True)
class MailState:
    """How the sending of e-mails goes. `error` is what went wrong last with one that still waits."""

    waiting: int
    error: str
    sent_at: datetime | None
    failed: tuple[Failed, ...]


_WRITE = {
    dialect: insert_of(mail).on_conflict_do_nothing().returning(mail.c.id)
    for dialect, insert_of in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_WAITS = mail.c.ready_at.is_not(None)
_READY = select(mail.c.id).where(mail.c.ready_at <= bindparam("now", type_=Moment)).limit(1)
_SENT = (
    update(mail).where(mail.c.id == bindparam("one")).values(sent_at=bindparam("at"), ready_at=None, owner="", error="")
)
_GIVE_UP = update(mail).where(mail.c.id == bindparam("one")).values(ready_at=None, owner="", error=bindparam("why"))
_URGENT_SINCE = select(func.count()).where(
    mail.c.person_id == bindparam("of"), mail.c.kind == URGENT, mail.c.made_at > bindparam("since")
)
_OLD_DIGESTS = (
    (mail.c.person_id == bindparam("of")) & (mail.c.kind == DIGEST) & _WAITS & (mail.c.day < bindparam("today"))
)
_LEFT_OUT = (
    update(notice)
    .where(notice.c.person_id == bindparam("of"), notice.c.mail_id.in_(select(mail.c.id).where(_OLD_DIGESTS)))
    .values(mail_id=None)
)
_REPLACE = update(mail).where(_OLD_DIGESTS).values(ready_at=None, owner="", error=REPLACED)
_FORGET = delete(mail).where(mail.c.person_id == bindparam("of"), mail.c.made_at < bindparam("before"))
_STATE = select(
    func.count(mail.c.ready_at).label("waiting"),
    func.max(mail.c.sent_at).label("sent_at"),
)
_LAST_ERROR = select(mail.c.error).where(_WAITS, mail.c.error != "").order_by(mail.c.id.desc()).limit(1)
_FAILED = (
    select(person.c.name, mail.c.subject, mail.c.made_at, mail.c.error)
    .join(person, person.c.id == mail.c.person_id)
    .where(mail.c.sent_at.is_(None), mail.c.ready_at.is_(None), mail.c.error != REPLACED)
    .order_by(mail.c.id.desc())
    .limit(MOST_FAILED)
)


def write(
    work: Work, *, person: PersonId, kind: str, day: date, message_id: str, subject: str, text: str, html: str
) -> MailId | None:
    """Lays an e-mail ready to be sent when this transaction is kept.

    Args:
        kind: `DIGEST` or `URGENT`.
        message_id: unique for ever.

    Returns:
        None when the digest of that person and day is written already.
    """
    values = {
        "message_id": message_id,
        "person_id": person,
        "kind": kind,
        "day": day,
        "subject": subject,
        "text": text,
        "html": html,
        "made_at": work.now,
        "ready_at": work.now,
        "owner": "",
        "attempts": 0,
        "error": "",
    }
    found = work.connection.execute(_WRITE[work.connection.dialect.name], values).scalar()
    return None if found is None else MailId(found)


def replace_digests(work: Work, person: PersonId, today: date) -> None:
    """Gives up older digests of a person that have not left; what they told is told by the next one."""
    values = {"of": person, "today": today}
    work.connection.execute(_LEFT_OUT, values)
    work.connection.execute(_REPLACE, values)


def urgent_since(work: Work, person: PersonId, since: datetime) -> int:
    """How many urgent e-mails were written to a person after `since`."""
    return int(work.connection.scalar(_URGENT_SINCE, {"of": person, "since": since}) or 0)


def any_ready(work: Work) -> bool:
    """True when an e-mail could be taken now."""
    return work.connection.scalar(_READY, {"now": leases.moment(work)}) is not None


def take(work: Work, *, limit: int, owner: str, lease: timedelta) -> tuple[Mail, ...]:
    """Takes e-mails to send, so that no other worker takes them before the lease ends."""
    taken = leases.take(work, mail, now=leases.moment(work), limit=limit, owner=owner, lease=lease)
    return tuple(sorted(_nouns(taken), key=lambda one: one.id))


def sent(work: Work, id: MailId) -> None:
    """Notes that an e-mail has left."""
    work.connection.execute(_SENT, {"one": id, "at": work.now})


def push_back(work: Work, id: MailId, *, pause: timedelta, error: str) -> None:
    """Lets nobody take an e-mail for a while, because it could not be sent."""
    leases.push_back(work, mail, id, until=leases.moment(work) + pause, error=error)


def give_up(work: Work, id: MailId, error: str) -> None:
    """Notes that an e-mail will never be sent."""
    work.connection.execute(_GIVE_UP, {"one": id, "why": error})


def drop_waiting(work: Work) -> int:
    """Forgets all e-mails that wait, because none are sent here; what they tell stands in the system."""
    told = notice.c.person_id.in_(select(mail.c.person_id).where(_WAITS))
    waiting = notice.c.mail_id.in_(select(mail.c.id).where(_WAITS))
    work.connection.execute(update(notice).where(told, waiting).values(mail_id=None))
    return work.connection.execute(delete(mail).where(_WAITS)).rowcount


def forget(work: Work, person: PersonId, before: datetime) -> None:
    """Forgets the e-mails of a person that were written earlier; nothing may point to them any more."""
    work.connection.execute(_FORGET, {"of": person, "before": before})


def state(work: Work) -> MailState:
    """How the sending of e-mails goes."""
    row = work.connection.execute(_STATE).one()
    return MailState(
        waiting=row.waiting,
        error=work.connection.scalar(_LAST_ERROR) or "",
        sent_at=row.sent_at,
        failed=tuple(
            Failed(person_name=one.name, subject=one.subject, made_at=one.made_at, error=one.error)
            for one in work.connection.execute(_FAILED)
        ),
    )


def _nouns(rows: Iterable[Found]) -> tuple[Mail, ...]:
    return tuple(
        Mail(
            id=MailId(row.id),
            message_id=row.message_id,
            person=PersonId(row.person_id),
            subject=row.subject,
            text=row.text,
            html=row.html,
            made_at=row.made_at,
            attempts=row.attempts,
        )
        for row in rows
    )
