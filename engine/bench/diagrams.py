"""The diagrams that are measured: a chain of 30 steps and a monthly loop."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bieg">'
)
ROLE = "Wójt"
CHAIN_TASKS = 28  # with start and end 30 steps
LONG_TASKS = 298
LOOP_TASKS = ("ocena", "sprawozdanie")
MONTH_TASKS = 4


def chain(tasks: int = CHAIN_TASKS) -> bytes:
    """Start, so many user tasks one after the other, end."""
    names = ["poczatek", *(f"zadanie_{number}" for number in range(tasks)), "koniec"]
    steps = "".join(_user(name) for name in names[1:-1])
    return _process("lancuch", names[1:-1], _ends() + steps + _flows(pairwise(names)))


def loop(stop: str) -> bytes:
    """Two tasks of a month, then the next month, until the condition `stop` holds."""
    body = (
        _ends()
        + "".join(_user(name) for name in LOOP_TASKS)
        + '<bpmn:exclusiveGateway id="miesiac"/><bpmn:exclusiveGateway id="pytanie" default="dalej"/>'
        + _flows([("poczatek", "miesiac"), ("miesiac", "ocena"), LOOP_TASKS, ("sprawozdanie", "pytanie")])
        + '<bpmn:sequenceFlow id="dalej" sourceRef="pytanie" targetRef="miesiac"/>'
        + '<bpmn:sequenceFlow id="dosc" sourceRef="pytanie" targetRef="koniec"><bpmn:conditionExpression '
        + f'xsi:type="bpmn:tFormalExpression">{stop}</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    return _process("petla", LOOP_TASKS, body)


def many() -> bytes:
    """One task for every item of the list `osoby`, all at once."""
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>osoby</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="i" name="osoba"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    task = f'<bpmn:userTask id="ocena" name="ocena">{loop}</bpmn:userTask>'
    return _process("wiele", ["ocena"], _ends() + task + _flows(pairwise(["poczatek", "ocena", "koniec"])))


def waiting() -> bytes:
    """A case that waits for the moment `chwila`, then for a person."""
    timer = (
        "<bpmn:timerEventDefinition><bpmn:timeDate>=date and time(chwila)</bpmn:timeDate></bpmn:timerEventDefinition>"
    )
    wait = f'<bpmn:intermediateCatchEvent id="zegar" name="zegar">{timer}</bpmn:intermediateCatchEvent>'
    flows = _flows(pairwise(["poczatek", "zegar", "potem", "koniec"]))
    return _process("czekanie", ["potem"], _ends() + wait + _user("potem") + flows)


def blocks(count: int) -> bytes:
    """Parallel blocks of two tasks, one block after the other."""
    names: list[str] = []
    body, before = _ends(), "poczatek"
    for number in range(count):
        split, join, pair = f"r{number}", f"z{number}", (f"a{number}", f"b{number}")
        body += "".join(f'<bpmn:parallelGateway id="{one}"/>' for one in (split, join))
        body += "".join(_user(one) + _flows([(split, one), (one, join)]) for one in pair)
        body += _flows([(before, split)])
        names += pair
        before = join
    return _process("bloki", names, body + _flows([(before, "koniec")]))


def months() -> bytes:
    """Each month two tasks side by side, then a sub-process of two with a reminder; a message may come at any time."""
    inner = '<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>' + _user("c") + _user("d")
    inner += _flows(pairwise(["s", "c", "d", "e"]))
    handler = '<bpmn:startEvent id="hs" isInterrupting="false"><bpmn:messageEventDefinition messageRef="m"/>'
    handler += '</bpmn:startEvent><bpmn:endEvent id="he"/>' + _flows([("hs", "he")])
    body = (
        _ends()
        + '<bpmn:exclusiveGateway id="miesiac"/><bpmn:parallelGateway id="r"/><bpmn:parallelGateway id="z"/>'
        + _user("a")
        + _user("b")
        + f'<bpmn:subProcess id="pod">{inner}</bpmn:subProcess>'
        + '<bpmn:boundaryEvent id="ponaglenie" attachedToRef="pod" cancelActivity="false"><bpmn:timerEventDefinition>'
        + "<bpmn:timeCycle>R/P7D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        + '<bpmn:endEvent id="obok"/><bpmn:exclusiveGateway id="pytanie" default="dalej"/>'
        + f'<bpmn:subProcess id="obsluga" triggeredByEvent="true">{handler}</bpmn:subProcess>'
        + _flows([("poczatek", "miesiac"), ("miesiac", "r"), ("r", "a"), ("r", "b"), ("a", "z"), ("b", "z")])
        + _flows([("z", "pod"), ("pod", "pytanie"), ("ponaglenie", "obok")])
        + '<bpmn:sequenceFlow id="dalej" sourceRef="pytanie" targetRef="miesiac"/>'
        + '<bpmn:sequenceFlow id="dosc" sourceRef="pytanie" targetRef="koniec"><bpmn:conditionExpression '
        + 'xsi:type="bpmn:tFormalExpression">stop</bpmn:conditionExpression></bpmn:sequenceFlow>'
    )
    file = _process("miesiace", ["a", "b", "c", "d"], body)
    return file.replace(b"<bpmn:process", b'<bpmn:message id="m" name="pismo"/><bpmn:process', 1)


def _process(key: str, people: Iterable[str], body: str) -> bytes:
    inside = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in people)
    lane = f'<bpmn:laneSet id="tory"><bpmn:lane id="tor" name="{ROLE}">{inside}</bpmn:lane></bpmn:laneSet>'
    process = f'<bpmn:process id="{key}" name="{key}" isExecutable="true">{lane}{body}</bpmn:process>'
    return f"{HEAD}{process}</bpmn:definitions>".encode()


def _ends() -> str:
    return '<bpmn:startEvent id="poczatek"/><bpmn:endEvent id="koniec"/>'


def _user(name: str) -> str:
    return f'<bpmn:userTask id="{name}" name="{name}"/>'


def _flows(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(
        f'<bpmn:sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
        for source, target in pairs
    )
