"""A case that stands still is explained, and an administrator has four ways on: by the API and on its page."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_cast import END, KOORDYNATOR, PASSWORD, START, Caller, diagram, flows

STEPS = (
    '<bpmn:userTask id="ocen" name="Oceń wniosek"/><bpmn:exclusiveGateway id="bramka" name="Jaka forma?"/>'
    '<bpmn:userTask id="zlec" name="Zleć usługę"/><bpmn:endEvent id="inny"/>'
)
TURNING = diagram(
    "zakret",
    {KOORDYNATOR: "ocen zlec"},
    START
    + STEPS
    + END
    + flows("start", "ocen", "bramka")
    + flows("zlec", "koniec")
    + '<bpmn:sequenceFlow id="a" sourceRef="bramka" targetRef="zlec"><bpmn:conditionExpression'
    + ' xsi:type="bpmn:tFormalExpression">forma = "PZP"</bpmn:conditionExpression></bpmn:sequenceFlow>'
    + '<bpmn:sequenceFlow id="b" sourceRef="bramka" targetRef="inny"><bpmn:conditionExpression'
    + ' xsi:type="bpmn:tFormalExpression">forma = "PPN"</bpmn:conditionExpression></bpmn:sequenceFlow>',
)


@pytest.fixture
def stopped(call: Caller) -> int:
    """A case that stopped at its gateway."""
    call.publish(TURNING)
    case = call.start("zakret", forma="NIEZNANA")
    assert call.post(f"/tasks/{call.task(case)}/complete", json={"answers": {}}).status_code == 409
    assert call.instance(case)["state"] == "incident"
    return case


def place(call: Caller, case: int) -> str:
    """Key of the one place where the case stands."""
    (only,) = call.get(f"/instances/{case}/incident", by="administrator").json["positions"]
    return str(only["key"])


def texts(call: Caller, case: int) -> list[str]:
    return [one["text"] for one in call.get(f"/journal?instance={case}").json["items"]]


def test_a_program_is_told_what_stopped_a_case_and_where_it_may_go(call: Caller, stopped: int) -> None:
    told = call.get(f"/instances/{stopped}/incident", by="administrator").json

    assert told["element"] == "bramka"
    assert "Jaka forma?" in told["message"]
    (position,) = told["positions"]
    assert position["element"] == "ocen"
    assert {one["element"] for one in position["aims"]} == {"ocen", "bramka", "zlec", "koniec", "inny"}


def test_a_case_goes_on_after_its_data_was_corrected(call: Caller, stopped: int) -> None:
    said = {"key": place(call, stopped), "variables": {"forma": "PZP"}, "reason": "zła forma"}

    changed = call.post(f"/instances/{stopped}/variables", by="administrator", json=said)
    again = call.post(f"/instances/{stopped}/retry", by="administrator", json={"reason": "poprawiono"})
    done = call.post(f"/tasks/{call.task(stopped)}/complete", json={"answers": {}})

    assert (changed.status_code, changed.json["state"]) == (200, "incident")
    assert (again.status_code, again.json["state"]) == (200, "running")
    assert done.status_code == 200
    assert [one["element"] for one in call.instance(stopped)["tasks"]] == ["zlec"]
    assert 'Zmieniono daną „forma” na "PZP". Powód: zła forma' in texts(call, stopped)
    assert "Wznowiono zatrzymaną sprawę. Powód: poprawiono" in texts(call, stopped)


def test_a_case_goes_on_from_another_step(call: Caller, stopped: int) -> None:
    said = {"key": place(call, stopped), "element": "zlec", "reason": "formę wybrano na piśmie"}

    moved = call.post(f"/instances/{stopped}/skip", by="administrator", json=said, key="raz")
    again = call.post(f"/instances/{stopped}/skip", by="administrator", json=said, key="raz")

    assert moved.status_code == 200
    assert moved.json["state"] == "running"
    assert [one["element"] for one in moved.json["tasks"]] == ["zlec"]
    assert again.json == moved.json
    assert "Przeniesiono sprawę z kroku „Oceń wniosek” do kroku „Zleć usługę”. Powód: formę wybrano na piśmie" in texts(
        call, stopped
    )


def test_a_stopped_case_is_cancelled_by_an_administrator_a_running_one_is_not(call: Caller, stopped: int) -> None:
    running = call.start("zakret", forma="PZP")

    refused = call.post(f"/instances/{running}/cancel", by="administrator", json={"reason": "pomyłka"})
    done = call.post(f"/instances/{stopped}/cancel", by="administrator", json={"reason": "pomyłka"})

    assert refused.status_code == 403
    assert (done.status_code, done.json["state"]) == (200, "cancelled")


def test_every_way_on_wants_a_reason_and_a_case_that_stands(call: Caller, stopped: int) -> None:
    running = call.start("zakret", forma="PZP")

    silent = call.post(f"/instances/{stopped}/retry", by="administrator", json={"reason": " "})
    moving = call.post(f"/instances/{running}/retry", by="administrator", json={"reason": "próba"})
    lost = call.post(
        f"/instances/{stopped}/skip", by="administrator", json={"key": "999", "element": "zlec", "reason": "x"}
    )

    assert silent.status_code == 422
    assert moving.status_code == 409
    assert lost.status_code == 409
    assert call.instance(stopped)["state"] == "incident"


def test_nobody_else_may(call: Caller, stopped: int) -> None:
    answer = call.post(f"/instances/{stopped}/retry", by="anna", json={"reason": "próba"})

    assert answer.status_code == 403


def signed_in(client: FlaskClient, login: str) -> FlaskClient:
    client.application.config["WTF_CSRF_ENABLED"] = False
    client.post("/logowanie", data={"login": login, "haslo": PASSWORD})
    return client


def test_the_page_explains_and_leads_on(app: Flask, call: Caller, stopped: int) -> None:
    browser = signed_in(app.test_client(), "administrator")

    page = browser.get(f"/sprawy/{stopped}/zatrzymanie").text
    key = place(call, stopped)
    wrong = browser.post(
        f"/sprawy/{stopped}/zatrzymanie/dane",
        data={"gdzie": key, "nazwa": "kwota", "rodzaj": "number", "wartosc": "dużo", "powod": "x"},
    )
    right = browser.post(
        f"/sprawy/{stopped}/zatrzymanie/dane",
        data={"gdzie": key, "nazwa": "kwota", "rodzaj": "number", "wartosc": "1 500,50", "powod": "x"},
    )
    moved = browser.post(
        f"/sprawy/{stopped}/zatrzymanie/przenies", data={"droga": f"{key} zlec", "powod": "formę wybrano"}
    )

    assert "Sprawa stoi w kroku „Jaka forma?”" in page
    assert wrong.status_code == 422
    assert "Podaj liczbę" in wrong.text
    assert 'value="kwota"' in wrong.text
    assert right.status_code == 302
    assert moved.status_code == 302
    assert call.instance(stopped)["variables"]["kwota"] == 1500.5
    assert [one["element"] for one in call.instance(stopped)["tasks"]] == ["zlec"]


def test_what_the_step_reads_comes_first_and_is_filled_in_for_correction(
    app: Flask, call: Caller, stopped: int
) -> None:
    browser = signed_in(app.test_client(), "administrator")

    page = browser.get(f"/sprawy/{stopped}/zatrzymanie").text
    chosen = browser.get(f"/sprawy/{stopped}/zatrzymanie?dana=forma").text

    read = page.split("Dane, które czyta ten krok")[1].split("</section>")[0]
    assert "<dt>forma</dt><dd>NIEZNANA" in read
    assert "<dt>" not in read.replace("<dt>forma</dt>", "")
    assert ">NIEZNANA</textarea>" in chosen
    assert ">NIEZNANA</textarea>" not in page


def test_a_way_that_fails_again_is_told_on_the_same_page(app: Flask, call: Caller, stopped: int) -> None:
    browser = signed_in(app.test_client(), "administrator")

    way = {"droga": f"{place(call, stopped)} bramka", "powod": "bez nowej oceny"}
    again = browser.post(f"/sprawy/{stopped}/zatrzymanie/przenies", data=way)

    assert again.status_code == 409
    assert "Stamtąd sprawa też nie pójdzie dalej." in again.text
    assert 'value="bez nowej oceny"' in again.text
    assert call.instance(stopped)["state"] == "incident"
