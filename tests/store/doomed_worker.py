"""A worker that does one deed after the other and tells each, until it is killed."""

from __future__ import annotations

from multiprocessing.connection import Connection

from databases import KEY
from store_cast import a_move, a_task

from engine.model import InstanceId, InstanceState, PersonId, StepState
from engine.store import answers, instances, journal, numbers, steps, tasks
from engine.store.database import Database, Work

INSTANCE, PERSON, FORM = InstanceId(1), PersonId(1), 1


def work_honestly(url: str, told: Connection) -> None:
    """One deed, one transaction; told only when it is there."""
    database = Database(url, KEY)
    while True:
        with database.work() as work:
            number = move(work)
            write_history(work, number)
        told.send(number)


def work_in_two_transactions(url: str, told: Connection) -> None:
    """A mutant: state and history are committed apart."""
    database = Database(url, KEY)
    while True:
        with database.work() as work:
            number = move(work)
        with database.work() as work:
            write_history(work, number)
        told.send(number)


def tell_before_it_is_there(url: str, told: Connection) -> None:
    """A mutant: acknowledges what is not committed yet."""
    database = Database(url, KEY)
    while True:
        with database.work() as work:
            number = move(work)
            write_history(work, number)
            told.send(number)


def move(work: Work) -> int:
    held = instances.hold(work, INSTANCE).instance
    count = held.variables["n"]
    assert isinstance(count, int)
    number = count + 1
    instances.move(
        work,
        INSTANCE,
        held.revision,
        state=str(number).encode() * 500,
        variables={"n": number},
        now_state=InstanceState.RUNNING,
    )
    for task in tasks.open_keys(work, INSTANCE).values():
        tasks.finish(work, task, PERSON)
    return number


def write_history(work: Work, number: int) -> None:
    assert numbers.next_number(work, "deed", 2026) == number
    left = a_move(f"k{number - 1}", state=StepState.DONE, first=False)
    steps.record(work, INSTANCE, [left, a_move(f"k{number}")], by="Anna")
    task = a_task(work, INSTANCE, f"k{number}")
    answers.add(work, task=task, instance=INSTANCE, form=FORM, values={"n": number}, by=PERSON)  # type: ignore[arg-type]
    journal.write(work, instance=INSTANCE, by=PERSON, deed="complete", text=f"Wykonano zadanie {number}.")
