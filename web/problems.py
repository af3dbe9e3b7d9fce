"""What a person or a program is told when something went wrong: always Polish, never a trace."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from engine.errors import (
    AnswersRejected,
    Conflict,
    DefinitionRejected,
    EngineError,
    ExpressionFailed,
    InputRejected,
    NotAllowed,
    NotFound,
    StepFailed,
    Unavailable,
)
from web import context
from web.guard import is_api


class Unreadable(EngineError):
    """A request whose body cannot be read."""

    code = "unreadable"


log = structlog.get_logger()
STATUS: tuple[tuple[type[EngineError], int], ...] = (
    (Unreadable, 400),
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (AnswersRejected, 422),
    (InputRejected, 422),
    (DefinitionRejected, 422),
    (ExpressionFailed, 422),
    (StepFailed, 409),
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
STOPPED = "Sprawa została zatrzymana"
TEXTS = {
    400: "Wróć na poprzednią stronę, odśwież ją i spróbuj ponownie.",
    404: "Sprawdź adres albo wróć do listy zadań.",
    405: "Wróć na poprzednią stronę i użyj przycisku.",
    413: "Wybierz mniejszy plik. Jeden załącznik może mieć najwyżej 10 MB.",
    415: "Wyślij treść w formacie opisanym w dokumentacji API.",
    429: "Odczekaj minutę i spróbuj ponownie.",
    500: "Błąd został zapisany. Twoje dane są bezpieczne: nic nie zostało zmienione. Spróbuj ponownie za chwilę.",
}
# The same for programs: a word that they can test, and a sentence for their authors.
CALLS = {
    400: ("unreadable", "Nie można odczytać tego żądania. Sprawdź jego treść i nagłówki."),
    404: ("not_found", "Nie ma takiego adresu. Lista adresów: /api/v1/openapi.json."),
    405: ("method_not_allowed", "Ten adres nie przyjmuje tej metody. Lista adresów: /api/v1/openapi.json."),
    413: ("too_large", "Treść żądania jest za duża."),
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
    code = "unauthenticated" if status == 401 else failure.code
    body: dict[str, object] = {"message": failure.message, "code": code}
    if isinstance(failure, AnswersRejected | InputRejected):
        body["errors"] = [{"field": one.field, "message": one.message} for one in failure.errors]
    if isinstance(failure, DefinitionRejected):
        body["problems"] = [
            {"element": one.element, "line": one.line, "message": one.message, "severity": one.severity}
            for one in failure.problems
        ]
    title = STOPPED if isinstance(failure, StepFailed) else ""
    return _answer(status, failure.message, body, title=title)


def _csrf(_failure: CSRFError) -> ResponseReturnValue:
    text = "Strona była otwarta zbyt długo. Wróć, odśwież ją i wyślij formularz jeszcze raz."
    return _answer(400, text, {"message": text, "code": "csrf"})


def _http(failure: HTTPException) -> ResponseReturnValue:
    status = failure.code or 500
    text = TEXTS.get(status, TEXTS[400] if status < 500 else TEXTS[500])
    code = f"http_{status}"
    if is_api():
        code, text = CALLS.get(status, (code, text))
    answer = make_response(_answer(status, text, {"message": text, "code": code}))
    if isinstance(failure, MethodNotAllowed) and failure.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(failure.valid_methods))
    return answer


def _unknown(failure: Exception) -> ResponseReturnValue:
    mark = secrets.token_hex(4)
    log.error("request.failed", mark=mark, endpoint=request.endpoint, kind=type(failure).__name__, exc_info=failure)
    text = f"{TEXTS[500]} Numer błędu: {mark}."
    return _answer(500, text, {"message": text, "code": "error"})


def _answer(status: int, text: str, body: dict[str, object], *, title: str = "") -> ResponseReturnValue:
    if is_api() or request.accept_mimetypes.best == "application/json":
        return jsonify(body), status, {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    title = title or TITLES.get(status, TITLES[500])
    return render_template("problem.html", title=title, text=text, status=status), status
