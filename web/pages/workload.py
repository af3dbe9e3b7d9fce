"""The team: what waits in its roles, how much everybody has to do, and the norms of workload."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import ROLES, Right
from engine.actions import norms, tasks
from engine.errors import EngineError, InputRejected
from engine.model import TaskId
from engine.reading import workload
from web import context, dates, rows
from web.guard import needs

blueprint = Blueprint("workload", __name__, url_prefix="/zespol")


@blueprint.get("")
@needs(Right.OVERSEE)
def team() -> ResponseReturnValue:
    """What waits in each role; of the chosen one the free tasks, to be given to somebody."""
    role = request.args.get("rola", "")
    with context.look() as work:
        found = workload.team(work, role=role, after=request.args.get("od", ""))
    return render_template("team.html", found=found)


@blueprint.post("/przydziel")
@needs(Right.OVERSEE)
def assign() -> ResponseReturnValue:
    """Give a free task to somebody."""
    given = request.form
    target = redirect(url_for("workload.team", rola=given.get("rola", "") or None))
    if not rows.is_number(given.get("zadanie", "")) or not given.get("komu"):
        flash("Wybierz osobę, która ma wykonać zadanie.", "bad")
        return target
    try:
        with context.work() as work:
            done = tasks.delegate(work, context.person(), TaskId(int(given["zadanie"])), given["komu"])
    except EngineError as refused:
        flash(refused.message, "bad")
    else:
        flash(f"Zadanie „{done.name}” ma teraz {done.person_name}.", "good")
    return target


@blueprint.get("/obciazenie")
@needs(Right.OVERSEE)
def load() -> ResponseReturnValue:
    """Everybody's cases, tasks and hours beside the norms."""
    with context.look() as work:
        found = workload.page(work, month=_month(request.args.get("miesiac", "")), unit=request.args.get("komorka", ""))
        units = workload.units(work)
    return render_template("workload.html", found=found, units=units)


@blueprint.get("/normy")
@needs(Right.OVERSEE)
def norms_page() -> ResponseReturnValue:
    """The norms with their sources, and the form for a new one."""
    return _norms({}, {})


@blueprint.post("/normy")
@needs(Right.OVERSEE)
def set_norm() -> ResponseReturnValue:
    """Set a norm from a day on."""
    given = request.form
    cases = given.get("kind") == "cases"
    try:
        with context.work() as work:
            norms.set_norm(
                work,
                context.person(),
                kind="cases" if cases else "hours",
                subject=given.get("role" if cases else "subject", ""),
                value=given.get("value", ""),
                since=dates.given(given.get("since", ""), "since"),
                source=given.get("source", ""),
            )
    except InputRejected as refused:
        return _norms(given.to_dict(), {one.field: one.message for one in refused.errors}), 422
    flash("Norma została zapisana.", "good")
    return redirect(url_for("workload.norms_page"))


def _norms(given: dict[str, str], errors: dict[str, str]) -> str:
    with context.look() as work:
        found = workload.norms_page(work)
    return render_template("norms.html", found=found, roles=ROLES, given=given, errors=errors)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
