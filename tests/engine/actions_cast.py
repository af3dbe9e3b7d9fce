"""A small centre for the deeds: its people and units, a form, and diagrams of one or two steps."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from engine.actions import definitions, forms, instances
from engine.actions import people as people_deeds
from engine.actions import tasks as task_deeds
from engine.model import Instance, InstanceId, Json, Person, Task, TaskId, TaskState, UnitId
from engine.store import people, tasks
from engine.store.database import Database, Work

KOORDYNATOR = "Koordynator usług pomocy społecznej"
KIEROWNIK = "Kierownik ops"
WOJT = "Wójt"
NGO = "Organizacja pozarządowa"
SOCJALNY = "Pracownik socjalny"
CAST: Mapping[str, tuple[str, str]] = {  # login: role, unit
    "anna": (KOORDYNATOR, "Organizacja"),
    "olga": (KOORDYNATOR, "Organizacja"),
    "zofia": (KOORDYNATOR, "Poradnictwo"),
    "krystyna": (KIEROWNIK, "Organizacja"),
    "wojciech": (WOJT, ""),
    "pawel": (SOCJALNY, ""),
    "natalia": (NGO, ""),
    "nikodem": (NGO, ""),
    "adam": ("Administrator", ""),
}
FORM = {
    "key": "notatka",
    "title": "Notatka",
    "source": "projekt własny",
    "sections": [
        {
            "title": "Notatka",
            "fields": [
                {"id": "tresc", "type": "text", "label": "Treść", "required": True, "variable": "tresc"},
                {"id": "droga", "type": "text", "label": "Droga", "variable": "droga"},
                {"id": "pismo", "type": "file", "label": "Pismo", "accept": ["pdf"]},
            ],
        }
    ],
}


@dataclass(frozen=True, kw_only=True)
class Centre:
    """A centre on a fresh database; `person` and `done` are named after logins of the cast."""

    database: Database
    units: Mapping[str, UnitId]

    @contextmanager
    def work(self) -> Iterator[Work]:
        with self.database.work() as opened:
            yield opened

    def person(self, login: str) -> Person:
        with self.database.look() as work:
            found = people.by_login(work, login)
        assert found is not None
        return found

    def publish(self, key: str, body: str, lanes: Mapping[str, str] | None = None, roots: str = "") -> None:
        """A diagram that must be accepted."""
        with self.work() as work:
            definitions.publish(work, None, diagram(key, body, lanes, roots))

    def start(self, key: str, by: str = "krystyna", **variables: Json) -> Instance:
        """A case set in motion, usually by somebody who does none of its tasks."""
        with self.work() as work:
            return instances.start(work, self.person(by), key, variables=variables)

    def task(self, instance: InstanceId) -> Task:
        """The one open task of a case."""
        (found,) = self.open(instance)
        return found

    def open(self, instance: InstanceId) -> tuple[Task, ...]:
        with self.database.look() as work:
            return tasks.of_instance(work, instance, state=TaskState.OPEN)

    def claim(self, task: TaskId, by: str) -> Task:
        with self.work() as work:
            return task_deeds.claim(work, self.person(by), task)

    def complete(self, task: TaskId, by: str, **said: object) -> task_deeds.Completed:
        with self.work() as work:
            return task_deeds.complete(work, self.person(by), task, {"tresc": "Jest", **said})

    def authorise(self, scope: str, *, since: date = date(2020, 1, 1), until: date | None = None) -> None:
        with self.work() as work:
            people_deeds.authorise(work, None, scope=scope, number=f"{scope}.1.2026", valid_from=since, valid_to=until)


def opened(database: Database) -> Centre:
    """The centre with its people, units, form and the diagram `dwa`."""
    with database.work() as work:
        units = {
            "Organizacja": people_deeds.add_unit(work, None, name="Organizacja", performs=False),
            "Poradnictwo": people_deeds.add_unit(work, None, name="Poradnictwo", performs=True),
        }
        for login, (role, unit) in CAST.items():
            people.add(
                work,
                login=login,
                name=login.capitalize(),
                email="",
                unit=units.get(unit),
                roles=[role],
                password_hash="",
                unrestricted=False,
            )
        forms.publish(work, None, "notatka", json.dumps(FORM))
    found = Centre(database=database, units=units)
    found.publish("dwa", START + user("pierwszy") + user("drugi") + END + ways("start pierwszy drugi koniec"))
    return found


def diagram(key: str, body: str, lanes: Mapping[str, str] | None = None, roots: str = "") -> bytes:
    """One process; `lanes` are roles with the ids of their steps, without them all is the coordinator's."""
    lanes = lanes or {KOORDYNATOR: " ".join(part.split('"')[0] for part in body.split('Task id="')[1:])}
    drawn = "".join(
        f'<bpmn:lane id="tor_{number}" name="{role}">'
        + "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in ids.split())
        + "</bpmn:lane>"
        for number, (role, ids) in enumerate(lanes.items())
    )
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bieg="urn:bieg:bpmn:1"'
        f' targetNamespace="urn:bieg:test">{roots}<bpmn:process id="{key}" name="Proces {key}" isExecutable="true">'
        f'<bpmn:laneSet id="tory">{drawn}</bpmn:laneSet>{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def user(identity: str, said: str = 'form="notatka"') -> str:
    return (
        f'<bpmn:userTask id="{identity}" name="Krok {identity}"><bpmn:extensionElements><bieg:task {said}/>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def ways(steps: str) -> str:
    """Flows from each step to the next."""
    names = steps.split()
    return "".join(way(source, target) for source, target in itertools.pairwise(names))


def way(source: str, target: str, when: str = "") -> str:
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{when}</bpmn:conditionExpression>' if when else ""
    )
    ends = f'id="z_{source}_do_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inner}</bpmn:sequenceFlow>"


START = '<bpmn:startEvent id="start"/>'
END = '<bpmn:endEvent id="koniec"/>'
