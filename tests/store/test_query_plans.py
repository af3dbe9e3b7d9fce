"""Lists and polls stay quick in a centre with many cases: each of them goes by an index."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from store_cast import KIEROWNIK, KOORDYNATOR, WOJT, a_person, a_task, an_instance

from engine.model import InstanceId, InstanceState, Person, TimerWait
from engine.store import (
    calendars,
    deadlines,
    duties,
    instances,
    journal,
    messages,
    overdue,
    overdue_figures,
    people,
    steps,
    tasks,
)
from engine.store.database import Database, Work
from engine.store.instances import InstanceFilter
from engine.store.overdue import Bounds, OverdueFilter
from engine.store.tasks import TaskFilter

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENTS = Bounds(now=NOON, week_ago=NOON, fortnight_ago=NOON, day_end=NOON, week_end=NOON, since=NOON)
COPIES = {"instance": 3000, "task": 20_000, "step": 20_000, "journal": 10_000, "deadline": 10_000, "message_wait": 3000}
FAR = "'2099-01-01 00:00:00.000000'"
LARGE = ("task", "step", "journal", "deadline", "message_wait", "instance")


@dataclass
class Crowd:
    """A database with many rows, of which only few are open or due."""

    database: Database
    viewer: Person
    instance: InstanceId


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR, KIEROWNIK, WOJT)
        a_person(work, "ewa", KOORDYNATOR)
        instance = an_instance(work)
        a_task(work, instance)
        deadlines.sync_timers(
            work, instance, [TimerWait(key="d", element="E", name="Termin", due_at=NOON + timedelta(days=3650))]
        )
        journal.write(work, instance=instance, by=anna, deed="start", text="Rozpoczęto.")
        _multiply(work)
        viewer = people.get(work, anna)
    with database.work() as work:
        work.connection.execute(text("ANALYZE"))
    return Crowd(database=database, viewer=viewer, instance=instance)


def _multiply(work: Work) -> None:
    """Fills the large tables by plain SQL; nine of ten tasks are done."""
    rows = {
        "instance": "i, 'OPS/' || i, 'Sprawa', 'ops/' || i || ' sprawa', definition_id, bundle_id, 'completed', 1, "
        "started_at, NULL, NULL, '{}' FROM instance, n WHERE id = 1",
        "task": "i, 1 + i % 3000, 'k' || i, element, process, name, "
        "CASE WHEN i % 200 = 0 THEN role ELSE 'Rola ' || i % 40 END, authority, priority, NULL, "
        "CASE WHEN i % 10 = 0 THEN 'open' ELSE 'done' END, NULL, restricted, opened_at, NULL, "
        f"{FAR}, NULL, NULL, 'zadanie', '{{}}', about, seen, "
        "NULL, NULL, NULL, NULL, NULL, NULL, term FROM task, n WHERE id = 1",
        "step": f"i, 1 + i % 3000, 'k' || i, 'E', 'p', 'Krok', 'task', 'done', {FAR}, {FAR}, '' FROM n",
        "journal": "i, 1 + i % 3000, i, at, NULL, 'start', '', 'Wpis', '', mark FROM journal, n WHERE id = 1",
        "deadline": f"i, 1 + i % 3000, NULL, kind, 'k' || i, 'E', 'T', {FAR}, {FAR}, '', 0, '', '', '{{}}', '' "
        "FROM deadline, n WHERE id = 1",
        "message_wait": "i, 1 + i % 3000, 'k' || i, 'E', 'pismo ' || i, '{}', 'message' FROM n",
    }
    for table, columns in rows.items():
        typed = columns.replace(FAR, f"CAST({FAR} AS timestamptz)") if _is_postgres(work) else columns
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES[table]}) "
        prefix = ("", numbers) if _is_postgres(work) else (numbers, "")
        work.connection.execute(text(f"{prefix[0]}INSERT INTO {table} {prefix[1]}SELECT {typed}"))


def _is_postgres(work: Work) -> bool:
    return work.connection.dialect.name == "postgresql"


def plan_of(database: Database, run: Callable[[Work], object]) -> str:
    """What the database itself says of how it runs each statement of `run`."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        first = parameters[0] if isinstance(parameters, list) else parameters
        seen.append((statement, first))

    with database.work() as work:
        engine = work.connection.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            run(work)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        explain = "EXPLAIN" if _is_postgres(work) else "EXPLAIN QUERY PLAN"
        found = [
            str(row[-1])
            for statement, parameters in seen
            for row in work.connection.exec_driver_sql(f"{explain} {statement}", parameters)
        ]
    return "\n".join(found)


def wholly_read(plan: str) -> list[str]:
    """The large tables that a plan reads from end to end."""
    return re.findall(rf"(?:Seq Scan on|SCAN) ({'|'.join(LARGE)})\b(?! USING)", plan)


SCOPES = frozenset({"UMOWA"})


