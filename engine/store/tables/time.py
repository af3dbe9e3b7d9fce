"""The tables of time: terms, deadlines, duties, and what is counted of them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, Table, Text, UniqueConstraint

from engine.store.columns import Id, JsonText, Moment
from engine.store.tables.base import metadata, partial, reference

term_rule = Table(
    "term_rule",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),  # the last day
    Column("rule", Text, nullable=False),  # in plain words, such as "14 dni roboczych"
    Column("statutory", Boolean, nullable=False),
    Column("reminder", Text, nullable=False),  # how long before the end, in plain words; "" for the usual
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    reference("made_by", "person", nullable=True),
    Column("withdrawn_at", Moment),
    Index("ix_term_rule_name", "name", "valid_from"),
)

free_day = Table(
    "free_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", Text, nullable=False),
)

deadline = Table(
    "deadline",
    metadata,
    Column("id", Id, primary_key=True),
    reference("instance_id", "instance", nullable=True),
    reference("task_id", "task", nullable=True),
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
    Column("rule", Text, nullable=False, server_default=""),
    Column("inputs", JsonText, nullable=False, server_default="{}"),
    Column("explanation", Text, nullable=False, server_default=""),
    UniqueConstraint("instance_id", "kind", "key"),
    partial("uq_deadline_centre", "kind", "key", only="instance_id IS NULL", unique=True),
    Index("ix_deadline_ready_at", "ready_at"),
    partial("ix_deadline_failed", "attempts", only="error <> ''"),
    partial("ix_deadline_timer", "due_at", only="kind = 'timer'"),
    partial("ix_deadline_task_id", "task_id", only="task_id IS NOT NULL"),
)

firing = Table(
    "firing",
    metadata,
    Column("id", Id, primary_key=True),
    Column("chain", Id, nullable=False),  # id of the instance, 0 for what belongs to no instance
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("due_at", Moment, nullable=False),  # the occurrence
    Column("fired_at", Moment, nullable=False),
    Column("skipped", Integer, nullable=False),  # occurrences that an outage had missed and this one stands for
    UniqueConstraint("chain", "kind", "key", "due_at"),
    Index("ix_firing_fired_at", "fired_at"),
)

term_change = Table(
    "term_change",
    metadata,
    Column("id", Id, primary_key=True),
    reference("instance_id", "instance"),
    reference("task_id", "task"),
    Column("kind", Text, nullable=False),  # suspend, resume, delay or postpone
    Column("at", Moment, nullable=False),
    reference("person_id", "person"),
    Column("reason", Text, nullable=False),
    Column("basis", Text, nullable=False),  # article of law, "" when it is the centre's own term
    Column("before", Moment),
    Column("after", Moment),
    Column("text", Text, nullable=False),  # draft of the notice under art. 36 KPA, "" for none
    Index("ix_term_change_task_id", "task_id", "id"),
    Index("ix_term_change_instance_id", "instance_id", "id"),
)

duty = Table(
    "duty",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("definition_key", Text, nullable=False),  # the process that it starts, "" when a process does it itself
    Column("role", Text, nullable=False),  # its owner
    Column("rule", Text, nullable=False),  # when it is due, in plain words
    Column("ahead", Text, nullable=False),  # how long before it begins, in plain words
    Column("source", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("settings", JsonText, nullable=False),
)

duty_occurrence = Table(
    "duty_occurrence",
    metadata,
    Column("id", Id, primary_key=True),
    reference("duty_id", "duty"),
    Column("subject", Text, nullable=False),  # such as "instance:12" or "authorisation:3"; "" for the whole centre
    Column("due_on", Date, nullable=False),
    Column("begins_on", Date, nullable=False),
    Column("name", Text, nullable=False),  # without personal data
    Column("state", Text, nullable=False),  # planned, begun, suppressed, skipped or gone
    Column("reason", Text, nullable=False),  # why it is suppressed or gone
    reference("instance_id", "instance", nullable=True),  # the case that it began
    UniqueConstraint("duty_id", "subject", "due_on"),
    Index("ix_duty_occurrence_due_on", "due_on"),
    partial("ix_duty_occurrence_planned", "begins_on", only="state = 'planned'"),
)

backlog = Table(
    "backlog",
    metadata,
    Column("day", Date, primary_key=True),
    Column("definition_key", Text, primary_key=True),
    Column("open", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("late_fortnight", Integer, nullable=False),  # late for more than 14 days
)

pace = Table(
    "pace",
    metadata,
    Column("definition_key", Text, primary_key=True),
    Column("element", Text, primary_key=True),
    Column("counted_at", Moment, nullable=False),
    Column("facts", JsonText, nullable=False),  # how long finished steps took and how many ended late
)
