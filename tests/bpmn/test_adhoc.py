"""Ad-hoc sub-processes (BPMN 2.0, 13.2.5)."""

from collections.abc import Mapping

import pytest
from building import Walk, boundary, call, el, end, event, flows, inc, par, process, script, start, timer, user, xor
from test_mappings import line

from engine.errors import Conflict, DefinitionRejected, NotFound


def adhoc(identity: str, *inner: str, until: str = "", **attributes: str) -> str:
    condition = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return el("adHocSubProcess", identity, *inner, condition, **attributes)


def around(*inner: str, until: str = "", more: str = "", **attributes: str) -> bytes:
    return process(line(adhoc("w", *inner, until=until, **attributes), user("potem")), more)


def test_it_offers_what_no_flow_leads_to_and_may_be_closed_by_a_person() -> None:
    walk = Walk(around(user("a"), user("b"), user("c"), flows("a", "c")))

    assert (walk.open, walk.offers) == ([], ["a", "b", "w"])
    assert walk.moves == [("start", "done"), ("w", "active")]
    assert [offer.closing for offer in walk.outcome.offers] == [False, False, True]


def test_a_person_begins_each_as_often_as_she_likes_and_flows_run_as_usual() -> None:
    walk = Walk(around(user("a"), user("b"), user("c"), flows("a", "c")))

    walk.take_up("a").take_up("a").take_up("b").do("a")

    assert walk.open == ["a", "b", "c"]
    assert walk.offers == ["a", "b", "w"]


def test_closing_it_takes_away_what_runs_in_it() -> None:
    walk = Walk(around(user("a"), user("b"))).take_up("a").take_up("b").do("a")

    walk.close("w")

    assert (walk.open, walk.offers) == (["potem"], [])
    assert ("b", "cancelled") in walk.moves
    assert ("w", "done") in walk.moves


def test_one_that_keeps_its_activities_cannot_be_closed_while_they_run() -> None:
    walk = Walk(around(user("a"), user("b"), cancelRemainingInstances="false")).take_up("a")

    with pytest.raises(Conflict, match="trwają jeszcze czynności"):
        walk.close("w")

    assert walk.do("a").close("w").open == ["potem"]


def test_one_after_another_only_one_runs_at_a_time() -> None:
    walk = Walk(around(user("a"), user("b"), user("c"), flows("a", "c"), ordering="Sequential")).take_up("a")
    key = next(offer.key for offer in walk.outcome.offers)

    assert walk.offers == ["w"]
    with pytest.raises(Conflict, match="pojedynczo"):
        walk.take_up("b", key)
    assert walk.do("a").offers == ["w"]
    assert walk.do("c").offers == ["a", "b", "w"]


def test_the_condition_is_looked_at_when_an_activity_ends_and_takes_the_others_away() -> None:
    walk = Walk(around(user("a"), user("b"), user("c"), flows("a", "c"), until="gotowe"), gotowe=True)

    assert walk.offers == ["a", "b"]
    walk.take_up("a").take_up("b").do("a", gotowe=False)
    assert (walk.open, walk.offers) == (["b", "c"], ["a", "b"])
    walk.do("b", gotowe=True)
    assert (walk.open, walk.offers) == (["potem"], [])


def test_nothing_follows_the_activity_that_fulfils_the_condition() -> None:
    walk = Walk(around(user("a"), user("c"), flows("a", "c"), until="gotowe")).take_up("a")

    assert walk.do("a", gotowe=True).open == ["potem"]


def test_remaining_activities_may_be_waited_for_but_nothing_new_begins() -> None:
    inner = user("a") + user("b") + user("c") + flows("b", "c")
    walk = Walk(around(inner, until="gotowe", cancelRemainingInstances="false"))

    walk.take_up("a").take_up("b").do("a", gotowe=True)

    assert (walk.open, walk.offers) == (["b"], [])
    assert walk.do("b", gotowe=False).open == ["potem"]


def test_events_on_the_way_are_not_waited_for_when_it_ends() -> None:
    inner = user("a") + user("b") + user("d") + flows("b", "c", "d")
    inner += el("intermediateCatchEvent", "c", timer("Duration", "P1D"))
    walk = Walk(around(inner, until="gotowe", cancelRemainingInstances="false"))

    walk.take_up("a").take_up("b").do("b").do("a", gotowe=True)

    assert (walk.open, walk.timers) == (["potem"], {})


def test_gateways_and_events_inside_run_as_anywhere() -> None:
    inner = user("a") + par("g") + user("b") + user("c") + par("j") + user("d")
    inner += flows("a", "g", "b", "j", "t", "d") + flows("g", "c", "j")
    inner += el("intermediateCatchEvent", "t", timer("Duration", "P1D"))
    walk = Walk(around(inner)).take_up("a").do("a").do("b").do("c")

    assert walk.open == []
    assert walk.wait(days=1).open == ["d"]
    assert walk.do("d").close("w").open == ["potem"]


