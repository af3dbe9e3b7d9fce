"""Keeps what people may set in motion in the open ad-hoc sub-processes of an instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import bindparam, delete, select

from engine.model import InstanceId, Offer
from engine.store.database import Work
from engine.store.rows import insert_all
from engine.store.tables import offer

_OF_INSTANCE = select(offer).where(offer.c.instance_id == bindparam("of")).order_by(offer.c.id)
_DROP = delete(offer).where(offer.c.id == bindparam("one"))


def sync(work: Work, instance: InstanceId, offers: Sequence[Offer]) -> None:
    """Makes the offers of an instance those that are open now; one that still is keeps its place."""
    wanted = {(one.key, one.element): one for one in offers}
    gone = []
    for id, known in _rows(work, instance):
        if wanted.get((known.key, known.element)) == known:
            del wanted[known.key, known.element]
        else:
            gone.append({"one": id})
    if gone:
        work.connection.execute(_DROP, gone)
    insert_all(work, offer, [{"instance_id": instance, **asdict(one)} for one in wanted.values()])


def of_instance(work: Work, id: InstanceId) -> tuple[Offer, ...]:
    """What may be set in motion in an instance now."""
    return tuple(known for _, known in _rows(work, id))


def _rows(work: Work, instance: InstanceId) -> list[tuple[int, Offer]]:
    return [
        (
            row.id,
            Offer(
                key=row.key,
                element=row.element,
                process=row.process,
                name=row.name,
                role=row.role,
                kind=row.kind,
                closing=row.closing,
            ),
        )
        for row in work.connection.execute(_OF_INSTANCE, {"of": instance})
    ]
