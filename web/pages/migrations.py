"""`Przenieś sprawy na nową wersję`: choose, try, run in parts that can be stopped, take back."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import migrations
from engine.errors import InputRejected
from engine.model import InstanceId
from engine.reading import migrations as looks
from web import context
from web.guard import needs
from web.render import page as draw
from web.rows import is_number

if TYPE_CHECKING:
    from engine.actions.migrations import Row
    from engine.bpmn.migration import Held

blueprint = Blueprint("migrations", __name__, url_prefix="/procesy/<key>/przenoszenie")

STEP = "krok:"  # before the old step in the name of its field
PART = 1.0  # seconds of work before the page answers with how far it has come
WORDS = {"green": "można przenieść", "amber": "można, ze zmianą", "red": "nie można"}


@blueprint.get("")
@needs(Right.PUBLISH)
def page(key: str) -> ResponseReturnValue:
    """The running cases of a version, each with what would come of moving it."""
    return _page(key, _version("z"), _version("na"), {}, None, {})


@blueprint.post("")
@needs(Right.PUBLISH)
def run(key: str) -> ResponseReturnValue:
    """Try with other steps, or move the chosen cases; after a second of work the page tells how far it is."""
    source, target = _version("z"), _version("na")
    mapping, chosen = _mapping(), [InstanceId(int(one)) for one in request.form.getlist("sprawa") if is_number(one)]
    if "_sprawdz" in request.form or target is None:
        return _page(key, source, target, mapping, {*chosen}, {})
    if "_zatrzymaj" in request.form:
        flash("Przenoszenie zatrzymano. Sprawy, które już przeniesiono, zostają na nowej wersji.", "warning")
        return _back(key, source, target)
    if not chosen:
        return _page(key, source, target, mapping, set(), {"sprawy": "Zaznacz co najmniej jedną sprawę."}), 422
    try:
        left, moved = _part(chosen, target, mapping)
    except InputRejected as refused:
        return _page(key, source, target, mapping, {*chosen}, {"powod": refused.errors[0].message}), 422
    moved += int(request.form["_gotowe"]) if is_number(request.form.get("_gotowe", "")) else 0
    if left:
        return _underway(key, source, target, mapping, left, moved)
    flash(f"Przeniesione sprawy: {moved}.", "good")
    return _back(key, source, target)


@blueprint.post("/cofnij")
@needs(Right.PUBLISH)
def undo(key: str) -> ResponseReturnValue:
    """Take the move of one case back."""
    number = request.form.get("sprawa", "")
    with context.work() as work:
        migrations.undo(work, context.person(), InstanceId(int(number) if is_number(number) else 0))
    flash("Przeniesienie cofnięto: sprawa biegnie jak przedtem.", "good")
    return _back(key, _version("z"), _version("na"))


def _part(chosen: list[InstanceId], target: int, mapping: Mapping[str, str]) -> tuple[list[InstanceId], int]:
    """Move as many cases as fit into one part; the rest, and how many were moved."""
    reason, since, moved, left = request.form.get("powod", ""), time.monotonic(), 0, list(chosen)
    for done in migrations.migrate_each(context.parts().database, context.person(), chosen, target, mapping, reason):
        left.remove(done.instance)
        moved += not done.refusal
        if done.refusal:
            flash(f"{done.number}: {done.refusal}" if done.number else done.refusal, "bad")
        if time.monotonic() - since > PART:
            break
    return left, moved


def _page(
    key: str,
    source: int | None,
    target: int | None,
    mapping: Mapping[str, str],
    chosen: set[InstanceId] | None,
    errors: Mapping[str, str],
) -> str:
    with context.look() as work:
        found = looks.page(work, key, source, target)
        rows = migrations.plan(work, context.person(), key, found.source.version, found.target.version, mapping)
    proposed = {old: new for row in rows for old, new in row.mapping.items()}
    return draw(
        "migrations.html",
        key=key,
        found=found,
        rows=rows,
        words=WORDS,
        held=_held(rows),
        mapping={**proposed, **mapping},
        chosen={one.instance.id for one in rows if one.colour == "green"} if chosen is None else chosen,
        reason=request.form.get("powod", ""),
        errors=errors,
    )


def _underway(
    key: str,
    source: int | None,
    target: int,
    mapping: Mapping[str, str],
    left: list[InstanceId],
    moved: int,
) -> str:
    reason = request.form.get("powod", "")
    fields = [("z", source or ""), ("na", target), ("powod", reason), ("_gotowe", moved)]
    fields += [(f"{STEP}{old}", new) for old, new in mapping.items()]
    fields += [("sprawa", one) for one in left]
    return draw("migrating.html", key=key, fields=fields, moved=moved, left=len(left))


def _held(rows: Iterable[Row]) -> list[Held]:
    """Every step for which a step of the new version may be named, once."""
    return [*{one.place: one for row in rows for one in row.held}.values()]


def _mapping() -> dict[str, str]:
    return {name.removeprefix(STEP): to for name, to in request.form.items() if name.startswith(STEP) and to}


def _version(name: str) -> int | None:
    said = request.values.get(name, "")
    return int(said) if is_number(said) else None


def _back(key: str, source: int | None, target: int | None) -> ResponseReturnValue:
    return redirect(url_for("migrations.page", key=key, z=source, na=target))
