"""Connects to SQLite and PostgreSQL in the one way in which nothing acknowledged is lost."""

from __future__ import annotations

import os
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from engine.errors import Misconfigured, Unavailable

PATIENCE = 15  # seconds to wait for another writer
_POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": PATIENCE}
_POSTGRES_OPTIONS = f"-c timezone=UTC -c lock_timeout={PATIENCE}s -c idle_in_transaction_session_timeout=60s"


def driver_url(url: str) -> URL:
    """The URL with the driver that this system uses.

    Raises:
        Misconfigured: it names another kind of database, or a SQLite database that is not a file.
    """
    try:
        read = make_url(url)
    except ArgumentError as error:
        raise Misconfigured("Adres bazy danych (BIEG_DATABASE_URL) jest nieczytelny.") from error
    if read.get_backend_name() == "postgresql":
        return read.set(drivername="postgresql+psycopg")
    if read.get_backend_name() != "sqlite":
        raise Misconfigured("Obsługiwane bazy danych to SQLite i PostgreSQL.")
    if not read.database or read.database == ":memory:" or read.database.startswith("file:"):
        raise Misconfigured("Baza SQLite musi być plikiem, na przykład sqlite:////var/lib/bieg/bieg.db.")
    return read.set(drivername="sqlite+pysqlite")


def prepare(url: URL) -> None:
    """Makes the file of a SQLite database, readable by its owner only; its journals inherit that.

    Raises:
        Unavailable: the file cannot be made.
    """
    if url.get_backend_name() != "sqlite":
        return
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise Unavailable(f"Nie można utworzyć pliku bazy danych {path}. Sprawdź prawa do folderu.") from error


def engine(url: URL, *, writing: bool) -> Engine:
    """An engine whose connections are all set up alike, for writing or for reading only."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, writing)
    options = _POSTGRES_OPTIONS
    if not writing:
        options += " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    connect = {"options": options, "connect_timeout": 5, "application_name": "bieg"}
    return create_engine(url, connect_args=connect, pool_pre_ping=True, **_POOL)


def _sqlite_engine(url: URL, writing: bool) -> Engine:
    path = str(Path(str(url.database)).resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    # mode=rw: a database that is missing is not silently made anew.
    target = URL.create("sqlite+pysqlite", database=f"file:{path}", query={"mode": "rw", "uri": "true"})
    made = create_engine(
        target,
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        **_POOL,
    )

    def connect(connection: SqliteConnection, _record: object) -> None:
        _set_up(connection, writing)

    def begin(connection: Connection) -> None:
        # A deferred writer would take its lock late and fail where it should have waited.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    event.listen(made, "connect", connect)
    event.listen(made, "begin", begin)
    return made


def _set_up(connection: SqliteConnection, writing: bool) -> None:
    connection.isolation_level = None  # the driver's own idea of transactions is switched off
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000}")
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    if not writing:
        connection.execute("PRAGMA query_only = ON")
