"""Keeps the published versions of DMN files; a version never changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from engine.errors import NotFound
from engine.model import DecisionFileId, PersonId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import decision_file


@dataclass(frozen=True, kw_only=True)
class DecisionFile:
    """One published version of a DMN file, without its content. `decisions` are the ids of its decisions."""

    id: DecisionFileId
    key: str
    version: int
    name: str
    published_at: datetime
    sha256: str
    decisions: tuple[str, ...]


_LIST = select(
    decision_file.c.id,
    decision_file.c.key,
    decision_file.c.version,
    decision_file.c.name,
    decision_file.c.published_at,
    decision_file.c.sha256,
    decision_file.c.decisions,
)
_LATEST = _LIST.where(decision_file.c.key == bindparam("key")).order_by(decision_file.c.version.desc()).limit(1)
_NEWEST = (
    select(decision_file.c.key, func.max(decision_file.c.version).label("version"))
    .group_by(decision_file.c.key)
    .subquery()
)
_LATEST_ALL = _LIST.join(
    _NEWEST, (_NEWEST.c.key == decision_file.c.key) & (_NEWEST.c.version == decision_file.c.version)
).order_by(decision_file.c.key)


def add(
    work: Work, *, key: str, name: str, xml: bytes, sha256: str, decisions: Sequence[str], by: PersonId | None
) -> DecisionFile:
    """Publishes `xml` as the next version of `key`."""
    last = work.connection.scalar(select(func.max(decision_file.c.version)).where(decision_file.c.key == key))
    values = {
        "key": key,
        "version": (last or 0) + 1,
        "name": name,
        "sha256": sha256,
        "published_at": work.now,
        "published_by": by,
        "decisions": list(decisions),
        "xml": xml,
    }
    return get(work, DecisionFileId(insert_one(work, decision_file, values)))


def get(work: Work, id: DecisionFileId) -> DecisionFile:
    """The version with this id.

    Raises:
        NotFound: there is none.
    """
    return _one(_nouns(work.connection.execute(_LIST.where(decision_file.c.id == id))))


def latest(work: Work, key: str) -> DecisionFile | None:
    """The newest version of `key`."""
    found = _nouns(work.connection.execute(_LATEST, {"key": key}))
    return found[0] if found else None


def latest_all(work: Work) -> tuple[DecisionFile, ...]:
    """Of every key the newest version, by key."""
    return _nouns(work.connection.execute(_LATEST_ALL))


def version(work: Work, key: str, version: int) -> DecisionFile:
    """One version of `key`.

    Raises:
        NotFound: there is none.
    """
    wanted = _LIST.where(decision_file.c.key == key, decision_file.c.version == version)
    return _one(_nouns(work.connection.execute(wanted)))


def of_decisions(work: Work) -> dict[str, DecisionFile]:
    """Decision id to the newest version of the file it stands in."""
    return {id: file for file in latest_all(work) for id in file.decisions}


def xml(work: Work, id: DecisionFileId) -> bytes:
    """The file, byte by byte as it was published.

    Raises:
        NotFound: there is no such version.
    """
    found = work.connection.scalar(select(decision_file.c.xml).where(decision_file.c.id == id))
    if found is None:
        raise _unknown()
    return bytes(found)


def _nouns(rows: Iterable[Found]) -> tuple[DecisionFile, ...]:
    return tuple(
        DecisionFile(
            id=DecisionFileId(row.id),
            key=row.key,
            version=row.version,
            name=row.name,
            published_at=row.published_at,
            sha256=row.sha256,
            decisions=tuple(row.decisions),
        )
        for row in rows
    )


def _one(found: tuple[DecisionFile, ...]) -> DecisionFile:
    if not found:
        raise _unknown()
    return found[0]


def _unknown() -> NotFound:
    return NotFound("Nie ma takiej wersji decyzji.")
