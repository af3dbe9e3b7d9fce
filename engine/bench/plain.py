"""The rows of one deed written by plain SQL: the least that a durable deed can take here."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

TABLES = """
CREATE TABLE instance (id INTEGER PRIMARY KEY, revision INTEGER, variables TEXT);
CREATE TABLE instance_state (instance_id INTEGER PRIMARY KEY, content BLOB);
CREATE TABLE step (id INTEGER PRIMARY KEY, instance_id INTEGER, key TEXT, state TEXT, entered_at TEXT, left_at TEXT);
CREATE TABLE task (id INTEGER PRIMARY KEY, instance_id INTEGER, name TEXT, role TEXT, state TEXT, done_at TEXT);
CREATE TABLE journal (id INTEGER PRIMARY KEY, instance_id INTEGER, at TEXT, text TEXT, mark BLOB);
CREATE INDEX ix_step ON step (instance_id, id);
CREATE INDEX ix_task ON task (instance_id, id);
CREATE INDEX ix_journal ON journal (instance_id, id);
INSERT INTO instance VALUES (1, 0, '{}');
INSERT INTO instance_state VALUES (1, x'00');
INSERT INTO step VALUES (0, 1, '0', 'active', '', NULL);
INSERT INTO task VALUES (0, 1, 'zadanie', 'rola', 'open', NULL);
"""


def walls(file: Path, deeds: int) -> list[float]:
    """Wall seconds of each deed: two rows moved on, two closed, three added, committed with `synchronous=FULL`."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.executescript(TABLES)
    taken = []
    for number in range(1, deeds + 1):
        begun = time.perf_counter()
        _deed(connection, number)
        taken.append(time.perf_counter() - begun)
    connection.close()
    return taken


def _deed(connection: sqlite3.Connection, number: int) -> None:
    at = "2026-11-21T12:00:00.000000"
    run = connection.execute
    run("BEGIN IMMEDIATE")
    run("UPDATE instance SET revision = revision + 1 WHERE id = 1 AND revision = ?", (number - 1,))
    run("UPDATE instance_state SET content = ? WHERE instance_id = 1", (b"x" * 300,))
    run("UPDATE step SET state = 'done', left_at = ? WHERE id = ?", (at, number - 1))
    run("UPDATE task SET state = 'done', done_at = ? WHERE id = ?", (at, number - 1))
    run("INSERT INTO step VALUES (?, 1, ?, 'active', ?, NULL)", (number, str(number), at))
    run("INSERT INTO task VALUES (?, 1, 'zadanie', 'rola', 'open', NULL)", (number,))
    run("INSERT INTO journal VALUES (?, 1, ?, 'Wykonano zadanie.', ?)", (number, at, b"m" * 32))
    run("COMMIT")
