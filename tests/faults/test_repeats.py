"""A request that comes again with its key gets its answer again and changes nothing at all."""

from __future__ import annotations

from collections.abc import Callable

import invariants
import pytest
from faults_cast import COORDINATORS, Office
from flask.testing import FlaskClient
from sqlalchemy import MetaData, text
from test_races import Hand
from werkzeug.test import TestResponse

from engine.store.tables import metadata
from web.app import create


def everything(office: Office) -> dict[str, list[str]]:
    """Every row of every table, but for when a session was last seen."""
    tables: MetaData = metadata
    with office.parts.database.look() as work:
        return {
            name: sorted(repr(tuple(row)) for row in work.connection.execute(text(f"SELECT * FROM {name}")))
            for name in tables.tables
            if name != "session"
        }


@pytest.mark.parametrize("calls", [False, True], ids=["page", "api"])
def test_a_task_completed_again_with_the_same_key(office: Office, calls: bool) -> None:
    hand = Hand(office, create(office.parts), COORDINATORS[0], calls=calls)
    (task,) = office.open_tasks(office.start("kolejka")[0].id)
    first = hand.complete(task.id, 5, "ten sam klucz")
    before = everything(office)

    again = [hand.complete(task.id, 5, "ten sam klucz") for _ in range(3)]

    assert {one.status for one in again} == {first.status}
    if calls:
        assert {one.text for one in again} == {first.text}
    assert everything(office) == before
    assert invariants.broken(office.parts.database) == []


def test_a_key_that_comes_again_with_other_answers_is_refused(office: Office) -> None:
    hand = Hand(office, create(office.parts), COORDINATORS[0], calls=True)
    (task,) = office.open_tasks(office.start("kolejka")[0].id)
    hand.complete(task.id, 5, "ten sam klucz")
    before = everything(office)

    assert hand.complete(task.id, 6, "ten sam klucz").status == 409
    assert everything(office) == before


def test_the_key_of_one_person_says_nothing_to_another(office: Office) -> None:
    app = create(office.parts)
    one, other = (Hand(office, app, login, calls=True) for login in COORDINATORS[:2])
    (task,) = office.open_tasks(office.start("kolejka")[0].id)
    one.complete(task.id, 5, "ten sam klucz")

    assert other.complete(task.id, 5, "ten sam klucz").status == 409


def test_without_a_key_the_second_request_is_told_that_it_comes_too_late(office: Office) -> None:
    hand = Hand(office, create(office.parts), COORDINATORS[0], calls=False)
    (task,) = office.open_tasks(office.start("kolejka")[0].id)
    hand.complete(task.id, 5, "")
    before = everything(office)

    assert hand.complete(task.id, 5, "").status == 409
    assert everything(office) == before


def started_by_page(client: FlaskClient, office: Office) -> Callable[[], TestResponse]:
    client.set_cookie("bieg", office.cookie("kierownik"))
    csrf = client.get("/pomoc").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": csrf, "_key": "nowa", "_proces": "dwa_kroki", "_tytul": "Jedna"}
    return lambda: client.post("/sprawy/nowa", data=form)


def started_by_call(client: FlaskClient, office: Office) -> Callable[[], TestResponse]:
    headers = {"Authorization": f"Bearer {office.token('kierownik')}", "Idempotency-Key": "nowa"}
    return lambda: client.post("/api/v1/instances", json={"definition": "dwa_kroki"}, headers=headers)


@pytest.mark.parametrize("way", [started_by_page, started_by_call], ids=["page", "api"])
def test_a_case_started_again_with_the_same_key_is_one_case(
    office: Office, way: Callable[[FlaskClient, Office], Callable[[], TestResponse]]
) -> None:
    ask = way(create(office.parts).test_client(), office)
    first = ask()
    before = everything(office)

    again = ask()

    assert first.status_code in (201, 302)
    assert again.status_code == first.status_code
    assert again.headers.get("Location") == first.headers.get("Location")
    assert everything(office) == before
