"""Rounds of every kind of activity, what may stand at their border, and what a loop may say."""

import json
import zlib

import pytest
from building import NOON, Walk, boundary, call, el, end, event, flows, par, process, script, start, timer, user
from test_adhoc import adhoc
from test_loops import OFFERS, many, rated
from test_mappings import associated, line, maps, ref

from engine.bpmn import state
from engine.errors import DefinitionRejected

COUNT = "<bpmn:loopCardinality>{}</bpmn:loopCardinality>"
THREE = COUNT.format(3)


def standard(condition: str = "", **said: str) -> str:
    inner = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    attributes = "".join(f' {name}="{value}"' for name, value in said.items())
    return f"<bpmn:standardLoopCharacteristics{attributes}>{inner}</bpmn:standardLoopCharacteristics>"


INNER = start("s1") + user("a") + end("e1") + flows("s1", "a", "e1")
CALLED = process(line(user("a")), key="inny")
ROOTS = '<bpmn:message id="m" name="list"/>'
KINDS = {
    "userTask": lambda loop: user("a", loop),
    "manualTask": lambda loop: el("manualTask", "a", loop),
    "subProcess": lambda loop: el("subProcess", "p", loop, INNER),
    "transaction": lambda loop: el("transaction", "p", loop, INNER),
    "callActivity": lambda loop: call("p", "inny", loop),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("loop", [many(THREE), many(THREE, sequential=True), standard(loopMaximum="3")])
def test_every_kind_of_activity_is_done_three_times(kind: str, loop: str) -> None:
    walk = Walk(process(line(KINDS[kind](loop), user("potem"))), {"inny": CALLED})

    walk.do("a").do("a").do("a")

    assert walk.open == ["potem"]


@pytest.mark.parametrize("loop", [many(THREE), many(THREE, sequential=True), standard(loopMaximum="3")])
def test_a_receive_task_hears_three_messages(loop: str) -> None:
    walk = Walk(process(line(el("receiveTask", "r", loop, messageRef="m"), user("potem")), roots=ROOTS))

    walk.hear("list").hear("list")
    assert walk.open == []
    assert walk.hear("list").open == ["potem"]


@pytest.mark.parametrize("loop", [many(THREE), many(THREE, sequential=True), standard(loopMaximum="3")])
@pytest.mark.parametrize("kind", ["task", "scriptTask", "sendTask"])
def test_what_needs_nobody_is_done_three_times_at_once(kind: str, loop: str) -> None:
    steps = {
        "task": el("task", "t", loop),
        "scriptTask": script("t", "n + 1", "n").replace("</bpmn:scriptTask>", f"{loop}</bpmn:scriptTask>"),
        "sendTask": el("sendTask", "t", loop, messageRef="m"),
    }
    walk = Walk(process(line(steps[kind], user("potem")), roots=ROOTS), n=0)

    assert walk.moves.count(("t", "done")) == 3
    assert walk.outcome.variables["n"] == (3 if kind == "scriptTask" else 0)
    assert len(walk.outcome.sent) == (3 if kind == "sendTask" else 0)


@pytest.mark.parametrize("loop", [many(THREE), many(THREE, sequential=True), standard(loopMaximum="3")])
def test_an_ad_hoc_sub_process_is_closed_three_times(loop: str) -> None:
    walk = Walk(process(line(adhoc("w", loop, user("a")), user("potem"))))

    for _ in range(3):
        walk.take_up("a").do("a").close("w")

    assert walk.open == ["potem"]


@pytest.mark.parametrize("sequential", [True, False])
def test_an_error_thrown_in_one_round_takes_all_rounds_away(sequential: bool) -> None:
    inner = start("s1") + user("a") + end("zle", event("error")) + flows("s1", "a", "zle")
    sub = el("subProcess", "p", many(THREE, sequential=sequential), inner)
    more = boundary("blad", "p", event("error")) + user("c") + flows("blad", "c")

    walk = Walk(process(line(sub, user("potem")), more)).do("a")

    assert walk.open == ["c"]
    assert walk.do("c").outcome.finished


@pytest.mark.parametrize("sequential", [True, False])
def test_a_timer_that_does_not_interrupt_fires_once_for_all_rounds(sequential: bool) -> None:
    more = boundary("czas", "a", timer("Duration", "P1D"), interrupts=False) + user("c") + flows("czas", "c")
    walk = Walk(process(line(user("a", many(COUNT.format(2), sequential=sequential)), user("potem")), more)).do("a")

    walk.wait(days=2)

    assert walk.open == ["a", "c"]
    assert walk.do("a").open == ["c", "potem"]


def test_a_timer_that_interrupts_a_standard_loop_ends_it() -> None:
    more = boundary("czas", "a", timer("Duration", "P1D")) + flows("czas", "potem")
    walk = Walk(process(line(user("a", standard("true")), user("potem")), more)).do("a").do("a")

    walk.wait(days=1)

    assert (walk.open, walk.timers) == (["potem"], {})


def test_escalations_of_rounds_are_heard_one_by_one_and_do_not_stop_them() -> None:
    thrower = el("intermediateThrowEvent", "rzut", event("escalation"))
    inner = start("s1") + user("a") + thrower + user("b") + end("e1") + flows("s1", "a", "rzut", "b", "e1")
    more = boundary("esk", "p", event("escalation"), interrupts=False) + user("c") + flows("esk", "c")
    walk = Walk(process(line(el("subProcess", "p", many(COUNT.format(2)), inner)), more)).do("a").do("a")

    assert walk.open == ["b", "b", "c", "c"]


@pytest.mark.parametrize(
    ("until", "left"),
    [
        ("numberOfInstances = 4", 0),
        ("numberOfCompletedInstances = 3", 2),
        ("numberOfActiveInstances = 2", 1),
        ("numberOfTerminatedInstances > 0", 3),
        ("ocena >= 2", 1),
        ("loopCounter = 3", 2),
    ],
)
def test_the_completion_condition_knows_the_numbers_of_rounds(until: str, left: int) -> None:
    condition = f"<bpmn:completionCondition>{until.replace('>', '&gt;')}</bpmn:completionCondition>"
    walk = Walk(rated(many(OFFERS, condition)), oferty=[1, 2, 3, 4])

    done = 0
    while walk.open != ["potem"]:
        done += 1
        walk.do("ocen", ocena=done)

    assert done == left + 1
    assert walk.outcome.variables["oceny"] == list(range(1, done + 1))


def test_numbers_of_rounds_are_no_variables_of_the_rounds() -> None:
    condition = "<bpmn:completionCondition>false</bpmn:completionCondition>"
    inner = start("s1") + user("a") + script("x", "numberOfInstances", "ile") + end("e1") + flows("s1", "a", "x", "e1")
    walk = Walk(process(line(el("subProcess", "p", many(OFFERS, condition), inner))), oferty=[1, 2])

    assert walk.do("a").do("a").outcome.variables["ile"] is None


def test_results_stand_in_the_order_of_the_items_even_if_a_person_counts_herself() -> None:
    walk = Walk(rated(many(OFFERS)), oferty=["a", "b"])
    first, second = (task.key for task in walk.outcome.tasks)

    walk.do_key(second, ocena=2, loopCounter="x").do_key(first, ocena=1, loopCounter="x")

    assert walk.outcome.variables["oceny"] == [1, 2]


DATA = '<bpmn:dataObject id="d1" name="oferty"/><bpmn:dataObjectReference id="r1" dataObjectRef="d1"/>'
DATA += '<bpmn:dataObject id="d2" name="oceny"/><bpmn:dataObjectReference id="r2" dataObjectRef="d2"/>'
ITEMS = '<bpmn:inputDataItem id="i" name="oferta"/><bpmn:outputDataItem id="o" name="ocena"/>'


def loop_over(source: str, target: str) -> str:
    return many(
        f"<bpmn:loopDataInputRef>{source}</bpmn:loopDataInputRef>",
        f"<bpmn:loopDataOutputRef>{target}</bpmn:loopDataOutputRef>{ITEMS}",
    )


def test_the_list_may_be_a_data_object() -> None:
    walk = Walk(process(DATA, line(user("a", loop_over("r1", "r2")))), oferty=["x", "y"])

    walk.do("a", ocena=1).do("a", ocena=2)

    assert walk.outcome.variables == {"oferty": ["x", "y"], "oceny": [1, 2]}


def test_the_list_may_come_through_an_input_of_the_task_and_each_item_through_another() -> None:
    specified = (
        '<bpmn:ioSpecification id="io"><bpmn:dataInput id="lista" name="lista"/>'
        '<bpmn:dataInput id="jedna" name="jedna"/>'
        '<bpmn:dataOutput id="wynik" name="wynik"/><bpmn:dataOutput id="wyniki" name="wyniki"/>'
        '<bpmn:inputSet id="is"/><bpmn:outputSet id="os"/></bpmn:ioSpecification>'
    )
    task = script("a", "jedna * 10", "wynik").replace(
        "</bpmn:scriptTask>",
        "".join(
            [
                specified,
                associated("Input", ref("source", "r1"), ref("target", "lista")),
                associated("Input", ref("source", "i"), ref("target", "jedna")).replace("dInput", "d3"),
                associated("Output", ref("source", "wynik"), ref("target", "o")),
                associated("Output", ref("source", "wyniki"), ref("target", "r2")).replace("dOutput", "d4"),
                loop_over("lista", "wyniki"),
                "</bpmn:scriptTask>",
            ]
        ),
    )

    walk = Walk(process(DATA, line(task)), oferty=[1, 2])

    assert walk.outcome.variables == {"oferty": [1, 2], "oceny": [10, 20]}


@pytest.mark.parametrize(
    "loop",
    [
        standard(),
        standard(loopMaximum="0"),
        standard(loopMaximum="-2"),
        standard(loopMaximum="dwa"),
        standard("(("),
        many("<bpmn:loopCardinality>((</bpmn:loopCardinality>"),
        many(THREE, "<bpmn:loopDataInputRef>oferty</bpmn:loopDataInputRef>"),
        many(),
        many(THREE).replace("isSequential", 'behavior="One" isSequential'),
        many(THREE).replace("isSequential", 'behavior="Complex" isSequential'),
        many(THREE, "<bpmn:completionCondition>((</bpmn:completionCondition>"),
        many(THREE, "<bpmn:loopDataOutputRef>a + b</bpmn:loopDataOutputRef>"),
        many(THREE) + standard("true"),
    ],
)
def test_a_loop_that_cannot_be_run_is_refused_at_its_step(loop: str) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        Walk(rated(loop))

    assert refused.value.problems[0].element == "ocen"


def test_an_event_sub_process_cannot_be_repeated() -> None:
    inner = start("hs", timer("Duration", "P1D")) + end("he") + flows("hs", "he")
    handler = el("subProcess", "h", many(THREE), inner, triggeredByEvent="true")

    with pytest.raises(DefinitionRejected) as refused:
        Walk(process(line(user("a")), handler))

    assert refused.value.problems[0].element == "h"


def test_the_condition_of_a_loop_knows_how_many_rounds_are_done() -> None:
    walk = Walk(rated(standard("loopCounter &lt; 3", testBefore="true")))

    assert walk.do("ocen").do("ocen").do("ocen").open == ["potem"]


def test_untouched_rounds_are_kept_as_two_numbers_and_come_back_whole() -> None:
    walk = Walk(rated(many(OFFERS)), oferty=["a", "b", "c"])
    walk.do_key(walk.outcome.tasks[1].key, ocena=7)

    kept = json.loads(zlib.decompress(walk.outcome.state))
    run = state.load(walk.outcome.state, walk.program, facts={}, now=NOON)

    assert len(kept["levels"][0]["tokens"]) == 1
    rounds = [token for token in run.tokens() if token.shell is not None]
    assert [token.local["oferta"] for token in rounds if token.local] == ["a", "c"]


def test_a_list_that_changes_while_rounds_are_open_changes_nothing_for_them() -> None:
    walk = Walk(rated(many(OFFERS)), oferty=["a", "b", "c"])

    walk.do("ocen", oferty=["z"], ocena=1)
    run = state.load(walk.outcome.state, walk.program, facts={}, now=NOON)

    assert [token.local["oferta"] for token in run.tokens() if token.shell is not None and token.local] == ["b", "c"]


def test_sleeping_rounds_are_told_of_when_they_are_taken_away() -> None:
    more = boundary("czas", "ocen", timer("Duration", "P1D")) + flows("czas", "potem")
    walk = Walk(rated(many(OFFERS), more), oferty=[1, 2, 3]).do("ocen")
    keys = [task.key for task in walk.outcome.tasks]

    walk.wait(days=1)

    gone = [move for move in walk.outcome.moves if move.element == "ocen" and move.state.value == "cancelled"]
    assert [move.key for move in gone] == keys
    assert not any(move.first for move in gone)


def test_rounds_one_after_another_are_never_active_when_the_condition_is_looked_at() -> None:
    condition = "<bpmn:completionCondition>numberOfActiveInstances = 0</bpmn:completionCondition>"

    assert Walk(rated(many(THREE, condition, sequential=True))).do("ocen").open == ["potem"]


def test_a_round_whose_variables_were_put_right_keeps_them() -> None:
    walk = Walk(rated(many(OFFERS)), oferty=["a", "b"])
    run = state.load(walk.outcome.state, walk.program, facts={}, now=NOON)
    next(token for token in run.tokens() if token.shell is not None).set("oferta", "poprawiona")

    again = state.load(state.dump(run), walk.program, facts={}, now=NOON)

    rounds = [token.local for token in again.tokens() if token.shell is not None]
    assert [local["oferta"] for local in rounds if local] == ["poprawiona", "b"]


def test_rounds_of_a_task_keep_what_came_into_them() -> None:
    task = user("a", maps("in: oferta * 2 -> x", "out: x -> ocena"), many(OFFERS))

    walk = Walk(process(line(task)), oferty=[1, 2]).do("a").do("a")

    assert walk.outcome.variables["oceny"] == [2, 4]


def test_the_list_of_results_is_written_when_all_rounds_are_done() -> None:
    specified = '<bpmn:ioSpecification id="io"><bpmn:dataOutput id="wyniki" name="wyniki"/></bpmn:ioSpecification>'
    out = associated("Output", ref("source", "wyniki"), ref("target", "r2"))
    walk = Walk(process(DATA, line(user("a", specified, out, loop_over("r1", "wyniki")))), oferty=[1, 2])

    assert "oceny" not in walk.do("a", ocena=5).outcome.variables
    assert walk.do("a", ocena=6).outcome.variables["oceny"] == [5, 6]


def test_open_tasks_stand_in_the_order_in_which_they_came() -> None:
    xml = process(
        start() + par("g") + user("x") + user("y") + el("subProcess", "p", INNER) + end(),
        flows("start", "g", "x", "y", "koniec") + flows("g", "p", "koniec"),
    )

    walk = Walk(xml).do("x")

    assert [task.details.element for task in walk.outcome.tasks] == ["a", "y"]
