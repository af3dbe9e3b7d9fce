"""One's own account: password and keyboard shortcuts."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import people, sessions
from engine.errors import InputRejected, NotAllowed
from web import context
from web.guard import needs

blueprint = Blueprint("account", __name__, url_prefix="/konto")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def page() -> ResponseReturnValue:
    """Who I am here and what I may do."""
    return render_template("account.html", errors={})


@blueprint.post("/haslo")
@needs(Right.SIGNED_IN)
def password() -> ResponseReturnValue:
    """Change one's own password; all sessions end."""
    person = context.person()
    try:
        with context.work() as work:
            sessions.sign_in(work, person.login, request.form.get("obecne", ""))
            people.set_password(work, person, person.id, request.form.get("nowe", ""))
    except NotAllowed:
        return render_template("account.html", errors={"obecne": "Obecne hasło jest inne. Wpisz je ponownie."}), 422
    except InputRejected as refused:
        return render_template("account.html", errors={"nowe": refused.errors[0].message}), 422
    flash("Hasło zostało zmienione. Zaloguj się nowym hasłem.", "good")
    return redirect(url_for("signing.form"))


@blueprint.post("/skroty")
@needs(Right.SIGNED_IN)
def keys() -> ResponseReturnValue:
    """Switch the keyboard shortcuts on or off for this session."""
    session["keys"] = request.form.get("wlacz") == "tak"
    flash("Skróty klawiszowe są " + ("włączone." if session["keys"] else "wyłączone."), "good")
    return redirect(url_for("help.page"))
