"""Every deed is a plain form: a page without a script loses nothing and can do everything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from office import Office
from playwright.sync_api import expect
from visitor import Visitor

from engine.model import TaskState

# The smallest file that is a PDF by its content.
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
Enter = Callable[..., Visitor]


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "notatka.pdf"
    file.write_bytes(PDF)
    return file


def test_a_task_with_rows_and_a_file_loses_nothing(busy_office: Office, enter: Enter, scan: Path) -> None:
    task = busy_office.task_at("zadanie_wiedza_o_zasobach")
    visitor = enter(busy_office, "koordynator", java_script_enabled=False)
    page = visitor.page
    visitor.open(f"/zadania/{task.id}")

    # A row is added, another one is removed; the other fields keep what was typed.
    page.get_by_label("Podsumowanie").fill("Potrzeba rozmów wieczorem.")
    page.get_by_label("Nazwa instytucji lub stanowisko").fill("Poradnia")
    visitor.press("+ Dodaj: rozmówca")
    page.get_by_label("Nazwa instytucji lub stanowisko").nth(1).fill("Szkoła")
    visitor.press("+ Dodaj: rozmówca")
    page.get_by_label("Nazwa instytucji lub stanowisko").nth(2).fill("Parafia")
    visitor.press("Usuń – Rozmówca 2")
    names = page.get_by_label("Nazwa instytucji lub stanowisko")
    expect(names).to_have_count(2)
    assert [names.nth(row).input_value() for row in range(2)] == ["Poradnia", "Parafia"]
    expect(page.get_by_label("Podsumowanie")).to_have_value("Potrzeba rozmów wieczorem.")

    # A file is attached together with a saved draft.
    page.get_by_label("Załączniki").set_input_files(scan)
    visitor.press("Zapisz szkic")
    expect(page.get_by_role("status").filter(has_text="Szkic został zapisany")).to_be_visible()
    expect(page.get_by_role("link", name="notatka.pdf")).to_be_visible()

    # Wrong input comes back as it was typed, with the reasons on top and at the fields.
    visitor.press("Zakończ zadanie")
    summary = page.locator("[data-error-summary]")
    expect(summary.get_by_role("link")).to_have_count(4)  # who it was and what they know, in both rows
    assert [names.nth(row).input_value() for row in range(2)] == ["Poradnia", "Parafia"]
    expect(page.get_by_role("link", name="notatka.pdf")).to_be_visible()
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Kto", exact=True).first).to_be_in_viewport()

    # What is missing is added, and the task is done.
    for row in range(2):
        page.get_by_label("Kto", exact=True).nth(row).select_option("INSTYTUCJA")
        page.get_by_label("Co wie o potrzebach i zasobach").nth(row).fill("Rodziny pytają o terminy.")
    visitor.press("Zakończ zadanie")
    expect(page.get_by_role("status").filter(has_text="Zadanie wykonane.")).to_be_visible()
    assert busy_office.task(task.id).state is TaskState.DONE
    visitor.open(f"/zadania/{task.id}")
    for kept in ("Poradnia", "Parafia", "Potrzeba rozmów wieczorem."):
        expect(page.locator("main")).to_contain_text(kept)


def test_conditional_fields_say_when_they_matter(busy_office: Office, enter: Enter) -> None:
    task = busy_office.task_at("zadanie_decyzja_budzet")
    visitor = enter(busy_office, "wojt", java_script_enabled=False)
    page = visitor.page
    visitor.open(f"/zadania/{task.id}")

    reason = page.locator("#pole-powod")
    expect(reason).to_be_visible()
    expect(reason).to_have_accessible_description(re.compile("Wypełnij tylko, jeśli w polu „Decyzja” wybrano: Zwracam"))
    page.get_by_role("radio", name="Zwracam do poprawy").check()
    visitor.press("Zakończ zadanie")

    expect(page.locator("[data-error-summary]")).to_contain_text("Powód")
    expect(page.get_by_role("radio", name="Zwracam do poprawy")).to_be_checked()
    page.locator("#pole-powod").fill("Brakuje kosztu jednej godziny.")
    visitor.press("Zakończ zadanie")
    assert busy_office.task(task.id).state is TaskState.DONE


def test_lists_and_cases_work_without_a_script(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator", java_script_enabled=False)
    page = visitor.page
    visitor.open("/zadania")

    page.get_by_role("searchbox").fill("ofert")
    visitor.press("Szukaj")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.locator("[data-row] a").click()
    page.get_by_role("link", name="Zobacz przebieg sprawy").click()
    expect(page.get_by_role("region", name="Diagram: ")).to_be_visible()
    page.get_by_text("Anuluj sprawę").first.click()
    expect(page.get_by_label("Powód")).to_be_visible()


def test_a_demonstration_account_is_entered_with_one_button(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, java_script_enabled=False)
    visitor.open("/logowanie")

    visitor.press("Wejdź jako Krystyna Zmyślona")

    assert visitor.page.url == f"{busy_office.url}/zadania"
    expect(visitor.page.get_by_role("link", name="Krystyna Zmyślona")).to_be_visible()
