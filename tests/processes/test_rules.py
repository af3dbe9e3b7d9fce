"""The business rules of the model, one test each: what is refused or routed, and what is accepted."""

from datetime import date

import pytest
from process_centre import ANOTHER_PERFORMER, BEGIN

from engine import access
from engine.actions import tasks as deeds
from engine.demo.people import COUNSELLING
from engine.errors import AnswersRejected, NotAllowed


def stage_roles(case, *stages):
    return {one.role for one in case.done() if one.process.startswith(stages)}


def elements(case):
    return [one.element for one in case.done()]


# --- money and the course of stages ---------------------------------------------------------------


def test_br1_an_organisation_with_its_own_money_needs_no_financing_and_no_kierownik_in_the_last_stages(centre):
    own, ordered = centre.start(form="NGOOWN"), centre.start(form="UDPP")

    own.until()
    ordered.until()

    assert stage_roles(own, "finansowanie") == set()
    assert access.KIEROWNIK not in stage_roles(own, "nadzor", "ewaluacja")
    assert access.KOORDYNATOR in stage_roles(own, "nadzor", "ewaluacja")
    assert access.KIEROWNIK in stage_roles(ordered, "finansowanie")
    assert access.KIEROWNIK in stage_roles(ordered, "nadzor")
    assert access.KIEROWNIK in stage_roles(ordered, "ewaluacja")


@pytest.mark.parametrize(
    ("form", "path", "element"),
    [
        ("UDPP", "II", "zadanie_specyfikacja"),
        ("UDPP", "II", "zadanie_projekt_umowy"),
        ("PPN", "II", "zadanie_specyfikacja"),
        ("PPN", "II", "zadanie_projekt_umowy"),
        ("PZP", "II", "zadanie_specyfikacja"),
        ("PZP", "II", "zadanie_projekt_umowy"),
        ("NGOOWN", "II", "zadanie_zasady"),
        ("OPSPUP", "II", "zadanie_porozumienie"),
        ("OWN", "II", "zadanie_specyfikacja"),
        ("PPP", "II", "zadanie_projekt"),
        ("UDPP", "I", "zadanie_aneks_projekt"),
    ],
)
def test_br2_a_specification_always_holds_the_condition_of_the_standard(form, path, element, centre):
    case = centre.start(form=form, sciezka=path, forma_obecna=form if path == "I" else "OWN")

    refused = case.refused(element, warunek_standardu=False)
    accepted = case.refused(element, warunek_standardu=True)

    assert len(refused) == 1
    assert "standard" in refused[0]
    assert accepted == []


@pytest.mark.parametrize(
    ("form", "specialist", "sentence"),
    [
        ("UDPP", "formy", "Specjalista ds. form realizacji usług"),
        ("PPN", "formy", "Specjalista ds. form realizacji usług"),
        ("PZP", "zamowienia", "Specjalista ds. zamówień publicznych"),
    ],
)
def test_br3_committee_holds_coordinator_and_specialist(form, specialist, sentence, centre):
    case = centre.start(form=form)
    element = "zadanie_komisja"

    without_specialist = case.refused(element, czlonkowie=committee("koordynator", "socjalny"))
    without_coordinator = case.refused(element, czlonkowie=committee("kierownik", specialist))
    accepted = case.refused(element, czlonkowie=committee("koordynator", specialist))

    assert without_specialist == [f"Dopisz do komisji osobę w roli: {sentence} – jej udział jest obowiązkowy."]
    assert without_coordinator == [
        "Dopisz do komisji koordynatora usług pomocy społecznej – jego udział jest obowiązkowy."
    ]
    assert accepted == []


def committee(*logins):
    return [
        {"osoba": login, "funkcja": "CZLONEK" if number else "PRZEWODNICZACY"} for number, login in enumerate(logins)
    ]


def test_br3_only_the_appointed_members_do_the_work_of_the_committee(centre):
    case = centre.start(form="UDPP")
    case.do("zadanie_komisja", czlonkowie=committee("koordynator2", "formy"))
    task = case.to("zadanie_ocena_formalna")

    with pytest.raises(NotAllowed) as refusal:
        case.as_person("koordynator", task)
    case.as_person("formy", task)

    assert refusal.value.message == "To zadanie mogą wykonać tylko powołani członkowie komisji."
    assert case.task("zadanie_opinie")


