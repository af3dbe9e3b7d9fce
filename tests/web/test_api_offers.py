"""What an ad-hoc sub-process offers is told, begun and ended by API; so are starts and signals."""

from __future__ import annotations

from typing import Any

import pytest
from web_cast import END, KOORDYNATOR, SOCJALNY, START, Caller, diagram, flows

ADVICE = diagram(
    "porady",
    {KOORDYNATOR: "prowadz", SOCJALNY: "poradz"},
    START
    + '<bpmn:adHocSubProcess id="w_toku" name="W toku sprawy">'
    + '<bpmn:userTask id="poradz" name="Udziel porady"/><bpmn:userTask id="prowadz" name="Skonsultuj"/>'
    + "</bpmn:adHocSubProcess>"
    + END
    + flows("start", "w_toku", "koniec"),
)
TWO_STARTS = diagram(
    "dwa_poczatki",
    {KOORDYNATOR: "po_pismie po_alarmie"},
    '<bpmn:startEvent id="pismo" name="Pismo"><bpmn:messageEventDefinition id="d1" messageRef="m"/></bpmn:startEvent>'
    + '<bpmn:startEvent id="alarm" name="Alarm"><bpmn:signalEventDefinition id="d2" signalRef="s"/></bpmn:startEvent>'
    + '<bpmn:userTask id="po_pismie" name="Przeczytaj"/><bpmn:userTask id="po_alarmie" name="Jedź"/>'
    + END
    + flows("pismo", "po_pismie", "koniec")
    + flows("alarm", "po_alarmie", "koniec"),
    roots='<bpmn:message id="m" name="nowe pismo"/><bpmn:signal id="s" name="alarm"/>',
)


@pytest.fixture
def advice(office: Caller) -> int:
    """A case with an open ad-hoc sub-process."""
    office.publish(ADVICE)
    return office.start("porady")


def offered(office: Caller, id: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.instance(id)["offers"]
    return found


def test_a_case_tells_what_may_be_begun_and_ended(office: Caller, advice: int) -> None:
    found = offered(office, advice)

    assert [(one["element"], one["name"], one["role"], one["closing"]) for one in found] == [
        ("poradz", "Udziel porady", SOCJALNY, False),
        ("prowadz", "Skonsultuj", KOORDYNATOR, False),
        ("w_toku", "W toku sprawy", found[-1]["role"], True),
    ]
    assert len({one["key"] for one in found}) == 1


def test_an_activity_is_begun_as_often_as_wanted_and_then_is_a_task(office: Caller, advice: int) -> None:
    key = offered(office, advice)[0]["key"]

    first = office.post(f"/instances/{advice}/offers/poradz", json={"key": key}, by="pawel")
    second = office.post(f"/instances/{advice}/offers/poradz", by="anna")

    assert (first.status_code, second.status_code) == (200, 200)
    assert [one["element"] for one in second.json["tasks"]] == ["poradz", "poradz"]
    journal = office.get(f"/journal?instance={advice}").json["items"]
    assert [one["text"] for one in journal if one["deed"] == "take up"] == ["Rozpoczęto czynność „Udziel porady”."] * 2


def test_a_repeated_request_begins_nothing_twice(office: Caller, advice: int) -> None:
    for _ in range(2):
        office.post(f"/instances/{advice}/offers/poradz", headers={"Idempotency-Key": "raz"})

    assert len(office.instance(advice)["tasks"]) == 1


def test_ending_the_sub_process_lets_the_case_go_on(office: Caller, advice: int) -> None:
    ended = office.post(f"/instances/{advice}/offers/w_toku/close", by="krystyna")
    again = office.post(f"/instances/{advice}/offers/w_toku/close", by="krystyna")

    assert (ended.status_code, ended.json["state"], ended.json["offers"]) == (200, "completed", [])
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("by", "element", "status"),
    [("pawel", "prowadz", 403), ("pawel", "w_toku/close", 403), ("patrycja", "poradz", 404), ("anna", "inna", 404)],
)
def test_who_may_not_is_told_so(office: Caller, advice: int, by: str, element: str, status: int) -> None:
    assert office.post(f"/instances/{advice}/offers/{element}", by=by).status_code == status
    assert office.instance(advice)["tasks"] == []


def test_a_start_names_where_it_begins_when_there_are_several(office: Caller) -> None:
    office.publish(TWO_STARTS)

    unclear = office.post("/instances", json={"definition": "dwa_poczatki"})
    named = office.post("/instances", json={"definition": "dwa_poczatki", "start": "alarm"})
    wrong = office.post("/instances", json={"definition": "dwa_poczatki", "start": "koniec"})

    assert unclear.status_code == 409
    assert "„pismo”" in unclear.json["message"]
    assert [one["element"] for one in office.instance(named.json["id"])["steps"]] == ["alarm", "po_alarmie"]
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "start")


def test_a_message_starts_a_case_and_the_answer_names_it(office: Caller) -> None:
    office.publish(TWO_STARTS)

    answer = office.post("/messages", json={"name": "nowe pismo", "payload": {"znak": "A/1"}})

    (id,) = answer.json["instances"]
    assert answer.status_code == 202
    found = office.instance(id)
    assert ([one["element"] for one in found["steps"]], found["variables"]["znak"]) == (["pismo", "po_pismie"], "A/1")


def test_a_signal_is_sent_as_such(office: Caller) -> None:
    office.publish(TWO_STARTS)

    as_message = office.post("/messages", json={"name": "alarm"})
    as_signal = office.post("/messages", json={"name": "alarm", "kind": "signal"})
    nonsense = office.post("/messages", json={"name": "alarm", "kind": "telegram"})

    assert (as_message.status_code, as_signal.status_code, nonsense.status_code) == (404, 202, 422)
    (id,) = as_signal.json["instances"]
    assert [one["element"] for one in office.instance(id)["steps"]] == ["alarm", "po_alarmie"]
