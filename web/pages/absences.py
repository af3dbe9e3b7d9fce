"""Absences and who stands in: one's own, and the team's for whoever oversees it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import absences
from engine.errors import InputRejected
from engine.model import PersonId
from engine.reading import absences as looks
from web import context, dates, rows
from web.guard import needs

blueprint = Blueprint("absences", __name__, url_prefix="/nieobecnosci")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """Who is away, who will be, and the form for a new absence."""
    return _listing({}, {})


@blueprint.post("")
@needs(Right.SIGNED_IN)
def enter() -> ResponseReturnValue:
    """Enter an absence."""
    given = request.form
    person = _id(given.get("person", "")) or context.person().id
    try:
        with context.work() as work:
            made = absences.enter(
                work,
                context.person(),
                person,
                _id(given.get("deputy", "")),
                dates.given(given.get("starts_on", ""), "starts_on"),
                dates.given(given.get("ends_on", ""), "ends_on"),
                role=given.get("role", ""),
                definition_key=given.get("definition_key", ""),
                authorisation=given.get("authorisation", ""),
                note=given.get("note", ""),
            )
    except InputRejected as refused:
        return _listing(given.to_dict(), _errors(refused)), 422
    flash("Nieobecność została wpisana.", "good")
    return redirect(url_for("absences.page", absence=made))


@blueprint.get("/<int:absence>")
@needs(Right.SIGNED_IN)
def page(absence: int) -> ResponseReturnValue:
    """One absence, and once it is over the report of what was done and handed back."""
    return _page(absence, {})


@blueprint.post("/<int:absence>/koniec")
@needs(Right.SIGNED_IN)
def change_end(absence: int) -> ResponseReturnValue:
    """Give it another last day."""
    try:
        with context.work() as work:
            ends_on = dates.given(request.form.get("ends_on", ""), "ends_on")
            absences.change_end(work, context.person(), absence, ends_on)
    except InputRejected as refused:
        return _page(absence, _errors(refused)), 422
    flash("Koniec nieobecności został zmieniony.", "good")
    return redirect(url_for("absences.page", absence=absence))


@blueprint.post("/<int:absence>/powrot")
@needs(Right.SIGNED_IN)
def come_back(absence: int) -> ResponseReturnValue:
    """End it now."""
    with context.work() as work:
        absences.come_back(work, context.person(), absence)
    flash("Zastępstwo się skończyło. Poniżej widać, co zostało zrobione i co wróciło.", "good")
    return redirect(url_for("absences.page", absence=absence))


@blueprint.post("/<int:absence>/odwolaj")
@needs(Right.SIGNED_IN)
def cancel(absence: int) -> ResponseReturnValue:
    """Call it off before it begins."""
    with context.work() as work:
        absences.cancel(work, context.person(), absence)
    flash("Nieobecność została odwołana.", "good")
    return redirect(url_for("absences.listing"))


@blueprint.post("/<int:absence>/zastepca")
@needs(Right.SIGNED_IN)
def replace_deputy(absence: int) -> ResponseReturnValue:
    """Let somebody else stand in."""
    deputy = _id(request.form.get("deputy", ""))
    if deputy is None:
        return _page(absence, {"deputy": "Wskaż osobę, która zastępuje."}), 422
    try:
        with context.work() as work:
            absences.replace_deputy(work, context.person(), absence, deputy)
    except InputRejected as refused:
        return _page(absence, _errors(refused)), 422
    flash("Zastępca został zmieniony.", "good")
    return redirect(url_for("absences.page", absence=absence))


def _listing(given: dict[str, str], errors: dict[str, str]) -> str:
    with context.look() as work:
        found = looks.page(work, context.person())
    return render_template("absences.html", page=found, given=given, errors=errors)


def _page(absence: int, errors: dict[str, str]) -> str:
    with context.look() as work:
        found = looks.one(work, context.person(), absence)
    return render_template("absence.html", found=found, one=found.absence, errors=errors)


def _id(value: str) -> PersonId | None:
    return PersonId(int(value)) if rows.is_number(value) else None


def _errors(refused: InputRejected) -> dict[str, str]:
    return {one.field: one.message for one in refused.errors}
