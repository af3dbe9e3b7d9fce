"""Decisions, starts that wait for an event, offers of ad-hoc sub-processes, and migrations of instances."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.columns import Id, JsonText, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds tables and columns; nothing that was stored changes."""
    op.add_column("bundle", sa.Column("decisions", JsonText(), nullable=False, server_default="{}"))
    op.add_column("message_wait", sa.Column("kind", sa.Text(), nullable=False, server_default="message"))
    op.add_column("task", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.add_column("task", sa.Column("seen", JsonText(), nullable=False, server_default="{}"))
    _published()
    _waits()
    _migrations()


def downgrade() -> None:
    """Takes them away again."""
    for name in ("migration", "offer", "start_wait", "decision_file"):
        op.drop_table(name)
    op.drop_column("task", "seen")
    op.drop_column("task", "about")
    op.drop_column("message_wait", "kind")
    op.drop_column("bundle", "decisions")


def _published() -> None:
    op.create_table(
        "decision_file",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", Id, nullable=True),
        sa.Column("decisions", JsonText(), nullable=False),
        sa.Column("xml", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_decision_file_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_file")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_decision_file_key_version")),
    )


def _waits() -> None:
    op.create_table(
        "start_wait",
        sa.Column("id", Id, nullable=False),
        sa.Column("definition_id", Id, nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timer", JsonText(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("ready_at", Moment(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_start_wait_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_wait")),
        sa.UniqueConstraint("definition_id", "element", name=op.f("uq_start_wait_definition_id_element")),
    )
    op.create_index("ix_start_wait_name", "start_wait", ["name"], unique=False)
    op.create_index("ix_start_wait_ready_at", "start_wait", ["ready_at"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("closing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_offer_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("instance_id", "key", "element", name=op.f("uq_offer_instance_id_key_element")),
    )


def _migrations() -> None:
    op.create_table(
        "migration",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("from_definition", Id, nullable=False),
        sa.Column("from_bundle", Id, nullable=False),
        sa.Column("to_definition", Id, nullable=False),
        sa.Column("to_bundle", Id, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("undone_at", Moment(), nullable=True),
        sa.Column("before", JsonText(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_migration_instance_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_migration_person_id")),
        sa.ForeignKeyConstraint(["from_definition"], ["definition.id"], name=op.f("fk_migration_from_definition")),
        sa.ForeignKeyConstraint(["from_bundle"], ["bundle.id"], name=op.f("fk_migration_from_bundle")),
        sa.ForeignKeyConstraint(["to_definition"], ["definition.id"], name=op.f("fk_migration_to_definition")),
        sa.ForeignKeyConstraint(["to_bundle"], ["bundle.id"], name=op.f("fk_migration_to_bundle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_index("ix_migration_instance_id_id", "migration", ["instance_id", "id"], unique=False)
