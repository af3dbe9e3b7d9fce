"""The centre's head and the settings that every new case takes along."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import preferences
from engine.errors import InputRejected
from engine.reading import centre
from web import context
from web.guard import needs

blueprint = Blueprint("preferences", __name__, url_prefix="/administracja/ustawienia")


@blueprint.get("")
@needs(Right.PEOPLE)
def page() -> ResponseReturnValue:
    """The form with what is set now."""
    with context.look() as work:
        head, settings = centre.head(work), centre.settings(work)
    return render_template("preferences.html", head=head, settings=settings, errors={})


@blueprint.post("")
@needs(Right.PEOPLE)
def change() -> ResponseReturnValue:
    """Keep the centre's head and settings."""
    given = request.form
    try:
        with context.work() as work:
            preferences.change(
                work,
                context.person(),
                name=given.get("name", ""),
                short=given.get("short", ""),
                address=given.get("address", ""),
                town=given.get("town", ""),
                scope_accepted_by_wojt=given.get("akceptacja_zakresu") == "tak",
                procurement_threshold=given.get("prog_pzp", ""),
            )
    except InputRejected as refused:
        errors = {one.field: one.message for one in refused.errors}
        return render_template("preferences.html", head=given, settings=given, errors=errors), 422
    flash("Ustawienia zostały zapisane. Dotyczą spraw rozpoczętych od teraz.", "good")
    return redirect(url_for("preferences.page"))