@pytest.mark.parametrize(
    ("form", "budget"),
    [
        ("UDPP", "GMINA"),
        ("PPN", "GMINA"),
        ("PZP", "OPS"),
        ("OPSPUP", "OPS"),
        ("OWN", "OPS"),
        ("UNIT", "OPS"),
        ("SHARE", "OPS"),
        ("PUBPUB", "OPS"),
        ("PPP", "OPS"),
    ],
)
def test_br4_money_for_ordered_tasks_and_partnership_goes_into_the_budget_of_the_gmina(form, budget, centre):
    case = centre.start(form=form)

    case.to("zadanie_projekt_budzetu")

    assert case.variables()["budzet"] == budget


def test_br5_fees_of_clients_are_no_source_of_money(centre):
    case = centre.start()
    element = "zadanie_zrodla_finansowania"
    case.to(element)
    source = {"kwota": "5000.00", "stan": "PEWNE"}

    as_source = case.refused(element, zrodla=[{**source, "zrodlo": "ODPLATNOSC"}])
    in_words = case.refused(element, zrodla=[{**source, "zrodlo": "INNE", "opis": "Odpłatność klientów"}])
    accepted = case.refused(element, zrodla=[{**source, "zrodlo": "BUDZET_GMINY"}])

    assert as_source[0].startswith("Usuń odpłatność klientów ze źródeł. Wpłaty klientów nie są źródłem finansowania")
    assert in_words[0].startswith("W opisie źródła wpisano odpłatność klientów.")
    assert accepted == []


# --- BR6: who decides ------------------------------------------------------------------------------

DECISION = "zadanie_decyzja_z_upowaznienia"
NOT_THE_KIEROWNIK = "To zadanie należy do roli „Wójt”, której nie masz."


def test_br6_kierownik_decides_by_an_authorisation_in_force_and_the_journal_tells_its_number(centre):
    case = centre.start()
    task = case.to(DECISION)

    with pytest.raises(NotAllowed) as refusal:
        case.as_person("wojt", task)
    case.as_person("kierownik", task)

    entry = next(one for one in case.journal() if one.element == DECISION and one.deed == "complete")
    assert refusal.value.message == "To zadanie należy do roli „Kierownik ops”, której nie masz."
    assert entry.authority == "OPS.077.FORMA"
    assert entry.text.endswith("Na podstawie upoważnienia nr OPS.077.FORMA.")
    assert entry.by == "Krystyna Zmyślona"


def test_br6_without_an_authorisation_the_decision_is_the_mayors(bare_centre):
    case = bare_centre.start()
    task = case.to("zadanie_decyzja_wojta")

    with pytest.raises(NotAllowed) as refusal:
        case.as_person("kierownik", task)
    case.as_person("wojt", task)

    entry = next(one for one in case.journal() if one.element == "zadanie_decyzja_wojta" and one.deed == "complete")
    assert refusal.value.message == NOT_THE_KIEROWNIK
    assert entry.authority == ""
    assert "upoważnienia nr" not in entry.text
    assert case.variables()["wynik_formy"] == "PRZYJETO"


def test_br6_an_authorisation_that_expires_takes_a_claimed_decision_to_the_mayor(bare_centre):
    bare_centre.authorise("FORMA", until=date(2026, 12, 31))
    case = bare_centre.start()
    task = case.to(DECISION)
    case.as_person("kierownik", task, deeds.claim)
    assert case.now.date() < date(2026, 12, 31)
    case.now = BEGIN.replace(year=2027, month=1, day=1, hour=8)

    with pytest.raises(NotAllowed) as refusal:
        case.as_person("kierownik", task)
    case.as_person("wojt", task)

    entry = next(one for one in case.journal() if one.element == DECISION and one.deed == "complete")
    assert refusal.value.message == NOT_THE_KIEROWNIK
    assert (entry.by, entry.authority) == ("Wojciech Niebyły", "")


