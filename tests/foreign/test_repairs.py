"""Each kind of repair, by what it writes into the file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lxml import etree

from engine import access
from engine.bpmn import foreign, gate, reader

SAMPLES = Path(__file__).parent / "samples"
KNOWN = gate.Known(
    roles=frozenset(access.ROLES), forms={"ocena": frozenset()}, processes={"kontrola_swiadczen": b""}, decisions={}
)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:t">'
)


def process(content: str, attributes: str = 'id="p" name="Próba" isExecutable="true"') -> bytes:
    return f"{HEAD}<bpmn:process {attributes}>{content}</bpmn:process></bpmn:definitions>".encode()


def repaired(xml: bytes, *chosen: str) -> str:
    """The file after the safe repairs and those that are named."""
    return foreign.repair(xml, {*foreign.safe(foreign.explain(xml, KNOWN)), *chosen}, KNOWN).decode()


def sample(name: str, *chosen: str) -> str:
    return repaired((SAMPLES / name).read_bytes(), *chosen)


def said(name: str) -> str:
    """All remarks on a sample."""
    explanation = foreign.explain((SAMPLES / name).read_bytes(), KNOWN)
    return " ".join(one.message for one in explanation.remarks)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("camunda7_wniosek.bpmn", '<bieg:task role="Pracownik socjalny" form="ocena" term="14 dni"/>'),
        ("camunda7_wniosek.bpmn", 'default="f4"'),
        ("camunda7_wniosek.bpmn", 'kwota &gt; 100 and status = "NOWY"</bpmn:conditionExpression>'),
        ("camunda7_skrypty.bpmn", '<bieg:script expression="zasilek + dodatek" resultVariable="suma"/>'),
        ("camunda7_skrypty.bpmn", '<bieg:script expression="700" resultVariable="prog"/>'),
        ("camunda7_decyzja.bpmn", '<bieg:decision ref="kryterium" resultVariable="spelnia"/>'),
        ("zeebe_programy.bpmn", '<bieg:decision ref="ryzyko" resultVariable="ryzyko"/>'),
        ("camunda7_powtarzanie.bpmn", "<bpmn:loopDataInputRef>komisja.czlonkowie</bpmn:loopDataInputRef>"),
        ("camunda7_powtarzanie.bpmn", '<bpmn:inputDataItem name="czlonek"/>'),
        ("camunda7_powtarzanie.bpmn", '<bieg:in source="kwota * 2" target="limit"/>'),
        ("camunda7_powtarzanie.bpmn", '<bieg:out source="numer" target="numer_umowy"/>'),
        ("camunda7_czas.bpmn", ">P7D</bpmn:timeDuration>"),
        ("camunda7_czas.bpmn", ">=dzien</bpmn:timeDate>"),
        ("camunda7_dwie_pule.bpmn", '<bpmn:process id="klient" isExecutable="false"/>'),
        ("camunda7_dwie_pule.bpmn", '<bpmn:process id="obsluga" name="Obsługa" isExecutable="true">'),
        ("zeebe_zadania.bpmn", '<bieg:in source="wniosek.kwota" target="kwota"/>'),
        ("zeebe_powtarzanie.bpmn", '<bpmn:outputDataItem name="wynik"/>'),
        ("zeebe_powtarzanie.bpmn", 'calledElement="umowa"'),
        ("flowable_petla.bpmn20.xml", '<bieg:script expression="ile + 1" resultVariable="wynik"/>'),
        ("activiti_zakup.bpmn20.xml", 'term="48 godzin"'),
        ("bpmnio_pula_rola.bpmn", '<bieg:task role="Pracownik PUP"/>'),
        ("bpmnio_pula_rola.bpmn", 'isExecutable="true" name="Pracownik PUP"'),
        ("bpmnio_zastrzezone.bpmn", '<bpmn:sequenceFlow id="f1" sourceRef="Start_1" targetRef="A1"/>'),
        ("bpmnio_zastrzezone.bpmn", 'bpmnElement="End_1"'),
        ("ea_kontrola.bpmn", 'id="kontrola_swiadczen_2"'),
        ("ea_kontrola.bpmn", 'id="sequenceFlow_1"'),
        ("jbpm_ocena.bpmn2", '<bieg:task role="Komisja konkursowa"/>'),
        ("bez_nazw_przestrzeni.bpmn", 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'),
        ("bez_nazw_przestrzeni.bpmn", 'id="zgloszenie_telefoniczne"'),
        ("bez_nazw_przestrzeni.bpmn", "<!-- szkic z narady -->"),
        ("brak_prefiksow.bpmn", 'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'),
        ("bizagi_utf16.bpmn", "<?xml version='1.0' encoding='UTF-8'?>"),
    ],
)
def test_a_safe_repair_writes(name: str, written: str) -> None:
    assert written in sample(name)


@pytest.mark.parametrize(
    ("name", "chosen", "written"),
    [
        ("camunda7_programy.bpmn", "service:Task_mail=step", '<bpmn:task id="Task_mail" name="Wyślij e-mail"/>'),
        ("camunda7_programy.bpmn", "service:Task_del=Wójt", '<bieg:task role="Wójt"/>'),
        ("camunda7_niejasne.bpmn", "group-demo=Interwent", '<bieg:task role="Interwent"'),
        (
            "bpmnio_dwa_procesy.bpmn",
            "executable=1",
            '<bpmn:process id="Process_cc22dd" name="Ośrodek" isExecutable="true"',
        ),
        ("bpmnio_python.bpmn", "default:G1=always", 'xsi:type="bpmn:tFormalExpression">true<'),
        ("bpmnio_python.bpmn", "default:G1=default", 'default="f5"'),
        ("bpmnio_tory.bpmn", "people", '<bpmn:userTask id="A2" name="Podpisz"'),
        ("bpmnio_rysunek.bpmn", "people-of=Wójt", '<bpmn:userTask id="Activity_1" name="Przyjmij wniosek"'),
        ("signavio_tory.bpmn", "lane:sid-l2=Kierownik ops", 'name="Kierownik ops"'),
    ],
)
def test_a_choice_writes(name: str, chosen: str, written: str) -> None:
    assert written not in sample(name)
    assert written in sample(name, chosen)


def test_listeners_go_only_when_that_is_chosen() -> None:
    assert "taskListener" in sample("camunda7_niejasne.bpmn")
    assert "taskListener" not in sample("camunda7_niejasne.bpmn", "code:Task_a")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("camunda7_wniosek.bpmn", "asyncBefore (1), historyTimeToLive (1)"),
        ("camunda7_wniosek.bpmn", "Zmienna „kto”"),
        ("camunda7_niejasne.bpmn", "zapisie cron"),
        ("camunda7_niejasne.bpmn", "„.sprawdz()” nie jest pewne"),
        ("camunda7_niejasne.bpmn", "Formularza „sprawdz” nie ma w ośrodku"),
        ("flowable_urlop.bpmn20.xml", "Formularza „urlop” nie ma w ośrodku"),
        ("activiti_zakup.bpmn20.xml", "Pola zapisane w pliku (Opis)"),
        ("zeebe_powtarzanie.bpmn", "„=kierownik”"),
        ("zeebe_programy.bpmn", "Tabeli decyzji „ryzyko” nie ma jeszcze"),
        ("bpmnio_rysunek.bpmn", "(podpisy: „tak”, „nie”)"),
    ],
)
def test_what_is_not_carried_over_is_told(name: str, words: str) -> None:
    assert words in said(name)


def test_a_default_is_never_guessed_when_two_ways_are_bare() -> None:
    assert "default=" not in sample("bpmnio_rysunek.bpmn")


def test_half_of_the_mappings_is_never_carried_over() -> None:
    xml = process(
        '<bpmn:task id="a"><bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=x" target="y"/>'
        '<zeebe:output source="=f(" target="z"/></zeebe:ioMapping></bpmn:extensionElements></bpmn:task>'
    )

    assert "bieg:in" not in repaired(xml)
    assert "zeebe:ioMapping" in repaired(xml)


def test_all_variables_in_both_directions_need_no_mapping() -> None:
    all_of_them = '<camunda:in variables="all"/><camunda:out variables="all"/>'
    both = f"<bpmn:extensionElements>{all_of_them}</bpmn:extensionElements>"
    xml = process(f'<bpmn:callActivity id="a" calledElement="b">{both}</bpmn:callActivity>')

    explanation = foreign.explain(xml, KNOWN)

    assert not [one for one in explanation.repairs if one.id.startswith("mapping")]
    assert not [one for one in explanation.remarks if "Przekazanie" in one.message]


def test_a_missing_process_id_is_made_and_the_drawing_still_shows_the_steps() -> None:
    xml = process('<bpmn:startEvent id="s"/>', 'name="Zasiłek celowy (żywność)"')

    found = reader.read(repaired(xml).encode())

    assert found.key == "zasilek_celowy_zywnosc"
    assert list(found.elements) == ["s"]


def test_what_stands_in_the_extensions_comes_before_everything_but_the_documentation() -> None:
    xml = process(
        '<bpmn:userTask id="a" camunda:candidateGroups="wójt"><bpmn:documentation>Opis</bpmn:documentation>'
        "<bpmn:incoming>f</bpmn:incoming></bpmn:userTask>"
    )

    task = etree.fromstring(repaired(xml).encode()).find(".//{*}userTask")

    assert task is not None
    assert [etree.QName(one).localname for one in task] == ["documentation", "extensionElements", "incoming"]


def test_repeating_a_repair_changes_nothing_more() -> None:
    for path in sorted(SAMPLES.iterdir()):
        once = repaired(path.read_bytes())
        assert repaired(once.encode()) == once, path.name


def test_a_very_large_file_is_answered_soon() -> None:
    steps = "".join(
        f'<bpmn:userTask id="t{n}" camunda:candidateGroups="wójt"/><bpmn:exclusiveGateway id="g{n}"/>'
        f'<bpmn:sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="g{n}"><bpmn:conditionExpression>${{x{n} == 1}}'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>"
        for n in range(1_600)
    )
    began = time.process_time()

    explanation = foreign.explain(process(steps), KNOWN)

    assert len(explanation.repairs) == 400
    assert time.process_time() - began < 8


def test_a_step_with_a_new_id_stays_in_its_lane() -> None:
    lane = '<bpmn:lane id="l" name="Wójt"><bpmn:flowNodeRef>Start</bpmn:flowNodeRef></bpmn:lane>'
    xml = process(f'<bpmn:laneSet id="ls">{lane}</bpmn:laneSet><bpmn:userTask id="Start" name="Zrób"/>')

    found = reader.read(repaired(xml).encode())

    assert found.tasks["Start_1"].role == "Wójt"
    assert "role=" not in repaired(xml)
