"""A large centre on a SQLite file: 200 people, 100,000 cases and 300,000 tasks, written by plain SQL."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from engine import clock
from engine.access import ADMINISTRATOR, KIEROWNIK, KOORDYNATOR, SCOPES, WOJT
from engine.actions import definitions, people, sessions
from engine.bench import deeds, diagrams
from engine.bootstrap import Parts
from engine.model import PersonId
from engine.store import people as people_rows

STAFF = {  # how many of 200 have the role
    "Pracownik socjalny": 90,
    KOORDYNATOR: 50,
    "Specjalista ds. form realizacji usług": 20,
    "Pracownik ds. finansowych": 12,
    "Pracownik ds. świadczeń": 12,
    "Pracownik PUP": 8,
    KIEROWNIK: 4,
    ADMINISTRATOR: 3,
    WOJT: 1,
}
UNITS = 12
PROCESSES = 12
STEPS = ("Diagnoza potrzeb", "Plan usługi", "Wybór wykonawcy", "Umowa", "Ocena miesięczna", "Sprawozdanie")
SERVICES = ("Usługi opiekuńcze", "Poradnictwo", "Asystent rodziny", "Klub seniora", "Mieszkanie wspomagane")
NEVER = "9999-12-31 00:00:00.000000"
SEED = 20261121


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many cases there are. Each has three tasks; of a running case all are open, of the others all are done."""

    cases: int = 100_000
    running: int = 10_000
    late: int = 3_000  # open tasks whose end has passed


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The centre, and cookies of people who have signed in, by their role."""

    parts: Parts
    cookies: dict[str, list[str]]


def build(folder: Path, size: Size | None = None) -> Crowd:
    """Make the centre in a new folder; takes about half a minute."""
    parts = deeds.installation(folder)
    with parts.database.work() as work:
        definitions.publish(work, None, diagrams.chain())
        units = [people.add_unit(work, None, name=f"Komórka {number}", performs=False) for number in range(UNITS)]
        roles = [role for role, count in STAFF.items() for _ in range(count)]
        staff: dict[str, list[PersonId]] = {role: [] for role in STAFF}
        for number, role in enumerate(roles):
            id = people_rows.add(
                work,
                login=f"osoba{number}",
                name=f"Osoba Zmyślona {number}",
                email="",
                unit=units[number % UNITS],
                roles=[role],
                password_hash="",
            )
            staff[role].append(id)
        people.authorise(work, None, scope="UMOWA", number="1/2026", valid_from=clock.today(), valid_to=None)
        cookies = {role: [sessions.open_session(work, one, "{}") for one in ids[:20]] for role, ids in staff.items()}
    _fill(folder / "bieg.db", size or Size(), staff)
    return Crowd(parts=parts, cookies=cookies)


def _fill(file: Path, size: Size, staff: dict[str, list[PersonId]]) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")
    now = clock.now()
    dice = random.Random(SEED)  # noqa: S311 - not a secret
    with connection:
        _definitions(connection)
        connection.executemany(
            "INSERT INTO instance (id, number, title, searchable, definition_id, bundle_id, state, revision, "
            "started_at, finished_at, variables) VALUES (?, ?, ?, ?, ?, 1, ?, 4, ?, ?, '{}')",
            _instances(size, now, dice),
        )
        connection.executemany(
            "INSERT INTO task (instance_id, key, element, process, name, role, authority, priority, state, person_id, "
            "restricted, opened_at, due_at, due_order, done_at, done_by, searchable, details) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 50, ?, ?, 0, ?, ?, ?, ?, ?, ?, '{}')",
            _tasks(size, now, dice, staff),
        )
    connection.execute("ANALYZE")
    connection.close()


def _definitions(connection: sqlite3.Connection) -> None:
    """More processes that look like the published one."""
    connection.executemany(
        "INSERT INTO definition (id, key, version, name, sha256, published_at, xml) "
        "SELECT ?, ?, 1, ?, sha256, published_at, xml FROM definition WHERE id = 1",
        [(number, f"proces{number}", f"Proces {number}") for number in range(2, PROCESSES + 1)],
    )


def _instances(size: Size, now: datetime, dice: random.Random) -> Iterator[tuple[object, ...]]:
    for number in range(1, size.cases + 1):
        running = number > size.cases - size.running
        started = now - timedelta(days=dice.randrange(1, 120) if running else dice.randrange(60, 1500))
        title, name = SERVICES[number % len(SERVICES)], f"OPS/{started.year}/{number:06}"
        finished = None if running else _moment(started + timedelta(days=dice.randrange(5, 60)))
        state = "running" if running else "completed"
        texts = (name, title, f"{name} {title}".casefold())
        yield number, *texts, 1 + number % PROCESSES, state, _moment(started), finished


def _tasks(
    size: Size, now: datetime, dice: random.Random, staff: dict[str, list[PersonId]]
) -> Iterator[tuple[object, ...]]:
    """Six of ten open tasks are somebody's, one of fifty is a decision that the wójt may delegate."""
    roles = [role for role in STAFF if role != ADMINISTRATOR]
    weights = [STAFF[role] for role in roles]
    late_share = size.late / max(1, 3 * size.running)
    for instance in range(1, size.cases + 1):
        for step in range(3):
            role = dice.choices(roles, weights)[0]
            person = dice.choice(staff[role])
            running = instance > size.cases - size.running
            authority = dice.choice(list(SCOPES)) if dice.random() < 0.02 else ""
            which = (instance + step) % len(STEPS)
            process = f"proces{1 + instance % PROCESSES}"
            common = (instance, f"k{step}", f"zadanie_{which}", process, STEPS[which], role, authority)
            if running:
                due = _due(now, dice, late_share)
                holder = person if dice.random() < 0.6 and not authority else None
                opened = _moment(now - timedelta(days=dice.randrange(1, 40)))
                yield *common, "open", holder, opened, due, due or NEVER, None, None, STEPS[which].casefold()
            else:
                done = now - timedelta(days=dice.randrange(1, 1500))
                due = _moment(done + timedelta(days=dice.randrange(-3, 20)))
                opened = _moment(done - timedelta(days=dice.randrange(1, 20)))
                yield *common, "done", person, opened, due, due, _moment(done), person, STEPS[which].casefold()


def _due(now: datetime, dice: random.Random, late_share: float) -> str | None:
    kind = dice.random()
    if kind < late_share:
        return _moment(now - timedelta(hours=dice.randrange(1, 24 * 40)))
    if kind > 0.95:
        return None
    return _moment(now + timedelta(hours=dice.randrange(1, 24 * 60)))


def _moment(value: datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S.%f")
