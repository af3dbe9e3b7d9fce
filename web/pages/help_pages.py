"""Help, keyboard shortcuts, the statement on accessibility; the way in."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from web.guard import needs

blueprint = Blueprint("help", __name__)


@blueprint.get("/")
@needs(Right.ANYONE)
def home() -> ResponseReturnValue:
    """The front door leads to the tasks, or to signing in."""
    return redirect(url_for("tasks.mine"))


@blueprint.get("/pomoc")
@needs(Right.SIGNED_IN)
def page() -> ResponseReturnValue:
    """How to work with tasks and cases, on one page."""
    return render_template("help.html")


@blueprint.get("/dostepnosc")
@needs(Right.ANYONE)
def accessibility() -> ResponseReturnValue:
    """The statement on accessibility."""
    return render_template("accessibility.html")
