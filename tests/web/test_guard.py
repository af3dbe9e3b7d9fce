"""Every route says who may enter, and lets in just these."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pages_cast
import pytest
from flask import Flask
from pages_cast import CAST, OUTSIDE, Centre, csrf
from werkzeug.routing import Rule

from engine.access import Right
from web.guard import needs, right_of

STAFF = tuple(login for login in CAST if login not in OUTSIDE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was decided for one route.

    Attributes:
        to: who has the right; everybody who signed in when it is `signed`, visitors too when it is `anyone`.
        says: statuses for those who may.
        hides: True for what belongs to a case: people of other institutions get 404.
        only: of those, the ones whose own task it is; the others are refused with 403.
    """

    to: str
    says: tuple[int, ...] = (200,)
    hides: bool = False
    only: tuple[str, ...] = ()


HAVE = {
    "anyone": ("", *CAST),
    "signed": tuple(CAST),
    "start": ("koordynator", "kierownik"),
    "publish": ("kierownik", "administrator"),
    "oversee": ("kierownik", "administrator"),
    "people": ("administrator",),
}
WRITER = ("koordynator",)
PAGES = {
    "absences.cancel": Row(to="signed", says=(404,)),
    "absences.change_end": Row(to="signed", says=(404,)),
    "absences.come_back": Row(to="signed", says=(404,)),
    "absences.enter": Row(to="signed", says=(403, 422)),
    "absences.listing": Row(to="signed"),
    "absences.page": Row(to="signed", says=(404,)),
    "absences.replace_deputy": Row(to="signed", says=(404,)),
    "account.close_feed": Row(to="signed", says=(303,)),
    "account.digest": Row(to="signed", says=(303,)),
    "account.keys": Row(to="signed", says=(302,)),
    "account.open_feed": Row(to="signed"),
    "account.page": Row(to="signed"),
    "account.password": Row(to="signed", says=(422,)),
    "authorisations.add": Row(to="people", says=(422,)),
    "authorisations.listing": Row(to="people"),
    "authorisations.revoke": Row(to="people", says=(302, 404)),
    "calendar.show": Row(to="signed"),
    "bulk.remind_person": Row(to="oversee", says=(302,)),
    "bulk.results": Row(to="oversee", says=(404,)),
    "bulk.run": Row(to="oversee", says=(302,)),
    "deadlines.list_csv": Row(to="oversee"),
    "deadlines.list_pdf": Row(to="oversee"),
    "deadlines.listing": Row(to="oversee"),
    "deadlines.page": Row(to="oversee"),
    "deadlines.summary_csv": Row(to="oversee"),
    "deadlines.summary_pdf": Row(to="oversee"),
    "decisions.listing": Row(to="signed"),
    "decisions.page": Row(to="signed", says=(404,)),
    "definitions.comparison": Row(to="signed", says=(200, 404)),
    "definitions.file": Row(to="signed"),
    "definitions.listing": Row(to="signed"),
    "definitions.page": Row(to="signed"),
    "definitions.retire": Row(to="publish", says=(302,)),
    "feeds.calendar": Row(to="anyone", says=(404,)),
    "duties.change": Row(to="publish", says=(302, 404, 422)),
    "duties.edit": Row(to="publish", says=(200, 404)),
    "duties.page": Row(to="publish"),
    "duties.skip": Row(to="publish", says=(404, 422)),
    "files.download": Row(to="signed", hides=True),
    "files.remove": Row(to="signed", says=(409,), hides=True, only=WRITER),
    "handing_over.hand_over": Row(to="oversee", says=(302,)),
    "handing_over.page": Row(to="oversee"),
    "help.accessibility": Row(to="anyone"),
    "help.home": Row(to="anyone", says=(302,)),
    "help.page": Row(to="signed"),
    "incidents.assign": Row(to="people", says=(404, 409, 422)),
    "incidents.cancel": Row(to="people", says=(403, 422)),
    "incidents.page": Row(to="people", says=(404,)),
    "incidents.retry": Row(to="people", says=(409,)),
    "incidents.skip": Row(to="people", says=(404, 422)),
    "instance.cancel": Row(to="start", says=(422,), hides=True),
    "instance.page": Row(to="signed", hides=True),
    "instance.take_up": Row(to="signed", says=(403, 404)),
    "instance.pdf": Row(to="signed", hides=True),
    "instances.listing": Row(to="signed"),
    "instances.new": Row(to="start"),
    "instances.start": Row(to="start", says=(404, 422)),
    "migrations.page": Row(to="publish", says=(200, 409)),
    "migrations.run": Row(to="publish", says=(200, 409)),
    "migrations.undo": Row(to="publish", says=(404,)),
    "lending.fetch": Row(to="signed", says=(409,), hides=True),
    "lending.give_back": Row(to="signed", says=(409,), hides=True),
    "lending.prioritise": Row(to="signed", says=(302, 403), hides=True),
    "loading.download": Row(to="publish", says=(302, 422)),
    "loading.form": Row(to="publish"),
    "loading.load": Row(to="publish", says=(422,)),
    "loading.look_again": Row(to="publish", says=(302, 422)),
    "loading.publish": Row(to="publish", says=(302, 422)),
    "loading.repair": Row(to="publish", says=(302, 422)),
    "mails.escalation": Row(to="people", says=(422,)),
    "mails.show": Row(to="people"),
    "notices.follow": Row(to="signed", says=(404,)),
    "notices.listing": Row(to="signed"),
    "notices.read_all": Row(to="signed", says=(303,)),
    "people.add": Row(to="people", says=(422,)),
    "people.add_unit": Row(to="people", says=(422,)),
    "people.change": Row(to="people", says=(422,)),
    "people.listing": Row(to="people"),
    "people.new": Row(to="people"),
    "people.page": Row(to="people"),
    "preferences.change": Row(to="people", says=(302, 422)),
    "preferences.page": Row(to="people"),
    "signing.enter": Row(to="anyone", says=(422,)),
    "signing.form": Row(to="anyone", says=(200, 302)),
    "signing.out": Row(to="anyone", says=(302,)),
    "static": Row(to="anyone"),
    "workload.assign": Row(to="oversee", says=(302,)),
    "workload.load": Row(to="oversee"),
    "workload.norms_page": Row(to="oversee"),
    "workload.set_norm": Row(to="oversee", says=(422,)),
    "workload.team": Row(to="oversee"),
    "task_terms.delay": Row(to="signed", says=(403, 422), hides=True),
    "task_terms.follow_up": Row(to="signed", says=(302, 403), hides=True, only=WRITER),
    "task_terms.letter": Row(to="signed", says=(404,), hides=True),
    "task_terms.letter_pdf": Row(to="signed", says=(404,), hides=True),
    "task_terms.notice": Row(to="signed", says=(200, 403), hides=True),
    "task_terms.page": Row(to="signed", says=(200, 403), hides=True),
    "task_terms.postpone": Row(to="signed", says=(403, 409, 422), hides=True),
    "task_terms.resume": Row(to="signed", says=(403, 409, 422), hides=True),
    "task_terms.suspend": Row(to="signed", says=(403, 409, 422), hides=True),
    "task.claim": Row(to="signed", says=(302,), hides=True, only=WRITER),
    "task.complete": Row(to="signed", says=(422,), hides=True, only=WRITER),
    "task.delegate": Row(to="signed", says=(403,), hides=True, only=WRITER),
    "task.draft": Row(to="signed", says=(200,), hides=True, only=WRITER),
    "task.page": Row(to="signed", hides=True),
    "task.pdf": Row(to="signed", hides=True),
    "task.print_page": Row(to="signed", hides=True),
    "task.release": Row(to="signed", says=(302, 409), hides=True, only=WRITER),
    "tasks.mine": Row(to="signed"),
    "terms.add_free_day": Row(to="people", says=(422,)),
    "terms.calculator": Row(to="signed"),
    "terms.drop_free_day": Row(to="people", says=(404, 422)),
    "terms.enter": Row(to="people", says=(422,)),
    "terms.rules": Row(to="people"),
    "terms.set_hours": Row(to="people", says=(422,)),
    "terms.withdraw": Row(to="people", says=(404,)),
}
CALLS = {
    "api_decisions.check": Row(to="publish", says=(200, 400, 422)),
    "api_decisions.listing": Row(to="signed"),
    "api_decisions.one": Row(to="signed", says=(404,)),
    "api_decisions.publish": Row(to="publish", says=(400, 422)),
    "api_definitions.check": Row(to="publish", says=(200, 400, 422)),
    "api_definitions.listing": Row(to="signed"),
    "api_definitions.one": Row(to="signed"),
    "api_definitions.publish": Row(to="publish", says=(400, 422)),
    "api_description.document": Row(to="anyone"),
    "api_forms.publish": Row(to="publish", says=(400, 422)),
    "api_health.health": Row(to="anyone"),
    "api_incidents.assign": Row(to="people", says=(400, 415, 422)),
    "api_incidents.cancel": Row(to="signed", says=(400, 415, 422)),
    "api_incidents.one": Row(to="people", says=(404,)),
    "api_incidents.retry": Row(to="people", says=(400, 415, 422)),
    "api_incidents.skip": Row(to="people", says=(400, 415, 422)),
    "api_instances.close": Row(to="signed", says=(404,)),
    "api_instances.one": Row(to="signed", hides=True),
    "api_instances.take_up": Row(to="signed", says=(404,)),
    "api_instances.start": Row(to="start", says=(400, 415, 422)),
    "api_journal.of_instance": Row(to="signed", says=(422,)),
    "api_messages.deliver": Row(to="start", says=(400, 415, 422)),
    "api_migrations.migrate": Row(to="publish", says=(422,)),
    "api_migrations.plan": Row(to="publish"),
    "api_migrations.undo": Row(to="publish", says=(409,)),
    "api_overdue.listing": Row(to="oversee"),
    "api_tasks.claim": Row(to="signed", hides=True, only=WRITER),
    "api_tasks.complete": Row(to="signed", says=(400, 422), hides=True, only=WRITER),
    "api_tasks.delegate": Row(to="signed", says=(422,)),
    "api_tasks.listing": Row(to="signed"),
    "api_tasks.one": Row(to="signed", hides=True),
    "api_tasks.release": Row(to="signed", says=(200, 409), hides=True, only=WRITER),
}
DECIDED = {**PAGES, **CALLS}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


