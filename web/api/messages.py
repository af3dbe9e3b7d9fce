"""Calls on messages and signals: hand one to the cases that wait for it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import messages
from engine.errors import AnswerError, InputRejected
from engine.model import Json, WaitKind
from web import context
from web.api import answering, bodies
from web.guard import needs

blueprint = Blueprint("api_messages", __name__, url_prefix="/api/v1/messages")


@blueprint.post("")
@needs(Right.START)
def deliver() -> ResponseReturnValue:
    """Send a message or a signal."""
    body = bodies.fields("name", "correlation", "payload", "kind")
    name = body.text("name", needed=True)
    correlation, payload = body.mapping("correlation"), body.mapping("payload")
    said_kind = body.text("kind") or WaitKind.MESSAGE.value
    body.done()
    kind = _kind(said_kind)

    def act(work: context.Work) -> Json:
        reached = messages.deliver(work, context.person(), name, correlation, payload, kind)
        return {"instances": [int(one) for one in reached]}

    return answering.once("deliver", act, status=202, said=[name, correlation, payload, kind.value])


def _kind(said: str) -> WaitKind:
    try:
        return WaitKind(said)
    except ValueError as cause:
        message = "Podaj „message” (komunikat) albo „signal” (sygnał)."
        raise InputRejected((AnswerError(field="kind", message=message),)) from cause
