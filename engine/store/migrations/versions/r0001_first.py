"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.columns import Id, JsonText, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "unit",
    "person",
    "person_role",
    "authorisation",
    "session",
    "token",
    "preference",
    "definition",
    "bundle",
    "form",
    "form_reference",
    "number_series",
    "instance",
    "instance_state",
    "step",
    "task",
    "task_candidate",
    "answers",
    "draft",
    "attachment",
    "deadline",
    "message_wait",
    "incident",
    "journal",
    "journal_head",
    "repeat",
)


def upgrade() -> None:
    """Makes all tables."""
    _centre()
    _published()
    _instances()
    _tasks()
    _waits()
    _account()


def downgrade() -> None:
    """Drops all tables."""
    for name in reversed(_TABLES):
        op.drop_table(name)


def _centre() -> None:
    """The centre: units, people, authorisations, sessions, settings."""
    op.create_table(
        "unit",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("performs", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("unrestricted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_person_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_index("ix_person_role_role", "person_role", ["role"], unique=False)
    op.create_table(
        "authorisation",
        sa.Column("id", Id, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation")),
    )
    op.create_index("ix_authorisation_valid_from", "authorisation", ["valid_from"], unique=False)
    op.create_table(
        "session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_session_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index("ix_session_expires", "session", ["expires"], unique=False)
    op.create_index("ix_session_person_id", "session", ["person_id"], unique=False)
    op.create_table(
        "token",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_token_token_hash")),
    )
    op.create_index("ix_token_person_id", "token", ["person_id"], unique=False)
    op.create_table(
        "preference",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_preference")),
    )


def _published() -> None:
    """What is published: definitions, bundles, forms."""
    op.create_table(
        "definition",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", Id, nullable=True),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_definition_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_definition_key_version")),
    )
    op.create_table(
        "bundle",
        sa.Column("id", Id, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("definition_id", Id, nullable=False),
        sa.Column("called", JsonText(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_bundle_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundle")),
        sa.UniqueConstraint("digest", name=op.f("uq_bundle_digest")),
    )
    op.create_table(
        "form",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", Id, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_form_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_form_key_version")),
    )
    op.create_table(
        "form_reference",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_form_reference")),
    )


def _instances() -> None:
    """Instances with their state and steps."""
    op.create_table(
        "number_series",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "instance",
        sa.Column("id", Id, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("searchable", sa.Text(), nullable=False),
        sa.Column("definition_id", Id, nullable=False),
        sa.Column("bundle_id", Id, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("started_by", Id, nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("variables", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundle.id"], name=op.f("fk_instance_bundle_id")),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_instance_definition_id")),
        sa.ForeignKeyConstraint(["started_by"], ["person.id"], name=op.f("fk_instance_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
        sa.UniqueConstraint("number", name=op.f("uq_instance_number")),
    )
    op.create_index("ix_instance_definition_id_id", "instance", ["definition_id", "id"], unique=False)
    op.create_index("ix_instance_state_id", "instance", ["state", "id"], unique=False)
    op.create_table(
        "instance_state",
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_instance_state_instance_id")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_instance_state")),
    )
    op.create_table(
        "step",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("entered_at", Moment(), nullable=False),
        sa.Column("left_at", Moment(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_step_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    op.create_index("ix_step_instance_id_id", "step", ["instance_id", "id"], unique=False)
    op.create_index(
        "uq_step_active",
        "step",
        ["instance_id", "key"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )


def _tasks() -> None:
    """Tasks with their answers and attachments."""
    op.create_table(
        "task",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("form_id", Id, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("due_order", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("done_by", Id, nullable=True),
        sa.Column("searchable", sa.Text(), nullable=False),
        sa.Column("details", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("fk_task_done_by")),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_task_form_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_task_instance_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("instance_id", "key", name=op.f("uq_task_instance_id_key")),
    )
    op.create_index("ix_task_done_by_instance_id", "task", ["done_by", "instance_id"], unique=False)
    op.create_index("ix_task_instance_id_id", "task", ["instance_id", "id"], unique=False)
    op.create_index(
        "ix_task_open_order",
        "task",
        ["due_order", sa.text("priority DESC"), "id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_open_instance",
        "task",
        ["instance_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_open_person",
        "task",
        ["person_id", "instance_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_task_open_role",
        "task",
        ["authority", "role"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "task_candidate",
        sa.Column("task_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_candidate_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_candidate_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_task_candidate")),
    )
    op.create_index("ix_task_candidate_person_id", "task_candidate", ["person_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("task_id", Id, autoincrement=False, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("form_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", Id, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["person.id"], name=op.f("fk_answers_by")),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_answers_form_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_answers_instance_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_answers_task_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_instance_id_at", "answers", ["instance_id", "at"], unique=False)
    op.create_table(
        "draft",
        sa.Column("task_id", Id, autoincrement=False, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_draft")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", Id, nullable=False),
        sa.Column("task_id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", Id, nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_attachment_added_by")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_attachment_instance_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_attachment_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachment_instance_id", "attachment", ["instance_id"], unique=False)
    op.create_index("ix_attachment_task_id", "attachment", ["task_id"], unique=False)


def _waits() -> None:
    """What instances wait for."""
    op.create_table(
        "deadline",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_deadline_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("instance_id", "kind", "key", name=op.f("uq_deadline_instance_id_kind_key")),
    )
    op.create_index("ix_deadline_ready_at", "deadline", ["ready_at"], unique=False)
    op.create_table(
        "message_wait",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("correlation", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_message_wait_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_wait")),
        sa.UniqueConstraint("instance_id", "key", name=op.f("uq_message_wait_instance_id_key")),
    )
    op.create_index("ix_message_wait_name", "message_wait", ["name"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_incident_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(
        "uq_incident_open",
        "incident",
        ["instance_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _account() -> None:
    """The account of what was done."""
    op.create_table(
        "journal",
        sa.Column("id", Id, nullable=False),
        sa.Column("chain", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_journal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("chain", "position", name=op.f("uq_journal_chain_position")),
    )
    op.create_table(
        "journal_head",
        sa.Column("chain", Id, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "repeat",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("deed", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_repeat_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_repeat")),
    )
    op.create_index("ix_repeat_at", "repeat", ["at"], unique=False)
