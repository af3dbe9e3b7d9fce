"""The demonstration centre: a case in every stage, some late, the two of MOPR Toruń with their figures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import clock
from engine.bootstrap import Parts, assemble
from engine.demo import load
from engine.demo.people import PEOPLE
from engine.errors import Conflict
from engine.model import InstanceState, TaskState
from engine.reading import centre, soundness
from engine.reading import instances as looks
from engine.settings import Settings
from engine.store import answers, instances, people, tasks
from engine.store.database import Work, upgrade
from engine.store.instances import InstanceFilter

STAGES = {"diagnoza", "zakres", "forma", "finansowanie", "wybor", "nadzor"}


@pytest.fixture(scope="module")
def pokaz(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    settings = Settings(data=tmp_path_factory.mktemp("pokaz"), database_url="")
    upgrade(settings.url)
    parts = assemble(settings)
    list(load(parts))
    return parts


@pytest.fixture
def work(pokaz: Parts) -> Iterator[Work]:
    with pokaz.database.look() as opened:
        yield opened


def every_instance(work: Work):
    return instances.search(work, InstanceFilter(limit=100)).items


def named(work: Work, title: str):
    return next(one for one in every_instance(work) if title in one.title)


def test_a_case_waits_in_every_stage_and_one_is_finished(work: Work) -> None:
    found = every_instance(work)
    waiting = {
        task.process.split("_")[0] for one in found for task in tasks.of_instance(work, one.id, state=TaskState.OPEN)
    }

    assert waiting >= STAGES
    assert any(one.state is InstanceState.COMPLETED for one in found)


def test_some_tasks_are_late_and_some_are_not(work: Work) -> None:
    dues = [
        task.due_at
        for one in every_instance(work)
        for task in tasks.of_instance(work, one.id, state=TaskState.OPEN)
        if task.due_at is not None
    ]

    assert any(due < clock.now() for due in dues)
    assert any(due > clock.now() for due in dues)


def test_nothing_lies_in_the_future_and_nothing_is_stuck(work: Work) -> None:
    moments = [task.opened_at for one in every_instance(work) for task in tasks.of_instance(work, one.id)]

    assert max(moments) <= clock.now()
    assert soundness.findings(work) == ()


def test_torun_counselling_stays_in_own_structures_with_its_160_families(work: Work) -> None:
    """*Wdrożenie modelu w MOPR Toruń* (002: 91–96): 160 families, 8 social workers with 20 each."""
    case = named(work, "MOPR Toruń: specjalistyczne poradnictwo rodzinne")

    said = answers.latest_by_form(work, case.id)

    assert case.variables["forma"] == "OWN"
    assert said["diagnoza_ogolna_praca_socjalna"].values["liczba_osob"] == 160
    assert "8 pracowników socjalnych, każdy z 20" in str(said["diagnoza_ogolna_praca_socjalna"].values["uwagi"])


def test_torun_kis_runs_in_partnership_with_an_organisation(work: Work) -> None:
    """*Wdrożenie modelu w MOPR Toruń* (002: 51–71): the KIS with the partner CISTOR."""
    case = named(work, "MOPR Toruń: Klub Integracji Społecznej")

    said = answers.latest_by_form(work, case.id)

    assert case.variables["forma"] == "PPN"
    assert case.variables["rodzaj_uslugi"] == "KIS"
    assert any("CISTOR" in str(one.values) for one in said.values())


def test_everybody_is_invented_and_the_centre_says_so(work: Work) -> None:
    assert centre.head(work).demo
    assert {one.name for one in people.all_people(work)} >= {one.name for one in PEOPLE}


def test_every_page_of_a_case_can_be_read(work: Work) -> None:
    coordinator = people.by_login(work, "koordynator")
    assert coordinator is not None

    for one in every_instance(work):
        page = looks.page(work, coordinator, one.id)
        assert page.diagrams
        assert all("<svg" in diagram.svg for diagram in page.diagrams)


def test_a_second_load_is_refused(pokaz: Parts, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="Baza nie jest pusta"):
        list(load(pokaz))


def test_a_delegated_decision_reads_as_the_kierowniks_in_the_list_of_cases(work: Work) -> None:
    coordinator = people.by_login(work, "koordynator")
    assert coordinator is not None

    rows = looks.listing(work, coordinator).items

    decisions = [task for row in rows for task in row.open_tasks if task.authority == "FORMA"]
    assert {task.role for task in decisions} == {"Kierownik ops"}


def test_an_organisation_reads_neither_the_offers_of_others_nor_their_journal(work: Work) -> None:
    organisation, coordinator = people.by_login(work, "ngo"), people.by_login(work, "koordynator")
    assert organisation is not None
    assert coordinator is not None
    case = named(work, "Mieszkania chronione")

    assert "oferty" in looks.readable_variables(coordinator, case)
    assert looks.readable_variables(organisation, case) == {}
    assert len(looks.readable_journal(work, coordinator, case)) > 10
    assert looks.readable_journal(work, organisation, case) == ()
