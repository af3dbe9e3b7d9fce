"""Looks at tasks: the list of a person and the page of one task."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from engine import access, circumstances, clock
from engine.errors import NotFound
from engine.model import Authorisation, Instance, InstanceId, InstanceState, Person, PersonId, Task, TaskId, TaskState
from engine.reading import assignment, routes, term_views
from engine.reading.views import Counts, Earlier, NextStep, TaskList, TaskPage, Waiting
from engine.store import answers, attachments, authorisations, instances, tasks
from engine.store.database import Work, once
from engine.store.tasks import TaskFilter

PAGE = 50
WHICH = ("all", "late", "today", "week", "team")


def mine(work: Work, viewer: Person, *, which: str = "all", text: str = "", after: str = "") -> TaskList:
    """`Moje zadania`: what waits for this person, soonest deadline first.

    Args:
        which: all, late, today, week (own tasks by deadline) or team (to claim).
        after: cursor of the page before.
    """
    which = which if which in WHICH else "all"
    today_end, week_end = _day_end(work.now, 0), _day_end(work.now, 7)
    base = TaskFilter(
        viewer=viewer, scopes=circumstances.scopes_in_force(work), whose="mine", text=text, limit=PAGE, after=after
    )
    chosen = {
        "all": replace(base, awake_at=work.now),
        "late": replace(base, overdue_at=work.now),
        "today": replace(base, due_after=work.now, due_before=today_end),
        "week": replace(base, due_after=work.now, due_before=week_end),
        "team": replace(base, whose="team"),
    }[which]
    page = tasks.search(work, chosen)
    sunk = which == "all" and not page.after
    aside = tasks.search(work, replace(base, aside_at=work.now, after="")).items if sunk else ()
    return TaskList(
        items=as_of_now(page.items, base.scopes),
        aside=as_of_now(aside, base.scopes),
        counts=_counts(work, base) if text else waiting(work, viewer),
        which=which,
        text=text,
        after=page.after,
    )


def waiting(work: Work, viewer: Person) -> Counts:
    """The counts alone, for the badge in the head of every page."""
    base = TaskFilter(viewer=viewer, scopes=circumstances.scopes_in_force(work), whose="mine")
    return once(work, f"counts of {viewer.id}", lambda: _counts(work, base))


def as_of_now(found: Iterable[Task], scopes: frozenset[str]) -> tuple[Task, ...]:
    """The same tasks, each with the role it belongs to now: a delegated decision is the kierownik's."""
    return tuple(
        replace(one, role=access.responsible(one.role, one.authority, scopes)) if one.authority else one
        for one in found
    )


def _counts(work: Work, base: TaskFilter) -> Counts:
    found = tasks.counts(work, base, now=work.now, day_end=_day_end(work.now, 0), week_end=_day_end(work.now, 7))
    return Counts(all=found.all, late=found.late, today=found.today, week=found.week, team=found.team)


def search(
    work: Work,
    viewer: Person,
    *,
    instance: int | None = None,
    role: str = "",
    mine_only: bool = False,
    overdue: bool = False,
    due_before: datetime | None = None,
    limit: int = 50,
    cursor: str = "",
) -> tuple[tuple[Task, ...], str]:
    """Open tasks for the API: a page and the cursor of the next one. People of other institutions see only theirs."""
    restricted = mine_only or not access.sees_all_instances(viewer)
    page = tasks.search(
        work,
        TaskFilter(
            viewer=viewer if restricted else None,
            scopes=circumstances.scopes_in_force(work),
            whose="reach" if restricted else "all",
            instance=instance,
            role=role,
            due_before=due_before,
            overdue_at=work.now if overdue else None,
            limit=max(1, min(limit, 200)),
            after=cursor,
        ),
    )
    return page.items, page.after


