"""Sub-processes, rounds, data and open ad-hoc work of an instance that moves to another version."""

from __future__ import annotations

from datetime import timedelta

import pytest
from building import (
    NOON,
    Walk,
    boundary,
    call,
    el,
    end,
    flows,
    par,
    process,
    start,
    timer,
    user,
    xor,
)
from migrating import guarded, handled, moved, planned, row, texts, waiting

from engine.bpmn.migration import Colour


def sub(identity: str, *names: str, inner: str = "") -> str:
    body = start(f"s_{identity}") + "".join(user(name) for name in names) + end(f"e_{identity}")
    return el("subProcess", identity, inner, body, flows(f"s_{identity}", *names, f"e_{identity}"))


def around(*steps: str) -> bytes:
    """Sub-processes and tasks one after the other; a word is a task."""
    made = "".join(step if step.startswith("<") else user(step) for step in steps)
    names = [step.split('"')[1] if step.startswith("<") else step for step in steps]
    return process(start() + made + end() + flows("start", *names, "koniec"))


def test_a_step_added_in_an_open_sub_process_is_fine() -> None:
    walk = Walk(around(sub("p", "a"), "po"))

    assert planned(walk, around(sub("p", "a", "n"), "po")).colour is Colour.GREEN
    assert moved(walk, around(sub("p", "a", "n"), "po")).do("a").do("n").open == ["po"]


def test_a_step_moved_into_a_sub_process_opens_it() -> None:
    walk = Walk(around("a", "po"))
    key = walk.key("a")
    new = around(sub("p", "a", "n"), "po")

    plan = planned(walk, new)
    moved(walk, new)

    assert plan.colour is Colour.AMBER
    assert "podprocesie „p”" in texts(plan)["a"]
    assert walk.key("a") == key
    assert walk.moves == [("p", "active")]
    assert walk.do("a").do("n").open == ["po"]
    assert walk.do("po").outcome.finished


def test_steps_moved_into_two_levels_at_once_keep_their_timers() -> None:
    walk = Walk(guarded(("zegar", timer("Duration", "PT2H"), True)))
    inner = start("s") + user("a") + boundary("zegar", "a", timer("Duration", "PT2H")) + end("e") + flows("s", "a", "e")
    new = around(el("subProcess", "x", start("sx"), el("subProcess", "y", inner), end("ex"), flows("sx", "y", "ex")))

    moved(walk, new)

    assert walk.timers == {"zegar": NOON + timedelta(hours=2)}
    assert walk.do("a").outcome.finished


def test_a_removed_sub_process_leaves_its_open_step_outside() -> None:
    walk = Walk(around(sub("p", "a", "b"), "po"))
    key = walk.key("a")

    plan = planned(walk, around("a", "b", "po"))
    moved(walk, around("a", "b", "po"))

    assert plan.colour is Colour.AMBER
    assert walk.key("a") == key
    assert walk.moves == [("p", "cancelled")]
    assert walk.do("a").do("b").do("po").outcome.finished


def test_a_step_moved_behind_its_sub_process_ends_the_sub_process() -> None:
    walk = Walk(around(sub("p", "a", "b"), "po"))
    new = around(sub("p", "b"), "a", "po")

    assert planned(walk, new).colour is Colour.AMBER
    assert moved(walk, new).do("a").open == ["po"]


def test_a_sub_process_put_around_an_open_one_is_opened() -> None:
    walk = Walk(around(sub("p", "a"), "po"))
    outer = el("subProcess", "q", start("sq"), sub("p", "a"), end("eq"), flows("sq", "p", "eq"))

    moved(walk, around(outer, "po"))

    assert walk.moves == [("q", "active")]
    assert walk.do("a").open == ["po"]


def test_a_sub_process_that_became_a_task_needs_a_decision() -> None:
    walk = Walk(around(sub("p", "a"), "po"))

    plan = planned(walk, around("p", "po"))

    assert plan.colour is Colour.RED
    assert "zmienił rodzaj" in texts(plan)["p"]
    assert moved(walk, around("p", "po"), p="p").do("p").open == ["po"]


