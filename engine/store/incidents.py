"""Keeps why instances stand still."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from engine.model import InstanceId
from engine.store.database import Work
from engine.store.rows import Found, insert_all
from engine.store.tables import incident


@dataclass(frozen=True, kw_only=True)
class Incident:
    """An instance that stopped on an error and waits for an administrator."""

    instance: InstanceId
    element: str
    message: str
    at: datetime


_OPEN = select(incident).where(incident.c.closed_at.is_(None)).order_by(incident.c.id)


def open_incident(work: Work, *, instance: InstanceId, element: str, message: str) -> None:
    """Notes that an instance stopped; an incident that was still open makes room for the new one."""
    close(work, instance)
    values = {"instance_id": instance, "element": element, "message": message, "at": work.now}
    insert_all(work, incident, [values])


def of_instance(work: Work, id: InstanceId) -> Incident | None:
    """The open incident of an instance."""
    found = _nouns(work.connection.execute(_OPEN.where(incident.c.instance_id == id)))
    return found[0] if found else None


def close(work: Work, instance: InstanceId) -> None:
    """Notes that an instance goes on, or will never."""
    still_open = (incident.c.instance_id == instance) & incident.c.closed_at.is_(None)
    work.connection.execute(update(incident).where(still_open).values(closed_at=work.now))


def open_all(work: Work) -> tuple[Incident, ...]:
    """All open incidents, oldest first."""
    return _nouns(work.connection.execute(_OPEN))


def _nouns(rows: Iterable[Found]) -> tuple[Incident, ...]:
    return tuple(
        Incident(instance=InstanceId(row.instance_id), element=row.element, message=row.message, at=row.at)
        for row in rows
    )
