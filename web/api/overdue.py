"""The call on what is late in the whole centre."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.errors import AnswerError, InputRejected
from engine.model import Json
from engine.reading import overdue, overdue_lists
from engine.reading.overdue_lists import Row
from web import context
from web.api import queries, shapes
from web.guard import needs

blueprint = Blueprint("api_overdue", __name__, url_prefix="/api/v1/overdue")

PAGE, MOST = 50, 200
WHICH = ("late", "today", "week", "ahead", "open", "paused")
ALLOWED = {"which": WHICH, "band": tuple(overdue.BANDS)}
FIELDS = ("which", "band", "process", "element", "role", "person", "unit")


@blueprint.get("")
@needs(Right.OVERSEE)
def listing() -> ResponseReturnValue:
    """Late tasks, the longest late first, with the totals of the centre."""
    said = {name: _given(name) for name in FIELDS}
    limit = min(queries.whole("limit") or PAGE, MOST)
    with context.look() as work:
        wanted = overdue_lists.asked(said)
        found = overdue_lists.listing(work, wanted, after=request.args.get("cursor", ""), limit=limit, words=False)
        totals = _totals(overdue.figures(work))
    return jsonify(
        items=[_shape(one) for one in found.items], next=found.after or None, total=found.total, totals=totals
    )


def _given(name: str) -> str:
    """What a filter says.

    Raises:
        InputRejected: when it is none of what it may be.
    """
    said = request.args.get(name, "")
    if name in ("person", "unit") and said != overdue.NOBODY:
        return str(queries.whole(name) or "")
    if said and name in ALLOWED and said not in ALLOWED[name]:
        raise InputRejected((AnswerError(field=name, message=f"Podaj jedno z: {', '.join(ALLOWED[name])}."),))
    return said


def _totals(found: overdue.Figures) -> dict[str, Json]:
    sums = {name: sum(int(getattr(one, name)) for one in found.piles) for name in ("late", "older", "today", "ahead")}
    return {
        "at": shapes.moment(found.at),
        "open": found.open,
        "paused": found.paused,
        "late": sums["late"],
        "late_over_14_days": sums["older"],
        "today": sums["today"],
        "week": sums["ahead"],
        "done_in_30_days": found.finished.done,
        "done_in_time": found.finished.timely,
    }


def _shape(one: Row) -> dict[str, Json]:
    line = one.line
    statutory = line.term.get("statutory") is True
    return {
        "task": int(line.id),
        "name": line.name,
        "element": line.element,
        "process": line.process,
        "instance": int(line.instance),
        "number": line.instance_number,
        "role": one.role,
        "person": line.person_login or None,
        "opened_at": shapes.moment(line.opened_at),
        "due_at": shapes.moment(line.due_at),
        "statutory_end": shapes.moment(line.due_at) if statutory else None,
        "days_late": one.days_late if one.late else None,
        "left": one.left,
        "explanation": one.explanation,
        "forecast": {"chance": round(one.forecast.chance, 3), "similar": one.forecast.similar}
        if one.forecast
        else None,
    }