def test_a_called_process_may_change_too() -> None:
    xml = process(start() + call("etap", "inny") + user("po") + end() + flows("start", "etap", "po", "koniec"))
    walk = Walk(xml, {"inny": process(row("a", "b"), key="inny")})
    longer = {"inny": process(row("a", "n", "b"), key="inny")}
    without = {"inny": process(row("b"), key="inny")}

    ahead, gone = planned(walk, xml, longer), planned(walk, xml, without)
    moved(walk, xml, longer)

    assert ahead.colour is Colour.GREEN
    assert (gone.colour, [one.process for one in gone.remarks]) == (Colour.RED, ["inny"])
    assert walk.do("a").do("n").do("b").open == ["po"]


def test_a_call_of_another_process_finds_the_open_step_there() -> None:
    def calling(key: str) -> bytes:
        return process(start() + call("etap", key) + end() + flows("start", "etap", "koniec"))

    walk = Walk(calling("jeden"), {"jeden": process(row("a", "b"), key="jeden")})
    other = {"drugi": process(row("a", "c"), key="drugi")}

    plan = planned(walk, calling("drugi"), other)
    moved(walk, calling("drugi"), other)

    assert plan.colour is Colour.AMBER
    assert walk.do("a").do("c").outcome.finished


# --- rounds -------------------------------------------------------------------------------------


def many(count: str, *, one_by_one: bool = False, task: str = "userTask", until: str = "") -> bytes:
    said = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    said += f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    kind = "multiInstanceLoopCharacteristics"
    loop = f'<bpmn:{kind} isSequential="{str(one_by_one).lower()}">{said}</bpmn:{kind}>'
    return around(el(task, "a", loop), "po")


def test_rounds_under_way_go_on_with_the_list_they_have() -> None:
    walk = Walk(many("3")).do("a")

    plan = planned(walk, many("5", until="false"))
    moved(walk, many("5", until="false"))

    assert plan.colour is Colour.AMBER
    assert walk.open == ["a", "a"]
    assert walk.do("a").do("a").open == ["po"]


@pytest.mark.parametrize("new", [many("3", one_by_one=True), around("a", "po")])
def test_rounds_under_way_may_not_change_their_kind(new: bytes) -> None:
    walk = Walk(many("3"))

    plan = planned(walk, new)
    moved(walk, new, a="a")

    assert plan.colour is Colour.RED
    assert walk.open == ["a"]


def test_the_same_rounds_are_green() -> None:
    walk = Walk(many("3")).do("a")

    assert planned(walk, many("3")).colour is Colour.GREEN


# --- data, calls of their own, ad-hoc sub-processes ----------------------------------------------


def test_a_data_object_that_came_is_there_and_empty() -> None:
    def with_data(*names: str) -> bytes:
        data = "".join(el("dataObject", f"d_{name}", name=name) for name in names)
        return process(data + row("a", "b").replace('name="Krok b"', 'name="Krok b"'))

    walk = Walk(with_data(), stare=7)

    moved(walk, with_data("nowe"))

    assert walk.outcome.variables["nowe"] is None
    assert walk.outcome.variables["stare"] == 7


def isolated(key: str, *, mapped: bool, name: str = "etap") -> bytes:
    said = '<bpmn:extensionElements><bieg:in source="w" target="w"/></bpmn:extensionElements>' if mapped else ""
    return process(start() + call(name, key, said) + user("po") + end() + flows("start", name, "po", "koniec"))


def test_an_open_call_may_not_change_what_it_sees() -> None:
    called = {"inny": process(row("a"), key="inny")}
    walk = Walk(isolated("inny", mapped=False), called, None, w=1)

    plan = planned(walk, isolated("inny", mapped=True), called)

    assert plan.colour is Colour.RED
    assert "inne dane" in texts(plan)["etap"]


