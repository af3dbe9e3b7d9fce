"""What the store's modules share in adding and reading rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row, Table, insert

from engine.store.database import Work
from engine.store.tables import metadata

Found: TypeAlias = Row[*tuple[Any, ...]]

# Making a statement costs three times as much as running one that is made already.
_INSERTS = {name: insert(table) for name, table in metadata.tables.items()}


def insert_one(work: Work, table: Table, values: Mapping[str, object]) -> int:
    """Adds one row to a table whose ids the database gives, and returns its id."""
    (id, *_) = work.connection.execute(_INSERTS[table.name], dict(values)).inserted_primary_key or (0,)
    return int(id)


def insert_all(work: Work, table: Table, values: Sequence[Mapping[str, object]]) -> None:
    """Adds rows; all of them name the same columns."""
    if values:
        work.connection.execute(_INSERTS[table.name], [dict(one) for one in values])
