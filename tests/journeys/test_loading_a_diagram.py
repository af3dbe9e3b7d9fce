"""A manager brings a diagram from another program: it is explained, repaired, published, and a case runs on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from office import Office
from playwright.sync_api import Locator, Page, expect
from visitor import Visitor

SAMPLES = Path(__file__).parent.parent / "foreign" / "samples"
MOST_TABS = 80
Enter = Callable[..., Visitor]


def load(visitor: Visitor, name: str) -> Page:
    visitor.open("/procesy")
    visitor.page.get_by_role("link", name="Wczytaj diagram").click()
    visitor.page.get_by_label("Plik z diagramem").set_input_files(SAMPLES / name)
    visitor.press("Sprawdź plik")
    return visitor.page


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_foreign_diagram_becomes_a_running_case(new_office: Office, enter: Enter, script: bool) -> None:
    visitor = enter(new_office, "kierownik", java_script_enabled=script)

    page = load(visitor, "camunda7_wniosek.bpmn")
    expect(page.get_by_role("status")).to_contain_text("Nie można jeszcze opublikować: 4 błędy")
    expect(page.get_by_text("kwota > 100 and status")).to_be_visible()
    visitor.press("Popraw zaznaczone")
    expect(page.get_by_role("status")).to_contain_text("Poprawiono. Można opublikować")
    visitor.press("Opublikuj jako wersję 1")
    expect(page.get_by_role("status")).to_contain_text("Opublikowano „Wniosek o zasiłek” jako wersję 1.")
    page.get_by_role("link", name="Rozpocznij sprawę").click()
    page.get_by_label("Nazwa sprawy").fill("Zasiłek dla pani Zmyślonej")
    visitor.press("Rozpocznij sprawę")

    expect(page.get_by_role("heading", level=1)).to_have_text("Zasiłek dla pani Zmyślonej")
    expect(page.get_by_role("link", name="Ocena wniosku")).to_be_visible()
    assert new_office.task_at("Task_ocena").role == "Pracownik socjalny"


def test_the_pages_on_the_way_are_accessible(new_office: Office, enter: Enter) -> None:
    visitor = enter(new_office, "kierownik")
    wrong = []

    visitor.open("/procesy/wczytaj")
    wrong += visitor.findings("wczytaj")
    page = load(visitor, "camunda7_niejasne.bpmn")
    wrong += visitor.findings("wczytany-z-bledami")
    page.get_by_label("Grupie „demo” odpowiada rola").select_option("")
    visitor.press("Popraw zaznaczone")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    wrong += visitor.findings("wczytany-nic-nie-zaznaczono")
    load(visitor, "bpmnio_tory.bpmn")
    wrong += visitor.findings("wczytany-z-torami")
    load(visitor, "camunda7_wniosek.bpmn")
    visitor.press("Popraw zaznaczone")
    wrong += visitor.findings("wczytany-poprawiony")
    visitor.press("Opublikuj jako wersję 1")
    wrong += visitor.findings("proces-wczytany")

    assert wrong == []


def test_a_second_version_is_compared_and_retired(new_office: Office, enter: Enter, tmp_path: Path) -> None:
    edited = tmp_path / "opinia.bpmn"
    edited.write_text((SAMPLES / "bpmnio_pula_rola.bpmn").read_text().replace("Wyślij opinię", "Przekaż opinię"))
    visitor = enter(new_office, "kierownik")
    page = load(visitor, "bpmnio_pula_rola.bpmn")
    visitor.press("Popraw zaznaczone")
    visitor.press("Opublikuj jako wersję 1")
    load(visitor, str(edited))
    visitor.press("Popraw zaznaczone")
    expect(page.locator("main")).to_contain_text("nazwa: „Wyślij opinię” → „Przekaż opinię”")
    visitor.press("Opublikuj jako wersję 2")

    page.get_by_role("link", name="Co się zmieniło w wersji 2").click()
    assert visitor.violations() == []
    visitor.shot("zmiany-1366")
    page.go_back()
    page.get_by_text("Wycofaj wersję 2").first.click()
    assert visitor.violations() == []
    visitor.press("Wycofaj wersję 2")

    expect(page.get_by_role("status")).to_contain_text("Wycofano wersję 2.")


def test_a_diagram_is_repaired_and_published_by_keyboard_alone(new_office: Office, enter: Enter) -> None:
    visitor = enter(new_office, "kierownik")
    page = load(visitor, "camunda7_wniosek.bpmn")

    tab_to(page, page.get_by_role("link", name="Zobacz listę"))
    tab_to(page, page.get_by_label("Ustaw termin zadania."))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Popraw zaznaczone"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Ustaw termin zadania.")).to_be_visible()  # it was left out
    tab_to(page, page.get_by_role("link", name="Ocena wniosku").first)
    page.keyboard.press("Enter")
    expect(page.locator("g:target")).to_be_in_viewport()
    tab_to(page, page.get_by_role("button", name="Opublikuj jako wersję 1"))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Wniosek o zasiłek")


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the element cannot be reached with the Tab key")
