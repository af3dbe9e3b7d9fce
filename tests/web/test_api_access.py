"""Who may call what: nobody without a token, nobody beyond their rights, nobody into other people's cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from web_cast import NOTE_FORM, PLAIN, PUP, Actor, Caller

from engine import clock
from engine.access import Right
from engine.store import people as people_rows
from engine.store.database import Database
from web import guard
from web.api.operations import OPERATIONS

CLOSED = [one for one in OPERATIONS if not one.open]
PLACES = {"{key}": "prosty", "{version}": "1", "{instance}": "1", "{task}": "1"}


def address(path: str) -> str:
    """A path with its places filled in."""
    for place, value in PLACES.items():
        path = path.replace(place, value)
    return path.removeprefix("/api/v1")


@pytest.mark.parametrize("authorization", ["", "Bearer bieg_zmyslony", "Bearer ", "Basic YTpi", "Bearer \u00f3"])
def test_nothing_is_told_without_a_valid_token(call: Caller, authorization: str) -> None:
    headers = {"Authorization": authorization} if authorization else {}

    for one in CLOSED:
        answer = call(one.method.upper(), address(one.path), by="", headers=headers)

        assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated"), one.id
        assert "token" in answer.json["message"]
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_every_view_of_the_api_says_what_right_it_asks_for(app: Flask) -> None:
    endpoints = [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api/", "/healthz"))]

    open_ones = {one for one in endpoints if guard.right_of(app, one) is Right.ANYONE}

    assert all(guard.right_of(app, one) is not None for one in endpoints)
    assert open_ones == {"api_health.health", "api_description.document"}


def test_a_token_ends_with_its_time_and_with_its_person(
    call: Caller, database: Database, people: dict[str, Actor]
) -> None:
    before = call.get("/tasks", by="anna").status_code
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        too_old = call.get("/tasks", by="anna").status_code
    with database.work() as work:
        anna = people["anna"]
        people_rows.change(work, anna.id, name=anna.name, email="", unit=None, roles=[], active=False)

    after = call.get("/tasks", by="anna").status_code

    assert (before, too_old, after) == (200, 401, 401)


def test_a_session_of_the_browser_does_not_open_the_api(call: Caller, app: Flask) -> None:
    browser = app.test_client()
    browser.set_cookie("bieg", "cokolwiek")

    assert browser.get("/api/v1/tasks").status_code == 401


@pytest.mark.parametrize("login", ["pawel", "patrycja"])
def test_who_may_not_publish_or_start_is_refused(office: Caller, login: str) -> None:
    answers = [
        office.post("/definitions", data=PLAIN.encode(), by=login),
        office.post("/definitions/check", data=PLAIN.encode(), by=login),
        office.post("/forms/notatka", data=NOTE_FORM.encode(), by=login),
        office.post("/instances", json={"definition": "prosty"}, by=login),
        office.post("/messages", json={"name": "wpłynęło pismo"}, by=login),
    ]

    assert [one.status_code for one in answers] == [403] * 5
    assert {one.json["code"] for one in answers} == {"not_allowed"}


@pytest.mark.parametrize(
    ("call_name", "body"), [("claim", {}), ("release", {}), ("delegate", {"to": "anna"}), ("complete", {"answers": {}})]
)
def test_a_task_of_another_role_is_refused_to_staff_and_hidden_from_others(
    office: Caller, call_name: str, body: dict[str, object]
) -> None:
    task = office.task(office.start("prosty"))

    staff = office.post(f"/tasks/{task}/{call_name}", json=body, by="pawel")
    outsider = office.post(f"/tasks/{task}/{call_name}", json=body, by="patrycja")

    assert (staff.status_code, outsider.status_code) == (403, 404)
    assert "roli" in staff.json["message"]
    assert office.get(f"/tasks/{task}").json["state"] == "open"


def test_people_of_other_institutions_see_their_own_cases_only(office: Caller) -> None:
    theirs, other = office.start("opinia"), office.start("prosty")
    hidden = office.task(other)

    listed = office.get("/tasks", by="patrycja").json["items"]
    asked = office.get(f"/tasks?instance={other}", by="patrycja").json["items"]

    assert [one["instance"] for one in listed] == [theirs]
    assert asked == []
    assert office.get(f"/instances/{theirs}", by="patrycja").status_code == 200
    assert office.get(f"/journal?instance={theirs}", by="patrycja").status_code == 200
    assert [
        office.get(path, by="patrycja").status_code
        for path in (f"/instances/{other}", f"/journal?instance={other}", f"/tasks/{hidden}")
    ] == [404, 404, 404]


def test_a_case_stays_with_the_person_who_took_part(office: Caller) -> None:
    instance = office.start("opinia")
    office.post(f"/tasks/{office.task(instance)}/complete", json={"answers": {}}, by="patrycja")

    colleague = office.get(f"/instances/{instance}", by="piotr")
    herself = office.get(f"/instances/{instance}", by="patrycja")

    assert (colleague.status_code, herself.status_code) == (404, 200)


def test_the_staff_see_all_cases(office: Caller) -> None:
    instance = office.start("opinia")

    found = office.get(f"/tasks?instance={instance}", by="pawel").json["items"]

    assert [one["role"] for one in found] == [PUP]
    assert office.get(f"/instances/{instance}", by="pawel").status_code == 200
