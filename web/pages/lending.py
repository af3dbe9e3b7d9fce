"""Deeds on one task that change who has it for a while, and how urgent it is."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import lending, priorities
from engine.errors import InputRejected
from engine.model import TaskId
from web import context
from web.guard import needs

blueprint = Blueprint("lending", __name__, url_prefix="/zadania/<int:task>")


@blueprint.post("/zwroc")
@needs(Right.SIGNED_IN)
def give_back(task: int) -> ResponseReturnValue:
    """Give a lent task back to its owner."""
    with context.work() as work:
        done = lending.give_back(work, context.person(), TaskId(task), request.form.get("notatka", ""))
    flash(f"Zadanie „{done.name}” wróciło do: {done.person_name or 'zespół'}.", "good")
    return redirect(url_for("tasks.mine"))


@blueprint.post("/odbierz")
@needs(Right.SIGNED_IN)
def fetch(task: int) -> ResponseReturnValue:
    """Take a lent task back from a colleague."""
    with context.work() as work:
        done = lending.fetch(work, context.person(), TaskId(task))
    flash(f"Zadanie „{done.name}” ma teraz: {done.person_name or 'zespół'}.", "good")
    return redirect(url_for("task.page", task=task))


@blueprint.post("/pilnosc")
@needs(Right.SIGNED_IN)
def prioritise(task: int) -> ResponseReturnValue:
    """Say how urgent a task is."""
    given = request.form
    try:
        with context.work() as work:
            priorities.prioritise(
                work, context.person(), TaskId(task), given.get("pilnosc", ""), given.get("powod", "")
            )
    except InputRejected as refused:
        flash(" ".join(one.message for one in refused.errors), "bad")
    else:
        flash("Pilność zadania została zmieniona.", "good")
    return redirect(url_for("task.page", task=task))