def silent(app: Flask) -> list[str]:
    """Routes whose view does not say who may enter."""
    return sorted(rule.endpoint for rule in app.url_map.iter_rules() if right_of(app, rule.endpoint) is None)


def undecided(app: Flask) -> list[str]:
    """Routes for which this file has no row, and rows without a route."""
    return sorted({rule.endpoint for rule in app.url_map.iter_rules()} ^ set(DECIDED))


def test_every_view_says_who_may_enter_and_has_a_row_here(centre: Centre) -> None:
    assert silent(centre.app) == []
    assert undecided(centre.app) == []


def test_a_view_that_says_nothing_is_found_and_opens_to_nobody(centre: Centre) -> None:
    centre.app.add_url_rule("/tylne-drzwi", "back.door", lambda: "tajne")

    assert silent(centre.app) == ["back.door"]
    assert undecided(centre.app) == ["back.door"]
    for login in ("", *CAST):
        assert centre.browser(login).get("/tylne-drzwi").status_code == 404


def test_a_view_that_asks_for_too_little_is_seen_by_the_matrix(centre: Centre) -> None:
    centre.app.view_functions["people.listing"] = needs(Right.SIGNED_IN)(lambda: "wszyscy")

    assert any("people.listing" in one for one in wrong(centre, "socjalny"))


