"""A repeated request changes nothing; of two who are at it at the same time one is told so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from web_cast import HURRIED, LETTER, NOTE_FORM, PLAIN, Caller
from werkzeug.test import TestResponse

from engine import clock


def together(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """Make all calls at the same moment, each in a thread of its own."""
    gate, found = threading.Barrier(len(calls)), list[TestResponse | None]([None] * len(calls))

    def run(place: int) -> None:
        gate.wait(timeout=30)
        found[place] = calls[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [one for one in found if one is not None]


def test_of_two_who_complete_the_same_task_one_is_told_that_it_is_done(office: Caller) -> None:
    instance = office.start("prosty")
    task = office.task(instance)

    def complete(login: str) -> Callable[[], TestResponse]:
        return lambda: office.post(f"/tasks/{task}/complete", json={"answers": {}}, by=login)

    answers = together(complete("anna"), complete("olga"))

    late = next(one for one in answers if one.status_code != 200)
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert late.json["code"] == "conflict"
    assert late.json["message"].endswith(".")
    assert [one["deed"] for one in office.get(f"/journal?instance={instance}").json["items"]] == ["start", "complete"]


def test_of_two_who_claim_the_same_task_one_has_it(office: Caller) -> None:
    task = office.task(office.start("prosty"))

    def claim(login: str) -> Callable[[], TestResponse]:
        return lambda: office.post(f"/tasks/{task}/claim", by=login)

    answers = together(claim("anna"), claim("olga"))

    has = office.get(f"/tasks/{task}").json["person"]
    assert sorted(one.status_code for one in answers) == [200, 409]
    assert next(one for one in answers if one.status_code == 200).json["person"] == has


def test_the_same_request_twice_at_the_same_time_is_done_once(office: Caller) -> None:
    instance = office.start("prosty")
    task = office.task(instance)

    def complete() -> TestResponse:
        return office.post(f"/tasks/{task}/complete", json={"answers": {}}, by="anna", key="raz")

    first, second = together(complete, complete)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    assert len(office.get(f"/journal?instance={instance}").json["items"]) == 2


def test_every_call_that_changes_something_may_be_repeated_with_its_key(office: Caller) -> None:
    office.publish(LETTER)
    waiting, task = office.start("pismo", rodzaj="skarga"), office.task(office.start("prosty"))
    changed = PLAIN.replace("Sprawdź wniosek", "Zbadaj wniosek")
    calls: list[tuple[str, dict[str, object]]] = [
        ("/definitions", {"data": changed.encode()}),
        ("/forms/notatka", {"data": NOTE_FORM.replace("Liczba stron", "Strony").encode()}),
        ("/instances", {"json": {"definition": "prosty"}}),
        ("/messages", {"json": {"name": "wpłynęło pismo"}}),
        (f"/tasks/{task}/claim", {}),
        (f"/tasks/{task}/release", {}),
        (f"/tasks/{task}/delegate", {"json": {"to": "anna"}}),
        (f"/tasks/{task}/complete", {"json": {"answers": {}}}),
    ]

    for number, (path, said) in enumerate(calls):
        first = office.post(path, key=f"klucz-{number}", **said)
        again = office.post(path, key=f"klucz-{number}", **said)

        assert first.status_code in (200, 201, 202), first.text
        assert (again.status_code, again.json) == (first.status_code, first.json)

    assert len(office.get("/tasks?role=Koordynator usług pomocy społecznej").json["items"]) == 2
    assert [one["deed"] for one in office.get(f"/journal?instance={waiting}").json["items"]] == ["start", "deliver"]


def test_a_start_without_a_key_is_a_new_start_each_time(office: Caller) -> None:
    first, second = office.start("prosty"), office.start("prosty")

    assert first != second


def test_a_key_serves_one_request_of_one_person(office: Caller) -> None:
    first = office.post("/instances", json={"definition": "prosty"}, by="anna", key="k")

    other_body = office.post("/instances", json={"definition": "prosty", "title": "Inna"}, by="anna", key="k")
    other_deed = office.post("/messages", json={"name": "x"}, by="krystyna", key="k")
    other_person = office.post("/instances", json={"definition": "prosty"}, by="olga", key="k")
    same_in_other_words = office.post("/instances", data=b'{ "definition":"prosty" }', by="anna", key="k")

    assert (other_body.status_code, other_body.json["code"]) == (409, "conflict")
    assert "Idempotency-Key" in other_body.json["message"]
    assert other_deed.status_code == 404
    assert other_person.json["id"] != first.json["id"]
    assert same_in_other_words.json == first.json


def test_a_refused_request_may_be_put_right_under_the_same_key(office: Caller) -> None:
    task = office.task(office.start("notatka"))

    refused = office.post(f"/tasks/{task}/complete", json={"answers": {}}, by="anna", key="k")
    right = office.post(f"/tasks/{task}/complete", json={"answers": {"tresc": "Opis"}}, by="anna", key="k")

    assert (refused.status_code, right.status_code) == (422, 200)


def test_a_key_that_is_too_long_is_refused(office: Caller) -> None:
    answer = office.post("/instances", json={"definition": "prosty"}, key="k" * 201)

    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")


def test_what_was_due_happens_before_a_late_click(office: Caller) -> None:
    office.publish(HURRIED)
    instance = office.start("pilny")
    task = office.task(instance)
    waits = office.instance(instance)["deadlines"]

    with clock.standing(clock.now() + timedelta(hours=2)):
        late = office.post(f"/tasks/{task}/complete", json={"answers": {}}, by="api")
        found = office.instance(instance)
        entries = office.get(f"/journal?instance={instance}", by="api")

    assert [(one["element"], one["kind"]) for one in waits] == [("minela", "timer")]
    assert (late.status_code, late.json["code"]) == (409, "conflict")
    assert [one["element"] for one in found["tasks"]] == ["zamknij"]
    assert found["deadlines"] == []
    assert [one["deed"] for one in entries.json["items"]] == ["start", "fire"]


def test_a_click_in_time_takes_the_timer_away(office: Caller) -> None:
    office.publish(HURRIED)
    instance = office.start("pilny")

    done = office.post(f"/tasks/{office.task(instance)}/complete", json={"answers": {}})

    assert done.json["finished"] is True
    assert office.instance(instance)["deadlines"] == []


def test_a_case_that_cannot_go_on_stops_and_says_why(office: Caller) -> None:
    office.publish(
        PLAIN.replace("prosty", "utyka").replace(
            '<bpmn:sequenceFlow id="sprawdz_koniec" sourceRef="sprawdz" targetRef="koniec"/>',
            '<bpmn:exclusiveGateway id="jak" name="Jak?"/>'
            '<bpmn:sequenceFlow id="a" sourceRef="sprawdz" targetRef="jak"/>'
            '<bpmn:sequenceFlow id="b" sourceRef="jak" targetRef="koniec"><bpmn:conditionExpression'
            ' xsi:type="bpmn:tFormalExpression">wynik = "tak"</bpmn:conditionExpression></bpmn:sequenceFlow>',
        )
    )
    instance = office.start("utyka", wynik="nie")
    task = office.task(instance)

    stopped = office.post(f"/tasks/{task}/complete", json={"answers": {}}, by="anna", key="k")
    again = office.post(f"/tasks/{task}/complete", json={"answers": {}}, by="anna", key="k")
    found = office.instance(instance)

    assert (stopped.status_code, stopped.json["code"]) == (409, "incident")
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    assert (found["state"], found["incident"]["element"]) == ("incident", "jak")
    assert [one["state"] for one in found["tasks"]] == ["open"]
