"""What this build takes for the things a centre does all day, measured on a throw-away database."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine import clock, feel
from engine.actions import instances
from engine.bootstrap import Parts, assemble
from engine.bpmn import bundle, drawing, runner
from engine.demo import loading, stories
from engine.demo.walking import Walk
from engine.model import Json, Person
from engine.reading import instances as instance_looks
from engine.reading import tasks as task_looks
from engine.settings import Settings
from engine.shipped import PROCESSES
from engine.store.database import upgrade

RUNS = 30
ROUNDS = (10, 1000)
LOOP = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bieg="urn:bieg:bpmn:1"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bieg">
<bpmn:process id="petla" name="Pętla" isExecutable="true">
 <bpmn:laneSet id="tory"><bpmn:lane id="tor" name="Wójt"><bpmn:flowNodeRef>lewe</bpmn:flowNodeRef>
  <bpmn:flowNodeRef>prawe</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
 <bpmn:startEvent id="poczatek"/><bpmn:exclusiveGateway id="wroc"/>
 <bpmn:parallelGateway id="rozejscie"/><bpmn:userTask id="lewe"/><bpmn:userTask id="prawe"/>
 <bpmn:parallelGateway id="zejscie"/><bpmn:exclusiveGateway id="koniec_pytanie" default="dalej"/>
 <bpmn:endEvent id="koniec"/>
 <bpmn:sequenceFlow id="f1" sourceRef="poczatek" targetRef="wroc"/>
 <bpmn:sequenceFlow id="f2" sourceRef="wroc" targetRef="rozejscie"/>
 <bpmn:sequenceFlow id="f3" sourceRef="rozejscie" targetRef="lewe"/>
 <bpmn:sequenceFlow id="f4" sourceRef="rozejscie" targetRef="prawe"/>
 <bpmn:sequenceFlow id="f5" sourceRef="lewe" targetRef="zejscie"/>
 <bpmn:sequenceFlow id="f6" sourceRef="prawe" targetRef="zejscie"/>
 <bpmn:sequenceFlow id="f7" sourceRef="zejscie" targetRef="koniec_pytanie"/>
 <bpmn:sequenceFlow id="dalej" sourceRef="koniec_pytanie" targetRef="wroc"/>
 <bpmn:sequenceFlow id="f8" sourceRef="koniec_pytanie" targetRef="koniec">
  <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">stop = true</bpmn:conditionExpression>
 </bpmn:sequenceFlow>
</bpmn:process></bpmn:definitions>""".encode()


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured figure, the median of its runs."""

    name: str
    value: float
    unit: str


def run() -> list[Figure]:
    """Measure everything; takes some ten seconds."""
    with tempfile.TemporaryDirectory() as folder:
        parts = _installation(Path(folder))
        for _ in loading.load(parts):
            pass
        return [*_engine(), *_centre(parts)]


def _engine() -> list[Figure]:
    """The diagram alone, without a database."""
    xml = (PROCESSES / "wybor_udpp" / "wybor_udpp.bpmn").read_bytes()
    program = bundle.restore(bundle.compile(xml, {}))
    condition = 'forma = "UDPP" and list contains(upowaznienia, "KONKURS")'
    known = {"forma": "UDPP", "upowaznienia": ["FORMA", "KONKURS"]}
    variables: dict[str, Json] = {"forma": "UDPP", "sciezka": "III", "wariant": "SKONCENTROWANA"}
    facts: dict[str, Json] = {"upowaznienia": ["KONKURS"]}
    found = [
        _cpu("feel_condition", "µs", 1e6, lambda: feel.test(condition, known)),
        _cpu(
            "start_and_first_task",
            "ms CPU",
            1e3,
            lambda: runner.start(program, variables=variables, facts=facts, now=clock.now()),
        ),
        _cpu("draw_udpp_diagram", "ms CPU", 1e3, lambda: drawing.draw(xml, {}, taken=(), title="UDPP")),
    ]
    loop = bundle.restore(bundle.compile(LOOP, {}))
    return [*found, *(figure for rounds in ROUNDS for figure in _loop(loop, rounds))]


def _loop(program: bundle.Program, rounds: int) -> list[Figure]:
    """A deed and the size of the state after so many rounds of a loop over parallel work."""
    outcome = runner.start(program, variables={"stop": False}, facts={}, now=clock.now())
    taken: list[float] = []
    for _ in range(2 * rounds):
        begun = time.process_time()
        outcome = runner.complete(program, outcome.state, outcome.tasks[0].key, variables={}, facts={}, now=clock.now())
        taken.append(time.process_time() - begun)
    return [
        Figure(name=f"deed_after_{rounds}_rounds", value=statistics.median(taken[-20:]) * 1e3, unit="ms CPU"),
        Figure(name=f"state_after_{rounds}_rounds", value=len(outcome.state), unit="bytes"),
    ]


def _centre(parts: Parts) -> list[Figure]:
    """The whole way with the database, as the pages go it."""
    with parts.database.look() as work:
        person = _coordinator(parts)
        first = instance_looks.listing(work, person).items[-1].instance.id
    walk = _walk(parts, person)

    def list_tasks() -> object:
        with parts.database.look() as work:
            return task_looks.mine(work, person)

    def show_case() -> object:
        with parts.database.look() as work:
            return instance_looks.page(work, person, first)

    taken: list[float] = []
    for _ in range(20):
        begun = time.perf_counter()
        walk.complete(walk.stands()[1][0])
        taken.append(time.perf_counter() - begun)
    return [
        Figure(name="deed_with_form_and_database", value=statistics.median(taken) * 1e3, unit="ms"),
        _wall("task_list", list_tasks),
        _wall("case_page_data_and_diagrams", show_case),
    ]


def _walk(parts: Parts, person: Person) -> Walk:
    story = next(one for one in stories.told() if one.place == "zadanie_umowa")
    with parts.database.work() as work:
        made = instances.start(work, person, "organizacja_uslugi", title="Pomiar", variables=story.variables)
    return Walk(parts=parts, instance=made.id, now=clock.now(), answers=story.answers)


def _coordinator(parts: Parts) -> Person:
    with parts.database.look() as work:
        return loading.person(work, "koordynator")


def _installation(folder: Path) -> Parts:
    settings = Settings(data=folder)
    upgrade(settings.url)
    return assemble(settings)


def _cpu(name: str, unit: str, scale: float, do: Callable[[], object]) -> Figure:
    return _measured(name, unit, scale, do, time.process_time)


def _wall(name: str, do: Callable[[], object]) -> Figure:
    return _measured(name, "ms", 1e3, do, time.perf_counter)


def _measured(name: str, unit: str, scale: float, do: Callable[[], object], clock_of: Callable[[], float]) -> Figure:
    do()
    taken = []
    for _ in range(RUNS):
        begun = clock_of()
        do()
        taken.append(clock_of() - begun)
    return Figure(name=name, value=statistics.median(taken) * scale, unit=unit)
