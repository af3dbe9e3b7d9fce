"""The published processes: their diagrams, versions and files."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import definitions
from engine.reading import centre
from engine.reading import definitions as looks
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
    """One process: its diagram, the same as a table, and its versions."""
    with context.look() as work:
        found = looks.page(work, key)
    return render_template("definition.html", page=found)


@blueprint.get("/<key>/<int:version>/plik")
@needs(Right.SIGNED_IN)
def file(key: str, version: int) -> ResponseReturnValue:
    """The file of a version, always as a download."""
    with context.look() as work:
        xml = looks.file(work, key, version)
    answer = Response(xml, mimetype="application/xml")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{key}-{version}.bpmn")
    return answer


@blueprint.get("/<key>/<int:version>/zmiany")
@needs(Right.SIGNED_IN)
def comparison(key: str, version: int) -> ResponseReturnValue:
    """A version beside the one before it."""
    with context.look() as work:
        found = looks.comparison(work, key, version)
    return render_template("comparison.html", page=found)


@blueprint.post("/<key>/<int:version>/wycofaj")
@needs(Right.PUBLISH)
def retire(key: str, version: int) -> ResponseReturnValue:
    """Take a version out of use."""
    with context.work() as work:
        definitions.retire(work, context.person(), key, version)
    flash(f"Wycofano wersję {version}. Sprawy, które na niej biegną, skończą się na niej.", "good")
    return redirect(url_for("definitions.page", key=key))
