"""What the gate refuses, each once: the Polish sentence, the element and the line."""

from __future__ import annotations

import time

import pytest

from engine.bpmn import gate
from engine.errors import Problem

ROLE = "Koordynator usług pomocy społecznej"
KNOWN = gate.Known(
    roles=frozenset({ROLE, "Wójt"}),
    forms={"notatka": frozenset({"tresc"})},
    processes={},
    start_variables=frozenset({"upowaznienia"}),
    scopes=frozenset({"UMOWA", "FORMA"}),
)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bieg="urn:bieg:bpmn:1" targetNamespace="t">\n'
)
TAIL = "</bpmn:definitions>\n"
FLOWS = """<bpmn:startEvent id="s"/><bpmn:endEvent id="e"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="e"/>
"""
BODY = 6  # line of the first element after start, end and flows


def diagram(*lines: str, key: str = "proces", role: str = ROLE, inside: str = "a b") -> bytes:
    """A process: start, the step `a`, end; `lines` are added from line `BODY + 1` on."""
    refs = "".join(f"<bpmn:flowNodeRef>{one}</bpmn:flowNodeRef>" for one in inside.split())
    lane = f'<bpmn:laneSet id="ls"><bpmn:lane id="l" name="{role}">{refs}</bpmn:lane></bpmn:laneSet>'
    inner = "\n".join(lines)
    text = f'{HEAD}<bpmn:process id="{key}" name="Próba" isExecutable="true">{lane}\n{FLOWS}\n{inner}\n</bpmn:process>'
    return (text + TAIL).encode()


def task(said: str = 'form="notatka"', identity: str = "a", inner: str = "") -> str:
    more = f"<bpmn:extensionElements><bieg:task {said}/></bpmn:extensionElements>" if said else ""
    return f'<bpmn:userTask id="{identity}" name="Zrób to">{more}{inner}</bpmn:userTask>'


def event(inner: str) -> str:
    return f'<bpmn:intermediateCatchEvent id="a" name="Czekaj">{inner}</bpmn:intermediateCatchEvent>'


def timer(kind: str, said: str) -> str:
    return event(f"<bpmn:timerEventDefinition><bpmn:{kind}>{said}</bpmn:{kind}></bpmn:timerEventDefinition>")


def line_of(xml: bytes, text: str) -> int:
    """The first line with the text, counted from 1."""
    return next(number for number, line in enumerate(xml.decode().split("\n"), 1) if text in line)


def errors(xml: bytes, known: gate.Known = KNOWN) -> list[Problem]:
    return [one for one in gate.check(xml, known) if one.severity == "error"]


def warnings(xml: bytes) -> list[Problem]:
    return [one for one in gate.check(xml, KNOWN) if one.severity == "warning"]


def test_a_plain_diagram_passes_with_a_word_about_its_missing_drawing() -> None:
    found = gate.check(diagram(task()), KNOWN)

    assert [(one.severity, one.element, one.line) for one in found] == [("warning", "proces", 2)]
    assert found[0].message == "Diagram nie ma rysunku; zostanie ułożony automatycznie."


GATE = '<bpmn:exclusiveGateway id="a" name="Którędy?"{}/>'
WAY = '<bpmn:sequenceFlow id="f3" sourceRef="a" targetRef="e">{}</bpmn:sequenceFlow>'
WHEN = '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{}</bpmn:conditionExpression>'


