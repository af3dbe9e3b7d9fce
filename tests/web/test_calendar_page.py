"""The calendar reads as a table, opens what it names, and shows nobody more than he may see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pages_cast
import pytest
from pages_cast import Centre

from engine import clock

NOON = datetime(2026, 11, 18, 11, tzinfo=UTC)
VIEWS = ("miesiac", "tydzien", "dzien", "rok")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("centre") / "data"
    return folder, pages_cast.build(folder)


@pytest.fixture
def centre(template: tuple[Path, dict[str, int]], tmp_path: Path) -> Iterator[Centre]:
    with pages_cast.opened(*template, tmp_path / "data") as made:
        yield made


def due(centre: Centre, moment: datetime, *tasks: int) -> None:
    """Give tasks an end."""
    with centre.parts.database.work() as work:
        for one in tasks:
            work.connection.exec_driver_sql(
                "UPDATE task SET due_at = ?, due_order = ? WHERE id = ?",
                (moment.strftime("%Y-%m-%d %H:%M:%S.%f"),) * 2 + (one,),
            )


def test_a_month_is_a_table_with_a_caption_headed_days_and_today_in_words(centre: Centre) -> None:
    with clock.standing(NOON):
        page = centre.browser("koordynator").get("/kalendarz?dzien=2026-11-18").text

    assert "<caption" in page
    assert page.count('scope="col"') == 8
    assert page.count('scope="row"') == 6
    assert len(re.findall(r'<td class="day', page)) == 42
    assert page.count(">dziś<") == 1
    assert "Święto Niepodległości" in page


def test_a_task_is_shown_on_its_last_day_with_its_case_and_opens(centre: Centre) -> None:
    due(centre, NOON - timedelta(days=2), centre.open)

    with clock.standing(NOON):
        page = centre.browser("koordynator").get("/kalendarz?kto=zespol").text

    assert f'href="/zadania/{centre.open}"' in page
    assert "Popraw list" in page
    assert "po terminie" in page


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("whose", ["moje", "zespol", "wszyscy"])
@pytest.mark.parametrize("login", ["ngo", "pup"])
def test_people_of_other_institutions_see_no_foreign_case(centre: Centre, view: str, whose: str, login: str) -> None:
    due(centre, NOON, centre.open, centre.shared_task)

    with clock.standing(NOON):
        page = centre.browser(login).get(f"/kalendarz?widok={view}&kto={whose}").text

    assert f"/zadania/{centre.open}" not in page
    assert (f"/zadania/{centre.shared_task}" in page) == (login == "ngo" and view != "rok")


def test_only_whoever_stands_above_is_offered_the_calendar_of_everybody(centre: Centre) -> None:
    offered = {
        login: "kto=wszyscy" in centre.browser(login).get("/kalendarz").text
        for login in ("koordynator", "kierownik", "administrator", "ngo")
    }

    assert offered == {"koordynator": False, "kierownik": True, "administrator": True, "ngo": False}


@pytest.mark.parametrize(
    "query",
    ["widok=nic&dzien=wczoraj&kto=ja", "dzien=9999-12-31", "dzien=0001-01-01", "dzien=2026-02-30", "dzien=%00"],
)
def test_what_nobody_offered_opens_the_calendar_of_today(centre: Centre, query: str) -> None:
    with clock.standing(NOON):
        answer = centre.browser("koordynator").get(f"/kalendarz?{query}")

    assert answer.status_code == 200
    assert "Listopad 2026" in answer.text


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("widok=miesiac&dzien=2028-02-29", "Luty 2028"),
        ("widok=tydzien&dzien=2027-01-02", "Tydzień 53: 28 grudnia 2026 – 3 stycznia 2027"),
        ("widok=tydzien&dzien=2026-11-18", "Tydzień 47: 16–22 listopada 2026"),
        ("widok=dzien&dzien=2026-10-25", "Niedziela, 25 października 2026"),
        ("widok=rok&dzien=2026-05-05", "Rok 2026"),
    ],
)
def test_every_view_says_in_its_title_what_it_shows(centre: Centre, query: str, title: str) -> None:
    page = centre.browser("koordynator").get(f"/kalendarz?{query}").text

    assert f'<h2 id="okres">{title}</h2>' in page


def test_the_page_leads_back_on_and_to_today_by_plain_links(centre: Centre) -> None:
    with clock.standing(NOON):
        page = centre.browser("koordynator").get("/kalendarz?dzien=2026-08-15").text

    targets = re.findall(r'<li><a class="btn btn-outline-primary" href="([^"]+)"', page)
    assert [re.findall(r"dzien=([\d-]+)", one) for one in targets] == [["2026-07-01"], ["2026-11-18"], ["2026-09-01"]]
    assert "Wcześniej: Lipiec 2026" in page
    assert "Później: Wrzesień 2026" in page


def test_a_year_has_twelve_months_that_open(centre: Centre) -> None:
    page = centre.browser("koordynator").get("/kalendarz?widok=rok&dzien=2026-01-01").text

    assert len(re.findall(r"<h3><a href=", page)) == 12
    assert "Październik" in page
