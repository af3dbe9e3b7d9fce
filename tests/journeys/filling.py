"""Fills in the form on a page with given answers, field by field, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playwright.sync_api import Locator, Page

FORM = "form[data-conditions]"


def fill(page: Page, answers: Mapping[str, object]) -> None:
    """Answer every field that the page shows now; a field that an earlier answer hides is left alone.

    Args:
        answers: by field id, in the order of the form: text, numbers, truth values, lists, rows of groups.
    """
    for name, rows in _groups(answers):
        _make_rows(page, name, len(rows))
    for name, value in _flat(answers):
        boxes = page.locator(f'{FORM} [name="{name}"]')
        if value is not None and boxes.count() and boxes.first.is_visible():
            _answer(boxes, value)


def _groups(answers: Mapping[str, object]) -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    for name, value in answers.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            yield name, value


def _flat(answers: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    groups = dict(_groups(answers))
    for name, value in answers.items():
        for index, row in enumerate(groups.get(name, ())):
            yield from ((f"{name}-{index}-{column}", cell) for column, cell in row.items())
        if name not in groups:
            yield name, value


def _make_rows(page: Page, group: str, wanted: int) -> None:
    """Add or remove rows with the buttons of the page until there are as many as wanted."""
    count = page.locator(f'{FORM} input[name="{group}-n"]')
    if not count.count() or not page.locator(f"#pole-{group}").is_visible():
        return
    while (shown := int(count.input_value())) != wanted:
        more = page.locator(f'{FORM} [name="_dodaj"][value="{group}"]')
        fewer = page.locator(f'{FORM} [name="_usun"][value="{group}-{shown - 1}"]')
        with page.expect_navigation():
            (more if shown < wanted else fewer).click()
        assert int(count.input_value()) != shown, f"{group}: {shown} rows stay"


def _answer(boxes: Locator, value: object) -> None:
    kind = boxes.first.evaluate("box => box.type")
    if kind == "radio":
        boxes.and_(boxes.page.locator(f'[value="{_text(value)}"]')).check()
    elif kind == "checkbox":
        for one in value if isinstance(value, list) else [value]:
            boxes.and_(boxes.page.locator(f'[value="{_text(one)}"]')).check()
    elif kind == "select-one":
        boxes.select_option(_text(value))
    elif kind != "file":
        boxes.fill(_text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "tak" if value else "nie"
    return str(value)
