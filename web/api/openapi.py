"""The OpenAPI 3.1 document, made from the list of calls and the shapes."""

from __future__ import annotations

from engine.actions.repeats import KEY_LIMIT
from engine.model import Json
from web.api.decision_operations import DECISION_OPERATIONS
from web.api.migration_operations import MIGRATION_OPERATIONS
from web.api.operations import JSON, OPERATIONS, XML, Operation, Parameter
from web.api.overdue_operations import OVERDUE_OPERATIONS
from web.api.schemas import SCHEMAS, ref

Part = dict[str, Json]

SAID = {
    200: "Gotowe.",
    201: "Utworzono.",
    202: "Przyjęto.",
    400: "Treści żądania nie można odczytać.",
    401: "Brak ważnego tokenu.",
    403: "Ta osoba nie ma uprawnień do tej czynności.",
    404: "Nie ma takiej rzeczy albo ta osoba nie może jej zobaczyć.",
    409: "Ktoś był szybszy, rzecz zmieniła się w międzyczasie albo sprawa została zatrzymana. Nic nie zapisano.",
    413: "Treść żądania jest za duża.",
    422: "Dane nie pasują; odpowiedź wskazuje każde złe miejsce.",
    500: "Błąd systemu; odpowiedź podaje jego numer.",
    503: "Baza danych jest chwilowo niedostępna.",
}
ALL = (*OPERATIONS, *DECISION_OPERATIONS, *MIGRATION_OPERATIONS, *OVERDUE_OPERATIONS)
CHECKS = frozenset({"checkDefinition", "checkDecisions", "planMigration"})
FILES = {"xml": "Plik BPMN 2.0 (do 2 MB).", "dmn": "Plik DMN 1.1–1.5 (do 2 MB)."}
REQUIRED_QUERY = frozenset({("readJournal", "instance")})


def document(version: str) -> Part:
    """The whole description.

    Args:
        version: of this installation.
    """
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Bieg",
            "version": version,
            "description": "Sprawy i zadania ośrodka pomocy społecznej dla innych programów. "
            "Błędy mają zawsze postać {message, code}, ze zdaniem po polsku.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": {path: _calls(path) for path in dict.fromkeys(one.path for one in ALL)},
        "components": {
            "schemas": {**SCHEMAS},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Token utworzony poleceniem bieg token."}
            },
        },
    }


def _calls(path: str) -> Part:
    return {one.method: _operation(one) for one in ALL if one.path == path}


def _operation(one: Operation) -> Part:
    found: Part = {"operationId": one.id, "summary": one.text, "tags": [one.tag]}
    parameters: list[Json] = [_parameter(one, parameter) for parameter in one.parameters]
    if _changes(one):
        parameters.append(_IDEMPOTENCY)
    if parameters:
        found["parameters"] = parameters
    if one.body:
        found["requestBody"] = _body(one.body)
    if one.open:
        found["security"] = []
    return {**found, "responses": _answers(one)}


def _changes(one: Operation) -> bool:
    return one.method != "get" and one.id not in CHECKS


def _parameter(operation: Operation, one: Parameter) -> Part:
    required = one.place == "path" or (operation.id, one.name) in REQUIRED_QUERY
    return {"name": one.name, "in": one.place, "description": one.text, "required": required, "schema": one.schema}


_IDEMPOTENCY: Part = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Klucz wybrany przez program: to samo żądanie z tym samym kluczem niczego nie zmienia "
    "i dostaje tę samą odpowiedź.",
    "schema": {"type": "string", "maxLength": KEY_LIMIT},
}


def _body(name: str) -> Part:
    if name in FILES:
        file: Part = {"description": FILES[name]}
        return {"required": True, "content": {XML: {"schema": file}}}
    return {"required": name not in ("Nothing", "Complete", "TakeUp"), "content": {JSON: {"schema": ref(name)}}}


def _answers(one: Operation) -> Part:
    content = _json(one.answer) if one.answer else {}
    if one.xml:
        content[XML] = {"schema": {"description": "Plik BPMN 2.0." if one.answer else "Plik DMN."}}
    found: Part = {str(one.status): {"description": SAID[one.status], "content": content}}
    always = (500, 503) if one.open else (401, 500, 503)
    for status in sorted({*always, *one.refusals}):
        shape = {422: one.rejected, 503: one.away}.get(status, "Error")
        found[str(status)] = {"description": SAID[status], "content": _json(shape)}
    return found


def _json(name: str) -> Part:
    return {JSON: {"schema": ref(name)}}
