"""The database is opened only when it keeps what it acknowledges, with the schema and key it was made for."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from databases import KEY, Place, PostgresServer
from sqlalchemy import make_url, text

from engine.errors import Misconfigured, Unavailable
from engine.store import connecting
from engine.store.database import Database, upgrade


def test_a_fresh_database_has_no_findings(database: Database) -> None:
    assert database.check() == ()
    database.ping()


@pytest.mark.parametrize(
    ("pragma", "label"),
    [
        ("synchronous = NORMAL", "synchronous=FULL"),
        ("synchronous = OFF", "synchronous=FULL"),
        ("foreign_keys = OFF", "klucze obce"),
        ("trusted_schema = ON", "trusted_schema=OFF"),
        ("journal_mode = DELETE", "tryb dziennika WAL"),
    ],
)
def test_sqlite_that_could_lose_data_is_refused(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch, pragma: str, label: str
) -> None:
    right = connecting._set_up

    def wrong(connection: connecting.SqliteConnection, writing: bool) -> None:
        right(connection, writing)
        connection.execute("PRAGMA query_only = OFF")
        connection.execute(f"PRAGMA {pragma}")

    monkeypatch.setattr(connecting, "_set_up", wrong)

    with pytest.raises(Misconfigured, match=label):
        sqlite_place.open()


@pytest.mark.postgres
def test_postgresql_that_could_lose_data_is_refused(postgres_server: PostgresServer, postgres_place: Place) -> None:
    name = make_url(postgres_place.url).database
    postgres_server.run(f"ALTER DATABASE {name} SET synchronous_commit = off")

    with pytest.raises(Misconfigured, match="synchronous_commit=on"):
        postgres_place.open()


def test_a_database_of_another_program_version_is_refused(place: Place) -> None:
    database = place.open()
    with database.work() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()

    with pytest.raises(Misconfigured, match="bieg init"):
        place.open()


def test_another_key_is_refused(place: Place) -> None:
    place.open().close()

    with pytest.raises(Misconfigured, match="Klucz nie pasuje"):
        Database(place.url, bytes(32))


def test_a_missing_file_is_not_silently_made_anew(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Database(f"sqlite:///{tmp_path / 'nowhere.db'}", KEY)

    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/bieg", "nonsense"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(Misconfigured):
        Database(url, KEY)


def test_a_server_that_is_away_is_said_to_be_unavailable() -> None:
    with pytest.raises(Unavailable, match="niedostępna"):
        Database("postgresql://bieg@127.0.0.1:1/bieg", KEY)


@pytest.mark.postgres
def test_lost_connections_are_said_to_be_unavailable_and_are_made_anew(
    postgres_server: PostgresServer, postgres_place: Place
) -> None:
    database = postgres_place.open()
    ends_all = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bieg'"

    def lose_the_connection() -> None:
        with database.look() as look:
            postgres_server.run(ends_all)
            look.connection.execute(text("SELECT 1"))

    with pytest.raises(Unavailable, match="niedostępna"):
        lose_the_connection()

    database.ping()
    with database.work():
        pass
    database.close()


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "50% of it.db"
    upgrade(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}", KEY)

    with database.work():
        modes = {one.name: one.stat().st_mode & 0o077 for one in file.parent.iterdir()}

    assert len(modes) == 3
    assert set(modes.values()) == {0}
    database.close()


def test_upgrading_twice_changes_nothing(place: Place) -> None:
    upgrade(place.url)

    place.open().close()


def test_two_programs_that_upgrade_at_once_both_succeed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bieg.db'}"
    failed: list[BaseException] = []

    def run() -> None:
        try:
            upgrade(url)
        except BaseException as error:  # a thread would swallow it
            failed.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    assert failed == []
    Database(url, KEY).close()
