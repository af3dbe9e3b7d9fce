"""The tables of instances: steps, tasks, answers, waits, incidents."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.columns import Id, JsonText, Moment
from engine.store.tables.base import metadata, partial, reference

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
    reference("definition_id", "definition"),
    reference("bundle_id", "bundle"),
    Column("state", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("started_at", Moment, nullable=False),
    reference("started_by", "person", nullable=True),
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
    reference("instance_id", "instance"),
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
    partial("uq_step_active", "instance_id", "key", only="state = 'active'", unique=True),
    partial("ix_step_active_process", "process", "instance_id", only="state = 'active'"),
)

task = Table(
    "task",
    metadata,
    Column("id", Id, primary_key=True),
    reference("instance_id", "instance"),
    Column("key", Text, nullable=False),
    Column("element", Text, nullable=False),
    Column("process", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    reference("form_id", "form", nullable=True),
    Column("state", Text, nullable=False),
    reference("person_id", "person", nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("due_order", Moment, nullable=False),
    Column("done_at", Moment),
    reference("done_by", "person", nullable=True),
    Column("searchable", Text, nullable=False),
    Column("details", JsonText, nullable=False),
    Column("about", Text, nullable=False, server_default=""),  # which item of several it is for
    Column("seen", JsonText, nullable=False, server_default="{}"),  # variables beside those of the instance
    # SQLite adds columns without references to a table that exists, so two of these name people and absences plainly.
    Column("target_at", Moment),  # the working day before the end of the term
    Column("remind_at", Moment),
    Column("follow_up_at", Moment),  # when its person wants to come back to it
    Column("paused_at", Moment),  # since when its term does not run
    Column("returns_to", Id),  # the person who lent it to its present one
    Column("absence_id", Id),  # by which a deputy has it
    Column("term", JsonText, nullable=False, server_default="{}"),  # how its end was found, see engine.terms.Due
    UniqueConstraint("instance_id", "key"),
    Index("ix_task_instance_id_id", "instance_id", "id"),
    partial("ix_task_open_instance", "instance_id", only="state = 'open'"),
    partial("ix_task_open_order", "due_order", text("priority DESC"), "id", only="state = 'open'"),
    # With its last two columns the tasks that anybody of a role may take are counted without reading them.
    partial("ix_task_open_role", "authority", "role", "person_id", "restricted", only="state = 'open'"),
    partial("ix_task_open_person", "person_id", "instance_id", only="state = 'open'"),
    Index("ix_task_done_by_instance_id", "done_by", "instance_id"),
    partial("ix_task_done_at", "done_at", only="state = 'done'"),
    partial("ix_task_paused", "instance_id", only="state = 'open' AND paused_at IS NOT NULL"),
    partial("ix_task_follow_up_at", "follow_up_at", only="state = 'open' AND follow_up_at IS NOT NULL"),
    partial("ix_task_absence_id", "absence_id", only="absence_id IS NOT NULL"),
    partial("ix_task_returns_to", "returns_to", only="returns_to IS NOT NULL"),
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
    reference("instance_id", "instance"),
    reference("form_id", "form"),
    Column("at", Moment, nullable=False),
    reference("by", "person"),
    Column("sealed", LargeBinary, nullable=False),
    Index("ix_answers_instance_id_at", "instance_id", "at"),
)

draft = Table(
    "draft",
    metadata,
    Column("task_id", Id, ForeignKey("task.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("saved_at", Moment, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Id, primary_key=True),
    reference("task_id", "task"),
    reference("instance_id", "instance"),
    Column("field", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size", Id, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    reference("added_by", "person"),
    Index("ix_attachment_task_id", "task_id"),
    Index("ix_attachment_instance_id", "instance_id"),
    # Answers name attachments by id, so the id of a removed one must never come back.
    sqlite_autoincrement=True,
)

message_wait = Table(
    "message_wait",
    metadata,
    Column("id", Id, primary_key=True),
    reference("instance_id", "instance"),
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
    reference("instance_id", "instance"),
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
    reference("instance_id", "instance"),
    Column("at", Moment, nullable=False),
    reference("person_id", "person"),
    reference("from_definition", "definition"),
    reference("from_bundle", "bundle"),
    reference("to_definition", "definition"),
    reference("to_bundle", "bundle"),
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
    reference("instance_id", "instance"),
    Column("element", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("closed_at", Moment),
    partial("uq_incident_open", "instance_id", only="closed_at IS NULL", unique=True),
)
