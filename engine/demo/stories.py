"""The cases of the demonstration centre: one in every stage, some late, and the two of MOPR Toruń."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from engine import clock
from engine.model import Json
from engine.settings import ROOT

TORUN = ROOT / "docs" / "demo"
START: dict[str, Json] = {
    "rodzaj_uslugi": "OGOLNA",
    "sciezka": "III",
    "wariant": "SKONCENTROWANA",
    "typ_ops": "MOPS",
    "pilotaz": False,
}


@dataclass(frozen=True, kw_only=True)
class Story:
    """One case: how it starts, what is answered, where it waits now and how long ago it began."""

    title: str
    variables: Mapping[str, Json]
    place: str  # element where it waits, "" for a finished case
    days_ago: int
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # by form key


def told() -> list[Story]:
    """All cases, the longest running first."""
    return sorted([*_torun(), *_invented()], key=lambda one: -one.days_ago)


def _torun() -> list[Story]:
    """*Wdrożenie modelu w MOPR Toruń*: the figures are the deployment's, the people are invented."""
    found = []
    for path in sorted(TORUN.glob("*.json")):
        said = json.loads(path.read_text("utf-8"))
        found.append(
            Story(
                title=said["title"],
                variables=said["variables"],
                answers=said["answers"],
                place=said["place"],
                days_ago=said["days_ago"],
            )
        )
    return found


def _invented() -> list[Story]:
    return [
        _story("Warsztaty wakacyjne dla rodzin", "", 230, "NGOOWN"),
        _story("Usługi opiekuńcze dla seniorów z Przykładowa", "zadanie_analiza", 66, "PZP", "OPIEKA_SENIOR"),
        _story("Asysta rodziny wieloproblemowej", "zadanie_sprawozdanie", 100, "UDPP"),
        _story("Mieszkania chronione dla wychodzących z bezdomności", "zadanie_umowa", 63, "UDPP"),
        _story("Świetlica środowiskowa na Osiedlu Zmyślonym", "zadanie_oferty", 46, "UDPP"),
        _story("Trening pracy w Klubie Integracji Społecznej", "zadanie_porozumienie", 24, "OPSPUP", "KIS"),
        _story("Poradnictwo prawne w każdą środę", "zadanie_decyzja_budzet", 33, "UDPP"),
        _story("Klub Seniora „Pod Lipą”", "zadanie_decyzja_z_upowaznienia", 13, "NGOOWN"),
        _story("Posiłek z dowozem", "zadanie_akceptacja_zakresu", 14, "PZP"),
        _story("Telefon zaufania dla opiekunów", "zadanie_wiedza_o_zasobach", 4, "UDPP"),
    ]


def _story(title: str, place: str, days_ago: int, form: str, kind: str = "OGOLNA") -> Story:
    variables: dict[str, Json] = {**START, "usluga": title, "rodzaj_uslugi": kind}
    if kind == "KIS":
        variables["pup_level"] = "PARTNERSTWO"
    return Story(
        title=title,
        variables=variables,
        place=place,
        days_ago=days_ago,
        answers={
            "organizacja_wybor_sciezki": {"wybrana_sciezka": "III"},
            "forma_propozycja": {"proponowana_forma": form},
            "nadzor_plan": {"umowa_do": (clock.today() + timedelta(days=200 if place else -120)).isoformat()},
        },
    )
