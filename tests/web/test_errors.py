"""Whatever goes wrong, a person reads a Polish sentence and a program JSON, and nobody a trace."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pages_cast
import pytest
from flask import abort
from flask.testing import FlaskClient
from pages_cast import Centre, csrf
from werkzeug.test import TestResponse

from engine.access import Right
from web.guard import needs

MANY = "9" * 5000
INSIDE = ("Traceback", "RuntimeError", "werkzeug", "sqlalchemy", "/site-packages/", "File &#34;", "Internal Server")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    ids = pages_cast.build(folder / "template")
    with pages_cast.opened(folder / "template", ids, folder / "data") as made:
        made.app.add_url_rule("/wybuch", "planted.page", explode)
        made.app.add_url_rule("/api/v1/wybuch", "planted.call", explode)
        made.app.add_url_rule("/odmowa/<int:status>", "planted.refusal", refuse)
        yield made


@needs(Right.ANYONE)
def explode() -> str:
    spoken = "poufna odpowiedź".upper()
    raise RuntimeError(f"tajne {len(spoken)}")


@needs(Right.ANYONE)
def refuse(status: int) -> str:
    abort(status)


def polish(said: TestResponse, status: int) -> None:
    """A page of the house with this status, that says nothing of the inside."""
    assert said.status_code == status, said.text[:400]
    assert said.mimetype == "text/html"
    assert '<html lang="pl">' in said.text
    assert "<h1" in said.text
    assert not any(one in said.text for one in INSIDE)


def post(client: FlaskClient, path: str, **form: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client), **form})


@pytest.mark.parametrize("login", ["", "koordynator"], ids=["nobody", "somebody"])
@pytest.mark.parametrize("path", ["/nie-ma", "/zadania/abc", "/zadania/-1", "/static/nie-ma.css", "/%00", "/zażółć"])
def test_an_address_that_is_not_there(centre: Centre, login: str, path: str) -> None:
    polish(centre.browser(login).get(path), 404)


@pytest.mark.parametrize("number", ["0", "99999", "9" * 18, "9" * 19, "9" * 30, MANY, "²"], ids=lambda one: one[:20])
@pytest.mark.parametrize("path", ["/zadania/{}", "/sprawy/{}", "/pliki/{}", "/zadania/{}/dokument.pdf"])
def test_a_number_that_nobody_has(centre: Centre, path: str, number: str) -> None:
    polish(centre.browser("koordynator").get(path.format(number)), 404)


def test_a_method_that_does_not_fit(centre: Centre) -> None:
    polish(centre.browser("koordynator").delete("/zadania"), 405)
    polish(centre.browser("koordynator").post("/pomoc", data={"csrf_token": csrf(centre.browser("koordynator"))}), 405)


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 415, 418, 422, 429, 500, 501, 503]
)
def test_every_status_has_its_page(centre: Centre, status: int) -> None:
    polish(centre.browser("koordynator").get(f"/odmowa/{status}"), status)


def test_an_explosion_is_told_with_a_number_and_nothing_else(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    said = centre.browser("koordynator").get("/wybuch")

    polish(said, 500)
    mark = said.text.split("Numer błędu: ")[1][:8]
    logged = capsys.readouterr().err
    assert "tajne" not in said.text
    assert mark in logged
    assert "POUFNA ODPOWIEDŹ" not in logged


def test_a_program_gets_its_explosion_as_json(centre: Centre) -> None:
    said = centre.app.test_client().get("/api/v1/wybuch")

    assert said.status_code == 500
    assert said.json is not None
    assert set(said.json) == {"message", "code"}
    assert not any(one in said.text for one in INSIDE)


@pytest.mark.parametrize("path", ["/api/v1/nie-ma", "/api/v1/tasks/abc"])
def test_a_program_gets_what_is_not_there_as_json(centre: Centre, path: str) -> None:
    said = centre.app.test_client().get(path)

    assert said.status_code == 404
    assert said.json is not None
    assert said.json["message"].endswith(".")


@pytest.mark.parametrize("login", ["", "koordynator"], ids=["nobody", "somebody"])
@pytest.mark.parametrize("path", ["/logowanie", "/zadania/{open}/wykonaj", "/zadania/{open}/szkic", "/sprawy/nowa"])
def test_a_form_of_ten_megabytes_is_refused(centre: Centre, login: str, path: str) -> None:
    client = centre.browser(login)
    token = csrf(client, "/pomoc" if login else "/logowanie")

    said = client.post(path.format(open=centre.open), data={"csrf_token": token, "tresc": "a" * 10_000_000})

    if login == "" and path != "/logowanie":
        assert said.status_code == 302
    else:
        polish(said, 413)


OVERSIZED = {
    "many fields": ("application/x-www-form-urlencoded", "&".join(f"a{n}=1" for n in range(300_000)).encode()),
    "no boundary": ("multipart/form-data", b"x" * 100),
    "broken multipart": (
        "multipart/form-data; boundary=b",
        b"--b\r\nContent-Disposition: form-data; name=\xff\r\n\r\nx",
    ),
    "many parts": (
        "multipart/form-data; boundary=b",
        b"".join(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' for _ in range(6000)) + b"--b--\r\n",
    ),
    "large part": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"x" * 3_000_000 + b"\r\n--b--\r\n",
    ),
    "whole body": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="skan"; filename="a.pdf"\r\n\r\n'
        + b"x" * 34_000_000
        + b"\r\n--b--",
    ),
    "deep json": ("application/json", b"[" * 200_000 + b"]" * 200_000),
    "not utf-8": ("application/x-www-form-urlencoded", b"tresc=\xff\xfe%ff%fe"),
}


@pytest.mark.parametrize("body", OVERSIZED.values(), ids=OVERSIZED.keys())
@pytest.mark.parametrize("path", ["/logowanie", "/zadania/{open}/wykonaj"])
def test_a_body_that_cannot_be_taken_is_refused(centre: Centre, path: str, body: tuple[str, bytes]) -> None:
    client = centre.browser("koordynator")
    token = csrf(client)

    said = client.post(
        path.format(open=centre.open),
        input_stream=io.BytesIO(body[1]),
        content_length=len(body[1]),
        content_type=body[0],
        headers={"X-CSRFToken": token},
    )

    assert said.status_code in (400, 413, 422), said.text[:300]
    polish(said, said.status_code)


ODD = [
    "²",
    MANY,
    "-1",
    "9" * 30,
    "\x00",
    "a\x00b",
    "'; DROP TABLE task; --",
    "\ud83d\ude00",
    "<script>alert(1)</script>",
    "%",
    "_",
]


@pytest.mark.parametrize("value", ODD, ids=lambda one: ascii(one)[:20])
def test_odd_values_in_addresses_and_forms_break_nothing(centre: Centre, value: str) -> None:
    client, administrator = centre.browser("koordynator"), centre.browser("administrator")
    value = value.encode("utf-16", "surrogatepass").decode("utf-16")
    asked = [
        client.get("/zadania", query_string={"szukaj": value, "od": value, "pokaz": value}),
        client.get("/sprawy", query_string={"szukaj": value, "od": value, "stan": value, "proces": value}),
        client.get("/sprawy/nowa", query_string={"proces": value}),
        client.get(f"/zadania/{centre.open}", query_string={"dodaj": value}),
        post(client, f"/zadania/{centre.open}/wykonaj", _usun=f"skan-{value}"),
        post(client, f"/zadania/{centre.open}/wykonaj", _dodaj=value),
        post(client, f"/zadania/{centre.open}/wykonaj", _plik_usun=value),
        post(client, f"/zadania/{centre.open}/wykonaj", _key=value, skan=value, tresc=""),
        post(client, f"/zadania/{centre.open}/przekaz", komu=value),
        post(client, f"/zadania/{centre.open}/szkic", tresc=value, **{"oferty-n": value}),
        post(client, "/sprawy/nowa", _proces=value, _tytul=value),
        post(client, "/konto/haslo", obecne=value, nowe=value),
        post(administrator, "/administracja/osoby/nowa", login=value, name=value, unit=value, roles=value, email=value),
        post(administrator, f"/administracja/osoby/{centre.people['socjalny']}", name=value, unit=value, roles=value),
        post(
            administrator, "/administracja/upowaznienia", scope="FORMA", number=value, valid_from=value, valid_to=value
        ),
        post(administrator, "/administracja/ustawienia", name=value, prog_pzp=value),
    ]

    for said in asked:
        assert said.status_code < 500, f"{said.request.method} {said.request.path}: {said.text[:300]}"
        assert "<script>alert(1)" not in said.text


def test_a_login_of_any_shape_is_only_a_wrong_login(centre: Centre) -> None:
    from web.limits import limiter

    limiter.reset()
    for value in ("a\x00b", MANY, "²", "' OR 1=1 --"):
        assert pages_cast.sign_in(centre.browser(), value, "zle-haslo-zle").status_code == 422


def test_a_page_that_asks_for_json_is_answered_in_json(centre: Centre) -> None:
    client = centre.browser("koordynator")

    said = client.get("/zadania/99999", headers={"Accept": "application/json"})

    assert said.status_code == 404
    assert json.loads(said.text)["code"] == "not_found"


def test_a_database_that_is_away_is_told_in_polish(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    client = centre.browser("koordynator")
    file = centre.parts.settings.data / "bieg.db"
    away = file.with_name("away.db")
    centre.parts.database.close()
    file.rename(away)
    try:
        said = client.get("/logowanie")
    finally:
        for left in file.parent.glob("bieg.db*"):
            left.unlink()
        Path(away).rename(file)

    polish(said, 503)
