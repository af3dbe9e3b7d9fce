"""What the model leaves out: work that comes back, selections that fail, contracts that break, power that ends."""

from datetime import date, timedelta

import pytest

QUARTER = ("2027-01-01", "2027-03-31")
TWO_OFFERS = [
    {"oferent": "Fundacja Pierwsza", "data_wplywu": "2026-03-20", "kwota": "1.00"},
    {"oferent": "Stowarzyszenie Drugie", "data_wplywu": "2026-03-23", "kwota": "1.00"},
]
VALID = {"w_terminie": True, "uprawniony": True, "kompletna": True, "zgodna": True, "wynik": "WAZNA"}


def elements(case):
    return [one.element for one in case.done()]


def test_a_returned_scope_goes_back_to_its_author_with_the_reason_and_comes_again(centre):
    case = centre.start()

    case.do("zadanie_akceptacja_zakresu", decyzja="ZWRACAM", powod="Zbyt wielu adresatów.")

    again = case.task("zadanie_propozycja_zakresu")
    assert again.person_name == "Anna Przykładna"
    assert case.said("zakres_akceptacja")[-1]["powod"] == "Zbyt wielu adresatów."
    assert case.until()
    assert elements(case).count("zadanie_propozycja_zakresu") == 2


def test_a_rejected_scope_ends_the_case(centre):
    case = centre.start()

    case.do("zadanie_akceptacja_zakresu", decyzja="ODRZUCAM", powod="Nie ma potrzeby.")

    assert case.until()
    assert elements(case)[-1] == "zadanie_akceptacja_zakresu"
    assert case.variables()["wynik_zakresu"] == "ODRZUCONO"


def test_without_offers_the_competition_is_void_and_may_be_repeated(centre):
    case = centre.start()

    case.do("zadanie_oferty", oferty=[])
    void = case.to("zadanie_uniewaznienie")
    case.do("zadanie_dalej", dalszy_krok="PONOWIENIE")

    assert void.form_key == "udpp_uniewaznienie"
    assert "zadanie_ocena_formalna" not in elements(case)
    assert case.until()
    assert elements(case).count("zadanie_ogloszenie") == 2
    assert case.variables()["wynik_wyboru"] == "WYBRANO"


def test_without_a_valid_offer_the_case_may_change_its_form(centre):
    case = centre.start()
    failing = {**VALID, "kompletna": False, "wynik": "ODRZUCONA"}
    case.do("zadanie_oferty", oferty=TWO_OFFERS)

    case.do("zadanie_ocena_formalna", ocena_formalna=[{**failing, "oferent": one["oferent"]} for one in TWO_OFFERS])
    case.do("zadanie_uniewaznienie", przyczyna="BRAK_WAZNYCH")
    case.do("zadanie_dalej", dalszy_krok="ZMIANA_FORMY")
    case.do("zadanie_propozycja_formy", proponowana_forma="OWN")

    assert "zadanie_opinie" not in elements(case)
    assert case.until()
    assert case.variables()["forma"] == "OWN"
    assert "zadanie_komorka" in elements(case)


def test_without_a_performer_the_case_may_end(centre):
    case = centre.start()
    case.do("zadanie_oferty", oferty=[])

    case.do("zadanie_dalej", dalszy_krok="ZAKONCZENIE")

    assert case.until()
    assert case.variables()["wynik_wyboru"] == "BEZ_WYBORU"
    assert "zadanie_plan" not in elements(case)


def test_after_a_refusal_to_sign_the_next_valid_offer_is_taken(centre):
    case = centre.start()
    first, second = (one["oferent"] for one in TWO_OFFERS)
    case.do("zadanie_oferty", oferty=TWO_OFFERS)
    case.do("zadanie_ocena_formalna", ocena_formalna=[{**VALID, "oferent": one} for one in (first, second)])
    case.do("zadanie_decyzja", wybrani=[{"organizacja": first, "rodzaj": "WSPIERANE", "kwota": "1.00"}])

    case.do("zadanie_umowa", decyzja="ODRZUCAM", umowy=[{"organizacja": first, "stan": "ODMOWA"}])
    case.do("zadanie_dalej_po_odmowie", dalszy_krok="KOLEJNA_OFERTA")
    case.do("zadanie_decyzja", wybrani=[{"organizacja": second, "rodzaj": "WSPIERANE", "kwota": "1.00"}])
    case.to("zadanie_umowa")

    assert [one["umowy_projekt"][0]["organizacja"] for one in case.said("udpp_projekt_umowy")] == [first, second]
    assert case.until()


def test_after_a_refusal_to_sign_no_other_offer_can_be_taken_when_there_is_none(centre):
    case = centre.start()

    case.do("zadanie_umowa", decyzja="ODRZUCAM", umowy=[{"organizacja": "Fundacja", "stan": "ODMOWA"}])

    assert case.refused("zadanie_dalej_po_odmowie", dalszy_krok="KOLEJNA_OFERTA") == [
        "Nie ma innej ważnej oferty. Wybierz ponowny konkurs, zmianę formy albo zakończenie."
    ]


def test_a_budget_that_is_refused_leads_to_a_smaller_scope(centre):
    case = centre.start()

    case.do("zadanie_decyzja_budzet", decyzja="ODRZUCAM", powod="Brak środków.")
    case.do("zadanie_po_odmowie", dalsza_droga="ZMIANA_ZAKRESU")

    assert case.task("zadanie_propozycja_zakresu")
    assert case.until()
    assert elements(case).count("zadanie_decyzja_budzet") == 2


