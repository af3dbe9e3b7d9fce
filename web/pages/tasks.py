"""`Moje zadania`: what waits for me, soonest deadline first."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.reading import tasks
from web import context
from web.guard import needs
from web.render import page

blueprint = Blueprint("tasks", __name__)

CHIPS = (
    ("all", "Wszystkie"),
    ("late", "Po terminie"),
    ("today", "Na dziś"),
    ("week", "Najbliższe 7 dni"),
    ("team", "Do wzięcia w zespole"),
)


@blueprint.get("/zadania")
@needs(Right.SIGNED_IN)
def mine() -> ResponseReturnValue:
    """The list; htmx replaces only its part."""
    asked = request.args
    with context.look() as work:
        found = tasks.mine(
            work,
            context.person(),
            which=asked.get("pokaz", "all"),
            text=asked.get("szukaj", "").strip()[:100],
            after=asked.get("od", ""),
        )
    return page("tasks.html", found=found, chips=CHIPS)
