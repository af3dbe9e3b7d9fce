"""Looks at deeds on many tasks: what came of each, and to whom the tasks could be given."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine import circumstances
from engine.model import Person, PersonId, TaskId
from engine.reading import workload
from engine.store import bulk, instances, people, tasks
from engine.store.database import Work


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of one task. `text` says what was done; `refusal` is "" unless nothing was."""

    task: int
    name: str
    number: str
    text: str
    refusal: str


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Somebody who may do so many of the chosen tasks."""

    person: Person
    able: int


def results(work: Work, by: Person, key: str) -> tuple[Result, ...]:
    """What came of the tasks of one deed of this person; nothing when the key belongs to none."""
    return tuple(Result(**json.loads(one)) for one in bulk.answers(work, by.id, key))


def receivers(work: Work, ids: Collection[TaskId]) -> tuple[Receiver, ...]:
    """Who may do the chosen tasks, whoever may do most of them first."""
    everybody = [one for one in people.all_people(work) if one.active and not one.unrestricted]
    able: dict[int, int] = {}
    for id in ids:
        task = tasks.get(work, id)
        rule = circumstances.entitled(work, task, instances.get(work, task.instance).variables)
        for one in everybody:
            if one.id != task.person and rule.admits(one):
                able[one.id] = able.get(one.id, 0) + 1
    found = [Receiver(person=one, able=able[one.id]) for one in everybody if one.id in able]
    return tuple(sorted(found, key=lambda one: (-one.able, one.person.name)))


def shared_out(work: Work, ids: Collection[TaskId]) -> Mapping[TaskId, str]:
    """Each task to the login of whoever has least to do, what the tasks before brought her included.

    A task that nobody else may take is left out.
    """
    found: dict[TaskId, str] = {}
    more: dict[PersonId, float] = {}
    for id in ids:
        task = tasks.get(work, id)
        able = [one for one in workload.proposal(work, task) if one.person.id != task.person]
        if able:
            least = min(able, key=lambda one: (one.hours + more.get(one.person.id, 0), one.open, one.person.name))
            more[least.person.id] = more.get(least.person.id, 0) + workload.WITHOUT_NORM
            found[id] = least.person.login
    return found
