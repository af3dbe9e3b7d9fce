"""Every sequence flow of every shipped diagram is walked, with answers that the forms accept."""

import random
from itertools import product

import pytest
from flow_search import FILES, FORMS, FORMS_OF_SERVICE, RESULTS, Search, Walked, flows_of, stand_in

PARENT = "organizacja_uslugi"
STAGES = sorted(set(FILES) - {PARENT})


@pytest.fixture
def walked(monkeypatch):
    return Walked(monkeypatch)


def kind_of(key):
    return "KIS" if key.endswith("_kis") else "OPIEKA_SENIOR" if key.endswith("_opieka") else "OGOLNA"


def starts(key):
    """Situations in which a process may begin, in an order in which they soon differ in everything."""
    ways = product(
        ("II", "I", "III"),
        FORMS_OF_SERVICE,
        ("SKONCENTROWANA", "ROZPROSZONA"),
        ("BIEZACA", "UMOWA", "PARTNERSTWO"),
        (False, True),
        (False, True),
    )
    ordered = list(ways)
    random.Random(key).shuffle(ordered)
    for path, form, variant, level, by_mayor, pilot in ordered:
        yield {
            "usluga": "Usługa próbna",
            "rodzaj_uslugi": kind_of(key),
            "sciezka": path,
            "forma": form,
            "forma_obecna": form,
            "wariant": variant,
            "typ_ops": "MOPS",
            "pilotaz": pilot,
            "pup_level": level,
            "akceptacja_zakresu": by_mayor,
            "prog_pzp": 170_000,
            "wstepny_koszt": 100,
            "umowa_od": "2026-03-02",
            "umowa_do": "2026-04-30",
            "nadzor_od": "2026-03-02",
            "numer_sprawozdania": 1,
        }


def kinds(key):
    for number, start in enumerate(starts(key)):
        yield {**start, "rodzaj_uslugi": ("OGOLNA", "OPIEKA_SENIOR", "KIS")[number % 3]}


@pytest.mark.parametrize("key", STAGES)
def test_every_flow_of_a_stage_is_walked(key, walked):
    search = Search(key, walked)

    search.run(starts(key))

    assert sorted(search.missing) == []


def test_every_flow_of_the_parent_process_is_walked(walked):
    search = Search(PARENT, walked, {key: stand_in(key) for key in STAGES})

    search.run(kinds(PARENT))

    assert sorted(search.missing) == []


@pytest.mark.parametrize("key", STAGES)
def test_a_stage_can_hand_back_every_result_that_stood_in_for_it(key):
    text = FILES[key].decode() + "".join(
        path.read_text("utf-8") for name, path in FORMS.items() if f'form="{name}"' in FILES[key].decode()
    )

    named = {value for result in RESULTS[key] for name, value in result.items() if name != "forma"}

    assert {one for one in named if isinstance(one, str) and one not in text} == set()


def test_a_flow_that_no_answer_can_open_is_reported(walked, monkeypatch):
    shut = FILES["zakres"].replace(b'decyzja = "ODRZUCAM"', b'decyzja = "ODMAWIAM"')
    monkeypatch.setitem(FILES, "zakres", shut)
    search = Search("zakres", walked)

    search.run(starts("zakres"))

    assert ("zakres", "flow_decyzja_do_odrzucono") in search.missing
    assert len(search.missing) < len(flows_of("zakres"))
