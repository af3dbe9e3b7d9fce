"""Random diagrams, walked in random order, do what an independent reference says.

`BIEG_MODEL_RUNS` says how many are walked, `BIEG_MODEL_FIRST` the seed of the first.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random

import pytest
import stock
from random_diagrams import EVENTS, Maker
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
    wrong = []
    for seed in range(FIRST + batch, FIRST + RUNS, BATCHES):
        try:
            walk_one(Maker(seed).diagram(), seed)
        except AssertionError as difference:
            wrong.append(str(difference))

    assert wrong == [], "\n".join(wrong)


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
    return Counter(stock.walk(Maker(seed, weights, events, mixed=0).diagram(), Random(seed)) for seed in range(20))
