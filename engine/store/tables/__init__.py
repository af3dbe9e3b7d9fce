"""The tables, the indexes that their queries need, and nothing else."""

from __future__ import annotations

from engine.store.tables.account import journal, journal_head, repeat
from engine.store.tables.base import metadata
from engine.store.tables.centre import absence, authorisation, person, person_role, preference, session, token, unit
from engine.store.tables.instances import (
    answers,
    attachment,
    draft,
    incident,
    instance,
    instance_state,
    message_wait,
    migration,
    number_series,
    offer,
    step,
    task,
    task_candidate,
)
from engine.store.tables.messages import feed, mail, notice
from engine.store.tables.published import bundle, decision_file, definition, form, form_reference, start_wait
from engine.store.tables.time import (
    backlog,
    deadline,
    duty,
    duty_occurrence,
    firing,
    free_day,
    pace,
    term_change,
    term_rule,
)

__all__ = [
    "absence",
    "answers",
    "attachment",
    "authorisation",
    "backlog",
    "bundle",
    "deadline",
    "decision_file",
    "definition",
    "draft",
    "duty",
    "duty_occurrence",
    "feed",
    "firing",
    "form",
    "form_reference",
    "free_day",
    "incident",
    "instance",
    "instance_state",
    "journal",
    "journal_head",
    "mail",
    "message_wait",
    "metadata",
    "migration",
    "notice",
    "number_series",
    "offer",
    "pace",
    "person",
    "person_role",
    "preference",
    "repeat",
    "session",
    "start_wait",
    "step",
    "task",
    "task_candidate",
    "term_change",
    "term_rule",
    "token",
    "unit",
]
