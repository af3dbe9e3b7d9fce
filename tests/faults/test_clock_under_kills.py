"""Ten thousand deadlines, four workers, kills at any moment: each occurrence fires once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import clocking
import invariants
import pytest
from clocking import DEED, Manner
from faults_cast import Office
from sqlalchemy import text

from engine import clock
from engine.model import DeadlineKind
from engine.store import deadlines
from engine.store.database import Database

DEEDS = 9_000
TIMERS = 1_000
FEWER = 2_000
MANY_CASES = 30  # of a thousand that are looked at closely
AGO = timedelta(hours=2)


def put_deeds(office: Office, count: int) -> None:
    """Deadlines of one case that are all due at the same moment."""
    (case,) = office.start("po_godzinie")
    due_at = clock.now() - timedelta(minutes=1)
    with office.parts.database.work() as work:
        for number in range(count):
            deadlines.put(work, kind=DEED, key=f"d{number}", due_at=due_at, instance=case.id)


def marks(database: Database) -> Counter[str]:
    """How often each deed was done."""
    with database.look() as work:
        return Counter(work.connection.scalars(text("SELECT key FROM mark")))


def waiting(database: Database) -> int:
    """What is due and has not fired; deadlines of days to come are left out."""
    with database.look() as work:
        query = text("SELECT count(*) FROM deadline WHERE due_at < :now")
        now = clock.now() if work.connection.dialect.name == "postgresql" else clock.now().replace(tzinfo=None)
        return int(work.connection.execute(query, {"now": now}).scalar_one())


def on_record(database: Database, kind: DeadlineKind) -> int:
    with database.look() as work:
        query = text("SELECT count(*) FROM firing WHERE kind = :kind")
        return int(work.connection.execute(query, {"kind": kind.value}).scalar_one())


def moved(database: Database) -> Counter[int]:
    """How often each case was moved by its timer, as its journal tells."""
    with database.look() as work:
        return Counter(work.connection.scalars(text("SELECT chain FROM journal WHERE deed = 'fire'")))


def test_each_of_ten_thousand_fires_once_while_workers_are_killed(office: Office) -> None:
    database = office.parts.database
    clocking.prepare(database)
    put_deeds(office, DEEDS)
    cases = office.start("po_godzinie", TIMERS, at=clock.now() - AGO)
    looked_at = {one.id for one in cases[:MANY_CASES]}

    with clocking.crew(office.parts, *[Manner(dies=1 / 1500)] * 4) as crew:

        def disturb() -> None:
            crew.kill_one()
            crew.replace_the_dead()

        clocking.until(lambda: waiting(database) == 0, disturb, seconds=150)
        exits = crew.dismiss()

    assert crew.kills >= 10
    assert set(exits) <= {0, -9, -15}  # -15: asked to stop before it had begun
    found = marks(database)
    assert (len(found), set(found.values())) == (DEEDS, {1})
    assert (len(moved(database)), set(moved(database).values())) == (TIMERS, {1})
    assert (on_record(database, DEED), on_record(database, DeadlineKind.TIMER)) == (DEEDS, TIMERS)
    assert invariants.broken(database, only=looked_at) == []


def test_with_deed_and_account_in_two_transactions_some_would_be_done_twice(office: Office) -> None:
    database = office.parts.database
    clocking.prepare(database)
    put_deeds(office, FEWER)

    with clocking.crew(office.parts, *[Manner(mutant=True)] * 4) as crew:

        def over() -> bool:
            return waiting(database) == 0 or max(marks(database).values(), default=0) > 1

        clocking.until(over, crew.replace_the_dead, seconds=90)

    assert max(marks(database).values()) > 1


def test_workers_in_two_zones_of_the_world_agree_on_what_is_due(office: Office) -> None:
    database = office.parts.database
    clocking.prepare(database)
    (case,) = office.start("po_godzinie")
    due = {"past": -timedelta(minutes=1), "hours": timedelta(hours=8), "minutes": timedelta(minutes=20)}
    with database.work() as work:
        for key, later in due.items():
            deadlines.put(work, kind=DEED, key=key, due_at=clock.now() + later, instance=case.id)

    with clocking.crew(office.parts, Manner(zone="Asia/Tokyo"), Manner(zone="UTC"), Manner(zone="America/New_York")):
        clocking.until(lambda: bool(marks(database)), lambda: None, seconds=60)
        soon = clock.now() + timedelta(seconds=1)
        with database.work() as work:
            deadlines.put(work, kind=DEED, key="soon", due_at=soon, instance=case.id)
        clocking.until(lambda: len(marks(database)) == 2, lambda: None, seconds=60)

    assert marks(database) == {"past": 1, "soon": 1}
    with database.look() as work:
        seen = text("SELECT max(fired_at) FROM firing WHERE key = 'soon'")
        late = work.connection.execute(seen).scalar_one()
    assert str(late)[:19] >= soon.strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.postgres
@pytest.mark.parametrize("fast", [timedelta(minutes=5), -timedelta(minutes=5)], ids=["fast", "slow"])
def test_the_clock_of_the_database_decides_whatever_a_worker_believes(postgres_office: Office, fast: timedelta) -> None:
    database = postgres_office.parts.database
    clocking.prepare(database)
    (case,) = postgres_office.start("po_godzinie")
    with database.work() as work:
        later = clock.now() + timedelta(minutes=2)
        deadlines.put(work, kind=DEED, key="later", due_at=later, instance=case.id)
        just_now = clock.now() - timedelta(seconds=1)
        deadlines.put(work, kind=DEED, key="now", due_at=just_now, instance=case.id)

    with clocking.crew(postgres_office.parts, Manner(fast=fast)):
        clocking.until(lambda: bool(marks(database)), lambda: None, seconds=60)

    assert marks(database) == {"now": 1}
