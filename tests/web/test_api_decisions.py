"""Decisions are published, checked and read by programs, and made by cases."""

from __future__ import annotations

from web_cast import CHOICE, THRESHOLDS, Caller


def test_a_file_is_published_once_and_keeps_its_version(call: Caller) -> None:
    first = call.post("/decisions", data=THRESHOLDS)
    same = call.post("/decisions", data=THRESHOLDS)
    changed = call.post("/decisions", data=THRESHOLDS.replace(b"170000", b"180000"))

    assert first.status_code == 201
    assert {**first.json, "id": 0} == {"id": 0, "key": "progi", "version": 1, "decisions": ["tryb"]}
    assert same.json == first.json
    assert changed.json["version"] == 2
    assert [(one["key"], one["version"]) for one in call.get("/decisions").json["items"]] == [("progi", 2)]
    assert call.get("/decisions/progi/1").data == THRESHOLDS


def test_a_broken_file_is_refused_with_its_problems_and_the_check_says_the_same(call: Caller) -> None:
    broken = THRESHOLDS.replace(b"&lt; 170000", b"&lt;&lt; 170000").replace(b'hitPolicy="UNIQUE"', b'hitPolicy="X"')

    refused = call.post("/decisions", data=broken)
    checked = call.post("/decisions/check", data=broken)

    assert (refused.status_code, checked.status_code) == (422, 200)
    assert len(refused.json["problems"]) == 2
    assert refused.json["problems"] == checked.json["problems"]
    assert all(one["line"] for one in refused.json["problems"])
    assert call.get("/decisions").json == {"items": []}


def test_a_decision_may_stand_in_one_file_only(call: Caller) -> None:
    call.post("/decisions", data=THRESHOLDS)

    other = call.post("/decisions", data=THRESHOLDS.replace(b'id="progi"', b'id="inne"'))

    assert other.status_code == 422
    assert other.json["problems"][0]["message"].startswith("Decyzja „tryb” jest już w pliku „Progi zamówień”.")


def test_who_may_not_publish_is_refused(call: Caller) -> None:
    assert call.post("/decisions", data=THRESHOLDS, by="pawel").status_code == 403
    assert call.post("/decisions/check", data=THRESHOLDS, by="pawel").status_code == 403
    assert call.get("/decisions", by="").status_code == 401


def test_a_case_makes_the_decision_on_the_version_with_which_it_started(call: Caller) -> None:
    refused = call.post("/definitions", data=CHOICE.encode())
    call.post("/decisions", data=THRESHOLDS)
    call.publish(CHOICE)

    first = call.start("zakup", kwota=175_000)
    call.post("/decisions", data=THRESHOLDS.replace(b"170000", b"180000"))
    second = call.start("zakup", kwota=175_000)

    assert refused.status_code == 422
    assert any("Nie ma opublikowanej decyzji „tryb”" in one["message"] for one in refused.json["problems"])
    assert call.instance(first)["variables"]["t"] == "ustawowy"
    assert call.instance(second)["variables"]["t"] == "uproszczony"
    assert [one["element"] for one in call.instance(first)["steps"]] == ["start", "wybor", "kup"]


def test_a_version_that_drops_a_decision_in_use_is_refused(call: Caller) -> None:
    call.post("/decisions", data=THRESHOLDS)
    call.publish(CHOICE)

    dropped = call.post("/decisions", data=THRESHOLDS.replace(b'id="tryb"', b'id="inny"'))

    assert dropped.status_code == 422
    assert "Z decyzji „tryb” korzysta proces" in dropped.json["problems"][0]["message"]


def test_contradicting_rules_refuse_a_start_with_the_table_and_its_rules(call: Caller) -> None:
    call.post("/decisions", data=THRESHOLDS)
    call.publish(CHOICE)

    answer = call.post("/instances", json={"definition": "zakup", "variables": {"kwota": 2_000_000}})

    assert answer.status_code == 422
    assert "Decyzja „Tryb zamówienia”: reguły 2 i 3 pasują jednocześnie" in answer.json["errors"][0]["message"]


def test_contradicting_rules_later_stop_the_case_as_an_incident(call: Caller) -> None:
    call.post("/decisions", data=THRESHOLDS)
    swapped = CHOICE.replace('sourceRef="start" targetRef="wybor"', 'sourceRef="start" targetRef="kup"')
    swapped = swapped.replace('sourceRef="wybor" targetRef="kup"', 'sourceRef="kup" targetRef="wybor"')
    swapped = swapped.replace('sourceRef="kup" targetRef="koniec"', 'sourceRef="wybor" targetRef="koniec"')
    call.publish(swapped)
    id = call.start("zakup", kwota=2_000_000)

    call.post(f"/tasks/{call.task(id)}/complete", json={"answers": {}})

    told = call.instance(id)
    assert told["state"] == "incident"
    assert told["incident"]["element"] == "wybor"
    assert "reguły 2 i 3 pasują jednocześnie" in told["incident"]["message"]
