"""The bell, the list of notices, the account's e-mails and calendar, and what an administrator sees of sending."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pages_cast
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from pages_cast import Centre, csrf

from engine.documents import letters
from engine.model import InstanceId, PersonId, TaskId
from engine.store import mails, notices


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


def test_the_bell_counts_what_is_new_on_every_page(centre: Centre) -> None:
    tell(centre, "koordynator", 3)

    page = centre.browser("koordynator").get("/zadania").text

    assert '<span class="count">3<span class="visually-hidden"> nieprzeczytane</span></span>' in page
    assert "nieprzeczytan" not in centre.browser("kierownik").get("/zadania").text


def test_a_notice_opens_its_task_and_counts_as_read(centre: Centre) -> None:
    tell(centre, "koordynator", 1, task=centre.open)
    client = centre.browser("koordynator")
    page = client.get("/powiadomienia").text

    answer = post(client, re.findall(r'action="(/powiadomienia/\d+)"', page)[0])

    assert "nowe</span>" in page
    assert (answer.status_code, answer.location) == (303, f"/zadania/{centre.open}")
    assert "nowe</span>" not in client.get("/powiadomienia").text


def test_all_of_them_count_as_read_with_one_click(centre: Centre) -> None:
    tell(centre, "koordynator", 5)
    client = centre.browser("koordynator")

    post(client, "/powiadomienia/przeczytane")

    page = client.get("/powiadomienia").text
    assert "Wszystkie powiadomienia są oznaczone" in page
    assert "nieprzeczytan" not in page


def test_nobody_opens_a_notice_of_somebody_else(centre: Centre) -> None:
    tell(centre, "koordynator", 1)

    assert post(centre.browser("kierownik"), "/powiadomienia/1").status_code == 404


def test_what_a_notice_and_an_email_point_to_is_there(centre: Centre) -> None:
    client = centre.browser("koordynator")
    paths = [
        letters.path(TaskId(centre.open), None),
        letters.path(None, InstanceId(centre.foreign)),
        letters.path(None, None),
    ]

    assert [client.get(one).status_code for one in paths] == [200, 200, 200]


def test_the_address_of_a_calendar_is_shown_once_and_works_until_it_is_closed(centre: Centre) -> None:
    client, stranger = centre.browser("koordynator"), centre.app.test_client()
    page = post(client, "/konto/kalendarz").text
    path = re.findall(r'value="http://localhost(/kalendarz/feed/[^"]+\.ics)"', page)[0]

    answer = stranger.get(path)
    again = stranger.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    account = client.get("/konto").text
    post(client, "/konto/kalendarz/koniec")

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert Calendar.from_ical(answer.data)["VERSION"] == "2.0"
    assert (again.status_code, again.data) == (304, b"")
    assert path not in account
    assert stranger.get(path).status_code == 404


def test_a_new_address_ends_the_old_one(centre: Centre) -> None:
    client = centre.browser("koordynator")
    first, second = (
        re.findall(r'value="http://localhost(/kalendarz/feed/[^"]+\.ics)"', post(client, "/konto/kalendarz").text)[0]
        for _ in range(2)
    )

    assert [centre.app.test_client().get(one).status_code for one in (first, second)] == [404, 200]


def test_an_administrator_sees_why_an_email_was_given_up(centre: Centre) -> None:
    with centre.parts.database.work() as work:
        person = PersonId(centre.people["koordynator"])
        mail = mails.write(
            work,
            person=person,
            kind=mails.URGENT,
            day=work.now.date(),
            message_id="m",
            subject="Bieg: próba",
            text="t",
            html="h",
        )
        assert mail is not None
        mails.give_up(work, mail, "Serwer poczty nie przyjął adresu odbiorcy (kod 550).")

    page = centre.browser("administrator").get("/administracja/poczta").text

    assert "Serwer poczty nie przyjął adresu odbiorcy (kod 550)." in page
    assert "<strong>Wyłączona.</strong>" in page


def test_the_administrator_chooses_whose_turn_is_the_last(centre: Centre) -> None:
    client = centre.browser("administrator")

    none = post(client, "/administracja/poczta/eskalacja")
    chosen = post(client, "/administracja/poczta/eskalacja", rola=["Wójt", "Organizacja pozarządowa"])

    page = client.get("/administracja/poczta").text
    assert (none.status_code, chosen.status_code) == (422, 303)
    assert "Zaznacz co najmniej jedną rolę." in html.unescape(none.text)
    assert re.findall(r'value="([^"]+)" checked', page) == ["Wójt"]


def test_the_administrator_sets_after_how_many_days_the_last_turn_comes(centre: Centre) -> None:
    client = centre.browser("administrator")

    refused = post(client, "/administracja/poczta/eskalacja", rola=["Wójt"], dni="sto")
    kept = post(client, "/administracja/poczta/eskalacja", rola=["Wójt"], dni="5")

    page = client.get("/administracja/poczta").text
    assert (refused.status_code, kept.status_code) == (422, 303)
    assert "Wpisz liczbę od 1 do 30." in refused.text
    assert 'value="sto"' in refused.text
    assert 'name="dni" inputmode="numeric" value="5"' in page


def tell(centre: Centre, login: str, count: int, *, task: int | None = None) -> None:
    with centre.parts.database.work() as work:
        for number in range(count):
            notices.add(
                work,
                person=PersonId(centre.people[login]),
                kind="late",
                key=f"k{number}",
                text=f"Minął termin zadania {number}.",
                task=None if task is None else TaskId(task),
            )


def post(client: FlaskClient, path: str, **said: object) -> pages_cast.TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, "/pomoc"), **said})