@pytest.mark.parametrize(
    ("lines", "element", "message"),
    [
        ([task('form="nie_ma"')], "a", "Nie ma formularza „nie_ma”"),
        ([task('role="Dyrektor"')], "a", "Rola „Dyrektor” nie istnieje"),
        ([task('cooperates="Wójt; Cyrk"')], "a", "Rola „Cyrk”, z którą zadanie jest we współpracy, nie istnieje"),
        ([task('term="wkrótce"')], "a", "Nieznana zasada terminu „wkrótce”"),
        ([task('authority="KOSMOS"')], "a", "Nieznany zakres upoważnienia „KOSMOS”. Wybierz: FORMA, UMOWA"),
        ([task('records="wszystko"')], "a", "Nieznany wpis „wszystko”"),
        ([task('priority="pilne"')], "a", "Priorytet zadania musi być liczbą od 0 do 100"),
        (['<bpmn:serviceTask id="a" name="Wyślij"/>'], "a", "Zadanie usługowe (service task): tego elementu system"),
        (['<bpmn:transaction id="a"/>'], "a", "Na tym poziomie nie ma żadnego kroku"),
        (['<bpmn:task id="a" isForCompensation="true"/>'], "a", "Czynność kompensująca"),
        (['<bpmn:complexGateway id="a"/>'], "a", "Bramka złożona"),
        (
            ['<bpmn:scriptTask id="a" scriptFormat="python"/>'],
            "a",
            "Skrypty w językach programowania nie są wykonywane",
        ),
        (['<bpmn:scriptTask id="a"><bpmn:script>x</bpmn:script></bpmn:scriptTask>'], "a", "Skrypty w językach"),
        (['<bpmn:scriptTask id="a"/>'], "a", "Skrypt musi podawać wyrażenie FEEL"),
        (['<bpmn:callActivity id="a" calledElement="nie_ma"/>'], "a", "Nie ma opublikowanego procesu „nie_ma”"),
        (['<bpmn:callActivity id="a"/>'], "a", "Wywołanie nie mówi, który proces"),
        (['<bpmn:callActivity id="a" calledElement="proces"/>'], "a", "Procesy wywołują się w kółko"),
        ([timer("timeDuration", "14 dni")], "a", "„14 dni” nie jest okresem. Zapisz go na przykład tak: P14D"),
        ([timer("timeDuration", "P51Y")], "a", "Okres „P51Y” jest dłuższy niż 50 lat"),
        ([timer("timeDate", "jutro")], "a", "„jutro” nie jest datą"),
        ([timer("timeCycle", "R3/co tydzień")], "a", "„co tydzień” nie jest okresem"),
        ([timer("timeDuration", "= dni +")], "a", "Nie rozumiem wyrażenia „= dni +”"),
        ([GATE.format(""), WAY.format("")], "f2", "Droga z bramki nie ma warunku i nie jest domyślna"),
        ([GATE.format(' default="f1"'), WAY.format("")], "a", "Droga domyślna nie wychodzi z tego kroku"),
        ([task(), task(identity="b")], "b", "Do tego kroku nie prowadzi żadna droga"),
        ([task(), '<bpmn:startEvent id="s2"/>' + WAY.replace('"a"', '"s2"').format("")], "s2", "Jest więcej niż jedno"),
        (
            [task(), WAY.replace('sourceRef="a"', 'sourceRef="e"').replace('"e">', '"a">').format("")],
            "e",
            "Ze zdarzenia końcowego",
        ),
        (
            [task(), WAY.replace('targetRef="e"', 'targetRef="nikt"').format("")],
            "f3",
            "Strzałka nie łączy dwóch kroków",
        ),
        ([task(identity="Start")], "Start", "Identyfikator „Start” jest zastrzeżony"),
        ([task(), "<bpmn:task/>"], "", "Ten element nie ma identyfikatora"),
        ([task(), "\n" + task()], "a", "Identyfikator „a” występuje więcej niż raz"),
        ([task(), '<bpmn:boundaryEvent id="b" attachedToRef="nikt"/>'], "b", "To zdarzenie nie jest przyczepione"),
    ],
)
def test_a_mistake_is_told_at_its_element(lines: list[str], element: str, message: str) -> None:
    xml = diagram(*lines)

    found = errors(xml)

    fitting = [one for one in found if one.message.startswith(message)]
    assert fitting, [one.message for one in found]
    assert fitting[0].element == element
    assert fitting[0].line == line_of(xml, f'id="{element}"' if element else "<bpmn:task/>")
    assert fitting[0].message.rstrip().endswith((".", ")"))


def test_a_task_in_no_lane_and_one_in_an_unknown_lane_are_told_apart() -> None:
    nowhere, unknown = errors(diagram(task(), inside="s")), errors(diagram(task(), role="Dyrektor"))

    assert [one.message for one in nowhere] == [
        "Zadanie nie leży w żadnym torze. Umieść je w torze roli, która ma je wykonać."
    ]
    assert [one.message for one in unknown] == ["Rola „Dyrektor” nie istnieje. Nazwij tor tak jak jedna z ról ośrodka."]


