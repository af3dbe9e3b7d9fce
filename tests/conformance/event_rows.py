"""Rows: events."""

from __future__ import annotations

import pytest
from building import Walk, boundary, el, end, event, flows, par, process, script, start, timer, user, xor
from rows import Case, person, refused, runs, single

from engine.bpmn import bundle, runner
from engine.errors import NotFound

STARTS, CATCH, THROW, BORDER, ENDS = (
    "Start events",
    "Catching events",
    "Throwing events",
    "Boundary events",
    "End events",
)
MESSAGE = '<bpmn:message id="m" name="pismo"/>'
SIGNAL = '<bpmn:signal id="s" name="alarm"/>'
ERROR = '<bpmn:error id="e" errorCode="BRAK"/>'
ESCALATION = '<bpmn:escalation id="k" escalationCode="PILNE"/>'
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>zgoda = true</bpmn:condition></bpmn:conditionalEventDefinition>"
)


def _begun(xml: bytes, at: str = "", **variables: object) -> list[str]:
    """Steps of an instance that begins at a start event."""
    program = bundle.restore(bundle.compile(xml, {}))
    outcome = runner.start(program, variables=variables, facts={}, now=Walk(single()).now, at=at)
    return [move.element for move in outcome.moves]


@runs(STARTS, "None start event", "a person or a program starts the case")
def a_none_start() -> None:
    assert _begun(single(el("task", "a"))) == ["start", "a", "koniec"]


def _started_by(definition: str, roots: str = "") -> bytes:
    return process(start("p", definition) + el("task", "a") + end() + flows("p", "a", "koniec"), roots=roots)


@runs(STARTS, "Message start event", "a message that nobody waits for starts a case; so may a person")
def a_message_start() -> None:
    assert _begun(_started_by(event("message", messageRef="m"), MESSAGE), "p") == ["p", "a", "koniec"]


@runs(STARTS, "Signal start event", "every signal of this name starts a case")
def a_signal_start() -> None:
    assert _begun(_started_by(event("signal", signalRef="s"), SIGNAL), "p") == ["p", "a", "koniec"]


@runs(
    STARTS, "Timer start event: date, duration, cycle", "counted from publishing; what an outage missed starts one case"
)
def a_timer_start() -> None:
    for said in (timer("Date", "2026-12-01"), timer("Duration", "P1D"), timer("Cycle", "R/P1M")):
        assert _begun(_started_by(said), "p") == ["p", "a", "koniec"]


@runs(STARTS, "Several start events", "the case begins at the one that occurs")
def several_starts() -> None:
    body = start("p") + start("q", event("message", messageRef="m")) + el("task", "a") + el("task", "b") + end("e")
    xml = process(body + flows("p", "a", "e") + flows("q", "b", "e"), roots=MESSAGE)

    assert _begun(xml) == ["p", "a", "e"]
    assert _begun(xml, "q") == ["q", "b", "e"]


@runs(STARTS, "No start event", "every element without an incoming flow begins (BPMN 2.0, 10.4.2)")
def an_implicit_start() -> None:
    case = Case(process(el("task", "a") + el("task", "b") + el("task", "c") + flows("a", "c")))

    assert sorted(case.entered) == ["a", "b", "c"]
    assert case.over


refused(
    STARTS,
    "Conditional start event of a process",
    _started_by(CONDITION),
    at="p",
    says="",
    note="before there is a case there is no data to look at",
)
refused(
    STARTS,
    "Several none start events",
    process(start("p") + start("q") + end("e") + flows("p", "e") + flows("q", "e")),
    at="q",
    says="początkow",
    note="nobody could say where the case begins",
)


def _catching(definition: str, roots: str = "") -> bytes:
    return single(el("intermediateCatchEvent", "a", definition), el("task", "b"), roots=roots)


@runs(CATCH, "Message catch event", "payload becomes variables; correlation keys choose the case")
def a_message_is_caught() -> None:
    case = Case(_catching(event("message", messageRef="m"), MESSAGE))
    assert case.entered == ["start", "a"]

    assert case.hear("pismo").over


@runs(
    CATCH,
    "Correlation of messages",
    "`correlationKey` and retrieval expressions; values are fixed when the wait begins",
)
def a_message_finds_its_case() -> None:
    roots = MESSAGE + (
        '<bpmn:correlationProperty id="cp" name="numer"><bpmn:correlationPropertyRetrievalExpression messageRef="m">'
        "<bpmn:messagePath>numer</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
        '</bpmn:correlationProperty><bpmn:collaboration id="wsp"><bpmn:participant id="p1" processRef="proces"/>'
        '<bpmn:correlationKey id="ck"><bpmn:correlationPropertyRef>cp</bpmn:correlationPropertyRef>'
        "</bpmn:correlationKey></bpmn:collaboration>"
    )
    case = Case(single(el("intermediateCatchEvent", "a", event("message", messageRef="m")), roots=roots), numer="7")
    (wait,) = case.outcome.messages

    assert wait.correlation == {"numer": "7"}
    with pytest.raises(NotFound):
        case.hear("pismo", numer="8")
    assert case.hear("pismo", numer="7").over


