"""Starts that wait and offers of ad-hoc sub-processes are kept as they are now, each timer taken by one worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.model import DefinitionId, InstanceId, Offer, StartKind
from engine.store import bundles, definitions, instances, offers, start_waits
from engine.store.database import Database, Work
from engine.store.start_waits import NewStart

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def version(work: Work, key: str, text: str) -> DefinitionId:
    return definitions.add(work, key=key, name=key, xml=text.encode(), sha256=text, by=None).id


def message(element: str, name: str) -> NewStart:
    return NewStart(element=element, kind=StartKind.MESSAGE, name=name, timer={}, due_at=None)


def timer(element: str, due: datetime) -> NewStart:
    return NewStart(element=element, kind=StartKind.TIMER, name="", timer={"due": due.isoformat()}, due_at=due)


def test_starts_of_other_versions_are_forgotten(database: Database) -> None:
    with database.work() as work:
        old, new, other = version(work, "a", "1"), version(work, "a", "2"), version(work, "b", "1")
        for one in (old, new, other):
            start_waits.add(work, one, [message("start", "pismo")])

        start_waits.drop_others(work, "a", new)

        assert [one.definition for one in start_waits.named(work, StartKind.MESSAGE, "pismo")] == [new, other]
        assert (start_waits.waits(work, old), start_waits.waits(work, new)) == (False, True)
        assert start_waits.named(work, StartKind.SIGNAL, "pismo") == ()


def test_a_due_timer_is_taken_once_until_its_lease_ends(database: Database) -> None:
    with database.work() as work:
        start_waits.add(work, version(work, "a", "1"), [timer("t1", NOON), timer("t2", NOON + LEASE * 9)])

    def take(at: datetime) -> list[str]:
        with database.work() as work:
            taken = start_waits.take_due(work, now=at, limit=9, owner="worker", lease=LEASE)
        return [one.element for one in taken]

    assert take(NOON - LEASE) == []
    assert take(NOON) == ["t1"]
    assert take(NOON + LEASE / 2) == []
    assert take(NOON + LEASE) == ["t1"]


def test_a_timer_that_was_moved_waits_for_its_next_moment(database: Database) -> None:
    later = NOON + timedelta(days=1)
    with database.work() as work:
        start_waits.add(work, version(work, "a", "1"), [timer("t", NOON)])
        (taken,) = start_waits.take_due(work, now=NOON, limit=9, owner="worker", lease=LEASE)

        start_waits.shift(work, taken.id, timer={"due": later.isoformat(), "left": 2}, due_at=later)

        kept = start_waits.hold(work, taken.id)
        assert kept is not None
        assert (kept.due_at, kept.timer["left"], kept.attempts) == (later, 2, 0)
        start_waits.drop(work, taken.id)
        assert start_waits.hold(work, taken.id) is None


def offer(key: str, element: str, *, closing: bool = False) -> Offer:
    return Offer(key=key, element=element, process="a", name=element, role="", kind="userTask", closing=closing)


@pytest.mark.leaves_stuck
def test_offers_are_those_that_are_open_now(database: Database) -> None:
    with database.work() as work:
        ids = [_instance(work, number) for number in ("1", "2")]
        offers.sync(work, ids[0], [offer("7", "porada"), offer("7", "rozmowa")])
        offers.sync(work, ids[1], [offer("7", "porada")])

        offers.sync(work, ids[0], [offer("7", "rozmowa"), offer("9", "porada"), offer("9", "etap", closing=True)])

        found = [(one.key, one.element, one.closing) for one in offers.of_instance(work, ids[0])]
        assert found == [("7", "rozmowa", False), ("9", "porada", False), ("9", "etap", True)]
        assert len(offers.of_instance(work, ids[1])) == 1


def _instance(work: Work, number: str) -> InstanceId:
    definition = version(work, f"proces{number}", number)
    bundle = bundles.add(work, digest=number, definition=definition, called={}, content=b"")
    return instances.add(
        work, number=number, title="", definition=definition, bundle=bundle, variables={}, state=b"", by=None
    )
