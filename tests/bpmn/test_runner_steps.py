"""What the runner does with each kind of step, and what it reports."""

import builtins
import json
from typing import NoReturn

import pytest
from building import Walk, boundary, call, el, end, event, flows, par, process, script, start, timer, user, xor

from engine.bpmn import bundle
from engine.errors import Conflict, DefinitionRejected, NotFound, StepFailed

ERROR = '<bpmn:error id="blad" name="Błąd" errorCode="BRAK"/>'
ESCALATION = '<bpmn:escalation id="eskalacja" name="Uwaga" escalationCode="UWAGA"/>'
MESSAGE = '<bpmn:message id="pismo" name="wpłynęło pismo"/>'
SIGNAL = '<bpmn:signal id="sygnal" name="stan kryzysowy"/>'


def line(*steps: str, ids: str = "", roots: str = "") -> bytes:
    return process(start(), *steps, end(), flows("start", *ids.split(), "koniec"), roots=roots)


def test_a_user_task_waits_and_a_plain_task_is_only_recorded() -> None:
    walk = Walk(line(el("task", "zapis", name="Zapis"), user("praca"), ids="zapis praca"))

    assert walk.open == ["praca"]
    assert walk.moves == [("start", "done"), ("zapis", "done"), ("praca", "active")]
    assert [(move.name, move.kind, move.process, move.first) for move in walk.outcome.moves][1] == (
        "Zapis",
        "task",
        "proces",
        True,
    )


def test_completing_reports_what_was_left_and_what_was_entered() -> None:
    walk = Walk(line(user("a"), xor("g"), el("manualTask", "b"), ids="a g b"))
    key = walk.key("a")

    walk.do("a")

    assert walk.moves == [("a", "done"), ("g", "done"), ("b", "active")]
    assert (walk.move("a").key, walk.move("a").first, walk.move("b").first) == (key, False, True)
    assert walk.do("b").moves == [("b", "done"), ("koniec", "done")]
    assert walk.outcome.finished


def test_a_task_that_is_done_cannot_be_done_again() -> None:
    walk = Walk(line(user("a"), user("b"), ids="a b"))
    key = walk.key("a")

    walk.do("a")

    with pytest.raises(Conflict):
        walk.do_key(key)
    with pytest.raises(Conflict):
        walk.do_key("nie ma takiego")


def test_the_same_deed_on_the_same_state_has_the_same_outcome() -> None:
    xml = line(user("a"), script("s", "n + 1", "n"), user("b"), ids="a s b")

    assert Walk(xml, n=1).do("a").outcome == Walk(xml, n=1).do("a").outcome


def test_a_script_sets_a_variable_in_feel() -> None:
    walk = Walk(line(script("s", "= n * 2 + 0.5", "wynik"), user("a"), ids="s a"), n=2)

    assert walk.outcome.variables == {"n": 2, "wynik": 4.5}


def test_facts_are_read_never_stored_and_not_overlaid_by_variables() -> None:
    xml = process(
        start() + xor("g", default="inaczej") + user("kierownik") + user("wojt") + end(),
        flows("start", "g") + flows("g", "kierownik", when='list contains(upowaznienia, "FORMA")'),
        flows("g", "wojt", named="inaczej") + flows("kierownik", "koniec") + flows("wojt", "koniec"),
    )

    assert Walk(xml, facts={"upowaznienia": ["FORMA"]}).open == ["kierownik"]
    walk = Walk(xml, facts={"upowaznienia": []}, upowaznienia=["FORMA"])
    assert walk.open == ["wojt"]
    assert walk.outcome.variables == {"upowaznienia": ["FORMA"]}


def test_no_python_is_reached_from_a_diagram(monkeypatch: pytest.MonkeyPatch) -> None:
    def tripped(*_: object, **__: object) -> NoReturn:
        raise AssertionError("eval or exec was called")

    monkeypatch.setattr(builtins, "eval", tripped)
    monkeypatch.setattr(builtins, "exec", tripped)
    attack = "__import__('os').system('true') = 0"
    xml = process(
        start() + xor("g", default="inaczej") + user("a") + user("b") + end(),
        flows("start", "g") + flows("g", "a", when=attack) + flows("g", "b", named="inaczej"),
        flows("a", "koniec") + flows("b", "koniec"),
    )

    with pytest.raises(StepFailed):
        Walk(xml)