def page(work: Work, viewer: Person, task_id: TaskId, *, draft_of: PersonId | None = None) -> TaskPage:
    """Everything the page of one task shows.

    Args:
        draft_of: whose draft fills the form, where several people typed.

    Raises:
        NotFound: when there is none, or it belongs to an instance this person may not see.
    """
    task = tasks.get(work, task_id)
    instance = instances.get(work, task.instance)
    rule = circumstances.entitled(work, task, instance.variables)
    may_take = rule.admits(viewer)
    if not may_take and not _reads(work, viewer, task, instance):
        raise NotFound("Nie ma takiego zadania.")
    mine = may_take and circumstances.holder(work, rule) in (None, viewer.id)
    details = tasks.details(work, task_id)
    form = circumstances.form_by_id(work, task.form) if task.form is not None else None
    context = circumstances.form_context(work, instance, task, form)
    drafts = answers.drafts(work, task_id) if mine else ()  # what is being typed is nobody else's business
    draft = assignment.chosen(viewer, task, drafts, draft_of)
    given = answers.of_task(work, task_id)
    raw: Mapping[str, object] = given.values if given else draft.raw if draft else {}
    return TaskPage(
        task=task,
        details=details,
        instance=instance,
        role_now=f"{rule.role} spoza komórki, która wykonuje usługę" if rule.bars(viewer) else rule.role,
        authority=_authority(work, task),
        may_take=may_take,
        may_hand_over=access.may_hand_over(viewer),
        mine=mine,
        form=form,
        context=context,
        past=circumstances.reading_context(work, instance),
        raw=raw,
        draft_at=draft.saved_at if draft else None,
        earlier=earlier(work, instance, viewer),
        next_steps=routes.after(work, task),
        attachments=attachments.of_task(work, task_id),
        assignment=assignment.view(work, viewer, task, drafts, draft),
        term=term_views.view(work, viewer, task, details.term, mine=mine),
    )


def other_drafts(work: Work, viewer: Person, task_id: TaskId) -> tuple[str, ...]:
    """Names of the others who have a draft of the same task, for whoever has just saved hers."""
    return assignment.other_drafts(work, viewer, tasks.get(work, task_id))


def waiting_in(work: Work, viewer: Person, instance_id: InstanceId) -> Waiting:
    """Who acts now in an instance, for the sentence after a completed task."""
    instance = instances.get(work, instance_id)
    scopes = circumstances.scopes_in_force(work)
    opened = tasks.of_instance(work, instance_id, state=TaskState.OPEN)
    base = TaskFilter(viewer=viewer, scopes=scopes, whose="mine", instance=instance_id, limit=10)
    return Waiting(
        finished=instance.state is InstanceState.COMPLETED,
        next=tuple(NextStep(name=one.name, role=access.responsible(one.role, one.authority, scopes)) for one in opened),
        mine=tasks.search(work, base).items,
    )


def earlier(work: Work, instance: Instance, viewer: Person) -> tuple[Earlier, ...]:
    """The answers of an instance that this person may read, newest first, each with the form that reads them."""
    found = answers.of_instance(work, instance.id)
    if not access.reads_all_answers(viewer):
        own = {one.id for one in tasks.of_instance(work, instance.id) if one.done_by == viewer.id}
        found = tuple(one for one in found if one.task in own)
    newest = sorted(found, key=lambda one: one.at, reverse=True)
    return tuple(Earlier(answers=one, form=circumstances.form_by_id(work, one.form)) for one in newest)


def sees(work: Work, viewer: Person, instance: Instance) -> bool:
    """True when this person may see the instance: staff of the gmina, or somebody who takes part in it."""
    if access.sees_all_instances(viewer):
        return True
    return any(takes_part(work, viewer, task, instance) for task in tasks.of_instance(work, instance.id))


def takes_part(work: Work, viewer: Person, task: Task, instance: Instance) -> bool:
    """True when this person did the task, has it or may take it."""
    if viewer.id in (task.person, task.done_by):
        return True
    return task.state is TaskState.OPEN and circumstances.entitled(work, task, instance.variables).admits(viewer)


def _reads(work: Work, viewer: Person, task: Task, instance: Instance) -> bool:
    """True when this person may open a task that is not hers to do."""
    return sees(work, viewer, instance) if access.reads_all_answers(viewer) else viewer.id == task.done_by


def _authority(work: Work, task: Task) -> Authorisation | None:
    today = clock.today(work.now)
    found = [one for one in authorisations.in_force(work, today) if one.scope == task.authority]
    return found[0] if found and task.authority else None


def _day_end(now: datetime, days: int) -> datetime:
    day = clock.today(now) + timedelta(days=days + 1)
    return datetime.combine(day, time(), clock.WARSAW).astimezone(UTC)
