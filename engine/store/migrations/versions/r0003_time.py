"""Terms as dated data, deadlines of any kind, duties, absences, notices, and what is counted of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.columns import Id, JsonText, Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MADE = (
    "pace",
    "backlog",
    "feed",
    "notice",
    "mail",
    "absence",
    "firing",
    "duty_occurrence",
    "duty",
    "term_change",
    "free_day",
    "term_rule",
)
OF_TASKS = ("target_at", "remind_at", "follow_up_at", "paused_at", "returns_to", "absence_id", "term")
INDEXES_OF_TASKS = (
    "ix_task_done_at",
    "ix_task_paused",
    "ix_task_follow_up_at",
    "ix_task_absence_id",
    "ix_task_returns_to",
)
KEPT = ("id", "instance_id", "kind", "key", "element", "name", "due_at", "ready_at", "owner", "attempts", "error")


def upgrade() -> None:
    """Adds tables and columns; the timers that wait go on waiting."""
    op.add_column("person", sa.Column("employment", sa.Integer(), nullable=False, server_default="100"))
    op.add_column("person_role", sa.Column("absence_id", Id, nullable=True))
    _tasks()
    _open_by_role("authority", "role", "person_id", "restricted")
    _drafts("task_id", "person_id")
    _terms()
    waiting = _waiting()
    op.drop_table("deadline")
    _deadlines()
    _put_back(waiting)
    _duties()
    only = sa.text("state = 'active'")
    of = ["process", "instance_id"]
    op.create_index("ix_step_active_process", "step", of, sqlite_where=only, postgresql_where=only)
    _people()
    _messages()
    _figures()


def downgrade() -> None:
    """Takes them away again; of the deadlines only the timers of diagrams are kept."""
    for name in MADE:
        op.drop_table(name)
    waiting = _waiting("WHERE kind = 'timer'")
    op.drop_table("deadline")
    _deadlines_before()
    _put_back(waiting)
    for name in INDEXES_OF_TASKS:
        op.drop_index(name, "task")
    op.drop_index("ix_step_active_process", "step")
    _open_by_role("authority", "role")
    _drafts("task_id")
    for name in reversed(OF_TASKS):
        op.drop_column("task", name)
    op.drop_column("person_role", "absence_id")
    op.drop_column("person", "employment")


def _drafts(*key: str) -> None:
    """Each person has a draft of her own; SQLite changes no key in place. Of two under one key the newest stays."""
    found = op.get_bind().execute(sa.text("SELECT task_id, person_id, saved_at, sealed FROM draft ORDER BY saved_at"))
    kept = {tuple(row._mapping[name] for name in key): dict(row._mapping) for row in found}
    op.drop_table("draft")
    op.create_table(
        "draft",
        sa.Column("task_id", Id, autoincrement=False, nullable=False),
        sa.Column("person_id", Id, autoincrement=False, nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_draft_task_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_draft")),
    )
    if kept:
        values = "VALUES (:task_id, :person_id, :saved_at, :sealed)"
        statement = sa.text(f"INSERT INTO draft (task_id, person_id, saved_at, sealed) {values}")
        op.get_bind().execute(statement, [*kept.values()])


def _waiting(only: str = "") -> list[dict[str, object]]:
    found = op.get_bind().execute(sa.text(f"SELECT {', '.join(KEPT)} FROM deadline {only}"))  # noqa: S608
    return [dict(row._mapping) for row in found]


def _put_back(rows: list[dict[str, object]]) -> None:
    names = ", ".join(KEPT)
    values = ", ".join(f":{name}" for name in KEPT)
    if rows:
        op.get_bind().execute(sa.text(f"INSERT INTO deadline ({names}) VALUES ({values})"), rows)  # noqa: S608


def _tasks() -> None:
    for name in ("target_at", "remind_at", "follow_up_at", "paused_at"):
        op.add_column("task", sa.Column(name, Moment(), nullable=True))
    for name in ("returns_to", "absence_id"):
        op.add_column("task", sa.Column(name, Id, nullable=True))
    op.add_column("task", sa.Column("term", JsonText(), nullable=False, server_default="{}"))
    _index("ix_task_done_at", "task", "done_at", only="state = 'done'")
    _index("ix_task_paused", "task", "instance_id", only="state = 'open' AND paused_at IS NOT NULL")
    _index("ix_task_follow_up_at", "task", "follow_up_at", only="state = 'open' AND follow_up_at IS NOT NULL")
    _index("ix_task_absence_id", "task", "absence_id", only="absence_id IS NOT NULL")
    _index("ix_task_returns_to", "task", "returns_to", only="returns_to IS NOT NULL")


def _open_by_role(*columns: str) -> None:
    op.drop_index("ix_task_open_role", "task")
    only = sa.text("state = 'open'")
    op.create_index("ix_task_open_role", "task", list(columns), sqlite_where=only, postgresql_where=only)


def _index(name: str, table: str, column: str, *, only: str) -> None:
    op.create_index(name, table, [column], sqlite_where=sa.text(only), postgresql_where=sa.text(only))


def _deadlines_before() -> None:
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


def _deadlines() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=True),
        sa.Column("task_id", Id, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("ready_at", Moment(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, server_default=""),
        sa.Column("inputs", JsonText(), nullable=False, server_default="{}"),
        sa.Column("explanation", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_deadline_instance_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_deadline_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint("instance_id", "kind", "key", name=op.f("uq_deadline_instance_id_kind_key")),
    )
    op.create_index("ix_deadline_ready_at", "deadline", ["ready_at"], unique=False)
    _index("ix_deadline_failed", "deadline", "attempts", only="error <> ''")
    _index("ix_deadline_timer", "deadline", "due_at", only="kind = 'timer'")
    _index("ix_deadline_task_id", "deadline", "task_id", only="task_id IS NOT NULL")
    none = sa.text("instance_id IS NULL")
    op.create_index(
        "uq_deadline_centre", "deadline", ["kind", "key"], unique=True, sqlite_where=none, postgresql_where=none
    )


def _terms() -> None:
    """Rules of terms, free days, and what changed the term of a task."""
    op.create_table(
        "term_rule",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("statutory", sa.Boolean(), nullable=False),
        sa.Column("reminder", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", Id, nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_term_rule_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_rule")),
    )
    op.create_index("ix_term_rule_name", "term_rule", ["name", "valid_from"], unique=False)
    op.create_table(
        "free_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_free_day")),
    )
    op.create_table(
        "term_change",
        sa.Column("id", Id, nullable=False),
        sa.Column("instance_id", Id, nullable=False),
        sa.Column("task_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("before", Moment(), nullable=True),
        sa.Column("after", Moment(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_term_change_instance_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_term_change_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_term_change_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_change")),
    )
    op.create_index("ix_term_change_instance_id", "term_change", ["instance_id", "id"], unique=False)
    op.create_index("ix_term_change_task_id", "term_change", ["task_id", "id"], unique=False)


def _duties() -> None:
    """Duties, their occurrences, and what was fired."""
    op.create_table(
        "duty",
        sa.Column("id", Id, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("ahead", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("settings", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
        sa.UniqueConstraint("key", name=op.f("uq_duty_key")),
    )
    op.create_table(
        "duty_occurrence",
        sa.Column("id", Id, nullable=False),
        sa.Column("duty_id", Id, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instance_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name=op.f("fk_duty_occurrence_duty_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_duty_occurrence_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_occurrence")),
        sa.UniqueConstraint("duty_id", "subject", "due_on", name=op.f("uq_duty_occurrence_duty_id_subject_due_on")),
    )
    op.create_index("ix_duty_occurrence_due_on", "duty_occurrence", ["due_on"], unique=False)
    op.create_index(
        "ix_duty_occurrence_planned",
        "duty_occurrence",
        ["begins_on"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "firing",
        sa.Column("id", Id, nullable=False),
        sa.Column("chain", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("fired_at", Moment(), nullable=False),
        sa.Column("skipped", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firing")),
        sa.UniqueConstraint("chain", "kind", "key", "due_at", name=op.f("uq_firing_chain_kind_key_due_at")),
    )
    op.create_index("ix_firing_fired_at", "firing", ["fired_at"], unique=False)


def _people() -> None:
    """Absences."""
    op.create_table(
        "absence",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("deputy_id", Id, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("authorisation", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", Id, nullable=True),
        sa.Column("began_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.Column("report", JsonText(), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_absence_deputy_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_absence_made_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_deputy_id", "absence", ["deputy_id", "ends_on"], unique=False)
    op.create_index("ix_absence_person_id", "absence", ["person_id", "ends_on"], unique=False)


def _messages() -> None:
    """Notices, e-mails and calendar feeds."""
    op.create_table(
        "mail",
        sa.Column("id", Id, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ready_at", Moment(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    op.create_index(
        "ix_mail_ready_at",
        "mail",
        ["ready_at"],
        unique=False,
        sqlite_where=sa.text("ready_at IS NOT NULL"),
        postgresql_where=sa.text("ready_at IS NOT NULL"),
    )
    op.create_index("ix_mail_person_id", "mail", ["person_id", "made_at"], unique=False)
    op.create_index(
        "uq_mail_digest",
        "mail",
        ["person_id", "day"],
        unique=True,
        sqlite_where=sa.text("kind = 'digest'"),
        postgresql_where=sa.text("kind = 'digest'"),
    )
    op.create_table(
        "notice",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("instance_id", Id, nullable=True),
        sa.Column("task_id", Id, nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("mail_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_notice_instance_id")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_notice_mail_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_notice_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_notice_person_id_key")),
    )
    op.create_index("ix_notice_person_id_id", "notice", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_notice_unread",
        "notice",
        ["person_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index(
        "ix_notice_unsent",
        "notice",
        ["person_id", "made_at"],
        unique=False,
        sqlite_where=sa.text("mail_id IS NULL"),
        postgresql_where=sa.text("mail_id IS NULL"),
    )
    op.create_table(
        "feed",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    op.create_index("ix_feed_person_id", "feed", ["person_id"], unique=False)


def _figures() -> None:
    """What is counted once a day."""
    op.create_table(
        "backlog",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("late_fortnight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "definition_key", name=op.f("pk_backlog")),
    )
    op.create_table(
        "pace",
        sa.Column("definition_key", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("counted_at", Moment(), nullable=False),
        sa.Column("facts", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("definition_key", "element", name=op.f("pk_pace")),
    )