def test_a_step_may_not_leave_a_call_that_has_variables_of_its_own() -> None:
    walk = Walk(isolated("inny", mapped=True), {"inny": process(row("a"), key="inny")}, None, w=1)

    assert planned(walk, around("a", "po")).colour is Colour.RED


def adhoc(*names: str) -> bytes:
    inner = "".join(user(name, name=f"Krok {name}") for name in names)
    return process(start() + el("adHocSubProcess", "dowolne", inner) + user("po") + end()
                   + flows("start", "dowolne", "po", "koniec"))  # fmt: skip


def test_an_ad_hoc_sub_process_offers_what_the_new_diagram_has() -> None:
    walk = Walk(adhoc("a", "b")).take_up("a")

    plan = planned(walk, adhoc("a", "c"))
    moved(walk, adhoc("a", "c"))

    assert plan.colour is Colour.GREEN
    assert walk.open == ["a"]
    assert walk.offers == ["a", "c", "dowolne"]
    walk.do("a").take_up("c").do("c").close("dowolne")
    assert walk.open == ["po"]


def test_an_open_ad_hoc_sub_process_in_which_nothing_runs_may_not_vanish() -> None:
    assert planned(Walk(adhoc("a")), process(row("a", "po"))).colour is Colour.RED


def test_an_ad_hoc_activity_that_runs_must_not_vanish() -> None:
    plan = planned(Walk(adhoc("a", "b")).take_up("a"), adhoc("b"))

    assert (plan.colour, [one.element for one in plan.remarks]) == (Colour.RED, ["a"])


def test_conditions_that_are_waited_for_are_the_new_ones() -> None:
    def until(condition: str) -> bytes:
        said = f"<bpmn:condition>{condition}</bpmn:condition>"
        return waiting(f"<bpmn:conditionalEventDefinition>{said}</bpmn:conditionalEventDefinition>")

    walk = Walk(until("w = 1"), w=2)

    plan = planned(walk, until("w = 2"))
    moved(walk, until("w = 2"))

    assert plan.colour is Colour.AMBER
    assert walk.wait(minutes=1).open == ["b"]


def test_an_open_event_sub_process_goes_on() -> None:
    walk = Walk(handled("pismo")).hear("pismo")

    plan = planned(walk, handled("pismo"))
    moved(walk, handled("pismo"))

    assert plan.colour is Colour.GREEN
    assert walk.open == ["a", "w_pismo"]
    assert walk.do("w_pismo").do("a").outcome.finished


def test_an_event_that_cannot_be_computed_refuses_the_migration() -> None:
    plan = planned(Walk(guarded()), guarded(("zegar", timer("Duration", "= brak"), True)))

    assert plan.colour is Colour.RED
    assert plan.outcome is None


def test_rounds_follow_their_activity_to_another_id() -> None:
    walk = Walk(many("3")).do("a")
    new = many("3").replace(b'"a"', b'"a2"')

    plan = planned(walk, new)
    moved(walk, new)

    assert plan.mapping == {"proces/a": "proces/a2"}
    assert walk.open == ["a2", "a2"]
    assert walk.do("a2").do("a2").open == ["po"]


def test_a_migration_is_not_blamed_for_what_the_diagram_did_wrong_before() -> None:
    stuck = process(
        start() + xor("x", default="d") + user("a") + user("b") + par("j") + end()
        + flows("start", "x") + flows("x", "a", when="w = 1") + flows("a", "j", "koniec")
        + flows("x", "b", named="d") + flows("b", "j")
    )  # fmt: skip
    walk = Walk(stuck, w=1)

    assert planned(walk, stuck).colour is Colour.GREEN


def test_other_rules_of_an_open_ad_hoc_sub_process_are_told() -> None:
    old = adhoc("a", "b")

    plan = planned(Walk(old), old.replace(b'id="dowolne"', b'id="dowolne" ordering="Sequential"'))

    assert plan.colour is Colour.AMBER
    assert "naraz" in texts(plan)["dowolne"]
