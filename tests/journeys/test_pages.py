"""Every kind of page: nothing for axe to find, nothing for the browser to complain of, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from office import Office
from playwright.sync_api import Page, expect
from visitor import Visitor

WIDTHS = (1366, 390, 320)
FINISHED = "/sprawy/1"

# Name of the page: who looks at it, and where it is. {…} is the task that waits at this element.
PAGES: Mapping[str, tuple[str, str]] = {
    "logowanie": ("", "/logowanie"),
    "zadania": ("koordynator", "/zadania"),
    "zadania-po-terminie": ("koordynator", "/zadania?pokaz=late"),
    "zadania-zespolu": ("socjalny", "/zadania?pokaz=team"),
    "zadania-puste": ("koordynator", "/zadania?szukaj=czegotuniema"),
    "zadanie": ("koordynator", "/zadania/{zadanie_porozumienie}"),
    "zadanie-z-grupa": ("koordynator", "/zadania/{zadanie_oferty}"),
    "zadanie-decyzja": ("wojt", "/zadania/{zadanie_decyzja_budzet}"),
    "zadanie-z-upowaznienia": ("kierownik", "/zadania/{zadanie_decyzja_z_upowaznienia}"),
    "zadanie-wykonane": ("koordynator", "/zadania/1"),
    "zadanie-cudze": ("koordynator", "/zadania/{zadanie_decyzja_budzet}"),
    "wydruk": ("koordynator", "/zadania/1/wydruk"),
    "sprawy": ("koordynator", "/sprawy"),
    "sprawy-puste": ("koordynator", "/sprawy?szukaj=czegotuniema"),
    "sprawa-w-toku": ("koordynator", "/sprawy/4"),
    "sprawa-po-terminie": ("koordynator", "/sprawy/2"),
    "sprawa-zakonczona": ("koordynator", FINISHED),
    "nowa-sprawa": ("koordynator", "/sprawy/nowa"),
    "procesy": ("koordynator", "/procesy"),
    "proces": ("koordynator", "/procesy/zakres"),
    "proces-glowny": ("koordynator", "/procesy/organizacja_uslugi"),
    "osoby": ("administrator", "/administracja"),
    "nowa-osoba": ("administrator", "/administracja/osoby/nowa"),
    "osoba": ("administrator", "/administracja/osoby/1"),
    "upowaznienia": ("administrator", "/administracja/upowaznienia"),
    "ustawienia": ("administrator", "/administracja/ustawienia"),
    "konto": ("koordynator", "/konto"),
    "pomoc": ("koordynator", "/pomoc"),
    "dostepnosc": ("", "/dostepnosc"),
    "blad-403": ("koordynator", "/administracja"),
    "blad-404": ("koordynator", "/zadania/999999"),
}
STATUS = {"blad-403": 403, "blad-404": 404}
# A test for each person: signing in and drawing the demonstration takes longer than looking.
PEOPLE = sorted({login for login, _ in PAGES.values()})

Enter = Callable[..., Visitor]


def findings(visitor: Visitor, name: str) -> list[str]:
    """What is wrong with the page that is open, at each width; a picture of each is kept."""
    wrong = []
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 844})
        if over := visitor.overflow():
            wrong.append(f"{name}: {over} px wider than a window of {width} px")
        if width != 320:
            wrong += [f"{name}, {width} px: {one}" for one in visitor.violations()]
            visitor.shot(f"{name}-{width}")
    return wrong


@pytest.mark.parametrize("login", PEOPLE)
def test_pages_are_accessible_at_every_width(login: str, busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, login)
    elements = {one: busy_office.task_at(one).id for one in _named_tasks(login)}

    wrong = []
    for name, (who, path) in PAGES.items():
        if who == login:
            answer = visitor.open(path.format(**elements))
            assert answer.status == STATUS.get(name, 200), name
            wrong += findings(visitor, name)

    assert wrong == []


def test_a_refused_task_page_is_accessible(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator")
    visitor.open(f"/zadania/{busy_office.task_at('zadanie_sprawozdanie').id}")

    visitor.press("Zakończ zadanie")

    expect(visitor.page.locator("[data-error-summary]")).to_be_focused()
    assert findings(visitor, "zadanie-z-bledami") == []


def test_other_refused_forms_are_accessible(busy_office: Office, enter: Enter) -> None:
    wrong = []

    visitor = enter(busy_office, "koordynator")
    visitor.open("/sprawy/nowa")
    visitor.press("Rozpocznij sprawę")
    wrong += findings(visitor, "nowa-sprawa-z-bledami")
    administrator = enter(busy_office, "administrator")
    for path, button in (
        ("/administracja/osoby/nowa", "Zapisz"),
        ("/administracja/upowaznienia", "Wpisz do rejestru"),
    ):
        administrator.open(path)
        without_browser_checks(administrator.page)
        administrator.press(button)
        wrong += findings(administrator, f"{path.rsplit('/', 1)[1]}-z-bledami")
    stranger = enter(busy_office)
    stranger.open("/logowanie")
    stranger.page.get_by_label("Login", exact=True).fill("nikt")
    stranger.page.get_by_label("Hasło", exact=True).fill("nic")
    stranger.press("Zaloguj")
    wrong += findings(stranger, "logowanie-z-bledem")

    assert wrong == []


def test_a_menu_and_folds_opened_are_accessible(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator")
    visitor.open(FINISHED)
    visitor.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")

    wrong = findings(visitor, "sprawa-rozwinieta")

    assert wrong == []


def without_browser_checks(page: Page) -> None:
    """Let the form go to the server as an old browser would send it."""
    page.evaluate("for (const form of document.forms) form.noValidate = true")


def _named_tasks(login: str) -> list[str]:
    paths = [path for who, path in PAGES.values() if who == login]
    return [path[path.index("{") + 1 : path.index("}")] for path in paths if "{" in path]
