"""A deed is one transaction: whole, alone, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC

import pytest
from databases import KEY, Place
from store_cast import a_person, a_task, an_instance

from engine.errors import Conflict, InputRejected, NotFound, Unavailable
from engine.model import InstanceId, InstanceState, TaskId
from engine.store import connecting, instances, journal, numbers, people, tasks
from engine.store.database import Database


def test_a_deed_is_there_once_its_block_has_ended(database: Database, another: Callable[[], Database]) -> None:
    with database.work() as work:
        instance = an_instance(work)

    with another().look() as look:
        assert instances.get(look, instance).number == "OPS/2026/0001"


def test_a_rollback_leaves_nothing(database: Database) -> None:
    with database.work() as work:
        kept = an_instance(work)

    def fail_half_way() -> None:
        with database.work() as work:
            instances.move(work, kept, 1, state=b"x", variables={"n": 2}, now_state=InstanceState.COMPLETED)
            a_task(work, kept)
            journal.write(work, instance=kept, by=None, deed="start", text="Rozpoczęto.")
            numbers.next_number(work, "sprawa", 2026)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_half_way()

    with database.work() as work:
        after = instances.hold(work, kept)
        assert (after.instance.revision, after.state, after.instance.variables) == (1, b"state 1", {"usluga": "opieka"})
        assert tasks.of_instance(work, kept) == ()
        assert journal.of_instance(work, kept) == ()
        assert journal.verify(work) == ()
        assert numbers.next_number(work, "sprawa", 2026) == 1


def test_the_second_writer_of_an_instance_gets_a_conflict(database: Database, another: Callable[[], Database]) -> None:
    with database.work() as work:
        instance = an_instance(work)
        task = a_task(work, instance)
        person = a_person(work, "anna")
    seen: list[str] = []
    both_have_read = threading.Barrier(2)

    def complete(own: Database) -> None:
        with own.look() as look:
            read = instances.get(look, instance).revision
        both_have_read.wait(timeout=10)
        try:
            with own.work() as work:
                instances.hold(work, instance)
                instances.move(work, instance, read, state=b"2", variables={}, now_state=InstanceState.RUNNING)
                tasks.finish(work, task, person)
            seen.append("done")
        except Conflict as conflict:
            seen.append(conflict.message)

    writers = [threading.Thread(target=complete, args=(own,)) for own in (another(), another())]
    for one in writers:
        one.start()
    for one in writers:
        one.join(timeout=30)

    assert sorted(seen) == [
        "Ta sprawa zmieniła się w międzyczasie. Odśwież stronę i sprawdź, co jest do zrobienia.",
        "done",
    ]
    with database.look() as look:
        assert instances.get(look, instance).revision == 2


def test_whoever_waited_for_an_instance_sees_all_that_the_one_before_stored(
    database: Database, another: Callable[[], Database]
) -> None:
    with database.work() as work:
        instance = an_instance(work)
        instances.move(work, instance, 1, state=b"0", variables={"n": 0}, now_state=InstanceState.RUNNING)
    rounds, workers = 15, 4
    torn: list[tuple[bytes, object]] = []

    def count_up(own: Database) -> None:
        for _ in range(rounds):
            with own.work() as work:
                held = instances.hold(work, instance)
                if int(held.state) != held.instance.variables["n"]:
                    torn.append((held.state, held.instance.variables["n"]))
                count = int(held.state) + 1
                instances.move(
                    work,
                    instance,
                    held.instance.revision,
                    state=str(count).encode(),
                    variables={"n": count},
                    now_state=InstanceState.RUNNING,
                )

    threads = [threading.Thread(target=count_up, args=(another(),)) for _ in range(workers)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    with database.work() as work:
        held = instances.hold(work, instance)
    assert torn == []
    assert (held.state, held.instance.variables) == (b"60", {"n": rounds * workers})


def test_numbers_have_no_gaps_and_no_doubles_when_some_deeds_fail(
    database: Database, another: Callable[[], Database]
) -> None:
    given: list[int] = []

    def register(own: Database, fails: bool) -> None:
        for turn in range(10):
            try:
                with own.work() as work:
                    number = numbers.next_number(work, "sprawa", 2026)
                    if fails and turn % 2:
                        raise RuntimeError
                    given.append(number)
            except RuntimeError:
                pass

    threads = [threading.Thread(target=register, args=(another(), fails)) for fails in (True, False, True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    assert sorted(given) == list(range(1, 21))


def test_each_series_and_year_counts_for_itself(database: Database) -> None:
    with database.work() as work:
        found = [numbers.next_number(work, *one) for one in [("sprawa", 2026), ("sprawa", 2027), ("pismo", 2026)]]

    assert found == [1, 1, 1]


def test_a_look_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read.?only"), database.look() as look:
        people.add_unit(look, name="Dział usług", performs=False)

    with database.look() as look:
        assert people.units(look) == ()


def test_a_look_sees_one_moment(database: Database) -> None:
    with database.look() as look:
        before = people.units(look)
        with database.work() as work:
            people.add_unit(work, name="Dział usług", performs=False)
        after = people.units(look)

    assert before == after == ()


def test_the_moment_of_a_deed_is_aware_utc_and_the_same_when_read(database: Database) -> None:
    with database.work() as work:
        instance = an_instance(work)

    with database.look() as look:
        started = instances.get(look, instance).started_at
    assert started == work.now
    assert started.tzinfo is UTC


def test_a_busy_database_is_said_to_be_unavailable(sqlite_place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)
    first, second = Database(sqlite_place.url, KEY), Database(sqlite_place.url, KEY)

    with first.work(), pytest.raises(Unavailable, match="zajęta"), second.work():
        pass


def test_a_busy_writer_of_the_same_process_is_said_to_be_unavailable(
    sqlite_place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_place.url, KEY)
    monkeypatch.setattr(connecting, "PATIENCE", 0.05)

    with database.work(), pytest.raises(Unavailable, match="zajęta"), database.work():
        pass


def test_an_id_that_no_database_can_hold_is_not_found(database: Database) -> None:
    for id in (2**31, 2**63, 2**70):
        with pytest.raises(NotFound), database.look() as look:
            tasks.get(look, TaskId(id))
        with pytest.raises(NotFound), database.look() as look:
            instances.get(look, InstanceId(id))


def test_text_that_is_no_text_is_the_persons_to_correct(database: Database) -> None:
    with pytest.raises(InputRejected, match="Popraw"), database.work() as work:
        people.add_unit(work, name="a\ud800b", performs=False)


@pytest.mark.postgres
def test_text_that_postgresql_cannot_store_is_the_persons_to_correct(postgres_place: Place) -> None:
    database = postgres_place.open()

    with pytest.raises(InputRejected, match="Popraw"), database.work() as work:
        people.add_unit(work, name="a\x00b", performs=False)
    database.close()
