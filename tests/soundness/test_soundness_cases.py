"""What soundness says of diagrams whose answer is known: faults by name, and what BPMN allows without a word."""

from __future__ import annotations

import pytest
from bpmn.building import boundary, call, el, end, event, flows, inc, par, process, script, start, timer, user, xor

from engine.bpmn import markup, soundness


def judged(*body: str, roots: str = "") -> list[tuple[str, str, str]]:
    """Severity, element and sentence of each problem."""
    found = soundness.check(markup.executable(markup.open_file(process(*body, roots=roots))))
    return [(one.severity, one.element, one.message) for one in found]


def brief(*body: str, roots: str = "") -> list[tuple[str, str]]:
    return [(severity, element) for severity, element, _ in judged(*body, roots=roots)]


def task(identity: str) -> str:
    return el("task", identity)


CHOICE = flows("x", "a", when="=k = 1") + flows("x", "b")
RACE = boundary("przerwa", "a", event("message", messageRef="m"))
MESSAGE = '<bpmn:message id="m" name="m"/>'


# --- errors --------------------------------------------------------------------------------------------


def test_a_choice_that_is_joined_in_parallel_never_gets_on() -> None:
    body = [start(), xor("x"), user("a", name="Zgoda"), user("b", name="Odmowa"), par("j"), end()]
    ways = [flows("start", "x"), CHOICE, flows("a", "j"), flows("b", "j"), flows("j", "koniec")]

    (found,) = judged(*body, *ways)

    assert found[:2] == ("error", "j")
    assert found[2] == (
        "To złączenie nigdy się nie otworzy: nie doczeka się drogi od „Odmowa”. "
        "Zmień rodzaj bramki albo poprowadź strzałki inaczej. Przebieg: start → Zgoda."
    )


def test_a_back_edge_into_a_parallel_join_never_gets_on() -> None:
    body = [start(), par("j"), user("a"), xor("x"), user("b"), end()]
    ways = [flows("start", "j", "a", "x"), flows("x", "j", when="=k = 1"), flows("x", "b", "koniec")]

    assert brief(*body, *ways) == [("error", "j")]


def test_a_case_that_gets_stuck_whatever_is_chosen_is_refused_even_if_the_join_has_opened_once() -> None:
    body = [start(), par("s"), user("a"), user("b"), par("j"), user("c"), xor("x"), end()]
    ways = [flows("start", "s", "a", "j"), flows("s", "b", "j"), flows("j", "c", "j2"), flows("c", "x")]
    more = [par("j2"), flows("x", "j2", when="=k = 1"), flows("x", "e2"), end("e2"), flows("j2", "koniec")]

    found = brief(*body, *ways, *more)

    assert found == [("warning", "j2")]


def test_every_run_ends_at_a_join_that_opens_only_for_the_first_token() -> None:
    # j opens once, with one token of each branch; the second token of the doubled branch is left there
    body = [start(), par("s"), user("a"), user("b"), user("c"), xor("m"), par("j"), end()]
    ways = [flows("start", "s", "a", "m"), flows("s", "b", "m"), flows("m", "j"), flows("s", "c", "j", "koniec")]

    found = brief(*body, *ways)

    assert ("error", "j") in found


def test_a_step_behind_a_sub_process_that_never_ends_is_never_reached() -> None:
    inner = [start("s1"), user("w"), flows("s1", "w", "w")]
    body = [start(), el("subProcess", "p", *inner), user("a"), end(), boundary("b", "p", timer("Duration", "P1D"))]

    found = brief(*body, flows("start", "p", "a", "koniec"), flows("b", "koniec"))

    assert found == [("error", "a")]


@pytest.mark.parametrize(
    "body",
    [
        [start(), xor("m"), script("s", "1", "k"), flows("start", "m", "s", "m")],
        [
            *(start(), par("m2"), script("s", "1", "k"), end(), xor("m"), flows("start", "m", "s", "m2", "m")),
            flows("m2", "koniec"),
        ],
        [start(), xor("m"), par("p"), user("u"), end(), flows("start", "m", "p", "m"), flows("p", "u", "koniec")],
    ],
    ids=["circle", "circle that sends tokens out", "circle beside a person"],
)
def test_an_endless_round_without_a_person_is_refused(body: list[str]) -> None:
    found = judged(*body)

    (message,) = [text for severity, _, text in found if severity == "error"]
    assert message.startswith("Od tego kroku sprawa krąży bez końca, bez udziału człowieka.")


