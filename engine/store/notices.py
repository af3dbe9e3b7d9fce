"""Keeps what people are told in the system: each of them once of the same thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from engine.model import InstanceId, PersonId, TaskId
from engine.store.database import Work, once
from engine.store.mails import MailId
from engine.store.rows import Found
from engine.store.tables import notice

NoticeId = NewType("NoticeId", int)
MOST_UNREAD = 100  # counted; a badge says no more than „99+”


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What one person was told."""

    id: NoticeId
    kind: str  # remind, late, escalate, follow_up, assigned, incident, absence or duty
    text: str
    instance: InstanceId | None
    task: TaskId | None
    urgent: bool
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class NoticePage:
    """One page of a list, newest first; `before` is the cursor of the page after it, "" at the end."""

    items: tuple[Notice, ...]
    before: str


_ADD = {
    dialect: insert_of(notice)
    .on_conflict_do_nothing(index_elements=[notice.c.person_id, notice.c.key])
    .returning(notice.c.id)
    for dialect, insert_of in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_OF = notice.c.person_id == bindparam("of")
_UNREAD = _OF & notice.c.read_at.is_(None)
UNREAD = select(func.count()).select_from(select(notice.c.id).where(_UNREAD).limit(MOST_UNREAD).subquery())
_NEWEST = select(notice).where(_OF).order_by(notice.c.id.desc()).limit(bindparam("most"))
_OLDER = _NEWEST.where(notice.c.id < bindparam("before"))
_GET = select(notice).where(_OF, notice.c.id == bindparam("one"))
_UNSENT = _OF & notice.c.mail_id.is_(None)
_WAITING = select(notice).where(_UNSENT, notice.c.read_at.is_(None)).order_by(notice.c.id.desc()).limit(MOST_UNREAD)
_SENT = update(notice).where(_UNSENT).values(mail_id=bindparam("with"))
_SENT_ONE = _SENT.where(notice.c.key == bindparam("which"))
_FORGET = delete(notice).where(_OF, notice.c.made_at < bindparam("before"))
_READ_ALL = update(notice).where(_UNREAD).values(read_at=bindparam("now"))
_READ = _READ_ALL.where(notice.c.id.in_(bindparam("ids", expanding=True)))


def add(
    work: Work,
    *,
    person: PersonId,
    kind: str,
    key: str,
    text: str,
    instance: InstanceId | None = None,
    task: TaskId | None = None,
    urgent: bool = False,
) -> bool:
    """Tells a person something.

    Args:
        key: what it is about and when; nobody is told twice under the same key.
        text: Polish, without personal data beyond the number of the case and the name of the task.

    Returns:
        False when that person was told under this key already.
    """
    values = {
        "person_id": person,
        "kind": kind,
        "key": key,
        "text": text,
        "instance_id": instance,
        "task_id": task,
        "urgent": urgent,
        "made_at": work.now,
    }
    return work.connection.execute(_ADD[work.connection.dialect.name], values).scalar() is not None


def unread_count(work: Work, person: PersonId) -> int:
    """How many notices a person has not read, at most `MOST_UNREAD`."""
    return once(work, f"unread of {person}", lambda: int(work.connection.scalar(UNREAD, {"of": person}) or 0))


def of_person(work: Work, person: PersonId, *, limit: int = 50, before: str = "") -> NoticePage:
    """What a person was told, newest first.

    Args:
        before: cursor of the page before.
    """
    values: dict[str, int] = {"of": person, "most": limit + 1}
    if before.isdecimal() and len(before) < 19:
        found = _nouns(work.connection.execute(_OLDER, {**values, "before": int(before)}))
    else:
        found = _nouns(work.connection.execute(_NEWEST, values))
    items = found[:limit]
    return NoticePage(items=items, before=str(items[-1].id) if len(found) > limit else "")


def get(work: Work, person: PersonId, id: NoticeId) -> Notice:
    """One notice of a person.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = _nouns(work.connection.execute(_GET, {"of": person, "one": id}))
    if not found:
        raise NotFound("Nie ma takiego powiadomienia.")
    return found[0]


def mark_read(work: Work, person: PersonId, ids: Collection[NoticeId] | None = None) -> int:
    """Notes that a person has read notices.

    Args:
        ids: which ones of hers; None for all.

    Returns:
        How many of them had not been read before.
    """
    values = {"of": person, "now": work.now}
    if ids is None:
        return work.connection.execute(_READ_ALL, values).rowcount
    return work.connection.execute(_READ, {**values, "ids": sorted(ids)}).rowcount


def unsent(work: Work, person: PersonId) -> tuple[Notice, ...]:
    """What a person has neither read nor been written, newest first."""
    return _nouns(work.connection.execute(_WAITING, {"of": person}))


def mark_sent(work: Work, person: PersonId, mail: MailId, *, key: str = "") -> None:
    """Notes with which e-mail a person was written what she was told.

    Args:
        key: only of the notice under this key; "" for all that no e-mail has told yet.
    """
    values: dict[str, object] = {"of": person, "with": mail}
    if key:
        work.connection.execute(_SENT_ONE, {**values, "which": key})
    else:
        work.connection.execute(_SENT, values)


def forget(work: Work, person: PersonId, before: datetime) -> None:
    """Forgets what a person was told earlier."""
    work.connection.execute(_FORGET, {"of": person, "before": before})


def _nouns(rows: Iterable[Found]) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            id=NoticeId(row.id),
            kind=row.kind,
            text=row.text,
            instance=None if row.instance_id is None else InstanceId(row.instance_id),
            task=None if row.task_id is None else TaskId(row.task_id),
            urgent=row.urgent,
            made_at=row.made_at,
            read_at=row.read_at,
        )
        for row in rows
    )
