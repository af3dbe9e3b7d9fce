"""A fixed cast of people, small diagrams and forms, and a program that calls the API in somebody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from engine.actions import sessions
from engine.actions.people import HASHER
from engine.model import PersonId
from engine.store import people
from engine.store.database import Database

KOORDYNATOR = "Koordynator usług pomocy społecznej"
KIEROWNIK = "Kierownik ops"
WOJT = "Wójt"
PUP = "Pracownik PUP"
SOCJALNY = "Pracownik socjalny"

PASSWORD = "haslo-do-prob-2026"
_HASH = HASHER.hash(PASSWORD)  # once: hashing is slow on purpose

CAST: Mapping[str, tuple[str, ...]] = {
    "anna": (KOORDYNATOR,),
    "olga": (KOORDYNATOR,),
    "krystyna": (KIEROWNIK,),
    "wojciech": (WOJT,),
    "pawel": (SOCJALNY,),
    "patrycja": (PUP,),
    "piotr": (PUP,),
    "administrator": ("Administrator",),
    "api": (),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person of the cast. `token` is for the API; everybody's password is `PASSWORD`."""

    id: PersonId
    login: str
    name: str
    token: str


def enter_all(database: Database) -> dict[str, Actor]:
    """Enter the whole cast."""
    with database.work() as work:
        found = {}
        for login, roles in CAST.items():
            name = f"{login.capitalize()} Zmyślona"
            id = people.add(
                work,
                login=login,
                name=name,
                email=f"{login}@ops.example",
                unit=None,
                roles=roles,
                password_hash=_HASH,
                unrestricted=login == "api",
            )
            found[login] = Actor(id=id, login=login, name=name, token=sessions.make_token(work, id, "próba", 1))
        return found


class Caller:
    """Calls the API with the token of one person of the cast."""

    def __init__(self, app: Flask, people: Mapping[str, Actor]) -> None:
        self._app = app
        self._people = people

    def __call__(self, method: str, path: str, *, by: str = "api", key: str = "", **said: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self._people[by].token}"} if by else {}
        headers |= {"Idempotency-Key": key} if key else {}
        headers |= said.pop("headers", {})
        target = path if path.startswith("/healthz") else f"/api/v1{path}"
        return self._app.test_client().open(target, method=method, headers=headers, **said)

    def get(self, path: str, **said: Any) -> TestResponse:
        return self("GET", path, **said)

    def post(self, path: str, **said: Any) -> TestResponse:
        return self("POST", path, **said)

    def publish(self, xml: str) -> None:
        """A diagram that must be accepted."""
        answer = self.post("/definitions", data=xml.encode())
        assert answer.status_code == 201, answer.text

    def start(self, key: str, **variables: Any) -> int:
        """An instance that must start; its id."""
        answer = self.post("/instances", json={"definition": key, "variables": variables})
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    def instance(self, id: int) -> dict[str, Any]:
        """What the API tells of an instance."""
        found: dict[str, Any] = self.get(f"/instances/{id}").json
        return found

    def task(self, instance: int) -> int:
        """The one open task of an instance."""
        (only,) = self.instance(instance)["tasks"]
        return int(only["id"])


def diagram(key: str, lanes: Mapping[str, str], body: str, roots: str = "") -> str:
    """A file with one process; `lanes` are roles with the ids of their steps."""
    drawn = "".join(
        f'<bpmn:lane id="lane_{number}" name="{role}">'
        + "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in ids.split())
        + "</bpmn:lane>"
        for number, (role, ids) in enumerate(lanes.items())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bieg="urn:bieg:bpmn:1"'
        f' id="pliki" targetNamespace="urn:bieg:proba">{roots}'
        f'<bpmn:process id="{key}" name="Proces {key}" isExecutable="true">'
        f'<bpmn:laneSet id="tory">{drawn}</bpmn:laneSet>{body}</bpmn:process></bpmn:definitions>'
    )


