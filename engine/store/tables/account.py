"""The tables of the account of what was done."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.columns import Id, Moment
from engine.store.tables.base import metadata, reference

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chain", Id, nullable=False),  # id of the instance, 0 for deeds outside of any
    Column("position", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    reference("person_id", "person", nullable=True),
    Column("deed", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("mark", LargeBinary, nullable=False),
    UniqueConstraint("chain", "position"),
)

journal_head = Table(
    "journal_head",
    metadata,
    Column("chain", Id, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("mark", LargeBinary, nullable=False),
)

repeat = Table(
    "repeat",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("deed", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_repeat_at", "at"),
)
