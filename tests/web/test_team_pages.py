"""Absences, queues, workload and hand-over in the browser, as plain forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pages_cast
import pytest
from flask.testing import FlaskClient
from pages_cast import Centre, csrf
from werkzeug.test import TestResponse

from engine import clock


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("team") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


def post(client: FlaskClient, path: str, **said: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client), **said})


def away(centre: Centre, client: FlaskClient, **said: object) -> TestResponse:
    today = clock.today()
    given = {
        "person": centre.people["koordynator"],
        "deputy": centre.people["socjalny"],
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=2)).isoformat(),
    }
    return post(client, "/nieobecnosci", **{**given, **said})


def test_an_absence_goes_from_the_form_to_the_report(centre: Centre) -> None:
    head, deputy = centre.browser("kierownik"), centre.browser("socjalny")
    assert deputy.post(f"/zadania/{centre.open}/wez", data={"csrf_token": csrf(deputy)}).status_code == 403

    made = away(centre, head)
    page = head.get(made.headers["Location"]).text
    taken = post(deputy, f"/zadania/{centre.open}/wez")

    assert "Trwa zastępstwo" in page
    assert taken.status_code == 302
    assert "w zastępstwie za: <strong>Koordynator</strong>" in deputy.get(f"/zadania/{centre.open}").text
    ended = post(head, made.headers["Location"] + "/powrot")
    report = head.get(ended.headers["Location"]).text
    assert "Wróciło na listę" in report
    assert "Popraw list" in report
    assert post(deputy, f"/zadania/{centre.open}/wez").status_code == 403


def test_the_rights_of_the_absent_end_with_the_absence_for_programs_too(centre: Centre) -> None:
    head = centre.browser("kierownik")
    made = away(centre, head)
    token = {"Authorization": f"Bearer {centre.token('socjalny')}"}
    call = centre.app.test_client()

    during = call.post(f"/api/v1/tasks/{centre.open}/claim", headers=token)
    post(head, made.headers["Location"] + "/powrot")
    after = call.post(f"/api/v1/tasks/{centre.open}/complete", headers=token, json={"answers": {"tresc": "x"}})

    assert (during.status_code, after.status_code) == (200, 403)


def test_what_is_wrong_stands_at_its_field(centre: Centre) -> None:
    told = away(centre, centre.browser("kierownik"), deputy=centre.people["koordynator"])

    assert told.status_code == 422
    assert "Nikt nie zastępuje sam siebie" in told.text
    assert 'id="deputy-blad"' in told.text


def test_somebody_else_does_not_see_an_absence(centre: Centre) -> None:
    made = away(centre, centre.browser("kierownik"))

    assert centre.browser("wojt").get(made.headers["Location"]).status_code == 404
    assert centre.browser("pup").get(made.headers["Location"]).status_code == 404


def test_the_kierownik_gives_out_a_free_task_from_the_queue(centre: Centre) -> None:
    head = centre.browser("kierownik")
    page = head.get("/zespol").text
    assert "Popraw list" in page

    post(head, "/zespol/przydziel", zadanie=centre.open, komu="koordynator")

    assert "ma teraz Koordynator" in head.get("/zespol").text
    assert "Wybierz osobę" in head.get(post(head, "/zespol/przydziel").headers["Location"]).text


def test_workload_and_norms_are_shown_with_their_sources(centre: Centre) -> None:
    head = centre.browser("kierownik")

    assert "0 z 20 środowisk" in head.get("/zespol/obciazenie").text
    assert "tabela 25" in head.get("/zespol/normy").text
    assert head.get("/zespol/obciazenie?miesiac=kiedys&komorka=nieznana").status_code == 200
    set_norm = post(
        head, "/zespol/normy", kind="cases", role="Pracownik socjalny", value="17", since="2020-01-01", source="pilotaż"
    )
    assert set_norm.status_code == 302
    assert "0 z 17 środowisk" in head.get("/zespol/obciazenie").text


def test_a_task_is_lent_given_back_and_finished_by_its_owner(centre: Centre) -> None:
    owner = centre.browser("koordynator")
    admin = centre.browser("administrator")
    post(
        admin,
        f"/administracja/osoby/{centre.people['socjalny']}",
        name="Socjalny",
        roles=["Pracownik socjalny", "Koordynator usług pomocy społecznej"],
        active="tak",
        employment="50",
    )
    helper = centre.browser("socjalny")
    post(owner, f"/zadania/{centre.open}/wez")
    post(owner, f"/zadania/{centre.open}/przekaz", komu="socjalny", wroc="tak", notatka="Uzupełnij koszty")

    page = helper.get(f"/zadania/{centre.open}").text
    assert "Uzupełnij koszty" in page
    assert "Zapisz i zwróć zadanie" in page
    post(helper, f"/zadania/{centre.open}/wykonaj", tresc="Moja część", _zwroc="1")

    back = owner.get(f"/zadania/{centre.open}").text
    assert "Moja część" in back
    assert "Zakończ zadanie" in back


def test_saving_a_draft_warns_that_somebody_else_typed_too(centre: Centre) -> None:
    post(
        centre.browser("administrator"),
        f"/administracja/osoby/{centre.people['socjalny']}",
        name="Socjalny",
        roles=["Koordynator usług pomocy społecznej"],
        active="tak",
    )
    first, second = centre.browser("koordynator"), centre.browser("socjalny")

    alone = post(first, f"/zadania/{centre.open}/szkic", tresc="Jeden")
    both = post(second, f"/zadania/{centre.open}/szkic", tresc="Dwa")

    assert alone.json == {"message": "Szkic zapisany przed chwilą."}
    assert "Koordynator" in (both.json or {})["message"]
    shown = second.get(f"/zadania/{centre.open}").text
    assert "Dwa" in shown
    other = second.get(f"/zadania/{centre.open}?szkic={centre.people['koordynator']}").text
    assert "Jeden" in other


def test_everything_of_somebody_who_leaves_is_handed_over(centre: Centre) -> None:
    head, owner = centre.browser("kierownik"), centre.browser("koordynator")
    post(owner, f"/zadania/{centre.open}/wez")
    path = f"/zespol/osoby/{centre.people['koordynator']}/przekazanie"

    assert "Koordynator usług pomocy społecznej: 1 zadanie" in head.get(path).text
    told = post(head, path)

    assert "nie ma nic do przekazania" in head.get(told.headers["Location"]).text
    assert post(head, path, wylacz="tak").status_code == 403


def test_urgent_is_said_in_a_word(centre: Centre) -> None:
    head = centre.browser("kierownik")

    post(head, f"/zadania/{centre.open}/pilnosc", pilnosc="pilne", powod="Prosi wójt")

    assert "<dd>pilne</dd>" in head.get(f"/zadania/{centre.open}").text
    post(head, f"/zadania/{centre.open}/pilnosc", pilnosc="pilne", powod="")
    assert "Podaj powód" in head.get(f"/zadania/{centre.open}").text
