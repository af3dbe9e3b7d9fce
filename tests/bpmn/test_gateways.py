"""Splits and joins, in loops too, as BPMN 2.0 defines them."""

import itertools

import pytest
from building import Walk, boundary, el, end, flows, inc, par, process, script, start, timer, user, xor

from engine.errors import DefinitionRejected, StepFailed


def opinions(gateway: str) -> bytes:
    """Two opinions, then a decision that may send everything back."""
    split = el(gateway, "rozdziel")
    return process(
        start() + xor("powrot") + split + user("opinia_a") + user("opinia_b") + el(gateway, "zlacz"),
        user("decyzja") + xor("wynik", default="zgoda") + end(),
        flows("start", "powrot", "rozdziel") + flows("rozdziel", "opinia_a", "zlacz"),
        flows("rozdziel", "opinia_b", "zlacz") + flows("zlacz", "decyzja", "wynik"),
        flows("wynik", "powrot", when='decyzja = "ZWRACAM"') + flows("wynik", "koniec", named="zgoda"),
    )


@pytest.mark.parametrize("gateway", ["parallelGateway", "inclusiveGateway"])
@pytest.mark.parametrize("orders", list(itertools.product(("ab", "ba"), repeat=3)))
def test_a_join_in_a_loop_waits_for_both_branches_in_every_round(gateway: str, orders: tuple[str, ...]) -> None:
    walk = Walk(opinions(gateway))

    for number, order in enumerate(orders):
        walk.do(f"opinia_{order[0]}", **{f"glos_{order[0]}": number})
        assert walk.open == [f"opinia_{order[1]}"]
        walk.do(f"opinia_{order[1]}", **{f"glos_{order[1]}": number})
        assert walk.open == ["decyzja"]
        assert (walk.outcome.variables["glos_a"], walk.outcome.variables["glos_b"]) == (number, number)
        walk.do("decyzja", decyzja="ZWRACAM" if number < 2 else "ZATWIERDZAM")

    assert walk.outcome.finished


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_what_one_branch_has_written_survives_the_branch_that_ends_later(order: tuple[str, ...]) -> None:
    walk = Walk(
        process(
            start() + par("g") + user("a") + user("b") + par("j") + user("c") + end(),
            flows("start", "g", "a", "j", "c", "koniec") + flows("g", "b", "j"),
        ),
        status="nowy",
        lista=[1],
    )

    for branch in order:
        said = {"status": "zatwierdzony", "lista": [1, 2]} if branch == "a" else {"opinia": "tak"}
        walk.do(branch, **said)

    assert walk.outcome.variables == {"status": "zatwierdzony", "lista": [1, 2], "opinia": "tak"}


def test_two_branches_that_add_to_one_list_both_keep_their_entry() -> None:
    walk = Walk(
        process(
            start()
            + par("g")
            + script("a", 'append(lista, "a")', "lista")
            + script("b", 'append(lista, "b")', "lista"),
            par("j") + user("c") + end() + flows("start", "g", "a", "j", "c", "koniec") + flows("g", "b", "j"),
        ),
        lista=[],
    )

    assert walk.outcome.variables["lista"] == ["a", "b"]


def test_an_exclusive_gateway_takes_the_first_condition_that_holds() -> None:
    walk = Walk(
        process(
            start() + xor("g", default="inaczej") + user("a") + user("b") + user("c") + end(),
            flows("start", "g") + flows("g", "a", when="n > 10") + flows("g", "b", when="n > 5"),
            flows("g", "c", named="inaczej") + flows("a", "koniec") + flows("b", "koniec") + flows("c", "koniec"),
        ),
        n=7,
    )

    assert walk.open == ["b"]


@pytest.mark.parametrize("value", [None, "true", 1, "tak"])
def test_a_condition_that_is_not_exactly_true_does_not_hold(value: object) -> None:
    walk = Walk(
        process(
            start() + xor("g", default="inaczej") + user("a") + user("b") + end(),
            flows("start", "g") + flows("g", "a", when="= zgoda") + flows("g", "b", named="inaczej"),
            flows("a", "koniec") + flows("b", "koniec"),
        ),
        zgoda=value,
    )

    assert walk.open == ["b"]


@pytest.mark.parametrize("gateway", ["exclusiveGateway", "inclusiveGateway"])
def test_no_condition_and_no_default_stops_the_instance_at_the_gateway(gateway: str) -> None:
    xml = process(
        start() + el(gateway, "g", name="Kompletny?") + user("a") + user("b") + end(),
        flows("start", "g") + flows("g", "a", when="n = 1") + flows("g", "b", when="n = 2"),
        flows("a", "koniec") + flows("b", "koniec"),
    )

    with pytest.raises(StepFailed) as failure:
        Walk(xml, n=3)

    assert failure.value.element == "g"
    assert "Kompletny?" in failure.value.message
    assert "domyślna" in failure.value.message


