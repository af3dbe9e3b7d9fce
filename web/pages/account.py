"""One's own account: password, keyboard shortcuts, e-mails, the address of one's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import channels, people, sessions
from engine.errors import InputRejected, NotAllowed
from engine.reading import notices
from web import context
from web.guard import needs

blueprint = Blueprint("account", __name__, url_prefix="/konto")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def page() -> ResponseReturnValue:
    """Who I am here and what I may do."""
    return _page()


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
        return _page({"obecne": "Obecne hasło jest inne. Wpisz je ponownie."}), 422
    except InputRejected as refused:
        return _page({"nowe": refused.errors[0].message}), 422
    flash("Hasło zostało zmienione. Zaloguj się nowym hasłem.", "good")
    return redirect(url_for("signing.form"))


@blueprint.post("/skroty")
@needs(Right.SIGNED_IN)
def keys() -> ResponseReturnValue:
    """Switch the keyboard shortcuts on or off for this session."""
    session["keys"] = request.form.get("wlacz") == "tak"
    flash("Skróty klawiszowe są " + ("włączone." if session["keys"] else "wyłączone."), "good")
    return redirect(url_for("help.page"))


@blueprint.post("/zestawienie")
@needs(Right.SIGNED_IN)
def digest() -> ResponseReturnValue:
    """Switch the e-mail of the morning on or off."""
    on = request.form.get("zestawienie") == "tak"
    with context.work() as work:
        channels.set_digest(work, context.person(), on)
    flash("Zestawienie o 7:00 jest " + ("włączone." if on else "wyłączone."), "good")
    return redirect(url_for("account.page"), 303)


@blueprint.post("/kalendarz")
@needs(Right.SIGNED_IN)
def open_feed() -> ResponseReturnValue:
    """Give one's calendar a new secret address; it is shown in this answer only, so that it is kept nowhere."""
    with context.work() as work:
        secret = channels.open_feed(work, context.person())
    home = context.parts().settings.base_url or request.host_url
    return _page(address=home.rstrip("/") + url_for("feeds.calendar", secret=secret))


@blueprint.post("/kalendarz/koniec")
@needs(Right.SIGNED_IN)
def close_feed() -> ResponseReturnValue:
    """Let the address of one's calendar lead nowhere."""
    with context.work() as work:
        channels.close_feed(work, context.person())
    flash("Adres kalendarza już nie działa.", "good")
    return redirect(url_for("account.page"), 303)


def _page(errors: Mapping[str, str] = MappingProxyType({}), *, address: str = "") -> str:
    with context.look() as work:
        found = notices.channels(work, context.person())
    on = context.parts().settings.mails
    return render_template("account.html", errors=errors, channels=found, mails_on=on, address=address)
