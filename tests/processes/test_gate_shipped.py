"""Every shipped diagram passes the gate and says of each element what a colleague needs to know."""

import re

import pytest

from engine import access, shipped
from engine.bpmn import gate, reader
from engine.errors import DefinitionRejected
from engine.forms import schema

DIAGRAMS = {path.stem: path.read_bytes() for path in sorted(shipped.PROCESSES.rglob("*.bpmn"))}
FORMS = [path for path in sorted(shipped.FORMS.rglob("*.json")) if path.parent.name != "dane"]
LANE = re.compile(rb'<bpmn:lane [^>]*name="([^"]*)"')
ENGLISH = re.compile(r"\b(the|of|and|task|start|end|gateway|check|approve)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def known():
    return shipped.known_here()


@pytest.fixture(params=DIAGRAMS)
def diagram(request):
    return reader.read(DIAGRAMS[request.param])


def joins_only(diagram, element):
    leaving = [flow for flow in diagram.flows if flow.source == element.id]
    return element.kind.endswith("Gateway") and len(leaving) == 1


def test_all_processes_are_there():
    assert len(DIAGRAMS) == 23


@pytest.mark.parametrize("key", DIAGRAMS)
def test_a_shipped_diagram_passes_the_gate(key, known):
    problems = gate.check(DIAGRAMS[key], known)

    assert [f"{one.element}: {one.message}" for one in problems if one.severity == "error"] == []


def test_a_shipped_process_is_called_like_its_folder_and_drawn(diagram):
    folder = next(path.parent.name for path in shipped.PROCESSES.rglob(f"{diagram.key}.bpmn"))

    assert folder == diagram.key
    assert diagram.has_drawing
    assert diagram.name
    assert diagram.source


def test_every_element_has_a_polish_name(diagram):
    elements = diagram.elements.values()

    nameless = [one.id for one in elements if not one.name.strip() and not joins_only(diagram, one)]
    foreign = [one.name for one in elements if ENGLISH.search(one.name)]

    assert nameless == []
    assert foreign == []


def test_every_element_says_what_to_do_and_where_it_comes_from(diagram):
    elements = diagram.elements.values()

    silent = [one.id for one in elements if not one.hint.strip()]
    sourceless = [one.id for one in elements if not one.source.strip()]

    assert silent == []
    assert sourceless == []


def test_every_user_task_has_form_term_and_role(diagram, known):
    tasks = diagram.tasks.values()

    assert [one.element for one in tasks if one.form not in known.forms] == []
    assert [one.element for one in tasks if not one.term] == []
    assert [one.element for one in tasks if one.role not in access.ROLES] == []


@pytest.mark.parametrize("key", DIAGRAMS)
def test_every_lane_is_a_role_of_the_centre(key):
    lanes = {name.decode() for name in LANE.findall(DIAGRAMS[key])}

    assert lanes
    assert lanes <= set(access.ROLES)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_shipped_form_can_be_read(path):
    assert schema.read(path.read_bytes()).key == path.stem


def test_every_shipped_form_belongs_to_a_task_or_starts_a_process():
    used = {task.form for data in DIAGRAMS.values() for task in reader.read(data).tasks.values()}
    starts = {f"{key}_start" for key in DIAGRAMS}
    by_hand = {"porozumienie_ops_pcpr"}  # annex 12: an agreement of the centre with the pcpr, outside the seven stages

    assert {path.stem for path in FORMS} - used - starts == by_hand


def test_the_gate_refuses_a_shipped_diagram_whose_lane_is_no_role(known):
    broken = DIAGRAMS["zakres"].replace(b"Kierownik ops", "Kierownik czegoś".encode())

    problems = gate.check(broken, known)

    assert any("Kierownik czegoś" in one.message for one in problems if one.severity == "error")


def test_a_form_that_is_no_form_is_refused():
    with pytest.raises(DefinitionRejected):
        schema.read(b'{"key": "x", "title": "X", "sections": [{"title": "S", "fields": [{"id": "A b"}]}]}')
