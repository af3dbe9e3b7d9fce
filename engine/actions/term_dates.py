"""Finds the dates of tasks: when they open, and when the dates that a term counts from become known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from engine import circumstances, terms
from engine.model import InstanceId, Json, OpenTask, TaskId
from engine.store import instances, journal, task_terms, tasks
from engine.store.database import Work
from engine.store.task_terms import Dates
from engine.terms import DatesMissing, TermRefused
from engine.terms.events import events

NO_DATES = Dates()


def found(work: Work, term: str, since: datetime, variables: Mapping[str, Json]) -> Dates:
    """The dates that a term yields.

    A term that cannot be counted (yet) stops nothing: the task has no end, and says why.

    Args:
        since: the event, for a term that names no other.
        variables: with the dates of other events.
    """
    if not term:
        return NO_DATES
    try:
        due = terms.due(term, since, rules=circumstances.terms(work), dates=variables)
    except DatesMissing as refused:
        return Dates(term=_waiting(term, since, refused.message, refused.missing))
    except TermRefused as refused:
        return Dates(term=_waiting(term, since, refused.message, ()))
    return Dates(due_at=due.moment, target_at=due.target, remind_at=due.reminder, term=due.facts())


def depends(dates: Dates) -> bool:
    """True when another task of the same term may have other dates, because of its own variables."""
    return bool(dates.term) and (dates.due_at is None or bool(dates.term.get("dates")))


def again(work: Work, id: TaskId, term: str) -> None:
    """Let an open task have another term, counted from its opening; one that is suspended stays so."""
    task = tasks.get(work, id)
    variables = instances.get(work, task.instance).variables
    dates = found(work, term, task.opened_at, tasks.seen(work, id, variables))
    if task.paused_at is not None:
        dates = Dates(paused_at=task.paused_at, term=dates.term)
    task_terms.put(work, task, dates)


def follow(work: Work, instance: InstanceId, waiting: Iterable[OpenTask], variables: Mapping[str, Json]) -> None:
    """Count again what counts from dates of the case, now that they may have come or changed.

    What a person has changed since stays as it is.

    Args:
        waiting: the open tasks of the instance; those whose term needs no such dates cost nothing.
        variables: of the instance.
    """
    rules = circumstances.terms(work)
    needing = {one.key: one for one in waiting if one.details.term and events(one.details.term, rules)}
    if not needing:
        return
    known = tasks.open_keys(work, instance)
    stored = task_terms.terms_of(work, instance, tuple(needing))
    for key, one in needing.items():
        id = known.get(key)
        if id is not None and id in stored:
            _count_again(work, id, one.details.term, stored[id], variables)


def _count_again(work: Work, id: TaskId, term: str, before: Dates, variables: Mapping[str, Json]) -> None:
    if before.paused_at is not None or before.term.get("changed"):
        return
    task = tasks.get(work, id)
    now = found(work, term, task.opened_at, tasks.seen(work, id, variables))
    if now.due_at == before.due_at:
        return
    task_terms.put(work, task, now)
    said = str(now.term.get("explanation", ""))
    text = f"Termin zadania „{task.name}”: {said}"
    journal.write(work, instance=task.instance, by=None, deed="term", element=task.element, text=text)


def _waiting(term: str, since: datetime, why: str, missing: Iterable[str]) -> dict[str, Json]:
    return {"name": term, "since": since.isoformat(), "end": None, "missing": [*missing], "explanation": why}
