"""The description of the API for programs and their authors."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from web.api import openapi
from web.api.health import VERSION
from web.guard import needs

blueprint = Blueprint("api_description", __name__, url_prefix="/api/v1")


@blueprint.get("/openapi.json")
@needs(Right.ANYONE)
def document() -> ResponseReturnValue:
    """The OpenAPI document."""
    return jsonify(openapi.document(VERSION))