@runs(CATCH, "Signal catch event", "every case that waits goes on")
def a_signal_is_caught() -> None:
    body = start() + par("g") + el("intermediateCatchEvent", "a", event("signal", signalRef="s")) + end("e1")
    body += person("u") + el("intermediateThrowEvent", "t", event("signal", signalRef="s")) + end("e2")
    case = Case(process(body + flows("start", "g", "a", "e1") + flows("g", "u", "t", "e2"), roots=SIGNAL))

    assert "e1" not in case.entered
    assert case.do("u").over


@runs(CATCH, "Timer catch event: date", "a day means its end, a time without a zone the clock of Warsaw")
def a_date_is_waited_for() -> None:
    case = Case(_catching(timer("Date", "2026-11-25")))

    assert case.timers["a"].isoformat() == "2026-11-25T22:59:59+00:00"
    assert case.wait(days=5).over


@runs(CATCH, "Timer catch event: duration", "months and days move on the calendar, not in hours")
def a_duration_is_waited_for() -> None:
    case = Case(_catching(timer("Duration", "P1M")))

    assert case.timers["a"].isoformat() == "2026-12-21T12:00:00+00:00"
    assert not case.wait(days=29).over
    assert case.wait(days=2).over


@runs(CATCH, "Timer computed in FEEL", '`=date("2026-12-01")`, `=termin`, …')
def a_computed_date_is_waited_for() -> None:
    case = Case(_catching(timer("Date", "=termin")), termin="2026-11-30")

    assert case.wait(days=10).over


@runs(CATCH, "Conditional catch event", "looked at after every deed; when it becomes true the case goes on")
def a_condition_is_waited_for() -> None:
    body = start() + par("g") + el("intermediateCatchEvent", "a", CONDITION) + end("e1") + person("u") + end("e2")
    case = Case(process(body + flows("start", "g", "a", "e1") + flows("g", "u", "e2")), zgoda=False)
    assert "e1" not in case.entered

    assert case.do("u", zgoda=True).over


@runs(CATCH, "Link events", "a jump to the catching link of the same name on the same level")
def a_link_jumps() -> None:
    link = '<bpmn:linkEventDefinition name="dalej"/>'
    body = start() + el("intermediateThrowEvent", "z", link) + el("intermediateCatchEvent", "c", link) + el("task", "a")
    case = Case(process(body + end() + flows("start", "z") + flows("c", "a", "koniec")))

    assert case.entered == ["start", "z", "c", "a", "koniec"]


@runs(THROW, "None throw event", "a milestone; kept as a step")
def a_milestone() -> None:
    assert Case(single(el("intermediateThrowEvent", "a"))).over


@runs(
    THROW,
    "Message throw event, message end event",
    "to one waiter in its own case, else another case, else a message start",
)
def a_message_is_thrown() -> None:
    middle = Case(single(el("intermediateThrowEvent", "a", event("message", messageRef="m")), roots=MESSAGE))
    last = Case(process(start() + end("e", event("message", messageRef="m")) + flows("start", "e"), roots=MESSAGE))

    assert [one.name for one in middle.outcome.sent] == ["pismo"]
    assert [one.name for one in last.outcome.sent] == ["pismo"]
    assert last.over


@runs(THROW, "Signal throw event, signal end event", "to all that wait, in all cases, and to signal starts")
def a_signal_is_thrown() -> None:
    last = Case(process(start() + end("e", event("signal", signalRef="s")) + flows("start", "e"), roots=SIGNAL))

    assert [(one.kind, one.name) for one in last.outcome.sent] == [("signal", "alarm")]
    assert last.over


def _level(inner: str, *border: str, more: str = "") -> str:
    return el("subProcess", "pod", inner) + "".join(border) + more


def _escalating(*, interrupts: bool) -> bytes:
    inner = start("s") + el("intermediateThrowEvent", "t", event("escalation", escalationRef="k")) + el("task", "w")
    inner += end("e") + flows("s", "t", "w", "e")
    guard = boundary("b", "pod", event("escalation", escalationRef="k"), interrupts=interrupts)
    body = start() + _level(inner, guard) + el("task", "obok") + end("e1") + end()
    return process(body + flows("start", "pod", "koniec") + flows("b", "obok", "e1"), roots=ESCALATION)


