"""Calls on stopped instances: look, retry, skip, set a variable, cancel."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import incidents, instances
from engine.model import InstanceId, Json
from engine.reading import api as looks
from engine.reading import incidents as stopped
from web import context
from web.api import answering, bodies, shapes
from web.guard import needs

blueprint = Blueprint("api_incidents", __name__, url_prefix="/api/v1/instances/<int:instance>")


@blueprint.get("/incident")
@needs(Right.PEOPLE)
def one(instance: int) -> ResponseReturnValue:
    """What stopped it, and where its tokens stand."""
    with context.look() as work:
        found = stopped.page(work, context.person(), InstanceId(instance))
    return jsonify(shapes.stopped(found))


@blueprint.post("/retry")
@needs(Right.PEOPLE)
def retry(instance: int) -> ResponseReturnValue:
    """Let it run again."""
    body = bodies.fields("reason")
    reason = body.text("reason", needed=True)
    body.done()

    def act(work: context.Work) -> Json:
        incidents.retry(work, context.person(), InstanceId(instance), reason)
        return _now(work, instance)

    return answering.once(f"retry {instance}", act, said=reason, instance=InstanceId(instance))


@blueprint.post("/skip")
@needs(Right.PEOPLE)
def skip(instance: int) -> ResponseReturnValue:
    """Let it go on with another step."""
    body = bodies.fields("key", "element", "reason")
    key, target = body.text("key", needed=True), body.text("element", needed=True)
    reason = body.text("reason", needed=True)
    body.done()

    def act(work: context.Work) -> Json:
        incidents.skip(work, context.person(), InstanceId(instance), key, target, reason)
        return _now(work, instance)

    return answering.once(f"skip {instance}", act, said=[key, target, reason], instance=InstanceId(instance))


@blueprint.post("/variables")
@needs(Right.PEOPLE)
def assign(instance: int) -> ResponseReturnValue:
    """Give some of its variables other values."""
    body = bodies.fields("key", "variables", "reason")
    key, values = body.text("key", needed=True), body.mapping("variables")
    reason = body.text("reason", needed=True)
    body.done()

    def act(work: context.Work) -> Json:
        for name, value in values.items():
            incidents.assign(work, context.person(), InstanceId(instance), key, name, value, reason)
        return _now(work, instance)

    return answering.once(f"assign {instance}", act, said=[key, values, reason])


@blueprint.post("/cancel")
@needs(Right.SIGNED_IN)
def cancel(instance: int) -> ResponseReturnValue:
    """End a running or stopped case before its time."""
    body = bodies.fields("reason")
    reason = body.text("reason", needed=True)
    body.done()

    def act(work: context.Work) -> Json:
        looks.instance(work, context.person(), InstanceId(instance))  # who may not see it is told that there is none
        instances.cancel(work, context.person(), InstanceId(instance), reason)
        return _now(work, instance)

    return answering.once(f"cancel {instance}", act, said=reason)


def _now(work: context.Work, instance: int) -> Json:
    return shapes.instance(looks.instance(work, context.person(), InstanceId(instance)))
