"""A case that stands still: what happened, and the ways on."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import incidents, instances
from engine.errors import AnswerError, InputRejected, StepFailed
from engine.model import InstanceId, Json
from engine.reading import incidents as looks
from web import context, dates
from web.guard import needs
from web.render import page as draw

blueprint = Blueprint("incidents", __name__, url_prefix="/sprawy/<int:instance>/zatrzymanie")

KINDS = {"text": "tekst", "number": "liczba", "switch": "tak albo nie", "day": "data", "list": "lista", "none": "puste"}
NUMBER = re.compile(r"-?\d{1,15}(?:[.,]\d{1,10})?")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
SWITCH = {"tak": True, "nie": False}
WANTED = {
    "number": "Podaj liczbę, na przykład 1500.",
    "switch": "Wpisz: tak albo nie.",
    "day": "Podaj datę, na przykład 21.11.2026.",
}


@blueprint.get("")
@needs(Right.PEOPLE)
def page(instance: int) -> ResponseReturnValue:
    """What stopped the case, and what can be done; `dana` names the variable to correct."""
    return _page(instance, {}, {}, variable=request.args.get("dana", ""))


@blueprint.post("/wznow")
@needs(Right.PEOPLE)
def retry(instance: int) -> ResponseReturnValue:
    """Let it run again from where it stands."""
    try:
        context.deed(
            lambda work: incidents.retry(work, context.person(), InstanceId(instance), _said("powod")),
            instance=InstanceId(instance),
        )
    except InputRejected as refused:
        return _page(instance, _given("retry"), _errors(refused, "retry")), 422
    except StepFailed as failure:
        return _page(instance, _given("retry"), {"": f"Sprawa nadal stoi. {failure.message}"}), 409
    return _on(instance, "Sprawa została wznowiona.")


@blueprint.post("/przenies")
@needs(Right.PEOPLE)
def skip(instance: int) -> ResponseReturnValue:
    """Let it go on with another step."""
    key, _, target = _said("droga").partition(" ")
    try:
        if not target:
            raise InputRejected((AnswerError(field="droga", message="Wybierz krok, od którego sprawa ma iść dalej."),))
        context.deed(
            lambda work: incidents.skip(work, context.person(), InstanceId(instance), key, target, _said("powod"))
        )
    except InputRejected as refused:
        return _page(instance, _given("skip"), _errors(refused, "skip")), 422
    except StepFailed as failure:
        return _page(instance, _given("skip"), {"": f"Stamtąd sprawa też nie pójdzie dalej. {failure.message}"}), 409
    return _on(instance, "Sprawa idzie dalej od wybranego kroku.")


@blueprint.post("/dane")
@needs(Right.PEOPLE)
def assign(instance: int) -> ResponseReturnValue:
    """Give one of its variables another value."""
    try:
        value = _value(_said("rodzaj"), _said("wartosc"))
        with context.work() as work:
            incidents.assign(
                work, context.person(), InstanceId(instance), _said("gdzie"), _said("nazwa"), value, _said("powod")
            )
    except InputRejected as refused:
        return _page(instance, _given("assign"), _errors(refused, "assign")), 422
    flash("Dana została zmieniona. Teraz możesz wznowić sprawę.", "good")
    return redirect(url_for("incidents.page", instance=instance))


@blueprint.post("/anuluj")
@needs(Right.PEOPLE)
def cancel(instance: int) -> ResponseReturnValue:
    """End it before its time."""
    try:
        with context.work() as work:
            instances.cancel(work, context.person(), InstanceId(instance), _said("powod"))
    except InputRejected as refused:
        return _page(instance, _given("cancel"), _errors(refused, "cancel")), 422
    return _on(instance, "Sprawa została anulowana. Otwarte zadania zniknęły z list.")


def _on(instance: int, text: str) -> ResponseReturnValue:
    flash(text, "good")
    return redirect(url_for("instance.page", instance=instance))


def _page(instance: int, given: dict[str, str], errors: dict[str, str], variable: str = "") -> str:
    with context.look() as work:
        found = looks.page(work, context.person(), InstanceId(instance))
    known = {**found.reads, **found.variables}
    if variable in known:
        kind, text = _typed(known[variable]) or ("text", "")
        given = {"deed": "assign", "nazwa": variable, "rodzaj": kind, "wartosc": text}
    simple = {name for name, value in (found.reads or found.variables).items() if _typed(value)}
    return draw("incident.html", found=found, given=given, errors=errors, kinds=KINDS, simple=simple)


def _given(deed: str) -> dict[str, str]:
    return {**request.form.to_dict(), "deed": deed}


def _said(name: str) -> str:
    return request.form.get(name, "").strip()


def _errors(refused: InputRejected, deed: str) -> dict[str, str]:
    """The sentences by the id of the field; each form has a reason of its own."""
    return {f"powod-{deed}" if one.field == "powod" else one.field: one.message for one in refused.errors}


def _typed(value: Json) -> tuple[str, str] | None:
    """The kind of a value and how it is typed in; None for what has no such kind."""
    if isinstance(value, bool):
        return "switch", "tak" if value else "nie"
    if isinstance(value, int | float):
        return "number", str(value).removesuffix(".0").replace(".", ",")
    if isinstance(value, list):
        lines = [one for one in value if isinstance(one, str)]
        return ("list", "\n".join(lines)) if len(lines) == len(value) else None
    if value is None or not isinstance(value, str):
        return ("text", "") if value is None else None
    found = DAY.fullmatch(value)
    return ("day", ".".join(reversed(found.groups()))) if found else ("text", value)


def _value(kind: str, text: str) -> Json:
    """What was typed, as the kind says.

    Raises:
        InputRejected: when it is no value of that kind.
    """
    if kind == "number" and NUMBER.fullmatch(text.replace(" ", "").replace("\u00a0", "")):
        plain = text.replace(" ", "").replace("\u00a0", "").replace(",", ".")
        return float(plain) if "." in plain else int(plain)
    if kind == "switch" and text.lower() in SWITCH:
        return SWITCH[text.lower()]
    if kind == "day" and (found := dates.given(text, "wartosc")) is not None:
        return found.isoformat()
    if kind == "list":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if kind == "none":
        return None
    if kind == "text":
        return text
    field = "wartosc" if kind in WANTED else "rodzaj"
    raise InputRejected((AnswerError(field=field, message=WANTED.get(kind, "Wybierz rodzaj wartości.")),))
