"""Calls on forms: publish."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import forms
from engine.model import Json
from web import context
from web.api import answering, bodies
from web.guard import needs

blueprint = Blueprint("api_forms", __name__, url_prefix="/api/v1/forms")


@blueprint.post("/<key>")
@needs(Right.PUBLISH)
def publish(key: str) -> ResponseReturnValue:
    """Put a form into use as the next version."""
    text = bodies.text(bodies.JSON_LIMIT)

    def act(work: context.Work) -> Json:
        made = forms.publish(work, context.person(), key, text)
        return {"key": made.key, "version": made.version}

    return answering.once(f"publish form {key}", act, status=201, said=text)
