"""Looks at the terms of tasks: their pages, how they were changed, and notices under art. 36 KPA."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine import access, clock
from engine.documents import delay as letters
from engine.documents.head import Head
from engine.errors import NotFound
from engine.model import InstanceId, Person, Task, TaskId
from engine.reading import centre
from engine.reading import tasks as task_looks
from engine.reading.term_views import TermView
from engine.store import instances, task_terms, tasks
from engine.store.database import Work
from engine.store.task_terms import TermChange


@dataclass(frozen=True, kw_only=True)
class TermPage:
    """What the pages of the deeds on one term show."""

    task: Task
    term: TermView


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice under art. 36 KPA as it was kept."""

    change: TermChange
    task: Task
    head: Head


def term_history(work: Work, task: TaskId) -> tuple[TermChange, ...]:
    """How the term of a task was changed, oldest first."""
    return task_terms.changes(work, task)


def history_in(work: Work, instance: InstanceId) -> tuple[TermChange, ...]:
    """How the terms of the tasks of an instance were changed, oldest first."""
    return task_terms.changes_in(work, instance)


def page(work: Work, viewer: Person, task_id: TaskId) -> TermPage:
    """What the pages of the deeds on the term of a task show.

    Raises:
        NotFound: when there is no such task, or this person may not see it.
    """
    found = task_looks.page(work, viewer, task_id)
    return TermPage(task=found.task, term=found.term)


def notice(work: Work, viewer: Person, task_id: TaskId, change: int) -> Notice:
    """A kept notice under art. 36 KPA, with the head of the centre.

    Raises:
        NotFound: when there is none, or this person may not see it.
    """
    task = tasks.get(work, task_id)
    kept = task_terms.change(work, change)
    seen = task_looks.sees(work, viewer, instances.get(work, task.instance)) and access.reads_all_answers(viewer)
    if kept is None or kept.task != task.id or not kept.text or not seen:
        raise NotFound("Nie ma takiego zawiadomienia.")
    return Notice(change=kept, task=task, head=_head(work, task, clock.today(kept.at)))


def notice_pdf(found: Notice) -> bytes:
    """The notice as a PDF.

    Raises:
        PrintFailed: when it cannot be made.
    """
    return letters.delay_pdf(found.head, found.change.text)


def _head(work: Work, task: Task, on: date) -> Head:
    """Without the title of the case: it may name a person, and the letter names the case by its number."""
    head = centre.head(work)
    return Head(
        name=head.name,
        address=head.address,
        town=head.town,
        number=task.instance_number,
        matter="",
        day=on,
        printed_at=work.now,
    )
