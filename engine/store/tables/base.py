"""What all tables share: their metadata, references, and indexes over a part of the rows."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, MetaData, TextClause, text

from engine.store.columns import Id

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def reference(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable)


def partial(name: str, *columns: str | TextClause, only: str, unique: bool = False) -> Index:
    """An index that holds only the rows for which the condition `only` is true."""
    return Index(name, *columns, unique=unique, sqlite_where=text(only), postgresql_where=text(only))
