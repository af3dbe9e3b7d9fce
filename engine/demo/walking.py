"""Walks a case on, task by task and month by month, as the people of a centre would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine import access, circumstances, clock
from engine.actions import firing
from engine.actions import tasks as deeds
from engine.bootstrap import Parts
from engine.demo import answering
from engine.model import DeadlineKind, InstanceId, InstanceState, Person, Task, TaskState
from engine.store import deadlines, instances, people, tasks
from engine.store.database import Work

MOST_STEPS = 600


@dataclass(kw_only=True)
class Walk:
    """One case on its way. `now` is its own calendar; it moves on by `pause` with every task."""

    parts: Parts
    instance: InstanceId
    now: datetime
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # by form key, else by element
    pause: timedelta = timedelta(hours=20)
    passed: list[str] = field(default_factory=list)  # elements of the tasks done, in order

    def until(self, *elements: str) -> bool:
        """Go on until a task at one of `elements` is open; without elements, until the case ends.

        Returns:
            True when the place was reached, or the end when none was named.
        """
        state, opened = self.stands()
        for _ in range(MOST_STEPS):
            if any(one.element in elements for one in opened):
                return True
            if state is not InstanceState.RUNNING:
                return not elements and state is InstanceState.COMPLETED
            if opened:
                done = self.complete(opened[0])
                state = InstanceState.COMPLETED if done.finished else state
                opened = done.next
            else:
                self.wait()
                state, opened = self.stands()
        return False

    def stands(self) -> tuple[InstanceState, tuple[Task, ...]]:
        """The state of the case and its open tasks."""
        with clock.standing(self.now), self.parts.database.look() as work:
            instance = instances.get(work, self.instance)
            return instance.state, tasks.of_instance(work, self.instance, state=TaskState.OPEN)

    def complete(self, task: Task) -> deeds.Completed:
        """Have somebody do the task who may, some time later."""
        self.now += self.pause
        with clock.standing(self.now), self.parts.database.work() as work:
            person = taker(work, task)
            raw: dict[str, object] = {}
            if task.form is not None:
                form = circumstances.form_by_id(work, task.form)
                context = circumstances.form_context(work, instances.get(work, task.instance), task, form)
                given = self.answers.get(task.element) or self.answers.get(task.form_key) or {}
                raw = answering.invented(form, context, given)
            if task.person is not None and task.person != person.id:
                tasks.assign(work, task.id, person.id)
            done = deeds.complete(work, person, task.id, raw)
        self.passed.append(task.element)
        return done

    def wait(self) -> None:
        """Let the calendar run to the next timer of the diagram."""
        with self.parts.database.look() as work:
            found = deadlines.of_instance(work, self.instance)
        waiting = [one for one in found if one.kind is DeadlineKind.TIMER]
        if not waiting:
            raise AssertionError(f"instance {self.instance} waits for nothing")
        self.now = max(self.now, min(one.due_at for one in waiting)) + timedelta(minutes=1)
        with clock.standing(self.now):
            firing.fire_due(self.parts.database, "walk", self.now)


def taker(work: Work, task: Task) -> Person:
    """Somebody who may do the task: the one who has it, else the first of those who may."""
    scopes = circumstances.scopes_in_force(work)
    candidates = tasks.candidates(work, task.id)
    found = [
        one
        for one in people.all_people(work)
        if not one.unrestricted
        and access.may_take(one, task, candidates=candidates, scopes=scopes)
        and not access.belongs_to_performer(one, circumstances.performer(instances.get(work, task.instance).variables))
    ]
    if not found:
        raise AssertionError(f"nobody may do {task.element} ({task.role})")
    return next((one for one in found if one.id == task.person), found[0])
