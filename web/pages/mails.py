"""How sending of e-mails goes, and who is told when a task stays late."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import channels
from engine.errors import InputRejected
from engine.reading import notices
from web import context
from web.guard import needs
from web.render import page

blueprint = Blueprint("mails", __name__, url_prefix="/administracja/poczta")


@blueprint.get("")
@needs(Right.PEOPLE)
def show() -> ResponseReturnValue:
    """What waits, what was given up and why."""
    return _page({})


@blueprint.post("/eskalacja")
@needs(Right.PEOPLE)
def escalation() -> ResponseReturnValue:
    """Choose who is told when the kierownik's turn has passed."""
    try:
        with context.work() as work:
            given = request.form
            channels.set_escalation(work, context.person(), given.getlist("rola"), given.get("dni", "").strip())
    except InputRejected as refused:
        return _page({one.field: one.message for one in refused.errors}), 422
    flash("Ustawienia powiadomień zostały zapisane.", "good")
    return redirect(url_for("mails.show"), 303)


def _page(errors: dict[str, str]) -> str:
    settings = context.parts().settings
    with context.look() as work:
        state, chosen, days = notices.sending(work), notices.escalation(work), notices.escalation_days(work)
    return page(
        "mails.html", settings=settings, state=state, chosen=chosen, days=days, roles=channels.ABOVE, errors=errors
    )
