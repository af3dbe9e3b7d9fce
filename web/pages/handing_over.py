"""Handing over everything of somebody who leaves: first a look at what it is, then the deed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import handing_over
from engine.errors import Conflict
from engine.model import PersonId
from engine.reading import handing_over as looks
from web import context, rows
from web.guard import needs

blueprint = Blueprint("handing_over", __name__, url_prefix="/zespol/osoby/<int:person>/przekazanie")


@blueprint.get("")
@needs(Right.OVERSEE)
def page(person: int) -> ResponseReturnValue:
    """What this person has, and who could have it."""
    return _page(person, "")


@blueprint.post("")
@needs(Right.OVERSEE)
def hand_over(person: int) -> ResponseReturnValue:
    """Give it all to others."""
    with context.look() as work:
        found = looks.preview(work, PersonId(person))
    chosen = {one.role: request.form.get(f"rola-{number}", "") for number, one in enumerate(found.roles)}
    heirs = {role: PersonId(int(value)) for role, value in chosen.items() if rows.is_number(value)}
    try:
        with context.work() as work:
            done = handing_over.hand_over(
                work, context.person(), PersonId(person), heirs, deactivate=request.form.get("wylacz") == "tak"
            )
    except Conflict as refused:
        return _page(person, refused.message), 409
    said = "; ".join(f"{name or 'zespół'}: {count}" for name, count in sorted(done.given.items()))
    text = f"Przekazano sprawy osoby {found.person.name}. {('Zadania – ' + said + '.') if said else ''}"
    if done.named:
        text += f" W komisji trzeba powołać kogoś innego: {', '.join(done.named)}."
    flash(text, "good")
    return redirect(url_for("handing_over.page", person=person))


def _page(person: int, error: str) -> str:
    with context.look() as work:
        found = looks.preview(work, PersonId(person))
    return render_template("handing_over.html", found=found, errors={"": error} if error else {})
