"""Programs try, move and take back migrations of running cases."""

from __future__ import annotations

from typing import Any

import pytest
from web_cast import END, KOORDYNATOR, START, Caller, diagram, flows


def steps(*names: str) -> str:
    made = "".join(f'<bpmn:userTask id="{name}" name="Krok {name}"/>' for name in names)
    return diagram("droga", {KOORDYNATOR: " ".join(names)}, START + made + END + flows("start", *names, "koniec"))


@pytest.fixture
def on_the_way(call: Caller) -> int:
    """A case that stands on the first of two steps, and a version without it."""
    call.publish(steps("a", "b"))
    instance = call.start("droga")
    call.publish(steps("b"))
    return instance


def names(call: Caller, instance: int) -> list[str]:
    return [one["element"] for one in call.instance(instance)["tasks"]]


def test_a_trial_tells_colour_reason_and_choices_and_changes_nothing(call: Caller, on_the_way: int) -> None:
    before = call.instance(on_the_way)

    answer = call.post("/definitions/droga/1/migration", json={"to": 2}, by="krystyna")

    assert answer.status_code == 200
    (row,) = answer.json["items"]
    assert (row["instance"], row["colour"], row["tasks"]) == (on_the_way, "red", [])
    (reason,) = row["reasons"]
    assert (reason["element"], reason["name"]) == ("a", "Krok a")
    assert "usunięto" in reason["message"]
    (choice,) = row["choices"]
    assert (choice["step"], choice["targets"]) == ("droga/a", [{"step": "droga/b", "name": "Krok b"}])
    assert call.instance(on_the_way) == before


def test_a_case_is_moved_with_a_mapping_and_back(call: Caller, on_the_way: int) -> None:
    said: dict[str, Any] = {"version": 2, "reason": "Nowe zarządzenie"}
    task = call.task(on_the_way)

    refused = call.post(f"/instances/{on_the_way}/migrate", json=said, by="krystyna")
    moved = call.post(f"/instances/{on_the_way}/migrate", json={**said, "mapping": {"a": "b"}}, by="krystyna")
    there = names(call, on_the_way)
    back = call.post(f"/instances/{on_the_way}/migrate/undo", by="krystyna")

    assert (refused.status_code, moved.status_code, back.status_code) == (409, 200, 200)
    assert "„Krok a”: Krok, na którym sprawa stoi, usunięto" in refused.json["message"]
    assert moved.json["definition"]["version"] == 2
    assert [one["id"] for one in moved.json["tasks"]] == [task]
    assert (there, names(call, on_the_way)) == (["b"], ["a"])
    assert call.instance(on_the_way)["definition"]["version"] == 1
    deeds = [one["deed"] for one in call.get(f"/journal?instance={on_the_way}").json["items"]]
    assert deeds == ["start", "migrate", "undo"]


def test_a_repeated_request_moves_once(call: Caller, on_the_way: int) -> None:
    said = {"version": 2, "reason": "Nowe zarządzenie", "mapping": {"a": "b"}}

    answers = [call.post(f"/instances/{on_the_way}/migrate", json=said, key="k1") for _ in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert (
        len([one for one in call.get(f"/journal?instance={on_the_way}").json["items"] if one["deed"] == "migrate"]) == 1
    )


@pytest.mark.parametrize(
    "said",
    [
        {"reason": "Powód"},
        {"version": 2},
        {"version": 2, "reason": " "},
        {"version": 2, "reason": "x" * 501},
        {"version": 0, "reason": "Powód"},
        {"version": 2, "reason": "Powód", "mapping": {"a": 1}},
        {"version": 2, "reason": "Powód", "mapping": {"a": "b" * 300}},
        {"version": 2, "reason": "Powód", "dokad": "b"},
    ],
)
def test_what_does_not_fit_is_refused_field_by_field(call: Caller, on_the_way: int, said: dict[str, Any]) -> None:
    answer = call.post(f"/instances/{on_the_way}/migrate", json=said)

    assert answer.status_code == 422
    assert answer.json["errors"]
    assert names(call, on_the_way) == ["a"]


def test_only_the_kierownik_and_the_administrator_may(call: Caller, on_the_way: int) -> None:
    said = {"version": 2, "reason": "Powód", "mapping": {"a": "b"}}
    calls = (
        ("/definitions/droga/1/migration", {"to": 2}),
        (f"/instances/{on_the_way}/migrate", said),
        (f"/instances/{on_the_way}/migrate/undo", {}),
    )

    for login in ("anna", "wojciech", "patrycja"):
        assert [call.post(path, json=body, by=login).status_code for path, body in calls] == [403, 403, 403]
    answers = [call.post(path, json=body, by="administrator").status_code for path, body in calls]

    assert answers == [200, 200, 200]


def test_unknown_cases_and_versions_are_not_found(call: Caller, on_the_way: int) -> None:
    said = {"version": 7, "reason": "Powód"}

    assert call.post("/instances/999/migrate", json={**said, "version": 2}).status_code == 404
    assert call.post(f"/instances/{on_the_way}/migrate", json=said).status_code == 404
    assert call.post("/definitions/droga/7/migration", json={"to": 2}).status_code == 404
    assert call.post("/definitions/nieznany/1/migration", json={}).status_code == 404
    assert call.post(f"/instances/{on_the_way}/migrate/undo").status_code == 409
