"""A centre with two cases, one of which is none of the business of the people of other institutions."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from web_cast import END, KIEROWNIK, KOORDYNATOR, PASSWORD, SOCJALNY, START, WOJT, diagram, flows
from werkzeug.test import TestResponse

from engine import circumstances
from engine.actions import attachments, definitions, forms, instances, keeping, sessions, tasks
from engine.actions.people import HASHER
from engine.bootstrap import Parts, assemble
from engine.bpmn.bundle import Programs
from engine.model import Person, TaskState
from engine.settings import Settings
from engine.store import people as people_rows
from engine.store import tasks as task_rows
from engine.store.database import Work, upgrade
from web.app import create
from web.limits import limiter

NGO = "Organizacja pozarządowa"
PUP_HEAD = "Kierownik PUP"
ADMINISTRATOR = "Administrator"
CAST = {
    "koordynator": KOORDYNATOR,
    "kierownik": KIEROWNIK,
    "wojt": WOJT,
    "socjalny": SOCJALNY,
    "administrator": ADMINISTRATOR,
    "pup": PUP_HEAD,
    "ngo": NGO,
}
OUTSIDE = ("pup", "ngo")
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
LETTER = {
    "key": "list",
    "title": "List",
    "source": "projekt własny",
    "sections": [
        {
            "title": "List",
            "fields": [
                {"id": "tresc", "type": "text", "label": "Treść", "required": True},
                {"id": "skan", "type": "file", "label": "Skan", "accept": ["pdf"], "multiple": True},
            ],
        }
    ],
}


def _task(identity: str, name: str) -> str:
    form = '<bpmn:extensionElements><bieg:task form="list"/></bpmn:extensionElements>'
    return f'<bpmn:userTask id="{identity}" name="{name}">{form}</bpmn:userTask>'


INSIDE = diagram(
    "wewnetrzna",
    {KOORDYNATOR: "napisz popraw", KIEROWNIK: "podpisz"},
    START
    + _task("napisz", "Napisz list")
    + _task("popraw", "Popraw list")
    + '<bpmn:userTask id="podpisz" name="Podpisz list"/>'
    + END
    + flows("start", "napisz", "popraw", "podpisz", "koniec"),
)
WITH_NGO = diagram(
    "partnerska",
    {NGO: "zloz", KOORDYNATOR: "ocen"},
    START
    + _task("zloz", "Złóż ofertę")
    + _task("ocen", "Oceń ofertę")
    + END
    + flows("start", "zloz", "ocen", "koniec"),
)


@dataclass(frozen=True, kw_only=True)
class Centre:
    """The application, and ids of what is in it.

    Attributes:
        foreign: a case in which no other institution takes part; its task `done` has the attachment, `open` waits.
        shared: a case in which the NGO has a task.
    """

    app: Flask
    parts: Parts
    people: dict[str, int]
    foreign: int
    done: int
    open: int
    attachment: int
    shared: int
    shared_task: int

    def browser(self, login: str = "") -> FlaskClient:
        """A browser in which somebody has signed in, "" for nobody."""
        client = self.app.test_client()
        if login:
            with self.parts.database.work() as work:
                client.set_cookie("bieg", sessions.open_session(work, self._person(work, login).id, "{}"))
        return client

    def token(self, login: str) -> str:
        with self.parts.database.work() as work:
            return sessions.make_token(work, self._person(work, login).id, "próba", 1)

    def _person(self, work: Work, login: str) -> Person:
        found = people_rows.by_login(work, login)
        assert found is not None
        return found


def csrf(client: FlaskClient, path: str = "/pomoc") -> str:
    """The token that the forms of a browser's session carry."""
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token" value="')[1].split('"')[0]


def sign_in(client: FlaskClient, login: str, password: str = PASSWORD, dalej: str = "") -> TestResponse:
    """Through the form, as a person does it."""
    query = {"dalej": dalej} if dalej else {}
    form = {"login": login, "haslo": password, "csrf_token": csrf(client, "/logowanie")}
    return client.post("/logowanie", data=form, query_string=query)


def build(folder: Path) -> dict[str, int]:
    """Make the centre once; tests get copies of the folder. Gives the ids."""
    settings = Settings(data=folder)
    folder.mkdir(parents=True, exist_ok=True)
    upgrade(settings.url)
    parts = assemble(settings)
    forget_other_databases()
    with parts.database.work() as work:
        ids = {f"person {login}": int(_enter(work, login, role)) for login, role in CAST.items()}
        forms.publish(work, None, "list", json.dumps(LETTER))
        for xml in (INSIDE, WITH_NGO):
            definitions.publish(work, None, xml.encode())
        head, writer = _known(work, "kierownik"), _known(work, "koordynator")
        foreign = instances.start(work, head, "wewnetrzna", title="Obca sprawa")
        shared = instances.start(work, head, "partnerska", title="Wspólna sprawa")
        (written,) = task_rows.of_instance(work, foreign.id)
        kept = attachments.attach(
            work, parts.files, writer, written.id, field="skan", name="tajny.pdf", data=PDF, limit=10**6
        )
        tasks.complete(work, writer, written.id, {"tresc": "Tajna treść", "skan": [int(kept)]})
        (waiting,) = task_rows.of_instance(work, foreign.id, state=TaskState.OPEN)
        task_rows.assign(work, waiting.id, None)
        (offer,) = task_rows.of_instance(work, shared.id)
    parts.database.close()
    return {
        **ids,
        "foreign": int(foreign.id),
        "done": int(written.id),
        "open": int(waiting.id),
        "attachment": int(kept),
        "shared": int(shared.id),
        "shared_task": int(offer.id),
    }


@contextmanager
def opened(template: Path, ids: dict[str, int], folder: Path) -> Iterator[Centre]:
    """A fresh copy of the centre."""
    shutil.copytree(template, folder)
    forget_other_databases()
    parts = assemble(Settings(data=folder))
    app = create(parts)
    limiter.reset()
    known = {name.removeprefix("person "): id for name, id in ids.items() if name.startswith("person ")}
    rest = {name: id for name, id in ids.items() if not name.startswith("person ")}
    try:
        yield Centre(app=app, parts=parts, people=known, **rest)
    finally:
        parts.database.close()


def forget_other_databases() -> None:
    """Programs and forms are kept in memory by their id, which another database gives to another one."""
    circumstances._FORMS.clear()
    keeping.PROGRAMS = Programs()


def upload(name: str, data: bytes) -> tuple[io.BytesIO, str]:
    """A file as the test client sends it."""
    return io.BytesIO(data), name


def _enter(work: Work, login: str, role: str) -> int:
    return people_rows.add(
        work,
        login=login,
        name=login.capitalize(),
        email="",
        unit=None,
        roles=[role],
        password_hash=_HASH,
        unrestricted=False,
    )


def _known(work: Work, login: str) -> Person:
    found = people_rows.by_login(work, login)
    assert found is not None
    return found


_HASH = HASHER.hash(PASSWORD)  # once: hashing is slow on purpose
