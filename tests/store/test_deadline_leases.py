"""Deadlines are taken once, by whoever comes first, and come back when the taker vanished."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from store_cast import an_instance

from engine.model import DeadlineId, InstanceId, TimerWait
from engine.store import deadlines
from engine.store.database import Database

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEASE = timedelta(minutes=2)


def a_timer(key: str, due_at: datetime = NOON, name: str = "Termin składania ofert") -> TimerWait:
    return TimerWait(key=key, element=f"E_{key}", name=name, due_at=due_at)


@pytest.fixture
def instance(database: Database) -> InstanceId:
    with database.work() as work:
        return an_instance(work)


def take(database: Database, now: datetime, *, limit: int = 20, owner: str = "a") -> list[str]:
    with database.work() as work:
        return [one.key for one in deadlines.take_due(work, now=now, limit=limit, owner=owner, lease=LEASE)]


def test_only_what_is_due_is_taken_and_the_soonest_first(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        timers = [a_timer("b", NOON), a_timer("a", NOON - timedelta(days=1)), a_timer("c", NOON + timedelta(seconds=1))]
        deadlines.sync_timers(work, instance, timers)

    assert take(database, NOON) == ["a", "b"]


def test_a_taken_deadline_is_left_alone_until_its_lease_ends(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])

    assert take(database, NOON) == ["a"]
    assert take(database, NOON + LEASE - timedelta(seconds=1), owner="b") == []
    assert take(database, NOON + LEASE, owner="b") == ["a"]


def test_every_attempt_is_counted(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])
    take(database, NOON)

    with database.work() as work:
        (second,) = deadlines.take_due(work, now=NOON + LEASE, limit=1, owner="b", lease=LEASE)

    assert second.attempts == 2
    assert second.due_at == NOON


def test_a_deadline_that_failed_waits_and_stays_due_when_it_was(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])
        (taken,) = deadlines.take_due(work, now=NOON, limit=1, owner="a", lease=LEASE)
        deadlines.push_back(work, taken.id, until=NOON + timedelta(hours=1), error="Nie udało się.")

    assert take(database, NOON + timedelta(minutes=59)) == []
    assert take(database, NOON + timedelta(hours=1)) == ["a"]
    with database.look() as look:
        assert [one.due_at for one in deadlines.of_instance(look, instance)] == [NOON]


def test_timers_become_what_waits_now(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("stays"), a_timer("goes"), a_timer("shifts")])
        kept = {one.key: one.id for one in deadlines.of_instance(work, instance)}
    later = NOON + timedelta(days=3)

    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("stays"), a_timer("shifts", later), a_timer("new", later)])

    with database.look() as look:
        found = {one.key: (one.id, one.due_at) for one in deadlines.of_instance(look, instance)}
    assert found.keys() == {"stays", "shifts", "new"}
    assert found["stays"] == (kept["stays"], NOON)
    assert found["shifts"] == (kept["shifts"], later)


def test_a_timer_that_still_waits_keeps_its_lease(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])
    take(database, NOON)

    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])

    assert take(database, NOON + timedelta(seconds=1)) == []


def test_a_shifted_timer_loses_lease_and_attempts(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])
    take(database, NOON)

    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a", NOON + timedelta(seconds=5))])
        (taken,) = deadlines.take_due(work, now=NOON + timedelta(seconds=5), limit=5, owner="b", lease=LEASE)

    assert taken.attempts == 1


def test_timers_of_other_instances_stay(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        other = an_instance(work, "OPS/2026/0002")
        deadlines.sync_timers(work, instance, [a_timer("a")])
        deadlines.sync_timers(work, other, [a_timer("a")])

        deadlines.sync_timers(work, instance, [])

        assert [one.instance for one in deadlines.of_instance(work, other)] == [other]


def test_a_dropped_deadline_never_comes(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer("a")])
        (one,) = deadlines.of_instance(work, instance)

        deadlines.drop(work, one.id)

    assert take(database, NOON) == []


def test_several_workers_take_each_deadline_once(
    database: Database, another: Callable[[], Database], instance: InstanceId
) -> None:
    due = 60
    with database.work() as work:
        deadlines.sync_timers(work, instance, [a_timer(f"t{number:02}") for number in range(due)])
    taken: list[DeadlineId] = []
    all_ready = threading.Barrier(4)

    def poll(own: Database, owner: str) -> None:
        all_ready.wait(timeout=10)
        while True:
            with own.work() as work:
                mine = deadlines.take_due(work, now=NOON, limit=7, owner=owner, lease=LEASE)
            taken.extend(one.id for one in mine)
            if not mine:
                return

    workers = [threading.Thread(target=poll, args=(another(), f"w{number}")) for number in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(timeout=60)

    assert Counter(taken) == Counter(set(taken))
    assert len(taken) == due


@pytest.mark.postgres
def test_a_worker_does_not_wait_for_what_another_is_taking(postgres_place: object) -> None:
    from databases import Place

    assert isinstance(postgres_place, Place)
    database = postgres_place.open()
    with database.work() as work:
        deadlines.sync_timers(work, an_instance(work), [a_timer("a"), a_timer("b", NOON - timedelta(1))])

    with database.work() as first:
        one = deadlines.take_due(first, now=NOON, limit=1, owner="a", lease=LEASE)
        with database.work() as second:
            other = deadlines.take_due(second, now=NOON, limit=5, owner="b", lease=LEASE)

    assert [found.key for found in (*one, *other)] == ["b", "a"]
    database.close()