@pytest.mark.parametrize(
    "step",
    [
        el("scriptTask", "zly", "<bpmn:script>import os</bpmn:script>"),
        el("serviceTask", "zly"),
        el("businessRuleTask", "zly"),
        el("complexGateway", "zly"),
        el("adHocSubProcess", "zly"),
        el("callActivity", "zly"),
        el("receiveTask", "zly"),
        el("intermediateThrowEvent", "zly", event("compensate")),
        el("intermediateCatchEvent", "zly", event("message") + event("signal")),
        el("intermediateCatchEvent", "zly", "<bpmn:timerEventDefinition/>"),
        el("intermediateCatchEvent", "zly"),
        el("intermediateThrowEvent", "zly", event("error")),
        el("userTask", "zly", "<bpmn:multiInstanceLoopCharacteristics/>"),
        el("userTask", "zly", "<bpmn:standardLoopCharacteristics/>"),
    ],
)
def test_what_cannot_be_run_is_refused_with_its_element(step: str) -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        bundle.compile(line(step, ids="zly"), {})

    assert [(one.element, one.severity) for one in refusal.value.problems] == [("zly", "error")]


def test_an_id_that_stands_for_two_flows_is_refused() -> None:
    twice = flows("start", "a", named="f") + flows("a", "koniec", named="f")

    with pytest.raises(DefinitionRejected) as refusal:
        bundle.compile(process(start() + user("a") + end() + twice), {})

    assert refusal.value.problems[0].element == "f"


def test_an_event_at_the_border_of_an_activity_of_another_level_is_refused() -> None:
    inner = start("s1") + user("a") + end("e1") + flows("s1", "a", "e1")
    outside = boundary("termin", "a", timer("Duration", "P1D"))

    with pytest.raises(DefinitionRejected) as refusal:
        bundle.compile(line(el("subProcess", "etap", inner), outside, ids="etap"), {})

    assert refusal.value.problems[0].element == "termin"


def test_ids_that_the_library_uses_itself_may_be_used() -> None:
    walk = Walk(process(start("Start") + user("Root") + end("End") + flows("Start", "Root", "End"), key="proces"))

    assert walk.do("Root").outcome.finished


def test_a_long_line_of_steps_needs_no_deep_stack() -> None:
    ids = [f"k{i}" for i in range(1500)]

    walk = Walk(line(*[el("task", one) for one in ids], user("a"), ids=" ".join([*ids, "a"])))

    assert walk.open == ["a"]


# --- sub-processes and called processes ---------------------------------------------------------


def test_an_embedded_sub_process_is_a_step_around_its_steps() -> None:
    inner = start("s1") + user("w_srodku") + end("e1") + flows("s1", "w_srodku", "e1")
    walk = Walk(line(el("subProcess", "etap", inner, name="Etap"), user("potem"), ids="etap potem"))

    assert walk.moves == [("start", "done"), ("etap", "active"), ("s1", "done"), ("w_srodku", "active")]
    walk.do("w_srodku", x=1)
    assert walk.moves == [("w_srodku", "done"), ("e1", "done"), ("etap", "done"), ("potem", "active")]


def test_a_called_process_shares_the_variables_and_is_named_in_its_steps() -> None:
    called = process(
        start("s1") + script("licz", "n + 1", "n") + user("praca") + end("e1") + flows("s1", "licz", "praca", "e1"),
        key="etap",
    )
    walk = Walk(line(call("wywolanie", "etap"), user("potem"), ids="wywolanie potem"), {"etap": called}, n=1)

    assert [(move.element, move.process) for move in walk.outcome.moves] == [
        ("start", "proces"),
        ("wywolanie", "proces"),
        ("s1", "etap"),
        ("licz", "etap"),
        ("praca", "etap"),
    ]
    assert walk.outcome.tasks[0].details.process == "etap"
    walk.do("praca", decyzja="ZATWIERDZAM")
    assert walk.outcome.variables == {"n": 2, "decyzja": "ZATWIERDZAM"}
    assert walk.open == ["potem"]


def test_the_same_ids_may_stand_in_the_caller_and_the_called() -> None:
    inner = el("subProcess", "etap", start("s") + user("a") + end("e") + flows("s", "a", "e"))
    called = process(start() + inner + end() + flows("start", "etap", "koniec"), key="drugi")
    caller = process(start() + inner + call("c", "drugi") + end() + flows("start", "etap", "c", "koniec"))

    walk = Walk(caller, {"drugi": called})

    assert walk.do("a").outcome.tasks[0].details.process == "drugi"
    assert walk.do("a").outcome.finished


