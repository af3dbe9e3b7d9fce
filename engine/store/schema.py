"""Brings the schema of a database to the newest revision and says whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x62696567  # any number, the same in every process


def upgrade(connection: Connection) -> None:
    """Runs all migrations that are missing, inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        # Two processes may start at once; the second waits and finds nothing left to do.
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def findings(connection: Connection) -> tuple[str, ...]:
    """A Polish sentence when the schema is not the one that this program needs."""
    present = MigrationContext.configure(connection).get_current_heads()
    wanted = ScriptDirectory.from_config(_config()).get_heads()
    if set(present) == set(wanted):
        return ()
    return ("Baza danych ma schemat z innej wersji programu. Uruchom polecenie „bieg init”.",)


def _config() -> Config:
    config = Config()
    # A percent sign in the path would be read as the start of a substitution.
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
