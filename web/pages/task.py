"""One task: read what came before, fill in the form, hand it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import lending, repeats, tasks
from engine.errors import AnswerError, AnswersRejected, Conflict, EngineError, NotFound, StepFailed
from engine.forms import answers
from engine.model import InstanceId, Json, PersonId, TaskId, TaskState
from engine.reading import papers
from engine.reading import tasks as looks
from engine.reading.views import TaskPage
from web import context, fields, problems, rows, uploads
from web.guard import needs
from web.problems import status_of
from web.render import page as draw

blueprint = Blueprint("task", __name__, url_prefix="/zadania/<int:task>")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def page(task: int) -> ResponseReturnValue:
    """The task with its form, what came before and who acts next."""
    wanted = request.args.get("szkic", "")
    with context.look() as work:
        draft_of = PersonId(int(wanted)) if rows.is_number(wanted) else None
        found = looks.page(work, context.person(), TaskId(task), draft_of=draft_of)
    return _draw(found, group=request.args.get("dodaj", ""))


@blueprint.post("/wez")
@needs(Right.SIGNED_IN)
def claim(task: int) -> ResponseReturnValue:
    """Take it from the team."""
    with context.work() as work:
        tasks.claim(work, context.person(), TaskId(task))
    return redirect(url_for("task.page", task=task))


@blueprint.post("/oddaj")
@needs(Right.SIGNED_IN)
def release(task: int) -> ResponseReturnValue:
    """Give it back to the team."""
    with context.work() as work:
        done = tasks.release(work, context.person(), TaskId(task))
    flash(f"Zadanie „{done.name}” wróciło do zespołu.", "good")
    return redirect(url_for("tasks.mine"))


@blueprint.post("/przekaz")
@needs(Right.SIGNED_IN)
def delegate(task: int) -> ResponseReturnValue:
    """Hand it to a colleague."""
    with context.work() as work:
        done = tasks.delegate(
            work,
            context.person(),
            TaskId(task),
            request.form.get("komu", ""),
            returns=request.form.get("wroc") == "tak",
            note=request.form.get("notatka", ""),
        )
    flash(f"Zadanie „{done.name}” ma teraz {done.person_name}.", "good")
    return redirect(url_for("tasks.mine"))


@blueprint.post("/szkic")
@needs(Right.SIGNED_IN)
def draft(task: int) -> ResponseReturnValue:
    """Keep what was typed; answers with a sentence for the note beside the button."""
    try:
        _save(task, request.form.to_dict(flat=False))
    except EngineError as refused:
        return jsonify(message=refused.message), status_of(refused)
    with context.look() as work:
        others = looks.other_drafts(work, context.person(), TaskId(task))
    warning = f" Szkic tego zadania zapisała też osoba: {', '.join(others)}. Odśwież stronę." if others else ""
    return jsonify(message=f"Szkic zapisany przed chwilą.{warning}")


@blueprint.post("/wykonaj")
@needs(Right.SIGNED_IN)
def complete(task: int) -> ResponseReturnValue:
    """Finish the task, or do what one of the form's other buttons says; nothing typed is ever lost."""
    person, target = context.person(), url_for("task.page", task=task)
    form_fields = request.form.to_dict(flat=False)
    button = rows.pressed(form_fields)
    if button is not None:
        _save(task, rows.without(form_fields, button))
        more = button.group if button.row is None else None
        return redirect(url_for("task.page", task=task, dodaj=more) + f"#pole-{button.group}")
    refused = uploads.keep(person, TaskId(task))
    if "_plik_usun" in form_fields:
        _save(task, form_fields)
        uploads.drop(person, form_fields["_plik_usun"][0])
        return redirect(target)
    raw = _raw(task, form_fields)
    if refused:
        return _again(task, raw, refused), 422
    if "_szkic" in form_fields:
        _save(task, form_fields)
        flash("Szkic został zapisany. Możesz do niego wrócić w każdej chwili.", "good")
        return redirect(target)
    if "_zwroc" in form_fields:
        return _give_back(task, form_fields)
    return _complete(task, raw)


@blueprint.get("/wydruk")
@needs(Right.SIGNED_IN)
def print_page(task: int) -> ResponseReturnValue:
    """The form as a document, for the browser's print."""
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
        values = papers.values(found)
    chapters = fields.chapters(found.form, values, found.past) if found.form else ()
    return draw("paper.html", found=found, chapters=chapters)


