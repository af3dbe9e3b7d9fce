"""Calls on decisions: publish, check, list, read."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import decisions
from engine.model import Json
from engine.reading import decisions as looks
from web import context
from web.api import answering, bodies, shapes
from web.guard import needs

blueprint = Blueprint("api_decisions", __name__, url_prefix="/api/v1/decisions")


@blueprint.post("")
@needs(Right.PUBLISH)
def publish() -> ResponseReturnValue:
    """Put a DMN file into use as the next version."""
    xml = bodies.raw(bodies.FILE_LIMIT)

    def act(work: context.Work) -> Json:
        made = decisions.publish(work, context.person(), xml)
        return {"id": int(made.id), "key": made.key, "version": made.version, "decisions": [*made.decisions]}

    return answering.once("publish decisions", act, status=201, said=xml)


@blueprint.post("/check")
@needs(Right.PUBLISH)
def check() -> ResponseReturnValue:
    """What is wrong with a DMN file; nothing is kept."""
    xml = bodies.raw(bodies.FILE_LIMIT)
    with context.look() as work:
        found = decisions.check(work, xml)
    return jsonify(problems=[shapes.problem(one) for one in found])


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """Of every file of decisions the newest version."""
    with context.look() as work:
        found = looks.listing(work)
    return jsonify(
        items=[
            {
                "id": int(one.id),
                "key": one.key,
                "version": one.version,
                "name": one.name,
                "published_at": shapes.moment(one.published_at),
                "decisions": [*one.decisions],
            }
            for one in found
        ]
    )


@blueprint.get("/<key>/<int:version>")
@needs(Right.SIGNED_IN)
def one(key: str, version: int) -> ResponseReturnValue:
    """The file of one version."""
    with context.look() as work:
        answer = Response(looks.content(work, key, version), mimetype="application/xml")
    answer.headers["Content-Disposition"] = "attachment"
    return answer