@runs(THROW, "Escalation throw, escalation end, with a boundary event", "non-interrupting: the thrower goes on")
def an_escalation_beside() -> None:
    case = Case(_escalating(interrupts=False))

    assert {"obok", "w", "koniec"} <= set(case.entered)
    assert case.over


@runs(BORDER, "Escalation boundary event, interrupting", "at once: the thrower does not go on")
def an_escalation_interrupts() -> None:
    case = Case(_escalating(interrupts=True))

    assert "obok" in case.entered
    assert "w" not in case.entered
    assert "koniec" not in case.entered
    assert case.over


def _guarded(definition: str, *, interrupts: bool = True, roots: str = "") -> bytes:
    body = start() + person("a") + boundary("b", "a", definition, interrupts=interrupts) + person("obok")
    return process(body + end("e1") + end() + flows("start", "a", "koniec") + flows("b", "obok", "e1"), roots=roots)


@runs(BORDER, "Timer boundary event, interrupting", "takes the activity away")
def a_timer_interrupts() -> None:
    case = Case(_guarded(timer("Duration", "P1D"))).wait(days=2)

    assert case.open == ["obok"]
    assert case.do("obok").over


@runs(BORDER, "Timer boundary event, non-interrupting; also a cycle", "a branch beside the activity, each time")
def a_timer_reminds() -> None:
    case = Case(_guarded(timer("Cycle", "R3/P1D"), interrupts=False))

    case.wait(days=1)
    case.wait(days=1)

    assert case.open == ["a", "obok", "obok"]


@runs(BORDER, "Timer boundary event with a cycle, interrupting", "its first round interrupts")
def a_cycle_interrupts() -> None:
    case = Case(_guarded(timer("Cycle", "R3/P1D"))).wait(days=1)

    assert case.open == ["obok"]
    assert case.timers == {}


@runs(BORDER, "Message boundary event, interrupting and not", "a non-interrupting one as often as a message comes")
def a_message_at_the_border() -> None:
    definition = event("message", messageRef="m")
    beside = Case(_guarded(definition, interrupts=False, roots=MESSAGE))

    assert Case(_guarded(definition, roots=MESSAGE)).hear("pismo").open == ["obok"]
    assert beside.hear("pismo").hear("pismo").open == ["a", "obok", "obok"]


@runs(BORDER, "Signal boundary event, interrupting and not", "")
def a_signal_at_the_border() -> None:
    for interrupts, left in ((True, ["obok"]), (False, ["a", "obok"])):
        guard = boundary("b", "a", event("signal", signalRef="s"), interrupts=interrupts)
        thrower = person("u") + el("intermediateThrowEvent", "t", event("signal", signalRef="s")) + end("e2")
        body = start() + par("g") + person("a") + guard + person("obok") + end("e1") + end() + thrower
        tied = flows("start", "g", "a", "koniec") + flows("g", "u", "t", "e2") + flows("b", "obok", "e1")
        case = Case(process(body + tied, roots=SIGNAL))

        assert case.do("u").open == left


@runs(BORDER, "Conditional boundary event, interrupting and not", "")
def a_condition_at_the_border() -> None:
    for interrupts, left in ((True, ["obok"]), (False, ["a", "obok"])):
        guard = boundary("b", "a", CONDITION, interrupts=interrupts)
        body = start() + par("g") + person("a") + guard + person("obok") + end("e1") + end() + person("u") + end("e2")
        tied = flows("start", "g", "a", "koniec") + flows("g", "u", "e2") + flows("b", "obok", "e1")
        case = Case(process(body + tied), zgoda=False)

        assert case.do("u", zgoda=True).open == left


def _failing(code: str, caught: str, *, roots: str = ERROR) -> bytes:
    inner = start("s") + par("g") + person("w") + end("we") + end("z", event("error", errorRef=code))
    inner += flows("s", "g", "w", "we") + flows("g", "z")
    guard = boundary("b", "pod", event("error", **({"errorRef": caught} if caught else {})))
    body = start() + _level(inner, guard) + el("task", "obok") + end("e1") + end()
    return process(body + flows("start", "pod", "koniec") + flows("b", "obok", "e1"), roots=roots)


@runs(BORDER, "Error boundary event", "the error with its code, or any when it names none; the level is taken away")
def an_error_is_caught() -> None:
    for caught in ("e", ""):
        case = Case(_failing("e", caught))

        assert "obok" in case.entered
        assert "w" in case.cancelled()
        assert case.over