def test_a_monthly_loop_over_parallel_calls_goes_on_month_after_month() -> None:
    report = process(start() + user("raport") + end() + flows("start", "raport", "koniec"), key="raport_miesieczny")
    walk = Walk(
        process(
            start() + xor("powrot") + par("g") + call("c1", "raport_miesieczny") + call("c2", "raport_miesieczny"),
            par("j") + script("licz", "m + 1", "m") + xor("czy", default="dalej") + end(),
            flows("start", "powrot", "g", "c1", "j", "licz", "czy") + flows("g", "c2", "j"),
            flows("czy", "koniec", when="m >= 24") + flows("czy", "powrot", named="dalej"),
        ),
        {"raport_miesieczny": report},
        m=0,
    )

    for _ in range(24):
        assert walk.open == ["raport", "raport"]
        walk.do("raport").do("raport")

    assert walk.outcome.finished
    assert walk.outcome.variables == {"m": 24}


def test_a_called_process_that_is_missing_is_refused() -> None:
    with pytest.raises(DefinitionRejected) as refusal:
        bundle.compile(line(call("c", "nie_ma"), ids="c"), {})

    assert "nie_ma" in refusal.value.problems[0].message


def test_processes_that_call_each_other_without_end_are_stopped() -> None:
    with pytest.raises(StepFailed) as failure:
        Walk(line(call("c", "proces"), ids="c"))

    assert failure.value.element == "c"


def test_a_round_without_a_person_is_stopped() -> None:
    xml = process(start() + xor("a") + el("task", "b") + flows("start", "a", "b", "a"))

    with pytest.raises(StepFailed) as failure:
        Walk(xml)

    assert "bez końca" in failure.value.message


# --- ends, errors, escalations ------------------------------------------------------------------


def test_a_terminate_end_ends_its_own_level_alone() -> None:
    inner = start("s1") + par("g1") + user("a") + user("b") + end("stop", event("terminate"))
    inner += end("e1") + flows("s1", "g1", "a", "stop") + flows("g1", "b", "e1")
    walk = Walk(
        process(
            start() + par("g") + el("subProcess", "etap", inner) + user("c") + par("j") + user("d") + end(),
            flows("start", "g", "etap", "j", "d", "koniec") + flows("g", "c", "j"),
        )
    )

    walk.do("a")

    assert walk.open == ["c"]
    assert ("b", "cancelled") in walk.moves
    assert ("etap", "done") in walk.moves


def failing(end_event: str, catcher: str) -> bytes:
    inner = start("s1") + user("praca") + end("e1", end_event) + flows("s1", "praca", "e1")
    return process(
        start() + el("subProcess", "etap", inner) + catcher + user("naprawa") + end() + end("k2"),
        flows("start", "etap", "koniec") + flows("zlapany", "naprawa", "k2"),
        roots=ERROR + ESCALATION + '<bpmn:error id="inny" errorCode="INNY"/>',
    )


@pytest.mark.parametrize("caught", ["blad", ""])
def test_an_error_end_is_caught_at_the_border_of_its_sub_process(caught: str) -> None:
    catching = event("error", errorRef=caught) if caught else event("error")
    walk = Walk(failing(event("error", errorRef="blad"), boundary("zlapany", "etap", catching)))

    walk.do("praca")

    assert walk.open == ["naprawa"]
    assert walk.moves == [
        ("praca", "done"),
        ("e1", "done"),
        ("etap", "cancelled"),
        ("zlapany", "done"),
        ("naprawa", "active"),
    ]


def test_an_error_that_nobody_catches_ends_the_instance() -> None:
    walk = Walk(
        failing(
            event("error", errorRef="blad"),
            boundary("zlapany", "etap", event("error", errorRef="inny")),
        )
    )

    walk.do("praca")

    assert walk.outcome.finished
    assert walk.moves == [("praca", "done"), ("e1", "done"), ("etap", "cancelled")]


