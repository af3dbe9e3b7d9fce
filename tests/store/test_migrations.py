"""The migrations make exactly what the tables say, on both databases, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from databases import Place, PostgresServer
from sqlalchemy import Connection, Engine, text

from engine.store import connecting, schema
from engine.store.tables import metadata

SQLITE = """
    SELECT type, name, tbl_name, sql FROM sqlite_master
    WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'
"""
POSTGRES = (
    """
    SELECT table_name, ordinal_position, column_name, data_type, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    """,
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
    """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
    """,
)


def shape(connection: Connection) -> list[str]:
    """Everything that the database itself says of its schema."""
    if connection.dialect.name == "sqlite":
        return sorted(in_order(" ".join(map(str, row))) for row in connection.execute(text(SQLITE)))
    found = [connection.execute(text(one)).all() for one in POSTGRES]
    return sorted(str(tuple(row)) for rows in found for row in rows)


def in_order(definition: str) -> str:
    """The order of a table's columns counts, that of its constraints does not."""
    plain = " ".join(definition.replace('"', "").split()).removesuffix(")").strip()
    columns, *constraints = plain.split(", CONSTRAINT ")
    return ", ".join([columns, *sorted(constraints)])


@pytest.fixture
def bare_sqlite(tmp_path: Path) -> Engine:
    url = connecting.driver_url(f"sqlite:///{tmp_path / 'bare.db'}")
    connecting.prepare(url)
    return connecting.engine(url, writing=True)


@pytest.fixture
def bare_postgres(postgres_server: PostgresServer) -> Iterator[Engine]:
    name = postgres_server.fresh("template0")
    engine = connecting.engine(connecting.driver_url(postgres_server.url(name)), writing=True)
    yield engine
    engine.dispose()
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare(request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind in turn."""
    found: Engine = request.getfixturevalue(f"bare_{request.param}")
    return found


def test_the_migrations_make_what_the_tables_say(bare: Engine, request: pytest.FixtureRequest) -> None:
    kind = "sqlite" if bare.dialect.name == "sqlite" else "postgres"
    migrated: Place = request.getfixturevalue(f"{kind}_place")
    with bare.begin() as connection:
        metadata.create_all(connection)
        wanted = shape(connection)

    database = migrated.open()
    with database.look() as look:
        found = shape(look.connection)

    assert found == wanted
    assert len(wanted) >= 48
    database.close()


def test_a_migration_can_be_undone(bare: Engine) -> None:
    with bare.begin() as connection:
        schema.upgrade(connection)
    config = schema._config()

    with bare.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        left = shape(connection)

    assert left == []


def test_half_a_migration_leaves_nothing(bare: Engine) -> None:
    def fail_half_way() -> None:
        with bare.begin() as connection:
            schema.upgrade(connection)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way()

    with bare.begin() as connection:
        assert shape(connection) == []


def test_what_was_stored_before_terms_came_is_still_there_and_after_going_back(bare: Engine) -> None:
    moment = "'2026-11-21 08:00:00'" if bare.dialect.name == "sqlite" else "'2026-11-21 08:00:00+00'"
    empty = "X''" if bare.dialect.name == "sqlite" else "''::bytea"
    no = "0" if bare.dialect.name == "sqlite" else "false"
    stored = (
        f"INSERT INTO person VALUES (7, 'anna', 'Anna', '', NULL, '', {no}, {no})",
        f"INSERT INTO definition VALUES (1, 'k', 1, 'K', 's', {moment}, NULL, NULL, {empty})",
        f"INSERT INTO bundle VALUES (1, 'd', 1, '{{}}', {empty}, '{{}}')",
        f"INSERT INTO instance VALUES (1, 'OPS/1', '', '', 1, 1, 'running', 1, {moment}, NULL, NULL, '{{}}')",
        "INSERT INTO task (id, instance_id, key, element, process, name, role, authority, priority, state, restricted,"
        " opened_at, due_order, searchable, details) VALUES"
        f" (3, 1, 't', 'e', 'k', 'Z', 'R', '', 50, 'open', {no}, {moment}, {moment}, 'z', '{{}}')",
        f"INSERT INTO draft VALUES (3, 7, {moment}, {empty})",
        f"INSERT INTO deadline VALUES (5, 1, 'timer', 'zegar', 'e', 'Z', {moment}, {moment}, '', 2, 'x')",
    )
    config = schema._config()
    with bare.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for one in stored:
            connection.execute(text(one))

    found = []
    for way, revision in ((command.upgrade, "head"), (command.downgrade, "0002")):
        with bare.begin() as connection:
            config.attributes["connection"] = connection
            way(config, revision)
            kept = connection.execute(text("SELECT id, instance_id, key, attempts, error FROM deadline")).all()
            drafts = connection.execute(text("SELECT task_id, person_id FROM draft")).all()
            found.append((kept, drafts))

    assert found == [([(5, 1, "zegar", 2, "x")], [(3, 7)])] * 2
