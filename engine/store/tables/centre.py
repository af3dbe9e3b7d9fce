"""The tables of the centre: people, roles, units, authorisations, absences."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from engine.store.columns import Id, JsonText, Moment
from engine.store.tables.base import metadata, reference

unit = Table(
    "unit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("performs", Boolean, nullable=False),
)

person = Table(
    "person",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    reference("unit_id", "unit", nullable=True),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("unrestricted", Boolean, nullable=False),
    Column("employment", Integer, nullable=False, server_default="100"),  # percent of a full post
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("absence_id", Id),  # of the colleague whose role it is; held only while she is away
    Index("ix_person_role_role", "role"),
)

authorisation = Table(
    "authorisation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("revoked_on", Date),
    Column("note", Text, nullable=False),
    Index("ix_authorisation_valid_from", "valid_from"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    reference("person_id", "person", nullable=True),
    Column("data", Text, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("expires", Moment, nullable=False),
    Index("ix_session_person_id", "person_id"),
    Index("ix_session_expires", "expires"),
)

token = Table(
    "token",
    metadata,
    Column("id", Id, primary_key=True),
    reference("person_id", "person"),
    Column("name", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("expires", Moment),
    Column("revoked_at", Moment),
    Index("ix_token_person_id", "person_id"),
)

preference = Table(
    "preference",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", JsonText, nullable=False),
)

absence = Table(
    "absence",
    metadata,
    Column("id", Id, primary_key=True),
    reference("person_id", "person"),
    reference("deputy_id", "person"),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),  # the last day
    Column("role", Text, nullable=False),  # "" for all
    Column("definition_key", Text, nullable=False),  # "" for all
    Column("authorisation", Text, nullable=False),  # number of the wójt's for the kierownik's deputy, "" for none
    Column("note", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    reference("made_by", "person", nullable=True),
    Column("began_at", Moment),
    Column("ended_at", Moment),
    Column("cancelled_at", Moment),
    Column("report", JsonText, nullable=False),  # what was done and handed back, once it has ended
    Index("ix_absence_person_id", "person_id", "ends_on"),
    Index("ix_absence_deputy_id", "deputy_id", "ends_on"),
)
