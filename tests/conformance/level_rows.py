"""Rows: sub-processes, data, and what stands around the flow."""

from __future__ import annotations

from datetime import UTC, datetime

from building import HEAD, boundary, el, end, event, flows, par, process, script, start, timer
from rows import Case, person, read, refused, runs, single

from engine.bpmn import runner

SUBS, EVENTS, DATA, AROUND = "Sub-processes", "Event sub-processes", "Data", "Around the flow"
MESSAGE = '<bpmn:message id="m" name="pismo"/>'
SIGNAL = '<bpmn:signal id="s" name="alarm"/>'
ERROR = '<bpmn:error id="e" errorCode="BRAK"/>'
ESCALATION = '<bpmn:escalation id="k" escalationCode="PILNE"/>'
CONDITION = (
    "<bpmn:conditionalEventDefinition><bpmn:condition>zgoda = true</bpmn:condition></bpmn:conditionalEventDefinition>"
)


@runs(SUBS, "Embedded sub-process (`subProcess`)", "goes on when no token is left in it")
def a_sub_process_runs() -> None:
    inner = start("s") + par("g") + person("w") + person("z") + end("e") + end("e2")
    inner += flows("s", "g", "w", "e") + flows("g", "z", "e2")
    case = Case(single(el("subProcess", "pod", inner), el("task", "b")))

    assert not case.do("w").over
    assert case.do("z").over


@runs(SUBS, "Sub-process without start and end events", "its elements without an incoming flow begin")
def an_implicit_sub_process() -> None:
    case = Case(single(el("subProcess", "pod", el("task", "x"), el("task", "y"), flows("x", "y"))))

    assert case.entered == ["start", "pod", "x", "y", "koniec"]


@runs(SUBS, "Sub-processes within each other, and in loops", "")
def levels_in_levels() -> None:
    deep = start("s2") + person("w") + end("e2") + flows("s2", "w", "e2")
    inner = start("s1") + el("subProcess", "glebiej", deep) + end("e1") + flows("s1", "glebiej", "e1")
    case = Case(single(el("subProcess", "pod", inner)))

    assert case.do("w").over


ADHOC = el("task", "porada") + person("hostel")


def _adhoc(inner: str = ADHOC, until: str = "", **said: str) -> bytes:
    done = f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    return single(el("adHocSubProcess", "doraznie", inner, done, **said), el("task", "po"))


def _offered(case: Case) -> list[str]:
    return sorted(one.element for one in case.outcome.offers if not one.closing)


def _take_up(case: Case, element: str) -> Case:
    key = next(one.key for one in case.outcome.offers if one.element == element)
    case.outcome = runner.take_up(case.program, case.outcome.state, key, element, facts={}, now=case.now)
    case._note()
    return case


def _close(case: Case) -> Case:
    key = next(one.key for one in case.outcome.offers if one.closing)
    case.outcome = runner.close(case.program, case.outcome.state, key, facts={}, now=case.now)
    case._note()
    return case


@runs(SUBS, "Ad-hoc sub-process (`adHocSubProcess`)", "a person starts what it offers, as often as needed, and ends it")
def a_person_starts_what_is_offered() -> None:
    case = Case(_adhoc())
    assert (_offered(case), case.open) == (["hostel", "porada"], [])

    _take_up(_take_up(case, "porada"), "porada")
    _take_up(case, "hostel").do("hostel")
    assert not case.over
    _close(case)

    assert case.entered.count("porada") == 2
    assert case.over


@runs(SUBS, "Ad-hoc sub-process with `completionCondition`", "looked at whenever an activity in it ends")
def an_ad_hoc_sub_process_ends_by_itself() -> None:
    case = Case(_adhoc(ADHOC + script("licz", "n + 1", "n"), "n &gt;= 2"), n=0)

    _take_up(case, "licz")
    assert not case.over

    assert _take_up(case, "licz").over


@runs(SUBS, "Ad-hoc sub-process, `ordering=Sequential`", "one activity at a time")
def one_activity_at_a_time() -> None:
    case = _take_up(Case(_adhoc(ordering="Sequential")), "hostel")
    assert _offered(case) == []

    assert _offered(case.do("hostel")) == ["hostel", "porada"]


@runs(SUBS, "Ad-hoc sub-process with flows inside", "only what has no incoming flow is offered")
def flows_inside_an_ad_hoc_sub_process() -> None:
    case = Case(_adhoc(el("task", "porada") + el("task", "notatka") + flows("porada", "notatka")))
    assert _offered(case) == ["porada"]

    assert "notatka" in _take_up(case, "porada").entered


def _transaction(*, border: str) -> bytes:
    inner = start("s") + par("g") + person("w") + end("we") + end("z", event("cancel"))
    inner += flows("s", "g", "w", "we") + flows("g", "z")
    body = start() + el("transaction", "t", inner) + border + el("task", "obok") + end("e1") + el("task", "po") + end()
    return process(body + flows("start", "t", "po", "koniec") + flows("b", "obok", "e1"))


