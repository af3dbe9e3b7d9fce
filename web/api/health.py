"""A sign of life for whoever watches over the installation."""

from __future__ import annotations

from importlib.metadata import version

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.errors import Unavailable
from web import context
from web.guard import needs

blueprint = Blueprint("api_health", __name__)

VERSION = version("bieg")


@blueprint.get("/healthz")
@needs(Right.ANYONE)
def health() -> ResponseReturnValue:
    """Whether the database answers."""
    try:
        context.parts().database.ping()
    except Unavailable as failure:
        return jsonify(status="unavailable", version=VERSION, message=failure.message), 503
    return jsonify(status="ok", version=VERSION)
