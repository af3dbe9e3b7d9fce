"""`Obowiązki`: what the centre must do again and again, when it comes, and what is not needed this time."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import access
from engine.access import Right
from engine.actions import duties as deeds
from engine.errors import InputRejected
from engine.reading import duties as looks
from engine.reading.duties import DutyId, OccurrenceId
from web import context
from web.guard import needs

blueprint = Blueprint("duties", __name__, url_prefix="/terminy/obowiazki")

STATES = {
    "foreseen": "otworzy diagram",
    "planned": "zaplanowany",
    "begun": "rozpoczęty",
    "done": "wykonany",
    "suppressed": "nie dotyczy",
    "skipped": "pominięty",
}


@blueprint.get("")
@needs(Right.PUBLISH)
def page() -> ResponseReturnValue:
    """The duties, and what they bring in the coming year."""
    return _page({})


@blueprint.get("/<int:duty>")
@needs(Right.PUBLISH)
def edit(duty: int) -> ResponseReturnValue:
    """The form in which the centre sets a duty."""
    return _form(DutyId(duty), {}, {})


@blueprint.post("/<int:duty>")
@needs(Right.PUBLISH)
def change(duty: int) -> ResponseReturnValue:
    """Keep what the centre set."""
    given = request.form
    try:
        with context.work() as work:
            deeds.change(
                work,
                context.person(),
                DutyId(duty),
                role=given.get("role", ""),
                rule=given.get("rule", ""),
                ahead=given.get("ahead", ""),
                active=given.get("active") == "tak",
                reason=given.get("reason", ""),
            )
    except InputRejected as refused:
        return _form(DutyId(duty), given.to_dict(), {one.field: one.message for one in refused.errors}), 422
    flash("Obowiązek został zmieniony. Terminy na najbliższy rok są już ułożone od nowa.", "good")
    return redirect(url_for("duties.page"))


@blueprint.post("/pomin/<int:occurrence>")
@needs(Right.PUBLISH)
def skip(occurrence: int) -> ResponseReturnValue:
    """Say that a planned one is not needed this time."""
    reason = request.form.get("reason", "")
    try:
        with context.work() as work:
            deeds.skip(work, context.person(), OccurrenceId(occurrence), reason)
    except InputRejected as refused:
        found = {one.field: one.message for one in refused.errors}
        return _page({f"powod-{occurrence}": found["reason"]}, {occurrence: reason}), 422
    flash("Ten termin został pominięty. Powód jest w dzienniku i przy terminie.", "good")
    return redirect(url_for("duties.page"))


def _page(errors: dict[str, str], given: dict[int, str] | None = None) -> str:
    with context.look() as work:
        found = looks.page(work)
    return render_template("duties.html", page=found, states=STATES, errors=errors, given=given or {})


def _form(id: DutyId, given: dict[str, str], errors: dict[str, str]) -> str:
    with context.look() as work:
        row = looks.row(work, id)
    duty = row.duty
    usual = {"role": duty.role, "rule": duty.rule, "ahead": duty.ahead, "active": "tak" if duty.active else ""}
    return render_template("duty.html", row=row, given=given or usual, errors=errors, roles=access.ROLES)
