"""A small office whose work is disturbed: its people, two forms, and diagrams of a few lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine import clock
from engine.actions import definitions, forms, instances, sessions
from engine.bootstrap import Parts, assemble
from engine.model import Instance, InstanceId, Json, Person, Task, TaskState
from engine.settings import Settings
from engine.store import people, tasks
from engine.store.database import Work

KOORDYNATOR = "Koordynator usług pomocy społecznej"
KIEROWNIK = "Kierownik ops"
ADMINISTRATOR = "Administrator"
COORDINATORS = tuple(f"koordynator{number}" for number in range(1, 9))

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bieg="urn:bieg:bpmn:1"'
    ' id="definicje" targetNamespace="urn:bieg:test">'
)
FORM = {
    "key": "wplata",
    "title": "Wpłata",
    "source": "projekt własny",
    "sections": [
        {
            "title": "Wpłata",
            "fields": [
                {
                    "id": "kwota",
                    "type": "number",
                    "integer": True,
                    "label": "Kwota",
                    "required": True,
                    "variable": "kwota",
                },
                {"id": "uwagi", "type": "long_text", "label": "Uwagi", "variable": "uwagi"},
            ],
        }
    ],
}


def diagram(key: str, body: str) -> bytes:
    """One process in which everything belongs to the coordinator."""
    names = [part.split('"')[0] for part in body.split(' id="')[1:]]
    nodes = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in names if not name.startswith("p_"))
    lanes = f'<bpmn:laneSet id="p_tory"><bpmn:lane id="p_tor" name="{KOORDYNATOR}">{nodes}</bpmn:lane></bpmn:laneSet>'
    return (
        f'{_HEAD}<bpmn:process id="{key}" name="Proces {key}" isExecutable="true">{lanes}{body}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def user(identity: str) -> str:
    return (
        f'<bpmn:userTask id="{identity}" name="Wpisz wpłatę"><bpmn:extensionElements><bieg:task form="wplata"/>'
        "</bpmn:extensionElements></bpmn:userTask>"
    )


def node(tag: str, identity: str, inner: str = "", attributes: str = "") -> str:
    return f'<bpmn:{tag} id="{identity}" name="{identity}" {attributes}>{inner}</bpmn:{tag}>'


def script(identity: str, variable: str, expression: str) -> str:
    said = f'<bieg:script expression="{expression}" resultVariable="{variable}"/>'
    return node("scriptTask", identity, f"<bpmn:extensionElements>{said}</bpmn:extensionElements>")


def timer(identity: str, span: str = "PT1H") -> str:
    inner = f"<bpmn:timerEventDefinition><bpmn:timeDuration>{span}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    return node("intermediateCatchEvent", identity, inner)


def flow(source: str, target: str, when: str = "") -> str:
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{when}</bpmn:conditionExpression>' if when else ""
    )
    ends = f'id="p_{source}_{target}" sourceRef="{source}" targetRef="{target}"'
    return f"<bpmn:sequenceFlow {ends}>{inner}</bpmn:sequenceFlow>"


START, END = node("startEvent", "start"), node("endEvent", "koniec")
DIAGRAMS = {
    # One task after the other: what a race is run over.
    "dwa_kroki": START
    + user("pierwszy")
    + user("drugi")
    + END
    + flow("start", "pierwszy")
    + flow("pierwszy", "drugi")
    + flow("drugi", "koniec"),
    # Two tasks at the same time in one instance, which share its state.
    "obok_siebie": START
    + node("parallelGateway", "rozejscie")
    + user("lewy")
    + user("prawy")
    + script("po_lewej", "lewa", "kwota")
    + script("po_prawej", "prawa", "kwota")
    + node("parallelGateway", "zejscie")
    + END
    + flow("start", "rozejscie")
    + flow("rozejscie", "lewy")
    + flow("rozejscie", "prawy")
    + flow("lewy", "po_lewej")
    + flow("prawy", "po_prawej")
    + flow("po_lewej", "zejscie")
    + flow("po_prawej", "zejscie")
    + flow("zejscie", "koniec"),
    # Work without an end, whose variables count and sum up what was answered.
    "kolejka": START
    + script("zero", "suma", "0")
    + script("zero_razy", "razy", "0")
    + node("exclusiveGateway", "wejscie")
    + user("wplata")
    + script("dodaj", "suma", "suma + kwota")
    + script("policz", "razy", "razy + 1")
    + node("exclusiveGateway", "czy_dalej", attributes='default="p_czy_dalej_wejscie"')
    + END
    + flow("start", "zero")
    + flow("zero", "zero_razy")
    + flow("zero_razy", "wejscie")
    + flow("wejscie", "wplata")
    + flow("wplata", "dodaj")
    + flow("dodaj", "policz")
    + flow("policz", "czy_dalej")
    + flow("czy_dalej", "wejscie")
    + flow("czy_dalej", "koniec", "razy &gt;= 100000"),
    "po_godzinie": START
    + timer("zegar")
    + user("potem")
    + END
    + flow("start", "zegar")
    + flow("zegar", "potem")
    + flow("potem", "koniec"),
    # Stops in the tick while no authorisation is in force: then no way is open.
    "staje_po_godzinie": START
    + timer("zegar")
    + node("exclusiveGateway", "bramka")
    + user("potem")
    + END
    + flow("start", "zegar")
    + flow("zegar", "bramka")
    + flow("bramka", "potem", "list contains(upowaznienia, &quot;FORMA&quot;)")
    + flow("bramka", "koniec", "list contains(upowaznienia, &quot;UMOWA&quot;)")
    + flow("potem", "koniec"),
    "staje_po_zadaniu": START
    + user("wczesniej")
    + node("exclusiveGateway", "bramka")
    + user("potem")
    + END
    + flow("start", "wczesniej")
    + flow("wczesniej", "bramka")
    + flow("bramka", "potem", "list contains(upowaznienia, &quot;FORMA&quot;)")
    + flow("bramka", "koniec", "list contains(upowaznienia, &quot;UMOWA&quot;)")
    + flow("potem", "koniec"),
}


@dataclass(frozen=True, kw_only=True)
class Office:
    """An installation on a fresh database, with its people and processes."""

    parts: Parts

    def person(self, login: str) -> Person:
        with self.parts.database.look() as work:
            found = people.by_login(work, login)
        assert found is not None
        return found

    def token(self, login: str) -> str:
        """A token for the API."""
        with self.parts.database.work() as work:
            return sessions.make_token(work, self.person(login).id, "próba", 1)

    def cookie(self, login: str) -> str:
        """The secret of a session in which somebody has signed in."""
        with self.parts.database.work() as work:
            return sessions.open_session(work, self.person(login).id, "{}")

    def start(self, key: str, count: int = 1, *, at: datetime | None = None) -> list[Instance]:
        """Cases set in motion by the kierownik, so that their tasks belong to nobody yet."""
        by = self.person("kierownik")
        with clock.standing(at or clock.now()), self.parts.database.work() as work:
            return [instances.start(work, by, key, title=f"Sprawa {number}") for number in range(count)]

    def open_tasks(self, instance: InstanceId) -> tuple[Task, ...]:
        with self.parts.database.look() as work:
            return tasks.of_instance(work, instance, state=TaskState.OPEN)


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Office]:
    """Parts on an upgraded database."""
    parts = assemble(Settings(data=folder, database_url=url))
    try:
        yield Office(parts=parts)
    finally:
        parts.database.close()


def settle(office: Office) -> None:
    """Bring people, form and processes into a fresh database."""
    with office.parts.database.work() as work:
        _person(work, "kierownik", KIEROWNIK)
        _person(work, "administrator", ADMINISTRATOR)
        for login in COORDINATORS:
            _person(work, login, KOORDYNATOR)
        forms.publish(work, None, "wplata", json.dumps(FORM))
        for key, body in DIAGRAMS.items():
            definitions.publish(work, None, diagram(key, body))


def _person(work: Work, login: str, role: str) -> None:
    people.add(
        work,
        login=login,
        name=login.capitalize(),
        email="",
        unit=None,
        roles=[role],
        password_hash="",
        unrestricted=False,
    )


def answers(amount: int) -> dict[str, Json]:
    return {"kwota": amount, "uwagi": f"Wpłata {amount}"}