@runs(
    SUBS, "Transaction (`transaction`) with a cancel end and boundary event", "cancelling takes everything in it away"
)
def a_transaction_is_cancelled() -> None:
    case = Case(_transaction(border=el("boundaryEvent", "b", event("cancel"), attachedToRef="t")))

    assert "obok" in case.entered
    assert "po" not in case.entered
    assert "w" in case.cancelled()
    assert case.over


def _handled(definition: str, *, interrupts: bool, roots: str = "", more: str = "", end_event: str = "") -> bytes:
    handler = start("hs", definition, isInterrupting=str(interrupts).lower()) + el("task", "h") + end("he")
    handler += flows("hs", "h", "he")
    body = start() + par("g") + person("a") + end() + person("u") + more + (end_event or end("e2"))
    tied = (
        flows("start", "g", "a", "koniec") + flows("g", "u", "t" if more else "e2") + (flows("t", "e2") if more else "")
    )
    return process(body + tied + el("subProcess", "obsluga", handler, triggeredByEvent="true"), roots=roots)


def _left(case: Case) -> tuple[bool, list[str]]:
    return "h" in case.entered, case.open


@runs(EVENTS, "Message start", "interrupting: takes the place of everything in the level; else runs beside it")
def a_message_starts_a_handler() -> None:
    definition = event("message", messageRef="m")

    assert _left(Case(_handled(definition, interrupts=True, roots=MESSAGE)).hear("pismo")) == (True, [])
    beside = Case(_handled(definition, interrupts=False, roots=MESSAGE)).hear("pismo").hear("pismo")
    assert _left(beside) == (True, ["a", "u"])
    assert beside.entered.count("h") == 2


@runs(EVENTS, "Timer start: date, duration, cycle", "counted from the start of the level")
def a_timer_starts_a_handler() -> None:
    assert _left(Case(_handled(timer("Duration", "P1D"), interrupts=True)).wait(days=2)) == (True, [])
    cycle = Case(_handled(timer("Cycle", "R2/P1D"), interrupts=False)).wait(days=1).wait(days=1).wait(days=1)
    assert cycle.entered.count("h") == 2
    dated = Case(_handled(timer("Date", "2026-11-22"), interrupts=False))
    assert dated.timers["obsluga"] == datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC)


@runs(EVENTS, "Signal start", "")
def a_signal_starts_a_handler() -> None:
    thrower = el("intermediateThrowEvent", "t", event("signal", signalRef="s"))
    definition = event("signal", signalRef="s")

    assert _left(Case(_handled(definition, interrupts=True, roots=SIGNAL, more=thrower)).do("u")) == (True, [])
    assert _left(Case(_handled(definition, interrupts=False, roots=SIGNAL, more=thrower)).do("u")) == (True, ["a"])


@runs(EVENTS, "Conditional start", "when the condition becomes true")
def a_condition_starts_a_handler() -> None:
    assert _left(Case(_handled(CONDITION, interrupts=True), zgoda=False).do("u", zgoda=True)) == (True, [])
    assert _left(Case(_handled(CONDITION, interrupts=False), zgoda=False).do("u", zgoda=True)) == (True, ["a"])


@runs(EVENTS, "Error start", "always interrupting")
def an_error_starts_a_handler() -> None:
    failing = end("e2", event("error", errorRef="e"))
    xml = _handled(event("error", errorRef="e"), interrupts=True, roots=ERROR, end_event=failing)

    assert _left(Case(xml).do("u")) == (True, [])


@runs(EVENTS, "Escalation start", "interrupting or not")
def an_escalation_starts_a_handler() -> None:
    thrower = el("intermediateThrowEvent", "t", event("escalation", escalationRef="k"))
    definition = event("escalation", escalationRef="k")

    assert _left(Case(_handled(definition, interrupts=True, roots=ESCALATION, more=thrower)).do("u")) == (True, [])
    beside = Case(_handled(definition, interrupts=False, roots=ESCALATION, more=thrower)).do("u")
    assert _left(beside) == (True, ["a"])


@runs(DATA, "Variables of a case", "one set for the whole case; answers, scripts, messages and the start give them")
def variables_are_shared() -> None:
    inner = start("s") + script("w", "y + 1", "z") + end("e") + flows("s", "w", "e")
    case = Case(single(script("a", "x + 1", "y"), el("subProcess", "b", inner)), x=1)

    assert case.outcome.variables == {"x": 1, "y": 2, "z": 3}


