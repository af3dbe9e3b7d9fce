"""Calls on messages: hand one to the cases that wait for it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import messages
from engine.model import Json
from web import context
from web.api import answering, bodies
from web.guard import needs

blueprint = Blueprint("api_messages", __name__, url_prefix="/api/v1/messages")


@blueprint.post("")
@needs(Right.START)
def deliver() -> ResponseReturnValue:
    """Send a message."""
    body = bodies.fields("name", "correlation", "payload")
    name = body.text("name", needed=True)
    correlation, payload = body.mapping("correlation"), body.mapping("payload")
    body.done()

    def act(work: context.Work) -> Json:
        reached = messages.deliver(work, context.person(), name, correlation, payload)
        return {"instances": [int(one) for one in reached]}

    return answering.once("deliver", act, status=202, said=[name, correlation, payload])