# --- warnings ------------------------------------------------------------------------------------------


def test_a_join_that_some_runs_do_not_open_is_a_warning_with_the_way() -> None:
    body = [start(name="Początek"), par("s"), xor("x", name="Czy pilne?"), user("a", name="Opinia finansowa")]
    more = [user("b", name="Opinia prawna"), par("j"), end(), end("e2"), task("c")]
    ways = [flows("start", "s", "x"), flows("x", "a", "j", when="=k = 1"), flows("x", "e2"), flows("s", "b", "j")]

    (found,) = judged(*body, *more, *ways, flows("j", "koniec"))

    assert found == (
        "warning",
        "j",
        "Sprawa może tu utknąć: złączenie może nie doczekać się drogi od „Opinia finansowa”. "
        "Przebieg: Początek → Czy pilne? → Opinia prawna.",
    )


def test_two_branches_that_meet_without_a_join_run_what_follows_twice() -> None:
    body = [start(), par("s"), user("a"), user("b"), user("c"), end()]

    found = brief(*body, flows("start", "s", "a", "c", "koniec"), flows("s", "b", "c"))

    assert found == [("warning", "c")]


def test_a_reminder_that_meets_a_parallel_join_is_a_warning() -> None:
    body = [start(), user("a"), user("b"), par("j"), end()]
    beside = boundary("r", "a", timer("Duration", "P1D"), interrupts=False)

    found = brief(*body, beside, flows("start", "a", "j", "koniec"), flows("r", "b", "j"))

    assert found == [("warning", "j")]


def test_a_round_that_only_adds_tokens_is_a_warning() -> None:
    body = [start(), xor("m"), user("a"), par("s"), user("b"), end()]

    found = brief(*body, flows("start", "m", "a", "s", "m"), flows("s", "b", "koniec"))

    assert found == [("warning", "b")]


def test_two_inclusive_joins_that_wait_for_each_other_are_told() -> None:
    body = [start(), par("s"), inc("j1"), inc("j2"), user("a"), user("b"), xor("x1"), xor("x2"), end("e1"), end("e2")]
    ways = [flows("start", "s", "j1", "a", "x1"), flows("s", "j2", "b", "x2"), flows("x1", "e1"), flows("x2", "e2")]
    crossed = [flows("x1", "j2", when="=k = 1"), flows("x2", "j1", when="=k = 2")]

    found = brief(*body, *ways, *crossed)

    assert {element for severity, element in found if severity == "error"} <= {"j1", "j2"}
    assert found


def test_an_error_that_nothing_throws_is_told_but_what_follows_it_is_not_refused() -> None:
    inner = el("subProcess", "p", start("s1"), user("w"), end("e1"), flows("s1", "w", "e1"))
    body = [start(), inner, boundary("b", "p", event("error")), user("a"), end()]

    found = brief(*body, flows("start", "p", "koniec"), flows("b", "a", "koniec"))

    assert found == [("warning", "b")]


def test_a_diagram_with_too_many_runs_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.bpmn.soundness.games.MOST_MARKINGS", 50)
    names = [f"t{number}" for number in range(8)]
    body = [start(), inc("s"), inc("j"), end(), *(user(name) for name in names), flows("start", "s")]
    ways = [flows("s", name, "j", when="=k = 1") for name in names[1:]]

    found = judged(*body, *ways, flows("s", "t0", "j"), flows("j", "koniec"))

    assert [text for _, _, text in found if text.startswith("Nie udało się sprawdzić wszystkich przebiegów")]
    assert [one for one in found if one[0] == "error"] == []


# --- what is legal and ends --------------------------------------------------------------------------------

