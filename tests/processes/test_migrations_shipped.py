"""Cases of the shipped process, one waiting in each stage, move to other versions of it and of its stages."""

import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from process_centre import ALL_BUT_CONTRACTS, BEGIN, Centre

from engine import clock
from engine.actions import definitions, migrations
from engine.bpmn.migration import Colour
from engine.settings import ROOT
from engine.store import instances, people

KEY = "organizacja_uslugi"
STAGES = {  # a task on the top level and in every stage: the form of service on the way there
    "zadanie_wybor_sciezki": "UDPP",
    "zadanie_wiedza_o_zasobach": "UDPP",
    "zadanie_akceptacja_zakresu": "PZP",
    "zadanie_decyzja_z_upowaznienia": "NGOOWN",
    "zadanie_decyzja_budzet": "UDPP",
    "zadanie_oferty": "UDPP",
    "zadanie_umowa": "PZP",
    "zadanie_sprawozdanie": "UDPP",
    "zadanie_analiza": "PZP",
}
FILES = {path.stem: path.read_text("utf-8") for path in (ROOT / "processes").glob("*/*.bpmn")}


@pytest.fixture(scope="module")
def walked(furnished, quick_folder, own_caches):
    """The data folder of a centre where a case has come to each of the places, and the cases."""
    folder = Path(tempfile.mkdtemp(dir=quick_folder)) / "data"
    centre = Centre.copied(furnished, folder)
    centre.authorise(*ALL_BUT_CONTRACTS)
    cases = {}
    for place, form in STAGES.items():
        cases[place] = centre.start(form=form, sciezka="III")
        cases[place].to(place)
    centre.parts.database.close()
    yield folder, cases
    shutil.rmtree(folder.parent)


@pytest.fixture
def centre(walked, quick_folder):
    """A copy of it for one test."""
    folder = Path(tempfile.mkdtemp(dir=quick_folder)) / "data"
    copied = Centre.copied(walked[0], folder)
    yield copied
    copied.parts.database.close()
    shutil.rmtree(folder.parent)


@pytest.fixture
def cases(walked, centre):
    """The case at each place."""
    return {place: replace(case, parts=centre.parts, passed=list(case.passed)) for place, case in walked[1].items()}


def publish(centre, **texts):
    """New versions of these processes."""
    with clock.standing(BEGIN), centre.parts.database.work() as work:
        for text in texts.values():
            definitions.publish(work, None, plain(text).encode())


def plain(text):
    """Without the drawing and the double entry of flows, which edits would have to keep in step."""
    text = re.sub(r"<bpmn:(incoming|outgoing)>[^<]*</bpmn:\1>", "", text)
    return re.sub(r"<bpmndi:BPMNDiagram.*</bpmndi:BPMNDiagram>", "", text, flags=re.DOTALL)


def plan(centre, cases, target, **mapping):
    """What is said of the case at each place."""
    by_instance = {case.instance: place for place, case in cases.items()}
    with centre.parts.database.look() as work:
        rows = migrations.plan(work, people.by_login(work, "kierownik"), KEY, 1, target, mapping)
    return {by_instance[row.instance.id]: row for row in rows}


def colours(rows):
    return {place: row.colour for place, row in rows.items()}


def move(case, target, **mapping):
    with case.acting() as work:
        by = people.by_login(work, "kierownik")
        migrations.migrate(work, by, case.instance, target, mapping, "Nowa wersja procesu")


def relabelled(text):
    """Every step has another name and another documentation."""
    text = re.sub(r'(<bpmn:(?:userTask|callActivity|exclusiveGateway|endEvent)\b[^>]* name=")', r"\1Nowe: ", text)
    return text.replace("<bpmn:documentation>", "<bpmn:documentation>Nowy opis. ")