def a_month(crowd: Crowd, circle: calendars.Circle) -> calendars.Wanted:
    """The calendar of the month in which nothing but a few tasks ends."""
    whose = TaskFilter(viewer=crowd.viewer, whose="mine", scopes=SCOPES) if circle == "self" else TaskFilter()
    days = [NOON + timedelta(days=number) for number in range(31)]
    return calendars.Wanted(tasks=whose, viewer=crowd.viewer, circle=circle, timers=True, bounds=days, most=4)


QUERIES: dict[str, tuple[Callable[[Work, Crowd], object], str]] = {
    "my tasks": (
        lambda work, crowd: tasks.search(work, TaskFilter(viewer=crowd.viewer, whose="mine", scopes=SCOPES)),
        "ix_task_open_role",
    ),
    "the team's tasks": (
        lambda work, crowd: tasks.search(work, TaskFilter(viewer=crowd.viewer, whose="team", scopes=SCOPES)),
        "ix_task_open_role",
    ),
    "counts": (
        lambda work, crowd: tasks.counts(
            work, TaskFilter(viewer=crowd.viewer, whose="mine"), now=NOON, day_end=NOON, week_end=NOON
        ),
        "ix_task_open_role",
    ),
    "everybody's tasks": (lambda work, crowd: tasks.search(work, TaskFilter()), "ix_task_open_order"),
    "the next page": (
        lambda work, crowd: tasks.search(work, TaskFilter(after=tasks.search(work, TaskFilter(limit=1)).after)),
        "ix_task_open_order",
    ),
    "overdue tasks": (lambda work, crowd: tasks.search(work, TaskFilter(overdue_at=NOON)), "ix_task_open_order"),
    "a month of one person": (lambda work, crowd: calendars.entries(work, a_month(crowd, "self")), "ix_task_open_role"),
    "a month of everybody": (
        lambda work, crowd: calendars.entries(work, a_month(crowd, "everybody")),
        "ix_task_open_order",
    ),
    "tasks of an instance": (lambda work, crowd: tasks.of_instance(work, crowd.instance), "task"),
    "open keys": (lambda work, crowd: tasks.open_keys(work, crowd.instance), "task"),
    "what is due": (
        lambda work, crowd: deadlines.take_due(work, now=NOON, limit=20, owner="a", lease=timedelta(minutes=1)),
        "ix_deadline_ready_at",
    ),
    "timers of an instance": (lambda work, crowd: deadlines.sync_timers(work, crowd.instance, ()), "deadline"),
    "cases in some processes": (lambda work, crowd: duties.services(work, ("p", "q")), "ix_step_active_process"),
    "steps of an instance": (lambda work, crowd: steps.of_instance(work, crowd.instance), "ix_step_instance_id_id"),
    "journal of an instance": (lambda work, crowd: journal.of_instance(work, crowd.instance), "journal"),
    "waits for a message": (lambda work, crowd: messages.waiting_for(work, "pismo 7"), "ix_message_wait_name"),
    "running instances": (
        lambda work, crowd: instances.search(work, InstanceFilter(states=(InstanceState.RUNNING,))),
        "instance",
    ),
    "late tasks of the centre": (
        lambda work, crowd: overdue.page(work, OverdueFilter(), MOMENTS),
        "ix_task_open_order",
    ),
    "how many are late in a step": (
        lambda work, crowd: overdue.count(work, OverdueFilter(process="p", element="E"), MOMENTS),
        "ix_task_open",
    ),
    "how many were done in time": (
        lambda work, crowd: overdue.count(work, OverdueFilter(which="timely"), MOMENTS),
        "ix_task_done_at",
    ),
    "all figures": (
        lambda work, crowd: overdue_figures.count(
            work, MOMENTS, before=timedelta(days=7), first=NOON.date(), lying=NOON
        ),
        "ix_task_open",
    ),
    "what waits since when": (lambda work, crowd: overdue.waiting_since(work, "p"), "ix_task_open"),
    "instances of a person": (
        lambda work, crowd: instances.search(work, InstanceFilter(mine=crowd.viewer.id)),
        "instance",
    ),
}


def test_no_list_or_poll_reads_a_large_table_from_end_to_end(crowd: Crowd) -> None:
    plans = {
        name: plan_of(crowd.database, lambda work, run=run: run(work, crowd))  # type: ignore[misc]
        for name, (run, _index) in QUERIES.items()
    }

    assert {name: wholly_read(plan) for name, plan in plans.items()} == {name: [] for name in plans}
    assert [name for name, (_run, index) in QUERIES.items() if index not in plans[name]] == []


def test_a_plan_that_reads_a_whole_table_is_noticed(crowd: Crowd) -> None:
    plan = plan_of(
        crowd.database,
        lambda work: work.connection.exec_driver_sql("SELECT count(*) FROM task WHERE name = 'x'").all(),
    )

    assert wholly_read(plan) == ["task"]
