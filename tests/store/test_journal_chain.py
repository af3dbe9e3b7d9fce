"""The journal is an account: what was written can be read for ever, and nobody rewrites it unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text
from store_cast import a_person, an_instance

from engine.model import InstanceId
from engine.store import journal
from engine.store.database import Database

DEEDS = ("start", "claim", "complete", "complete", "decide")


@pytest.fixture
def instance(database: Database) -> InstanceId:
    with database.work() as work:
        by = a_person(work, "anna", name="Anna Żółkiewska")
        id = an_instance(work)
        for number, deed in enumerate(DEEDS):
            journal.write(
                work, instance=id, by=by, deed=deed, element=f"E{number}", text=f"Wpis {number}.", authority="7/2026"
            )
        journal.write(work, instance=None, by=None, deed="publish", text="Opublikowano proces.")
    return id


def tamper(database: Database, statement: str) -> None:
    with database.work() as work:
        assert work.connection.execute(text(statement)).rowcount >= 1


def test_entries_tell_who_did_what_when_and_on_what_authority(database: Database, instance: InstanceId) -> None:
    with database.look() as look:
        entries = journal.of_instance(look, instance)

    assert tuple(one.deed for one in entries) == DEEDS
    assert (entries[0].by, entries[0].element, entries[0].text) == ("Anna Żółkiewska", "E0", "Wpis 0.")
    assert entries[0].authority == "7/2026"
    assert entries[0].at.utcoffset() is not None


def test_recent_entries_come_newest_first_from_all_chains(database: Database, instance: InstanceId) -> None:
    with database.look() as look:
        found = journal.recent(look, 3)

    assert [one.deed for one in found] == ["publish", "decide", "complete"]


def test_an_untouched_journal_has_no_findings(database: Database, instance: InstanceId) -> None:
    with database.look() as look:
        assert journal.verify(look) == ()


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE journal SET text = 'Wpis 2!' WHERE chain > 0 AND position = 3", 3),
        ("UPDATE journal SET deed = 'cancel' WHERE chain > 0 AND position = 1", 1),
        ("UPDATE journal SET element = '' WHERE chain > 0 AND position = 2", 2),
        ("UPDATE journal SET authority = '' WHERE chain > 0 AND position = 5", 5),
        ("UPDATE journal SET person_id = NULL WHERE chain > 0 AND position = 4", 4),
        ("DELETE FROM journal WHERE chain > 0 AND position = 1", 1),
        ("DELETE FROM journal WHERE chain > 0 AND position = 3", 3),
        ("DELETE FROM journal WHERE chain > 0 AND position = 5", 5),
        ("DELETE FROM journal WHERE chain > 0", 1),
        ("DELETE FROM journal_head WHERE chain > 0", 6),
    ],
)
def test_a_changed_or_removed_entry_is_found(
    database: Database, instance: InstanceId, change: str, position: int
) -> None:
    tamper(database, change)

    with database.look() as look:
        (finding,) = journal.verify(look)
    assert finding.startswith(f"Dziennik sprawy OPS/2026/0001: wpis {position} został")


def test_a_moment_that_was_shifted_is_found(database: Database, instance: InstanceId) -> None:
    later = "'2030-01-01 00:00:00.000000'"
    tamper(database, f"UPDATE journal SET at = {later} WHERE chain > 0 AND position = 2")

    with database.look() as look:
        (finding,) = journal.verify(look)
    assert "wpis 2 " in finding


def test_two_entries_that_changed_places_are_found(database: Database, instance: InstanceId) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        tamper(database, f"UPDATE journal SET position = {new} WHERE chain > 0 AND position = {old}")

    with database.look() as look:
        (finding,) = journal.verify(look)
    assert "wpis 2 " in finding


def test_an_entry_that_somebody_slipped_in_is_found(database: Database, instance: InstanceId) -> None:
    columns = "person_id, at, deed, element, text, authority, mark"
    tamper(
        database,
        f"INSERT INTO journal (chain, position, {columns}) "
        f"SELECT chain, 6, {columns} FROM journal WHERE chain > 0 AND position = 5",
    )

    with database.look() as look:
        (finding,) = journal.verify(look)
    assert "wpis 6 " in finding


def test_an_entry_that_was_moved_to_another_chain_is_found_in_both(database: Database, instance: InstanceId) -> None:
    with database.work() as work:
        other = an_instance(work, "OPS/2026/0002")
        journal.write(work, instance=other, by=None, deed="start", text="Rozpoczęto.")
    tamper(database, f"UPDATE journal SET chain = {other}, position = 2 WHERE chain = {instance} AND position = 5")

    with database.look() as look:
        findings = journal.verify(look)
    assert [one.split(":")[0] for one in findings] == [
        "Dziennik sprawy OPS/2026/0001",
        "Dziennik sprawy OPS/2026/0002",
    ]


def test_a_forger_without_the_key_is_found_even_if_every_mark_fits_its_own_key(
    database: Database, instance: InstanceId
) -> None:
    from engine.store.sealing import Sealer

    forger = Sealer(b"another key of thirty-two bytes!")
    with database.work() as work:
        rows = work.connection.execute(text("SELECT * FROM journal WHERE chain = 0")).all()
        mark = forger.mark(b"whatever")
        work.connection.execute(
            text("UPDATE journal SET text = 'Nic się nie stało.', mark = :mark WHERE chain = 0"), {"mark": mark}
        )
        work.connection.execute(text("UPDATE journal_head SET mark = :mark WHERE chain = 0"), {"mark": mark})
    assert len(rows) == 1

    with database.look() as look:
        (finding,) = journal.verify(look)
    assert finding.startswith("Dziennik ośrodka: wpis 1 ")


def test_writers_at_the_same_time_make_one_unbroken_chain(database: Database, another: Callable[[], Database]) -> None:
    def write(own: Database) -> None:
        for number in range(10):
            with own.work() as work:
                journal.write(work, instance=None, by=None, deed="people", text=f"Wpis {number}.")

    threads = [threading.Thread(target=write, args=(another(),)) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)

    with database.look() as look:
        assert len(journal.recent(look, 100)) == 30
        assert journal.verify(look) == ()
