"""Which version of each process an instance is bound to, and which instances wait for nothing."""

from __future__ import annotations

from sqlalchemy import exists, select

from engine.model import DeadlineKind, DecisionFileId, DefinitionId, InstanceId, InstanceState, TaskState
from engine.store import bundles
from engine.store.database import Work
from engine.store.tables import bundle, deadline, definition, instance, message_wait, offer, task


def versions(work: Work, id: InstanceId) -> dict[str, DefinitionId]:
    """Process key to bound version: the main process first, then the ones it calls."""
    query = (
        select(definition.c.key, instance.c.definition_id, instance.c.bundle_id)
        .join(definition, definition.c.id == instance.c.definition_id)
        .where(instance.c.id == id)
    )
    key, main, bound = work.connection.execute(query).one()
    return {key: DefinitionId(main), **bundles.called(work, bound)}


def decisions(work: Work, id: InstanceId) -> dict[str, DecisionFileId]:
    """Decision id to the bound version of the file it stands in."""
    query = select(bundle.c.decisions).join(instance, instance.c.bundle_id == bundle.c.id).where(instance.c.id == id)
    found = work.connection.scalar(query) or {}
    return {key: DecisionFileId(value) for key, value in found.items()}


def stuck(work: Work) -> tuple[str, ...]:
    """Numbers of running instances with no open task, timer, message, signal or offer to wait for.

    One that waits only for a condition is among them: nobody but an administrator can make it come true.
    """
    waits = (
        exists().where(task.c.instance_id == instance.c.id, task.c.state == TaskState.OPEN),
        exists().where(deadline.c.instance_id == instance.c.id, deadline.c.kind == DeadlineKind.TIMER.value),
        exists().where(message_wait.c.instance_id == instance.c.id),
        exists().where(offer.c.instance_id == instance.c.id),
    )
    query = select(instance.c.number).where(instance.c.state == InstanceState.RUNNING, *(~one for one in waits))
    return tuple(work.connection.scalars(query.order_by(instance.c.id)))
