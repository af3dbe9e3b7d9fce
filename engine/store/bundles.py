"""Keeps parsed specifications: a definition with the versions of the processes that it calls."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select

from engine.errors import NotFound
from engine.model import DecisionFileId, DefinitionId
from engine.store.database import Work
from engine.store.rows import insert_one
from engine.store.tables import bundle

_FIND = select(bundle.c.id).where(bundle.c.digest == bindparam("wanted"))
_DIGEST = select(bundle.c.digest).where(bundle.c.id == bindparam("of"))


def find(work: Work, digest: str) -> int | None:
    """Id of the bundle with this digest."""
    found: int | None = work.connection.scalar(_FIND, {"wanted": digest})
    return found


def add(
    work: Work,
    *,
    digest: str,
    definition: DefinitionId,
    called: Mapping[str, DefinitionId],
    content: bytes,
    decisions: Mapping[str, DecisionFileId] | None = None,
) -> int:
    """Keeps a bundle.

    Args:
        called: the bound version of each called process.
        decisions: the bound version of the DMN file of each decision.

    Raises:
        Conflict: another transaction kept the same bundle just now.
    """
    values = {
        "digest": digest,
        "definition_id": definition,
        "called": dict(called),
        "decisions": dict(decisions or {}),
        "content": content,
    }
    return insert_one(work, bundle, values)


def digest(work: Work, id: int) -> str:
    """The digest under which the bundle was kept.

    Raises:
        NotFound: there is no such bundle.
    """
    found = work.connection.scalar(_DIGEST, {"of": id})
    if found is None:
        raise _unknown()
    return str(found)


def content(work: Work, id: int) -> bytes:
    """What was compiled.

    Raises:
        NotFound: there is no such bundle.
    """
    found = work.connection.scalar(select(bundle.c.content).where(bundle.c.id == id))
    if found is None:
        raise _unknown()
    return bytes(found)


def called(work: Work, id: int) -> Mapping[str, DefinitionId]:
    """The bound version of each called process.

    Raises:
        NotFound: there is no such bundle.
    """
    found = work.connection.scalar(select(bundle.c.called).where(bundle.c.id == id))
    if found is None:
        raise _unknown()
    return {key: DefinitionId(value) for key, value in found.items()}


def _unknown() -> NotFound:
    return NotFound("Nie ma takiej wersji procesu.")
