"""Each call of the API does what its description says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import Place
from web_cast import KIEROWNIK, KOORDYNATOR, LETTER, NOTE, NOTE_FORM, PLAIN, Actor, Caller

from engine.bootstrap import Parts
from engine.settings import Settings
from engine.store.files import Files
from web.app import create


def test_a_published_file_gets_the_next_version_and_the_same_file_keeps_its_own(call: Caller) -> None:
    first = call.post("/definitions", data=PLAIN.encode())
    same = call.post("/definitions", data=PLAIN.encode())
    changed = call.post("/definitions", data=PLAIN.replace("Sprawdź wniosek", "Zbadaj wniosek").encode())

    assert (first.status_code, first.json["key"], first.json["version"]) == (201, "prosty", 1)
    assert same.json == first.json
    assert (changed.json["version"], changed.json["id"] != first.json["id"]) == (2, True)


def test_a_refused_file_is_answered_with_its_problems(call: Caller) -> None:
    refused = call.post("/definitions", data=PLAIN.replace(KOORDYNATOR, "Nieznana rola").encode())

    assert refused.status_code == 422
    (problem,) = [one for one in refused.json["problems"] if one["severity"] == "error"]
    assert problem["element"] == "sprawdz"
    assert problem["line"] == 2
    assert call.get("/definitions").json == {"items": []}


def test_the_check_says_the_same_problems_and_keeps_nothing(call: Caller) -> None:
    bad = call.post("/definitions/check", data=PLAIN.replace(KOORDYNATOR, "Nieznana rola").encode())
    good = call.post("/definitions/check", data=PLAIN.encode())

    assert (bad.status_code, good.status_code) == (200, 200)
    assert [one["severity"] for one in bad.json["problems"]].count("error") == 1
    assert {one["severity"] for one in good.json["problems"]} <= {"warning"}
    assert call.get("/definitions").json == {"items": []}


def test_a_definition_is_told_as_json_and_given_back_as_the_very_file(office: Caller) -> None:
    listed = office.get("/definitions").json["items"]
    told = office.get("/definitions/notatka/1").json
    file = office.get("/definitions/notatka/1", headers={"Accept": "application/xml"})

    assert [one["key"] for one in listed] == ["notatka", "opinia", "prosty"]
    assert (told["name"], told["version"]) == ("Proces notatka", 1)
    assert [one["id"] for one in told["elements"]] == ["start", "napisz", "odnotuj", "podpisz", "koniec"]
    assert [(one["element"], one["role"], one["form"]) for one in told["tasks"]] == [
        ("napisz", KOORDYNATOR, "notatka"),
        ("podpisz", KIEROWNIK, None),
    ]
    assert file.mimetype == "application/xml"
    assert file.data == NOTE.encode()


def test_a_form_is_published_once_per_text_and_under_its_own_key(call: Caller) -> None:
    first = call.post("/forms/notatka", data=NOTE_FORM.encode())
    same = call.post("/forms/notatka", data=NOTE_FORM.encode())
    other_key = call.post("/forms/inny", data=NOTE_FORM.encode())
    broken = call.post("/forms/notatka", data=NOTE_FORM.replace('"text"', '"nieznany"').encode())

    assert (first.status_code, first.json) == (201, {"key": "notatka", "version": 1})
    assert same.json == first.json
    assert other_key.status_code == 422
    assert "notatka" in other_key.json["problems"][0]["message"]
    assert broken.status_code == 422
    assert broken.json["problems"][0]["line"] == 4


def test_a_case_goes_from_start_to_end_with_its_steps_in_order(office: Caller) -> None:
    started = office.post("/instances", json={"definition": "notatka", "title": "Notatka o usłudze"}, by="anna")
    id = started.json["id"]
    written = office.post(f"/tasks/{office.task(id)}/complete", json={"answers": {"tresc": "Opis"}}, by="anna")
    signed = office.post(f"/tasks/{office.task(id)}/complete", json={"answers": {}}, by="krystyna")
    found = office.instance(id)

    assert started.status_code == 201
    assert (written.status_code, written.json["instance"], written.json["finished"]) == (200, id, False)
    assert [one["name"] for one in written.json["next"]] == ["Podpisz notatkę"]
    assert signed.json == {"instance": id, "finished": True, "next": []}
    assert (found["state"], found["title"], found["number"]) == (
        "completed",
        "Notatka o usłudze",
        started.json["number"],
    )
    assert found["definition"] == {"key": "notatka", "version": 1}
    assert found["variables"]["tresc"] == "Opis"
    assert [one["element"] for one in found["steps"]] == ["start", "napisz", "odnotuj", "podpisz", "koniec"]
    assert [one["by"] for one in found["steps"]][1::2] == ["Anna Zmyślona", "Krystyna Zmyślona"]
    assert all(one["state"] == "done" and one["left_at"] for one in found["steps"])
    assert (found["tasks"], found["deadlines"], found["incident"]) == ([], [], None)


def test_a_start_may_name_the_version_and_bring_variables(office: Caller) -> None:
    office.publish(PLAIN.replace("Sprawdź wniosek", "Zbadaj wniosek"))

    old = office.post("/instances", json={"definition": "prosty", "version": 1, "variables": {"gmina": "Łódź"}})
    new = office.start("prosty")
    absent = office.post("/instances", json={"definition": "prosty", "version": 9})

    assert office.instance(old.json["id"])["definition"]["version"] == 1
    assert office.instance(old.json["id"])["variables"]["gmina"] == "Łódź"
    assert office.instance(new)["definition"]["version"] == 2
    assert absent.status_code == 404


def test_a_task_tells_its_form_as_json_schema(office: Caller) -> None:
    id = office.start("notatka")

    told = office.get(f"/tasks/{office.task(id)}", by="anna").json
    listed = office.get(f"/tasks?instance={id}").json["items"]
    term = told.pop("term")

    assert told["form"]["schema"]["required"] == ["tresc"]
    assert (told["form"]["key"], told["form"]["version"]) == ("notatka", 1)
    assert listed == [{**told, "form": "notatka"}]
    assert told["due_at"] is not None
    assert (term["rule"], term["statutory"], term["statutory_end"]) == ("14 dni", False, told["due_at"])
    assert term["reminder"] < term["target"] < term["statutory_end"]
    assert term["explanation"].startswith("14 dni: od ")


def test_an_instance_tells_why_its_tasks_are_due(office: Caller) -> None:
    told = office.instance(office.start("notatka"))

    kinds = {one["kind"]: one for one in told["deadlines"]}
    assert kinds["late"]["due_at"] == told["tasks"][0]["due_at"]
    assert kinds["late"]["task"] == kinds["remind"]["task"] == told["tasks"][0]["id"]
    assert kinds["late"]["explanation"].startswith("14 dni: od ")


def test_a_task_is_claimed_released_delegated_and_kept_from_others(office: Caller, people: dict[str, Actor]) -> None:
    task = office.task(office.start("prosty"))

    claimed = office.post(f"/tasks/{task}/claim", by="anna")
    taken = office.post(f"/tasks/{task}/claim", by="olga")
    not_hers = office.post(f"/tasks/{task}/complete", json={"answers": {}}, by="olga")
    released = office.post(f"/tasks/{task}/release", by="anna")
    delegated = office.post(f"/tasks/{task}/delegate", json={"to": "olga"}, by="anna")
    impossible = office.post(f"/tasks/{task}/delegate", json={"to": "pawel"}, by="olga")

    assert (claimed.status_code, claimed.json["person"]) == (200, "anna")
    assert (taken.status_code, not_hers.status_code) == (409, 409)
    assert people["anna"].name in taken.json["message"]
    assert (released.status_code, released.json["person"]) == (200, None)
    assert (delegated.status_code, delegated.json["person"]) == (200, "olga")
    assert impossible.status_code == 403


def test_answers_that_do_not_fit_are_named_field_by_field(office: Caller) -> None:
    task = office.task(office.start("notatka"))

    refused = office.post(f"/tasks/{task}/complete", json={"answers": {"liczba": 0}}, by="anna")

    assert refused.status_code == 422
    assert {one["field"] for one in refused.json["errors"]} == {"tresc", "liczba"}
    assert office.get(f"/tasks/{task}").json["state"] == "open"


def test_lists_of_tasks_are_filtered_by_role_person_case_and_time(office: Caller) -> None:
    note, plain = office.start("notatka"), office.start("prosty")
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    later = (datetime.now(UTC) + timedelta(days=60)).isoformat()

    def instances(query: str, by: str = "krystyna") -> list[int]:
        return sorted(one["instance"] for one in office.get(f"/tasks?{query}", by=by).json["items"])

    assert instances("") == [note, plain]
    assert instances(f"instance={plain}") == [plain]
    assert instances(f"role={KOORDYNATOR}") == [note, plain]
    assert instances(f"role={KIEROWNIK}") == []
    assert instances("mine=1") == []
    assert instances("mine=1", by="anna") == [note, plain]
    assert instances("overdue=1") == []
    assert instances(f"due_before={soon}") == []
    assert instances(f"due_before={later}") == [note]


def test_pages_of_tasks_come_without_gap_or_repetition(office: Caller) -> None:
    started = [office.start("prosty") for _ in range(5)]
    seen: list[int] = []
    cursor: str | None = ""

    while cursor is not None:
        page = office.get(f"/tasks?limit=2&cursor={cursor}").json
        seen += [one["instance"] for one in page["items"]]
        cursor = page["next"]

    assert sorted(seen) == started


def test_a_message_reaches_the_cases_whose_variables_fit(call: Caller) -> None:
    call.publish(LETTER)
    one, other = call.start("pismo", nr=1), call.start("pismo", nr=2)
    letter = {"name": "wpłynęło pismo", "correlation": {"nr": 2}, "payload": {"rodzaj": "skarga"}}

    sent = call.post("/messages", json=letter)
    again = call.post("/messages", json=letter)

    assert (sent.status_code, sent.json) == (202, {"instances": [other]})
    assert call.instance(other)["variables"]["rodzaj"] == "skarga"
    assert [one["element"] for one in call.instance(other)["tasks"]] == ["czytaj"]
    assert call.instance(one)["tasks"] == []
    assert again.status_code == 404


def test_a_message_that_one_case_cannot_follow_stops_that_case_alone(call: Caller) -> None:
    call.publish(LETTER)
    stuck, fine = call.start("pismo"), call.start("pismo", rodzaj="skarga")

    sent = call.post("/messages", json={"name": "wpłynęło pismo"})

    assert sent.json == {"instances": [stuck, fine]}
    assert call.instance(stuck)["state"] == "incident"
    assert call.instance(stuck)["incident"]["element"] == "jakie"
    assert call.instance(fine)["state"] == "running"


def test_the_journal_tells_who_did_what(office: Caller) -> None:
    id = office.start("prosty")
    office.post(f"/tasks/{office.task(id)}/complete", json={"answers": {}}, by="anna")

    entries = office.get(f"/journal?instance={id}", by="krystyna").json["items"]

    assert [one["deed"] for one in entries] == ["start", "complete"]
    assert entries[1]["by"] == "Anna Zmyślona"
    assert entries[1]["element"] == "sprawdz"


def test_a_sign_of_life_needs_no_token(call: Caller) -> None:
    answer = call.get("/healthz", by="")

    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert answer.json["version"]


def test_without_its_database_the_system_says_so(sqlite_place: Place, tmp_path: Path) -> None:
    database = sqlite_place.open()
    settings = Settings(data=tmp_path)
    app = create(Parts(settings=settings, database=database, files=Files(settings.attachments), secret=bytes(32)))
    database.close()
    Path(sqlite_place.url.removeprefix("sqlite:///")).unlink()

    health = app.test_client().get("/healthz")
    call = app.test_client().get("/api/v1/tasks", headers={"Authorization": "Bearer bieg_x"})

    assert (health.status_code, health.json["status"]) == (503, "unavailable")
    assert (call.status_code, call.json["code"]) == (503, "unavailable")


def test_a_task_of_another_institution_is_completed_by_its_people(office: Caller) -> None:
    id = office.start("opinia")

    done = office.post(f"/tasks/{office.task(id)}/complete", json={"answers": {}}, by="patrycja")

    assert done.json["finished"] is True


def test_a_start_that_failed_leaves_nothing_behind_for_the_next_one(office: Caller) -> None:
    office.publish(
        LETTER.replace("<bpmn:intermediateCatchEvent", "<bpmn:task")
        .replace("</bpmn:intermediateCatchEvent", "</bpmn:task")
        .replace('<bpmn:messageEventDefinition id="d" messageRef="m"/>', "")
    )

    failed = office.post("/instances", json={"definition": "pismo"})
    next_one = office.instance(office.start("prosty"))

    assert (failed.status_code, failed.json["errors"][0]["field"]) == (422, "variables")
    assert [one["element"] for one in next_one["steps"]] == ["start", "sprawdz"]
    assert next_one["number"].endswith("/0001")
