"""One task: read what came before, fill in the form, hand it on."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import repeats, tasks
from engine.documents import answers_pdf
from engine.errors import AnswerError, AnswersRejected, Conflict, EngineError, StepFailed
from engine.forms import answers
from engine.model import InstanceId, Json, TaskId
from engine.reading import centre, papers
from engine.reading import tasks as looks
from engine.reading.views import TaskPage
from web import context, uploads
from web.guard import needs
from web.render import page as draw

blueprint = Blueprint("task", __name__, url_prefix="/zadania/<int:task>")


@blueprint.get("")
@needs(Right.SIGNED_IN)
def page(task: int) -> ResponseReturnValue:
    """The task with its form, what came before and who acts next."""
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
    return _draw(found)


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
        done = tasks.delegate(work, context.person(), TaskId(task), request.form.get("komu", ""))
    flash(f"Zadanie „{done.name}” ma teraz {done.person_name}.", "good")
    return redirect(url_for("tasks.mine"))


@blueprint.post("/szkic")
@needs(Right.SIGNED_IN)
def draft(task: int) -> ResponseReturnValue:
    """Keep what was typed; answers with a sentence for the note beside the button."""
    raw = _raw(task)
    try:
        with context.work() as work:
            tasks.save_draft(work, context.person(), TaskId(task), raw)
    except EngineError as refused:
        return jsonify(message=refused.message), 409
    return jsonify(message="Szkic zapisany przed chwilą.")


@blueprint.post("/wykonaj")
@needs(Right.SIGNED_IN)
def complete(task: int) -> ResponseReturnValue:
    """Finish the task, or one of the form's helping buttons: add a row, remove a row, save the draft."""
    person, raw = context.person(), _raw(task)
    if changed := answers.row_button(request.form, raw):
        with context.work() as work:
            tasks.save_draft(work, person, TaskId(task), changed)
        return redirect(url_for("task.page", task=task) + f"#pole-{answers.row_target(request.form)}")
    refused = _attach(task)
    if "_szkic" in request.form:
        with context.work() as work:
            tasks.save_draft(work, person, TaskId(task), raw)
        flash("Szkic został zapisany. Możesz do niego wrócić w każdej chwili.", "good")
        return redirect(url_for("task.page", task=task))
    if refused:
        return _again(task, raw, refused)
    return _complete(task, raw)


@blueprint.get("/wydruk")
@needs(Right.SIGNED_IN)
def print_page(task: int) -> ResponseReturnValue:
    """The form as a document, for the browser's print."""
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
        paper = papers.of_task(work, found)
    return draw("paper.html", found=found, paper=paper)


@blueprint.get("/dokument.pdf")
@needs(Right.SIGNED_IN)
def pdf(task: int) -> ResponseReturnValue:
    """The form as a tagged PDF with the centre's head."""
    with context.look() as work:
        found = looks.page(work, context.person(), TaskId(task))
        paper = papers.of_task(work, found)
        head = centre.head(work)
    answer = make_response(answers_pdf(papers.head(head, found), paper))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{found.form.key if found.form else "zadanie"}-{task}.pdf"'
    return answer


def _complete(task: int, raw: dict[str, object]) -> ResponseReturnValue:
    person = context.person()
    instance = _instance(task)

    def do(work: object) -> Json:
        done = tasks.complete(work, person, TaskId(task), raw)
        return {"instance": int(done.instance), "finished": done.finished}

    try:
        told = context.deed(
            lambda work: repeats.once(work, person, context.repeat_key(), f"complete {task}", lambda: do(work)),
            instance=instance,
        )
    except AnswersRejected as refused:
        return _again(task, raw, refused.errors)
    except (Conflict, StepFailed):
        context.keep_draft(person, TaskId(task), raw)
        raise
    return _onward(task, told)