def test_a_condition_that_cannot_be_computed_names_its_gateway() -> None:
    xml = process(
        start() + xor("g", default="inaczej", name="Ile?") + user("a") + end(),
        flows("start", "g") + flows("g", "a", when="n ++ 1") + flows("g", "koniec", named="inaczej"),
    )

    with pytest.raises(StepFailed) as failure:
        Walk(xml, n=3)

    assert failure.value.element == "g"
    assert "Ile?" in failure.value.message


def inclusive() -> bytes:
    return process(
        start() + inc("g", default="inaczej") + user("a") + user("b") + user("c") + inc("j") + user("d") + end(),
        flows("start", "g") + flows("g", "a", when="a") + flows("g", "b", when="b") + flows("g", "c", named="inaczej"),
        flows("a", "j") + flows("b", "j") + flows("c", "j") + flows("j", "d", "koniec"),
    )


def test_an_inclusive_join_waits_for_the_branches_that_were_taken() -> None:
    walk = Walk(inclusive(), a=True, b=True)

    assert walk.open == ["a", "b"]
    assert walk.do("a").open == ["b"]
    assert walk.do("b").open == ["d"]


def test_an_inclusive_split_without_a_match_takes_the_default() -> None:
    walk = Walk(inclusive(), a=False, b=False)

    assert walk.open == ["c"]
    assert walk.do("c").open == ["d"]


def test_an_inclusive_join_waits_for_a_boundary_event_that_can_still_come() -> None:
    walk = Walk(
        process(
            start() + par("g") + user("a") + user("b") + user("c") + inc("j") + user("d") + end(),
            boundary("termin", "a", timer("Duration", "P3D")),
            flows("start", "g", "a", "j") + flows("g", "b", "j") + flows("termin", "c", "j", "d", "koniec"),
        )
    )

    walk.do("b")
    assert walk.open == ["a"]
    walk.wait(days=4)
    assert walk.open == ["c"]
    assert walk.do("c").open == ["d"]


def test_several_flows_out_of_a_task_all_get_a_token_unless_their_condition_fails() -> None:
    walk = Walk(
        process(
            start() + user("a") + user("b") + user("c") + user("d") + end(),
            flows("start", "a") + flows("a", "b") + flows("a", "c", when="n = 1") + flows("a", "d", when="n = 2"),
            flows("b", "koniec") + flows("c", "koniec") + flows("d", "koniec"),
        )
    )

    assert walk.do("a", n=2).open == ["b", "d"]


def test_the_first_event_behind_an_event_gateway_wins_even_among_two_timers() -> None:
    walk = Walk(
        process(
            start() + el("eventBasedGateway", "g") + user("a") + user("b") + end(),
            el("intermediateCatchEvent", "dlugo", timer("Duration", "P10D")),
            el("intermediateCatchEvent", "krotko", timer("Duration", "P2D")),
            flows("start", "g", "dlugo", "a", "koniec") + flows("g", "krotko", "b", "koniec"),
        )
    )

    assert sorted(walk.timers) == ["dlugo", "krotko"]
    walk.wait(days=3)
    assert walk.open == ["b"]
    assert walk.timers == {}
    assert walk.moves == [("g", "done"), ("krotko", "done"), ("b", "active")]


def test_a_task_behind_an_event_gateway_is_refused() -> None:
    xml = process(
        start() + el("eventBasedGateway", "g") + user("a") + end() + flows("start", "g", "a", "koniec"),
    )

    with pytest.raises(DefinitionRejected) as refusal:
        Walk(xml)

    assert refusal.value.problems[0].element == "g"


def test_sixteen_parallel_blocks_in_a_row_stay_small() -> None:
    blocks = "".join(par(f"g{i}") + user(f"a{i}") + user(f"b{i}") + par(f"j{i}") for i in range(16))
    inner = "".join(flows(f"g{i}", f"a{i}", f"j{i}") + flows(f"g{i}", f"b{i}", f"j{i}") for i in range(16))
    tied = "".join(flows(f"j{i}", f"g{i + 1}") for i in range(15))

    walk = Walk(process(start() + end() + blocks + inner + tied + flows("start", "g0") + flows("j15", "koniec")))

    assert len(walk.outcome.state) < 500
    for i in range(16):
        walk.do(f"b{i}").do(f"a{i}")
    assert walk.outcome.finished
