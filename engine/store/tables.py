"""The tables, the indexes that their queries need, and nothing else."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)

from engine.store.columns import Id, JsonText, Moment

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _reference(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{target}.id"), nullable=nullable)


def _partial(name: str, *columns: str | TextClause, only: str, unique: bool = False) -> Index:
    """An index that holds only the rows for which the condition `only` is true."""
    return Index(name, *columns, unique=unique, sqlite_where=text(only), postgresql_where=text(only))


# --- the centre -------------------------------------------------------------------------------

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
    _reference("unit_id", "unit", nullable=True),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("unrestricted", Boolean, nullable=False),
)

person_role = Table(
    "person_role",
    metadata,
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Column("role", Text, primary_key=True),
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
    _reference("person_id", "person", nullable=True),
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
    _reference("person_id", "person"),
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

# --- what is published ------------------------------------------------------------------------
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
    _reference("published_by", "person", nullable=True),
    Column("retired_at", Moment),
    Column("xml", LargeBinary, nullable=False),
    UniqueConstraint("key", "version"),
)

bundle = Table(
    "bundle",
    metadata,
    Column("id", Id, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    _reference("definition_id", "definition"),
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
    _reference("published_by", "person", nullable=True),
    Column("decisions", JsonText, nullable=False),  # ids of the decisions in the file
    Column("xml", LargeBinary, nullable=False),
    UniqueConstraint("key", "version"),
)

start_wait = Table(
    "start_wait",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("definition_id", "definition"),
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
    _reference("published_by", "person", nullable=True),
    Column("text", Text, nullable=False),
    UniqueConstraint("key", "version"),
)

form_reference = Table(
    "form_reference",
    metadata,
    Column("name", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

# --- instances --------------------------------------------------------------------------------

number_series = Table(
    "number_series",
    metadata,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

instance = Table(
    "instance",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("searchable", Text, nullable=False),
    _reference("definition_id", "definition"),
    _reference("bundle_id", "bundle"),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    _reference("started_by", "person", nullable=True),
    Column("finished_at", Moment),
    Column("variables", JsonText, nullable=False),
    Index("ix_instance_state_id", "state", "id"),
    Index("ix_instance_definition_id_id", "definition_id", "id"),
)

instance_state = Table(
    "instance_state",
    metadata,
    Column("instance_id", Id, ForeignKey("instance.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

step = Table(
    "step",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("key", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("left_at", Moment),
    Column("by", Text, nullable=False),
    Index("ix_step_instance_id_id", "instance_id", "id"),
    # History only grows; what is looked up by key is only what a token still stands on.
    _partial("uq_step_active", "instance_id", "key", only="state = 'active'", unique=True),
)

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("key", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    _reference("form_id", "form", nullable=True),
    Column("state", Text, nullable=False),
    _reference("person_id", "person", nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_order", Moment, nullable=False),
    Column("done_at", Moment),
    _reference("done_by", "person", nullable=True),
    Column("searchable", Text, nullable=False),
    Column("details", JsonText, nullable=False),
    Column("about", Text, nullable=False, server_default=""),  # which item of several it is for
    Column("seen", JsonText, nullable=False, server_default="{}"),  # variables beside those of the instance
    UniqueConstraint("instance_id", "key"),
    Index("ix_task_instance_id_id", "instance_id", "id"),
    _partial("ix_task_open_instance", "instance_id", only="state = 'open'"),
    _partial("ix_task_open_order", "due_order", text("priority DESC"), "id", only="state = 'open'"),
    _partial("ix_task_open_role", "authority", "role", only="state = 'open'"),
    _partial("ix_task_open_person", "person_id", "instance_id", only="state = 'open'"),
    Index("ix_task_done_by_instance_id", "done_by", "instance_id"),
)

task_candidate = Table(
    "task_candidate",
    metadata,
    Column("task_id", Id, ForeignKey("task.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True),
    Index("ix_task_candidate_person_id", "person_id"),
)

answers = Table(
    "answers",
    metadata,
    Column("task_id", Id, ForeignKey("task.id"), primary_key=True, autoincrement=False),
    _reference("instance_id", "instance"),
    _reference("form_id", "form"),
    Column("at", Moment, nullable=False),
    _reference("by", "person"),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_answers_instance_id_at", "instance_id", "at"),
)

draft = Table(
    "draft",
    metadata,
    Column("task_id", Id, ForeignKey("task.id"), primary_key=True, autoincrement=False),
    _reference("person_id", "person"),
    Column("saved_at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("task_id", "task"),
    _reference("instance_id", "instance"),
    Column("field", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", Id, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    _reference("added_by", "person"),
    Index("ix_attachment_task_id", "task_id"),
    Index("ix_attachment_instance_id", "instance_id"),
    # Answers name attachments by id, so the id of a removed one must never come back.
    sqlite_autoincrement=True,
)

deadline = Table(
    "deadline",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    # When it may be taken (again): first `due_at`, then the end of a lease or of a push-back.
    Column("ready_at", Moment, nullable=False),
    Column("owner", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("instance_id", "kind", "key"),
    Index("ix_deadline_ready_at", "ready_at"),
)

message_wait = Table(
    "message_wait",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("key", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("correlation", JsonText, nullable=False),
    Column("kind", Text, nullable=False, server_default="message"),  # message or signal
    UniqueConstraint("instance_id", "key"),
    Index("ix_message_wait_name", "name"),
)

offer = Table(
    "offer",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("key", Text, nullable=False),  # the runner's key of the open ad-hoc sub-process
    Column("element", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("closing", Boolean, nullable=False),
    UniqueConstraint("instance_id", "key", "element"),
)

migration = Table(
    "migration",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("at", Moment, nullable=False),
    _reference("person_id", "person"),
    _reference("from_definition", "definition"),
    _reference("from_bundle", "bundle"),
    _reference("to_definition", "definition"),
    _reference("to_bundle", "bundle"),
    Column("revision", Integer, nullable=False),  # of the instance after it; a higher one means it cannot be undone
    Column("undone_at", Moment),
    Column("before", JsonText, nullable=False),  # rows that were changed, as they were
    Column("state", LargeBinary, nullable=False),  # of the instance before it
    Index("ix_migration_instance_id_id", "instance_id", "id"),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Id, primary_key=True),
    _reference("instance_id", "instance"),
    Column("element", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    _partial("uq_incident_open", "instance_id", only="closed_at IS NULL", unique=True),
)

# --- the account of what was done --------------------------------------------------------------

journal = Table(
    "journal",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chain", Id, nullable=False),  # id of the instance, 0 for deeds outside of any
    Column("position", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    _reference("person_id", "person", nullable=True),
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