def flows(*ids: str) -> str:
    """Flows from each step to the next."""
    return "".join(f'<bpmn:sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))


START = '<bpmn:startEvent id="start" name="Wpływa wniosek"/>'
END = '<bpmn:endEvent id="koniec" name="Sprawa załatwiona"/>'

# A coordinator writes with a form, a step passes by itself, the kierownik signs.
NOTE = diagram(
    "notatka",
    {KOORDYNATOR: "napisz", KIEROWNIK: "podpisz"},
    START
    + '<bpmn:userTask id="napisz" name="Napisz notatkę"><bpmn:extensionElements>'
    + '<bieg:task form="notatka" term="14 dni"/></bpmn:extensionElements></bpmn:userTask>'
    + '<bpmn:task id="odnotuj" name="Odnotuj wpływ"/>'
    + '<bpmn:userTask id="podpisz" name="Podpisz notatkę"/>'
    + END
    + flows("start", "napisz", "odnotuj", "podpisz", "koniec"),
)
NOTE_FORM = """{
  "key": "notatka", "title": "Notatka", "source": "projekt własny",
  "sections": [{"title": "Treść", "fields": [
    {"id": "tresc", "type": "text", "label": "Treść", "required": true, "variable": "tresc"},
    {"id": "liczba", "type": "number", "label": "Liczba stron", "integer": true, "min": 1}
  ]}]
}"""

# One task of an outside institution.
OUTSIDE = diagram(
    "opinia",
    {PUP: "wydaj"},
    START + '<bpmn:userTask id="wydaj" name="Wydaj opinię"/>' + END + flows("start", "wydaj", "koniec"),
)

# One plain task of the coordinators.
PLAIN = diagram(
    "prosty",
    {KOORDYNATOR: "sprawdz"},
    START + '<bpmn:userTask id="sprawdz" name="Sprawdź wniosek"/>' + END + flows("start", "sprawdz", "koniec"),
)

# The task is taken away after an hour.
HURRIED = diagram(
    "pilny",
    {KOORDYNATOR: "odpowiedz zamknij"},
    START
    + '<bpmn:userTask id="odpowiedz" name="Odpowiedz na pismo"/>'
    + '<bpmn:boundaryEvent id="minela" name="Minęła godzina" attachedToRef="odpowiedz"><bpmn:timerEventDefinition>'
    + "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    + '<bpmn:userTask id="zamknij" name="Zamknij sprawę bez odpowiedzi"/>'
    + END
    + '<bpmn:endEvent id="bez" name="Zamknięta bez odpowiedzi"/>'
    + flows("start", "odpowiedz", "koniec")
    + flows("minela", "zamknij", "bez"),
)

# A letter is awaited; what it brings decides, and nothing is said for the case that it brings something else.
LETTER = diagram(
    "pismo",
    {KOORDYNATOR: "czytaj"},
    START
    + '<bpmn:intermediateCatchEvent id="czeka" name="Wpływa pismo"><bpmn:messageEventDefinition id="d" messageRef="m"/>'
    + "</bpmn:intermediateCatchEvent>"
    + '<bpmn:exclusiveGateway id="jakie" name="Jakie pismo?"/>'
    + '<bpmn:userTask id="czytaj" name="Przeczytaj pismo"/>'
    + END
    + flows("start", "czeka", "jakie")
    + '<bpmn:sequenceFlow id="tak" sourceRef="jakie" targetRef="czytaj"><bpmn:conditionExpression'
    + ' xsi:type="bpmn:tFormalExpression">rodzaj = "skarga"</bpmn:conditionExpression></bpmn:sequenceFlow>'
    + flows("czytaj", "koniec"),
    roots='<bpmn:message id="m" name="wpłynęło pismo"/>',
)

THRESHOLDS = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"
 id="progi" name="Progi zamówień" namespace="urn:progi">
<inputData id="we_kwota" name="kwota"><variable name="kwota" typeRef="number"/></inputData>
<decision id="tryb" name="Tryb zamówienia"><description>Od kwoty zależy, jak kupujemy.</description>
<variable name="Tryb zamówienia" typeRef="string"/>
<informationRequirement><requiredInput href="#we_kwota"/></informationRequirement>
<decisionTable hitPolicy="UNIQUE">
<input label="Kwota netto w złotych"><inputExpression typeRef="number"><text>kwota</text></inputExpression></input>
<output label="Tryb" name="tryb" typeRef="string"/><annotation name="Podstawa"/>
<rule id="r1"><inputEntry><text>&lt; 170000</text></inputEntry><outputEntry><text>"uproszczony"</text></outputEntry>
<annotationEntry><text>regulamin ośrodka</text></annotationEntry></rule>
<rule id="r2"><inputEntry><text>&gt;= 170000</text></inputEntry><outputEntry><text>"ustawowy"</text></outputEntry>
<annotationEntry><text>ustawa Prawo zamówień publicznych</text></annotationEntry></rule>
<rule id="r3"><inputEntry><text>&gt;= 1000000</text></inputEntry><outputEntry><text>"unijny"</text></outputEntry>
<annotationEntry/></rule>
</decisionTable></decision></definitions>""".encode()  # rules 2 and 3 contradict each other above a million

CHOICE = diagram(
    "zakup",
    {KOORDYNATOR: "kup"},
    '<bpmn:startEvent id="start"/><bpmn:businessRuleTask id="wybor" name="Wybór trybu"><bpmn:extensionElements>'
    '<bieg:decision ref="tryb" resultVariable="t"/></bpmn:extensionElements></bpmn:businessRuleTask>'
    '<bpmn:userTask id="kup" name="Kup"/><bpmn:endEvent id="koniec"/>' + flows("start", "wybor", "kup", "koniec"),
)
