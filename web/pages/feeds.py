"""The personal calendar for other programs, behind a secret address."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from engine import clock
from engine.access import Right
from engine.errors import NotFound
from engine.notices import feed
from engine.reading import duties
from web import context
from web.guard import needs
from web.limits import limiter

blueprint = Blueprint("feeds", __name__)

AHEAD = timedelta(days=366)  # of duties


@blueprint.get("/kalendarz/feed/<secret>.ics")
@needs(Right.ANYONE)
@limiter.limit("60 per minute")
def calendar(secret: str) -> ResponseReturnValue:
    """The calendar of whoever has this secret address; an unknown and a revoked one look the same.

    It is never kept on the way (`no-store`); the mark lets a program ask cheaply whether its own copy still holds.
    """
    with context.look() as work:
        person = feed.owner(work, secret)
        if person is None:
            raise NotFound("Nie ma takiego kalendarza. Nowy adres utworzysz na stronie „Moje konto”.")
        today = clock.today(work.now)
        found = feed.calendar(work, person, context.parts().settings, duties.ahead(work, today, today + AHEAD))
    response = Response(found, content_type="text/calendar; charset=utf-8")
    response.add_etag()
    return response.make_conditional(request)
