"""A filled form and a whole case become documents that an office can sign and a screen reader can read."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from engine.documents.answers import answers_pdf
from engine.documents.case import Drawing, List, case_pdf
from engine.documents.head import Head
from engine.forms import schema
from engine.forms.answers import Context

PANGRAM = "Zażółć gęślą jaźń – PÓJDŹŻE, KIŃ TĘ CHMURNOŚĆ W GŁĄB FLASZY"
CONTEXT = Context(today=date(2026, 11, 21))
FORM = """{"key": "oferty", "title": "Rejestr ofert",
 "document": {"title": "REJESTR OFERT", "closing": "Rejestr zamknięto.", "signatures": ["Kierownik ops", "Wójt"]},
 "sections": [{"title": "Zadanie", "fields": [
   {"id": "nazwa", "type": "long_text", "label": "Nazwa zadania"},
   {"id": "kwota", "type": "money", "label": "Wysokość środków"},
   {"id": "uwaga", "type": "text_block", "text": "Dane przetwarza się na podstawie RODO."},
   {"id": "oferty", "type": "group", "label": "Oferty", "item_label": "oferta", "fields": [
     {"id": "oferent", "type": "text", "label": "Oferent"}, {"id": "cena", "type": "money", "label": "Cena"}]}
 ]}]}"""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><rect width="{width}" height="{height}" '
    'fill="none" stroke="black"/><text x="20" y="40" font-size="12" font-family="Fira Sans">Ogłoszenie</text></svg>'
)


def head(**changes):
    facts = {
        "name": "Gminny Ośrodek Pomocy Społecznej w Brzozowej",
        "address": "ul. Szkolna 4, 11-111 Brzozowa",
        "town": "Brzozowa",
        "number": "GOPS.5021.12.2026",
        "matter": "Usługi opiekuńcze",
        "day": date(2026, 11, 21),
        "printed_at": datetime(2026, 11, 21, 9, tzinfo=UTC),
    }
    return Head(**{**facts, **changes})


def printed(answers, **changes):
    made = answers_pdf(head(**changes), schema.read(FORM), answers, CONTEXT)
    return PdfReader(BytesIO(made))


def words(reader):
    """The text of all pages, with single spaces."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_a_filled_form_carries_the_head_of_the_centre_and_the_signatures():
    text = words(printed({"nazwa": "Usługi", "kwota": "1234.50"}))

    for expected in (
        "Gminny Ośrodek Pomocy Społecznej w Brzozowej",
        "ul. Szkolna 4, 11-111 Brzozowa",
        "Brzozowa, 21 listopada 2026 r.",
        "Znak sprawy: GOPS.5021.12.2026",
        "REJESTR OFERT",
        "Wysokość środków",
        "1 234,50 zł",
        "Dane przetwarza się na podstawie RODO.",
        "Rejestr zamknięto.",
        "Kierownik ops",
        "Wójt",
        "Wydruk z systemu Bieg, 21.11.2026",
        "strona 1 z 1",
    ):
        assert expected in text


def test_polish_letters_survive_as_text():
    assert PANGRAM in words(printed({"nazwa": PANGRAM}))


@pytest.mark.parametrize(
    "typed",
    [
        '#panic(1) #read("/etc/passwd") *a* _b_ $x^2$ @ref <tag> // /* x */ \\u{41} = Tytuł',
        "]#[ ) } ' \" `kod` ~ -- ---",
    ],
)
def test_what_a_person_typed_is_never_markup(typed):
    text = words(printed({"nazwa": typed, "oferty": [{"oferent": typed, "cena": None}]}))

    assert text.replace(" ", "").count(typed.replace(" ", "")) == 2


def test_the_document_is_tagged_for_screen_readers():
    reader = printed({"nazwa": "x", "oferty": [{"oferent": "A", "cena": "1.00"}]})
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "pl-PL"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert reader.metadata.title == "REJESTR OFERT – GOPS.5021.12.2026"


def test_the_fonts_are_embedded():
    page = printed({"nazwa": "x"}).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]

    for font in fonts:
        assert "FiraSans" in font["/BaseFont"]
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]


def test_a_long_table_goes_on_with_its_header_on_the_next_page():
    rows = [{"oferent": f"Stowarzyszenie {number}", "cena": "1.00"} for number in range(80)]

    pages = printed({"oferty": rows}).pages

    assert len(pages) > 1
    assert all("Oferent" in page.extract_text() for page in pages[:2])
    assert f"strona 2 z {len(pages)}" in words(printed({"oferty": rows}))


def test_the_same_answers_give_the_same_bytes():
    form = schema.read(FORM)

    first, second = (answers_pdf(head(), form, {"nazwa": "x"}, CONTEXT) for _ in range(2))

    assert first == second


def test_a_form_without_a_document_part_is_printed_under_its_own_title():
    form = schema.read(
        '{"key": "a", "title": "Notatka", "sections": [{"title": "S", "fields": ['
        '{"id": "b", "type": "text", "label": "B"}]}]}'
    )

    text = words(PdfReader(BytesIO(answers_pdf(head(), form, {"b": "x"}, CONTEXT, by="Anna Żak"))))

    assert "Notatka" in text
    assert "Sporządził(a): Anna Żak" in text
    assert "podpis osoby sporządzającej" in text


def case(drawings=(), rows=(("Ogłoszenie", "Anna Żak"),)):
    steps = List(title="Kroki", columns=("Krok", "Kto"), rows=rows, empty="Nie wykonano jeszcze żadnego kroku.")
    made = case_pdf(head(), summary=[("Stan", "w toku")], drawings=drawings, lists=[steps])
    return PdfReader(BytesIO(made))


def test_a_case_shows_its_summary_steps_and_diagram():
    reader = case([Drawing(name="Otwarty konkurs", svg=SVG.format(width=900, height=500))])

    text = words(reader)

    assert "KARTA SPRAWY" in text
    assert "Ogłoszenie Anna Żak" in text
    assert "Otwarty konkurs" in reader.pages[1].extract_text()
    assert reader.pages[1].mediabox.width > reader.pages[1].mediabox.height


def test_a_case_without_steps_says_so():
    assert "Nie wykonano jeszcze żadnego kroku." in words(case(rows=()))


def test_a_wide_diagram_goes_on_over_several_pages_so_that_it_can_be_read():
    one = len(case([Drawing(name="Wąski", svg=SVG.format(width=900, height=600))]).pages)
    wide = len(case([Drawing(name="Szeroki", svg=SVG.format(width=4000, height=700))]).pages)

    assert (one, wide) == (2, 4)
