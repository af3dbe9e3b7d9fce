"""What an ad-hoc sub-process offers is begun from the case page, by whom it belongs to, and ended there."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from web_cast import END, KOORDYNATOR, PASSWORD, SOCJALNY, START, Caller, diagram, flows

ADVICE = diagram(
    "poradnictwo",
    {KOORDYNATOR: "wsparcie porada", SOCJALNY: "wizyta"},
    START
    + '<bpmn:adHocSubProcess id="wsparcie" name="Wsparcie w każdej chwili">'
    + '<bpmn:userTask id="porada" name="Udziel porady prawnej"><bpmn:documentation>Zapisz, o co pytano.\n'
    + "Źródło: projekt własny</bpmn:documentation></bpmn:userTask>"
    + '<bpmn:userTask id="wizyta" name="Odwiedź rodzinę"/></bpmn:adHocSubProcess>'
    + END
    + flows("start", "wsparcie", "koniec"),
)


def browser(app: Flask, login: str) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/logowanie", data={"login": login, "haslo": PASSWORD})
    return client


def test_a_coordinator_begins_what_is_offered_as_often_as_needed(app: Flask, call: Caller) -> None:
    call.publish(ADVICE)
    case = call.start("poradnictwo")
    anna = browser(app, "anna")

    page = anna.get(f"/sprawy/{case}").text
    begun = anna.post(f"/sprawy/{case}/czynnosci/porada")
    twice = anna.post(f"/sprawy/{case}/czynnosci/porada")
    open_now = [one["element"] for one in call.instance(case)["tasks"]]

    assert "W każdej chwili" in page
    assert "Zapisz, o co pytano." in page
    assert page.count(">Rozpocznij<span") == 2
    assert (begun.status_code, twice.status_code) == (302, 302)
    assert open_now == ["porada", "porada"]


def test_a_social_worker_begins_only_what_is_hers(app: Flask, call: Caller) -> None:
    call.publish(ADVICE)
    case = call.start("poradnictwo")
    pawel = browser(app, "pawel")

    page = pawel.get(f"/sprawy/{case}").text
    own = pawel.post(f"/sprawy/{case}/czynnosci/wizyta")
    other = pawel.post(f"/sprawy/{case}/czynnosci/porada")

    assert page.count(">Rozpocznij<span") == 1
    assert own.status_code == 302
    assert other.status_code == 403


def test_an_ended_sub_process_lets_the_case_go_on(app: Flask, call: Caller) -> None:
    call.publish(ADVICE)
    case = call.start("poradnictwo")
    anna = browser(app, "anna")

    ended = anna.post(f"/sprawy/{case}/czynnosci/wsparcie", data={"zakoncz": "1"})

    assert ended.status_code == 302
    assert call.instance(case)["state"] == "completed"
    assert "W każdej chwili" not in anna.get(f"/sprawy/{case}").text
