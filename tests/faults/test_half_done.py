"""A deed that breaks off leaves nothing; a deed in two transactions would be seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import invariants
import pytest
from faults_cast import COORDINATORS, Office, answers
from sqlalchemy import Connection, Engine, event, text

from engine.actions import repeats, tasks
from engine.model import Json, TaskId
from engine.store.database import Work

WRITES = ("INSERT", "UPDATE", "DELETE")
TABLES = (
    "instance",
    "instance_state",
    "step",
    "task",
    "answers",
    "journal",
    "journal_head",
    "deadline",
    "repeat",
    "draft",
)


class Broken(Exception):
    """The deed was cut off."""


@contextmanager
def cut_at(write: int) -> Iterator[list[str]]:
    """Raise before the write of this number, counted from 1; 0 lets all through. Gives the writes that were seen."""
    seen: list[str] = []

    def before(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith(WRITES):
            seen.append(statement)
            if len(seen) == write:
                raise Broken

    event.listen(Engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", before)


def complete(office: Office, work: Work, task: TaskId) -> None:
    by = office.person(COORDINATORS[0])

    def do() -> Json:
        return int(tasks.complete(work, by, task, answers(7)).instance)

    repeats.once(work, by, f"klucz {task}", f"complete {task}", do)


def rows(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """All that is kept of instances."""
    with office.parts.database.look() as work:
        return {
            table: sorted((tuple(row) for row in work.connection.execute(text(f"SELECT * FROM {table}"))), key=repr)
            for table in TABLES
        }


def writes_of_a_completion(office: Office) -> int:
    (task,) = office.open_tasks(office.start("kolejka")[0].id)
    with cut_at(0) as seen, office.parts.database.work() as work:
        complete(office, work, task.id)
    return len(seen)


def test_a_deed_cut_off_before_any_of_its_writes_leaves_nothing(office: Office) -> None:
    writes = writes_of_a_completion(office)
    (task,) = office.open_tasks(office.start("kolejka")[0].id)
    before = rows(office)

    assert writes > 8
    for write in range(1, writes + 1):
        with pytest.raises(Broken), cut_at(write), office.parts.database.work() as work:
            complete(office, work, task.id)
        assert rows(office) == before, f"write {write}"

    with office.parts.database.work() as work:
        complete(office, work, task.id)
    assert invariants.broken(office.parts.database) == []


def test_a_deed_committed_in_two_parts_is_seen_wherever_it_is_parted(office: Office) -> None:
    writes = writes_of_a_completion(office)
    known = set(invariants.broken(office.parts.database))
    assert known == set()

    for write in range(2, writes):  # the last remembers the answer, for the caller alone
        (task,) = office.open_tasks(office.start("kolejka")[0].id)
        with cut_at(write) as seen, office.parts.database.work() as work, suppress(Broken):
            complete(office, work, task.id)  # what is suppressed first does not roll back: the mutant commits
        if all("draft" in one for one in seen[: write - 1]):
            continue
        found = set(invariants.broken(office.parts.database)) - known
        known |= found
        assert found, f"parted before write {write}: {seen[-1]}"
