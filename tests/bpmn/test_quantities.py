"""How many tokens begin an activity and how many leave it (BPMN 2.0, table 10.3)."""

import pytest
from building import Walk, el, end, flows, par, process, start, user

from engine.errors import DefinitionRejected


def test_an_activity_waits_until_enough_tokens_have_come() -> None:
    xml = process(
        start() + par("g") + user("a") + user("b") + user("c") + user("zbierz", startQuantity="2") + end(),
        flows("start", "g", "a", "zbierz", "koniec") + flows("g", "b", "zbierz") + flows("g", "c", "zbierz"),
    )
    walk = Walk(xml)

    assert walk.do("a").open == ["b", "c"]
    assert walk.do("c").open == ["b", "zbierz"]
    assert walk.do("zbierz").open == ["b"]
    assert not walk.do("b").outcome.finished


def test_an_activity_sends_as_many_tokens_on_each_flow_as_it_says() -> None:
    xml = process(
        start() + user("a", completionQuantity="3") + user("b") + user("c", startQuantity="3") + end(),
        flows("start", "a", "b", "koniec") + flows("a", "c", "koniec"),
    )

    walk = Walk(xml).do("a")

    assert walk.open == ["b", "b", "b", "c"]
    assert walk.do("b").do("b").do("b").do("c").outcome.finished


def test_two_tokens_of_one_flow_join_with_two_of_another() -> None:
    xml = process(
        start() + par("g") + el("task", "a", completionQuantity="2") + el("task", "b", completionQuantity="2"),
        par("j") + user("c") + end(),
        flows("start", "g", "a", "j", "c", "koniec") + flows("g", "b", "j"),
    )

    assert Walk(xml).open == ["c", "c"]


@pytest.mark.parametrize("said", ["0", "-1", "dwa", "1001", "1.5"])
@pytest.mark.parametrize("name", ["startQuantity", "completionQuantity"])
def test_a_number_that_makes_no_sense_is_refused(name: str, said: str) -> None:
    xml = process(start() + user("a", **{name: said}) + end() + flows("start", "a", "koniec"))

    with pytest.raises(DefinitionRejected) as refused:
        Walk(xml)

    assert refused.value.problems[0].element == "a"


def test_an_activity_that_nothing_leads_to_cannot_wait_for_two() -> None:
    with pytest.raises(DefinitionRejected, match="Tej wersji"):
        Walk(process(user("a", startQuantity="2") + end() + flows("a", "koniec")))
