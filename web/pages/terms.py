"""The calculator of terms, and the rules, free days and hours that the administrator keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.access import Right
from engine.actions import term_rules as deeds
from engine.errors import AnswerError, InputRejected
from engine.model import Json
from engine.reading import term_rules
from engine.reading.term_rules import Reckoned
from engine.terms import DatesMissing, TermRefused
from web import context, dates
from web.guard import needs

blueprint = Blueprint("terms", __name__)
RULES = "/administracja/zasady-terminow"
DATE = "data."  # before the name of a variable that a rule asks for


@blueprint.get("/terminy/kalkulator")
@needs(Right.SIGNED_IN)
def calculator() -> ResponseReturnValue:
    """A term as it is counted, with its explanation; nothing is kept."""
    given = request.args.to_dict()
    found, errors = _reckoned(given) if "od" in given else (None, {})
    asked = dict.fromkeys([name for name in (*given, *errors) if name.startswith(DATE)])
    with context.look() as work:
        offered = term_rules.offered(work)
    return render_template(
        "terms_calculator.html",
        rules=offered,
        given=given,
        asked=[(name, _spoken(name.removeprefix(DATE))) for name in asked],
        found=found,
        errors=errors,
    ), (422 if errors else 200)


@blueprint.get(RULES)
@needs(Right.PEOPLE)
def rules() -> ResponseReturnValue:
    """The rules, and the form for a new one or for another row of one that is there."""
    return _page(_filled(request.args.get("zasada", "")), {})


@blueprint.post(RULES)
@needs(Right.PEOPLE)
def enter() -> ResponseReturnValue:
    """Enter a rule, or replace one from a day on."""
    given = request.form
    try:
        with context.work() as work:
            rule = deeds.enter(
                work,
                context.person(),
                name=given.get("name", ""),
                rule=given.get("rule", ""),
                statutory=given.get("statutory") == "tak",
                valid_from=dates.given(given.get("valid_from", ""), "valid_from"),
                reminder=given.get("reminder", ""),
                source=given.get("source", ""),
                text=given.get("text", ""),
                reason=given.get("reason", ""),
            )
    except InputRejected as refused:
        return _page(given.to_dict(), {one.field: one.message for one in refused.errors}), 422
    flash(f"Zasada „{rule.name}” została wpisana. Terminy policzone wcześniej się nie zmieniają.", "good")
    return redirect(url_for("terms.rules"))


@blueprint.post(f"{RULES}/wycofaj")
@needs(Right.PEOPLE)
def withdraw() -> ResponseReturnValue:
    """End a rule with this day."""
    name = request.form.get("name", "")
    with context.work() as work:
        deeds.withdraw(work, context.person(), name)
    flash(f"Zasada „{name}” została wycofana.", "good")
    return redirect(url_for("terms.rules"))


@blueprint.post(f"{RULES}/dni-wolne")
@needs(Right.PEOPLE)
def add_free_day() -> ResponseReturnValue:
    """Enter a free day of the centre."""
    given = request.form
    try:
        with context.work() as work:
            day = dates.given(given.get("day", ""), "day")
            deeds.add_free_day(work, context.person(), day=day, name=given.get("day_name", ""))
    except InputRejected as refused:
        return _page(given.to_dict(), {one.field: one.message for one in refused.errors}), 422
    flash("Dzień wolny ośrodka został wpisany. Terminy ustawowe się nie zmieniają.", "good")
    return redirect(url_for("terms.rules", _anchor="dni-wolne"))


@blueprint.post(f"{RULES}/dni-wolne/usun")
@needs(Right.PEOPLE)
def drop_free_day() -> ResponseReturnValue:
    """Take a free day of the centre out."""
    with context.work() as work:
        deeds.drop_free_day(work, context.person(), dates.given(request.form.get("day", ""), "day"))
    flash("Dzień nie jest już na liście dni wolnych ośrodka.", "good")
    return redirect(url_for("terms.rules", _anchor="dni-wolne"))


@blueprint.post(f"{RULES}/godziny")
@needs(Right.PEOPLE)
def set_hours() -> ResponseReturnValue:
    """Say when the centre works."""
    given = request.form
    try:
        with context.work() as work:
            deeds.set_hours(work, context.person(), opens=given.get("opens", ""), closes=given.get("closes", ""))
    except InputRejected as refused:
        return _page(given.to_dict(), {one.field: one.message for one in refused.errors}), 422
    flash("Godziny pracy zostały zapisane.", "good")
    return redirect(url_for("terms.rules", _anchor="godziny"))


def _page(given: Mapping[str, object], errors: Mapping[str, str]) -> str:
    with context.look() as work:
        page = term_rules.rules_page(work)
    return render_template("terms_rules.html", page=page, given=given, errors=errors)


def _reckoned(given: Mapping[str, str]) -> tuple[Reckoned | None, dict[str, str]]:
    """The term that was asked for, or what is wrong with the question."""
    words, field = (given.get("slowa", "").strip(), "slowa")
    if not words:
        words, field = given.get("zasada", ""), "zasada"
    try:
        if not words:
            raise InputRejected((AnswerError(field="zasada", message="Wybierz zasadę albo wpisz ją słowami."),))
        since, known = _since(given), _dates(given)
        with context.look() as work:
            return term_rules.reckon(work, words, since, known, own=given.get("wlasny") == "tak"), {}
    except InputRejected as refused:
        return None, {one.field: one.message for one in refused.errors}
    except DatesMissing as refused:
        return None, {f"{DATE}{name}": f"Podaj datę: {_spoken(name)}." for name in refused.missing}
    except TermRefused as refused:
        return None, {field: refused.message}


def _spoken(name: str) -> str:
    """A variable, for people who know nothing of variables."""
    return name.replace("_", " ")


def _since(given: Mapping[str, str]) -> datetime:
    """The day of the event and, for terms in hours, its time."""
    day = dates.given(given.get("od", ""), "od")
    if day is None:
        raise InputRejected((AnswerError(field="od", message="Podaj dzień zdarzenia."),))
    try:
        hour = time.fromisoformat(given.get("godzina", "").strip() or "00:00")
    except ValueError as cause:
        raise InputRejected((AnswerError(field="godzina", message="Podaj godzinę, na przykład 10:15."),)) from cause
    return datetime.combine(day, hour.replace(tzinfo=None), clock.WARSAW)


def _dates(given: Mapping[str, str]) -> dict[str, Json]:
    """The dates of the case, by the names of their variables."""
    found = {name: dates.given(text, name) for name, text in given.items() if name.startswith(DATE)}
    return {name.removeprefix(DATE): day.isoformat() for name, day in found.items() if day is not None}


def _filled(name: str) -> dict[str, object]:
    """The form with what holds now, so that one only says what changes."""
    with context.look() as work:
        rule = term_rules.latest(work, name) if name else None
    if rule is None:
        return {}
    given = {"name": rule.name, "rule": rule.rule, "reminder": rule.reminder, "source": rule.source, "text": rule.text}
    return {**given, "statutory": "tak" if rule.statutory else "", "replaces": rule.name}
