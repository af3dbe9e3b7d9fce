"""Completing tasks through the action, with journal and history, on a SQLite file with `synchronous=FULL`."""

from __future__ import annotations

import sqlite3
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from engine.actions import definitions, instances, people, tasks
from engine.bench import diagrams, figures
from engine.bench.figures import Figure
from engine.bootstrap import Parts, assemble
from engine.model import InstanceId, Json, Person, Task, TaskState
from engine.settings import Settings
from engine.store import people as people_rows
from engine.store import tasks as task_rows
from engine.store.database import Work, upgrade
from engine.store.instances import hold

ROUNDS = 60  # five years of monthly reports
MANY_ROUNDS = 1000
SAMPLE = 200  # deeds of a median
CASES = 8  # 8 × 28 deeds


@dataclass(kw_only=True)
class Series:
    """CPU and wall seconds of deeds, in their order."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


def measure(parts: Parts) -> list[Figure]:
    """The figures of the deed: on 30 steps, after 60 rounds, after 1,000 rounds, and the room that a case takes.

    Args:
        parts: an `office`.
    """
    chain, per_case, state = _chain(parts)
    loop = _loop(parts)
    first, late = loop.cpu[:SAMPLE], loop.cpu[-SAMPLE:]
    after = slice(2 * ROUNDS, 2 * ROUNDS + SAMPLE)
    return [
        figures.ms("complete_task_cpu_ms", chain.cpu),
        figures.ms("complete_task_wall_ms_p50", chain.wall),
        figures.ms_p99("complete_task_wall_ms_p99", chain.wall),
        figures.ms(f"complete_task_cpu_ms_after_{ROUNDS}_rounds", loop.cpu[after]),
        figures.ms(f"complete_task_wall_ms_p50_after_{ROUNDS}_rounds", loop.wall[after]),
        Figure(name="growth_1000", value=statistics.median(late) / statistics.median(first), unit="times"),
        Figure(name="state_bytes_per_instance", value=state, unit="bytes"),
        Figure(name="history_bytes_per_instance", value=per_case, unit="bytes"),
    ]


def _chain(parts: Parts) -> tuple[Series, float, float]:
    """Cases of 30 steps from end to end: the deeds, bytes that a finished case adds, bytes of its largest state."""
    series, states = Series(), [0]
    warm = begin(parts, "lancuch")
    walk(parts, warm, Series(), diagrams.CHAIN_TASKS)
    before = _size(parts)
    for _ in range(CASES):
        instance = begin(parts, "lancuch")
        walk(parts, instance, series, diagrams.CHAIN_TASKS // 2)
        with parts.database.work() as work:
            states.append(len(hold(work, instance).state))
        walk(parts, instance, series, diagrams.CHAIN_TASKS)
    return series, (_size(parts) - before) / CASES, max(states)


def _loop(parts: Parts) -> Series:
    series = Series()
    walk(parts, begin(parts, "petla"), series, 2 * MANY_ROUNDS)
    return series


def walk(parts: Parts, instance: InstanceId, series: Series, deeds: int) -> None:
    """Complete so many tasks of an instance, the oldest open one each time."""
    with parts.database.look() as work:
        opened = task_rows.of_instance(work, instance, state=TaskState.OPEN)
        by = person(work)
    for _ in range(deeds):
        if not opened:
            return
        opened = _complete(parts, by, opened[0], series)


def _complete(parts: Parts, person: Person, task: Task, series: Series) -> tuple[Task, ...]:
    cpu, wall = time.process_time(), time.perf_counter()
    with parts.database.work() as work:
        done = tasks.complete(work, person, task.id, {})
    series.cpu.append(time.process_time() - cpu)
    series.wall.append(time.perf_counter() - wall)
    return done.next


def installation(folder: Path) -> Parts:
    """A fresh installation on a SQLite file."""
    folder.mkdir(parents=True)
    settings = Settings(data=folder, database_url="")
    upgrade(settings.url)
    return assemble(settings)


def office(folder: Path) -> Parts:
    """A centre with one person, where the diagrams that are measured are published."""
    parts = installation(folder)
    with parts.database.work() as work:
        people.add(
            work,
            None,
            login="wojt",
            name="Osoba Mierząca",
            email="",
            unit=None,
            roles=[diagrams.ROLE, "Kierownik ops"],
            password="dziesiec-znakow",  # noqa: S106 - the database is thrown away
        )
        for xml in (diagrams.chain(), diagrams.loop("stop = true"), diagrams.many()):
            definitions.publish(work, None, xml)
    return parts


def begin(parts: Parts, key: str, **variables: Json) -> InstanceId:
    """Set a case in motion."""
    with parts.database.work() as work:
        return instances.start(work, person(work), key, title="Pomiar", variables={"stop": False, **variables}).id


def person(work: Work) -> Person:
    """The one person of the centre."""
    return people_rows.all_people(work)[0]


def _size(parts: Parts) -> int:
    """Bytes of the database file with everything that is still in its log."""
    connection = sqlite3.connect(parts.settings.data / "bieg.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    return int(pages) * int(page)