def test_an_inclusive_join_inside_waits_for_its_branches() -> None:
    inner = user("a") + inc("g", default="f3") + user("b") + user("c") + inc("j") + user("d")
    inner += flows("a", "g") + flows("g", "b", when="x > 0") + flows("g", "c", when="x > 1")
    inner += flows("g", "j", named="f3") + flows("b", "j", "d") + flows("c", "j")
    walk = Walk(around(inner), x=2).take_up("a").do("a")

    assert walk.do("b").open == ["c"]
    assert walk.do("c").open == ["d"]


def test_it_may_be_left_by_a_timer_at_its_border() -> None:
    walk = Walk(around(user("a"), more=boundary("t", "w", timer("Duration", "P1D")) + flows("t", "potem"))).take_up("a")

    walk.wait(days=1)

    assert (walk.open, walk.offers) == (["potem"], [])


def test_a_border_event_of_an_inner_activity_goes_on_inside() -> None:
    inner = user("a") + boundary("t", "a", timer("Duration", "P1D")) + user("b") + flows("t", "b")
    walk = Walk(around(inner)).take_up("a").wait(days=1)

    assert (walk.open, walk.offers) == (["b"], ["a", "w"])


def handler(interrupting: bool) -> str:
    inner = start("hs", event("signal", signalRef="s1"), isInterrupting=str(interrupting).lower())
    return el("subProcess", "h", inner + user("hu") + end("he") + flows("hs", "hu", "he"), triggeredByEvent="true")


def throwing(inner: str) -> bytes:
    roots = '<bpmn:signal id="s1" name="alarm"/>'
    thrower = el("intermediateThrowEvent", "rzut", event("signal", signalRef="s1"))
    return process(
        start() + par("g") + adhoc("w", inner) + user("x") + thrower + end("k2") + user("potem") + end(),
        flows("start", "g", "w", "potem", "koniec") + flows("g", "x", "rzut", "k2"),
        roots=roots,
    )


def test_an_interrupting_event_inside_takes_its_place_and_ends_it() -> None:
    walk = Walk(throwing(user("a") + handler(True))).take_up("a").do("x")

    assert (walk.open, walk.offers) == (["hu"], [])
    assert walk.do("hu").open == ["potem"]


def test_an_event_inside_that_does_not_interrupt_runs_beside_it() -> None:
    walk = Walk(throwing(user("a") + handler(False))).take_up("a").do("x")

    assert (walk.open, walk.offers) == (["a", "hu"], ["a", "w"])
    assert walk.do("hu").do("a").close("w").open == ["potem"]


def test_an_error_in_it_leaves_by_its_border() -> None:
    inner = el("subProcess", "p", start("s1") + user("a") + end("e1", event("error")) + flows("s1", "a", "e1"))
    walk = Walk(around(inner, user("b"), more=boundary("t", "w", event("error")) + flows("t", "potem")))

    assert walk.take_up("p").take_up("b").do("a").open == ["potem"]


def test_rounds_side_by_side_have_offers_of_their_own() -> None:
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    loop += "</bpmn:multiInstanceLoopCharacteristics>"
    walk = Walk(around(loop, user("a")))
    first, second = (offer.key for offer in walk.outcome.offers if offer.closing)

    walk.take_up("a", second)

    assert walk.offers == ["a", "w", "a", "w"]
    assert walk.close("w").offers == ["a", "w"]
    assert {offer.key for offer in walk.outcome.offers} == {second}
    assert first != second
    assert walk.close("w").open == ["potem"]


def test_one_stands_in_another_and_in_a_sub_process_entered_again() -> None:
    deep = adhoc("w2", user("b"), until="true")
    inner = start("s") + adhoc("w1", user("a"), deep) + end("e") + flows("s", "w1", "e")
    xml = process(
        start() + xor("g") + el("subProcess", "p", inner) + xor("h", default="dalej") + end(),
        flows("start", "g", "p", "h") + flows("h", "g", when="n = 1") + flows("h", "koniec", named="dalej"),
    )
    walk = Walk(xml, n=1)

    walk.take_up("w2")
    assert walk.offers == ["a", "w2", "w1", "b"]
    walk.take_up("b", walk.outcome.offers[-1].key).do("b")
    assert walk.offers == ["a", "w2", "w1"]
    walk.close("w1")
    assert walk.offers == ["a", "w2", "w1"]
    assert walk.take_up("a").do("a", n=2).close("w1").outcome.finished


def test_a_called_process_may_hold_one() -> None:
    called = process(line(adhoc("w", user("a"))), key="inny")
    walk = Walk(process(line(call("c", "inny"))), {"inny": called})

    assert walk.outcome.offers[0].process == "inny"
    assert walk.take_up("a").do("a").close("w").outcome.finished


