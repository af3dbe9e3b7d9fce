"""One case: diagram, steps, documents, journal."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import instances, offers
from engine.errors import InputRejected
from engine.model import InstanceId
from engine.reading import instances as looks
from engine.reading import papers
from web import context, fields
from web.guard import needs
from web.render import page as draw

blueprint = Blueprint("instance", __name__, url_prefix="/sprawy/<int:instance>")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def page(instance: int) -> ResponseReturnValue:
    """Everything about the case on one page."""
    return _page(instance, {})


@blueprint.get("/wydruk.pdf")
@needs(Right.SIGNED_IN)
def pdf(instance: int) -> ResponseReturnValue:
    """The case as a PDF with its diagram and steps."""
    with context.look() as work:
        data = papers.case(work, context.person(), InstanceId(instance))
    answer = make_response(data)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="sprawa-{instance}.pdf"'
    return answer


@blueprint.post("/anuluj")
@needs(Right.START)
def cancel(instance: int) -> ResponseReturnValue:
    """End the case before its time, with a reason."""
    try:
        with context.work() as work:
            instances.cancel(work, context.person(), InstanceId(instance), request.form.get("powod", ""))
    except InputRejected as refused:
        return _page(instance, {one.field: one.message for one in refused.errors}), 422
    flash("Sprawa została anulowana. Otwarte zadania zniknęły z list.", "good")
    return redirect(url_for("instance.page", instance=instance))


@blueprint.post("/czynnosci/<element>")
@needs(Right.SIGNED_IN)
def take_up(instance: int, element: str) -> ResponseReturnValue:
    """Begin what an ad-hoc sub-process offers, or end it."""
    key, ends = request.form.get("klucz", ""), request.form.get("zakoncz") == "1"
    do = offers.close if ends else offers.take_up
    context.deed(
        lambda work: do(work, context.person(), InstanceId(instance), key, element), instance=InstanceId(instance)
    )
    flash("Zakończono." if ends else "Rozpoczęto. Zadanie jest na liście poniżej.", "good")
    return redirect(url_for("instance.page", instance=instance))


def _page(instance: int, errors: dict[str, str]) -> str:
    with context.look() as work:
        found = looks.page(work, context.person(), InstanceId(instance))
    documents = fields.said(found.answers, found.context)
    return draw("instance.html", found=found, documents=documents, errors=errors)
