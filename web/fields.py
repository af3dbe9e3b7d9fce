"""Forms and answers as templates take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from engine.errors import AnswerError
from engine.forms import display, proposals, shown
from engine.forms.context import Context
from engine.forms.form import Form
from engine.forms.view import FormView
from engine.model import Json, TaskId
from engine.reading.views import Earlier


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody answered before, ready to be read."""

    task: TaskId
    name: str
    by: str
    at: datetime
    chapters: tuple[display.Chapter, ...]


@dataclass(frozen=True, kw_only=True)
class Returned:
    """A decision that sent work back to its author."""

    by: str
    at: datetime
    reason: str


def of(form: Form, raw: Mapping[str, object], context: Context, errors: Sequence[AnswerError] = ()) -> FormView:
    """A form with what was typed and what is wrong."""
    return shown.shown(form, raw, context, errors)


def with_blank_row(form: Form, raw: Mapping[str, object], context: Context, group: str) -> Mapping[str, object]:
    """The same answers with one more empty row in `group`."""
    if group not in form.by_id:
        return raw
    filled = dict(raw or proposals.proposed(form, context))
    rows = filled.get(group)
    kept = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    fewest = max(form.by_id[group].fewest, 1)
    filled[group] = [*kept, *({} for _ in range(max(1, fewest - len(kept) + (len(kept) < fewest))))]
    return filled


def chapters(form: Form, values: Mapping[str, object], context: Context) -> tuple[display.Chapter, ...]:
    """Kept answers as text and tables."""
    return display.chapters(form, cast(Mapping[str, Json], values), context)


def returned(earlier: Sequence[Earlier], form_key: str) -> Returned | None:
    """Who sent this form back to its author and why; None when nobody did since it was last filled in.

    Args:
        earlier: answers of the instance, newest first.
    """
    found: Returned | None = None
    for one in earlier:
        if one.answers.form_key == form_key:
            return found
        if found is None and "ZWRACAM" in (one.answers.values.get(name) for name in _named(one, "decyzja")):
            reasons = [str(one.answers.values[name]) for name in _named(one, "powod") if one.answers.values[name]]
            found = Returned(by=one.answers.by, at=one.answers.at, reason=" ".join(reasons))
    return None


def _named(one: Earlier, start: str) -> list[str]:
    """Fields of a decision, whoever takes it: `powod`, `powod_partnera`."""
    return [name for name in one.answers.values if name.startswith(start)]


def said(earlier: Sequence[Earlier], context: Context) -> tuple[Said, ...]:
    """Earlier answers as text and tables."""
    return tuple(
        Said(
            task=one.answers.task,
            name=one.answers.task_name,
            by=one.answers.by,
            at=one.answers.at,
            chapters=display.chapters(one.form, one.answers.values, context),
        )
        for one in earlier
    )
