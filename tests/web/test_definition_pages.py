"""The pages of processes: a file is looked into, repaired, published; its versions are kept, compared, retired."""

from __future__ import annotations

import base64
import html
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pages_cast
import pytest
from flask.testing import FlaskClient
from pages_cast import Centre, csrf, upload
from web_cast import END, KOORDYNATOR, SOCJALNY, START, diagram, flows
from werkzeug.test import TestResponse

SAMPLES = Path(__file__).parent.parent / "foreign" / "samples"
WHOLE = diagram(
    "wizyta",
    {KOORDYNATOR: "umow pojedz"},
    START
    + '<bpmn:userTask id="umow" name="Umów wizytę"/><bpmn:userTask id="pojedz" name="Pojedź na wizytę"/>'
    + END
    + flows("start", "umow", "pojedz", "koniec"),
)
SHORTER = diagram(
    "wizyta",
    {SOCJALNY: "umow opisz"},
    START
    + '<bpmn:userTask id="umow" name="Umów spotkanie"/><bpmn:userTask id="opisz" name="Opisz spotkanie"/>'
    + END
    + flows("start", "umow", "opisz", "koniec"),
)
DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="plik" name="Kryterium" namespace="urn:t">
  <decision id="kryterium" name="Kryterium"><variable name="Kryterium"/>
    <literalExpression><text>1 + 1</text></literalExpression></decision>
</definitions>"""
HOSTILE = {
    "nothing": b" ",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "zeros": bytes(5_000),
    "other XML": b"<html/>",
    "broken XML": b"<bpmn:definitions",
    "a document type": b'<!DOCTYPE a [<!ENTITY b "c">]><definitions/>',
    "UTF-16": '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'.encode("utf-16"),
    "an unknown encoding": b'<?xml version="1.0" encoding="rot13"?><definitions/>',
    "depth": b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'>" + b"<process>" * 5_000,
    "decisions that are none": b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/">',
    "a foreign name": WHOLE.replace("Umów wizytę", "<script>alert(1)</script>".replace("<", "&lt;")).encode(),
    "no steps": b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='p'/></definitions>",
    "drawn nowhere": WHOLE.replace(
        "</bpmn:definitions>",
        '<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"><d:BPMNPlane><d:BPMNShape bpmnElement="umow"'
        "/></d:BPMNPlane></d:BPMNDiagram></bpmn:definitions>",
    ).encode(),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


@pytest.fixture
def head(centre: Centre) -> FlaskClient:
    """The kierownik's browser."""
    return centre.browser("kierownik")


def load(client: FlaskClient, xml: bytes, name: str = "diagram.bpmn") -> TestResponse:
    form = {"csrf_token": csrf(client), "plik": upload(name, xml)}
    return client.post("/procesy/wczytaj", data=form, content_type="multipart/form-data")


def go_on(client: FlaskClient, page: TestResponse, deed: str, **said: object) -> TestResponse:
    """Press a button of the page of a file, which carries it along."""
    form = {one: field(page, one) for one in ("csrf_token", "_nazwa", "_plik")}
    return client.post(f"/procesy/wczytaj/{deed}", data={**form, **said})


def field(page: TestResponse, name: str) -> str:
    return html.unescape(page.text.rpartition(f'name="{name}" value="')[2].split('"')[0])


def ticked(page: TestResponse) -> list[str]:
    """The repairs that are ticked from the start."""
    boxes = re.findall(r'<input class="form-check-input"[^>]*>', page.text)
    return [html.unescape(box.split('value="')[1].split('"')[0]) for box in boxes if " checked" in box]


def publish(client: FlaskClient, xml: str) -> TestResponse:
    return go_on(client, load(client, xml.encode()), "opublikuj")


def test_a_foreign_file_is_explained_repaired_and_published(centre: Centre, head: FlaskClient) -> None:
    loaded = load(head, (SAMPLES / "camunda7_wniosek.bpmn").read_bytes(), "wniosek.bpmn")

    repaired = go_on(head, loaded, "popraw", napraw=ticked(loaded))
    published = go_on(head, repaired, "opublikuj")

    assert loaded.status_code == 200
    assert "z programu Camunda 7" in loaded.text
    assert "Nie można jeszcze opublikować: 4 błędy" in loaded.text
    assert "po tych poprawkach można będzie opublikować" in loaded.text
    assert "Opublikuj jako" not in loaded.text
    assert "Opublikuj jako wersję 1" in repaired.text
    assert published.location == "/procesy/wniosek"
    assert "Opublikowano „Wniosek o zasiłek” jako wersję 1." in head.get("/procesy/wniosek").text


