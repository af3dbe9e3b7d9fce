"""What a person or a program is told when something went wrong: always Polish, never a trace."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine.errors import (
    AnswersRejected,
    Conflict,
    DefinitionRejected,
    EngineError,
    InputRejected,
    NotAllowed,
    NotFound,
    Unavailable,
)
from web import context
from web.guard import is_api

log = structlog.get_logger()
STATUS: tuple[tuple[type[EngineError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (AnswersRejected, 422),
    (InputRejected, 422),
    (DefinitionRejected, 422),
    (Unavailable, 503),
)
TITLES = {
    400: "Nie rozumiem tego żądania",
    401: "Zaloguj się",
    403: "Brak uprawnień",
    404: "Nie ma takiej strony",
    405: "Tak nie można otworzyć tej strony",
    409: "Ktoś był szybszy",
    413: "Plik jest za duży",
    415: "Nieobsługiwany rodzaj treści",
    422: "Popraw dane",
    429: "Zbyt wiele prób",
    500: "Coś się nie udało",
    503: "System jest chwilowo niedostępny",
}
TEXTS = {
    400: "Wróć na poprzednią stronę, odśwież ją i spróbuj ponownie.",
    404: "Sprawdź adres albo wróć do listy zadań.",
    405: "Wróć na poprzednią stronę i użyj przycisku.",
    413: "Wybierz mniejszy plik. Jeden załącznik może mieć najwyżej 10 MB.",
    415: "Wyślij treść w formacie opisanym w dokumentacji API.",
    429: "Odczekaj minutę i spróbuj ponownie.",
    500: "Błąd został zapisany. Twoje dane są bezpieczne: nic nie zostało zmienione. Spróbuj ponownie za chwilę.",
}


def install(app: Flask) -> None:
    """Answer every failure in one place."""
    app.register_error_handler(EngineError, _engine)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unknown)


def status_of(failure: EngineError) -> int:
    """The HTTP status that an engine error stands for."""
    return next((status for kind, status in STATUS if isinstance(failure, kind)), 500)


def _engine(failure: EngineError) -> ResponseReturnValue:
    status = status_of(failure)
    if status == 403 and context.visitor() is None and is_api():
        status = 401
    body: dict[str, object] = {"message": failure.message, "code": failure.code}
    if isinstance(failure, AnswersRejected | InputRejected):
        body["errors"] = [{"field": one.field, "message": one.message} for one in failure.errors]
    if isinstance(failure, DefinitionRejected):
        body["problems"] = [
            {"element": one.element, "line": one.line, "message": one.message, "severity": one.severity}
            for one in failure.problems
        ]
    return _answer(status, failure.message, body)


def _csrf(_failure: CSRFError) -> ResponseReturnValue:
    text = "Strona była otwarta zbyt długo. Wróć, odśwież ją i wyślij formularz jeszcze raz."
    return _answer(400, text, {"message": text, "code": "csrf"})


def _http(failure: HTTPException) -> ResponseReturnValue:
    status = failure.code or 500
    text = TEXTS.get(status, TEXTS[400] if status < 500 else TEXTS[500])
    return _answer(status, text, {"message": text, "code": f"http_{status}"})


def _unknown(failure: Exception) -> ResponseReturnValue:
    mark = secrets.token_hex(4)
    log.error("request.failed", mark=mark, endpoint=request.endpoint, kind=type(failure).__name__, exc_info=failure)
    text = f"{TEXTS[500]} Numer błędu: {mark}."
    return _answer(500, text, {"message": text, "code": "error"})


def _answer(status: int, text: str, body: dict[str, object]) -> ResponseReturnValue:
    if is_api() or request.accept_mimetypes.best == "application/json":
        return jsonify(body), status
    title = TITLES.get(status, TITLES[500])
    return render_template("problem.html", title=title, text=text, status=status), status
