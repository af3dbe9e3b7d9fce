"""Asks a live connection whether the database keeps what it acknowledges."""

from __future__ import annotations

from sqlalchemy import Connection

_SQLITE = {
    "journal_mode": (("wal",), "tryb dziennika WAL"),
    "synchronous": (("2", "3"), "synchronous=FULL"),
    "foreign_keys": (("1",), "klucze obce"),
    "trusted_schema": (("0",), "trusted_schema=OFF"),
}
_POSTGRES = {
    "fsync": (("on",), "fsync=on"),
    "full_page_writes": (("on",), "full_page_writes=on"),
    "synchronous_commit": (("on", "local", "remote_write", "remote_apply"), "synchronous_commit=on"),
    "server_encoding": (("UTF8",), "kodowanie UTF8"),
}


def findings(connection: Connection) -> tuple[str, ...]:
    """Every setting that is not as it must be, as a Polish sentence."""
    sqlite = connection.dialect.name == "sqlite"
    wanted, ask = (_SQLITE, "PRAGMA") if sqlite else (_POSTGRES, "SHOW")
    found = {name: str(connection.exec_driver_sql(f"{ask} {name}").scalar()) for name in wanted}
    return tuple(
        f"Baza danych: wymagane {label} (jest {name}={found[name]})."
        for name, (allowed, label) in wanted.items()
        if found[name] not in allowed
    )