def inserted(text, flow, name):
    """A task of the first lane on a flow."""
    (found,) = re.findall(rf'<bpmn:sequenceFlow id="{flow}"[^>]*>', text)
    target = re.search(r'targetRef="([^"]+)"', found)[1]
    task = f'<bpmn:userTask id="{name}" name="Dodatkowe sprawdzenie"/>'
    more = f'<bpmn:sequenceFlow id="flow_{name}" sourceRef="{name}" targetRef="{target}"/>'
    text = text.replace(found, found.replace(f'targetRef="{target}"', f'targetRef="{name}"'))
    text = text.replace("</bpmn:lane>", f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef></bpmn:lane>", 1)
    return text.replace("</bpmn:process>", f"{task}{more}</bpmn:process>")


def elsewhere(text, old, new, flow):
    """A step under another id and name, with a new step before it: nothing says that it is the same one."""
    text = re.sub(rf'(<bpmn:userTask id="){old}(" name=")[^"]*"', rf'\g<1>{new}\g<2>Przyjęcie"', text)
    text = inserted(text, flow, "zadanie_dodatkowe")
    return text.replace(f'"{old}"', f'"{new}"').replace(f">{old}<", f">{new}<")


def test_a_case_waits_in_every_stage(cases):
    processes = {case.task(place).process for place, case in cases.items()}

    assert {"organizacja_uslugi", "diagnoza_ogolna", "zakres", "forma", "finansowanie", "nadzor_ogolna"} <= processes
    assert len(processes) >= 8


def test_other_labels_and_descriptions_block_nobody(centre, cases):
    publish(centre, **{key: relabelled(text) for key, text in FILES.items()})

    rows = plan(centre, cases, 2)

    assert colours(rows) == dict.fromkeys(STAGES, Colour.GREEN)
    assert {len(row.waits) for row in rows.values()} <= {1, 2}


def test_a_step_put_in_ahead_blocks_nobody_and_is_gone_through(centre, cases):
    publish(centre, main=inserted(FILES[KEY], "flow_zakres_do_wynik_zakresu", "zadanie_dodatkowe"))
    early, late = cases["zadanie_wybor_sciezki"], cases["zadanie_oferty"]

    rows = plan(centre, cases, 2)
    for case in (early, late):
        move(case, 2)
        assert case.until()

    assert colours(rows) == dict.fromkeys(STAGES, Colour.GREEN)
    assert "zadanie_dodatkowe" in early.passed
    assert "zadanie_dodatkowe" not in late.passed


def test_a_removed_active_step_is_refused_by_name_until_another_one_is_named(centre, cases):
    old, new = "zadanie_akceptacja_zakresu", "zadanie_przyjecie_zakresu"
    flow = "flow_do_akceptacji_do_akceptacja_zakresu"
    publish(centre, zakres=elsewhere(FILES["zakres"], old, new, flow), main=relabelled(FILES[KEY]))
    case = cases[old]
    person = case.task(old).person

    refused, mapped = plan(centre, cases, 2), plan(centre, cases, 2, **{old: new})
    move(case, 2, **{old: new})

    assert colours(refused) == {**dict.fromkeys(STAGES, Colour.GREEN), old: Colour.RED}
    (remark,) = [one for one in refused[old].remarks if one.colour is Colour.RED]
    assert (remark.process, remark.element, remark.name) == ("zakres", old, "Akceptacja zakresu usługi")
    assert colours(mapped) == {**dict.fromkeys(STAGES, Colour.GREEN), old: Colour.AMBER}
    assert case.task(new).person == person
    assert case.until()


def test_a_stage_alone_may_have_a_newer_version(centre, cases):
    publish(centre, zakres=inserted(FILES["zakres"], "flow_akceptacja_zakresu_do_decyzja", "zadanie_dodatkowe"))
    case = cases["zadanie_akceptacja_zakresu"]

    rows = plan(centre, cases, 1)
    move(case, 1)
    assert case.until()

    assert colours(rows) == dict.fromkeys(STAGES, Colour.GREEN)
    assert "zadanie_dodatkowe" in case.passed
    with case.looking() as work:
        assert instances.get(work, case.instance).definition_version == 1
