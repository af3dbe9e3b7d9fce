"""Every valid combination of form, kind, path, variant and pilot goes from its start to its end."""

from itertools import combinations, product

import pytest

from engine import access
from engine.errors import AnswersRejected

FORMS = ("UDPP", "PPN", "PZP", "NGOOWN", "OPSPUP", "OWN", "UNIT", "SHARE", "PUBPUB", "PPP")
NOT_ON_PATH_I = ("UNIT", "SHARE")  # no model form: a standard alone cannot be brought into them
KINDS = ("OGOLNA", "OPIEKA_SENIOR", "KIS")
PATHS = ("I", "II", "III")
VARIANTS = ("SKONCENTROWANA", "ROZPROSZONA")
LEVELS = ("BIEZACA", "UMOWA", "PARTNERSTWO")
SUFFIX = {"OGOLNA": "ogolna", "OPIEKA_SENIOR": "opieka", "KIS": "kis"}
SELECTION = {
    "UDPP": "wybor_udpp",
    "PPN": "wybor_ppn",
    "PZP": "wybor_pzp",
    "NGOOWN": "wybor_ngo_wlasne",
    "OPSPUP": "wybor_ops_pup",
}
CONTRACTS = (("2027-01-01", "2027-01-31"), ("2027-01-15", "2027-02-14"))  # one month, then parts of two


def is_valid(form, path, pilot):
    return not (path == "III" and pilot) and not (path == "I" and form in NOT_ON_PATH_I)


def all_ways():
    """Each valid combination; for KIS with a level of co-operation that turns, so that it meets all else."""
    found = []
    for number, (form, kind, path, variant, pilot) in enumerate(product(FORMS, KINDS, PATHS, VARIANTS, (False, True))):
        if is_valid(form, path, pilot):
            turn = FORMS.index(form) + PATHS.index(path) + VARIANTS.index(variant) + pilot
            level = LEVELS[turn % 3] if kind == "KIS" else None
            found.append((form, kind, path, variant, pilot, level, number % 2 + 1))
    return found


WAYS = all_ways()


def name(way):
    form, kind, path, variant, pilot, level, months = way
    return "-".join([form, level or kind, path, variant[:5], "pilot" if pilot else "zwykle", str(months)])


def variables(way):
    form, kind, path, variant, pilot, level, _ = way
    level_said = {"pup_level": level} if level else {}
    present = form if path == "I" else "OWN"
    centre = ("GOPS", "MGOPS", "MOPS")[FORMS.index(form) % 3]
    return {
        "rodzaj_uslugi": kind,
        "sciezka": path,
        "wariant": variant,
        "pilotaz": pilot,
        "forma_obecna": present,
        "typ_ops": centre,
        **level_said,
    }


def stages(way):
    """The processes that run, in their order (form × stage matrix of the model)."""
    form, kind, _, _, pilot, _, _ = way
    return [
        "organizacja_uslugi",
        f"diagnoza_{SUFFIX[kind]}",
        "zakres",
        "forma",
        *([] if form == "NGOOWN" else ["finansowanie"]),
        *([] if form == "PPN" and pilot else [SELECTION.get(form, "wybor_inne")]),
        f"nadzor_{SUFFIX[kind]}",
        f"ewaluacja_{SUFFIX[kind]}",
    ]


def roles_of(done, *stages):
    return {one.role for one in done if one.process.startswith(stages)}


def test_there_are_276_valid_combinations_and_kis_meets_every_level():
    kis = [(form, path, variant, pilot, level) for form, kind, path, variant, pilot, level, _ in WAYS if kind == "KIS"]

    met = {(left, right, way[left], way[right]) for way in kis for left, right in combinations(range(5), 2)}
    wanted = {
        (place, 4, value, level)
        for place, values in enumerate((FORMS, PATHS, VARIANTS, (False, True)))
        for value, level in product(values, LEVELS)
    }

    assert len(WAYS) == 276
    assert wanted <= met


@pytest.mark.parametrize("way", WAYS, ids=name)
def test_a_valid_combination_goes_to_its_end(way, busy_centre):
    form, _, _, variant, _, level, months = way
    case = busy_centre.start(form=form, contract=CONTRACTS[months - 1], **variables(way))

    finished = case.until()

    done = case.done()
    late = roles_of(done, "nadzor", "ewaluacja")
    assert finished
    assert list(dict.fromkeys(one.process for one in done)) == stages(way)
    assert case.months() == ["2027-01", "2027-02"][:months]
    assert (access.KIEROWNIK in late) == (form != "NGOOWN")
    assert ("Kierownik PUP" in late) == (level == "PARTNERSTWO" and form != "NGOOWN")
    assert ("Urząd gminy" in roles_of(done, "")) == (variant == "ROZPROSZONA")
    assert case.variables()["forma"] == form


@pytest.mark.parametrize(("kind", "variant"), list(product(KINDS, VARIANTS)))
def test_path_iii_is_refused_in_the_pilot(kind, variant, busy_centre):
    level = {"pup_level": "UMOWA"} if kind == "KIS" else {}

    with pytest.raises(AnswersRejected) as refusal:
        busy_centre.start(sciezka="III", pilotaz=True, rodzaj_uslugi=kind, wariant=variant, **level)

    assert [one.message for one in refusal.value.errors] == [
        "W pilotażu nie można wybrać ścieżki III: usługi zgłoszono wcześniej we wniosku. Wybierz ścieżkę I albo II."
    ]


@pytest.mark.parametrize(("form", "kind"), list(product(NOT_ON_PATH_I, KINDS)))
def test_path_i_is_refused_for_a_form_that_is_not_of_the_model(form, kind, busy_centre):
    level = {"pup_level": "UMOWA"} if kind == "KIS" else {}

    with pytest.raises(AnswersRejected) as at_start:
        busy_centre.start(rodzaj_uslugi=kind, sciezka="I", forma_obecna=form, **level)
    on_path_ii = busy_centre.start(rodzaj_uslugi=kind, sciezka="II", forma_obecna=form, **level)
    at_choice = on_path_ii.refused("zadanie_wybor_sciezki", wybrana_sciezka="I", forma_istniejaca=form)

    assert [one.message for one in at_start.value.errors] == [
        "Ścieżka I jest tylko dla form modelowych. Dla jednostki samorządowej i udostępniania usług wybierz ścieżkę II."
    ]
    assert at_choice == ["Wybierz jedną z podanych odpowiedzi."]


@pytest.mark.parametrize("present", [one for one in FORMS if one not in NOT_ON_PATH_I])
def test_path_i_is_refused_for_any_form_but_the_present_one(present, busy_centre):
    case = busy_centre.start(sciezka="I", forma_obecna=present, form=present)
    case.to("zadanie_potwierdzenie_formy")
    others = [one for one in FORMS if one != present and one not in NOT_ON_PATH_I]

    sentences = {one: case.refused("zadanie_potwierdzenie_formy", potwierdzona_forma=one) for one in others}
    outside = [case.refused("zadanie_potwierdzenie_formy", potwierdzona_forma=one) for one in NOT_ON_PATH_I]

    assert all(len(one) == 1 for one in sentences.values())
    assert {one[0].split(".")[0] for one in sentences.values()} == {
        "Na ścieżce I forma musi zostać taka jak dotychczas"
    }
    assert outside == [["Wybierz jedną z podanych odpowiedzi."]] * 2
    assert case.refused("zadanie_potwierdzenie_formy", potwierdzona_forma=present) == []
