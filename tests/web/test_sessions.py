"""Sessions: who is signed in, for how long, and that nobody gets in by another's cookie or link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pages_cast
import pytest
from flask.testing import FlaskClient
from pages_cast import CAST, Centre, csrf, sign_in
from sqlalchemy import text
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from engine import clock
from engine.settings import Settings
from web.app import create
from web.limits import limiter


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("bieg")
    return found.value if found else ""


def is_in(client: FlaskClient) -> bool:
    return client.get("/zadania").status_code == 200


def as_administrator(centre: Centre, path: str, **form: object) -> TestResponse:
    client = centre.browser("administrator")
    return client.post(path, data={"csrf_token": csrf(client), **form})


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(centre: Centre) -> None:
    client = centre.browser()

    said = str(sign_in(client, "koordynator").headers["Set-Cookie"])

    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Path=/" in said
    assert "Domain" not in said


def test_behind_https_the_cookie_travels_by_https_only(centre: Centre) -> None:
    parts = type(centre.parts)(
        settings=Settings(data=centre.parts.settings.data, https=True),
        database=centre.parts.database,
        files=centre.parts.files,
        secret=centre.parts.secret,
    )

    said = create(parts).test_client().get("/logowanie", base_url="https://localhost").headers["Set-Cookie"]

    assert said.startswith("__Host-bieg=")
    assert "Secure" in said


def test_nothing_but_a_random_secret_lies_in_the_browser_and_only_its_hash_in_the_database(centre: Centre) -> None:
    client = centre.browser()
    sign_in(client, "koordynator")

    secret = cookie(client)

    assert len(secret) >= 43
    with centre.parts.database.look() as work:
        kept = list(work.connection.scalars(text("SELECT token_hash FROM session")))
    assert secret not in kept


def test_the_secret_changes_at_sign_in_and_the_old_one_opens_nothing(centre: Centre) -> None:
    client, planted = centre.browser(), centre.browser()
    client.get("/logowanie")
    before = cookie(client)
    planted.set_cookie("bieg", before)

    sign_in(client, "koordynator")

    assert cookie(client) not in ("", before)
    assert is_in(client)
    assert not is_in(planted)


def test_a_secret_that_somebody_made_up_is_never_adopted(centre: Centre) -> None:
    client = centre.browser()
    client.set_cookie("bieg", "zmyslony")

    sign_in(client, "koordynator")

    assert cookie(client) != "zmyslony"


def test_after_sign_out_the_cookie_opens_nothing(centre: Centre) -> None:
    client, thief = centre.browser(), centre.browser()
    sign_in(client, "koordynator")
    thief.set_cookie("bieg", cookie(client))
    assert is_in(thief)

    client.post("/wylogowanie", data={"csrf_token": csrf(client)})

    assert not is_in(client)
    assert not is_in(thief)


def test_a_person_whose_account_is_switched_off_is_out_at_once(centre: Centre) -> None:
    client = centre.browser("koordynator")
    assert is_in(client)

    as_administrator(
        centre, f"/administracja/osoby/{centre.people['koordynator']}", name="K", roles=CAST["koordynator"]
    )

    assert not is_in(client)
    assert sign_in(centre.browser(), "koordynator").status_code == 422


def test_a_new_password_signs_out_everywhere(centre: Centre) -> None:
    one, other = centre.browser("koordynator"), centre.browser("koordynator")

    form = {"csrf_token": csrf(one), "obecne": pages_cast.PASSWORD, "nowe": "zupelnie-nowe-haslo"}
    assert one.post("/konto/haslo", data=form).status_code == 302

    assert not is_in(one)
    assert not is_in(other)
    assert sign_in(centre.browser(), "koordynator", "zupelnie-nowe-haslo").status_code == 302


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(centre: Centre) -> None:
    client = centre.browser("kierownik")
    assert client.get("/sprawy/nowa").status_code == 200

    as_administrator(
        centre, f"/administracja/osoby/{centre.people['kierownik']}", name="K", roles=CAST["socjalny"], active="tak"
    )

    assert client.get("/sprawy/nowa").status_code == 403


@pytest.mark.parametrize(("idle", "stays"), [(timedelta(minutes=119), True), (timedelta(minutes=121), False)])
def test_a_session_ends_after_two_hours_without_use(centre: Centre, idle: timedelta, stays: bool) -> None:
    client = centre.browser("koordynator")

    with clock.standing(clock.now() + idle):
        assert is_in(client) is stays


def test_a_session_in_use_ends_after_ten_hours_all_the_same(centre: Centre) -> None:
    client, begun = centre.browser("koordynator"), clock.now()

    for minutes in range(60, 600, 60):
        with clock.standing(begun + timedelta(minutes=minutes)):
            assert is_in(client)
    with clock.standing(begun + timedelta(minutes=601)):
        assert not is_in(client)


@pytest.mark.parametrize("login", ["", "koordynator"], ids=["nobody", "somebody"])
def test_no_form_is_taken_without_its_token(centre: Centre, login: str) -> None:
    client = centre.browser(login)
    client.get("/logowanie")
    before = rows(centre)

    for path in posts(centre):
        for form in ({}, {"csrf_token": "zmyslony"}):
            said = client.post(path, data=form)
            refused = said.status_code == 400 or (said.status_code == 302 and "/logowanie" in said.headers["Location"])
            assert refused or said.status_code == 403, f"{path}: {said.status_code}"
    assert rows(centre) == before


def test_the_token_of_one_session_opens_no_form_of_another(centre: Centre) -> None:
    own, other = centre.browser("koordynator"), centre.browser("kierownik")

    assert own.post("/konto/skroty", data={"csrf_token": csrf(other)}).status_code == 400


def posts(centre: Centre) -> list[str]:
    """Every address of a page that takes a form."""
    rules = [one for one in centre.app.url_map.iter_rules() if "POST" in (one.methods or ())]
    pages = [one for one in rules if not one.rule.startswith("/api/")]
    adapter = centre.app.url_map.bind("localhost")
    assert len(pages) > 15
    with centre.app.test_request_context():
        return [str(adapter.build(one.endpoint, dict.fromkeys(one.arguments, 1), "POST")) for one in pages]


def rows(centre: Centre) -> dict[str, int]:
    with centre.parts.database.look() as work:
        names = list(work.connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
        return {
            one: hash(tuple(map(tuple, work.connection.execute(text(f'SELECT * FROM "{one}"')))))
            for one in names
            if one != "session"
        }


@pytest.mark.parametrize(
    "path", ["/zadania", "/sprawy", "/sprawy/1", "/zadania/1", "/zadania/1/dokument.pdf", "/pliki/1", "/procesy"]
)
def test_looking_changes_nothing(centre: Centre, path: str) -> None:
    client = centre.browser("kierownik")
    before = rows(centre)

    assert client.get(path).status_code == 200

    assert rows(centre) == before


@pytest.mark.parametrize(
    "target",
    [
        "https://zly.example/",
        "//zly.example/",
        "/\\zly.example/",
        "\\\\zly.example",
        "/\t/zly.example",
        "/\n/zly.example",
        "javascript:alert(1)",
        "http:zly.example",
        " //zly.example",
        "///zly.example",
        "zly.example",
    ],
)
def test_after_sign_in_nobody_is_sent_to_another_site(centre: Centre, target: str) -> None:
    said = sign_in(centre.browser(), "koordynator", dalej=target)

    assert isinstance(said, Response)
    assert said.status_code == 302
    assert said.headers["Location"] == "/zadania"


def test_after_sign_in_the_page_that_was_asked_for_opens(centre: Centre) -> None:
    client = centre.browser()
    asked = client.get("/sprawy?szukaj=opieka")
    assert asked.headers["Location"] == "/logowanie?dalej=/sprawy?szukaj%3Dopieka"

    said = sign_in(client, "koordynator", dalej="/sprawy?szukaj=opieka")

    assert said.headers["Location"] == "/sprawy?szukaj=opieka"


def test_wrong_login_and_wrong_password_are_told_alike(centre: Centre) -> None:
    unknown = sign_in(centre.browser(), "nikt", "zle-haslo-zle").text.replace("nikt", "")
    known = sign_in(centre.browser(), "koordynator", "zle-haslo-zle").text.replace("koordynator", "")

    assert without_token(unknown) == without_token(known)


def without_token(page: str) -> str:
    before, _, after = page.partition('name="csrf_token" value="')
    return before + after.partition('"')[2]


def test_after_ten_tries_a_minute_nobody_is_let_in_by_that_login_and_others_are(centre: Centre) -> None:
    client = centre.browser()
    limiter.reset()

    tries = [sign_in(client, "koordynator", "zle-haslo-zle").status_code for _ in range(10)]
    right = sign_in(client, "koordynator")

    assert tries == [422] * 10
    assert right.status_code == 429
    assert "Odczekaj minutę" in right.text
    assert sign_in(centre.browser(), "kierownik").status_code == 302