def test_each_problem_points_at_its_place_in_the_drawing(head: FlaskClient) -> None:
    page = load(head, (SAMPLES / "camunda7_wniosek.bpmn").read_bytes())

    anchors = re.findall(r'href="#(el-[^"]+)"', page.text)

    assert len(anchors) >= 4
    for one in anchors:
        assert page.text.count(f'id="{one}"') == 1


def test_nothing_ticked_changes_nothing_and_loses_nothing(head: FlaskClient) -> None:
    loaded = load(head, (SAMPLES / "camunda7_wniosek.bpmn").read_bytes())

    again = go_on(head, loaded, "popraw", napraw="")

    assert again.status_code == 422
    assert "Zaznacz przynajmniej jedną poprawkę." in again.text
    assert field(again, "_plik") == field(loaded, "_plik")


def test_a_choice_of_the_manager_is_done(head: FlaskClient) -> None:
    loaded = load(head, (SAMPLES / "bpmnio_tory.bpmn").read_bytes())

    chosen = [*ticked(loaded), f"lane:Lane_a={KOORDYNATOR}", "key:Process_1abcde2", "people"]
    repaired = go_on(head, loaded, "popraw", napraw=chosen)
    published = go_on(head, repaired, "opublikuj")

    assert published.location == "/procesy/podpisanie_umowy"


def test_the_repaired_file_can_be_taken_home(head: FlaskClient) -> None:
    loaded = load(head, (SAMPLES / "camunda7_wniosek.bpmn").read_bytes(), "../../wniosek <1>.bpmn")

    repaired = go_on(head, loaded, "popraw", napraw=ticked(loaded))
    taken = go_on(head, repaired, "pobierz")

    assert b'role="Pracownik socjalny"' in taken.data
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert ".." not in taken.headers["Content-Disposition"]
    assert "<" not in taken.headers["Content-Disposition"]


def test_what_cannot_be_published_stays_on_the_page_with_its_problems(head: FlaskClient) -> None:
    loaded = load(head, (SAMPLES / "camunda7_programy.bpmn").read_bytes())

    refused = go_on(head, loaded, "opublikuj")

    assert refused.status_code == 422
    assert "Tego pliku nie można jeszcze opublikować." in refused.text
    assert "Wyślij e-mail" in refused.text
    assert head.get("/procesy/programy").status_code == 404


def test_the_page_says_what_is_different_from_the_version_in_use(head: FlaskClient) -> None:
    publish(head, WHOLE)

    page = load(head, SHORTER.encode())

    assert "Opublikuj jako wersję 2" in page.text
    for said in ("Nowy krok:</strong> Opisz spotkanie", "Usunięty krok:</strong> Pojedź na wizytę",
                 "nazwa: „Umów wizytę” → „Umów spotkanie”", f"rola: {KOORDYNATOR} → {SOCJALNY}"):  # fmt: skip
        assert said in page.text


def test_the_file_in_use_is_not_published_again(head: FlaskClient) -> None:
    publish(head, WHOLE)

    page = load(head, WHOLE.encode())

    assert "Ten plik jest już w użyciu jako wersja 1." in page.text
    assert "Opublikuj jako" not in page.text


def test_a_file_of_decisions_is_handed_over(head: FlaskClient) -> None:
    loaded = load(head, DMN.encode(), "kryterium.dmn")

    published = go_on(head, loaded, "opublikuj")

    assert "Opublikuj jako wersję 1" in loaded.text
    assert published.location.startswith("/procesy/decyzje/")
    assert head.get(published.location).status_code == 200


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_loaded_is_answered_in_polish(head: FlaskClient, data: bytes) -> None:
    answer = load(head, data)

    assert answer.status_code in (200, 422)
    assert "Wczytaj diagram" in answer.text
    assert "<script>alert" not in answer.text
    assert "Numer błędu" not in answer.text


