"""Calls on instances: start, read."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import instances
from engine.errors import AnswerError, InputRejected, StepFailed
from engine.model import InstanceId, Json
from engine.reading import api as looks
from web import context
from web.api import answering, bodies, shapes
from web.guard import needs

blueprint = Blueprint("api_instances", __name__, url_prefix="/api/v1/instances")


@blueprint.post("")
@needs(Right.START)
def start() -> ResponseReturnValue:
    """Set a case in motion."""
    body = bodies.fields("definition", "version", "title", "variables")
    key, version = body.text("definition", needed=True), body.whole("version")
    title, variables = body.text("title"), body.mapping("variables")
    body.done()

    def act(work: context.Work) -> Json:
        try:
            made = instances.start(work, context.person(), key, version=version, title=title, variables=variables)
        except StepFailed as failure:  # nothing has been started, so nothing can stop: the variables are to blame
            raise InputRejected((AnswerError(field="variables", message=failure.message),)) from failure
        return {"id": int(made.id), "number": made.number}

    return answering.once("start", act, status=201, said=[key, version, title, variables])


@blueprint.get("/<int:instance>")
@needs(Right.SIGNED_IN)
def one(instance: int) -> ResponseReturnValue:
    """One case: where it stands, and the way it went."""
    with context.look() as work:
        found = looks.instance(work, context.person(), InstanceId(instance))
    return jsonify(shapes.instance(found))
