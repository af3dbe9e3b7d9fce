"""The invented people and units of the demonstration centre."""

from __future__ import annotations

from dataclasses import dataclass

from engine import access

PASSWORD = "bieg-pokaz-2026"  # noqa: S105 - listed on the sign-in page of the demonstration centre, which serves loopback only
ORGANISING = "Dział organizacji usług"
SOCIAL_WORK = "Dział pomocy środowiskowej"
COUNSELLING = "Zespół poradnictwa specjalistycznego"
UNITS = ((ORGANISING, False), (SOCIAL_WORK, False), (COUNSELLING, True))


@dataclass(frozen=True, kw_only=True)
class Invented:
    """One person of the demonstration centre."""

    login: str
    name: str
    roles: tuple[str, ...]
    unit: str = ""


PEOPLE = (
    Invented(login="koordynator", name="Anna Przykładna", roles=(access.KOORDYNATOR,), unit=ORGANISING),
    Invented(login="koordynator2", name="Olga Wymyślona", roles=(access.KOORDYNATOR,), unit=ORGANISING),
    Invented(login="kierownik", name="Krystyna Zmyślona", roles=(access.KIEROWNIK,), unit=ORGANISING),
    Invented(login="wojt", name="Wojciech Niebyły", roles=(access.WOJT,)),
    Invented(
        login="formy", name="Sylwia Nieprawdziwa", roles=("Specjalista ds. form realizacji usług",), unit=ORGANISING
    ),
    Invented(
        login="zamowienia", name="Szymon Zamyślony", roles=("Specjalista ds. zamówień publicznych",), unit=ORGANISING
    ),
    Invented(login="socjalny", name="Paweł Pozorny", roles=("Pracownik socjalny",), unit=SOCIAL_WORK),
    Invented(login="swiadczenia", name="Dorota Domniemana", roles=("Pracownik ds. świadczeń",), unit=SOCIAL_WORK),
    Invented(login="finanse", name="Filip Fikcyjny", roles=("Pracownik ds. finansowych",), unit=ORGANISING),
    Invented(login="gmina", name="Urszula Urojona", roles=("Urząd gminy",)),
    Invented(login="rada", name="Roman Rzekomy", roles=("Rada gminy",)),
    Invented(login="pup", name="Patrycja Pomyślana", roles=("Pracownik PUP",)),
    Invented(login="pup.kierownik", name="Kazimierz Książkowy", roles=("Kierownik PUP",)),
    Invented(login="ngo", name="Natalia Nieistniejąca", roles=("Organizacja pozarządowa",)),
    Invented(login="psycholog", name="Zofia Zastępcza", roles=("Pracownik socjalny",), unit=COUNSELLING),
    Invented(login="administrator", name="Adam Administracyjny", roles=(access.ADMINISTRATOR,), unit=ORGANISING),
)
