"""Soundness says of random diagrams what playing every run without a shortcut says, and what the engine then does."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from bpmn.building import NOON
from soundness.wild import Brute, Wild, wild

from engine.bpmn import bundle, markup, runner, scopes, soundness
from engine.bpmn.bundle import Program
from engine.bpmn.soundness import games, levels
from engine.bpmn.soundness.branches import branches
from engine.bpmn.soundness.choices import Rules
from engine.bpmn.soundness.nets import Net
from engine.errors import Problem, StepFailed
from engine.model import Outcome

MANY = 1_500
WALKED = 400
STUCK = ("To złączenie nigdy się nie otworzy", "Sprawa zawsze utknie", "Sprawa może tu utknąć")
ROUND = "Od tego kroku sprawa krąży bez końca"


def judged(diagram: Wild) -> tuple[Problem, ...]:
    return soundness.check(markup.executable(markup.open_file(diagram.xml())))


def starting(found: tuple[Problem, ...], *begin: str) -> set[str]:
    return {one.element for one in found if one.message.startswith(begin)}


def countable(diagram: Wild, found: tuple[Problem, ...]) -> Brute | None:
    """Every run; None where tokens become ever more or a round never rests, so that there is no every."""
    if starting(found, ROUND, "Równoległych dróg do tego kroku tylko przybywa"):
        return None
    runs = Brute(diagram)
    return runs if runs.whole else None


@pytest.mark.parametrize("part", range(6))
def test_the_verdict_is_that_of_every_run(part: int) -> None:
    compared = 0
    for seed in range(part * MANY, part * MANY + MANY // 6):
        diagram = wild(seed)
        found = judged(diagram)
        runs = countable(diagram, found)
        if runs is None:
            continue
        compared += 1
        closed = starting(found, STUCK[0])

        assert bool(starting(found, *STUCK)) >= bool(runs.dead), seed
        assert not (starting(found, STUCK[2]) and not runs.dead), seed
        assert not (starting(found, STUCK[1]) and runs.may_end), seed
        assert not closed & runs.passed, seed
        assert set(_first_unreached(diagram, runs)) == closed | starting(found, "Ten krok nigdy"), seed
        if runs.dead and not runs.may_end:
            assert starting(found, *STUCK[:2]), seed
        if runs.may_end and runs.passed == set(diagram.kinds):
            assert [one for one in found if one.severity == "error"] == [], seed
    assert compared > MANY // 12


def _first_unreached(diagram: Wild, runs: Brute) -> list[str]:
    """Steps that no run passes although one passes a step before them."""
    left = [step for step in diagram.kinds if step not in runs.passed and step != "b"]
    return [one for one in left if any(diagram.flows[flow][0] in runs.passed for flow in diagram.into(one))]


def test_markings_in_which_runs_end_are_found_without_playing_every_order() -> None:
    spared = 0
    for seed in range(600):
        diagram = wild(seed)
        if diagram.events or countable(diagram, judged(diagram)) is None:
            continue
        level = levels.read(markup.executable(markup.open_file(diagram.xml())))
        rules = Rules(level, {})
        net = Net(level, rules, talks=False, coupled=branches(level, rules).coupled)
        play = games.play(net, [net.put(level.steps["s"])], until=float("inf"))
        runs = Brute(diagram)
        spared += len(runs.after) - len(play.came)

        assert {_rests(net, one) for one in play.stuck} == runs.dead, seed
        assert play.passed == runs.passed, seed
        assert bool(play.ends) == runs.may_end, seed
    assert spared > 0


def test_runs_that_differ_only_by_who_comes_first_at_an_inclusive_join_are_all_played() -> None:
    # When b comes first, j opens for it alone, because a can still get to the same flow; it opens again for a, and r
    # keeps one token. When a comes first and takes the way over k, j opens once for both.
    kinds = {"s": "start", "p": "par", "a": "user", "b": "user", "x": "xor", "k": "par", "m": "xor", "j": "inc"}
    ways = "s-p p-a p-b a-x x-k x-m b-m k-j k-r m-j j-c c-r r-e"
    diagram = Wild(kinds | {"c": "user", "r": "par", "e": "end"})
    diagram.flows.update({way.replace("-", "_"): tuple(way.split("-")) for way in ways.split()})
    level = levels.read(markup.executable(markup.open_file(diagram.xml())))
    net = Net(level, Rules(level, {}), talks=False)

    play = games.play(net, [net.put(level.steps["s"])], until=float("inf"))

    assert {_rests(net, one) for one in play.stuck} == Brute(diagram).dead
    assert frozenset({(("r", "c_r"), 1)}) in Brute(diagram).dead


def _rests(net: Net, marking: games.Marking) -> frozenset[object]:
    counted = Counter(marking)
    found = []
    for spot, count in counted.items():
        join = net.joins[spot]
        found.append(((join.step.id, join.step.incoming[join.spots.index(spot)].id), count))
    return frozenset(found)


def test_steps_in_which_two_tokens_stand_at_once_are_told() -> None:
    told = missed = 0
    for seed in range(1_000):
        diagram = wild(seed)
        found = judged(diagram)
        runs = countable(diagram, found)
        if runs is None or diagram.events:
            continue
        merges = {one for one in runs.doubled() if diagram.kinds[one] == "user" and len(diagram.into(one)) > 1}
        if merges:
            told += bool(starting(found, "Ten krok wykona się więcej niż raz"))
            missed += not starting(found, "Ten krok wykona się więcej niż raz")
    assert told > 20
    assert missed == 0


@pytest.mark.parametrize("part", range(2))
def test_the_engine_never_reaches_what_soundness_called_impossible(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "STEPS_LIMIT", 500)  # lots that lead round and round are given up soon
    stuck = 0
    for seed in range(part * WALKED, part * WALKED + WALKED // 2):
        diagram = wild(seed)
        found = judged(diagram)
        if countable(diagram, found) is None:
            continue
        never = starting(found, STUCK[0], "Ten krok nigdy")
        certain = bool(starting(found, STUCK[1]))
        for walk in range(3):
            seen, last = _walk(diagram, random.Random(seed * 10 + walk))
            if last is None:
                continue
            rests = not last.finished and not last.tasks and not last.timers
            stuck += rests

            assert not seen & never, seed
            assert not (rests and not starting(found, *STUCK)), seed
            assert not (last.finished and certain), seed
    assert stuck > 10


def _walk(diagram: Wild, lot: random.Random) -> tuple[set[str], Outcome | None]:
    """Steps that an instance passes in the engine, and where it comes to in the end; None when it has to stop."""
    program = bundle.restore(bundle.compile(diagram.xml(), {}))
    now = NOON
    try:
        outcome = runner.start(program, variables=_lots(diagram, lot), facts={}, now=now)
        seen = {move.element for move in outcome.moves}
        for _ in range(30):
            if not outcome.tasks or len(outcome.tasks) > 12:
                break
            if outcome.timers and lot.random() < 0.3:
                now += timedelta(days=2)
                outcome = runner.fire(program, outcome.state, facts={}, now=now)
            else:
                outcome = _complete(program, outcome, diagram, lot, now)
            seen |= {move.element for move in outcome.moves}
    except StepFailed:
        return set(), None
    return seen, outcome


def _complete(program: Program, outcome: Outcome, diagram: Wild, lot: random.Random, now: object) -> Outcome:
    key = lot.choice(outcome.tasks).key
    return runner.complete(program, outcome.state, key, variables=_lots(diagram, lot), facts={}, now=now)


def _lots(diagram: Wild, lot: random.Random) -> dict[str, bool]:
    return {f"c_{flow}": lot.random() < 0.5 for flow in diagram.flows}
