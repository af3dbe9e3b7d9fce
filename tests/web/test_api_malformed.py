"""Whatever is sent, the answer is a Polish sentence with the right status, never an error of the system."""

from __future__ import annotations

from typing import Any

import pytest
from web_cast import NOTE_FORM, PLAIN, Caller

JSON_CALLS = ("/instances", "/messages", "/tasks/1/claim", "/tasks/1/release", "/tasks/1/delegate", "/tasks/1/complete")
UNREADABLE = {
    "cut off": b'{"definition": ',
    "no json": b"definition=prosty",
    "deep lists": b"[" * 200_000,
    "deep lists that end": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "deeper than any use": b'{"answers":' + b'{"a":' * 70 + b"1" + b"}" * 71,
    "not a number": b'{"variables": {"a": NaN}}',
    "endless number": b'{"variables": {"a": 1e999}}',
    "long number": b'{"variables": {"a": ' + b"9" * 5_000 + b"}}",
    "half a letter": b'{"variables": {"a": "\\ud800"}}',
    "half a letter in a name": b'{"variables": {"\\udfff": 1}}',
    "no letter": b'{"variables": {"a": "\\u0000"}}',
    "not utf-8": b'{"definition": "\xff\xfe\xfa"}',
    "a list": b"[]",
    "a text": b'"prosty"',
    "null": b"null",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_body_that_cannot_be_read_is_said_to_be_so(call: Caller, body: bytes) -> None:
    answers = [call.post(path, data=body) for path in JSON_CALLS]

    assert [one.status_code for one in answers] == [400] * len(JSON_CALLS)
    assert {one.json["code"] for one in answers} == {"unreadable"}
    assert all(one.json["message"].startswith("Treść żądania") for one in answers)


WRONG: dict[str, tuple[str, Any, str]] = {
    "answers as a list": ("/tasks/1/complete", {"answers": []}, "answers"),
    "answers as a text": ("/tasks/1/complete", {"answers": "tak"}, "answers"),
    "answers as a number": ("/tasks/1/complete", {"answers": 1}, "answers"),
    "an unknown field": ("/tasks/1/complete", {"odpowiedzi": {}}, "odpowiedzi"),
    "a claim with something": ("/tasks/1/claim", {"to": "anna"}, "to"),
    "nobody to delegate to": ("/tasks/1/delegate", {}, "to"),
    "a number to delegate to": ("/tasks/1/delegate", {"to": 7}, "to"),
    "no definition": ("/instances", {}, "definition"),
    "an empty definition": ("/instances", {"definition": " "}, "definition"),
    "a definition as an object": ("/instances", {"definition": {"key": "prosty"}}, "definition"),
    "a version as a text": ("/instances", {"definition": "prosty", "version": "1"}, "version"),
    "a version that is true": ("/instances", {"definition": "prosty", "version": True}, "version"),
    "a version below one": ("/instances", {"definition": "prosty", "version": 0}, "version"),
    "a title as a list": ("/instances", {"definition": "prosty", "title": ["a"]}, "title"),
    "variables as a list": ("/instances", {"definition": "prosty", "variables": [1]}, "variables"),
    "a message without a name": ("/messages", {"payload": {}}, "name"),
    "a payload as a text": ("/messages", {"name": "pismo", "payload": "x"}, "payload"),
    "a correlation as a list": ("/messages", {"name": "pismo", "correlation": []}, "correlation"),
}


def test_a_field_of_the_wrong_kind_is_named(office: Caller) -> None:
    office.start("prosty")

    for name, (path, body, field) in WRONG.items():
        answer = office.post(path, json=body)

        assert answer.status_code == 422, name
        assert [one["field"] for one in answer.json["errors"]] == [field], name
        assert all(one["message"] for one in answer.json["errors"]), name


FILTERS = (
    *(f"instance={one}" for one in ("x", "0", "-1", "9" * 40)),
    *("limit=0", "limit=x", "mine=moze", "overdue=2", "due_before=jutro", "due_before=0001-01-01"),
)


def test_a_filter_of_the_wrong_kind_is_named(call: Caller) -> None:
    for query in FILTERS:
        answer = call.get(f"/tasks?{query}")

        assert answer.status_code == 422, query
        assert answer.json["errors"][0]["field"] == query.partition("=")[0]


def test_a_cursor_that_was_never_given_out_does_no_harm(call: Caller) -> None:
    for cursor in ("x", "1.2", "1.2.3.4", "99999999999999999999.1.1", "%00", "-1.-1.-1"):
        assert call.get(f"/tasks?cursor={cursor}").status_code == 200, cursor


def test_the_journal_asks_whose_it_shall_be(call: Caller) -> None:
    for path in ("/journal", "/journal?instance=", "/journal?instance=x"):
        answer = call.get(path)

        assert answer.status_code == 422, path
        assert answer.json["errors"][0]["field"] == "instance"


@pytest.mark.parametrize("id", ["999", "9999999999999999999999999", "0"])
def test_unknown_ids_are_not_found(call: Caller, id: str) -> None:
    answers = [
        call.get(f"/instances/{id}"),
        call.get(f"/tasks/{id}"),
        call.get(f"/definitions/prosty/{id}"),
        call.post(f"/tasks/{id}/claim"),
        call.post(f"/tasks/{id}/release"),
        call.post(f"/tasks/{id}/delegate", json={"to": "anna"}),
        call.post(f"/tasks/{id}/complete", json={"answers": {}}),
        call.post("/instances", json={"definition": "nieznany"}),
        call.post("/messages", json={"name": "nieznany"}),
    ]

    assert [one.status_code for one in answers] == [404] * 9
    assert {one.json["code"] for one in answers} == {"not_found"}
    assert all(one.json["message"].endswith(".") for one in answers)


def test_addresses_and_methods_that_are_not_there_are_told_in_polish(call: Caller) -> None:
    nowhere = call.get("/nieznane")
    no_number = call.get("/tasks/abc")
    method = call("DELETE", "/tasks/1")

    assert (nowhere.status_code, no_number.status_code, method.status_code) == (404, 404, 405)
    assert nowhere.json["message"].startswith("Nie ma takiego adresu")
    assert "GET" in method.headers["Allow"]


@pytest.mark.parametrize("path", ["/definitions", "/definitions/check"])
def test_a_file_that_is_too_large_is_refused(call: Caller, path: str) -> None:
    padded = PLAIN.encode() + b" " * (5 * 1024 * 1024)

    answer = call.post(path, data=padded)

    assert answer.status_code == 413
    assert answer.json == {"code": "too_large", "message": "Treść żądania jest za duża."}


def test_a_file_of_more_than_two_megabytes_is_refused_by_the_gate(call: Caller) -> None:
    padded = PLAIN.encode() + b" " * (2 * 1024 * 1024)

    answer = call.post("/definitions", data=padded)

    assert answer.status_code == 422
    assert "2 MB" in answer.json["problems"][0]["message"]


def test_a_json_body_that_is_too_large_is_refused(call: Caller) -> None:
    answer = call.post("/instances", json={"definition": "prosty", "variables": {"a": "x" * 2_000_000}})

    assert answer.status_code == 413


HOSTILE = {
    "nothing": b"",
    "no xml": b"ala ma kota",
    "doctype": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "zeros": b"\x00" * 1000,
    "other root": b"<html/>",
    "deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "cut off": PLAIN.encode()[:500],
    "wrong code": PLAIN.encode().replace(b"UTF-8", b"UTF-99"),
}


@pytest.mark.parametrize("xml", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_that_is_no_diagram_is_refused_with_a_problem(call: Caller, xml: bytes) -> None:
    answer = call.post("/definitions", data=xml)
    check = call.post("/definitions/check", data=xml)

    assert answer.status_code == 422
    assert check.json["problems"] == answer.json["problems"]
    assert answer.json["problems"][0]["severity"] == "error"


BAD_FORMS = {
    "nothing": b"",
    "no json": b"ala",
    "deep": b"[" * 150_000,
    "rather deep": b'{"key":' + b"[" * 500 + b"]" * 500 + b"}",
    "a list": b"[]",
    "half a letter": NOTE_FORM.replace('"Notatka"', '"\\ud800"').encode(),
    "endless number": NOTE_FORM.replace('"min": 1', '"min": 1e999').encode(),
}


@pytest.mark.parametrize("body", BAD_FORMS.values(), ids=BAD_FORMS.keys())
def test_a_form_that_cannot_be_read_is_refused(call: Caller, body: bytes) -> None:
    answer = call.post("/forms/notatka", data=body)

    assert answer.status_code == 422
    assert answer.json["message"]


def test_a_form_in_another_code_is_refused(call: Caller) -> None:
    assert call.post("/forms/notatka", data="{„ą”}".encode("utf-16")).status_code == 400


def test_no_answer_shows_the_inside_of_the_system(call: Caller) -> None:
    answer = call.post("/instances", data=b"[" * 200_000)

    assert not {"Traceback", "RecursionError", "werkzeug"} & set(answer.text.split())
    assert set(answer.json) == {"code", "message"}