def test_an_offer_knows_name_kind_and_role() -> None:
    lanes = '<bpmn:laneSet id="ls"><bpmn:lane id="l" name="koordynator"><bpmn:flowNodeRef>w</bpmn:flowNodeRef>'
    lanes += "</bpmn:lane></bpmn:laneSet>"
    task = '<bpmn:extensionElements><bieg:task role="prawnik"/></bpmn:extensionElements>'
    inner = user("a", task, name="Porada prawna") + script("b", "1", "x")

    walk = Walk(process(lanes, line(adhoc("w", inner, name="Wsparcie"))))

    said = [(offer.element, offer.name, offer.role, offer.kind) for offer in walk.outcome.offers]
    assert said == [
        ("a", "Porada prawna", "prawnik", "userTask"),
        ("b", "b", "koordynator", "scriptTask"),
        ("w", "Wsparcie", "koordynator", "adHocSubProcess"),
    ]


def test_its_data_objects_are_what_the_condition_reads() -> None:
    inner = '<bpmn:dataObject id="d" name="ile"/>' + script("a", "if ile = null then 1 else ile + 1", "ile")
    walk = Walk(around(inner, until="ile >= 2"), ile=7)

    assert walk.take_up("a").offers == ["a"]
    assert walk.take_up("a").open == ["potem"]
    assert walk.outcome.variables == {"ile": 7}


def test_many_rounds_of_an_inner_activity_are_one_activity_for_the_condition() -> None:
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
    loop += "</bpmn:multiInstanceLoopCharacteristics>"
    walk = Walk(around(user("a", loop), user("b"), until="true")).take_up("a")

    assert walk.do("a").open == ["a"]
    assert walk.do("a").open == ["potem"]


def test_what_is_not_offered_or_no_longer_open_cannot_be_begun() -> None:
    walk = Walk(around(user("a"), user("c"), flows("a", "c"), until="true"))
    key = walk.outcome.offers[0].key

    with pytest.raises(NotFound):
        walk.take_up("c")
    with pytest.raises(Conflict):
        walk.take_up("a", "999")
    walk.take_up("a").do("a")
    with pytest.raises(Conflict):
        walk.take_up("a", key)


@pytest.mark.parametrize(
    ("inner", "said", "element"),
    [
        (start("s") + user("a"), {}, "s"),
        (user("a") + end("e") + flows("a", "e"), {}, "e"),
        ("", {}, "w"),
        (user("a") + xor("g"), {}, "g"),
        (user("a") + el("intermediateCatchEvent", "t", timer("Duration", "P1D")), {}, "t"),
        (user("a"), {"ordering": "Random"}, "w"),
        (user("a"), {"triggeredByEvent": "true"}, "w"),
        (user("a") + user("b") + user("c") + flows("a", "b") + flows("a", "c"), {"ordering": "Sequential"}, "a"),
        (
            user("a") + par("g") + user("b") + user("c") + flows("a", "g", "b") + flows("g", "c"),
            {"ordering": "Sequential"},
            "g",
        ),
    ],
)
def test_what_may_not_stand_in_one_is_refused(inner: str, said: Mapping[str, str], element: str) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        Walk(around(inner, **said))

    assert refused.value.problems[0].element == element


def test_the_condition_is_not_looked_at_when_only_an_event_has_come() -> None:
    inner = user("a") + user("d") + flows("a", "c", "d") + el("intermediateCatchEvent", "c", timer("Duration", "P1D"))
    xml = process(
        start() + par("g") + adhoc("w", inner, until="gotowe") + user("x") + user("potem") + end(),
        flows("start", "g", "w", "potem", "koniec") + flows("g", "x", "koniec"),
    )
    walk = Walk(xml).take_up("a").do("a").do("x", gotowe=True).wait(days=1)

    assert walk.open == ["d"]
    assert walk.do("d").open == ["potem"]


def test_what_rests_at_a_join_is_not_waited_for() -> None:
    inner = user("a") + user("b") + par("j") + user("c") + user("d") + flows("a", "j", "c") + flows("b", "j")
    ending = Walk(around(inner, until="gotowe", cancelRemainingInstances="false")).take_up("a").do("a")
    closing = Walk(around(inner, cancelRemainingInstances="false")).take_up("a").do("a")

    assert ending.take_up("d").do("d", gotowe=True).open == ["potem"]
    assert closing.close("w").open == ["potem"]


def test_an_event_that_is_only_listened_for_runs_not() -> None:
    walk = Walk(
        process(
            line(adhoc("w", user("a") + handler(False), ordering="Sequential", cancelRemainingInstances="false")),
            roots='<bpmn:signal id="s1" name="alarm"/>',
        )
    )

    assert walk.offers == ["a", "w"]
    assert walk.close("w").outcome.finished
