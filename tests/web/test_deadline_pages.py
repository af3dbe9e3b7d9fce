"""`Terminy` in the browser: figures that open, files that leave, deeds on many tasks that tell what they did."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from web_cast import PASSWORD, Actor, Caller
from werkzeug.test import TestResponse

from engine import clock
from engine.actions import bulk
from engine.store.database import Database
from web.pages import bulk as bulk_page


def browser(app: Flask, login: str) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    assert client.post("/logowanie", data={"login": login, "haslo": PASSWORD}).status_code == 302
    return client


def late(call: Caller, many: int, days: int = 40, title: str = "") -> list[int]:
    """Cases whose first task was due after 14 days, begun so many days ago; the ids of their tasks."""
    with clock.standing(clock.now() - timedelta(days=days)):
        ids = [
            int(call.post("/instances", json={"definition": "notatka", "title": title or f"Sprawa {one}"}).json["id"])
            for one in range(many)
        ]
    return [call.task(one) for one in ids]


def deed(client: FlaskClient, what: str, ids: list[int], **said: str) -> TestResponse:
    form = {"czynnosc": what, "zadanie": [str(one) for one in ids], "_wykonaj": "1", "_key": "klucz1", **said}
    return client.post("/terminy/zbiorczo", data=form, follow_redirects=True)


def text(page: TestResponse) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.mark.parametrize("login", ["krystyna", "administrator"])
def test_every_figure_of_the_page_opens_a_list_that_is_there(app: Flask, office: Caller, login: str) -> None:
    late(office, 3)
    late(office, 2, days=5)
    client = browser(app, login)

    page = client.get("/terminy")

    assert "3 po terminie" in text(page)
    links = {unescape(one) for one in re.findall(r'href="(/terminy/lista[^"]*)"', page.text)}
    assert len(links) > 10
    told = {one: text(client.get(one)) for one in links}
    assert all("Lista" in one for one in told.values())
    assert all("Coś się nie udało" not in one for one in told.values())
    assert "style=" not in page.text


def test_each_way_to_group_is_one_click_and_says_the_same_sum(app: Flask, office: Caller) -> None:
    late(office, 3)
    client = browser(app, "krystyna")

    for way in ("krok", "proces", "rola", "osoba", "komorka"):
        page = client.get(f"/terminy?wedlug={way}&miara=czas")
        numbers = re.findall(r'aria-label="[^"]*, po terminie: (\d+)"', page.text)
        assert sum(int(one) for one in numbers) == 3, way


def test_a_list_says_how_late_why_and_who(app: Flask, office: Caller) -> None:
    late(office, 1)

    page = browser(app, "krystyna").get("/terminy/lista?rola=Koordynator usług pomocy społecznej")

    assert "dni po terminie" in text(page)
    assert "Skąd ten termin" in text(page)
    assert "14 dni" in text(page)
    assert "nieprzydzielone Koordynator usług pomocy społecznej" in text(page)
    assert "Sprawa 0" in text(page)


def test_a_list_can_be_loosened_by_each_of_its_conditions(app: Flask, office: Caller) -> None:
    late(office, 1)
    client = browser(app, "krystyna")

    page = client.get("/terminy/lista?krok=napisz&proces=notatka&osoba=brak")

    assert "krok „Napisz notatkę”" in text(page)
    loosened = unescape(re.findall(r'class="filter" href="([^"]+)"', page.text)[0])
    assert "krok=" not in loosened
    assert "proces=notatka" in loosened
    assert "1 zadanie" in text(client.get(loosened))


def test_the_csv_is_what_a_polish_excel_opens_and_computes_nothing(app: Flask, office: Caller) -> None:
    late(office, 1, title='=HYPERLINK("http://zly.invalid");„Żółć”')
    late(office, 1, title="Zwykła; sprawa")

    answer = browser(app, "krystyna").get("/terminy/lista.csv")

    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    titles = {row[1] for row in rows[1:]}
    assert titles == {'\'=HYPERLINK("http://zly.invalid");„Żółć”', "Zwykła; sprawa"}
    assert all(len(row) == len(rows[0]) for row in rows)
    assert int(rows[1][rows[0].index("Dni po terminie")]) >= 24
    assert answer.headers["Content-Disposition"] == 'attachment; filename="zadania.csv"'


def test_the_summary_leaves_as_csv_with_the_figures_of_the_page(app: Flask, office: Caller) -> None:
    late(office, 4)

    answer = browser(app, "krystyna").get("/terminy/zestawienie.csv?wedlug=krok")

    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert [(row["Nazwa"], row["Po terminie"], row["Powyżej 14 dni"]) for row in rows] == [("Napisz notatkę", "4", "4")]


@pytest.mark.parametrize("path", ["/terminy/lista.pdf?wiek=ponad-14", "/terminy/zestawienie.pdf"])
def test_the_document_says_what_the_list_says(app: Flask, office: Caller, path: str) -> None:
    late(office, 2)

    answer = browser(app, "krystyna").get(path)

    pages = PdfReader(io.BytesIO(answer.data)).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "TERMINY ZADAŃ" in printed
    assert printed.count("Napisz notatkę") >= 2
    assert "stan na" in printed
    assert "dni po terminie" in printed


def test_a_reminder_to_many_tells_what_came_of_each(app: Flask, office: Caller, people: dict[str, Actor]) -> None:
    first, second = late(office, 2)
    office.post(f"/tasks/{first}/complete", json={"answers": {"tresc": "Jest"}}, by="anna")

    page = deed(browser(app, "krystyna"), "przypomnij", [first, second, 9999])

    assert "Zrobione: 1, nie udało się: 2." in text(page)
    assert "Zadanie nie jest już otwarte." in text(page)
    assert "Nie ma takiego zadania." in text(page)
    assert "przypomniano" in text(page)


def test_the_same_deed_again_changes_nothing_and_tells_the_same(app: Flask, office: Caller, database: Database) -> None:
    ids = late(office, 2)
    client = browser(app, "krystyna")
    first = text(deed(client, "przypomnij", ids))

    again = text(deed(client, "przypomnij", ids))

    assert again == first
    case = office.get(f"/tasks/{ids[0]}").json["instance"]
    deeds = [one["deed"] for one in office.get(f"/journal?instance={case}").json["items"]]
    assert deeds.count("remind") == 1


def test_many_are_handed_over_but_for_those_that_the_person_may_not_do(app: Flask, office: Caller) -> None:
    ids = late(office, 2)
    signing = office.start("notatka")
    office.post(f"/tasks/{office.task(signing)}/complete", json={"answers": {"tresc": "Jest"}}, by="anna")
    foreign = office.task(signing)  # the kierownik's
    client = browser(app, "administrator")

    asked = client.post("/terminy/zbiorczo", data={"czynnosc": "przekaz", "zadanie": [*ids, foreign]})
    page = deed(client, "przekaz", [*ids, foreign], komu="olga")

    assert "Olga Zmyślona – 2 z 3" in text(asked)
    assert "Zrobione: 2, nie udało się: 1." in text(page)
    assert "przekazano: Olga Zmyślona" in text(page)
    assert [office.get(f"/tasks/{one}").json["person"] for one in ids] == ["olga", "olga"]
    assert office.get(f"/tasks/{foreign}").json["person"] is None


def test_tasks_are_shared_out_to_whoever_has_least_to_do(app: Flask, office: Caller) -> None:
    busy, *ids = late(office, 5)
    office.post(f"/tasks/{busy}/claim", by="anna")

    deed(browser(app, "krystyna"), "przekaz", ids, komu="*")

    given = [office.get(f"/tasks/{one}").json["person"] for one in [busy, *ids]]
    assert abs(given.count("anna") - given.count("olga")) == 1
    assert given.count("anna") + given.count("olga") == 5


def test_terms_of_many_are_moved_with_a_reason(app: Flask, office: Caller) -> None:
    ids = late(office, 2)
    client = browser(app, "krystyna")
    day = clock.today() + timedelta(days=10)

    without = deed(client, "przesun", ids, dzien=day.isoformat(), powod=" ")
    nowhere = deed(client, "przesun", ids, dzien="kiedyś", powod="Choroba")
    page = deed(client, "przesun", ids, dzien=day.isoformat(), powod="Choroba pracownika")

    assert without.status_code == 422
    assert "Podaj powód" in text(without)
    assert nowhere.status_code == 422
    assert "Podaj datę" in text(nowhere)
    assert "Zrobione: 2." in text(page)
    assert all(office.get(f"/tasks/{one}").json["due_at"][:10] == day.isoformat() for one in ids)


def test_more_than_a_second_of_work_shows_how_far_it_is_and_can_be_stopped(
    app: Flask, office: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = late(office, 4)
    client = browser(app, "krystyna")
    monkeypatch.setattr(bulk_page, "PART", -1.0)

    first = deed(client, "przypomnij", ids)
    left = re.findall(r'name="zadanie" value="(\d+)"', first.text)
    second = deed(client, "przypomnij", [int(one) for one in left], _gotowe="1")
    rest = re.findall(r'name="zadanie" value="(\d+)"', second.text)
    stopped = deed(client, "przypomnij", [int(one) for one in rest], _zatrzymaj="1")

    assert "Gotowe: 1, pozostało: 3." in text(first)
    assert "Gotowe: 2, pozostało: 2." in text(second)
    assert "Zatrzymano." in text(stopped)
    assert "Zrobione: 2." in text(stopped)


def test_nothing_chosen_and_too_much_chosen_are_told_in_words(app: Flask, office: Caller) -> None:
    client = browser(app, "krystyna")

    nothing = deed(client, "przypomnij", [])
    too_much = deed(client, "przypomnij", [*range(1, bulk.MOST + 2)])

    assert "Zaznacz na liście co najmniej jedno zadanie." in text(nothing)
    assert f"najwyżej {bulk.MOST} zadań" in text(too_much)


def test_one_person_is_reminded_of_all_that_is_late(app: Flask, office: Caller, people: dict[str, Actor]) -> None:
    first, second, third = late(office, 3)
    for one in (first, second):
        office.post(f"/tasks/{one}/claim", by="anna")
    client = browser(app, "krystyna")

    page = client.post("/terminy/zbiorczo/osoba", data={"osoba": str(people["anna"].id)}, follow_redirects=True)
    nobody = client.post("/terminy/zbiorczo/osoba", data={"osoba": str(people["olga"].id)}, follow_redirects=True)

    assert "Zrobione: 2." in text(page)
    assert "nie ma zadań po terminie" in text(nobody)
    assert third


@pytest.mark.parametrize("back", ["https://zly.invalid/", "//zly.invalid", "/terminy\\..", "javascript:alert(1)"])
def test_one_comes_back_only_to_pages_about_terms(app: Flask, office: Caller, back: str) -> None:
    page = deed(browser(app, "krystyna"), "przypomnij", late(office, 1), wroc=back)

    assert "zly.invalid" not in page.text
    assert "javascript:" not in page.text


def test_results_of_somebody_else_are_not_shown(app: Flask, office: Caller) -> None:
    deed(browser(app, "krystyna"), "przypomnij", late(office, 1))

    assert browser(app, "krystyna").get("/terminy/zbiorczo/klucz1").status_code == 200
    assert browser(app, "administrator").get("/terminy/zbiorczo/klucz1").status_code == 404


@pytest.mark.parametrize("login", ["anna", "wojciech", "patrycja", "pawel"])
def test_who_oversees_nothing_neither_sees_nor_does_any_of_it(app: Flask, office: Caller, login: str) -> None:
    ids = late(office, 1)
    client = browser(app, login)

    told = [client.get(f"/terminy{one}").status_code for one in ("", "/lista", "/lista.csv", "/zestawienie.pdf")]

    assert told == [403] * 4
    assert deed(client, "przypomnij", ids).status_code == 403
    assert office.get("/overdue", by=login).status_code == 403


def test_programs_are_told_the_same_with_totals_and_a_cursor(app: Flask, office: Caller) -> None:
    late(office, 3)
    late(office, 2, days=5)

    first = office.get("/overdue?limit=2", by="krystyna").json
    second = office.get(f"/overdue?limit=2&cursor={first['next']}", by="krystyna").json

    assert (first["total"], len(first["items"]), len(second["items"]), second["next"]) == (3, 2, 1, None)
    assert first["totals"]["late"] == 3
    assert first["totals"]["open"] == 5
    one = first["items"][0]
    assert one["days_late"] >= 24
    assert one["explanation"].startswith("14 dni")
    assert office.get("/overdue?which=open&band=older", by="krystyna").json["total"] == 5
    assert office.get("/overdue?person=x", by="krystyna").status_code == 422
    assert office.get("/overdue?band=x", by="krystyna").status_code == 422
