"""Keeps the secret addresses of personal calendars by their hash, and finds how often a task's term was changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select, update

from engine.model import PersonId, TaskId
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import feed, term_change


class Changes(NamedTuple):
    """How often the term of a task was changed, and when last."""

    times: int
    last: datetime


_IN_USE = feed.c.revoked_at.is_(None)
_OWNER = select(feed.c.person_id).where(feed.c.token_hash == bindparam("hash"), _IN_USE)
_SINCE = select(func.max(feed.c.made_at)).where(feed.c.person_id == bindparam("of"), _IN_USE)
_REVOKE = update(feed).where(feed.c.person_id == bindparam("of"), _IN_USE).values(revoked_at=bindparam("at"))
_CHANGES = (
    select(term_change.c.task_id, func.count().label("times"), func.max(term_change.c.at).label("last"))
    .where(term_change.c.task_id.in_(bindparam("ids", expanding=True)))
    .group_by(term_change.c.task_id)
)


def renew(work: Work, person: PersonId, token_hash: str) -> None:
    """Gives a person's calendar a new address; the old one leads nowhere from now on."""
    revoke(work, person)
    insert_all(work, feed, [{"person_id": person, "token_hash": token_hash, "made_at": work.now}])


def revoke(work: Work, person: PersonId) -> None:
    """Lets the address of a person's calendar lead nowhere."""
    work.connection.execute(_REVOKE, {"of": person, "at": work.now})


def person_of(work: Work, token_hash: str) -> PersonId | None:
    """Whose calendar has this address; None when it is unknown or revoked."""
    found = work.connection.scalar(_OWNER, {"hash": token_hash})
    return None if found is None else PersonId(found)


def since(work: Work, person: PersonId) -> datetime | None:
    """Since when a person's calendar has its address; None when it has none."""
    found: datetime | None = work.connection.scalar(_SINCE, {"of": person})
    return found


def changes(work: Work, tasks: Collection[TaskId]) -> Mapping[TaskId, Changes]:
    """How often the terms of tasks were changed; a task whose term never was is left out."""
    rows = work.connection.execute(_CHANGES, {"ids": sorted(tasks)})
    return {TaskId(row.task_id): Changes(times=row.times, last=row.last) for row in rows}
