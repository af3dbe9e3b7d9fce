"""Calls on tasks: list, read, claim, release, delegate, complete."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from engine.access import Right
from engine.actions import tasks, timers
from engine.errors import Conflict
from engine.model import Json, Person, TaskId
from engine.reading import api as looks
from web import context
from web.api import answering, bodies, queries, shapes
from web.guard import needs

blueprint = Blueprint("api_tasks", __name__, url_prefix="/api/v1/tasks")

PAGE = 50


@blueprint.get("")
@needs(Right.SIGNED_IN)
def listing() -> ResponseReturnValue:
    """Open tasks, soonest deadline first."""
    with context.look() as work:
        found = looks.task_list(
            work,
            context.person(),
            instance=queries.whole("instance"),
            role=request.args.get("role", ""),
            mine=queries.flag("mine"),
            overdue=queries.flag("overdue"),
            due_before=queries.moment("due_before"),
            limit=queries.whole("limit") or PAGE,
            cursor=request.args.get("cursor", ""),
        )
    return jsonify(items=[shapes.task(one) for one in found.items], next=found.next or None)


@blueprint.get("/<int:task>")
@needs(Right.SIGNED_IN)
def one(task: int) -> ResponseReturnValue:
    """One task with the JSON Schema of its form."""
    with context.look() as work:
        found = looks.task(work, context.person(), TaskId(task))
    return jsonify(shapes.task_view(found))


@blueprint.post("/<int:task>/claim")
@needs(Right.SIGNED_IN)
def claim(task: int) -> ResponseReturnValue:
    """Take it for oneself."""
    bodies.fields().done()

    def act(work: context.Work) -> Json:
        return shapes.task(looks.line(work, tasks.claim(work, context.person(), TaskId(task))))

    return answering.once(f"claim {task}", act)


@blueprint.post("/<int:task>/release")
@needs(Right.SIGNED_IN)
def release(task: int) -> ResponseReturnValue:
    """Give it back to the team."""
    bodies.fields().done()

    def act(work: context.Work) -> Json:
        return shapes.task(looks.line(work, tasks.release(work, context.person(), TaskId(task))))

    return answering.once(f"release {task}", act)


@blueprint.post("/<int:task>/delegate")
@needs(Right.SIGNED_IN)
def delegate(task: int) -> ResponseReturnValue:
    """Hand it to a colleague."""
    body = bodies.fields("to")
    login = body.text("to", needed=True)
    body.done()

    def act(work: context.Work) -> Json:
        return shapes.task(looks.line(work, tasks.delegate(work, context.person(), TaskId(task), login)))

    return answering.once(f"delegate {task}", act, said=login)


@blueprint.post("/<int:task>/complete")
@needs(Right.SIGNED_IN)
def complete(task: int) -> ResponseReturnValue:
    """Finish it; what was due before happens before."""
    body = bodies.fields("answers")
    answers = body.mapping("answers")
    body.done()
    person = context.person()
    with context.look() as work:
        instance = looks.instance_of_task(work, person, TaskId(task))
    try:
        return answering.once(
            f"complete {task}",
            lambda work: _completed(work, person, TaskId(task), answers),
            said=answers,
            instance=instance,
        )
    except Conflict:
        # A deed that came too late changes nothing; the timer that took its task away fires all the same.
        context.deed(lambda work: timers.catch_up(work, instance), instance=instance)
        raise


def _completed(work: context.Work, person: Person, task: TaskId, answers: dict[str, Json]) -> Json:
    done = tasks.complete(work, person, task, answers)
    return {
        "instance": int(done.instance),
        "finished": done.finished,
        "next": [shapes.task(one) for one in looks.open_tasks(work, done.instance)],
    }
