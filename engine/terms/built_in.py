"""The rules that come with Bieg, each with its source; a centre may keep its own rows of the same names."""

from __future__ import annotations

from datetime import date

from engine.terms.rules import Rule, Rules

_GUIDE = "Katalog dobrych praktyk, interwencja kryzysowa"
_KPA = (
    Rule(
        name="KPA: 1 miesiąc",
        rule="1 miesiąc",
        statutory=True,
        source="art. 35 § 3 KPA",
        text="Załatwienie sprawy, która wymaga postępowania wyjaśniającego.",
    ),
    Rule(
        name="KPA: 2 miesiące (szczególnie skomplikowana)",
        rule="2 miesiące",
        statutory=True,
        source="art. 35 § 3 KPA",
        text="Załatwienie sprawy szczególnie skomplikowanej.",
    ),
    Rule(
        name="KPA: 1 miesiąc (odwołanie)",
        rule="1 miesiąc",
        statutory=True,
        source="art. 35 § 3 KPA",
        text="Załatwienie sprawy w postępowaniu odwoławczym, od otrzymania odwołania.",
    ),
    Rule(
        name="KPA: 14 dni na odwołanie",
        rule="14 dni od doręczenia decyzji",
        statutory=True,
        source="art. 129 § 2 KPA",
        text="Strona może odwołać się od decyzji.",
    ),
    Rule(
        name="KPA: 7 dni na przekazanie odwołania",
        rule="7 dni od otrzymania odwołania",
        statutory=True,
        source="art. 133 KPA",
        text="Przesłanie odwołania z aktami sprawy do organu odwoławczego.",
    ),
    Rule(
        name="KPA: 7 dni na zaświadczenie",
        rule="7 dni",
        statutory=True,
        source="art. 217 § 3 KPA",
        text="Wydanie zaświadczenia.",
    ),
    Rule(
        name="KPA: 1 miesiąc na skargę",
        rule="1 miesiąc",
        statutory=True,
        source="art. 237 § 1 KPA",
        text="Załatwienie skargi.",
    ),
)
_SOCIAL = (
    Rule(
        name="14 dni roboczych",
        rule="14 dni roboczych",
        statutory=True,
        source="rozporządzenie w sprawie rodzinnego wywiadu środowiskowego, § 3 (Dz.U. 2021 poz. 893)",
        text="Wywiad środowiskowy od powzięcia wiadomości o potrzebie pomocy.",
        valid_from=date(2021, 11, 11),
    ),
    Rule(
        name="2 dni robocze (pilne)",
        rule="2 dni robocze",
        statutory=True,
        source="rozporządzenie w sprawie rodzinnego wywiadu środowiskowego, § 3 (Dz.U. 2021 poz. 893)",
        text="Wywiad środowiskowy w sprawie pilnej: niezwłocznie, najpóźniej w tym terminie.",
        valid_from=date(2021, 11, 11),
    ),
    Rule(
        name="21 dni od ostatniego z ogłoszeń",
        rule="21 dni od ostatniego z: data_bip, data_siedziba, data_strona",
        statutory=True,
        source="art. 13 ustawy o działalności pożytku publicznego i o wolontariacie",
        text="Otwarty konkurs ofert: termin składania ofert nie może skończyć się wcześniej.",
        valid_from=date(2010, 3, 12),
    ),
    Rule(
        name="Plan usług społecznych: 30 dni",
        rule="30 dni od złożenia wniosku",
        statutory=True,
        source="ustawa o realizowaniu usług społecznych przez centrum usług społecznych (Dz.U. 2019 poz. 1818)",
        text="Indywidualny plan usług społecznych, gdy koordynacja ma trwać co najmniej 3 miesiące.",
        valid_from=date(2020, 1, 1),
    ),
    Rule(
        name="Ocena zasobów pomocy społecznej",
        rule="co rok do 30 kwietnia",
        statutory=True,
        reminder="2 miesiące",
        source="art. 16a ustawy o pomocy społecznej",
        text="Ocena zasobów za rok poprzedni, przedstawiana radzie gminy.",
        valid_from=date(2012, 1, 1),
    ),
    Rule(
        name="Naruszenie ochrony danych: 72 godziny",
        rule="72 godziny",
        statutory=True,
        source="art. 33 ust. 1 RODO",
        text="Zgłoszenie naruszenia do Prezesa UODO od jego stwierdzenia.",
        valid_from=date(2018, 5, 25),
    ),
)
_CRISIS = (
    Rule(
        name="niezwłocznie (24/7)",
        rule="niezwłocznie (24/7)",
        statutory=True,
        source="art. 47 i art. 106 ust. 2 ustawy o pomocy społecznej",
        text="Interwencja kryzysowa nie czeka na decyzję ani na dzień roboczy.",
    ),
    Rule(
        name="3 miesiące od przyjęcia",
        rule="3 miesiące od przyjęcia",
        statutory=False,
        reminder="30 dni",
        source=f"{_GUIDE} (pobyt w hostelu do 3 miesięcy)",
        text="Pobyt w hostelu.",
    ),
    Rule(
        name="Staż w interwencji: 3 miesiące",
        rule="3 miesiące od rozpoczęcia stażu",
        statutory=False,
        reminder="14 dni",
        source=_GUIDE,
        text="Staż przed samodzielną pracą.",
    ),
    Rule(
        name="Spotkanie zespołu interwencji",
        rule="co tydzień",
        statutory=False,
        source=_GUIDE,
        text="Zespół spotyka się co najmniej raz w tygodniu.",
    ),
    Rule(
        name="Kontakt z partnerami interwencji",
        rule="co 2 tygodnie",
        statutory=False,
        source=_GUIDE,
        text="Kontakt z partnerami co tydzień albo co dwa tygodnie, zależnie od potrzeb.",
    ),
    Rule(
        name="Monitoring interwencji",
        rule="co miesiąc do ostatniego dnia",
        statutory=False,
        source=_GUIDE,
        text="Comiesięczna karta monitoringu.",
    ),
    Rule(
        name="Omówienie interwencji",
        rule="7 dni",
        statutory=False,
        text="Omówienie po interwencji w terenie, najpóźniej na najbliższym spotkaniu zespołu.",
    ),
    Rule(
        name="Kontakt po zakończeniu interwencji",
        rule="1 miesiąc od zakończenia",
        statutory=False,
        text="Pytanie, jak sobie radzi osoba, której udzielono pomocy.",
    ),
)
_CENTRE = (
    Rule(
        name="koniec miesiąca + 5 dni roboczych",
        rule="koniec miesiąca + 5 dni roboczych",
        statutory=False,
        source="Model realizacji usług w gminie, tab. 7 (sprawozdanie co miesiąc); liczba dni: projekt własny",
        text="Miesięczne sprawozdanie z wykonywania usługi.",
    ),
    Rule(
        name="Rejestr usług: co pół roku",
        rule="co pół roku do 31 stycznia i 31 lipca",
        statutory=False,
        reminder="1 miesiąc",
        text="Przegląd i uzupełnienie rejestru.",
    ),
    Rule(
        name="Cel własny: 5 dni roboczych",
        rule="5 dni roboczych",
        statutory=False,
        text="Wewnętrzny termin ośrodka na krok, którego prawo nie mierzy.",
    ),
)
BUILT_IN = Rules(rows=(*_KPA, *_SOCIAL, *_CRISIS, *_CENTRE))
