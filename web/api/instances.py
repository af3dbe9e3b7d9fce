"""Calls on instances: start, read, begin and end what an ad-hoc sub-process offers."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import instances, offers
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
    body = bodies.fields("definition", "version", "title", "variables", "start")
    key, version = body.text("definition", needed=True), body.whole("version")
    title, variables, at = body.text("title"), body.mapping("variables"), body.text("start")
    body.done()

    def act(work: context.Work) -> Json:
        try:
            made = instances.start(
                work, context.person(), key, version=version, title=title, variables=variables, at=at
            )
        except StepFailed as failure:  # nothing has been started, so nothing can stop: the variables are to blame
            raise InputRejected((AnswerError(field="variables", message=failure.message),)) from failure
        return {"id": int(made.id), "number": made.number}

    return answering.once("start", act, status=201, said=[key, version, title, variables, *([at] if at else [])])


@blueprint.get("/<int:instance>")
@needs(Right.SIGNED_IN)
def one(instance: int) -> ResponseReturnValue:
    """One case: where it stands, and the way it went."""
    with context.look() as work:
        found = looks.instance(work, context.person(), InstanceId(instance))
    return jsonify(shapes.instance(found))


@blueprint.post("/<int:instance>/offers/<element>")
@needs(Right.SIGNED_IN)
def take_up(instance: int, element: str) -> ResponseReturnValue:
    """Begin an activity that an ad-hoc sub-process offers."""
    key = _key()

    def act(work: context.Work) -> Json:
        offers.take_up(work, context.person(), InstanceId(instance), key, element)
        return _now(work, instance)

    return answering.once(f"take up {instance} {element}", act, said=key, instance=InstanceId(instance))


@blueprint.post("/<int:instance>/offers/<element>/close")
@needs(Right.SIGNED_IN)
def close(instance: int, element: str) -> ResponseReturnValue:
    """End an ad-hoc sub-process."""
    key = _key()

    def act(work: context.Work) -> Json:
        offers.close(work, context.person(), InstanceId(instance), key, element)
        return _now(work, instance)

    return answering.once(f"close {instance} {element}", act, said=key, instance=InstanceId(instance))


def _key() -> str:
    body = bodies.fields("key")
    key = body.text("key")
    body.done()
    return key


def _now(work: context.Work, instance: int) -> Json:
    return shapes.instance(looks.instance(work, context.person(), InstanceId(instance)))
