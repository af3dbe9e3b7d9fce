"""Every kind of page: nothing for axe to find, nothing for the browser to complain of, nothing wider than a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from office import Office
from playwright.sync_api import Page, expect
from visitor import Visitor

FINISHED = "/sprawy/{finished}"

# Name of the page: who looks at it, and where it is. {…} is the task that waits at this element, or a finished case.
PAGES: Mapping[str, tuple[str, str]] = {
    "logowanie": ("", "/logowanie"),
    "zadania": ("koordynator", "/zadania"),
    "zadania-po-terminie": ("koordynator", "/zadania?pokaz=late"),
    "zadania-zespolu": ("socjalny", "/zadania?pokaz=team"),
    "zadania-puste": ("koordynator", "/zadania?szukaj=czegotuniema"),
    "zadanie": ("koordynator", "/zadania/{zadanie_porozumienie.id}"),
    "zadanie-z-grupa": ("koordynator", "/zadania/{zadanie_oferty.id}"),
    "zadanie-decyzja": ("wojt", "/zadania/{zadanie_decyzja_budzet.id}"),
    "zadanie-z-upowaznienia": ("kierownik", "/zadania/{zadanie_decyzja_z_upowaznienia.id}"),
    "zadanie-wykonane": ("koordynator", "/zadania/1"),
    "zadanie-cudze": ("koordynator", "/zadania/{zadanie_decyzja_budzet.id}"),
    "wydruk": ("koordynator", "/zadania/1/wydruk"),
    "sprawy": ("koordynator", "/sprawy"),
    "sprawy-puste": ("koordynator", "/sprawy?szukaj=czegotuniema"),
    "sprawa-w-toku": ("koordynator", "/sprawy/{zadanie_oferty.instance}"),
    "sprawa-po-terminie": ("koordynator", "/sprawy/{zadanie_sprawozdanie.instance}"),
    "sprawa-zakonczona": ("koordynator", FINISHED),
    "nowa-sprawa": ("koordynator", "/sprawy/nowa"),
    "procesy": ("koordynator", "/procesy"),
    "proces": ("koordynator", "/procesy/zakres"),
    "proces-glowny": ("koordynator", "/procesy/organizacja_uslugi"),
    "procesy-kierownika": ("kierownik", "/procesy"),
    "proces-i-wersje": ("kierownik", "/procesy/zakres"),
    "przenoszenie-jedna-wersja": ("kierownik", "/procesy/zakres/przenoszenie"),
    "decyzje-puste": ("kierownik", "/procesy/decyzje"),
    "osoby": ("administrator", "/administracja"),
    "nowa-osoba": ("administrator", "/administracja/osoby/nowa"),
    "osoba": ("administrator", "/administracja/osoby/1"),
    "upowaznienia": ("administrator", "/administracja/upowaznienia"),
    "ustawienia": ("administrator", "/administracja/ustawienia"),
    "konto": ("koordynator", "/konto"),
    "powiadomienia": ("koordynator", "/powiadomienia"),
    "kalendarz-miesiac": ("koordynator", "/kalendarz"),
    "kalendarz-tydzien": ("kierownik", "/kalendarz?widok=tydzien&kto=wszyscy"),
    "kalendarz-rok": ("kierownik", "/kalendarz?widok=rok&kto=wszyscy"),
    "kalkulator": ("koordynator", "/terminy/kalkulator?zasada=KPA%3A+1+miesiąc&od=2026-11-30"),
    "terminy": ("kierownik", "/terminy"),
    "terminy-otwarte": ("kierownik", "/terminy/lista?termin=otwarte"),
    "obowiazki": ("kierownik", "/terminy/obowiazki"),
    "termin-zadania": ("kierownik", "/zadania/{zadanie_sprawozdanie.id}/termin"),
    "zespol": ("kierownik", "/zespol"),
    "obciazenie": ("kierownik", "/zespol/obciazenie"),
    "normy": ("kierownik", "/zespol/normy"),
    "przekazanie": ("kierownik", "/zespol/osoby/1/przekazanie"),
    "nieobecnosci-kierownika": ("kierownik", "/nieobecnosci"),
    "zasady-terminow": ("administrator", "/administracja/zasady-terminow"),
    "poczta": ("administrator", "/administracja/poczta"),
    "pomoc": ("koordynator", "/pomoc"),
    "dostepnosc": ("", "/dostepnosc"),
    "blad-403": ("koordynator", "/administracja"),
    "blad-404": ("koordynator", "/zadania/999999"),
}
ELEMENTS = sorted(set(re.findall(r"{(zadanie_\w+)", " ".join(path for _, path in PAGES.values()))))
STATUS = {"blad-403": 403, "blad-404": 404}
# A test for each person: signing in and drawing the demonstration takes longer than looking.
PEOPLE = sorted({login for login, _ in PAGES.values()})

Enter = Callable[..., Visitor]


@pytest.mark.parametrize("login", PEOPLE)
def test_pages_are_accessible_at_every_width(login: str, busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, login)
    places = {one: busy_office.task_at(one) for one in ELEMENTS}

    wrong = []
    for name, (who, path) in PAGES.items():
        if who == login:
            answer = visitor.open(path.format(finished=busy_office.finished_case(), **places))
            assert answer.status == STATUS.get(name, 200), name
            wrong += visitor.findings(name)

    assert wrong == []


def test_a_refused_task_page_is_accessible(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator")
    visitor.open(f"/zadania/{busy_office.task_at('zadanie_sprawozdanie').id}")

    visitor.press("Zakończ zadanie")

    expect(visitor.page.locator("[data-error-summary]")).to_be_focused()
    assert visitor.findings("zadanie-z-bledami") == []


def test_other_refused_forms_are_accessible(busy_office: Office, enter: Enter) -> None:
    wrong = []

    visitor = enter(busy_office, "koordynator")
    visitor.open("/sprawy/nowa")
    visitor.press("Rozpocznij sprawę")
    wrong += visitor.findings("nowa-sprawa-z-bledami")
    administrator = enter(busy_office, "administrator")
    for path, button in (
        ("/administracja/osoby/nowa", "Zapisz"),
        ("/administracja/upowaznienia", "Wpisz do rejestru"),
    ):
        administrator.open(path)
        without_browser_checks(administrator.page)
        administrator.press(button)
        wrong += administrator.findings(f"{path.rsplit('/', 1)[1]}-z-bledami")
    stranger = enter(busy_office)
    stranger.open("/logowanie")
    stranger.page.get_by_label("Login", exact=True).fill("nikt")
    stranger.page.get_by_label("Hasło", exact=True).fill("nic")
    stranger.press("Zaloguj")
    wrong += stranger.findings("logowanie-z-bledem")

    assert wrong == []


def test_a_case_with_every_fold_opened_is_accessible(busy_office: Office, enter: Enter) -> None:
    visitor = enter(busy_office, "koordynator")
    visitor.open(FINISHED.format(finished=busy_office.finished_case()))
    visitor.page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")

    assert visitor.violations() == []
    visitor.page.set_viewport_size({"width": 320, "height": 844})
    assert visitor.overflow() == 0


def without_browser_checks(page: Page) -> None:
    """Let the form go to the server as an old browser would send it."""
    page.evaluate("for (const form of document.forms) form.noValidate = true")
