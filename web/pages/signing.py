"""Signing in and out."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import sessions
from engine.errors import NotAllowed
from engine.reading import centre
from web import context
from web.guard import needs
from web.limits import limiter, login_tried
from web.session import ServerSession

blueprint = Blueprint("signing", __name__)


@blueprint.get("/logowanie")
@needs(Right.ANYONE)
def form() -> ResponseReturnValue:
    """The form; somebody who is signed in goes on to the tasks."""
    if context.visitor() is not None:
        return redirect(url_for("tasks.mine"))
    return _form()


@blueprint.post("/logowanie")
@needs(Right.ANYONE)
@limiter.limit("10 per minute", key_func=login_tried)
def enter() -> ResponseReturnValue:
    """Check login and password; a fresh session begins."""
    try:
        with context.look() as work:
            person = sessions.sign_in(work, request.form.get("login", ""), request.form.get("haslo", ""))
    except NotAllowed as refused:
        return _form(refused.message), 422
    opened = cast(ServerSession, session)
    opened.clear()
    opened.sign = person.id
    return redirect(_inside(request.args.get("dalej", "")))


@blueprint.post("/wylogowanie")
@needs(Right.ANYONE)
def out() -> ResponseReturnValue:
    """End the session on the server."""
    opened = cast(ServerSession, session)
    opened.clear()
    opened.ended = True
    return redirect(url_for("signing.form"))


def _form(error: str = "") -> str:
    with context.look() as work:
        accounts = centre.demo_accounts(work)
    return render_template("signing.html", error=error, login=request.form.get("login", ""), accounts=accounts)


def _inside(target: str) -> str:
    """Only addresses of this very site; everything else leads to the tasks."""
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if safe else url_for("tasks.mine")
