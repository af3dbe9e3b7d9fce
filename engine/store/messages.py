"""Keeps which instances wait for which messages and signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from engine.model import InstanceId, MessageWait, WaitKind
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import message_wait

_KNOWN = select(message_wait).where(message_wait.c.instance_id == bindparam("of"))
_DROP = delete(message_wait).where(message_wait.c.id == bindparam("one"))
_WAITING = (
    select(message_wait)
    .where(message_wait.c.name == bindparam("wanted"), message_wait.c.kind == bindparam("what"))
    .order_by(message_wait.c.id)
)


def sync_waits(work: Work, instance: InstanceId, waits: Sequence[MessageWait]) -> None:
    """Makes the waits of an instance those that wait now."""
    wanted = {one.key: _row(instance, one) for one in waits}
    gone = []
    for row in work.connection.execute(_KNOWN, {"of": instance}):
        kept = wanted.get(row.key)
        if kept is not None and all(row._mapping[name] == value for name, value in kept.items()):
            del wanted[row.key]
        else:
            gone.append({"one": row.id})
    if gone:
        work.connection.execute(_DROP, gone)
    insert_all(work, message_wait, list(wanted.values()))


def waiting_for(work: Work, name: str, kind: WaitKind = WaitKind.MESSAGE) -> tuple[tuple[InstanceId, MessageWait], ...]:
    """Who waits for a message or signal of this name, longest first."""
    return tuple(
        (
            InstanceId(row.instance_id),
            MessageWait(key=row.key, element=row.element, name=row.name, correlation=row.correlation, kind=kind),
        )
        for row in work.connection.execute(_WAITING, {"wanted": name, "what": kind.value})
    )


def _row(instance: InstanceId, wait: MessageWait) -> dict[str, Any]:
    return {
        "instance_id": instance,
        "key": wait.key,
        "element": wait.element,
        "name": wait.name,
        "correlation": dict(wait.correlation),
        "kind": wait.kind.value,
    }
