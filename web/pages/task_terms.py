"""The term of one task: postpone it, suspend it, delay it with a notice, put the task aside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right, may_change_terms
from engine.actions import follow_ups, task_terms
from engine.errors import AnswerError, InputRejected, NotAllowed
from engine.model import Task, TaskId
from engine.reading import task_terms as looks
from web import context, dates
from web.guard import needs
from web.render import page as draw

blueprint = Blueprint("task_terms", __name__, url_prefix="/zadania/<int:task>/termin")

Given = dict[str, str]


@blueprint.get("")
@needs(Right.SIGNED_IN)
def page(task: int) -> ResponseReturnValue:
    """What can be done about the term, each deed with its form."""
    return _page(task, {"deed": request.args.get("co", "")}, {})


@blueprint.post("/przesun")
@needs(Right.SIGNED_IN)
def postpone(task: int) -> ResponseReturnValue:
    """Give a term of the centre's own another end."""

    def do(work: context.Work) -> str:
        done = task_terms.postpone(
            work, context.person(), TaskId(task), new_end=_day("nowy_termin"), reason=_said("powod")
        )
        return f"Termin zadania „{done.name}” został przesunięty."

    return _do(task, "postpone", do)


@blueprint.post("/wstrzymaj")
@needs(Right.SIGNED_IN)
def suspend(task: int) -> ResponseReturnValue:
    """Stop the term."""

    def do(work: context.Work) -> str:
        done = task_terms.suspend(
            work,
            context.person(),
            TaskId(task),
            reason=_said("powod"),
            basis=_said("podstawa"),
            whole_case=_said("cala_sprawa") == "tak",
        )
        return _told(done, "Bieg terminu jest wstrzymany.", "Wstrzymano terminy wszystkich otwartych zadań sprawy")

    return _do(task, "suspend", do)


@blueprint.post("/podejmij")
@needs(Right.SIGNED_IN)
def resume(task: int) -> ResponseReturnValue:
    """Let the term run on."""

    def do(work: context.Work) -> str:
        whole = _said("cala_sprawa") == "tak"
        done = task_terms.resume(work, context.person(), TaskId(task), reason=_said("powod"), whole_case=whole)
        return _told(done, "Termin znowu biegnie.", "Podjęto terminy wszystkich otwartych zadań sprawy")

    return _do(task, "resume", do)


@blueprint.post("/wroc")
@needs(Right.SIGNED_IN)
def follow_up(task: int) -> ResponseReturnValue:
    """Put the task aside until a day, or take it back to the list."""
    back = url_for("task.page", task=task)
    try:
        day = dates.given(_said("wroc"), "wroc")
        with context.work() as work:
            done = follow_ups.follow_up(work, context.person(), TaskId(task), day)
    except InputRejected as refused:
        flash(refused.errors[0].message, "bad")
        return redirect(f"{back}#wroc")
    flash(
        "Zadanie odłożone. Przypomnimy o nim w wybranym dniu." if done.follow_up_at else "Zadanie jest na liście.",
        "good",
    )
    return redirect(back)


@blueprint.get("/zawiadomienie")
@needs(Right.SIGNED_IN)
def notice(task: int) -> ResponseReturnValue:
    """Asks for the reason and the new term of a notice under art. 36 KPA."""
    return _notice(task, {}, {})


@blueprint.post("/zawiadomienie")
@needs(Right.SIGNED_IN)
def delay(task: int) -> ResponseReturnValue:
    """Draft the notice, or keep it with the new term."""
    given = request.form.to_dict()
    try:
        day = _day("nowy_termin")
        if _said("zapisz") != "tak":
            with context.look() as work:
                found = looks.page(work, context.person(), TaskId(task))
                text = task_terms.notice_for(work, context.person(), found.task, new_end=day, reason=_said("powod"))
            return _notice(task, {**given, "tresc": text}, {})
        with context.work() as work:
            kept = task_terms.delay(
                work,
                context.person(),
                TaskId(task),
                new_end=day,
                reason=_said("powod"),
                basis=task_terms.ART_36,
                text=request.form.get("tresc", ""),
            )
            change = looks.term_history(work, kept.id)[-1]
    except InputRejected as refused:
        return _notice(task, given, _errors(refused)), 422
    flash("Nowy termin zapisany. Wydrukuj zawiadomienie i wyślij je stronom.", "good")
    return redirect(url_for("task_terms.letter", task=task, change=change.id))


@blueprint.get("/zawiadomienie/<int:change>")
@needs(Right.SIGNED_IN)
def letter(task: int, change: int) -> ResponseReturnValue:
    """A kept notice, for the browser's print."""
    with context.look() as work:
        found = looks.notice(work, context.person(), TaskId(task), change)
    return draw("term_letter.html", found=found, task=found.task)


@blueprint.get("/zawiadomienie/<int:change>.pdf")
@needs(Right.SIGNED_IN)
def letter_pdf(task: int, change: int) -> ResponseReturnValue:
    """The same as a tagged PDF with the centre's head."""
    with context.look() as work:
        found = looks.notice(work, context.person(), TaskId(task), change)
    answer = make_response(looks.notice_pdf(found))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="zawiadomienie-{task}-{change}.pdf"'
    return answer


def _do(task: int, deed: str, do: Callable[[context.Work], str]) -> ResponseReturnValue:
    """One deed in one transaction, then back to the task; what does not fit is told at its field."""
    try:
        with context.work() as work:
            told = do(work)
    except InputRejected as refused:
        return _page(task, {**request.form.to_dict(), "deed": deed}, _errors(refused)), 422
    flash(told, "good")
    return redirect(url_for("task.page", task=task))


def _page(task: int, given: Given, errors: Given) -> str:
    found = _found(task)
    return draw("term.html", found=found, task=found.task, given=given, errors=errors, bases=task_terms.BASES)


def _notice(task: int, given: Given, errors: Given) -> str:
    found = _found(task)
    return draw("term_notice.html", found=found, task=found.task, given=given, errors=errors)


def _found(task: int) -> looks.TermPage:
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
    if not may_change_terms(context.person()):
        raise NotAllowed("Termin zadania zmienia kierownik ośrodka albo administrator.")
    return found


def _told(done: tuple[Task, ...], one: str, many: str) -> str:
    return one if len(done) == 1 else f"{many} ({len(done)})."


def _day(field: str) -> date:
    found = dates.given(_said(field), field)
    if found is None:
        raise InputRejected((AnswerError(field=field, message="Podaj nowy termin, na przykład 21.12.2026."),))
    return found


def _said(name: str) -> str:
    return request.form.get(name, "").strip()


def _errors(refused: InputRejected) -> Given:
    return {one.field: one.message for one in refused.errors}
