"""The calculator answers everybody with a calendar to check it by; the administrator keeps the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pages_cast import csrf, sign_in
from web_cast import Actor

from engine import circumstances, clock
from engine.bootstrap import Parts

RULES = "/administracja/zasady-terminow"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """A working day on which everything happens."""
    with clock.standing(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def anna(app: Flask, people: dict[str, Actor]) -> FlaskClient:
    """A coordinator at her desk."""
    client = app.test_client()
    sign_in(client, "anna")
    return client


@pytest.fixture
def office(app: Flask, people: dict[str, Actor]) -> FlaskClient:
    """The administrator at his."""
    client = app.test_client()
    sign_in(client, "administrator")
    return client


def post(client: FlaskClient, path: str, **said: str) -> tuple[int, str]:
    token = csrf(client)
    answer = client.post(path, data={"csrf_token": token, **said})
    return answer.status_code, answer.get_data(as_text=True)


def ask(client: FlaskClient, **said: str) -> tuple[int, str]:
    answer = client.get("/terminy/kalkulator", query_string={"zasada": "", "slowa": "", "od": "2026-05-21", **said})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_calculator_answers_with_three_dates_the_steps_and_a_calendar(anna: FlaskClient) -> None:
    status, page = ask(anna, slowa="14 dni")

    assert status == 200
    for told in ("piątek, 5 czerwca 2026", "środa, 3 czerwca 2026", "poniedziałek, 1 czerwca 2026"):
        assert told in page
    assert "4 czerwca wolny (Boże Ciało), więc 5 czerwca." in page
    assert "<caption>maj 2026</caption>" in page
    assert "<caption>czerwiec 2026</caption>" in page
    assert "4 czerwca 2026 (Boże Ciało)" in page  # in the legend


def test_a_named_rule_shows_its_source_and_that_it_is_statutory(anna: FlaskClient) -> None:
    status, page = ask(anna, zasada="KPA: 1 miesiąc")

    assert status == 200
    assert "Koniec ustawowy" in page
    assert "Podstawa: art. 35 § 3 KPA." in page


def test_hours_are_answered_with_moments_and_no_calendar(anna: FlaskClient) -> None:
    _, page = ask(anna, slowa="12 godzin", od="2026-10-24", godzina="20:00")

    assert "25 października 2026, 07:00" in page
    assert "W kalendarzu" not in page


def test_a_rule_that_needs_dates_of_the_case_asks_for_them(anna: FlaskClient) -> None:
    rule = "21 dni od ostatniego z ogłoszeń"
    status, page = ask(anna, zasada=rule)
    days = {"data.data_bip": "2026-06-01", "data.data_siedziba": "2026-06-02", "data.data_strona": "2026-06-05"}

    answered, answer = ask(anna, zasada=rule, **days)

    assert status == 422
    assert "Data w sprawie: data bip" in page
    assert answered == 200
    assert "piątek, 26 czerwca 2026" in answer


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"slowa": "wkrótce"}, "Nieznana zasada terminu „wkrótce”"),
        ({"zasada": "nie ma"}, "Nieznana zasada terminu „nie ma”"),
        ({}, "Wybierz zasadę albo wpisz ją słowami."),
        ({"slowa": "14 dni", "od": ""}, "Podaj dzień zdarzenia."),
        ({"slowa": "14 dni", "od": "jutro"}, "Podaj datę"),
        ({"slowa": "14 dni", "godzina": "rano"}, "Podaj godzinę, na przykład 10:15."),
        ({"slowa": "14 dni", "od": "1850-01-01"}, "Dni wolne są znane"),
        ({"slowa": "14 dni", "od": "9999-12-31"}, "Dni wolne są znane"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(anna: FlaskClient, said: dict[str, str], told: str) -> None:
    status, page = ask(anna, **said)

    assert status == 422
    assert told in page


def test_a_long_term_leaves_out_the_months_between(anna: FlaskClient) -> None:
    _, page = ask(anna, slowa="1 rok")

    assert page.count("<caption>") == 4
    assert "9 miesięcy pominiętych" in page


def test_a_rule_is_entered_and_offered_in_the_calculator(office: FlaskClient) -> None:
    status, _ = post(
        office, RULES, name="Odpowiedź", rule="5 dni roboczych", valid_from="2026-11-23", text="Na każde pismo."
    )

    assert status == 302
    assert "Na każde pismo." in office.get(RULES).get_data(as_text=True)
    assert '<option value="Odpowiedź"' in office.get("/terminy/kalkulator").get_data(as_text=True)


def test_what_was_typed_stays_when_it_is_refused(office: FlaskClient) -> None:
    status, page = post(office, RULES, name="Odpowiedź", rule="wkrótce", valid_from="2026-12-01")

    assert status == 422
    assert "Nieznana zasada terminu „wkrótce”" in page
    assert 'value="Odpowiedź"' in page


def test_changing_a_rule_begins_with_what_holds_now(office: FlaskClient) -> None:
    page = office.get(RULES, query_string={"zasada": "KPA: 1 miesiąc"}).get_data(as_text=True)

    assert "Zmień zasadę „KPA: 1 miesiąc”" in page
    assert 'value="art. 35 § 3 KPA"' in page


def test_a_replaced_rule_keeps_its_history_on_the_page(office: FlaskClient) -> None:
    post(office, RULES, name="KPA: 1 miesiąc", rule="30 dni", source="zmiana", statutory="tak", valid_from="2026-12-01")

    page = office.get(RULES).get_data(as_text=True)

    assert "od 1 grudnia 2026: 30 dni (zmiana)" in page
    assert "do 30 listopada 2026" in page


def test_a_rule_is_withdrawn(office: FlaskClient) -> None:
    status, _ = post(office, f"{RULES}/wycofaj", name="Cel własny: 5 dni roboczych")

    assert status == 302
    assert post(office, f"{RULES}/wycofaj", name="Cel własny: 5 dni roboczych")[0] == 409


def test_free_days_and_hours_are_kept(office: FlaskClient, parts: Parts) -> None:
    statuses = [
        post(office, f"{RULES}/dni-wolne", day="2026-12-31", day_name="za 15 sierpnia")[0],
        post(office, f"{RULES}/godziny", opens="08:00", closes="16:00")[0],
    ]
    with parts.database.look() as work:
        rules = circumstances.terms(work)
    gone = post(office, f"{RULES}/dni-wolne/usun", day="2026-12-31")[0]

    assert statuses == [302, 302]
    assert [*rules.free_days.values()] == ["za 15 sierpnia"]
    assert f"{rules.opens:%H:%M}" == "08:00"
    assert gone == 302
    assert "Ośrodek nie ma własnych dni wolnych." in office.get(RULES).get_data(as_text=True)


def test_a_free_day_on_a_holiday_is_refused_at_its_field(office: FlaskClient) -> None:
    status, page = post(office, f"{RULES}/dni-wolne", day="2026-12-24", day_name="wolne")

    assert status == 422
    assert "Ten dzień jest wolny i bez tego (Wigilia)." in page


def test_a_coordinator_does_not_see_the_administrator_s_page(anna: FlaskClient) -> None:
    assert anna.get(RULES).status_code == 403
