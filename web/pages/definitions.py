"""The published processes and their diagrams."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.errors import NotFound
from engine.reading import centre
from web import context
from web.guard import needs

blueprint = Blueprint("definitions", __name__, url_prefix="/procesy")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """All processes in use."""
    with context.look() as work:
        rows = centre.definition_rows(work)
    return render_template("definitions.html", rows=rows)


@blueprint.get("/<key>")
@needs(Right.SIGNED_IN)
def page(key: str) -> ResponseReturnValue:
    """One process: its diagram, and the same as a table."""
    with context.look() as work:
        found = centre.definition_page(work, key)
    if found is None:
        raise NotFound("Nie ma takiego procesu.")
    return render_template("definition.html", page=found)
