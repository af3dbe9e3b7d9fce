"""Calls on definitions: publish, check, list, read."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import definitions
from engine.model import Json
from engine.reading import api as looks
from web import context
from web.api import answering, bodies, shapes
from web.guard import needs

blueprint = Blueprint("api_definitions", __name__, url_prefix="/api/v1/definitions")

XML = ("application/xml", "text/xml")


@blueprint.post("")
@needs(Right.PUBLISH)
def publish() -> ResponseReturnValue:
    """Put a BPMN file into use as the next version."""
    xml = bodies.raw(bodies.FILE_LIMIT)
    with context.look() as looked:
        definitions.refuse_unfit(looked, xml)

    def act(work: context.Work) -> Json:
        made = definitions.publish(work, context.person(), xml)
        return {"id": int(made.id), "key": made.key, "version": made.version}

    return answering.once("publish", act, status=201, said=xml)


@blueprint.post("/check")
@needs(Right.PUBLISH)
def check() -> ResponseReturnValue:
    """What the gate says of a BPMN file; nothing is kept."""
    xml = bodies.raw(bodies.FILE_LIMIT)
    with context.look() as work:
        found = definitions.check(work, xml)
    return jsonify(problems=[shapes.problem(one) for one in found])


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """Of every process the newest version in use."""
    with context.look() as work:
        found = looks.definition_list(work)
    return jsonify(items=[shapes.definition(one) for one in found])


@blueprint.get("/<key>/<int:version>")
@needs(Right.SIGNED_IN)
def one(key: str, version: int) -> ResponseReturnValue:
    """One version: JSON, or the file itself for who prefers XML."""
    wanted = request.accept_mimetypes.best_match(("application/json", *XML), "application/json")
    with context.look() as work:
        if wanted in XML:
            answer = Response(looks.definition_file(work, key, version), mimetype=wanted)
            answer.headers["Content-Disposition"] = "attachment"
        else:
            answer = jsonify(shapes.definition_view(looks.definition(work, key, version)))
    answer.vary.add("Accept")
    return answer
