"""Keeps the published versions of forms, with the reference tables that they show; a version never changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from engine.errors import NotFound
from engine.model import FormId, PersonId
from engine.store.database import Work
from engine.store.rows import Found, insert_one
from engine.store.tables import form, form_reference


@dataclass(frozen=True, kw_only=True)
class FormVersion:
    """One published version of a form, without its text."""

    id: FormId
    key: str
    version: int
    title: str
    published_at: datetime
    sha256: str


_LIST = select(form.c.id, form.c.key, form.c.version, form.c.title, form.c.published_at, form.c.sha256)
_LATEST = _LIST.where(form.c.key == bindparam("key")).order_by(form.c.version.desc()).limit(1)
_NEWEST = select(form.c.key, func.max(form.c.version).label("version")).group_by(form.c.key).subquery()
_LATEST_ALL = _LIST.join(_NEWEST, (_NEWEST.c.key == form.c.key) & (_NEWEST.c.version == form.c.version)).order_by(
    form.c.key
)


def add(work: Work, *, key: str, title: str, text: str, sha256: str, by: PersonId | None) -> FormVersion:
    """Publishes `text` as the next version of `key`."""
    last = work.connection.scalar(select(func.max(form.c.version)).where(form.c.key == key))
    values = {
        "key": key,
        "version": (last or 0) + 1,
        "title": title,
        "sha256": sha256,
        "published_at": work.now,
        "published_by": by,
        "text": text,
    }
    return get(work, FormId(insert_one(work, form, values)))


def latest(work: Work, key: str) -> FormVersion | None:
    """The newest version of `key`."""
    found = _nouns(work.connection.execute(_LATEST, {"key": key}))
    return found[0] if found else None


def get(work: Work, id: FormId) -> FormVersion:
    """The version with this id.

    Raises:
        NotFound: there is none.
    """
    found = _nouns(work.connection.execute(_LIST.where(form.c.id == id)))
    if not found:
        raise _unknown()
    return found[0]


def text(work: Work, id: FormId) -> str:
    """The schema as it was published.

    Raises:
        NotFound: there is no such version.
    """
    found = work.connection.scalar(select(form.c.text).where(form.c.id == id))
    if found is None:
        raise _unknown()
    return str(found)


def latest_all(work: Work) -> tuple[FormVersion, ...]:
    """Of every key the newest version, by key."""
    return _nouns(work.connection.execute(_LATEST_ALL))


def put_reference(work: Work, name: str, text: str) -> None:
    """Keeps the reference table `name`, in place of the one that had this name."""
    changed = work.connection.execute(update(form_reference).where(form_reference.c.name == name).values(text=text))
    if changed.rowcount == 0:
        work.connection.execute(insert(form_reference).values(name=name, text=text))


def reference(work: Work, name: str) -> str:
    """The text of a reference table.

    Raises:
        NotFound: there is none with this name.
    """
    found = work.connection.scalar(select(form_reference.c.text).where(form_reference.c.name == name))
    if found is None:
        raise NotFound("Nie ma takiej tabeli.")
    return str(found)


def _nouns(rows: Iterable[Found]) -> tuple[FormVersion, ...]:
    return tuple(
        FormVersion(
            id=FormId(row.id),
            key=row.key,
            version=row.version,
            title=row.title,
            published_at=row.published_at,
            sha256=row.sha256,
        )
        for row in rows
    )


def _unknown() -> NotFound:
    return NotFound("Nie ma takiego formularza.")