@runs(BORDER, "Error with another code", "is not caught; it goes to the level above")
def another_error_is_not_caught() -> None:
    two = ERROR + '<bpmn:error id="e2" errorCode="INNY"/>'
    inner = start("s") + end("z", event("error", errorRef="e")) + flows("s", "z")
    middle = start("s1") + el("subProcess", "pod", inner) + boundary("b1", "pod", event("error", errorRef="e2"))
    middle += el("task", "zle") + end("e3") + end("e4") + flows("s1", "pod", "e3") + flows("b1", "zle", "e4")
    outer = el("subProcess", "nad", middle) + boundary("b2", "nad", event("error", errorRef="e")) + el("task", "dobrze")
    body = start() + outer + end("e5") + end() + flows("start", "nad", "koniec") + flows("b2", "dobrze", "e5")
    case = Case(process(body, roots=two))

    assert "dobrze" in case.entered
    assert "zle" not in case.entered


@runs(BORDER, "Error out of a called process", "caught at the call activity")
def an_error_crosses_a_call() -> None:
    inner = process(start("s") + end("z", event("error", errorRef="e")) + flows("s", "z"), key="inny", roots=ERROR)
    body = start() + el("callActivity", "a", calledElement="inny") + boundary("b", "a", event("error", errorRef="e"))
    body += el("task", "obok") + end("e1") + end() + flows("start", "a", "koniec") + flows("b", "obok", "e1")
    case = Case(process(body, roots=ERROR), {"inny": inner})

    assert "obok" in case.entered


@runs(ENDS, "None end event", "the level is done when no token is left")
def a_none_end() -> None:
    body = start() + par("g") + end("e1") + person("a") + end("e2") + flows("start", "g", "e1") + flows("g", "a", "e2")
    case = Case(process(body))

    assert not case.over
    assert case.do("a").over


@runs(ENDS, "No end event", "a branch is done after its last element")
def an_implicit_end() -> None:
    assert Case(process(start() + el("task", "a") + flows("start", "a"))).over


@runs(ENDS, "Terminate end event", "ends its own level at once, with everything in it")
def a_terminate_end() -> None:
    inner = (
        start("s") + par("g") + user("w", '<bpmn:extensionElements><bieg:task role="Wójt"/></bpmn:extensionElements>')
    )
    inner += end("we") + end("t", event("terminate")) + flows("s", "g", "w", "we") + flows("g", "t")
    case = Case(single(el("subProcess", "pod", inner), el("task", "b")))

    assert case.cancelled() == ["w"]
    assert "b" in case.entered
    assert case.over


@runs(ENDS, "Escalation end event", "the level ends, the escalation goes up")
def an_escalation_end() -> None:
    inner = start("s") + end("z", event("escalation", escalationRef="k")) + flows("s", "z")
    guard = boundary("b", "pod", event("escalation", escalationRef="k"), interrupts=False)
    body = start() + el("subProcess", "pod", inner) + guard + el("task", "obok") + end("e1") + el("task", "po") + end()
    case = Case(process(body + flows("start", "pod", "po", "koniec") + flows("b", "obok", "e1"), roots=ESCALATION))

    assert {"obok", "po"} <= set(case.entered)


for _kind, _where in (("compensate", "intermediateThrowEvent"), ("compensate", "endEvent")):
    refused(
        THROW if _where == "intermediateThrowEvent" else ENDS,
        f"Compensation ({_where})",
        process(
            start() + el("task", "x") + el(_where, "a", event(_kind)) + flows("start", "x", "a")
            + (end() + flows("a", "koniec") if _where == "intermediateThrowEvent" else "")
        ),
        at="a",
        says="ompensac",
        note="what was done for a person is not undone by a program",
    )  # fmt: skip

for _where, _tied in (
    ("intermediateCatchEvent", end() + flows("start", "a", "koniec")),
    ("endEvent", flows("start", "a")),
):
    refused(
        CATCH if _where == "intermediateCatchEvent" else ENDS,
        f"Several definitions in one event ({_where})",
        process(
            start() + el(_where, "a", event("message", messageRef="m") + event("signal", signalRef="s")) + _tied,
            roots=MESSAGE + SIGNAL,
        ),
        at="a",
        says="",
        note="draw one event for each",
    )
refused(
    ENDS,
    "Cancel end event outside a transaction",
    process(start() + end("a", event("cancel")) + flows("start", "a")),
    at="a",
    says="",
    note="BPMN 2.0 allows it in a transaction only",
)


@runs(CATCH, "Boundary and catching events in loops", "wait anew in every round")
def events_in_a_loop() -> None:
    body = start() + xor("m") + person("a") + boundary("b", "a", timer("Duration", "P1D"), interrupts=False)
    body += script("licz", "n + 1", "n") + xor("g", default="d") + end() + end("e1")
    tied = flows("start", "m", "a", "licz", "g") + flows("g", "m", when="n < 3") + flows("g", "koniec", named="d")
    case = Case(process(body + tied + flows("b", "e1")), n=0)

    for _ in range(3):
        case.wait(days=2)
        case.do("a")

    assert case.entered.count("b") == 3
    assert case.over
