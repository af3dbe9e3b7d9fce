"""Pages say which item a task of a round is about."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from web_cast import END, KOORDYNATOR, PASSWORD, START, Caller, diagram, flows

FAMILIES = diagram(
    "rodziny",
    {KOORDYNATOR: "wizyta"},
    START
    + '<bpmn:userTask id="wizyta" name="Odwiedź rodzinę"><bpmn:multiInstanceLoopCharacteristics>'
    + '<bpmn:loopDataInputRef>rodziny</bpmn:loopDataInputRef><bpmn:inputDataItem id="rodzina" name="rodzina"/>'
    + "</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    + END
    + flows("start", "wizyta", "koniec"),
)


def browser(app: Flask, login: str) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/logowanie", data={"login": login, "haslo": PASSWORD})
    return client


def test_page_and_list_say_whom_a_task_is_about(app: Flask, call: Caller) -> None:
    call.publish(FAMILIES)
    case = call.start("rodziny", rodziny=["Zmyśleni <b>", {"id": 7}])
    anna = browser(app, "anna")
    first, second = (anna.get(f"/zadania/{one['id']}").text for one in call.instance(case)["tasks"])

    tasks = "".join(anna.get(f"/zadania?{one}", follow_redirects=True).text for one in ("", "pokaz=team"))

    assert "Dotyczy: <strong>Zmyśleni &lt;b&gt;</strong>" in first
    assert "Dotyczy: <strong>pozycja 2 z 2</strong>" in second
    assert "Odwiedź rodzinę – Zmyśleni &lt;b&gt;</a>" in tasks
