"""Rows: tasks and other activities."""

from __future__ import annotations

from building import NOON, call, el, end, event, flows, par, process, script, start
from rows import Case, person, refused, runs, single

from engine.bpmn import bundle, runner

GROUP = "Activities"


@runs(GROUP, "Task (`task`)", "passes at once and is kept as a step")
def a_plain_task_passes() -> None:
    case = Case(single(el("task", "a"), el("task", "b")))

    assert case.entered == ["start", "a", "b", "koniec"]
    assert case.over


@runs(GROUP, "User task (`userTask`)", "waits for a person of its role")
def a_user_task_waits() -> None:
    case = Case(single(person("a"), el("task", "b")))
    assert (case.open, case.over) == (["a"], False)

    case.do("a")

    assert case.entered == ["start", "a", "b", "koniec"]


@runs(GROUP, "Manual task (`manualTask`)", "waits until a person says that it is done")
def a_manual_task_waits() -> None:
    said = '<bpmn:extensionElements><bieg:task role="Kierownik ops"/></bpmn:extensionElements>'
    case = Case(single(el("manualTask", "a", said)))

    assert case.open == ["a"]
    assert case.do("a").over


@runs(GROUP, "Script task (`scriptTask`) with FEEL", "`bieg:script expression resultVariable`")
def a_script_computes() -> None:
    case = Case(single(script("a", "liczba * 2 + 1", "wynik")), liczba=20)

    assert case.outcome.variables["wynik"] == 41


refused(
    GROUP,
    "Script task in a programming language",
    single(el("scriptTask", "a", "<bpmn:script>x = 1</bpmn:script>", scriptFormat="python")),
    at="a",
    says="Skrypty w językach programowania",
    note="no code runs from a diagram; use FEEL",
)
refused(
    GROUP,
    "Service task (`serviceTask`)",
    single(el("serviceTask", "a")),
    at="a",
    says="Zadanie usługowe",
    note="a centre's steps are done by people; programs act through the API",
)


@runs(GROUP, "Send task (`sendTask`)", "sends its message and goes on")
def a_send_task_sends() -> None:
    case = Case(single(el("sendTask", "a", messageRef="m"), roots='<bpmn:message id="m" name="pismo"/>'))

    assert case.over
    assert [one.name for one in case.outcome.sent] == ["pismo"]


@runs(GROUP, "Receive task (`receiveTask`)", "waits for its message")
def a_receive_task_waits() -> None:
    case = Case(single(el("receiveTask", "a", messageRef="m"), roots='<bpmn:message id="m" name="pismo"/>'))
    assert not case.over

    assert case.hear("pismo", {"numer": "7"}).over
    assert case.outcome.variables["numer"] == "7"


@runs(GROUP, "Call activity (`callActivity`)", "the version is bound when the case starts; variables are shared")
def a_call_runs_another_process() -> None:
    inner = process(start("s") + script("w", "n + 1", "n") + end("e") + flows("s", "w", "e"), key="inny")
    case = Case(single(call("a", "inny"), el("task", "b")), {"inny": inner}, n=1)

    assert case.entered == ["start", "a", "s", "w", "e", "b", "koniec"]
    assert case.outcome.variables["n"] == 2


@runs(GROUP, "Call activity with `bieg:in` / `bieg:out`", "the called process sees and gives back only what is named")
def a_call_with_mappings_is_closed() -> None:
    inner = process(
        start("s")
        + script("w", "kwota * 2", "wynik")
        + script("x", "obce", "widac")
        + end("e")
        + flows("s", "w", "x", "e"),
        key="inny",
    )
    said = (
        '<bpmn:extensionElements><bieg:in source="stawka" target="kwota"/>'
        '<bieg:out source="wynik" target="razem"/><bieg:out source="widac" target="widac"/></bpmn:extensionElements>'
    )
    case = Case(single(call("a", "inny", said)), {"inny": inner}, stawka=5, obce="tajne")

    assert case.outcome.variables["razem"] == 10
    assert case.outcome.variables["widac"] is None
    assert "wynik" not in case.outcome.variables


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="progi" name="Progi" namespace="urn:x">
<decision id="tryb" name="tryb"><decisionTable hitPolicy="UNIQUE">
<input id="i"><inputExpression><text>kwota</text></inputExpression></input><output id="o" name="tryb"/>
<rule id="r1"><inputEntry><text>&lt; 170000</text></inputEntry>
<outputEntry><text>"uproszczony"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>&gt;= 170000</text></inputEntry>
<outputEntry><text>"pelny"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@runs(GROUP, "Business-rule task (`businessRuleTask`)", "a DMN decision, bound when the case starts; see below")
def a_rule_decides() -> None:
    said = '<bpmn:extensionElements><bieg:decision ref="tryb" resultVariable="wynik"/></bpmn:extensionElements>'
    xml = single(el("businessRuleTask", "a", said))
    program = bundle.restore(bundle.compile(xml, {}, {"tryb": TABLE.encode()}))

    for sum_, wanted in ((1000, "uproszczony"), (200_000, "pelny")):
        outcome = runner.start(program, variables={"kwota": sum_}, facts={}, now=NOON)
        assert outcome.variables["wynik"] == wanted


def _quantity(**said: str) -> str:
    split = par("g")
    tied = flows("start", "g", "a") + flows("g", "a") + flows("a", "b", "koniec")
    return start() + split + el("task", "a", **said) + el("task", "b") + end() + tied


