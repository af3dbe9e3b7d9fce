"""Transactions: like a sub-process, but a cancel end event takes all away and leaves by the border."""

import pytest
from building import Walk, boundary, call, el, end, event, flows, par, process, start, timer, user, xor

from engine.errors import DefinitionRejected

CANCEL = event("cancel")


def transaction(*more: str) -> str:
    inner = start("s") + par("g") + user("a") + user("b") + xor("x", default="dobrze") + end("e")
    inner += end("anuluj", CANCEL)
    inner += flows("s", "g", "a", "x") + flows("g", "b", "e") + flows("x", "anuluj", when="odmowa = true")
    inner += flows("x", "e", named="dobrze")
    return el("transaction", "t", *more, inner)


def around(body: str, *more: str) -> bytes:
    return process(
        start() + body + user("potem") + end() + flows("start", "t", "potem", "koniec"),
        boundary("granica", "t", CANCEL) + user("inaczej") + end("k2") + flows("granica", "inaczej", "k2"),
        *more,
    )


def test_it_runs_to_its_end_like_a_sub_process() -> None:
    walk = Walk(around(transaction())).do("a").do("b")

    assert walk.open == ["potem"]
    assert ("t", "done") in walk.moves


def test_a_cancel_end_takes_everything_away_and_leaves_by_the_cancel_border() -> None:
    walk = Walk(around(transaction())).do("a", odmowa=True)

    assert walk.open == ["inaczej"]
    assert ("b", "cancelled") in walk.moves
    assert ("t", "cancelled") in walk.moves
    assert walk.do("inaczej").outcome.finished


def test_a_cancel_end_in_a_sub_process_of_it_cancels_the_transaction() -> None:
    inner = start("s1") + user("a") + end("anuluj", CANCEL) + flows("s1", "a", "anuluj")
    body = el("transaction", "t", start("s") + el("subProcess", "p", inner) + end("e") + flows("s", "p", "e"))

    assert Walk(around(body)).do("a").open == ["inaczej"]


def test_one_round_that_is_cancelled_takes_all_rounds_away() -> None:
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
    loop += "</bpmn:multiInstanceLoopCharacteristics>"
    walk = Walk(around(transaction(loop)))

    assert len(walk.open) == 6
    assert walk.do("a", odmowa=True).open == ["inaczej"]


def test_the_inner_of_two_transactions_is_cancelled_alone() -> None:
    inner = start("s1") + user("a") + end("anuluj", CANCEL) + flows("s1", "a", "anuluj")
    deep = el("transaction", "t2", inner) + boundary("g2", "t2", CANCEL) + user("c") + flows("g2", "c", "e")
    body = el("transaction", "t", start("s") + deep + end("e") + flows("s", "t2", "e"))

    walk = Walk(around(body)).do("a")

    assert walk.open == ["c"]
    assert walk.do("c").open == ["potem"]


def test_in_a_loop_it_may_be_cancelled_again_and_again() -> None:
    inner = start("s") + user("a") + xor("x", default="dobrze") + end("e") + end("anuluj", CANCEL)
    inner += flows("s", "a", "x") + flows("x", "anuluj", when="odmowa") + flows("x", "e", named="dobrze")
    xml = process(
        start() + xor("w") + el("transaction", "t", inner) + end() + flows("start", "w", "t", "koniec"),
        boundary("granica", "t", CANCEL) + flows("granica", "w"),
    )
    walk = Walk(xml)

    walk.do("a", odmowa=True).do("a", odmowa=True)

    assert walk.open == ["a"]
    assert walk.do("a", odmowa=False).outcome.finished


def test_other_border_events_interrupt_it_as_any_sub_process() -> None:
    more = boundary("czas", "t", timer("Duration", "P1D")) + flows("czas", "potem")

    assert Walk(around(transaction(), more)).wait(days=1).open == ["potem"]


def test_it_may_stand_in_a_called_process() -> None:
    called = around(transaction()).replace(b'id="proces"', b'id="inny"')
    walk = Walk(process(start() + call("c", "inny") + end() + flows("start", "c", "koniec")), {"inny": called})

    assert walk.do("a", odmowa=True).open == ["inaczej"]


BARE = process(start() + transaction() + end() + flows("start", "t", "koniec"))
OUTSIDE = process(start() + user("a") + end("anuluj", CANCEL) + flows("start", "a", "anuluj"))
ELSEWHERE = process(start() + user("a") + end() + boundary("granica", "a", CANCEL) + flows("start", "a", "koniec"))
OTHER = around(transaction()).replace(b'<bpmn:transaction id="t"', b'<bpmn:transaction id="t" method="##Store"')


@pytest.mark.parametrize(("xml", "element"), [(BARE, "t"), (OUTSIDE, "anuluj"), (ELSEWHERE, "granica"), (OTHER, "t")])
def test_what_could_not_be_cancelled_or_cancels_nothing_is_refused(xml: bytes, element: str) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        Walk(xml)

    assert refused.value.problems[0].element == element


def test_one_that_only_its_inner_one_is_cancelled_needs_no_border() -> None:
    inner = start("s1") + user("a") + end("anuluj", CANCEL) + flows("s1", "a", "anuluj")
    deep = el("transaction", "t2", inner) + boundary("g2", "t2", CANCEL) + flows("g2", "e")
    body = el("transaction", "t", start("s") + deep + end("e") + flows("s", "t2", "e"))

    walk = Walk(process(start() + body + end() + flows("start", "t", "koniec"))).do("a")

    assert walk.outcome.finished