def test_br6_an_authorisation_that_is_revoked_takes_a_claimed_decision_to_the_mayor(bare_centre):
    given = bare_centre.authorise("FORMA")
    case = bare_centre.start()
    task = case.to(DECISION)
    case.as_person("kierownik", task, deeds.claim)
    bare_centre.revoke(given["FORMA"], at=case.now)

    with pytest.raises(NotAllowed) as refusal:
        case.as_person("kierownik", task)
    case.as_person("wojt", task)

    entry = next(one for one in case.journal() if one.element == DECISION and one.deed == "complete")
    assert refusal.value.message == NOT_THE_KIEROWNIK
    assert (entry.by, entry.authority) == ("Wojciech Niebyły", "")


def test_br6_the_last_day_of_an_authorisation_still_counts(bare_centre):
    bare_centre.authorise("FORMA", until=date(2026, 12, 31))
    case = bare_centre.start()
    task = case.to(DECISION)
    case.now = BEGIN.replace(month=12, day=31, hour=22)  # 23:00 in Warsaw

    case.as_person("kierownik", task)

    assert case.variables()["wynik_formy"] == "PRZYJETO"


# --- paths, partnership, units ---------------------------------------------------------------------


def test_br7_the_head_of_the_labour_office_acts_only_in_a_local_partnership(centre):
    asked = {}
    for level in ("BIEZACA", "UMOWA", "PARTNERSTWO"):
        case = centre.start(rodzaj_uslugi="KIS", pup_level=level)
        case.until()
        asked[level] = [one.process for one in case.done() if one.role == "Kierownik PUP"]

    assert asked == {"BIEZACA": [], "UMOWA": [], "PARTNERSTWO": ["nadzor_kis", "ewaluacja_kis"]}


def test_br8_path_i_in_own_structures_needs_a_ground(centre):
    kept = centre.start(form="OWN", sciezka="I", forma_obecna="OWN")
    element = "zadanie_uzasadnienie_wlasnych"

    refused = kept.refused(element, podstawy=[])
    accepted = kept.refused(element, podstawy=["MALY_ZAKRES"])
    on_path_ii = centre.start(form="OWN").refused(element, podstawy=[])

    assert refused == [
        "Na ścieżce I usługa może zostać we własnych strukturach tylko z jednej z czterech podstaw modelu. "
        "Zaznacz co najmniej jedną."
    ]
    assert accepted == []
    assert on_path_ii == []


def test_br9_path_iii_is_closed_in_the_pilot(centre):
    with pytest.raises(AnswersRejected) as at_start:
        centre.start(sciezka="III", pilotaz=True)
    pilot = centre.start(sciezka="II", pilotaz=True)
    at_choice = pilot.refused("zadanie_wybor_sciezki", wybrana_sciezka="III")
    usual = centre.start(sciezka="III").refused("zadanie_wybor_sciezki", wybrana_sciezka="III")

    assert "W pilotażu nie można wybrać ścieżki III" in at_start.value.errors[0].message
    assert at_choice[0].startswith("W pilotażu ścieżka III jest niedostępna")
    assert usual == []


def test_br10_a_partner_of_the_pilot_is_not_chosen_again(centre):
    pilot, usual = centre.start(form="PPN", pilotaz=True), centre.start(form="PPN")

    pilot.to("zadanie_plan")
    usual.to("zadanie_plan")

    assert "zadanie_umowa_partnerska" in elements(pilot)
    assert stage_roles(pilot, "wybor_ppn") == set()
    assert "zadanie_umowa_partnerska" not in elements(usual)
    assert "zadanie_wybor" in elements(usual)


def test_br11_who_organises_does_not_perform(centre):
    case = centre.start(form="OWN")
    social = case.to("zadanie_potrzeby_z_pracy_socjalnej")
    case.as_person("psycholog", social)  # sits in the counselling unit, which so has organised
    case.to("zadanie_komorka")

    refused = case.refused("zadanie_komorka", jednostka_wykonujaca=centre.unit(COUNSELLING))
    accepted = case.refused("zadanie_komorka", jednostka_wykonujaca=centre.unit(ANOTHER_PERFORMER))

    assert refused == ["Ta komórka organizuje usługę, więc nie może jej wykonywać. Wskaż inną."]
    assert accepted == []