@runs(DATA, "Data object (`dataObject`) of a sub-process", "lives as long as its level, hides an outer one of its name")
def a_data_object_lives_in_its_level() -> None:
    inner = el("dataObject", "stan") + start("s") + script("w", '"wewnatrz"', "stan") + script("v", "stan", "widac")
    inner += end("e") + flows("s", "w", "v", "e")
    case = Case(single(el("subProcess", "pod", inner)), stan="na zewnatrz")

    assert case.outcome.variables["stan"] == "na zewnatrz"
    assert case.outcome.variables["widac"] == "wewnatrz"


@runs(DATA, "Property of a process", "a variable of its own")
def a_property_is_a_variable() -> None:
    body = (
        el("property", "licznik", name="licznik") + start() + script("a", "7", "licznik") + script("b", "licznik", "x")
    )
    case = Case(process(body + end() + flows("start", "a", "b", "koniec")))

    assert case.outcome.variables["x"] == 7


@read(DATA, "Data store, text annotation, group, association", "drawn for people")
def drawings_for_people() -> None:
    more = el("dataStoreReference", "ds") + el("textAnnotation", "u", "<bpmn:text>uwaga</bpmn:text>")
    more += '<bpmn:association id="as" sourceRef="a" targetRef="u"/>'
    case = Case(process(start() + el("task", "a") + end() + flows("start", "a", "koniec") + more))

    assert case.entered == ["start", "a", "koniec"]


@runs(AROUND, "Lanes, also nested", "the innermost lane's name is the role of its tasks")
def lanes_give_roles() -> None:
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Ośrodek"><bpmn:flowNodeRef>a</bpmn:flowNodeRef>'
        '<bpmn:childLaneSet id="cs"><bpmn:lane id="l2" name="Wójt"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>'
        "</bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    case = Case(process(lanes + start() + el("userTask", "a") + end() + flows("start", "a", "koniec")))

    (task,) = case.outcome.tasks
    assert task.details.role == "Wójt"


def _pools(second: str = "") -> bytes:
    inner = start() + el("task", "a") + end() + flows("start", "a", "koniec")
    own = ' processRef="obcy"' if second else ""
    return (
        f'{HEAD}<bpmn:collaboration id="wsp"><bpmn:participant id="p1" name="Ośrodek" processRef="proces"/>'
        f'<bpmn:participant id="p2" name="Powiat"{own}/>'
        '<bpmn:messageFlow id="mf" sourceRef="a" targetRef="p2"/></bpmn:collaboration>'
        f'<bpmn:process id="proces" isExecutable="true">{inner}</bpmn:process>{second}</bpmn:definitions>'
    ).encode()


@runs(AROUND, "Pools: one executable, others as partners", "message flows are drawn for people")
def partners_are_drawn() -> None:
    assert Case(_pools()).over
    assert Case(_pools('<bpmn:process id="obcy" isExecutable="false"/>')).over


refused(
    AROUND,
    "Two executable pools in one file",
    _pools('<bpmn:process id="obcy" isExecutable="true"/>'),
    at="",
    says="więcej niż jeden proces",
    note="one file, one process: publish them apart, they reach each other by messages",
)
refused(
    AROUND,
    "File without an executable process",
    process(start() + end() + flows("start", "koniec")).replace(b'isExecutable="true"', b'isExecutable="false"'),
    at="",
    says="isExecutable",
    note="the page that loads a file offers to set it",
)
refused(
    SUBS,
    "Boundary event on something that is no activity",
    process(
        start() + el("exclusiveGateway", "g") + boundary("b", "g", timer("Duration", "P1D")) + end() + end("e1")
        + flows("start", "g", "koniec") + flows("b", "e1")
    ),
    at="b",
    says="",
    note="BPMN 2.0 allows it on activities only",
)  # fmt: skip


@runs(AROUND, "Qualified names", "a prefix that stands for the file's own namespace is understood")
def names_may_have_the_prefix_of_the_file() -> None:
    inner = start() + el("sendTask", "a", messageRef="t:m") + end() + flows("start", "a", "koniec")
    xml = process(inner, roots=MESSAGE).replace(b"xmlns:bieg=", b'xmlns:t="urn:bieg:test" xmlns:bieg=')

    assert [one.name for one in Case(xml).outcome.sent] == ["pismo"]


refused(
    AROUND,
    "Reusable event definition (`eventDefinitionRef`)",
    process(
        start() + el("intermediateCatchEvent", "a", "<bpmn:eventDefinitionRef>t</bpmn:eventDefinitionRef>") + end()
        + flows("start", "a", "koniec"),
        roots=timer("Duration", "P1D").replace("<bpmn:timerEventDefinition>", '<bpmn:timerEventDefinition id="t">'),
    ),
    at="a",
    says="Zapisz ją w samym zdarzeniu",
    note="write the definition into the event",
)  # fmt: skip
refused(
    AROUND,
    "Choreography",
    process(start() + end() + flows("start", "koniec"), roots='<bpmn:choreography id="c"/>'),
    at="c",
    says="Choreografia",
    note="it is about several organisations, none of which runs it",
)
