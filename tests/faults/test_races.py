"""Many hands on one task: one of them does it, the others are told so, and nothing is done twice."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import invariants
import pytest
from faults_cast import COORDINATORS, Office, answers
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from engine.model import InstanceId, TaskId
from engine.store import instances
from engine.store.database import Work
from engine.store.instances import Held
from web.app import create

TASKS = 20
TOO_LATE = re.compile(
    "wykonano już wcześniej|nie jest już otwart|Ktoś w tej chwili zmienił|zmieniła się w międzyczasie"
)
TOGETHER = 20  # seconds that the hands wait for each other


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one client was told."""

    status: int
    text: str


class Hand:
    """One client: four of the eight fill in the page's form, four call the API."""

    def __init__(self, office: Office, app: Flask, login: str, *, calls: bool) -> None:
        self._client: FlaskClient = app.test_client()
        self._token = office.token(login) if calls else ""
        if not calls:
            self._client.set_cookie("bieg", office.cookie(login))
            page = self._client.get("/pomoc").get_data(as_text=True)
            self._csrf = page.split('name="csrf_token" value="')[1].split('"')[0]

    def complete(self, task: TaskId, amount: int, key: str) -> Answer:
        if self._token:
            headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
            said = self._client.post(
                f"/api/v1/tasks/{task}/complete", json={"answers": answers(amount)}, headers=headers
            )
            return Answer(status=said.status_code, text=json.dumps(said.json, ensure_ascii=False))
        form = {**answers(amount), "csrf_token": self._csrf, "_key": key, "_zakoncz": "1"}
        said = self._client.post(f"/zadania/{task}/wykonaj", data=form)
        return Answer(status=said.status_code, text=said.get_data(as_text=True))


def hands(*offices: Office) -> list[Hand]:
    """Eight clients, spread over the processes."""
    apps = [create(one.parts) for one in offices]
    return [
        Hand(offices[0], apps[number % len(apps)], login, calls=number >= 4)
        for number, login in enumerate(COORDINATORS)
    ]


def at_once(deeds: list[Callable[[], Answer]]) -> list[Answer]:
    """Do them at the same time, each in a thread."""
    line, told = threading.Barrier(len(deeds)), {}

    def run(number: int, deed: Callable[[], Answer]) -> None:
        line.wait(TOGETHER)
        told[number] = deed()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(told) == len(deeds)
    return [told[number] for number in range(len(deeds))]


def race(clients: list[Hand], task: TaskId, *, key: str = "") -> list[Answer]:
    def deed(number: int, hand: Hand) -> Callable[[], Answer]:
        return lambda: hand.complete(task, number, key or f"klucz {task} {number}")

    return at_once([deed(*one) for one in enumerate(clients)])


def one_won(told: list[Answer]) -> None:
    """One did it; all others were told in Polish that somebody was first."""
    assert all(one.status < 500 for one in told), Counter(one.status for one in told)
    assert sum(1 for one in told if one.status in (200, 302, 303)) == 1, Counter(one.status for one in told)
    for one in told:
        if one.status not in (200, 302, 303):
            assert one.status == 409
            assert TOO_LATE.search(one.text), one.text[:300]


def test_of_eight_clients_one_completes_the_task(office: Office, colleague: Callable[[], Office]) -> None:
    clients = hands(office, colleague())
    started = office.start("dwa_kroki", TASKS)

    for case in started:
        (task,) = office.open_tasks(case.id)
        one_won(race(clients, task.id))

    assert invariants.broken(office.parts.database) == []
    assert all([one.element for one in office.open_tasks(case.id)] == ["drugi"] for case in started)


def test_two_tasks_of_one_case_are_completed_at_the_same_time(office: Office, colleague: Callable[[], Office]) -> None:
    clients = hands(office, colleague())

    for case in office.start("obok_siebie", TASKS):
        told = side_by_side(office, clients, case.id)

        both_won(told)
        with office.parts.database.look() as work:
            done = instances.get(work, case.id)
        assert done.state == "completed"
        assert {done.variables["lewa"], done.variables["prawa"]} == {1, 2}
    assert invariants.broken(office.parts.database) == []


def both_won(told: list[Answer]) -> None:
    """Two tasks that do not exclude each other were both done."""
    assert {one.status for one in told} <= {200, 302, 303}, Counter(one.status for one in told)


def side_by_side(office: Office, clients: list[Hand], case: InstanceId) -> list[Answer]:
    left, right = office.open_tasks(case)
    return at_once(
        [
            lambda: clients[0].complete(left.id, 1, f"klucz {left.id}"),
            lambda: clients[-1].complete(right.id, 2, f"klucz {right.id}"),
        ]
    )


def test_the_same_request_at_once_from_many_threads_is_done_once(office: Office) -> None:
    app = create(office.parts)
    same = [Hand(office, app, COORDINATORS[0], calls=number % 2 == 0) for number in range(4)]

    for case in office.start("kolejka", 5):
        (task,) = office.open_tasks(case.id)
        calls = [lambda hand=hand, task=task: hand.complete(task.id, 5, f"klucz {task.id}") for hand in same]
        told = at_once(calls)

        assert {one.status for one in told} <= {200, 302, 409}
        assert sum(1 for one in told if one.status != 409) >= 1
        with office.parts.database.look() as work:
            assert instances.get(work, case.id).revision == 2
    assert invariants.broken(office.parts.database) == []


def test_without_begin_immediate_the_race_is_lost(sqlite_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    database = sqlite_office.parts.database
    (task,) = sqlite_office.open_tasks(sqlite_office.start("dwa_kroki")[0].id)
    clients = hands(sqlite_office)[:2]
    _meet_after_reading(monkeypatch)
    monkeypatch.setattr(database, "_turn", None)

    with rewritten(database._writer, "BEGIN IMMEDIATE", "BEGIN"):
        told = race(clients, task.id)

    with pytest.raises(AssertionError):
        one_won(told)


@pytest.mark.postgres
def test_without_lock_and_revision_a_deed_beside_another_is_lost(
    postgres_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = postgres_office.start("obok_siebie")
    clients = hands(postgres_office)
    _meet_after_reading(monkeypatch)

    with rewritten(
        postgres_office.parts.database._writer, r"FOR UPDATE OF.*|AND instance\.revision = %\(read\)s::INTEGER", ""
    ):
        told = side_by_side(postgres_office, clients[:2], case.id)  # pages do not try again by themselves

    refused = [one for one in told if one.status not in (200, 302)]
    assert refused or invariants.broken(postgres_office.parts.database)


@contextmanager
def rewritten(engine: Engine, what: str, by: str) -> Iterator[None]:
    """A mutant: statements are sent as they would be in a carelessly built store."""

    def change(
        _connection: object, _cursor: object, statement: str, parameters: object, *_: object
    ) -> tuple[str, object]:
        return re.sub(what, by, statement), parameters

    event.listen(engine, "before_cursor_execute", change, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", change)


def _meet_after_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first two have both read before either writes; what holds readers back would break the barrier."""
    line, first = threading.Barrier(2), iter(range(2))

    def meeting(hold: Callable[[Work, int], Held]) -> Callable[[Work, int], Held]:
        def met(work: Work, of: int) -> Held:
            held = hold(work, of)
            if next(first, None) is not None:
                line.wait(TOGETHER)
            return held

        return met

    monkeypatch.setattr(instances, "hold", meeting(instances.hold))
    monkeypatch.setattr(instances, "hold_for", meeting(instances.hold_for))