def test_a_broken_condition_is_told_at_its_arrow_and_line() -> None:
    lines = [GATE.format(' default="f2"'), WAY.format(WHEN.format('forma = = "UDPP"'))]

    (found,) = errors(diagram(*lines))

    assert (found.element, found.line) == ("f3", BODY + 2)
    assert found.message.startswith('Nie rozumiem wyrażenia „forma = = "UDPP"”: ')


def test_a_circle_without_a_way_out_is_refused() -> None:
    circle = (
        '<bpmn:startEvent id="s"/><bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="a"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="a" targetRef="a"/>'
    )
    xml = diagram(task()).replace(FLOWS.encode(), circle.encode())

    found = errors(xml)

    assert {one.element for one in found} == {"s", "a"}
    assert {one.message for one in found} == {
        "Z tego kroku żadna droga nie prowadzi do końca. Dodaj drogę do zdarzenia końcowego."
    }


def test_a_circle_that_a_deadline_interrupts_has_a_way_out() -> None:
    lines = [
        task(),
        '<bpmn:boundaryEvent id="po_roku" attachedToRef="a"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1Y</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>",
        '<bpmn:sequenceFlow id="f4" sourceRef="po_roku" targetRef="e"/>',
    ]
    xml = diagram(*lines).replace(b'id="f2" sourceRef="a" targetRef="e"', b'id="f2" sourceRef="a" targetRef="a"')

    assert errors(xml) == []


@pytest.mark.parametrize("key", ["Zły klucz", "../etc", "1proces", "a" * 81, "a/b"])
def test_the_id_of_a_process_fits_into_an_address(key: str) -> None:
    (found,) = errors(diagram(task(), key=key))

    assert found.message.startswith("Identyfikator procesu może mieć litery, cyfry, kropki i kreski")


def test_processes_that_call_each_other_in_a_ring_are_refused() -> None:
    other = diagram('<bpmn:callActivity id="a" calledElement="proces"/>', key="inny")
    known = gate.Known(roles=KNOWN.roles, forms=KNOWN.forms, processes={"inny": other}, scopes=KNOWN.scopes)

    (found,) = errors(diagram('<bpmn:callActivity id="a" calledElement="inny"/>'), known)

    assert found.message == "Procesy wywołują się w kółko. Usuń jedno z wywołań."


# --- files that are no diagrams -----------------------------------------------------------------------

