"""What every template knows: the centre, the person, the counts, the filters."""

from __future__ import annotations

import uuid
from functools import lru_cache
from importlib import metadata
from typing import Any

from flask import Flask, render_template, request, session, url_for

from engine.access import Right, may
from engine.errors import Unavailable
from engine.reading import centre, notices, tasks
from engine.reading.views import Centre, Counts
from web import context, filters, sections

PLAIN = (str, int, type(None))
VERSION = metadata.version("bieg")
NO_COUNTS = Counts(all=0, late=0, today=0, week=0, team=0)
NO_CENTRE = Centre(name="Ośrodek Pomocy Społecznej", short="OPS", address="", town="", demo=False)


def install(app: Flask) -> None:
    """Give templates their filters and what the frame of every page shows."""
    app.jinja_env.filters.update(filters.ALL)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["sections"] = sections.sections
    app.jinja_env.globals["url_for"] = _address
    app.context_processor(_frame)


def page(template: str, /, **values: object) -> str:
    """A whole page, or only its marked part when htmx asks for it."""
    return render_template(template, partial=request.headers.get("HX-Request") == "true", **values)


def _address(endpoint: str, /, **values: Any) -> str:
    """Flask's `url_for`, which a long list asks for hundreds of addresses, most of them again and again."""
    if not all(isinstance(value, PLAIN) for value in values.values()):
        return url_for(endpoint, **values)
    asked = tuple((name, type(value), value) for name, value in values.items())
    return _built(request.script_root, endpoint, asked)


@lru_cache(maxsize=10_000)
def _built(_root: str, endpoint: str, asked: tuple[tuple[str, type, Any], ...]) -> str:
    return url_for(endpoint, **{name: value for name, _, value in asked})


def _frame() -> dict[str, object]:
    visitor = context.visitor()
    head, counts, unread = NO_CENTRE, NO_COUNTS, 0
    try:
        with context.look() as work:
            head = centre.head(work)
            if visitor is not None:
                counts = tasks.waiting(work, visitor)
                unread = notices.unread(work, visitor)
    except Unavailable:
        pass  # the page that says so is drawn with plain defaults
    return {
        "centre": head,
        "visitor": visitor,
        "counts": counts,
        "unread": unread,
        "may": lambda right: may(visitor, Right(right)),
        "fresh_key": lambda: uuid.uuid4().hex,
        "here": request.endpoint or "",
        "keys_on": bool(session.get("keys", True)),
        "version": VERSION,
    }