LEGAL = {
    "plain": [start(), user("a"), end(), flows("start", "a", "koniec")],
    "no start, no end": [user("a"), user("b"), flows("a", "b")],
    "parallel block": [
        *(start(), par("s"), user("a"), user("b"), par("j"), end()),
        *(flows("start", "s", "a", "j", "koniec"), flows("s", "b", "j")),
    ],
    "loop with a way out": [
        *(start(), xor("m"), script("a", "k + 1", "k"), xor("x"), end(), flows("start", "m", "a", "x")),
        *(flows("x", "m", when="=k < 5"), flows("x", "koniec")),
    ],
    "a loop into the middle of another": [
        *(start(), xor("m"), user("a"), xor("n"), user("b"), xor("x"), end(), flows("start", "m", "a", "n", "b", "x")),
        *(flows("x", "m", when="=k = 1"), flows("x", "n", when="=k = 2"), flows("x", "koniec")),
    ],
    "terminate with tokens left": [
        *(start(), par("s"), user("a"), user("b"), par("j"), user("c"), end(), end("t", event("terminate"))),
        *(flows("start", "s", "a", "j", "koniec"), flows("s", "b", "j"), flows("s", "c", "t")),
    ],
    "several ends": [
        *(start(), par("s"), user("a"), user("b"), end(), end("e2")),
        *(flows("start", "s", "a", "koniec"), flows("s", "b", "e2")),
    ],
    "one end for several branches": [
        *(start(), par("s"), user("a"), user("b"), end()),
        *(flows("start", "s", "a", "koniec"), flows("s", "b", "koniec")),
    ],
    "flows that split at an activity and join at an inclusive gateway": [
        *(start(), user("a"), user("b"), user("c"), inc("j"), end()),
        *(flows("start", "a", "b", "j", "koniec"), flows("a", "c", "j")),
    ],
    "inclusive block in a loop": [
        *(start(), xor("m"), inc("s", default="d"), user("a"), user("b"), inc("j"), xor("x"), end()),
        *(flows("start", "m", "s"), flows("s", "a", when="=k = 1"), flows("s", "b", named="d"), flows("a", "j", "x")),
        *(flows("b", "j"), flows("x", "m", when="=k = 2"), flows("x", "koniec")),
    ],
    "interrupting boundary": [
        *(start(), user("a"), boundary("b", "a", timer("Duration", "P1D")), user("c"), end()),
        *(flows("start", "a", "koniec"), flows("b", "c", "koniec")),
    ],
    "reminder": [
        *(start(), user("a"), boundary("b", "a", timer("Cycle", "R3/P1D"), interrupts=False), user("c"), end()),
        *(flows("start", "a", "koniec"), flows("b", "c", "koniec")),
    ],
    "reminder that meets an inclusive join": [
        *(start(), user("a"), boundary("b", "a", timer("Duration", "P1D"), interrupts=False), user("c"), inc("j")),
        *(end(), flows("start", "a", "j", "koniec"), flows("b", "c", "j")),
    ],
    "link": [
        start(),
        user("a"),
        el("intermediateThrowEvent", "t", event("link", name="L")),
        el("intermediateCatchEvent", "k", event("link", name="L")),
        end(),
        flows("start", "a", "t"),
        flows("k", "koniec"),
    ],
    "event gateway": [
        *(start(), el("eventBasedGateway", "g"), end()),
        el("intermediateCatchEvent", "m1", event("message", messageRef="m")),
        el("intermediateCatchEvent", "t1", timer("Duration", "P1D")),
        *(flows("start", "g", "m1", "koniec"), flows("g", "t1", "koniec")),
    ],
    "error end caught at the border": [
        start(),
        el("subProcess", "p", start("s1"), xor("x1"), end("e1"), end("z", event("error", errorRef="err"))).replace(
            "</bpmn:subProcess>", ""
        )
        + flows("s1", "x1", "e1", when="")
        + flows("x1", "z", when="=k = 1")
        + "</bpmn:subProcess>",
        *(boundary("b", "p", event("error", errorRef="err")), user("a"), end()),
        *(flows("start", "p", "koniec"), flows("b", "a", "koniec")),
    ],
    "event sub-processes": [
        *(start(), user("a"), end(), flows("start", "a", "koniec")),
        el(
            "subProcess",
            "h",
            start("hs", event("message", messageRef="m")),
            user("hu"),
            end("he"),
            flows("hs", "hu", "he"),
            triggeredByEvent="true",
        ),
    ],
    "loop around a sub-process": [
        *(
            start(),
            xor("m"),
            el("subProcess", "p", start("s1"), user("w"), end("e1"), flows("s1", "w", "e1")),
            xor("x"),
        ),
        *(end(), flows("start", "m", "p", "x"), flows("x", "m", when="=k = 1"), flows("x", "koniec")),
    ],
    "transaction with cancel": [
        start(),
        el("transaction", "p", start("s1"), xor("x1"), end("e1"), end("c1", event("cancel"))).replace(
            "</bpmn:transaction>", ""
        )
        + flows("s1", "x1", "e1")
        + flows("x1", "c1", when="=k = 1")
        + "</bpmn:transaction>",
        *(boundary("b", "p", event("cancel")), end(), flows("start", "p", "koniec"), flows("b", "koniec")),
    ],
    "ad-hoc": [
        *(start(), el("adHocSubProcess", "p", user("a"), user("b"), user("c"), par("j"), flows("a", "j"))),
        *(end(), flows("start", "p", "koniec")),
    ],
    "call that may fail": [
        *(start(), call("c", "inny"), boundary("b", "c", event("error")), user("a"), end()),
        *(flows("start", "c", "koniec"), flows("b", "a", "koniec")),
    ],
    "a sub-process that only its deadline ends": [
        *(start(), el("subProcess", "p", start("s1"), user("w"), flows("s1", "w", "w")), end()),
        *(boundary("b", "p", timer("Duration", "P1D")), flows("start", "p"), flows("b", "koniec")),
    ],
}


