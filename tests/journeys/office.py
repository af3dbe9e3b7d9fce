"""A centre for the browser tests: a fresh database, a calendar that can be turned on, a server on loopback."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from engine import circumstances, clock, scheduler
from engine.bootstrap import Parts, assemble
from engine.demo import loading
from engine.forms.context import Context
from engine.forms.form import Form
from engine.model import InstanceId, InstanceState, Person, Task, TaskState
from engine.settings import Settings
from engine.store import instances, people, tasks
from engine.store.database import upgrade
from web.app import create
from web.limits import limiter

BEGINNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # a Monday morning
BEFORE_CASES = 2  # what `loading.load` says before it comes to the cases: people, processes


class Calendar:
    """The clock of the whole process; it runs on, and it can be turned on."""

    def __init__(self, beginning: datetime) -> None:
        self._since = time.monotonic()
        self._base = beginning

    def now(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def travel(self, moment: datetime) -> None:
        """Let it be `moment`, never earlier than now."""
        self._base += max(moment - self.now(), timedelta())


@dataclass(frozen=True, kw_only=True)
class Office:
    """A running centre. `url` is where its pages are."""

    url: str
    parts: Parts
    calendar: Calendar

    def tick(self) -> int:
        """Fire the timers that are due, as the scheduler does every few seconds."""
        return scheduler.tick(self.parts)

    def open_tasks(self, instance: int) -> tuple[Task, ...]:
        with self.parts.database.look() as work:
            return tasks.of_instance(work, InstanceId(instance), state=TaskState.OPEN)

    def task_at(self, element: str) -> Task:
        """The open task at this element of whichever case."""
        with self.parts.database.look() as work:
            every = [one for case in self._cases() for one in tasks.of_instance(work, case, state=TaskState.OPEN)]
        return next(one for one in every if one.element == element)

    def finished_case(self) -> int:
        """A case that has come to its end."""
        with self.parts.database.look() as work:
            ended = instances.InstanceFilter(states=(InstanceState.COMPLETED,))
            return instances.search(work, ended).items[0].id

    def task(self, number: int) -> Task:
        with self.parts.database.look() as work:
            return tasks.get(work, tasks.TaskId(number))

    def form_of(self, task: Task) -> tuple[Form, Context] | None:
        """The form of a task with what its checks need; None when it has none."""
        if task.form is None:
            return None
        with self.parts.database.look() as work:
            form = circumstances.form_by_id(work, task.form)
            instance = instances.get(work, task.instance)
            return form, circumstances.form_context(work, instance, task, form)

    def person(self, login: str) -> Person:
        with self.parts.database.look() as work:
            found = people.by_login(work, login)
        assert found is not None, login
        return found

    def _cases(self) -> list[InstanceId]:
        with self.parts.database.look() as work:
            return [one.id for one in instances.search(work, instances.InstanceFilter(limit=100)).items]


def settled(folder: Path, *, cases: bool) -> Path:
    """A data folder with the demonstration centre, with or without its cases, that nobody has open."""
    settings = Settings(data=folder)
    folder.mkdir(parents=True, exist_ok=True)
    upgrade(settings.url)
    parts = assemble(settings)
    with clock.standing(BEGINNING):
        list(islice(loading.load(parts), None if cases else BEFORE_CASES))
    parts.database.close()
    return folder


@contextmanager
def serving(template: Path, folder: Path, patch: pytest.MonkeyPatch, **settings: Any) -> Iterator[Office]:
    """A centre that starts from `template` and answers until the block ends; `settings` besides the folder."""
    shutil.copytree(template, folder, dirs_exist_ok=True)
    calendar = Calendar(BEGINNING)
    patch.setattr(clock, "now", calendar.now)
    parts = assemble(Settings(data=folder, **settings))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create(parts), threaded=True)
    limiter.reset()  # it is shared by all applications of the process, and everybody here has one address
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Office(url=f"http://127.0.0.1:{server.server_port}", parts=parts, calendar=calendar)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        parts.database.close()
