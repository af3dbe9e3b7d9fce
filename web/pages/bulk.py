"""Deeds on many tasks: ask for what is missing, run in parts that can be stopped, tell what came of each."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Mapping

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import bulk
from engine.actions.bulk import Done
from engine.errors import AnswerError, InputRejected, NotFound
from engine.model import TaskId
from engine.reading import bulk as looks
from engine.reading import overdue, overdue_lists
from web import context, dates
from web.guard import needs
from web.render import page as draw
from web.rows import is_number

blueprint = Blueprint("bulk", __name__, url_prefix="/terminy/zbiorczo")

PART = 1.0  # seconds of work before the page answers with how far it has come
REMIND, REASSIGN, POSTPONE = "przypomnij", "przekaz", "przesun"
DEEDS = {REMIND: "Przypomnij", REASSIGN: "Przekaż", POSTPONE: "Przesuń termin"}
LEAST = "*"  # in place of a login
KEPT = ("_key", "wroc", "komu", "dzien", "powod")  # fields that go from part to part


@blueprint.post("")
@needs(Right.OVERSEE)
def run() -> ResponseReturnValue:
    """Do the chosen deed, or ask for what it needs; after a second of work the page tells how far it is."""
    deed, chosen = request.form.get("czynnosc", ""), _chosen()
    if "_zatrzymaj" in request.form:
        flash("Zatrzymano. To, co już zrobiono, zostaje.", "warning")
        return redirect(_results())
    if deed not in DEEDS or not chosen:
        flash("Zaznacz na liście co najmniej jedno zadanie.", "warning")
        return redirect(_back())
    if len(chosen) > bulk.MOST:
        flash(f"Naraz można zaznaczyć najwyżej {bulk.MOST} zadań.", "warning")
        return redirect(_back())
    if deed != REMIND and "_wykonaj" not in request.form:
        return _ask(deed, chosen, {})
    try:
        left = _part(_begun(deed, chosen), chosen)
    except InputRejected as refused:
        return _ask(deed, chosen, {_FIELDS.get(one.field, ""): one.message for one in refused.errors}), 422
    return _underway(deed, chosen, left) if left else redirect(_results())


@blueprint.post("/osoba")
@needs(Right.OVERSEE)
def remind_person() -> ResponseReturnValue:
    """Remind one person, or the teams, of everything that is late."""
    person = request.form.get("osoba", "")
    with context.look() as work:
        wanted = overdue_lists.asked({"person": person})
        chosen = overdue_lists.late_ids(work, wanted, bulk.MOST) if wanted.person else ()
    if not chosen:
        flash("Ta osoba nie ma zadań po terminie.", "warning")
        return redirect(url_for("deadlines.page"))
    left = _part(_begun(REMIND, chosen), chosen)
    return _underway(REMIND, chosen, left) if left else redirect(_results())


@blueprint.get("/<key>")
@needs(Right.OVERSEE)
def results(key: str) -> ResponseReturnValue:
    """What came of each task."""
    with context.look() as work:
        found = looks.results(work, context.person(), key[: bulk.KEY_LIMIT])
    if not found:
        raise NotFound("Nie ma wyników tej czynności: mogły się już przedawnić. Wróć na stronę Terminy.")
    return draw(
        "bulk_results.html",
        done=[one for one in found if not one.refusal],
        refused=[one for one in found if one.refusal],
        back=_back(),
    )


_FIELDS = {"reason": "powod", "new_end": "dzien", "day": "dzien", "to": "komu"}


def _begun(deed: str, chosen: tuple[TaskId, ...]) -> Iterator[Done]:
    database, by, key = context.parts().database, context.person(), _key()
    if deed == REMIND:
        return bulk.remind_each(database, by, chosen, key)
    if deed == REASSIGN:
        login = request.form.get("komu", "")
        if not login:
            raise InputRejected((AnswerError(field="to", message="Wybierz, komu przekazać zadania."),))
        return bulk.reassign_each(database, by, chosen, _receivers(chosen, login), key)
    day = dates.given(request.form.get("dzien", ""), "new_end")
    if day is None:
        raise InputRejected((AnswerError(field="new_end", message="Podaj nowy termin, na przykład 21.12.2026."),))
    reason = request.form.get("powod", "")
    return bulk.postpone_each(database, by, chosen, new_end=day, reason=reason, key=key)


def _receivers(chosen: tuple[TaskId, ...], login: str) -> Mapping[TaskId, str]:
    """One person for all, or each task to whoever has least to do."""
    if login != LEAST:
        return dict.fromkeys(chosen, login)
    with context.look() as work:
        known = {one.line.id for one in overdue_lists.chosen(work, chosen)}
        return looks.shared_out(work, [one for one in chosen if one in known])


def _part(deeds: Iterator[Done], chosen: tuple[TaskId, ...]) -> tuple[TaskId, ...]:
    """Do as many as fit into one part; those that are left."""
    since, left = time.monotonic(), list(chosen)
    for done in deeds:
        left.remove(done.task)
        if time.monotonic() - since > PART:
            break
    with context.look() as work:
        overdue.forget(work)
    return tuple(left)


def _ask(deed: str, chosen: tuple[TaskId, ...], errors: dict[str, str]) -> str:
    with context.look() as work:
        rows = overdue_lists.chosen(work, chosen)
        receivers = looks.receivers(work, [one.line.id for one in rows]) if deed == REASSIGN else ()
    return draw(
        "bulk_ask.html",
        deed=deed,
        label=DEEDS[deed],
        rows=rows,
        receivers=receivers,
        least=LEAST,
        errors=errors,
        said=request.form,
        key=_key(),
        back=_back(),
    )


def _underway(deed: str, chosen: tuple[TaskId, ...], left: tuple[TaskId, ...]) -> str:
    before = request.form.get("_gotowe", "")
    ready = (int(before) if is_number(before) else 0) + len(chosen) - len(left)
    fields = [("czynnosc", deed), ("_gotowe", ready), *((name, request.form.get(name, "")) for name in KEPT)]
    fields = [(name, _key() if name == "_key" else value) for name, value in fields]
    return draw("bulk_running.html", label=DEEDS[deed], fields=fields, left=left, ready=ready)


def _chosen() -> tuple[TaskId, ...]:
    return tuple(dict.fromkeys(TaskId(int(one)) for one in request.form.getlist("zadanie") if is_number(one)))


def _key() -> str:
    """The key of this deed: what the form brought, else a new one that lives as long as the request."""
    said = request.form.get("_key", "")
    if said.isalnum() and len(said) <= bulk.KEY_LIMIT:
        return said
    found: str = request.environ.setdefault("bieg.bulk_key", uuid.uuid4().hex)
    return found


def _results() -> str:
    return url_for("bulk.results", key=_key(), wroc=_back())


def _back() -> str:
    """The list one came from; only pages about terms."""
    said = request.values.get("wroc", "")
    return said if said.startswith("/terminy") and "\\" not in said else url_for("deadlines.page")
