"""The tables of what people are told: notices, e-mails, calendar feeds."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint

from engine.store.columns import Id, Moment
from engine.store.tables.base import metadata, partial, reference

mail = Table(
    "mail",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", Text, nullable=False, unique=True),
    reference("person_id", "person"),
    Column("kind", Text, nullable=False),  # digest or urgent
    Column("day", Date, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    # When it may be taken (again), as with deadlines; empty once it is sent or given up.
    Column("ready_at", Moment),
    Column("owner", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("sent_at", Moment),
    partial("uq_mail_digest", "person_id", "day", only="kind = 'digest'", unique=True),
    Index("ix_mail_person_id", "person_id", "made_at"),
    partial("ix_mail_ready_at", "ready_at", only="ready_at IS NOT NULL"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Id, primary_key=True),
    reference("person_id", "person"),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),  # what it is about and when, so that nobody is told twice
    Column("text", Text, nullable=False),  # without personal data beyond the case number
    reference("instance_id", "instance", nullable=True),
    reference("task_id", "task", nullable=True),
    Column("urgent", Boolean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("read_at", Moment),
    reference("mail_id", "mail", nullable=True),
    UniqueConstraint("person_id", "key"),
    Index("ix_notice_person_id_id", "person_id", "id"),
    partial("ix_notice_unread", "person_id", only="read_at IS NULL"),
    partial("ix_notice_unsent", "person_id", "made_at", only="mail_id IS NULL"),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Id, primary_key=True),
    reference("person_id", "person"),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Index("ix_feed_person_id", "person_id"),
)
