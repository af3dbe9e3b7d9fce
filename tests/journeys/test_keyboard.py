"""The whole way from signing in to a finished task with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from office import Office
from playwright.sync_api import Locator, Page, expect
from visitor import Visitor

from engine.demo.people import PASSWORD
from engine.model import TaskState

MOST_TABS = 120
# What the focused element shows around itself: an outline, in words of the browser.
OUTLINE = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return seen && (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none');
}"""
Enter = Callable[..., Visitor]


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until `wanted` has the focus; everything on the way must show that it is focused."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        where = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(OUTLINE), f"the focus cannot be seen: {where}"
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_a_task_is_found_filled_in_and_finished_by_keyboard(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office)
    page = visitor.page
    visitor.open("/")

    # Sign in.
    tab_to(page, page.get_by_label("Login", exact=True))
    page.keyboard.type("wojt")
    tab_to(page, page.get_by_label("Hasło", exact=True))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{busy_office.url}/zadania")

    # Open the first task of the list.
    name = busy_office.task_at("zadanie_decyzja_budzet").name
    tab_to(page, page.get_by_role("link", name=name))
    page.keyboard.press("Enter")
    page.wait_for_url(f"{busy_office.url}/zadania/*")
    task = int(page.url.rsplit("/", 1)[1])

    # Send it empty: the list of errors has the focus, and its first link leads to the field.
    tab_to(page, page.locator(".form-actions").get_by_role("button", name="Zakończ zadanie"))
    page.keyboard.press("Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    tab_to(page, summary.get_by_role("link").first)
    page.keyboard.press("Enter")
    decision = page.get_by_role("radio", name="Zatwierdzam")
    expect(decision).to_be_focused()
    expect(decision).to_be_in_viewport()

    # Choose with an arrow, say why, finish.
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Zwracam do poprawy")).to_be_checked()
    tab_to(page, page.get_by_label("Powód", exact=False).first)
    page.keyboard.type("Brakuje kosztu jednej godziny.")
    tab_to(page, page.locator(".form-actions").get_by_role("button", name="Zakończ zadanie"))
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="Zadanie wykonane.")).to_be_visible()

    assert busy_office.task(task).state is TaskState.DONE


def test_the_first_tab_leads_past_the_menu(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator")
    page = visitor.page
    visitor.open("/zadania")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Przejdź do treści")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_letters_walk_the_list_and_can_be_switched_off(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator")
    page = visitor.page
    visitor.open("/zadania")
    rows = page.locator("[data-row] a")

    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")
    page.keyboard.type("ofert")
    expect(rows).to_have_count(1)  # the list follows what is typed

    visitor.open("/pomoc")
    visitor.press("Wyłącz skróty")
    visitor.open("/zadania")
    page.keyboard.press("j")
    expect(rows.nth(0)).not_to_be_focused()