@blueprint.get("/dokument.pdf")
@needs(Right.SIGNED_IN)
def pdf(task: int) -> ResponseReturnValue:
    """The form as a tagged PDF with the centre's head."""
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
        data = papers.task(work, found)
    answer = make_response(data)
    answer.headers["Content-Type"] = "application/pdf"
    name = f"{found.form.key if found.form else 'zadanie'}-{task}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _give_back(task: int, form_fields: Mapping[str, Sequence[str]]) -> ResponseReturnValue:
    """Keep the colleague's part as a draft and let the owner go on."""
    _save(task, form_fields)
    with context.work() as work:
        done = lending.give_back(work, context.person(), TaskId(task))
    flash(f"Twoja część jest zapisana. Zadanie „{done.name}” wróciło do: {done.person_name or 'zespół'}.", "good")
    return redirect(url_for("tasks.mine"))


def _complete(task: int, raw: dict[str, object]) -> ResponseReturnValue:
    person = context.person()
    with context.look() as work:
        instance = looks.page(work, person, TaskId(task)).task.instance

    def do(work: context.Work) -> Json:
        done = tasks.complete(work, person, TaskId(task), raw)
        return {"instance": int(done.instance), "finished": done.finished}

    try:
        context.deed(
            lambda work: repeats.once(work, person, context.repeat_key(), f"complete {task}", lambda: do(work)),
            instance=instance,
        )
    except AnswersRejected as refused:
        return _again(task, raw, refused.errors), 422
    except StepFailed:
        context.keep_draft(person, TaskId(task), raw)
        raise
    except Conflict as refused:
        context.keep_draft(person, TaskId(task), raw)
        context.catch_up(instance)
        return _too_late(task, raw, refused), 409
    return _onward(instance)


def _too_late(task: int, raw: Mapping[str, object], refused: Conflict) -> str:
    """Somebody was first: what was typed is shown once more, so that it can be copied.

    Raises:
        Conflict: the same, when this person may no longer see the task.
    """
    try:
        with context.look() as work:
            found = replace(looks.page(work, context.person(), TaskId(task)), raw=raw)
            values = papers.typed(found)
    except NotFound:
        raise refused from None
    chapters = fields.chapters(found.form, values, found.context) if found.form else ()
    return draw("problem.html", title=problems.TITLES[409], text=refused.message, chapters=chapters)


def _onward(instance: InstanceId) -> ResponseReturnValue:
    """To the next own task of the same case, else to the list; either way it is said who acts now."""
    person = context.person()
    with context.look() as work:
        found = looks.waiting_in(work, person, instance)
    if found.finished:
        flash("Zadanie wykonane. Sprawa jest zakończona.", "good")
    elif found.next:
        flash("Zadanie wykonane. Teraz: " + "; ".join(f"{one.name} – {one.role}" for one in found.next) + ".", "good")
    else:
        flash("Zadanie wykonane. Sprawa czeka na termin.", "good")
    if len(found.mine) == 1:
        return redirect(url_for("task.page", task=found.mine[0].id))
    return redirect(url_for("tasks.mine"))


def _again(task: int, raw: Mapping[str, object], errors: tuple[AnswerError, ...]) -> str:
    """The same form with what was typed and what is wrong; what was typed is kept as a draft too."""
    context.keep_draft(context.person(), TaskId(task), raw)
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
    return _draw(replace(found, raw=raw), errors)


def _draw(found: TaskPage, errors: tuple[AnswerError, ...] = (), group: str = "") -> str:
    raw, form = found.raw, found.form
    if form is not None and group:
        raw = fields.with_blank_row(form, raw, found.context, group)
    answered = form is not None and found.task.state is not TaskState.OPEN and bool(found.raw)
    return draw(
        "task.html",
        found=found,
        shown=fields.of(form, raw, found.context, errors) if form else None,
        own=fields.chapters(form, found.raw, found.past) if form and answered else (),
        earlier=fields.said([one for one in found.earlier if one.answers.task != found.task.id], found.past),
        returned=fields.returned(found.earlier, found.task.form_key) if found.task.state is TaskState.OPEN else None,
    )


def _raw(task: int, form_fields: Mapping[str, Sequence[str]]) -> dict[str, object]:
    with context.look() as work:
        form = looks.page(work, context.person(), TaskId(task)).form
    return answers.from_html(form, form_fields) if form else {}


def _save(task: int, form_fields: Mapping[str, Sequence[str]]) -> None:
    raw = _raw(task, form_fields)
    with context.work() as work:
        tasks.save_draft(work, context.person(), TaskId(task), raw)