GOOD = diagram(task())
BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("xml", "line", "message"),
    [
        (b"", 1, "Plik nie jest poprawnym dokumentem XML."),
        (b"to nie jest xml", 1, "Plik nie jest poprawnym dokumentem XML."),
        (GOOD[:-30], 8, "Plik nie jest poprawnym dokumentem XML."),
        (GOOD.replace("Zrób".encode(), b"Zr\xf3b"), 7, "Plik nie jest poprawnym dokumentem XML."),
        (b"<html><body/></html>", 1, "Plik nie jest diagramem BPMN 2.0."),
        (b"<!DOCTYPE d>" + GOOD, 1, "Plik zawiera deklarację DOCTYPE. Usuń ją i wczytaj plik ponownie."),
        (BOMB + GOOD, 1, "Plik zawiera deklarację DOCTYPE. Usuń ją i wczytaj plik ponownie."),
        (
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            + GOOD.replace(b"</bpmn:userTask>", b"&x;</bpmn:userTask>"),
            1,
            "Plik zawiera deklarację DOCTYPE. Usuń ją i wczytaj plik ponownie.",
        ),
        (
            GOOD.replace(b"Zr", b"Z\x00r"),
            0,
            "Plik zawiera znaki, których XML nie dopuszcza. Zapisz go ponownie w modelerze.",
        ),
        (
            GOOD.decode().encode("utf-16"),
            0,
            "Plik jest zapisany w kodowaniu UTF-16. Zapisz go w kodowaniu UTF-8.",
        ),
        (GOOD + b" " * (2 * 1024 * 1024), 0, "Plik jest za duży. Największy dozwolony ma 2 MB."),
        (
            GOOD.replace(b'isExecutable="true"', b""),
            2,
            'W pliku nie ma procesu do wykonania. Ustaw procesowi isExecutable="true".',
        ),
        (
            GOOD.replace(TAIL.encode(), b'<bpmn:process id="drugi" isExecutable="true"/>' + TAIL.encode()),
            8,
            "W pliku jest więcej niż jeden proces do wykonania. Zostaw jeden.",
        ),
        (HEAD.encode() + b"<a>" * 5000 + b"</a>" * 5000 + TAIL.encode(), 2, "Plik nie jest poprawnym dokumentem XML."),
    ],
    ids=[
        "empty",
        "no xml",
        "cut off",
        "other letters",
        "a page",
        "doctype",
        "entity bomb",
        "file of the server",
        "nul",
        "utf-16",
        "too large",
        "nothing to run",
        "two processes",
        "too deep",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(xml: bytes, line: int, message: str) -> None:
    found = gate.check(xml, KNOWN)

    assert [(one.severity, one.line, one.message) for one in found] == [("error", line, message)]


def test_levels_within_levels_are_bounded() -> None:
    inner, below = task(identity="w_srodku"), "w_srodku"
    for number in range(14):
        start = f'<bpmn:startEvent id="s{number}"/>'
        arrow = f'<bpmn:sequenceFlow id="x{number}" sourceRef="s{number}" targetRef="{below}"/>'
        below = f"p{number}"
        inner = f'<bpmn:subProcess id="{below}">{start}{inner}{arrow}</bpmn:subProcess>'

    found = errors(diagram(inner.replace('id="p13"', 'id="a"')))

    assert "Podprocesy są zagnieżdżone zbyt głęboko. Uprość diagram." in [one.message for one in found]


def test_a_level_holds_a_bounded_number_of_steps_and_a_large_file_is_answered_soon() -> None:
    many = [task(identity=f"k{number}") for number in range(400)]
    begun = time.monotonic()

    found = errors(diagram(task(), *many))

    assert any(one.message.startswith("Na jednym poziomie jest więcej niż 300 elementów") for one in found)
    assert time.monotonic() - begun < 5


def test_of_a_broken_file_no_more_than_two_hundred_problems_are_told() -> None:
    many = [f'<bpmn:serviceTask id="k{number}"/>' for number in range(290)]

    assert len(gate.check(diagram(task(), *many), KNOWN)) == 200


# --- all at once ----------------------------------------------------------------------------------------


def test_all_problems_of_a_file_are_told_at_once_what_refuses_first_then_by_line() -> None:
    lines = [
        task('form="nie_ma" term="wkrótce" role="Dyrektor"'),
        '<bpmn:serviceTask id="z" name="Wyślij"/>',
        task(identity="b"),
    ]

    found = gate.check(diagram(*lines), KNOWN)

    assert [(one.line, one.element) for one in found if one.severity == "error"] == [
        (BODY + 1, "a"),
        (BODY + 1, "a"),
        (BODY + 1, "a"),
        (BODY + 2, "z"),
        (BODY + 2, "z"),
        (BODY + 3, "b"),
    ]
    assert [one.severity for one in found] == sorted(one.severity for one in found)
    assert {one.name for one in found if one.element == "a"} == {"Zrób to"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([task("")], "Zadanie nie ma formularza; osoba tylko potwierdzi wykonanie."),
        ([task('formularz="notatka"')], "Nieznany atrybut „formularz” w bieg:task jest pomijany."),
        ([task('candidateUnit="Poradnictwo"')], "Komórka (candidateUnit) nie ogranicza, kto weźmie zadanie."),
        (
            [
                GATE.format(' default="f2"'),
                '<bpmn:sequenceFlow id="f3" sourceRef="a" targetRef="b">' + WHEN.format('forma = "UDPP"'),
                "</bpmn:sequenceFlow>" + task(identity="b"),
            ],
            "Nic w tym diagramie nie ustawia: forma. Muszą być znane na początku sprawy.",
        ),
    ],
    ids=["no form", "misspelt", "unit", "unset variable"],
)
def test_what_is_allowed_but_hardly_meant_is_a_warning(lines: list[str], message: str) -> None:
    xml = diagram(*lines)

    assert errors(xml) == []
    assert any(one.message.startswith(message) for one in warnings(xml))
