"""Calls on the journal: who did what in a case."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.model import InstanceId
from engine.reading import api as looks
from web import context
from web.api import queries, shapes
from web.guard import needs

blueprint = Blueprint("api_journal", __name__, url_prefix="/api/v1/journal")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def of_instance() -> ResponseReturnValue:
    """The journal of one case, oldest entry first."""
    instance = InstanceId(queries.needed("instance"))
    with context.look() as work:
        found = looks.journal_of(work, context.person(), instance)
    return jsonify(items=[shapes.entry(one) for one in found])
