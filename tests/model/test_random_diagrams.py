"""Random diagrams, walked in random order, do what an independent reference says.

`BIEG_MODEL_RUNS` says how many are walked, `BIEG_MODEL_FIRST` the seed of the first; so
`BIEG_MODEL_FIRST=417 BIEG_MODEL_RUNS=1 pytest tests/model -k reference` walks the one with seed 417 again.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest
import stock
from random_diagrams import EVENTS, Maker
from shrinking import drawn, shrink
from walking import walk_one

RUNS = int(os.environ.get("BIEG_MODEL_RUNS", "3000"))
FIRST = int(os.environ.get("BIEG_MODEL_FIRST", "0"))
BATCHES = 30
PLAIN = ("user", "script", "pass", "seq", "xor", "sub")
STOCK_PASSES = ("call", "catch", "loop", "par", "race", "repeat", "stop", "throw")
STOCK_FAILS = (
    ("error",),
    ("fan",),
    ("fork",),
    ("guard",),
    ("handle",),
    ("inc",),
    ("link",),
    ("many",),
    ("loop", "par"),
)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_random_diagrams_do_what_the_reference_says(batch: int) -> None:
    wrong = [said for seed in range(FIRST + batch, FIRST + RUNS, BATCHES) if (said := difference(Maker(seed), seed))]

    assert wrong == [], "\n".join(wrong)


def difference(maker: Maker, seed: int) -> str:
    """What the engine does otherwise, with the smallest diagram that shows it; "" when all is well."""
    block = maker.diagram()
    found = walk_one(block, seed)
    if not found:
        return ""
    small = shrink(block, lambda one: bool(walk_one(one, seed)))
    return f"seed {seed}: {found}\nthe same in {walk_one(small, seed)}\n{drawn(small)}"


@pytest.mark.parametrize("kinds", STOCK_FAILS, ids=" and ".join)
def test_the_stock_library_fails_the_same_test(kinds: tuple[str, ...]) -> None:
    verdicts = stock_verdicts(*kinds)

    assert verdicts["right"] < verdicts.total(), verdicts


@pytest.mark.parametrize("kind", STOCK_PASSES)
def test_the_stock_library_passes_where_nothing_is_wrong_with_it(kind: str) -> None:
    verdicts = stock_verdicts(kind)

    assert verdicts["right"] == verdicts.total(), verdicts


def stock_verdicts(*kinds: str) -> Counter[str]:
    """How the stock library fares with diagrams that hold these kinds of blocks and those it can run."""
    weights = {**dict.fromkeys(PLAIN, 2), **dict.fromkeys(kinds, 6)}
    events = {one: EVENTS[one] for one in ("message", "signal", "error", "escalation")}
    makers = {seed: Maker(seed, weights, events, size=25, mixed=0) for seed in range(20)}
    return Counter(stock.walk(maker.diagram(), Random(seed)) for seed, maker in makers.items())
