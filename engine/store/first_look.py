"""Reads at once what nearly every page asks: settings, scopes in force, shared roles, unread notices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, literal_column, select, type_coerce, union_all

from engine.model import Person
from engine.store import authorisations, notices, task_search
from engine.store.columns import from_json
from engine.store.database import Work
from engine.store.tables import preference

SCOPES = "scopes in force"  # under which name they are kept


def read(work: Work, viewer: Person, *, day: date, settings: Collection[str]) -> None:
    """Reads with one statement what the functions that are asked later would read one by one.

    Args:
        day: on which scopes are in force.
        settings: names of preferences.
    """
    if work.kept is None:
        return
    values = {"day": day, "viewer": viewer.id, "of": viewer.id, "roles": sorted(viewer.roles)}
    found: dict[str, list[tuple[str, str]]] = {"setting": [], "scope": [], "shared": [], "unread": []}
    for kind, name, value in work.connection.execute(_all(), {**values, "wanted": sorted(settings)}):
        found[kind].append((name, value))
    stored = dict(found["setting"])
    for name in settings:
        work.kept[f"preference {name}"] = from_json(stored[name]) if name in stored else None
    work.kept[SCOPES] = frozenset(name for name, _ in found["scope"])
    work.kept[f"shared roles of {viewer.id}"] = frozenset(name for name, _ in found["shared"])
    work.kept[f"unread of {viewer.id}"] = int(found["unread"][0][0])


@lru_cache(maxsize=1)
def _all() -> Select[*tuple[Any, ...]]:
    nothing: ColumnElement[str] = literal_column("''")
    wanted = preference.c.name.in_(bindparam("wanted", expanding=True))
    scopes, shared = authorisations.USABLE_SCOPES.subquery(), task_search.OF_OTHERS.subquery()
    parts: tuple[Select[*tuple[Any, ...]], ...] = (
        select(
            literal_column("'setting'").label("kind"), preference.c.name, type_coerce(preference.c.value, Text)
        ).where(wanted),
        select(literal_column("'scope'"), scopes.c.scope, nothing),
        select(literal_column("'shared'"), shared.c.role, nothing),
        select(literal_column("'unread'"), cast(notices.UNREAD.scalar_subquery(), Text), nothing),
    )
    return select(union_all(*parts).subquery())
