"""Every answer, also of errors and files, carries the headers that keep a browser from harm."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pages_cast
import pytest
from pages_cast import CAST, Centre

from engine.access import Right
from web.guard import needs

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FORBIDDEN = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*", "blob:")
INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|\sstyle\s*=|<style|javascript:""", re.IGNORECASE)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("centre")
    ids = pages_cast.build(folder / "template")
    with pages_cast.opened(folder / "template", ids, folder / "data") as made:
        made.app.add_url_rule("/wybuch", "planted.explosion", _explode)
        yield made


@needs(Right.ANYONE)
def _explode() -> str:
    raise RuntimeError("wybuch")


def addresses(centre: Centre) -> list[str]:
    return [
        "/zadania",
        "/sprawy",
        "/sprawy/nowa",
        f"/sprawy/{centre.foreign}",
        f"/sprawy/{centre.foreign}/wydruk.pdf",
        f"/zadania/{centre.open}",
        f"/zadania/{centre.open}/wydruk",
        f"/zadania/{centre.open}/dokument.pdf",
        f"/pliki/{centre.attachment}",
        "/procesy",
        "/procesy/wewnetrzna",
        "/konto",
        "/pomoc",
        "/dostepnosc",
        "/logowanie",
        "/administracja",
        "/administracja/osoby/nowa",
        "/administracja/upowaznienia",
        "/administracja/ustawienia",
        "/nie-ma-takiej",
        "/wybuch",
        "/static/dist/theme.css",
        "/static/nie-ma.css",
        "/healthz",
        "/api/v1/tasks",
        "/api/v1/nie-ma",
    ]


@pytest.mark.parametrize("login", ["", *CAST], ids=lambda login: login or "nobody")
def test_every_answer_carries_the_headers(centre: Centre, login: str) -> None:
    client = centre.browser(login)

    for path in addresses(centre):
        said = client.get(path).headers
        policy = dict(one.strip().split(" ", 1) for one in said["Content-Security-Policy"].split(";"))
        assert {name: said.get(name) for name in EXPECTED} == EXPECTED, path
        assert policy["default-src"] in ("'self'", "'none'")
        assert policy["script-src"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert policy["form-action"] == "'self'"
        assert not any(one in said["Content-Security-Policy"] for one in FORBIDDEN), path
        if not path.startswith("/static/"):
            assert said["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("login", ["administrator", "koordynator", "ngo"])
def test_no_page_needs_what_the_policy_forbids(centre: Centre, login: str) -> None:
    client = centre.browser(login)

    for path in addresses(centre):
        said = client.get(path)
        if said.mimetype == "text/html":
            assert INLINE.findall(said.text) == [], path


def test_pages_of_those_who_signed_in_are_in_polish_and_say_so(centre: Centre) -> None:
    client = centre.browser("koordynator")

    for path in addresses(centre):
        said = client.get(path)
        if said.mimetype == "text/html" and said.status_code != 302:  # nobody reads the text of a redirect
            assert '<html lang="pl">' in said.text
            assert said.headers["Content-Type"] == "text/html; charset=utf-8"


def test_no_answer_names_the_software_it_is_made_of(centre: Centre) -> None:
    for path in addresses(centre):
        said = centre.browser("koordynator").get(path).headers
        assert "X-Powered-By" not in said
        assert "Werkzeug" not in said.get("Server", "")
