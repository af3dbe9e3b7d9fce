"""Keeps the published versions of processes; a version never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, or_, select, update

from engine.errors import NotFound
from engine.model import Definition, DefinitionId, InstanceState, PersonId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import definition, instance, person


@dataclass(frozen=True, kw_only=True)
class Past:
    """One version of a process in its history. `by` is "" when the installation published it."""

    definition: Definition
    by: str
    running: int  # instances that are not finished


_LIST = select(
    definition.c.id,
    definition.c.key,
    definition.c.version,
    definition.c.name,
    definition.c.published_at,
    definition.c.retired_at,
)
_BY_ID = _LIST.where(definition.c.id == bindparam("of"))
_XML = select(definition.c.xml).where(definition.c.id == bindparam("of"))
_SHA256 = select(definition.c.sha256).where(definition.c.id == bindparam("of"))
_LATEST = (
    _LIST.where(definition.c.key == bindparam("key"), definition.c.retired_at.is_(None))
    .order_by(definition.c.version.desc())
    .limit(1)
)
_NEWEST = (
    select(definition.c.key, func.max(definition.c.version).label("version"))
    .where(definition.c.retired_at.is_(None))
    .group_by(definition.c.key)
    .subquery()
)
_LATEST_ALL = _LIST.join(
    _NEWEST, (_NEWEST.c.key == definition.c.key) & (_NEWEST.c.version == definition.c.version)
).order_by(definition.c.key)


def add(work: Work, *, key: str, name: str, xml: bytes, sha256: str, by: PersonId | None) -> Definition:
    """Publishes `xml` as the next version of `key`."""
    last = work.connection.scalar(select(func.max(definition.c.version)).where(definition.c.key == key))
    values = {
        "key": key,
        "version": (last or 0) + 1,
        "name": name,
        "sha256": sha256,
        "published_at": work.now,
        "published_by": by,
        "xml": xml,
    }
    return get(work, DefinitionId(insert_one(work, definition, values)))


def latest(work: Work, key: str) -> Definition | None:
    """The newest version of `key` that was not retired."""
    found = _nouns(work.connection.execute(_LATEST, {"key": key}))
    return found[0] if found else None


def get(work: Work, id: DefinitionId) -> Definition:
    """The version with this id.

    Raises:
        NotFound: there is none.
    """
    return _one(_nouns(work.connection.execute(_BY_ID, {"of": id})))


def version(work: Work, key: str, version: int) -> Definition:
    """One version of `key`, retired or not.

    Raises:
        NotFound: there is none.
    """
    wanted = _LIST.where(definition.c.key == key, definition.c.version == version)
    return _one(_nouns(work.connection.execute(wanted)))


def latest_all(work: Work) -> tuple[Definition, ...]:
    """Of every key the newest version that was not retired, by key."""
    return _nouns(work.connection.execute(_LATEST_ALL))


def in_use(work: Work) -> tuple[Definition, ...]:
    """Every version that is the newest of its key, or on which instances still run."""
    open_states = (InstanceState.RUNNING.value, InstanceState.INCIDENT.value)
    running = select(instance.c.definition_id).where(instance.c.state.in_(open_states))
    newest = _LATEST_ALL.with_only_columns(definition.c.id).order_by(None)
    wanted = _LIST.where(or_(definition.c.id.in_(running), definition.c.id.in_(newest)))
    return _nouns(work.connection.execute(wanted.order_by(definition.c.id)))


def versions(work: Work, key: str) -> tuple[Definition, ...]:
    """All versions of `key`, newest first."""
    wanted = _LIST.where(definition.c.key == key).order_by(definition.c.version.desc())
    return _nouns(work.connection.execute(wanted))


def history(work: Work, key: str) -> tuple[Past, ...]:
    """All versions of `key` with who published them and how many instances run on each, newest first."""
    open_states = (InstanceState.RUNNING.value, InstanceState.INCIDENT.value)
    running = (
        select(func.count())
        .where(instance.c.definition_id == definition.c.id, instance.c.state.in_(open_states))
        .scalar_subquery()
    )
    wanted = (
        _LIST.add_columns(func.coalesce(person.c.name, "").label("by"), running.label("running"))
        .outerjoin(person, person.c.id == definition.c.published_by)
        .where(definition.c.key == key)
        .order_by(definition.c.version.desc())
    )
    rows = work.connection.execute(wanted).all()
    return tuple(
        Past(definition=noun, by=row.by, running=row.running) for noun, row in zip(_nouns(rows), rows, strict=True)
    )


def xml(work: Work, id: DefinitionId) -> bytes:
    """The file, byte by byte as it was published.

    Raises:
        NotFound: there is no such version.
    """
    found = work.connection.scalar(_XML, {"of": id})
    if found is None:
        raise _unknown()
    return bytes(found)


def sha256(work: Work, id: DefinitionId) -> str:
    """The digest under which the file was published.

    Raises:
        NotFound: there is no such version.
    """
    found = work.connection.scalar(_SHA256, {"of": id})
    if found is None:
        raise _unknown()
    return str(found)


def retire(work: Work, id: DefinitionId) -> None:
    """Takes a version out of use; instances that run on it go on. A retired one keeps its first moment.

    Raises:
        NotFound: there is no such version.
    """
    if get(work, id).retired_at is None:
        work.connection.execute(update(definition).where(definition.c.id == id).values(retired_at=work.now))


def _nouns(rows: Iterable[Found]) -> tuple[Definition, ...]:
    return tuple(
        Definition(
            id=DefinitionId(row.id),
            key=row.key,
            version=row.version,
            name=row.name,
            published_at=row.published_at,
            retired_at=row.retired_at,
        )
        for row in rows
    )


def _one(found: tuple[Definition, ...]) -> Definition:
    if not found:
        raise _unknown()
    return found[0]


def _unknown() -> NotFound:
    return NotFound("Nie ma takiej wersji procesu.")
