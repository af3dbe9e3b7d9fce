"""Decisions as people read them."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from web_cast import CHOICE, PASSWORD, THRESHOLDS, Caller


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    form = client.get("/logowanie").get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    client.post("/logowanie", data={"login": "krystyna", "haslo": PASSWORD, "csrf_token": form})
    return client


def test_the_kierownik_reads_a_table_with_its_rules(app: Flask, call: Caller) -> None:
    call.post("/decisions", data=THRESHOLDS)
    client = signed_in(app)

    listed = client.get("/procesy/decyzje").get_data(as_text=True)
    shown = client.get("/procesy/decyzje/progi").get_data(as_text=True)

    assert "Progi zamówień" in listed
    assert "/procesy/decyzje/progi" in listed
    for text in (
        "Tryb zamówienia",
        "Od kwoty zależy, jak kupujemy.",
        "Kwota netto w złotych",
        "mniej niż 170\u00a0000",
        "regulamin ośrodka",
        "najwyżej jedna reguła",
        "Na podstawie: kwota.",
    ):
        assert text in shown
    assert shown.count('data-label="Reguła"') == 3


def test_the_list_says_when_there_is_none_and_leads_from_the_processes(app: Flask, call: Caller) -> None:
    client = signed_in(app)

    assert "/procesy/decyzje" in client.get("/procesy").get_data(as_text=True)
    assert "Nie opublikowano jeszcze żadnej decyzji." in client.get("/procesy/decyzje").get_data(as_text=True)
    assert client.get("/procesy/decyzje/brak").status_code == 404


def test_what_a_file_says_is_shown_as_text(app: Flask, call: Caller) -> None:
    hostile = b'"&lt;script&gt;alert(1)&lt;/script&gt;"'
    call.post("/decisions", data=THRESHOLDS.replace(b'"uproszczony"', hostile).replace(b"Kwota netto", b"&lt;i&gt;"))

    shown = signed_in(app).get("/procesy/decyzje/progi").get_data(as_text=True)

    assert "<script>alert(1)" not in shown
    assert "<i>" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_who_has_not_signed_in_sees_nothing(client: FlaskClient) -> None:
    assert client.get("/procesy/decyzje").status_code == 302


def test_a_case_names_the_version_of_the_decisions_it_was_started_with(app: Flask, call: Caller) -> None:
    call.post("/decisions", data=THRESHOLDS)
    call.publish(CHOICE)
    case = call.start("zakup", kwota=1)
    call.post("/decisions", data=THRESHOLDS.replace(b"170000", b"180000"))

    shown = signed_in(app).get(f"/sprawy/{case}").get_data(as_text=True)

    assert '<a href="/procesy/decyzje/progi">Progi zamówień</a>, wersja 1.' in shown