@pytest.mark.parametrize("name", LEGAL)
def test_what_bpmn_allows_and_ends_passes_without_a_word(name: str) -> None:
    assert judged(*LEGAL[name], roots=MESSAGE + '<bpmn:error id="err" errorCode="E1"/>') == []


DOUBTFUL = {
    "discriminator": [
        *(start(), par("s"), user("a"), user("b"), xor("m"), user("c"), end()),
        *(flows("start", "s", "a", "m", "c", "koniec"), flows("s", "b", "m")),
    ],
    "multi-merge with several ends": [
        *(start(), par("s"), user("a"), user("b"), xor("m"), user("c"), xor("x"), end(), end("e2")),
        *(flows("start", "s", "a", "m", "c", "x", "koniec"), flows("s", "b", "m"), flows("x", "e2", when="=k = 1")),
    ],
    "stuck branch that a deadline ends": [
        start(),
        el("subProcess", "p", start("s1"), par("s"), user("a"), user("b"), xor("x"), end("e1"), par("j")).replace(
            "</bpmn:subProcess>", ""
        )
        + flows("s1", "s", "a", "j", "e1")
        + flows("s", "b", "x", "j")
        + flows("x", "e1", when="=k = 1")
        + "</bpmn:subProcess>",
        *(boundary("bt", "p", timer("Duration", "P1D")), end(), flows("start", "p", "koniec"), flows("bt", "koniec")),
    ],
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_is_legal_but_hardly_meant_is_not_refused(name: str) -> None:
    found = judged(*DOUBTFUL[name])

    assert {severity for severity, _, _ in found} == {"warning"}


def test_a_sentence_fits_on_two_lines() -> None:
    names = [f"Bardzo długa nazwa kroku numer {number}, która nie ma końca" for number in range(12)]
    ids = [f"t{number}" for number in range(12)]
    body = [
        start(),
        xor("x"),
        user("a"),
        user("b"),
        par("j"),
        end(),
        *(user(i, name=n) for i, n in zip(ids, names, strict=True)),
    ]
    ways = [flows("start", *ids, "x"), CHOICE, flows("a", "j"), flows("b", "j"), flows("j", "koniec")]

    (found,) = judged(*body, *ways)

    assert len(found[2]) <= 320
    assert "→ … →" in found[2]
