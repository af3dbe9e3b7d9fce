"""What the store's modules share in adding and reading rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import Row, Table, insert

from engine.store.database import Work

Found: TypeAlias = Row[*tuple[Any, ...]]


def insert_one(work: Work, table: Table, values: Mapping[str, object]) -> int:
    """Inserts one row and returns the id that the database gave it."""
    (id,) = work.connection.execute(insert(table), dict(values)).inserted_primary_key or (0,)
    return int(id)
