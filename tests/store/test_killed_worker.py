"""A worker that is killed at any moment loses nothing that it told, and leaves nothing half done."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest
from databases import Place
from doomed_worker import INSTANCE, tell_before_it_is_there, work_honestly, work_in_two_transactions
from store_cast import KOORDYNATOR, a_form, a_move, a_person, a_task, an_instance

from engine.model import InstanceState, StepState, TaskState
from engine.store import answers, instances, journal, steps, tasks
from engine.store.database import Database

KILLS = 12
CHANCES = 120  # how many kills a mutant may survive before the test itself is at fault

Worker = Callable[[str, Connection], None]


@pytest.fixture(autouse=True, scope="module")
def _preloaded() -> None:
    """Workers are forked from a clean process that has imported everything: a start takes milliseconds."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(["doomed_worker"])


@pytest.fixture
def prepared(database: Database) -> Database:
    with database.work() as work:
        a_person(work, "anna", KOORDYNATOR)
        instance = an_instance(work)
        a_form(work)
        held = instances.hold(work, instance).instance
        instances.move(work, instance, held.revision, state=b"0", variables={"n": 0}, now_state=InstanceState.RUNNING)
        a_task(work, instance, "k0")
        steps.record(work, instance, [a_move("k0")], by="")
    return database


def kill_at_random(url: str, worker: Worker, chance: random.Random) -> int:
    """Runs a worker and kills it at a random moment; returns the last deed that it told."""
    context = multiprocessing.get_context("forkserver")
    hears, tells = context.Pipe(duplex=False)
    process = context.Process(target=worker, args=(url, tells), daemon=True)
    process.start()
    tells.close()
    assert hears.poll(30), "the worker never began"
    told: int = hears.recv()
    if chance.random() < 0.5:
        process.join(chance.uniform(0.0, 0.05))
    else:
        for _ in range(chance.randint(1, 5)):
            told = hears.recv()
    assert process.is_alive()
    process.kill()
    process.join()
    while True:
        try:
            told = hears.recv()
        except EOFError:
            return told


def findings(database: Database, told: int) -> list[str]:
    """What does not fit together after a kill."""
    with database.work() as work:
        held = instances.hold(work, INSTANCE)
        count = held.instance.variables["n"]
        assert isinstance(count, int)
        passed = steps.of_instance(work, INSTANCE)
        all_tasks = tasks.of_instance(work, INSTANCE)
        expected = {
            "nothing told is lost": told <= count,
            "at most one deed was done untold": count <= told + 1,
            "state": held.state == (str(count).encode() * 500 if count else b"0"),
            "revision": held.instance.revision == count + 2,
            "steps": [one.key for one in passed] == [f"k{n}" for n in range(count + 1)],
            "one step is active": [one.key for one in passed if one.state is StepState.ACTIVE] == [f"k{count}"],
            "one task is open": [one.key for one in all_tasks if one.state is TaskState.OPEN] == [f"k{count}"],
            "answers": [one.values["n"] for one in answers.of_instance(work, INSTANCE)] == list(range(1, count + 1)),
            "journal": len(journal.of_instance(work, INSTANCE)) == count,
            "chain": journal.verify(work) == (),
        }
    return [name for name, holds in expected.items() if not holds]


def test_a_killed_worker_loses_nothing_it_told_and_leaves_nothing_half_done(prepared: Database, place: Place) -> None:
    chance = random.Random(20261121)
    told = 0

    for _ in range(KILLS):
        told = max(told, kill_at_random(place.url, work_honestly, chance))

        assert findings(prepared, told) == []

    assert told >= KILLS


@pytest.mark.parametrize("mutant", [work_in_two_transactions, tell_before_it_is_there])
def test_the_rig_sees_a_worker_that_commits_in_two_parts_or_tells_too_early(
    prepared: Database, place: Place, mutant: Worker
) -> None:
    chance = random.Random(20261121)

    for _ in range(CHANCES):
        told = kill_at_random(place.url, mutant, chance)
        if findings(prepared, told):
            return

    pytest.fail(f"{CHANCES} kills of {mutant.__name__} showed nothing: the rig is blind")