def test_a_budget_that_is_refused_may_end_the_case(centre):
    case = centre.start()
    case.do("zadanie_decyzja_budzet", decyzja="ODRZUCAM", powod="Brak środków.")

    case.do("zadanie_po_odmowie", dalsza_droga="ODMOWA")

    assert case.until()
    assert case.variables()["wynik_finansowania"] == "ODMOWA"
    assert "zadanie_opis_uslugi" not in elements(case)


def breach(case):
    """The kierownik finds a breach and sets ten days to mend it."""
    case.do("zadanie_analiza", wynik_analizy="NARUSZENIE")
    task = case.to("zadanie_wezwanie")
    case.do("zadanie_wezwanie", termin_naprawy=(case.now.date() + timedelta(days=10)).isoformat())
    return task.opened_at.date()


def test_a_breach_that_is_mended_lets_the_service_go_on(centre):
    case = centre.start(contract=QUARTER)
    called = breach(case)

    case.do("zadanie_usuniecie", naruszenie_usuniete=True)

    assert case.now.date() >= called + timedelta(days=10)
    assert case.until()
    assert case.months() == ["2027-01", "2027-02", "2027-03"]
    assert case.variables()["wynik_nadzoru"] == "KONIEC_UMOWY"


def test_a_breach_that_is_not_mended_leads_to_a_new_performer(centre):
    case = centre.start(contract=QUARTER)
    breach(case)
    case.do("zadanie_usuniecie", naruszenie_usuniete=False)

    case.do("zadanie_decyzja_umowa", decyzja_umowa="NOWY_WYKONAWCA", data_zakonczenia="2027-02-28")
    case.to("zadanie_opis_uslugi")

    assert elements(case)[-1] == "zadanie_sprawozdanie_koncowe"
    assert case.variables()["wynik_nadzoru"] == "NOWY_WYKONAWCA"


def test_a_contract_that_is_ended_after_a_breach_leads_to_evaluation(centre):
    case = centre.start(contract=QUARTER)
    breach(case)
    case.do("zadanie_usuniecie", naruszenie_usuniete=False)

    case.do("zadanie_decyzja_umowa", decyzja_umowa="ROZWIAZANIE", data_zakonczenia="2027-02-28")

    assert case.until()
    assert case.months() == ["2027-01"]
    assert len(case.said("nadzor_sprawozdanie_koncowe")) == 1
    assert "zadanie_raport" in elements(case)


def test_an_authorisation_that_expires_during_supervision_is_renewed_by_the_mayor(bare_centre):
    bare_centre.authorise("FORMA", "KONKURS")
    bare_centre.authorise("NADZOR", until=date(2027, 2, 15))
    case = bare_centre.start(form="OWN", contract=QUARTER)

    renewal = case.to("zadanie_upowaznienie")
    case.do("zadanie_upowaznienie", numer_upowaznienia="OR.0052.1.2027")

    assert renewal.role == "Wójt"
    assert case.months() == ["2027-01"]
    assert "OR.0052.1.2027" in {one.number for one in case.register()}
    assert case.until()
    assert case.months() == ["2027-01", "2027-02", "2027-03"]
    numbers = [one.authority for one in case.journal() if one.deed == "complete" and one.element == "zadanie_analiza"]
    assert numbers == ["OPS.077.NADZOR", "OR.0052.1.2027", "OR.0052.1.2027", "OR.0052.1.2027"]


def test_supervision_goes_on_under_the_mayor_when_nobody_renews_an_authorisation(bare_centre):
    bare_centre.authorise("FORMA", "KONKURS")
    bare_centre.authorise("NADZOR", until=date(2027, 2, 15))
    case = bare_centre.start(form="OWN", contract=QUARTER)
    task = case.to("zadanie_upowaznienie")

    case.wait()

    assert case.now >= task.opened_at + timedelta(days=14)
    assert {one.element for one in case.open()} >= {"zadanie_wiedza", "zadanie_pakiety"}
    done = case.do("zadanie_analiza")
    assert {one.done_by for one in case.done() if one.id == done.id} == {bare_centre.person("wojt").id}


def test_a_service_without_authorisation_waits_for_the_mayor_before_supervision(bare_centre):
    case = bare_centre.start(form="OWN")

    task = case.to("zadanie_wydanie_upowaznienia")
    case.do("zadanie_wydanie_upowaznienia", numer_upowaznienia="OR.0052.7.2026")

    assert task.role == "Wójt"
    assert [(one.scope, one.number) for one in case.register()] == [("NADZOR", "OR.0052.7.2026")]
    assert case.task("zadanie_plan")


@pytest.mark.parametrize(
    ("form", "element", "refusal"),
    [
        ("PPN", "zadanie_podpis_partnera", {"decyzja_partnera": "ODRZUCAM"}),
        ("NGOOWN", "zadanie_zatwierdzenie_organizacji", {"decyzja_organizacji": "ODRZUCAM"}),
        ("OPSPUP", "zadanie_podpis_pup", {"decyzja_pup": "ODRZUCAM"}),
        ("PPP", "zadanie_druga_strona", {"decyzja_drugiej_strony": "ODRZUCAM"}),
    ],
)
def test_another_party_that_does_not_sign_leaves_the_next_step_to_the_kierownik(form, element, refusal, centre):
    case = centre.start(form=form)

    case.do(element, **refusal)
    task = case.to("zadanie_dalej")
    case.do("zadanie_dalej", dalszy_krok="ZAKONCZENIE")

    assert task.role == "Kierownik ops"
    assert case.until()
    assert case.variables()["wynik_wyboru"] == "BEZ_WYBORU"
