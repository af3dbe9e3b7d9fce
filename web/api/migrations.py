"""Calls that move running instances to another version of their process: try, move, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import migrations
from engine.errors import AnswerError, InputRejected
from engine.model import InstanceId, Json
from engine.reading import api as looks
from web import context
from web.api import answering, bodies, shapes
from web.guard import needs

if TYPE_CHECKING:
    from engine.actions.migrations import Row
    from engine.bpmn.migration import Held

blueprint = Blueprint("api_migrations", __name__, url_prefix="/api/v1")


@blueprint.post("/definitions/<key>/<int:version>/migration")
@needs(Right.PUBLISH)
def plan(key: str, version: int) -> ResponseReturnValue:
    """What would come of moving each case of a version; nothing changes."""
    body = bodies.fields("to", "mapping")
    to, mapping = body.whole("to"), body.mapping("mapping")
    body.done()
    with context.look() as work:
        found = migrations.plan(work, context.person(), key, version, to or version, _places(mapping))
    return jsonify(items=[_row(one) for one in found])


@blueprint.post("/instances/<int:instance>/migrate")
@needs(Right.PUBLISH)
def migrate(instance: int) -> ResponseReturnValue:
    """Move one case."""
    body = bodies.fields("version", "mapping", "reason")
    version, mapping = body.whole("version"), body.mapping("mapping")
    reason = body.text("reason", needed=True)
    body.done()
    if version is None:
        raise InputRejected((AnswerError(field="version", message="Podaj numer wersji."),))
    places = _places(mapping)

    def act(work: context.Work) -> Json:
        migrations.migrate(work, context.person(), InstanceId(instance), version, places, reason)
        return _now(work, instance)

    return answering.once(f"migrate {instance}", act, said=[version, mapping, reason])


@blueprint.post("/instances/<int:instance>/migrate/undo")
@needs(Right.PUBLISH)
def undo(instance: int) -> ResponseReturnValue:
    """Take the last move of a case back."""
    bodies.fields().done()

    def act(work: context.Work) -> Json:
        migrations.undo(work, context.person(), InstanceId(instance))
        return _now(work, instance)

    return answering.once(f"undo {instance}", act)


def _places(mapping: dict[str, Json]) -> dict[str, str]:
    found = {old: new for old, new in mapping.items() if isinstance(new, str)}
    if len(found) < len(mapping):
        message = "Podaj w tym polu pary: krok starej wersji i krok nowej wersji."
        raise InputRejected((AnswerError(field="mapping", message=message),))
    return found


def _row(one: Row) -> Json:
    remarks: list[Json] = [
        {
            "element": remark.element,
            "process": remark.process,
            "name": remark.name,
            "message": remark.text,
            "colour": remark.colour.value,
        }
        for remark in one.remarks
    ]
    return {
        "instance": int(one.instance.id),
        "number": one.instance.number,
        "colour": one.colour.value,
        "reasons": remarks,
        "mapping": {**one.mapping},
        "choices": [_choice(held) for held in one.held],
        "tasks": [*one.waits],
    }


def _choice(one: Held) -> Json:
    targets: list[Json] = [{"step": target.place, "name": target.name} for target in one.targets]
    return {"step": one.place, "name": one.name, "proposed": one.proposed or None, "targets": targets}


def _now(work: context.Work, instance: int) -> Json:
    return shapes.instance(looks.instance(work, context.person(), InstanceId(instance)))
