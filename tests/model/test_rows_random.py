"""The rows of an instance say after every deed what its outcome says, although a deed touches only what has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from blocks import variables
from building import NOON
from databases import KEY
from diagram_files import Files
from random_diagrams import Maker
from sqlalchemy import text

from engine import clock
from engine.actions import keeping, starts
from engine.bpmn import runner
from engine.errors import EngineError
from engine.model import Definition, InstanceId, Outcome, Person, WaitKind
from engine.store import deadlines, definitions, instances, offers, people, tasks
from engine.store.database import Database, Work, upgrade

DIAGRAMS = 50
DEEDS = 20
STEPS = """SELECT key FROM step
WHERE instance_id = :id AND state = 'active' AND kind IN ('userTask', 'manualTask')"""


class Case:
    """A stored instance of a random diagram; `outcome` is what its last deed reported."""

    def __init__(self, database: Database, by: Person, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database, self.by, self.lot, self.now = database, by, Random(seed), NOON
        self.program, self.outcome = None, None
        block, files = Maker(seed).diagram(), Files()
        xml = files.write(block)
        with self.work() as work:
            for key, called in files.called.items():
                published(work, key, called)
            definition = published(work, "proces", xml)
            record = keeping.record
            monkeypatch.setattr(keeping, "record", lambda *args, **said: record(*self.noted(args), **said))
            self.id, _ = starts.begin(work, by, definition, variables(block), "Sprawa")
            monkeypatch.setattr(keeping, "record", record)
            held = instances.hold(work, self.id)
            self.program = keeping.program(work, held.bundle)

    def noted(self, args: tuple[object, ...]) -> tuple[object, ...]:
        self.outcome = args[2]
        return args

    @contextmanager
    def work(self) -> Iterator[Work]:
        with clock.standing(self.now), self.database.work() as work:
            yield work

    def go_on(self) -> None:
        """Do one of the things that the instance waits for."""
        before = self.outcome
        ways = [(self.complete, one) for one in before.tasks] + [(self.hear, one) for one in before.messages]
        ways += [(self.begin, one) for one in before.offers] + [(self.wait, one) for one in before.timers]
        way, what = self.lot.choice(ways)
        now = {"facts": {}, "now": self.now}
        try:
            with self.work() as work:
                held = instances.hold(work, self.id)
                outcome, done = way(work, held.state, what, now)
                keeping.keep(work, held, outcome, by="", done=done)
        except EngineError:  # it cannot happen: refused, or it stops the instance
            return
        self.outcome = outcome

    def complete(self, work, state, task, now):
        said = {"w": self.lot.randrange(3), f"f_{task.details.element}": 1}
        row = tasks.open_keys(work, self.id)[task.key]
        outcome = runner.complete(self.program, state, task.key, variables=said, **now)
        return outcome, keeping.Done(task=row, key=task.key, by=self.by)

    def hear(self, _work, state, wait, now):
        if wait.kind is WaitKind.SIGNAL:
            return runner.signal(self.program, state, name=wait.name, payload={}, **now), None
        said = {"t": self.lot.randrange(4), "w": self.lot.randrange(3)}
        return runner.deliver(self.program, state, name=wait.name, correlation={}, payload=said, **now), None

    def begin(self, _work, state, offer, now):
        if offer.closing:
            return runner.close(self.program, state, offer.key, **now), None
        return runner.take_up(self.program, state, offer.key, offer.element, **now), None

    def wait(self, _work, state, timer, now):
        self.now = max(self.now, timer.due_at) + timedelta(minutes=self.lot.randrange(3))
        return runner.fire(self.program, state, **{**now, "now": self.now}), None


def test_rows_follow_the_outcome_on_random_diagrams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = fresh(tmp_path)
    with database.work() as work:
        said = {"unit": None, "roles": ["Wójt"], "password_hash": "-"}
        by = people.get(work, people.add(work, login="ola", name="Ola", email="", **said))
    different = []

    for seed in range(DIAGRAMS):
        case = Case(database, by, seed, monkeypatch)
        for deed in range(DEEDS):
            different += [f"seed {seed}, deed {deed}: {one}" for one in compared(database, case.id, case.outcome)]
            if case.outcome.finished or not (case.outcome.tasks or case.outcome.timers or case.outcome.messages):
                break
            case.go_on()

    database.close()
    assert different == []


def test_without_what_stood_before_a_row_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = runner.report
    forgetful = {"had_timers": False, "had_messages": False, "had_offers": False}
    monkeypatch.setattr(runner, "report", lambda run: replace(report(run), **forgetful))

    with pytest.raises(AssertionError):
        test_rows_follow_the_outcome_on_random_diagrams(tmp_path, monkeypatch)


def compared(database: Database, id: InstanceId, outcome: Outcome) -> list[str]:
    """What is stored otherwise than the outcome says."""
    with database.look() as work:
        waits = work.connection.execute(text("SELECT key, name FROM message_wait WHERE instance_id = :id"), {"id": id})
        steps = work.connection.execute(text(STEPS), {"id": id})
        stored = {
            "tasks": set(tasks.open_keys(work, id)),
            "steps": {row.key for row in steps},
            "timers": {(one.key, one.due_at) for one in deadlines.of_instance(work, id)},
            "messages": {(row.key, row.name) for row in waits},
            "offers": set(offers.of_instance(work, id)),
        }
    keys = {one.key for one in outcome.tasks}
    said = {
        "tasks": keys,
        "steps": keys,
        "timers": {(one.key, one.due_at) for one in outcome.timers},
        "messages": {(one.key, one.name) for one in outcome.messages},
        "offers": set(outcome.offers),
    }
    return [f"{kind}: stored {stored[kind]}, said {said[kind]}" for kind in said if stored[kind] != said[kind]]


def published(work: Work, key: str, xml: bytes) -> Definition:
    return definitions.add(work, key=key, name=key, xml=xml, sha256=hashlib.sha256(xml).hexdigest(), by=None)


def fresh(folder: Path) -> Database:
    url = f"sqlite:///{folder / 'bieg.db'}"
    upgrade(url)
    return Database(url, KEY)
