"""Activities that run several times."""

import pytest
from building import Walk, boundary, call, el, end, flows, process, script, start, timer, user

from engine.errors import StepFailed


def many(*said: str, sequential: bool = False) -> str:
    inner = "".join(said)
    kind = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{kind} isSequential="{str(sequential).lower()}">{inner}</bpmn:{kind}>'


OFFERS = (
    "<bpmn:loopDataInputRef>oferty</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>oceny</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="i" name="oferta"/><bpmn:outputDataItem id="o" name="ocena"/>'
)


def rated(loop: str, *more: str) -> bytes:
    return process(
        start() + user("ocen", loop) + user("potem") + end(), *more, flows("start", "ocen", "potem", "koniec")
    )


def test_results_stand_in_the_order_of_the_items_whoever_is_first() -> None:
    walk = Walk(rated(many(OFFERS)), oferty=["a", "b", "c"])
    keys = [task.key for task in walk.outcome.tasks]

    for key, rating in zip(reversed(keys), (3, 2, 1), strict=True):
        walk.do_key(key, ocena=rating)

    assert walk.outcome.variables == {"oferty": ["a", "b", "c"], "oceny": [1, 2, 3]}
    assert walk.open == ["potem"]


def test_rounds_one_after_another_have_one_task_at_a_time() -> None:
    walk = Walk(rated(many(OFFERS, sequential=True)), oferty=["a", "b"])

    assert walk.open == ["ocen"]
    walk.do("ocen", ocena=5)
    assert walk.open == ["ocen"]
    assert walk.moves == [("ocen", "done"), ("ocen", "active")]
    assert walk.do("ocen", ocena=6).open == ["potem"]
    assert walk.outcome.variables["oceny"] == [5, 6]


def test_an_empty_list_is_passed_as_one_step() -> None:
    walk = Walk(rated(many(OFFERS)), oferty=[])

    assert walk.moves == [("start", "done"), ("ocen", "done"), ("potem", "active")]
    assert walk.outcome.variables["oceny"] == []


@pytest.mark.parametrize("value", [None, "abc", {"a": 1}])
def test_what_is_no_list_stops_at_the_step(value: object) -> None:
    with pytest.raises(StepFailed) as failure:
        Walk(rated(many(OFFERS)), oferty=value)

    assert failure.value.element == "ocen"


@pytest.mark.parametrize("value", [-1, 10_001, True, "2", None])
def test_what_is_no_sensible_number_of_rounds_stops_at_the_step(value: object) -> None:
    with pytest.raises(StepFailed) as failure:
        Walk(rated(many("<bpmn:loopCardinality>ile</bpmn:loopCardinality>")), ile=value)

    assert failure.value.element == "ocen"


def test_a_completion_condition_takes_the_other_rounds_away() -> None:
    until = "<bpmn:completionCondition>numberOfCompletedInstances >= 2</bpmn:completionCondition>"
    walk = Walk(rated(many("<bpmn:loopCardinality>= 4</bpmn:loopCardinality>", until)))

    walk.do("ocen")
    walk.do("ocen")

    assert walk.open == ["potem"]
    assert [state for element, state in walk.moves if element == "ocen"] == ["done", "cancelled", "cancelled"]


def test_a_round_of_a_sub_process_sees_its_own_item_and_shares_the_rest() -> None:
    inner = (
        start("s1") + user("praca") + script("licz", "suma + oferta", "suma") + script("ocen", "oferta * 2", "ocena")
    )
    inner += end("e1") + flows("s1", "praca", "licz", "ocen", "e1")
    walk = Walk(
        process(start() + el("subProcess", "runda", many(OFFERS) + inner) + end() + flows("start", "runda", "koniec")),
        oferty=[1, 10, 100],
        suma=0,
    )

    walk.do("praca").do("praca").do("praca")

    assert walk.outcome.finished
    assert walk.outcome.variables == {"oferty": [1, 10, 100], "suma": 111, "oceny": [2, 20, 200]}


def test_a_called_process_may_be_run_for_every_item() -> None:
    called = process(
        start() + script("licz", "oferta + loopCounter", "ocena") + end() + flows("start", "licz", "koniec"), key="inny"
    )
    walk = Walk(
        process(start() + call("c", "inny", many(OFFERS)) + end() + flows("start", "c", "koniec")),
        {"inny": called},
        oferty=[10, 20],
    )

    assert walk.outcome.variables["oceny"] == [11, 22]


def test_a_timer_at_the_border_takes_all_rounds_away() -> None:
    walk = Walk(
        rated(many(OFFERS), boundary("termin", "ocen", timer("Duration", "P1D")) + flows("termin", "potem")),
        oferty=[1, 2, 3],
    )

    walk.do("ocen", ocena=1).wait(days=1)

    assert walk.open == ["potem"]
    assert walk.timers == {}


def test_a_loop_repeats_while_its_condition_holds() -> None:
    loop = (
        '<bpmn:standardLoopCharacteristics loopMaximum="3"><bpmn:loopCondition>not(dobrze)</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics>"
    )
    walk = Walk(rated(loop))

    assert walk.do("ocen", dobrze=False).open == ["ocen"]
    assert walk.do("ocen", dobrze=True).open == ["potem"]
    walk = Walk(rated(loop)).do("ocen", dobrze=False).do("ocen", dobrze=False)
    assert walk.do("ocen", dobrze=False).open == ["potem"]


def test_a_loop_that_tests_before_may_not_run_at_all() -> None:
    loop = (
        '<bpmn:standardLoopCharacteristics testBefore="true"><bpmn:loopCondition>n > 0</bpmn:loopCondition>'
        "</bpmn:standardLoopCharacteristics>"
    )

    assert Walk(rated(loop), n=0).open == ["potem"]
    assert Walk(rated(loop), n=1).open == ["ocen"]


def test_a_thousand_rounds_go_on_one_by_one() -> None:
    walk = Walk(rated(many("<bpmn:loopCardinality>1000</bpmn:loopCardinality>")))

    walk.do("ocen")

    assert len(walk.outcome.tasks) == 999
