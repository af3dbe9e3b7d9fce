"""The register of authorisations that the wójt gave to the kierownik."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import people
from engine.errors import InputRejected
from engine.model import AuthorisationId
from engine.reading import centre
from web import context, dates
from web.guard import needs

blueprint = Blueprint("authorisations", __name__, url_prefix="/administracja/upowaznienia")


@blueprint.get("")
@needs(Right.PEOPLE)
def listing() -> ResponseReturnValue:
    """The register and the form for a new entry."""
    return _page({}, {})


@blueprint.post("")
@needs(Right.PEOPLE)
def add() -> ResponseReturnValue:
    """Enter an authorisation."""
    given = request.form
    try:
        with context.work() as work:
            people.authorise(
                work,
                context.person(),
                scope=given.get("scope", ""),
                number=given.get("number", ""),
                valid_from=dates.given(given.get("valid_from", ""), "valid_from"),
                valid_to=dates.given(given.get("valid_to", ""), "valid_to"),
                note=given.get("note", ""),
            )
    except InputRejected as refused:
        return _page(given.to_dict(), {one.field: one.message for one in refused.errors}), 422
    flash("Upoważnienie zostało wpisane. Decyzje z tego zakresu trafiają teraz do kierownika.", "good")
    return redirect(url_for("authorisations.listing"))


@blueprint.post("/<int:authorisation>/cofnij")
@needs(Right.PEOPLE)
def revoke(authorisation: int) -> ResponseReturnValue:
    """End an authorisation today."""
    with context.work() as work:
        people.revoke(work, context.person(), AuthorisationId(authorisation))
    flash("Upoważnienie zostało cofnięte. Otwarte decyzje z tego zakresu trafiają do wójta.", "good")
    return redirect(url_for("authorisations.listing"))


def _page(given: dict[str, str], errors: dict[str, str]) -> str:
    with context.look() as work:
        page = centre.authorisation_page(work)
    return render_template("authorisations.html", page=page, given=given, errors=errors)
