"""The tables of what is published: definitions, decisions, forms."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from engine.store.columns import Id, JsonText, Moment
from engine.store.tables.base import metadata, reference

# Long columns come last in a row: SQLite then finds the short ones without reading over them.

definition = Table(
    "definition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    reference("published_by", "person", nullable=True),
    Column("retired_at", Moment),
    Column("xml", LargeBinary, nullable=False),
    UniqueConstraint("key", "version"),
)

bundle = Table(
    "bundle",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    reference("definition_id", "definition"),
    Column("called", JsonText, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("decisions", JsonText, nullable=False, server_default="{}"),
)

decision_file = Table(
    "decision_file",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    reference("published_by", "person", nullable=True),
    Column("decisions", JsonText, nullable=False),  # ids of the decisions in the file
    Column("xml", LargeBinary, nullable=False),
    UniqueConstraint("key", "version"),
)

start_wait = Table(
    "start_wait",
    metadata,
    Column("id", Id, primary_key=True),
    reference("definition_id", "definition"),
    Column("element", Text, nullable=False),
    Column("kind", Text, nullable=False),  # message, signal or timer
    Column("name", Text, nullable=False),  # of the message or signal
    Column("timer", JsonText, nullable=False),  # how a timer goes on, {} for the others
    Column("due_at", Moment),
    # When it may be taken (again), as with deadlines.
    Column("ready_at", Moment),
    Column("owner", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("definition_id", "element"),
    Index("ix_start_wait_name", "name"),
    Index("ix_start_wait_ready_at", "ready_at"),
)

form = Table(
    "form",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("published_at", Moment, nullable=False),
    reference("published_by", "person", nullable=True),
    Column("text", Text, nullable=False),
    UniqueConstraint("key", "version"),
)

form_reference = Table(
    "form_reference",
    metadata,
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
