"""`Sprawy`: the list, and setting a new case in motion."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import instances, repeats
from engine.errors import AnswerError, AnswersRejected, InputRejected
from engine.forms import answers
from engine.model import Json
from engine.reading import instances as looks
from web import context, fields
from web.guard import needs
from web.render import page

blueprint = Blueprint("instances", __name__, url_prefix="/sprawy")

STATES = (
    ("", "Wszystkie"),
    ("running", "W toku"),
    ("completed", "Zakończone"),
    ("cancelled", "Anulowane"),
    ("incident", "Zatrzymane"),
)


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """The list with search and filters."""
    asked = request.args
    with context.look() as work:
        found = looks.listing(
            work,
            context.person(),
            text=asked.get("szukaj", "").strip()[:100],
            state=asked.get("stan", ""),
            definition=asked.get("proces", ""),
            before=asked.get("od", ""),
        )
    return page("instances.html", found=found, states=STATES)


@blueprint.get("/nowa")
@needs(Right.START)
def new() -> ResponseReturnValue:
    """The start form of a process."""
    return _form({}, (), request.args.get("proces", ""))


@blueprint.post("/nowa")
@needs(Right.START)
def start() -> ResponseReturnValue:
    """Set the case in motion and open it."""
    person, key = context.person(), request.form.get("_proces", "")
    with context.look() as work:
        form = looks.start_page(work, key).form
    raw = answers.from_html(form, request.form.to_dict(flat=False)) if form else {}

    def do(work: context.Work) -> Json:
        title = request.form.get("_tytul", "")
        return int(instances.start(work, person, key, title=title, answers=raw).id)

    try:
        told = context.deed(lambda work: repeats.once(work, person, context.repeat_key(), "start", lambda: do(work)))
    except (AnswersRejected, InputRejected) as refused:
        return _form(raw, refused.errors, key), 422
    flash("Sprawa została rozpoczęta.", "good")
    return redirect(url_for("instance.page", instance=told))


def _form(raw: dict[str, object], errors: tuple[AnswerError, ...], key: str) -> str:
    with context.look() as work:
        found = looks.start_page(work, key)
    shown = fields.of(found.form, raw, found.context, errors) if found.form else None
    return page("start.html", found=found, shown=shown, errors=errors, title=request.form.get("_tytul", ""))
