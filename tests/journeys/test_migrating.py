"""A kierownik moves running cases to a new version of their process: sees, chooses, runs, takes back."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from office import Office
from playwright.sync_api import expect
from visitor import Visitor

from engine.actions import definitions, instances
from engine.model import Instance
from engine.store import instances as instance_rows
from web.pages import migrations

Enter = Callable[..., Visitor]
LANE = "Koordynator usług pomocy społecznej"
NAMES = {"pytanie": "Zebranie pytań", "odpowiedz": "Przygotowanie odpowiedzi", "kontrola": "Kontrola odpowiedzi"}


def diagram(*names: str, extra: str = "") -> bytes:
    tasks = "".join(f'<bpmn:userTask id="{name}" name="{NAMES[name]}{extra}"/>' for name in names)
    ways = ["start", *names, "koniec"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="{one}_{two}" sourceRef="{one}" targetRef="{two}"/>'
        for one, two in itertools.pairwise(ways)
    )
    refs = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in ways)
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:bieg:proba">'
        '<bpmn:process id="zapytania" name="Zapytania mieszkańców" isExecutable="true"><bpmn:laneSet id="tory">'
        f'<bpmn:lane id="tor" name="{LANE}">{refs}</bpmn:lane></bpmn:laneSet><bpmn:startEvent id="start"/>{tasks}'
        f'<bpmn:endEvent id="koniec"/>{flows}</bpmn:process></bpmn:definitions>'
    ).encode()


@pytest.fixture
def cases(new_office: Office) -> list[Instance]:
    """Three cases on version 1; version 2 puts a control ahead of them, version 3 has lost their step."""
    with new_office.parts.database.work() as work:
        by = new_office.person("koordynator")
        definitions.publish(work, None, diagram("pytanie", "odpowiedz"))
        made = [instances.start(work, by, "zapytania", title=f"Zapytanie {number}") for number in range(1, 4)]
        definitions.publish(work, None, diagram("pytanie", "odpowiedz", "kontrola"))
        definitions.publish(work, None, diagram("odpowiedz", "kontrola"))
    return made


def version(office: Office, case: Instance) -> int:
    with office.parts.database.look() as work:
        return instance_rows.get(work, case.id).definition_version


@pytest.mark.parametrize("width", [1366, 390])
def test_cases_are_chosen_moved_and_moved_back(
    new_office: Office, cases: list[Instance], enter: Enter, width: int
) -> None:
    visitor = enter(new_office, "kierownik", viewport={"width": width, "height": 900})
    page = visitor.page
    visitor.open("/procesy/zapytania")
    with page.expect_navigation():
        page.get_by_role("link", name="Przenieś sprawy na nową wersję").click()

    # Version 3 lacks the step on which they stand: it is named, and nothing can be ticked.
    expect(page.get_by_text("nie można").first).to_be_visible()
    expect(page.get_by_text("Krok, na którym sprawa stoi, usunięto").first).to_be_visible()
    expect(page.get_by_role("checkbox")).to_have_count(0)
    assert visitor.violations() == []
    assert visitor.overflow() == 0
    visitor.shot(f"przenoszenie-{width}-nie-mozna")

    # With a step named for it they can, knowing what happens.
    page.get_by_label("Zebranie pytań").select_option(label="Przygotowanie odpowiedzi")
    visitor.press("Sprawdź z tymi krokami")
    expect(page.get_by_text("można, ze zmianą")).to_have_count(3)
    expect(page.get_by_text("Sprawa stanie na kroku „Przygotowanie odpowiedzi”.").first).to_be_visible()
    page.get_by_role("checkbox", name=f"Przenieś sprawę {cases[0].number}").check()
    page.get_by_label("Powód").fill("Zmiana regulaminu")
    assert visitor.violations() == []
    visitor.shot(f"przenoszenie-{width}-wybor")
    visitor.press("Przenieś sprawy")
    expect(page.get_by_role("status").filter(has_text="Przeniesione sprawy: 1")).to_be_visible()
    assert [version(new_office, one) for one in cases] == [3, 1, 1]

    # On version 2 the rest is green and ticked already.
    page.get_by_label("Na wersję").select_option("2")
    visitor.press("Pokaż")
    ticked = page.get_by_role("checkbox")
    expect(ticked).to_have_count(2)
    assert all(ticked.nth(number).is_checked() for number in range(2))
    page.get_by_label("Powód").fill("Kontrola odpowiedzi")
    visitor.press("Przenieś sprawy")
    assert [version(new_office, one) for one in cases] == [3, 2, 2]
    assert visitor.violations() == []
    visitor.shot(f"przenoszenie-{width}-wynik")

    # One of them is taken back.
    visitor.press(f"Cofnij przeniesienie sprawy {cases[1].number}")
    expect(page.get_by_role("status").filter(has_text="Przeniesienie cofnięto")).to_be_visible()
    assert [version(new_office, one) for one in cases] == [3, 1, 2]


def test_without_a_reason_or_a_case_the_page_says_so(new_office: Office, cases: list[Instance], enter: Enter) -> None:
    visitor = enter(new_office, "kierownik", java_script_enabled=False)
    page = visitor.page
    visitor.open("/procesy/zapytania/przenoszenie?z=1&na=2")

    page.get_by_role("checkbox").first.uncheck()
    page.eval_on_selector("#powod", "field => field.removeAttribute('required')")
    visitor.press("Przenieś sprawy")
    expect(page.get_by_role("alert").get_by_role("link", name="Podaj powód przeniesienia")).to_be_visible()
    assert [one.is_checked() for one in page.get_by_role("checkbox").all()] == [False, True, True]
    for one in page.get_by_role("checkbox").all():
        one.uncheck()
    page.get_by_label("Powód").fill("Kontrola")
    visitor.press("Przenieś sprawy")

    expect(page.get_by_role("alert").get_by_text("Zaznacz co najmniej jedną sprawę.")).to_be_visible()
    assert [version(new_office, one) for one in cases] == [1, 1, 1]


def test_many_cases_are_moved_in_parts_that_can_be_stopped(
    new_office: Office, cases: list[Instance], enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "PART", 0.0)  # one case a part
    visitor = enter(new_office, "kierownik", java_script_enabled=False)
    page = visitor.page
    visitor.open("/procesy/zapytania/przenoszenie?z=1&na=2")
    page.get_by_label("Powód").fill("Kontrola")

    visitor.press("Przenieś sprawy")
    expect(page.get_by_text("Przeniesione: 1, pozostało: 2.")).to_be_visible()
    assert visitor.page.get_by_label("Postęp").get_attribute("value") == "1"
    visitor.press("Przenieś następne")
    expect(page.get_by_text("Przeniesione: 2, pozostało: 1.")).to_be_visible()
    visitor.press("Zatrzymaj")

    expect(page.get_by_text("Przenoszenie zatrzymano.")).to_be_visible()
    assert [version(new_office, one) for one in cases] == [2, 2, 1]


def test_with_scripts_the_parts_follow_each_other_by_themselves(
    new_office: Office, cases: list[Instance], enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "PART", 0.0)
    visitor = enter(new_office, "kierownik")
    page = visitor.page
    visitor.open("/procesy/zapytania/przenoszenie?z=1&na=2")
    page.get_by_label("Powód").fill("Kontrola")

    visitor.press("Przenieś sprawy")

    expect(page.get_by_role("status").filter(has_text="Przeniesione sprawy: 3")).to_be_visible()
    assert [version(new_office, one) for one in cases] == [2, 2, 2]


def test_the_page_between_two_parts_is_accessible(
    new_office: Office, cases: list[Instance], enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "PART", 0.0)
    visitor = enter(new_office, "kierownik")
    visitor.page.add_init_script("const real = setTimeout; window.setTimeout = (f, ms) => ms === 700 ? 0 : real(f, ms)")
    visitor.open("/procesy/zapytania/przenoszenie?z=1&na=2")
    visitor.page.get_by_label("Powód").fill("Kontrola")

    visitor.press("Przenieś sprawy")

    expect(visitor.page.get_by_text("Przeniesione: 1, pozostało: 2.")).to_be_visible()
    assert visitor.violations() == []
    assert [version(new_office, one) for one in cases] == [2, 1, 1]


def test_by_keyboard_alone(new_office: Office, cases: list[Instance], enter: Enter) -> None:
    visitor = enter(new_office, "kierownik")
    page = visitor.page
    visitor.open("/procesy/zapytania/przenoszenie?z=1&na=2")

    tab_to(visitor, f"s{cases[0].id}")
    page.keyboard.press("Space")
    tab_to(visitor, "powod")
    page.keyboard.type("Kontrola")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert [version(new_office, one) for one in cases] == [1, 2, 2]


def tab_to(visitor: Visitor, identity: str) -> None:
    for _ in range(60):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == identity:
            return
    raise AssertionError(f"{identity} cannot be reached by Tab")


def test_who_may_not_sees_no_link_and_no_page(new_office: Office, cases: list[Instance], enter: Enter) -> None:
    assert cases
    visitor = enter(new_office, "koordynator")

    visitor.open("/procesy/zapytania")
    expect(visitor.page.get_by_role("link", name="Przenieś sprawy na nową wersję")).to_have_count(0)
    assert visitor.open("/procesy/zapytania/przenoszenie").status == 403