@runs(GROUP, "`startQuantity`", "the activity begins when that many tokens have come")
def an_activity_waits_for_its_tokens() -> None:
    assert Case(process(_quantity())).entered.count("a") == 2
    assert Case(process(_quantity(startQuantity="2"))).entered.count("a") == 1


@runs(GROUP, "`completionQuantity`", "that many tokens leave")
def an_activity_sends_its_tokens() -> None:
    case = Case(single(el("task", "a", completionQuantity="3"), el("task", "b")))

    assert case.entered.count("b") == 3


LOOP = "Repeated activities"


def _standard(condition: str = "", **said: str) -> str:
    inner = f"<bpmn:loopCondition>{condition}</bpmn:loopCondition>" if condition else ""
    attributes = "".join(f' {name}="{value}"' for name, value in said.items())
    return f"<bpmn:standardLoopCharacteristics{attributes}>{inner}</bpmn:standardLoopCharacteristics>"


@runs(LOOP, "Standard loop, tested after (`testBefore=false`)", "goes on while its condition holds; at least once")
def a_loop_is_tested_after() -> None:
    case = Case(single(el("task", "a", _standard("loopCounter &lt; 3"))))

    assert case.entered.count("a") == 3
    assert Case(single(el("task", "a", _standard("false")))).entered.count("a") == 1


@runs(LOOP, "Standard loop, tested before (`testBefore=true`)", "perhaps not even once")
def a_loop_is_tested_before() -> None:
    case = Case(single(person("a", _standard("dalej", testBefore="true"))), dalej=False)

    assert case.over
    assert case.open == []


@runs(LOOP, "Standard loop with `loopMaximum`", "at most that often")
def a_loop_has_a_maximum() -> None:
    assert Case(single(el("task", "a", _standard("true", loopMaximum="4")))).entered.count("a") == 4
    assert Case(single(el("task", "a", _standard(loopMaximum="2")))).entered.count("a") == 2


refused(
    LOOP,
    "Standard loop without condition and maximum",
    single(el("task", "a", _standard())),
    at="a",
    says="Pętla",
    note="it would never end",
)


def _many(sequential: bool, *inner: str, **said: str) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in said.items())
    kind = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{kind} isSequential="{str(sequential).lower()}"{attributes}>{"".join(inner)}</bpmn:{kind}>'


def _times(text: str) -> str:
    return f"<bpmn:loopCardinality>{text}</bpmn:loopCardinality>"


LIST = (
    "<bpmn:loopDataInputRef>osoby</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>wyniki</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="i" name="osoba"/><bpmn:outputDataItem id="o" name="ocena"/>'
)


@runs(LOOP, "Multi-instance, sequential", "one round after another")
def rounds_follow_each_other() -> None:
    case = Case(single(person("a", _many(True, _times("3")))))

    for _ in range(3):
        assert case.open == ["a"]
        case.do("a")

    assert case.over


@runs(LOOP, "Multi-instance, parallel", "all rounds at once")
def rounds_run_side_by_side() -> None:
    case = Case(single(person("a", _many(False, _times("3")))))

    assert case.open == ["a", "a", "a"]
    assert case.do("a").do("a").do("a").over


@runs(LOOP, "Multi-instance over a list, with results", "results stand in the order of the list")
def results_keep_the_order_of_the_list() -> None:
    case = Case(single(person("a", _many(False, LIST))), osoby=["x", "y", "z"])
    keys = [task.key for task in case.outcome.tasks]

    for key, mark in reversed(list(zip(keys, (1, 2, 3), strict=True))):
        case.do_key(key, ocena=mark)

    assert case.outcome.variables["wyniki"] == [1, 2, 3]
    assert "osoba" not in case.outcome.variables


@runs(LOOP, "Multi-instance with `completionCondition`", "what is still open is taken away")
def enough_is_enough() -> None:
    until = "<bpmn:completionCondition>numberOfCompletedInstances &gt;= 2</bpmn:completionCondition>"
    case = Case(single(person("a", _many(False, _times("5"), until))))

    case.do("a").do("a")

    assert case.over
    assert case.cancelled().count("a") == 3


@runs(LOOP, "Multi-instance over an empty list", "passes at once, with no results")
def an_empty_list_passes() -> None:
    case = Case(single(person("a", _many(False, LIST))), osoby=[])

    assert case.over
    assert case.outcome.variables["wyniki"] == []


@runs(LOOP, "Multi-instance of a sub-process or called process", "each round has its own item")
def rounds_of_a_sub_process() -> None:
    inner = start("s") + script("w", "suma + osoba", "suma") + end("e") + flows("s", "w", "e")
    case = Case(single(el("subProcess", "a", _many(True, LIST), inner)), osoby=[1, 2, 3], suma=0)

    assert case.outcome.variables["suma"] == 6


for _behavior in ("None", "One", "Complex"):
    refused(
        LOOP,
        f"Multi-instance that throws events (`behavior={_behavior}`)",
        single(el("task", "a", _many(False, _times("2"), behavior=_behavior))),
        at="a",
        says="",
        note="no procedure of a centre needs it",
    )

refused(
    GROUP,
    "Activity for compensation (`isForCompensation`)",
    process(
        start()
        + el("task", "a")
        + el("task", "zly", isForCompensation="true")
        + el("boundaryEvent", "b", event("compensate"), attachedToRef="a")
        + end()
        + '<bpmn:association id="as" sourceRef="b" targetRef="zly"/>'
        + flows("start", "a", "koniec")
    ),
    at="zly",
    says="kompensu",
    note="what was done for a person is not undone by a program",
)
