"""The OpenAPI document says what the API does: every route, and answers that fit its schemas."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import pytest
from flask import Flask
from test_api_offers import ADVICE
from web_cast import HURRIED, LETTER, NOTE_FORM, PLAIN, THRESHOLDS, Caller
from werkzeug.test import TestResponse

PREFIX = "/api/v1"
_CASE = "/instances/{instance}"
_WHY = {"reason": "próba"}
_OFFER = "/instances/{instance}/offers/{element}"


@pytest.fixture
def document(call: Caller) -> dict[str, Any]:
    found: dict[str, Any] = call.get("/openapi.json", by="").json
    return found


def routes(app: Flask) -> set[tuple[str, str]]:
    """Method and path of every call, as OpenAPI writes them."""
    return {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/", "/healthz"))
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }


def test_the_document_names_exactly_the_routes_that_are_there(app: Flask, document: dict[str, Any]) -> None:
    described = {(method, path) for path, calls in document["paths"].items() for method in calls}

    assert described == routes(app)


def test_every_address_parameter_is_described(document: dict[str, Any]) -> None:
    for path, calls in document["paths"].items():
        for operation in calls.values():
            described = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path)), path


def test_every_pointer_leads_somewhere_and_every_schema_is_one(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    pointers = set(re.findall(r'"\$ref": ?"#/components/schemas/(\w+)"', json.dumps(document)))

    assert pointers == set(schemas)
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_call_that_changes_something_takes_a_key(document: dict[str, Any]) -> None:
    takes = {
        operation["operationId"]
        for calls in document["paths"].values()
        for operation in calls.values()
        if any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    }
    posts = {calls["post"]["operationId"] for calls in document["paths"].values() if "post" in calls}

    assert takes == posts - {"checkDefinition", "checkDecisions", "planMigration"}


def test_every_operation_has_its_own_name_and_the_errors_that_all_have(document: dict[str, Any]) -> None:
    operations = [operation for calls in document["paths"].values() for operation in calls.values()]

    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all({"500", "503"} <= set(one["responses"]) for one in operations)
    assert all(("401" in one["responses"]) is (one.get("security") != []) for one in operations)
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def fits(document: dict[str, Any], method: str, path: str, answer: TestResponse) -> None:
    """The answer is one that the document describes."""
    described = document["paths"][path][method]["responses"][str(answer.status_code)]
    schema = described["content"][answer.mimetype]["schema"]
    if answer.is_json:
        whole = {**schema, "components": document["components"]}
        jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(answer.json)


def test_real_answers_fit_the_document(office: Caller, document: dict[str, Any]) -> None:
    for xml in (LETTER, HURRIED, ADVICE):
        office.publish(xml)
    advice = office.start("porady")
    note, hurried, stuck = office.start("notatka"), office.start("pilny"), office.start("pismo")
    task, plain = office.task(note), office.task(office.start("prosty"))
    wrong = PLAIN.replace("Koordynator", "Nikt")
    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        ("get", "/healthz", "/healthz", {}),
        ("get", "/openapi.json", "/openapi.json", {}),
        ("post", "/definitions", "/definitions", {"data": PLAIN.encode()}),
        ("post", "/definitions", "/definitions", {"data": wrong.encode()}),
        ("post", "/definitions", "/definitions", {"data": b" " * 5_000_000}),
        ("post", "/definitions", "/definitions", {"data": b"", "by": "pawel"}),
        ("post", "/definitions", "/definitions", {"data": b"", "key": "k" * 300}),
        ("post", "/definitions/check", "/definitions/check", {"data": wrong.encode()}),
        ("get", "/definitions", "/definitions", {}),
        ("get", "/definitions", "/definitions", {"by": ""}),
        ("get", "/definitions/{key}/{version}", "/definitions/notatka/1", {}),
        ("get", "/definitions/{key}/{version}", "/definitions/notatka/1", {"headers": {"Accept": "application/xml"}}),
        ("get", "/definitions/{key}/{version}", "/definitions/notatka/7", {}),
        ("post", "/decisions", "/decisions", {"data": THRESHOLDS}),
        ("post", "/decisions", "/decisions", {"data": b"<a/>"}),
        ("post", "/decisions", "/decisions", {"data": b"", "by": "pawel"}),
        ("post", "/decisions/check", "/decisions/check", {"data": b"<a/>"}),
        ("get", "/decisions", "/decisions", {}),
        ("get", "/decisions/{key}/{version}", "/decisions/progi/1", {}),
        ("get", "/decisions/{key}/{version}", "/decisions/progi/7", {}),
        ("post", "/forms/{key}", "/forms/notatka", {"data": NOTE_FORM.encode()}),
        ("post", "/forms/{key}", "/forms/notatka", {"data": b"{}"}),
        ("post", "/forms/{key}", "/forms/notatka", {"data": b"\xff"}),
        ("post", "/instances", "/instances", {"json": {"definition": "prosty"}}),
        ("post", "/instances", "/instances", {"json": {"definition": 1}}),
        ("post", "/instances", "/instances", {"data": b"["}),
        ("post", "/instances", "/instances", {"json": {"definition": "nieznany"}}),
        ("get", "/instances/{instance}", f"/instances/{note}", {}),
        ("get", "/instances/{instance}", f"/instances/{hurried}", {}),
        ("get", "/instances/{instance}", "/instances/999", {}),
        ("get", "/tasks", "/tasks", {}),
        ("get", "/tasks", "/tasks?limit=1", {}),
        ("get", "/tasks", "/tasks?limit=x", {}),
        ("get", "/tasks/{task}", f"/tasks/{task}", {}),
        ("get", "/tasks/{task}", f"/tasks/{plain}", {}),
        ("get", "/tasks/{task}", "/tasks/999", {}),
        ("post", "/tasks/{task}/claim", f"/tasks/{task}/claim", {"by": "anna"}),
        ("post", "/tasks/{task}/claim", f"/tasks/{task}/claim", {"by": "olga"}),
        ("post", "/tasks/{task}/release", f"/tasks/{task}/release", {"by": "anna"}),
        ("post", "/tasks/{task}/delegate", f"/tasks/{task}/delegate", {"json": {"to": "olga"}}),
        ("post", "/tasks/{task}/delegate", f"/tasks/{task}/delegate", {"json": {"to": "pawel"}}),
        ("post", "/tasks/{task}/complete", f"/tasks/{task}/complete", {"json": {"answers": {}}}),
        ("post", "/tasks/{task}/complete", f"/tasks/{task}/complete", {"json": {"answers": {"tresc": "Opis"}}}),
        ("post", "/tasks/{task}/complete", f"/tasks/{task}/complete", {"json": {"answers": {}}}),
        ("post", "/definitions/{key}/{version}/migration", "/definitions/notatka/1/migration", {"json": {"to": 1}}),
        ("post", "/definitions/{key}/{version}/migration", "/definitions/notatka/9/migration", {}),
        ("post", "/instances/{instance}/migrate", "/instances/999/migrate", {"json": {"version": 1, "reason": "x"}}),
        ("post", "/instances/{instance}/migrate", f"/instances/{note}/migrate", {"json": {}}),
        ("post", "/instances/{instance}/migrate/undo", f"/instances/{note}/migrate/undo", {}),
        ("get", "/instances/{instance}", f"/instances/{advice}", {}),
        ("post", _OFFER, f"/instances/{advice}/offers/poradz", {}),
        ("post", _OFFER, f"/instances/{advice}/offers/inna", {}),
        ("post", _OFFER, f"/instances/{advice}/offers/prowadz", {"by": "pawel"}),
        ("post", f"{_OFFER}/close", f"/instances/{advice}/offers/w_toku/close", {"by": "pawel"}),
        ("post", f"{_OFFER}/close", f"/instances/{advice}/offers/w_toku/close", {}),
        ("post", f"{_OFFER}/close", f"/instances/{advice}/offers/w_toku/close", {}),
        ("post", "/messages", "/messages", {"json": {"name": "alarm", "kind": "signal"}}),
        ("post", "/messages", "/messages", {"json": {"name": "alarm", "kind": "telegram"}}),
        ("post", "/messages", "/messages", {"json": {"name": "wpłynęło pismo"}}),
        ("post", "/messages", "/messages", {"json": {"name": "wpłynęło pismo"}}),
        ("get", "/instances/{instance}", f"/instances/{stuck}", {}),
        ("get", f"{_CASE}/incident", f"/instances/{stuck}/incident", {}),
        ("get", f"{_CASE}/incident", f"/instances/{note}/incident", {}),
        ("post", f"{_CASE}/variables", f"/instances/{stuck}/variables", {"json": {"key": "999", **_WHY}}),
        ("post", f"{_CASE}/skip", f"/instances/{stuck}/skip", {"json": {"key": "999", "element": "x", **_WHY}}),
        ("post", f"{_CASE}/retry", f"/instances/{stuck}/retry", {"json": {"reason": ""}}),
        ("post", f"{_CASE}/retry", f"/instances/{stuck}/retry", {"json": _WHY, "by": "anna"}),
        ("post", f"{_CASE}/cancel", f"/instances/{stuck}/cancel", {"json": _WHY}),
        ("post", f"{_CASE}/cancel", f"/instances/{stuck}/cancel", {"json": _WHY}),
        ("get", "/overdue", "/overdue?which=open", {}),
        ("get", "/overdue", "/overdue?which=x", {}),
        ("get", "/overdue", "/overdue", {"by": "anna"}),
        ("get", "/journal", f"/journal?instance={note}", {}),
        ("get", "/journal", "/journal", {}),
        ("get", "/journal", "/journal?instance=999", {}),
    ]

    for method, path, target, said in calls:
        answer = office(method.upper(), target, **said)
        fits(document, method, path if path == "/healthz" else PREFIX + path, answer)

    tried = {(method, path if path == "/healthz" else PREFIX + path) for method, path, _, _ in calls}
    assert tried == {(method, path) for path, its in document["paths"].items() for method in its}


def test_the_schema_of_a_form_accepts_what_the_system_accepts(office: Caller) -> None:
    task = office.task(office.start("notatka"))
    schema = office.get(f"/tasks/{task}").json["form"]["schema"]
    good, bad = {"tresc": "Opis", "liczba": 2}, {"tresc": "", "liczba": 0}

    verdicts = [jsonschema.Draft202012Validator(schema).is_valid(one) for one in (good, bad)]
    statuses = [
        office.post(f"/tasks/{task}/complete", json={"answers": one}, by="anna").status_code for one in (bad, good)
    ]

    assert verdicts == [True, False]
    assert statuses == [422, 200]
