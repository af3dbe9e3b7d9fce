"""Keeps the centre's own settings by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import bindparam, insert, select, update

from engine.model import Json
from engine.store.database import Work, once
from engine.store.tables import preference

_SEVERAL = select(preference.c.name, preference.c.value).where(
    preference.c.name.in_(bindparam("wanted", expanding=True))
)


def get(work: Work, name: str) -> Json:
    """The value of a setting, None when it was never set."""

    def read() -> Json:
        value: Json = work.connection.scalar(select(preference.c.value).where(preference.c.name == name))
        return value

    return once(work, f"preference {name}", read)


def several(work: Work, names: Collection[str]) -> Mapping[str, Json]:
    """The values of settings by name; one that was never set is left out."""
    return {row.name: row.value for row in work.connection.execute(_SEVERAL, {"wanted": sorted(names)})}


def put(work: Work, name: str, value: Json) -> None:
    """Sets a setting."""
    if work.connection.execute(update(preference).where(preference.c.name == name).values(value=value)).rowcount == 0:
        work.connection.execute(insert(preference).values(name=name, value=value))
