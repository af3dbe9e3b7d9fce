"""Random diagrams, walked in random order, do what an independent reference says.

`BIEG_MODEL_RUNS` says how many are walked.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import stock
from building import NOON, Walk
from random_diagrams import EVERYTHING, SHARED, Files, Maker, variables
from reference import Reference

from engine.model import StepState

RUNS = int(os.environ.get("BIEG_MODEL_RUNS", "300"))
DEEDS = 500
BATCHES = 10


class Account:
    """Steps as a reader of the moves alone would know them."""

    def __init__(self) -> None:
        self.open: dict[str, str] = {}
        self.done: Counter[str] = Counter()
        self.stopped: Counter[str] = Counter()

    def read(self, walk: Walk) -> None:
        for move in walk.outcome.moves:
            assert move.first == (move.key not in self.open), f"{move.element}: first={move.first}"
            self.open.pop(move.key, None)
            if move.state is StepState.ACTIVE:
                self.open[move.key] = move.element
            elif move.state is StepState.DONE:
                self.done[move.element] += 1
            else:
                self.stopped[move.element] += 1


def walk_one(seed: int) -> None:
    """Walk one diagram to its end; every deed saves and loads the instance."""
    block = Maker(seed, EVERYTHING, depth=3 + seed % 2).diagram()
    files = Files()
    xml = files.write(block)
    walk = Walk(xml, files.called, None, **variables(block))
    reference, account, lot = Reference(block), Account(), Random(seed)
    account.read(walk)
    for deed in range(DEEDS):
        compare(walk, reference, account, f"seed {seed}, deed {deed}")
        if reference.finished:
            return
        act(walk, reference, lot)
        account.read(walk)
    raise AssertionError(f"seed {seed}: not finished after {DEEDS} deeds")


def act(walk: Walk, reference: Reference, lot: Random) -> None:
    """Do one of the things that can happen, in both worlds."""
    tasks, messages, timers = (reference.waits(kind) for kind in ("task", "message", "timer"))
    choices = [("task", wait.name) for wait in tasks] + [("message", wait.name) for wait in messages]
    if timers and (not choices or lot.random() < 0.25):
        now = max(reference.world.now, min(wait.due for wait in timers)) + (
            lot.randrange(60_000) if lot.random() < 0.2 else 0
        )
        reference.wait_until(now)
        walk.wait(minutes=now - (walk.now - NOON) / timedelta(minutes=1))
        return
    kind, name = lot.choice(choices)
    said = {"w": lot.randrange(3), f"f_{name}": lot.randrange(1000)}
    reference.world.variables.update(said)
    reference.happen(kind, name)
    if kind == "task":
        walk.do(name, **said)
    else:
        walk.hear(name, said)


def compare(walk: Walk, reference: Reference, account: Account, where: str) -> None:
    """Both worlds look the same."""
    assert walk.open == sorted(wait.name for wait in reference.waits("task")), where
    assert walk.outcome.finished == reference.finished, where
    found = sorted((timer.element, timer.due_at) for timer in walk.outcome.timers)
    wanted = sorted((wait.name, NOON + timedelta(minutes=wait.due)) for wait in reference.waits("timer"))
    assert found == wanted, where
    letters = sorted(wait.name for wait in walk.outcome.messages)
    assert letters == sorted(wait.name for wait in reference.waits("message")), where
    assert walk.outcome.variables == reference.world.variables, where
    for counted, wanted_count in ((account.done, reference.world.done), (account.stopped, reference.world.stopped)):
        for name in {*wanted_count, *(key for key in counted if key in reference.world.done)} - {""}:
            assert counted[name] == wanted_count[name], f"{where}: {name}"
    if reference.finished:
        assert account.open == {}, where


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_diagrams_do_what_the_reference_says(batch: int) -> None:
    for seed in range(batch, RUNS, BATCHES):
        walk_one(seed)


def test_the_stock_library_fails_the_same_test() -> None:
    crowded = {kind: EVERYTHING[kind] + 3 * (kind in ("par", "loop", "inc")) for kind in SHARED}

    verdicts = Counter(stock.walk(Maker(seed, crowded).diagram(), Random(seed)) for seed in range(60))

    assert 0 < verdicts["right"] < 60, verdicts


def test_the_stock_library_passes_where_nothing_is_wrong_with_it() -> None:
    quiet = {kind: EVERYTHING[kind] for kind in ("user", "script", "seq", "xor", "sub")}

    verdicts = Counter(stock.walk(Maker(seed, quiet).diagram(), Random(seed)) for seed in range(20))

    assert verdicts == {"right": 20}
