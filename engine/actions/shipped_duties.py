"""The duties that come with Bieg, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from engine import access
from engine.model import Json

NADZOR: list[Json] = ["nadzor_ogolna", "nadzor_opieka", "nadzor_kis"]

# *Model realizacji usług w gminie*, tab. 7 (001: 1021–1022, 1030): the asterisk of N5, N6 and the evaluation; BR1.
NOT_THE_HEADS: Json = {
    "variable": "forma",
    "values": ["NGOOWN"],
    "reason": (
        "Usługę prowadzi organizacja pozarządowa ze środków spoza budżetu gminy, więc nadzór i ewaluacja kierownika"
        " jej nie dotyczą."
    ),
    "source": "Model realizacji usług w gminie, tab. 7 (001: 1021–1022, 1030)",
}

# What is done before and for the report; the analysis follows it.
REPORT: list[Json] = [
    "zadanie_upowaznienie",
    "zadanie_wiedza",
    "zadanie_pakiety",
    "zadanie_zgodnosc",
    "zadanie_uwagi_urzedu",
    "zadanie_pup",
    "zadanie_sprawozdanie",
]

# How the three diagrams of supervision go from month to month; the terms are those of their tasks, one after another.
MONTHS: dict[str, Json] = {
    "kind": "monthly",
    "processes": NADZOR,
    "since": "nadzor_od",
    "until": "umowa_do",
    "month": "miesiac_sprawozdania",
    "before": ["zadanie_plan"],  # the days of this supervision are not known yet
    "waiting": ["zdarzenie_po_miesiacu"],  # the work on the month has not begun
    "closing": ["zadanie_sprawozdanie_koncowe"],  # no further month comes
}


def _duty(
    key: str,
    name: str,
    *,
    role: str,
    rule: str,
    ahead: str,
    source: str,
    settings: Mapping[str, Json],
    process: str = "",
    text: str = "",
) -> dict[str, Json]:
    return {
        "key": key,
        "name": name,
        "definition_key": process,
        "role": role,
        "rule": rule,
        "ahead": ahead,
        "source": source,
        "active": True,
        "settings": {**settings, "text": text},
    }


DUTIES: tuple[dict[str, Json], ...] = (
    _duty(
        "sprawozdanie_miesieczne",
        "Miesięczne sprawozdanie z wykonywania usługi",
        role=access.KOORDYNATOR,
        rule="co miesiąc w czasie umowy",
        ahead="",
        source="Model realizacji usług w gminie, tab. 7 (001: 1019–1020); dzień otwarcia i termin: projekt własny",
        settings={**MONTHS, "name": "Miesięczne sprawozdanie", "terms": ["5 dni", "10 dni"], "work": REPORT},
        text="Zadanie otwiera sam diagram nadzoru. Tu widać je z wyprzedzeniem.",
    ),
    _duty(
        "analiza_sprawozdania",
        "Analiza miesięcznego sprawozdania",
        role=access.KIEROWNIK,
        rule="co miesiąc w czasie umowy",
        ahead="",
        source="Model realizacji usług w gminie, tab. 7 (001: 1021–1022); termin: projekt własny",
        settings={
            **MONTHS,
            "name": "Analiza sprawozdania",
            "terms": ["5 dni", "10 dni", "7 dni"],
            "earlier": REPORT,
            "suppressed": NOT_THE_HEADS,
        },
        text="Zadanie otwiera sam diagram nadzoru, gdy sprawozdanie jest gotowe.",
    ),
    _duty(
        "ewaluacja_przed_koncem",
        "Ewaluacja usługi",
        role=access.KOORDYNATOR,
        rule="koniec umowy",
        ahead="30 dni",
        source="Model realizacji usług w gminie, tab. 7 (001: 1023–1032); wyprzedzenie: projekt własny",
        settings={"kind": "date", "processes": NADZOR, "variable": "umowa_do", "name": "Ewaluacja usługi"},
        text="Zadania ewaluacji otwiera sam diagram po końcu umowy. Wcześniej koordynator dostaje powiadomienie.",
    ),
    _duty(
        "analiza_ewaluacji",
        "Analiza raportu ewaluacyjnego",
        role=access.KIEROWNIK,
        rule="koniec umowy",
        ahead="14 dni",
        source="Model realizacji usług w gminie, tab. 7 (001: 1023–1032); wyprzedzenie: projekt własny",
        settings={
            "kind": "date",
            "processes": NADZOR,
            "variable": "umowa_do",
            "name": "Analiza raportu ewaluacyjnego",
            "suppressed": NOT_THE_HEADS,
        },
        text="Zadanie otwiera sam diagram po raporcie. Wcześniej kierownik dostaje powiadomienie.",
    ),
    _duty(
        "koniec_umowy",
        "Koniec umowy o wykonywanie usługi",
        role=access.KOORDYNATOR,
        rule="koniec umowy",
        ahead="60 dni",
        source="projekt własny: dokumenty nie mówią, kiedy zdecydować, co dalej z usługą",
        settings={"kind": "date", "processes": NADZOR, "variable": "umowa_do", "name": "Koniec umowy"},
        process="koniec_umowy",
        text="Rozpoczyna sprawę, w której zapada decyzja: przedłużyć umowę, wybrać wykonawcę na nowo czy zakończyć.",
    ),
    _duty(
        "koniec_upowaznienia",
        "Koniec upoważnienia kierownika",
        role=access.KIEROWNIK,
        rule="ostatni dzień upoważnienia",
        ahead="30 dni",
        source="Model realizacji usług w gminie, pkt 3.3.1 (001: 1036–1037); wyprzedzenie: projekt własny",
        settings={"kind": "authorisation", "name": "Koniec upoważnienia"},
        process="odnowienie_upowaznienia",
        text="Rozpoczyna sprawę o odnowienie. Nie powstaje, gdy w rejestrze jest już następne upoważnienie.",
    ),
    _duty(
        "aktualizacja_rejestru",
        "Aktualizacja Informatorium",
        role=access.KOORDYNATOR,
        rule="co pół roku",
        ahead="30 dni",
        source="Pakiet usług dla osób pozostających bez pracy, Informatorium (000: 868–869); dni: projekt własny",
        settings={"kind": "round", "name": "Aktualizacja Informatorium"},
        process="aktualizacja_rejestru",
        text="Rejestr instytucji, które pomagają osobom bez pracy. Ośrodek, który go nie prowadzi, wyłącza obowiązek.",
    ),
    _duty(
        "ocena_zasobow",
        "Ocena zasobów pomocy społecznej",
        role=access.KOORDYNATOR,
        rule="co rok do 30 kwietnia",
        ahead="60 dni",
        source="art. 16a ustawy o pomocy społecznej (por. 001: 1006–1007); wyprzedzenie: projekt własny",
        settings={"kind": "round", "name": "Ocena zasobów pomocy społecznej"},
        process="ocena_zasobow",
        text="Wójt przedstawia ocenę z rekomendacjami radzie gminy co roku do 30 kwietnia.",
    ),
)
