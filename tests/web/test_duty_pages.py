"""The page of duties says what comes when and why not, and lets kierownik and administrator set it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pages_cast
import pytest
from pages_cast import Centre, csrf

from engine import clock
from engine.actions import duties

PATH = "/terminy/obowiazki"
NOW = datetime(2026, 11, 22, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made, clock.standing(NOW):
        with made.parts.database.work() as work:
            duties.plan(work)
        yield made


def number(page: str, of: str) -> str:
    """The id in the path by which a duty is set, or an occurrence skipped."""
    pattern = rf'/obowiazki/(\d+)">Zmień<span class="visually-hidden"> obowiązek {of}<'
    if of not in ("Aktualizacja Informatorium",):
        pattern = (
            rf'Pomiń<span class="visually-hidden"> {of}</span></summary><form method="post" action="{PATH}/pomin/(\d+)"'
        )
    found = re.search(pattern, page)
    assert found is not None
    return found[1]


def test_the_year_and_all_duties_stand_on_the_page_with_owner_rule_and_source(centre: Centre) -> None:
    page = centre.browser("kierownik").get(PATH).text

    assert "Kwiecień 2027" in page
    assert "Ocena zasobów pomocy społecznej 2027" in page
    assert "zaczyna się 1 marca 2027" in page.replace("\xa0", " ")
    assert "co rok do 30 kwietnia" in page
    assert "art. 16a ustawy o pomocy społecznej" in page


def test_a_centre_whose_clock_never_ran_is_told_what_comes(
    template: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    with pages_cast.opened(*template, tmp_path / "empty") as empty:
        page = empty.browser("administrator").get(PATH).text

    assert "gdy budzik pierwszy raz ułoży plan" in page


def test_a_duty_is_set_with_a_reason_and_the_year_follows(centre: Centre) -> None:
    browser = centre.browser("administrator")
    duty = number(browser.get(PATH).text, "Aktualizacja Informatorium")
    said = {
        "role": "Pracownik socjalny",
        "rule": "co kwartał",
        "ahead": "2 tygodnie",
        "active": "tak",
        "reason": "Tak ustaliliśmy",
    }

    answer = browser.post(f"{PATH}/{duty}", data={**said, "csrf_token": csrf(browser)})

    assert answer.status_code == 302
    page = browser.get(PATH).text
    assert "co kwartał" in page
    assert "Marzec 2027" in page
    assert "Pracownik socjalny" in page


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(centre: Centre) -> None:
    browser = centre.browser("kierownik")
    duty = number(browser.get(PATH).text, "Aktualizacja Informatorium")
    said = {"role": "Wójt", "rule": "czasami", "ahead": "14 dni", "active": "tak", "reason": ""}

    answer = browser.post(f"{PATH}/{duty}", data={**said, "csrf_token": csrf(browser)})

    assert answer.status_code == 422
    assert 'id="rule-blad"' in answer.text
    assert 'id="reason-blad"' in answer.text
    assert 'value="czasami"' in answer.text
    assert "<option selected>Wójt</option>" in answer.text


def test_a_duty_without_active_is_switched_off(centre: Centre) -> None:
    browser = centre.browser("kierownik")
    duty = number(browser.get(PATH).text, "Aktualizacja Informatorium")
    said = {"role": "Wójt", "rule": "co pół roku", "ahead": "14 dni", "reason": "Prowadzi je organizacja"}

    browser.post(f"{PATH}/{duty}", data={**said, "csrf_token": csrf(browser)})

    page = browser.get(PATH).text
    assert "wyłączony" in page
    assert "Aktualizacja Informatorium 2026" not in page


def test_skipping_asks_for_a_reason_and_then_shows_it(centre: Centre) -> None:
    browser = centre.browser("kierownik")
    one = number(browser.get(PATH).text, "Aktualizacja Informatorium 2026")

    silent = browser.post(f"{PATH}/pomin/{one}", data={"reason": " ", "csrf_token": csrf(browser)})
    told = browser.post(f"{PATH}/pomin/{one}", data={"reason": "Zrobione we wrześniu", "csrf_token": csrf(browser)})
    again = browser.post(f"{PATH}/pomin/{one}", data={"reason": "Jeszcze raz", "csrf_token": csrf(browser)})

    assert silent.status_code == 422
    assert "Napisz, dlaczego." in silent.text
    assert told.status_code == 302
    assert again.status_code == 409
    page = browser.get(PATH).text
    assert "Zrobione we wrześniu" in page
    assert "pominięty" in page
    assert f"/pomin/{one}" not in page


def test_a_coordinator_does_not_set_duties(centre: Centre) -> None:
    browser = centre.browser("koordynator")

    assert browser.get(PATH).status_code == 403