@pytest.mark.parametrize(
    "carried",
    ["", "nie-base64!", "ąę", base64.urlsafe_b64encode(b"nic").decode(),
     base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000)).decode(),
     base64.urlsafe_b64encode(zlib.compress(b"<a/>")[:-3]).decode()],
)  # fmt: skip
@pytest.mark.parametrize("deed", ["popraw", "pobierz", "opublikuj", "sprawdz"])
def test_a_page_that_carries_nonsense_asks_for_the_file_again(head: FlaskClient, deed: str, carried: str) -> None:
    form = {"csrf_token": csrf(head), "_plik": carried, "_nazwa": "x", "napraw": "executable"}

    answer = head.post(f"/procesy/wczytaj/{deed}", data=form)

    assert answer.status_code == 422
    assert "Wczytaj go jeszcze raz." in answer.text


def test_no_file_and_a_file_that_is_too_large_are_refused_at_the_field(head: FlaskClient) -> None:
    none = head.post("/procesy/wczytaj", data={"csrf_token": csrf(head)})
    large = load(head, b"<a>" + b"x" * (2 * 1024 * 1024) + b"</a>")

    assert none.status_code == large.status_code == 422
    assert "Wybierz plik z diagramem" in none.text
    assert "Największy dozwolony ma 2 MB" in large.text


@pytest.mark.parametrize("login", ["koordynator", "wojt", "socjalny", "ngo"])
def test_only_who_may_publish_sees_the_page_and_the_buttons(centre: Centre, login: str) -> None:
    client = centre.browser(login)

    assert client.get("/procesy/wczytaj").status_code == 403
    assert load(client, WHOLE.encode()).status_code == 403
    assert "Wczytaj diagram" not in client.get("/procesy").text
    assert "Wycofaj" not in client.get("/procesy/wewnetrzna").text
    form = {"csrf_token": csrf(client)}
    assert client.post("/procesy/wewnetrzna/1/wycofaj", data=form).status_code == 403


def test_a_process_tells_its_versions_authors_and_running_cases(head: FlaskClient) -> None:
    publish(head, WHOLE)
    publish(head, SHORTER)

    own, installed = head.get("/procesy/wizyta").text, head.get("/procesy/wewnetrzna").text

    assert own.index("Wersja 2</strong>") < own.index("Wersja 1</strong>")
    assert own.count('data-label="Kto">Kierownik<') == 2
    assert 'data-label="Kto">instalacja systemu<' in installed
    assert 'data-label="Sprawy w toku">1<' in installed
    assert "1 sprawa skończy się na tej wersji." in installed


def test_a_version_gives_back_the_very_file(head: FlaskClient) -> None:
    publish(head, WHOLE)

    answer = head.get("/procesy/wizyta/1/plik")

    assert answer.data == WHOLE.encode()
    assert answer.headers["Content-Disposition"] == "attachment; filename=wizyta-1.bpmn"
    assert head.get("/procesy/wizyta/2/plik").status_code == 404


def test_two_versions_are_shown_side_by_side(head: FlaskClient) -> None:
    publish(head, WHOLE)
    publish(head, SHORTER)

    page = head.get("/procesy/wizyta/2/zmiany").text

    for said in ("is-added", "is-removed", "is-changed", "Nowy krok:</strong> Opisz spotkanie"):
        assert said in page
    assert head.get("/procesy/wizyta/1/zmiany").status_code == 404
    assert head.get("/procesy/nie_ma/2/zmiany").status_code == 404


def test_a_retired_version_gives_way_to_the_one_before(head: FlaskClient) -> None:
    publish(head, WHOLE)
    publish(head, SHORTER)

    said = head.get("/procesy/wizyta").text
    for version in (2, 1):
        head.post(f"/procesy/wizyta/{version}/wycofaj", data={"csrf_token": csrf(head)})

    assert "Nowe sprawy pobiegną według wersji 1." in said
    assert "Wszystkie wersje tego procesu są wycofane" in head.get("/procesy/wizyta").text
    assert "Proces wizyta" not in head.get("/procesy").text
    again = load(head, WHOLE.encode())
    assert "wersja 3 procesu, którego wcześniejsze wersje wycofano" in again.text
