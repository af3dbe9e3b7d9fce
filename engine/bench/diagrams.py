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
LOOP_TASKS = ("ocena", "sprawozdanie")


def chain() -> bytes:
    """Start, 28 user tasks one after the other, end."""
    names = ["poczatek", *(f"zadanie_{number}" for number in range(CHAIN_TASKS)), "koniec"]
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
        f'<bpmn:sequenceFlow id="f_{source}" sourceRef="{source}" targetRef="{target}"/>' for source, target in pairs
    )