def test_br11_people_of_the_performing_unit_do_not_organise(centre):
    case = centre.start(form="OWN")
    case.do("zadanie_komorka")
    task = case.to("zadanie_pakiety")

    with pytest.raises(NotAllowed) as refusal:
        case.as_person("psycholog", task)
    case.as_person("socjalny", task)

    assert refusal.value.message.startswith("Usługę wykonuje Twoja komórka, więc jej organizację prowadzi ktoś inny.")
    assert "zadanie_pakiety" in elements(case)


# --- reports and announcements ---------------------------------------------------------------------

QUARTER = ("2027-01-01", "2027-03-31")
MONTHS = ["2027-01", "2027-02", "2027-03"]


@pytest.mark.parametrize("kind", ["OGOLNA", "OPIEKA_SENIOR", "KIS"])
def test_br12_every_month_has_exactly_one_report(kind, centre):
    level = {"pup_level": "PARTNERSTWO"} if kind == "KIS" else {}
    case = centre.start(form="OWN", contract=QUARTER, rodzaj_uslugi=kind, **level)

    case.until()

    assert case.months() == MONTHS


def test_br12_no_month_is_lost_when_the_clock_stood_still_for_two(centre):
    case = centre.start(form="OWN", contract=QUARTER)
    case.do("zadanie_plan")
    case.now = BEGIN.replace(year=2027, month=4, day=10)

    case.until()

    assert case.months() == MONTHS


def test_br12_a_returned_report_is_the_report_of_the_same_month(centre):
    case = centre.start(form="OWN", contract=QUARTER)
    case.do("zadanie_analiza", decyzja="ZWRACAM")

    case.until()

    assert case.months() == ["2027-01", *MONTHS]


def test_br18_the_choice_of_a_partner_is_published_in_bip(centre):
    case = centre.start(form="PPN")
    element = "zadanie_wynik_bip"
    case.to(element)

    without_day = case.refused(element, data_bip=None)
    without_address = case.refused(element, adres_bip="")
    shut_away = case.refused(element, dokumentacja_dostepna=False)
    accepted = case.refused(element)

    assert len(without_day) == len(without_address) == 1
    assert shut_away == [
        "Dokumentacja wyboru musi być dostępna na żądanie zainteresowanych. Udostępnij ją i zaznacz „tak”."
    ]
    assert accepted == []


CONTENTS_OF_COMPETITION = {
    "1 standard": {"opis_standardu": ""},
    "2 rodzaj zadania": {"rodzaj_zadania": None},
    "3 środki": {"srodki": ""},
    "4 terminy i warunki": {"warunki": ""},
    "5 składanie ofert": {"termin_skladania_ofert": None},
    "6 wybór ofert": {"tryb_wyboru": ""},
    "7 zadania poprzednie": {"byly_zadania": None},
}
CONTENTS_OF_CALL = {
    "1 cel i zakres": {"cel_i_zakres": ""},
    "2 doświadczenie": {"doswiadczenie": ""},
    "3 wkład": {"wklad": ""},
}


@pytest.mark.parametrize(("form", "contents"), [("UDPP", CONTENTS_OF_COMPETITION), ("PPN", CONTENTS_OF_CALL)])
def test_br19_an_announcement_has_all_its_contents(form, contents, centre):
    case = centre.start(form=form)
    element = "zadanie_ogloszenie"
    case.to(element)

    refused = {part: case.refused(element, **missing) for part, missing in contents.items()}
    accepted = case.refused(element)

    assert [part for part, sentences in refused.items() if not sentences] == []
    assert accepted == []


def test_br19_offers_may_be_sent_for_twenty_one_days(centre):
    case = centre.start(form="UDPP")
    element = "zadanie_ogloszenie"
    case.to(element)
    day = {"dzien_ogloszenia": "2026-12-01", "termin_wyboru": "2027-01-15"}

    too_soon = case.refused(element, **day, termin_skladania_ofert="2026-12-21")
    in_time = case.refused(element, **day, termin_skladania_ofert="2026-12-22")

    assert too_soon == ["Termin składania ofert musi przypadać co najmniej 21 dni po dniu ogłoszenia. Przesuń termin."]
    assert in_time == []