def test_an_error_passes_called_processes_up_to_the_caller_that_catches_it() -> None:
    called = process(
        start("s1") + user("praca") + end("e1", event("error", errorRef="blad")) + flows("s1", "praca", "e1"),
        key="etap",
        roots=ERROR,
    )
    walk = Walk(
        process(
            start() + call("c", "etap") + boundary("zlapany", "c", event("error", errorRef="blad")) + user("naprawa"),
            end() + flows("start", "c", "koniec") + flows("zlapany", "naprawa", "koniec"),
            roots=ERROR,
        ),
        {"etap": called},
    )

    assert walk.do("praca").open == ["naprawa"]


@pytest.mark.parametrize("interrupts", [True, False])
def test_an_escalation_interrupts_or_runs_beside(interrupts: bool) -> None:
    inner = start("s1") + el("intermediateThrowEvent", "alarm", event("escalation", escalationRef="eskalacja"))
    inner += user("praca") + end("e1") + flows("s1", "alarm", "praca", "e1")
    catcher = boundary("zlapany", "etap", event("escalation", escalationRef="eskalacja"), interrupts=interrupts)
    walk = Walk(
        process(
            start() + el("subProcess", "etap", inner) + catcher + user("nadzor") + end() + end("k2"),
            flows("start", "etap", "koniec") + flows("zlapany", "nadzor", "k2"),
            roots=ESCALATION,
        )
    )

    assert walk.open == (["nadzor"] if interrupts else ["nadzor", "praca"])


def test_an_escalation_that_nobody_catches_goes_on() -> None:
    thrown = event("escalation", escalationRef="eskalacja")
    walk = Walk(line(el("intermediateThrowEvent", "alarm", thrown), user("a"), ids="alarm a", roots=ESCALATION))

    assert walk.open == ["a"]


# --- messages, signals, conditions, links -------------------------------------------------------


def test_a_message_moves_the_step_that_waits_for_it_and_brings_variables() -> None:
    waiting = el("intermediateCatchEvent", "czekanie", event("message", messageRef="pismo"))
    walk = Walk(line(waiting, user("a"), ids="czekanie a", roots=MESSAGE))

    assert [(wait.element, wait.name) for wait in walk.outcome.messages] == [("czekanie", "wpłynęło pismo")]
    with pytest.raises(NotFound):
        walk.hear("inne pismo")
    walk.hear("wpłynęło pismo", {"numer": 7})
    assert walk.open == ["a"]
    assert walk.outcome.variables == {"numer": 7}
    assert walk.outcome.messages == ()


def test_a_message_fits_by_the_variables_it_names() -> None:
    walk = Walk(
        line(el("receiveTask", "czekanie", messageRef="pismo"), user("a"), ids="czekanie a", roots=MESSAGE), sprawa="A"
    )

    with pytest.raises(NotFound):
        walk.hear("wpłynęło pismo", sprawa="B")
    assert walk.hear("wpłynęło pismo", sprawa="A").open == ["a"]


def test_correlation_keys_are_fixed_when_the_step_starts_to_wait() -> None:
    keys = (
        '<bpmn:collaboration id="w"><bpmn:correlationKey id="k" name="klucz">'
        "<bpmn:correlationPropertyRef>wlasciwosc</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>"
        '<bpmn:correlationProperty id="wlasciwosc" name="numer"><bpmn:correlationPropertyRetrievalExpression'
        ' messageRef="pismo"><bpmn:messagePath>numer</bpmn:messagePath>'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    )
    walk = Walk(
        process(
            start() + user("a") + el("receiveTask", "czekanie", messageRef="pismo") + end(),
            flows("start", "a", "koniec") + flows("start", "czekanie", "koniec"),
            roots=MESSAGE + keys,
        ),
        numer=5,
    )

    walk.do("a", numer=6)

    assert walk.outcome.messages[0].correlation == {"numer": 5}
    assert walk.hear("wpłynęło pismo", numer=5).outcome.finished


def test_a_message_at_the_border_may_come_more_than_once() -> None:
    caught = boundary("pismo_w_toku", "praca", event("message", messageRef="pismo"), interrupts=False)
    walk = Walk(
        process(
            start() + user("praca") + caught + script("licz", "n + 1", "n") + end() + end("k2"),
            flows("start", "praca", "koniec") + flows("pismo_w_toku", "licz", "k2"),
            roots=MESSAGE,
        ),
        n=0,
    )

    walk.hear("wpłynęło pismo").hear("wpłynęło pismo")

    assert walk.outcome.variables == {"n": 2}
    assert walk.do("praca").outcome.finished


