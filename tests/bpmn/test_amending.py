"""What an operator does to an instance: a token goes to another step, a variable gets another value."""

from __future__ import annotations

import pytest
from building import Walk, boundary, el, end, event, flows, par, process, script, start, timer, user, xor

from engine.bpmn import amending
from engine.errors import Conflict, NotFound, StepFailed

ROW = (
    start()
    + user("pierwszy")
    + user("drugi")
    + user("trzeci")
    + end()
    + flows("start", "pierwszy", "drugi", "trzeci", "koniec")
)


def standing(walk: Walk) -> list[str]:
    return [one.element for one in amending.positions(walk.program, walk.outcome.state, walk.now)]


def skip(walk: Walk, source: str, target: str) -> Walk:
    found = amending.positions(walk.program, walk.outcome.state, walk.now)
    key = next(one.key for one in found if one.element == source)
    walk.outcome = amending.skip(walk.program, walk.outcome.state, key, target, facts=walk.facts, now=walk.now)
    return walk


def test_a_token_goes_on_from_the_step_that_an_operator_names() -> None:
    walk = Walk(process(ROW))

    skip(walk, "pierwszy", "trzeci")

    assert walk.open == ["trzeci"]
    assert ("pierwszy", "cancelled") in walk.moves
    assert walk.do("trzeci").outcome.finished


def test_a_token_goes_back() -> None:
    walk = Walk(process(ROW)).do("pierwszy")

    skip(walk, "drugi", "pierwszy")

    assert walk.open == ["pierwszy"]
    assert not walk.outcome.finished


def test_a_step_may_begin_anew() -> None:
    walk = Walk(process(ROW))
    before = walk.key("pierwszy")

    skip(walk, "pierwszy", "pierwszy")

    assert walk.open == ["pierwszy"]
    assert walk.key("pierwszy") != before


def test_the_last_token_of_a_level_moves_without_ending_it() -> None:
    inner = start("s") + user("w") + user("z") + end("e") + flows("s", "w", "z", "e")
    walk = Walk(process(start(), el("subProcess", "pod", inner), end(), flows("start", "pod", "koniec")))

    skip(walk, "w", "z")

    assert walk.open == ["z"]
    assert walk.do("z").outcome.finished


def test_a_sub_process_is_left_with_everything_in_it() -> None:
    inner = start("s") + user("w") + end("e") + flows("s", "w", "e")
    guard = boundary("ponaglenie", "pod", timer("Duration", "P1D"), interrupts=False)
    body = (start(), el("subProcess", "pod", inner), guard, user("potem"), end(), end("obok"))
    walk = Walk(process(*body, flows("start", "pod", "potem", "koniec"), flows("ponaglenie", "obok")))

    skip(walk, "pod", "potem")

    assert walk.open == ["potem"]
    assert walk.timers == {}
    assert standing(walk) == ["potem"]


def test_the_end_is_an_aim_too() -> None:
    walk = Walk(process(ROW))

    skip(walk, "pierwszy", "koniec")

    assert walk.outcome.finished


def test_positions_name_every_open_branch_and_the_steps_of_its_own_level() -> None:
    inner = start("s") + user("w") + end("e") + flows("s", "w", "e")
    body = (start(), par("g"), el("subProcess", "pod", inner), user("obok"), end(), end("koniec2"))
    walk = Walk(process(*body, flows("start", "g", "pod", "koniec"), flows("g", "obok", "koniec2")))

    found = amending.positions(walk.program, walk.outcome.state, walk.now)

    assert sorted(one.element for one in found) == ["obok", "pod", "w"]
    inside = next(one for one in found if one.element == "w")
    assert {aim.element for aim in inside.aims} == {"w", "e"}


def test_events_at_a_border_and_starts_are_no_aims() -> None:
    guard = boundary("ponaglenie", "pierwszy", event("error"))
    walk = Walk(process(ROW, guard, end("obok"), flows("ponaglenie", "obok")))

    with pytest.raises(NotFound, match="Wybierz inny krok"):
        skip(walk, "pierwszy", "ponaglenie")
    with pytest.raises(NotFound):
        skip(walk, "pierwszy", "start")


def test_a_token_that_is_gone_cannot_be_moved() -> None:
    walk = Walk(process(ROW))
    gone = walk.key("pierwszy")
    walk.do("pierwszy")

    with pytest.raises(Conflict):
        amending.skip(walk.program, walk.outcome.state, gone, "trzeci", facts={}, now=walk.now)


def test_a_variable_gets_the_value_that_lets_the_instance_go_on() -> None:
    body = start() + user("u") + xor("g") + end("a") + end("b") + flows("start", "u", "g")
    walk = Walk(process(body, flows("g", "a", when='forma = "A"'), flows("g", "b", when='forma = "B"')), forma="X")
    with pytest.raises(StepFailed):
        walk.do("u")
    key = walk.key("u")

    walk.outcome = amending.assign(walk.program, walk.outcome.state, "forma", "B", key=key, now=walk.now)

    assert walk.open == ["u"]
    assert walk.outcome.moves == ()
    assert walk.do("u").outcome.finished


def test_a_round_keeps_its_own_item_when_an_operator_sets_it() -> None:
    loop = (
        '<bpmn:multiInstanceLoopCharacteristics isSequential="true">'
        "<bpmn:loopDataInputRef>lista</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="i" name="osoba"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    inner = start("s") + user("w") + script("licz", "osoba", "ostatnia") + end("e") + flows("s", "w", "licz", "e")
    walk = Walk(process(start(), el("subProcess", "m", loop, inner), end(), flows("start", "m", "koniec")), lista=[1])

    walk.outcome = amending.assign(walk.program, walk.outcome.state, "osoba", 7, key=walk.key("w"), now=walk.now)

    assert "osoba" not in walk.outcome.variables
    assert walk.do("w").outcome.variables["ostatnia"] == 7
