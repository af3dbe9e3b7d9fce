"""What is kept of an instance between two deeds."""

import json
import zlib

import pytest
from building import NOON, Walk, boundary, call, el, end, flows, par, process, script, start, timer, user, xor

from engine.bpmn import bundle, runner


def monthly(rounds: int) -> bytes:
    """Two reports in parallel, with a reminder and a sub-process, as often as `rounds` says."""
    inner = start("s1") + user("raport_b") + end("e1") + flows("s1", "raport_b", "e1")
    return process(
        start() + xor("powrot") + par("g") + user("raport_a") + el("subProcess", "etap", inner) + par("j"),
        boundary("przypomnienie", "raport_a", timer("Duration", "P5D"), interrupts=False) + end("k2"),
        script("licz", "n + 1", "n") + xor("czy", default="dalej") + end(),
        flows("start", "powrot", "g", "raport_a", "j", "licz", "czy") + flows("g", "etap", "j"),
        flows("przypomnienie", "k2") + flows("czy", "koniec", when=f"n >= {rounds}"),
        flows("czy", "powrot", named="dalej"),
    )


def test_three_thousand_rounds_leave_the_state_as_small_as_the_first() -> None:
    walk = Walk(monthly(3000), n=0)
    first = len(walk.outcome.state)

    for round_ in range(3000):
        if round_ % 500 == 499:
            walk.wait(days=6)
        walk.do("raport_b", wynik=round_).do("raport_a")

    assert walk.outcome.finished
    assert walk.outcome.variables == {"n": 3000, "wynik": 2999}
    assert len(walk.outcome.state) < first + 60


def test_three_thousand_rounds_within_one_deed_neither_freeze_nor_grow() -> None:
    xml = process(
        start() + user("a") + xor("powrot") + par("g") + el("task", "x") + el("task", "y") + par("j"),
        script("licz", "n + 1", "n") + xor("czy", default="dalej") + user("b") + end(),
        flows("start", "a", "powrot", "g", "x", "j", "licz", "czy") + flows("g", "y", "j"),
        flows("czy", "b", when="n >= 3000") + flows("czy", "powrot", named="dalej") + flows("b", "koniec"),
    )

    walk = Walk(xml, n=0).do("a")

    assert walk.open == ["b"]
    assert len(walk.outcome.moves) == 3000 * 7 + 2
    assert len(walk.outcome.state) < 300


@pytest.mark.parametrize(
    "value",
    [
        {"typename": "UUID", "value": "nic"},
        [{"typename": "nieznany"}],
        {"a": {"typename": None}},
        "typename",
    ],
)
def test_a_value_with_the_key_typename_is_a_value_like_others(value: object) -> None:
    walk = Walk(process(start() + user("a") + user("b") + end() + flows("start", "a", "b", "koniec")), x=value)

    assert walk.do("a", y=value).do("b").outcome.variables == {"x": value, "y": value}


def test_the_state_is_packed_text_of_variables_and_open_tokens_alone() -> None:
    walk = Walk(process(start() + user("a") + user("b") + end() + flows("start", "a", "b", "koniec")), z=1, a=2)

    kept = json.loads(zlib.decompress(walk.do("a").outcome.state))

    assert list(kept["variables"]) == ["z", "a"]
    assert [token[1] for level in kept["levels"] for token in level["tokens"]] == ["b"]


def test_what_is_no_json_is_not_taken() -> None:
    xml = process(start() + user("a") + end() + flows("start", "a", "koniec"))

    with pytest.raises(ValueError, match="JSON"):
        Walk(xml, x=float("nan"))
    with pytest.raises(TypeError):
        Walk(xml).do("a", x=NOON)


def test_the_start_variables_of_the_caller_are_left_alone() -> None:
    given: dict[str, object] = {"lista": [1]}
    program = bundle.restore(
        bundle.compile(
            process(start() + script("s", "append(lista, 2)", "lista") + end() + flows("start", "s", "koniec")), {}
        )
    )

    outcome = runner.start(program, variables=given, facts={}, now=NOON)

    assert given == {"lista": [1]}
    assert outcome.variables == {"lista": [1, 2]}


def test_a_program_is_loaded_once_and_the_one_not_used_longest_is_let_go() -> None:
    content = bundle.compile(process(start() + user("a") + end() + flows("start", "a", "koniec")), {})
    loaded: list[str] = []

    def load(name: str) -> bytes:
        loaded.append(name)
        return content

    programs = bundle.Programs(size=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        programs.get(name, lambda name=name: load(name))

    assert loaded == ["a", "b", "c", "b"]


def test_one_program_serves_many_instances_without_mixing_them() -> None:
    called = process(start() + user("praca") + end() + flows("start", "praca", "koniec"), key="inny")
    xml = process(start() + call("c", "inny") + end() + flows("start", "c", "koniec"))
    program = bundle.restore(bundle.compile(xml, {"inny": called}))
    first = runner.start(program, variables={"n": 1}, facts={}, now=NOON)
    second = runner.start(program, variables={"n": 2}, facts={}, now=NOON)

    done = runner.complete(program, first.state, first.tasks[0].key, variables={}, facts={}, now=NOON)
    still = runner.fire(program, second.state, facts={}, now=NOON)

    assert done.finished
    assert not still.finished
    assert (done.variables, still.variables) == ({"n": 1}, {"n": 2})
