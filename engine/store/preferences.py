"""Keeps the centre's own settings by name."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from engine.model import Json
from engine.store.database import Work
from engine.store.tables import preference


def get(work: Work, name: str) -> Json:
    """The value of a setting, None when it was never set."""
    value: Json = work.connection.scalar(select(preference.c.value).where(preference.c.name == name))
    return value


def put(work: Work, name: str, value: Json) -> None:
    """Sets a setting."""
    if work.connection.execute(update(preference).where(preference.c.name == name).values(value=value)).rowcount == 0:
        work.connection.execute(insert(preference).values(name=name, value=value))
