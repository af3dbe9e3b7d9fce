"""The published decisions and their tables."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.errors import NotFound
from engine.reading import decisions
from web import context
from web.guard import needs

blueprint = Blueprint("decisions", __name__, url_prefix="/procesy/decyzje")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """All files of decisions in use."""
    with context.look() as work:
        rows = decisions.listing(work)
    return render_template("decisions.html", rows=rows)


@blueprint.get("/<key>")
@needs(Right.SIGNED_IN)
def page(key: str) -> ResponseReturnValue:
    """One file: each of its decisions as a table or a list."""
    with context.look() as work:
        found = decisions.page(work, key)
    if found is None:
        raise NotFound("Nie ma takiej decyzji.")
    return render_template("decision.html", page=found)
