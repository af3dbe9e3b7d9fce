"""People, their roles and units, for the administrator."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import people
from engine.errors import Conflict, InputRejected, NotFound
from engine.model import PersonId, UnitId
from engine.reading import centre
from web import context, rows
from web.guard import needs

blueprint = Blueprint("people", __name__, url_prefix="/administracja")


@blueprint.get("")
@needs(Right.PEOPLE)
def listing() -> ResponseReturnValue:
    """Everybody, with roles and unit; the units."""
    return _listing({}, {})


@blueprint.get("/osoby/nowa")
@needs(Right.PEOPLE)
def new() -> ResponseReturnValue:
    """The form for a new person."""
    return _form(None, {}, {})


@blueprint.post("/osoby/nowa")
@needs(Right.PEOPLE)
def add() -> ResponseReturnValue:
    """Enter a person."""
    given = request.form
    try:
        with context.work() as work:
            people.add(
                work,
                context.person(),
                login=given.get("login", "").strip().lower(),
                name=given.get("name", ""),
                email=given.get("email", ""),
                unit=_unit(),
                roles=given.getlist("roles"),
                password=given.get("password", ""),
            )
    except (InputRejected, Conflict) as refused:
        return _form(None, given.to_dict(), _errors(refused)), 422
    flash(f"Dodano osobę {given.get('name', '').strip()}.", "good")
    return redirect(url_for("people.listing"))


@blueprint.get("/osoby/<int:person>")
@needs(Right.PEOPLE)
def page(person: int) -> ResponseReturnValue:
    """The form of one person."""
    return _form(person, {}, {})


@blueprint.post("/osoby/<int:person>")
@needs(Right.PEOPLE)
def change(person: int) -> ResponseReturnValue:
    """Change a person; a new password only when one was typed."""
    given = request.form
    try:
        with context.work() as work:
            people.change(
                work,
                context.person(),
                PersonId(person),
                name=given.get("name", ""),
                email=given.get("email", ""),
                unit=_unit(),
                roles=given.getlist("roles"),
                active=given.get("active") == "tak",
                employment=_employment(),
            )
            if given.get("password"):
                people.set_password(work, context.person(), PersonId(person), given["password"])
    except (InputRejected, Conflict) as refused:
        return _form(person, given.to_dict(), _errors(refused)), 422
    flash("Zmiany zostały zapisane.", "good")
    return redirect(url_for("people.listing"))


@blueprint.post("/komorki")
@needs(Right.PEOPLE)
def add_unit() -> ResponseReturnValue:
    """Enter a unit."""
    name, performs = request.form.get("name", ""), request.form.get("performs") == "tak"
    try:
        with context.work() as work:
            people.add_unit(work, context.person(), name=name, performs=performs)
    except InputRejected as refused:
        return _listing({"name": name}, _errors(refused)), 422
    flash(f"Dodano komórkę „{name.strip()}”.", "good")
    return redirect(url_for("people.listing"))


def _listing(given: dict[str, str], errors: dict[str, str]) -> str:
    with context.look() as work:
        found = centre.people_page(work)
    units = {one.id: one for one in found.units}
    return render_template("people.html", page=found, units=units, given=given, errors=errors)


def _form(person: int | None, given: dict[str, str], errors: dict[str, str]) -> str:
    with context.look() as work:
        found = centre.people_page(work)
    known = next((one for one in found.people if one.id == person), None)
    if person is not None and known is None:
        raise NotFound("Nie ma takiej osoby.")
    chosen = set(request.form.getlist("roles")) if errors else set(known.own_roles if known else ())
    return render_template(
        "person.html", page=found, person=known, given=given, errors=errors, chosen=chosen, again=bool(errors)
    )


def _unit() -> UnitId | None:
    value = request.form.get("unit", "")
    return UnitId(int(value)) if rows.is_number(value) else None


def _employment() -> int | None:
    """Percent of a post, None when the form did not ask; nothing sensible is 0, which is refused."""
    value = request.form.get("employment")
    return None if value is None else int(value) if rows.is_number(value.strip()) else 0


def _errors(refused: InputRejected | Conflict) -> dict[str, str]:
    if isinstance(refused, Conflict):
        return {"": refused.message}
    return {one.field: one.message for one in refused.errors}
