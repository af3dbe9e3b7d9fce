"""`Powiadomienia`: what one was told, under the bell."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import channels
from engine.reading import notices
from web import context
from web.guard import needs
from web.render import page

blueprint = Blueprint("notices", __name__, url_prefix="/powiadomienia")

KINDS = {
    "remind": "przypomnienie",
    "late": "po terminie",
    "escalate": "po terminie, do przełożonych",
    "follow_up": "powrót do zadania",
    "assigned": "nowe zadanie",
    "incident": "zatrzymana sprawa",
    "absence": "zastępstwo",
    "duty": "obowiązek",
}


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """What I was told, newest first."""
    with context.look() as work:
        found = notices.page(work, context.person(), before=request.args.get("od", ""))
    return page("notices.html", found=found, kinds=KINDS)


@blueprint.post("/<int:notice>")
@needs(Right.SIGNED_IN)
def follow(notice: int) -> ResponseReturnValue:
    """Open what a notice is about; from now on it counts as read."""
    with context.work() as work:
        found = notices.one(work, context.person(), notice)
        channels.read(work, context.person(), found.id)
    if found.task is not None:
        return redirect(url_for("task.page", task=found.task), 303)
    if found.instance is not None:
        return redirect(url_for("instance.page", instance=found.instance), 303)
    return redirect(url_for("notices.listing"), 303)


@blueprint.post("/przeczytane")
@needs(Right.SIGNED_IN)
def read_all() -> ResponseReturnValue:
    """Let all of them count as read."""
    with context.work() as work:
        channels.read(work, context.person())
    flash("Wszystkie powiadomienia są oznaczone jako przeczytane.", "good")
    return redirect(url_for("notices.listing"), 303)
