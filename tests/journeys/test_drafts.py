"""What somebody typed is never lost, and what is done is done once."""

from __future__ import annotations

from collections.abc import Callable

from filling import fill
from office import Office
from playwright.sync_api import expect
from visitor import Visitor

from engine.demo import answering
from engine.forms.context import Context
from engine.forms.form import Form
from engine.model import TaskState

MOST_LOOKS = 20
FIELDS = "[...new FormData(document.querySelector('form[data-draft]'))].filter(([, one]) => typeof one === 'string')"
SUMMARY = "Wpisane, zanim ktokolwiek nacisnął przycisk."
Enter = Callable[..., Visitor]


def test_typed_text_is_saved_by_itself_and_survives_a_closed_tab(busy_office: Office, enter: Enter) -> None:
    task = busy_office.task_at("zadanie_wiedza_o_zasobach")
    visitor = enter(busy_office, "koordynator")
    visitor.open(f"/zadania/{task.id}")

    visitor.page.get_by_label("Podsumowanie").press_sequentially(SUMMARY)
    expect(visitor.page.locator("[data-draft-note]")).to_have_text("Szkic zapisany przed chwilą.")
    visitor.new_tab()
    visitor.open(f"/zadania/{task.id}")

    expect(visitor.page.get_by_label("Podsumowanie")).to_have_value(SUMMARY)
    expect(visitor.page.locator("[data-draft-note]")).to_contain_text("Szkic z 23 listopada 2026")


def test_text_typed_just_before_leaving_is_saved_too(busy_office: Office, enter: Enter) -> None:
    task = busy_office.task_at("zadanie_wiedza_o_zasobach")
    visitor = enter(busy_office, "koordynator")
    visitor.open(f"/zadania/{task.id}")

    visitor.page.get_by_label("Podsumowanie").fill(SUMMARY)
    visitor.page.get_by_role("link", name="Sprawy", exact=True).first.click()
    visitor.page.wait_for_url("**/sprawy")

    # The last request of a page that is gone cannot be watched; what it did shows when the server is done with it.
    for _ in range(MOST_LOOKS):
        visitor.open(f"/zadania/{task.id}")
        if visitor.page.get_by_label("Podsumowanie").input_value():
            break
    expect(visitor.page.get_by_label("Podsumowanie")).to_have_value(SUMMARY)


def test_a_double_click_completes_once(busy_office: Office, enter: Enter) -> None:
    task = busy_office.task_at("zadanie_wiedza_o_zasobach")
    visitor = enter(busy_office, "koordynator")
    sent: list[str] = []
    visitor.page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/wykonaj") else None)
    visitor.open(f"/zadania/{task.id}")
    fill(visitor.page, answering.invented(*_form(busy_office, task.id), {}))

    visitor.page.get_by_role("button", name="Zakończ zadanie", exact=True).dblclick()
    visitor.page.wait_for_url("**/zadania")

    expect(visitor.page.get_by_role("status").filter(has_text="Zadanie wykonane.")).to_be_visible()
    assert len(sent) == 1
    assert busy_office.task(task.id).state is TaskState.DONE


def test_a_repeated_request_gets_the_first_answer(busy_office: Office, enter: Enter) -> None:
    task = busy_office.task_at("zadanie_wiedza_o_zasobach")
    visitor = enter(busy_office, "koordynator")
    visitor.open(f"/zadania/{task.id}")
    fill(visitor.page, answering.invented(*_form(busy_office, task.id), {}))
    sent = dict(visitor.page.evaluate(FIELDS))

    answers = [
        visitor.context.request.post(f"{busy_office.url}/zadania/{task.id}/wykonaj", form=sent, max_redirects=0)
        for _ in range(2)
    ]

    assert [one.status for one in answers] == [302, 302]
    assert busy_office.task(task.id).state is TaskState.DONE


def test_whoever_comes_second_is_told_so_and_keeps_what_she_typed(busy_office: Office, enter: Enter) -> None:
    task = busy_office.task_at("zadanie_potrzeby_z_pracy_socjalnej")
    first, second = enter(busy_office, "socjalny"), enter(busy_office, "psycholog")
    given = answering.invented(*_form(busy_office, task.id), {})
    for visitor, more in ((first, {}), (second, {"uwagi": SUMMARY})):
        visitor.open(f"/zadania/{task.id}")
        fill(visitor.page, {**given, **more})

    first.press("Zakończ zadanie")
    second.press("Zakończ zadanie")

    main = second.page.locator("main")
    expect(main.get_by_role("heading", level=1)).to_have_text("Ktoś był szybszy")
    expect(main).to_contain_text(busy_office.person("socjalny").name)
    expect(main).to_contain_text(SUMMARY)
    assert second.violations() == []
    assert second.overflow() == 0
    second.shot("blad-409")


def _form(office: Office, task: int) -> tuple[Form, Context]:
    found = office.form_of(office.task(task))
    assert found is not None
    return found
