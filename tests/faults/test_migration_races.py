"""A case is moved to another version at the very moment in which its coordinator completes a task of it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

import invariants
import pytest
from faults_cast import END, START, Office, answers, diagram, flow, user

from engine.actions import definitions, migrations
from engine.actions import tasks as task_deeds
from engine.errors import Conflict, EngineError
from engine.model import Instance, Person
from engine.store import instances, migrated
from engine.store.database import Work

CASES = 12
TOGETHER = 20  # seconds that the hands wait for each other

Deed = Callable[[Work], object]


@pytest.fixture
def cases(office: Office) -> list[Instance]:
    """Cases on the first version of `dwa_kroki`; the second one puts a step between the two."""
    started = office.start("dwa_kroki", CASES)
    steps = START + user("pierwszy") + user("nowy") + user("drugi") + END
    ways = flow("start", "pierwszy") + flow("pierwszy", "nowy") + flow("nowy", "drugi") + flow("drugi", "koniec")
    with office.parts.database.work() as work:
        definitions.publish(work, None, diagram("dwa_kroki", steps + ways))
    return started


def at_once(*deeds: tuple[Office, Deed]) -> list[str]:
    """Do them at the same time, each in a thread and a transaction of its own; "" or the refusal of each."""
    line, told = threading.Barrier(len(deeds)), [""] * len(deeds)

    def run(number: int, office: Office, deed: Deed) -> None:
        line.wait(TOGETHER)
        try:
            with office.parts.database.work() as work:
                deed(work)
        except EngineError as refusal:
            told[number] = refusal.message

    threads = [threading.Thread(target=run, args=(number, *one)) for number, one in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return told


def completing(office: Office, case: Instance) -> Deed:
    (task,), by = office.open_tasks(case.id), office.person("koordynator1")
    return lambda work: task_deeds.complete(work, by, task.id, answers(5))


def moving(by: Person, case: Instance) -> Deed:
    return lambda work: migrations.migrate(work, by, case.id, 2, {}, "Próba")


def undoing(by: Person, case: Instance) -> Deed:
    return lambda work: migrations.undo(work, by, case.id)


def now(office: Office, case: Instance) -> Instance:
    with office.parts.database.look() as work:
        return instances.get(work, case.id)


def test_completing_and_moving_happen_one_after_the_other(
    office: Office, cases: list[Instance], colleague: Callable[[], Office]
) -> None:
    other, by = colleague(), office.person("kierownik")

    for case in cases:
        told = at_once((office, completing(office, case)), (other, moving(by, case)))

        assert told == ["", ""]
        (task,) = office.open_tasks(case.id)
        assert (now(office, case).definition_version, now(office, case).revision) == (2, 3)
        assert task.element in ("nowy", "drugi")  # moved before it was completed, or behind
    assert invariants.broken(office.parts.database) == []


def test_of_two_who_move_the_same_case_one_is_told_that_it_is_there(
    office: Office, cases: list[Instance], colleague: Callable[[], Office]
) -> None:
    other, by = colleague(), office.person("kierownik")

    for case in cases:
        told = at_once((office, moving(by, case)), (other, moving(by, case)))

        assert Counter(bool(one) for one in told) == {True: 1, False: 1}
        assert "biegnie już według tej wersji" in "".join(told)
        assert now(office, case).revision == 2
    assert invariants.broken(office.parts.database) == []


def test_undo_and_completing_exclude_each_other_or_follow(
    office: Office, cases: list[Instance], colleague: Callable[[], Office]
) -> None:
    other, by = colleague(), office.person("kierownik")
    for case in cases:
        with office.parts.database.work() as work:
            moving(by, case)(work)

    for case in cases:
        told = at_once((office, completing(office, case)), (other, undoing(by, case)))

        assert told[0] == ""
        (task,) = office.open_tasks(case.id)
        if told[1]:
            assert "poszła dalej" in told[1]
            assert (task.element, now(office, case).definition_version) == ("nowy", 2)
        else:
            assert (task.element, now(office, case).definition_version) == ("drugi", 1)
    assert invariants.broken(office.parts.database) == []


def test_a_migration_that_fails_half_way_leaves_nothing(
    office: Office, cases: list[Instance], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = cases[0]
    before = now(office, case)

    def broken(*_: object, **__: object) -> None:
        raise Conflict("Nie teraz.")

    monkeypatch.setattr(migrated, "keep", broken)
    told = at_once((office, moving(office.person("kierownik"), case)))

    assert told == ["Nie teraz."]
    assert now(office, case) == before
    assert invariants.broken(office.parts.database) == []