def test_a_signal_end_reaches_everything_that_waits_for_it() -> None:
    walk = Walk(
        process(
            start() + par("g") + user("a") + end("nadaj", event("signal", signalRef="sygnal")),
            el("intermediateCatchEvent", "slucha", event("signal", signalRef="sygnal")) + user("b") + end(),
            user("c") + boundary("przerwij", "c", event("signal", signalRef="sygnal")) + user("d") + end("k2"),
            flows("start", "g", "a", "nadaj") + flows("g", "slucha", "b", "koniec") + flows("g", "c", "koniec"),
            flows("przerwij", "d", "k2"),
            roots=SIGNAL,
        )
    )

    assert walk.do("a").open == ["b", "d"]


def test_a_conditional_event_comes_when_its_condition_becomes_true() -> None:
    inner = "<bpmn:condition>kwota > 100</bpmn:condition>"
    condition = f"<bpmn:conditionalEventDefinition>{inner}</bpmn:conditionalEventDefinition>"
    walk = Walk(
        process(
            start() + par("g") + user("a") + user("b") + end() + el("intermediateCatchEvent", "prog", condition),
            flows("start", "g", "a", "koniec") + flows("g", "prog", "b", "koniec"),
        ),
        kwota=1,
    )

    assert walk.open == ["a"]
    assert walk.do("a", kwota=101).open == ["b"]


def test_a_link_leads_to_its_other_end() -> None:
    link = '<bpmn:linkEventDefinition name="dalej"/>'
    walk = Walk(
        process(
            start() + el("intermediateThrowEvent", "z", link) + el("intermediateCatchEvent", "do", link) + user("a"),
            end() + flows("start", "z") + flows("do", "a", "koniec"),
        )
    )

    assert walk.moves == [("start", "done"), ("z", "done"), ("do", "done"), ("a", "active")]


# --- event sub-processes ------------------------------------------------------------------------


def handler(definition: str, *, interrupts: bool) -> bytes:
    inner = start("s1", definition, isInterrupting=str(interrupts).lower()) + user("reakcja") + end("e1")
    inner += flows("s1", "reakcja", "e1")
    return process(
        start() + user("praca") + user("druga") + end() + flows("start", "praca", "druga", "koniec"),
        el("subProcess", "zdarzenie", inner, triggeredByEvent="true"),
        roots=MESSAGE,
    )


def test_an_interrupting_event_sub_process_takes_the_place_of_everything_at_once() -> None:
    walk = Walk(handler(event("message", messageRef="pismo"), interrupts=True))

    walk.hear("wpłynęło pismo")

    assert walk.open == ["reakcja"]
    assert walk.moves == [("praca", "cancelled"), ("zdarzenie", "active"), ("s1", "done"), ("reakcja", "active")]
    assert walk.do("reakcja").outcome.finished


def test_an_event_sub_process_beside_the_flow_may_run_again_and_holds_the_end_back() -> None:
    walk = Walk(handler(event("message", messageRef="pismo"), interrupts=False))

    walk.hear("wpłynęło pismo").do("reakcja").hear("wpłynęło pismo")
    walk.do("praca").do("druga")

    assert not walk.outcome.finished
    assert walk.do("reakcja").outcome.finished
    assert walk.outcome.messages == ()


def test_a_timed_event_sub_process_counts_from_the_start_of_its_level() -> None:
    walk = Walk(handler(timer("Duration", "P1D"), interrupts=True))

    assert walk.do("praca").wait(days=1).open == ["reakcja"]


def test_an_error_end_is_caught_by_the_event_sub_process_of_its_level() -> None:
    inner = start("s1", event("error", errorRef="blad")) + user("reakcja") + end("e1") + flows("s1", "reakcja", "e1")
    walk = Walk(
        process(
            start() + par("g") + user("praca") + user("druga") + end("zle", event("error", errorRef="blad")) + end(),
            flows("start", "g", "praca", "zle") + flows("g", "druga", "koniec"),
            el("subProcess", "zdarzenie", inner, triggeredByEvent="true"),
            roots=ERROR,
        )
    )

    assert walk.open == ["druga", "praca"]
    assert walk.do("praca").open == ["reakcja"]


def test_a_bundle_holds_names_in_polish_as_they_are() -> None:
    walk = Walk(line(user("a", name="Zażółć gęślą jaźń"), ids="a"))

    assert json.dumps(walk.outcome.tasks[0].details.name, ensure_ascii=False) == '"Zażółć gęślą jaźń"'