@pytest.mark.parametrize("login", ["", *CAST], ids=lambda login: login or "nobody")
def test_every_route_answers_every_actor_as_decided(centre: Centre, login: str) -> None:
    assert wrong(centre, login) == []


def wrong(centre: Centre, login: str) -> list[str]:
    """Where the answer to one actor is not the decided one."""
    found = []
    rules = sorted(
        centre.app.url_map.iter_rules(), key=lambda rule: (rule.endpoint.startswith("signing"), rule.endpoint)
    )
    for rule in rules:
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            status, target = ask(centre, rule, method, login)
            if status not in decided(DECIDED[rule.endpoint], rule, login) or (status == 302 and not inside(target)):
                found.append(f"{login or 'nobody'}: {method} {rule.endpoint} → {status} {target}")
            if status == 302 and login == "" and DECIDED[rule.endpoint].to != "anyone":
                found += [] if target.startswith("/logowanie") else [f"{rule.endpoint} leads to {target}"]
    return found


def decided(row: Row, rule: Rule, login: str) -> tuple[int, ...]:
    if login not in HAVE[row.to]:
        return ((401,) if rule.rule.startswith("/api/") else (302,)) if login == "" else (403,)
    if row.hides and login in OUTSIDE:
        return (404,)
    return (403,) if row.only and login not in row.only else row.says


