"""The chance of ending late: exact on small samples, honest on simulated histories it has not seen."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from engine.reading import forecast
from engine.reading.forecast import Forecast, chance
from engine.store.pace import Pace

DAY = 24.0
TERM = 14 * DAY
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
Ends = Callable[[Pace, float, float], float]


def pace(*took: float, waits: Sequence[float] = ()) -> Pace:
    return Pace(took=tuple(sorted(took)), waits=tuple(sorted(waits)))


def test_it_is_the_share_of_those_as_old_that_lasted_longer_than_what_is_left() -> None:
    known = pace(*[1.0] * 50, *[20.0] * 30, *[40.0] * 10)

    found = chance(known, age=10, left=20)

    assert found is not None
    assert found.similar == 40  # the fifty quick ones were never ten hours old
    assert found.chance == pytest.approx((10 + 1) / (40 + 2))


def test_with_age_the_chance_changes_as_the_quick_ones_drop_out() -> None:
    known = pace(*[1.0] * 60, *[40.0] * 40)

    young, old = chance(known, age=0, left=30), chance(known, age=2, left=28)

    assert young is not None
    assert old is not None
    assert young.chance == pytest.approx(0.4, abs=0.02)
    assert old.chance == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(("similar", "shown"), [(19, False), (20, True)])
def test_it_says_nothing_under_twenty_similar_cases(similar: int, shown: bool) -> None:
    known = pace(*[1.0] * 500, *[30.0] * similar)

    found = chance(known, age=5, left=10)

    assert (found is not None) is shown


def test_steps_that_are_stuck_for_good_make_others_look_late_too() -> None:
    quick = [5.0] * 30

    unstuck, stuck = chance(pace(*quick), age=0, left=10), chance(pace(*quick, waits=[500.0] * 30), age=0, left=10)

    assert unstuck is not None
    assert stuck is not None
    assert unstuck.chance < 0.05
    assert stuck.chance == pytest.approx(0.5, abs=0.02)


def test_few_cases_never_say_never_or_always() -> None:
    never, always = chance(pace(*[1.0] * 20), age=0, left=9), chance(pace(*[9.0] * 20), age=0, left=1)

    assert never is not None
    assert always is not None
    assert 0 < never.chance < 0.1
    assert 0.9 < always.chance < 1


def test_a_step_that_is_late_already_has_no_forecast() -> None:
    known = pace(*[50.0] * 40)

    passed = forecast.ahead(known, opened=NOON - timedelta(days=1), due=NOON, now=NOON)
    ahead = forecast.ahead(known, opened=NOON - timedelta(days=1), due=NOON + timedelta(hours=1), now=NOON)

    assert passed is None
    assert ahead is not None
    assert forecast.ahead(None, opened=NOON, due=NOON + timedelta(days=1), now=NOON) is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Forecast(chance=0.41, similar=37), "4 na 10 podobnych kończy się po terminie; na podstawie 37 spraw"),
        (
            Forecast(chance=0.01, similar=90),
            "mniej niż 1 na 10 podobnych kończy się po terminie; na podstawie 90 spraw",
        ),
        (Forecast(chance=0.98, similar=22), "prawie każde podobne kończy się po terminie; na podstawie 22 spraw"),
    ],
)
def test_it_is_told_in_words_with_what_it_rests_on(found: Forecast, words: str) -> None:
    assert found.words == words


# --- back-tests: past steps teach, later ones are foretold --------------------------------------


def hasty(dice: random.Random, _at: float) -> float:
    return dice.expovariate(1 / (9 * DAY))


def bell(dice: random.Random, _at: float) -> float:
    return dice.lognormvariate(2.3, 0.6) * DAY


def two_kinds(dice: random.Random, _at: float) -> float:
    return dice.uniform(0.5, 3) * DAY if dice.random() < 0.6 else dice.uniform(10, 30) * DAY


def to_the_last_day(dice: random.Random, _at: float) -> float:
    return min(dice.gauss(13, 1.5), dice.uniform(11, 25)) * DAY


def slower_each_month(dice: random.Random, at: float) -> float:
    return dice.lognormvariate(2.1 + 0.5 * at, 0.5) * DAY


HISTORIES = (hasty, bell, two_kinds, to_the_last_day, slower_each_month)


def history(draw: Callable[[random.Random, float], float], seed: int) -> list[tuple[float, float]]:
    """Two thousand steps of one kind over two years: when each began and how long it took, in hours."""
    dice, year = random.Random(seed), 365 * DAY
    begins = sorted(dice.uniform(0, 2 * year) for _ in range(2000))
    return [(begin, draw(dice, begin / (2 * year))) for begin in begins]


def known_at(told: Iterable[tuple[float, float]], now: float) -> Pace:
    """What a centre knows on a day, as it is counted: the newest 400 finished, and what waits."""
    past = [(begin, took) for begin, took in told if begin <= now]
    finished = sorted((begin + took, took) for begin, took in past if begin + took <= now)[-400:]
    return pace(*(took for _, took in finished), waits=[now - begin for begin, took in past if begin + took > now])


def foretold(told: Sequence[tuple[float, float]], rule: Ends) -> list[tuple[float, bool]]:
    """Every ninth day of the second year: what is said of each open step that is not late, and what came of it."""
    found = []
    for day in range(370, 690, 9):
        now = day * DAY
        known = known_at(told, now)
        for begin, took in told:
            age = now - begin
            if 0 <= age < TERM and took > age and (chance(known, age=age, left=TERM - age)):
                found.append((rule(known, age, TERM - age), took > TERM))
    return found


def brier(said: Iterable[tuple[float, bool]]) -> float:
    errors = [(chance - late) ** 2 for chance, late in said]
    return sum(errors) / len(errors)


def ours(known: Pace, age: float, left: float) -> float:
    found = chance(known, age=age, left=left)
    assert found is not None
    return found.chance


def base_rate(known: Pace, age: float, left: float) -> float:
    return sum(took > TERM for took in known.took) / len(known.took)


def without_age(known: Pace, age: float, left: float) -> float:
    """A mutant: every step is treated as if it had begun just now, with its whole term before it."""
    found = chance(known, age=0, left=age + left)
    assert found is not None
    return found.chance


@pytest.mark.parametrize("draw", HISTORIES)
@pytest.mark.parametrize("seed", [1, 2])
def test_it_foretells_better_than_the_base_rate_a_coin_and_a_rule_without_age(
    draw: Callable[[random.Random, float], float], seed: int
) -> None:
    told = history(draw, seed)

    score = brier(foretold(told, ours))

    assert score < brier(foretold(told, base_rate)) - 0.005
    assert score < brier(foretold(told, without_age)) - 0.005
    assert score < 0.25 - 0.005


@pytest.mark.parametrize("draw", HISTORIES)
def test_what_it_says_comes_true_about_as_often(draw: Callable[[random.Random, float], float]) -> None:
    said = [one for seed in (3, 4, 5) for one in foretold(history(draw, seed), ours)]

    for low in (0.0, 0.2, 0.4, 0.6, 0.8):
        within = [(told, late) for told, late in said if low <= told < low + 0.2 or (told == 1 and low == 0.8)]
        if len(within) >= 100:
            mean, happened = sum(one for one, _ in within) / len(within), sum(late for _, late in within) / len(within)
            assert abs(mean - happened) < 0.1, (low, len(within))