def ask(centre: Centre, rule: Rule, method: str, login: str) -> tuple[int, str]:
    values = {
        "instance": centre.foreign,
        "task": centre.open,
        "attachment": centre.attachment,
        "authorisation": 1,
        "duty": 1,
        "occurrence": 1,
        "person": centre.people["socjalny"],
        "absence": 1,
        "key": "wewnetrzna",
        "notice": 1,
        "secret": "nieznany",
        "version": 1,
        "change": 1,
        "element": "nieznana",
        "filename": "dist/theme.css",
    }
    with centre.app.test_request_context():
        path = str(
            centre.app.url_map.bind("localhost").build(rule.endpoint, {n: values[n] for n in rule.arguments}, method)
        )
    if rule.rule.startswith("/api/"):
        headers = {"Authorization": f"Bearer {centre.token(login)}"} if login else {}
        said = centre.app.test_client().open(path, method=method, headers=headers)
    else:
        client = centre.browser(login)
        form = {"csrf_token": csrf(client, "/pomoc" if login else "/logowanie")} if method == "POST" else None
        said = client.open(path, method=method, data=form)
    return said.status_code, said.headers.get("Location", "")


def inside(target: str) -> bool:
    return target.startswith("/") and not target.startswith("//")


@pytest.mark.parametrize("login", OUTSIDE)
def test_people_of_other_institutions_open_nothing_of_a_foreign_case(centre: Centre, login: str) -> None:
    client = centre.browser(login)
    paths = [
        f"/sprawy/{centre.foreign}",
        f"/sprawy/{centre.foreign}/wydruk.pdf",
        f"/zadania/{centre.done}",
        f"/zadania/{centre.open}",
        f"/zadania/{centre.done}/wydruk",
        f"/zadania/{centre.done}/dokument.pdf",
        f"/pliki/{centre.attachment}",
    ]

    told = {path: client.get(path) for path in paths}

    assert {path: one.status_code for path, one in told.items()} == dict.fromkeys(paths, 404)
    assert not any("Tajna" in one.text or "Obca sprawa" in one.text for one in told.values())


@pytest.mark.parametrize("login", OUTSIDE)
@pytest.mark.parametrize(
    "path", ["/zadania", "/zadania?pokaz=team", "/sprawy", "/sprawy?szukaj=Obca", "/zadania?szukaj=list"]
)
def test_no_list_shows_a_foreign_case_to_people_of_other_institutions(centre: Centre, login: str, path: str) -> None:
    page = centre.browser(login).get(path)

    assert page.status_code == 200
    assert "Obca sprawa" not in page.text


def test_those_who_take_part_and_the_staff_do_see_theirs(centre: Centre) -> None:
    assert centre.browser("ngo").get(f"/sprawy/{centre.shared}").status_code == 200
    assert "Wspólna sprawa" in centre.browser("ngo").get("/zadania").text
    assert centre.browser("pup").get(f"/sprawy/{centre.shared}").status_code == 404
    assert "Tajna" in centre.browser("wojt").get(f"/sprawy/{centre.foreign}").text


def test_what_does_not_exist_and_what_may_not_be_seen_look_the_same(centre: Centre) -> None:
    client = centre.browser("ngo")

    for real, unreal in ((f"/sprawy/{centre.foreign}", "/sprawy/99999"), (f"/zadania/{centre.open}", "/zadania/99999")):
        assert without_token(client.get(real).text) == without_token(client.get(unreal).text)


def without_token(page: str) -> str:
    """The page apart from the token of its forms, which changes with every second."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)
