"""A message reaches every case that waits for it, and no other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from actions_cast import END, START, Centre, user, way, ways

from engine.actions import incidents, instances, messages
from engine.errors import NotAllowed, NotFound, StepFailed
from engine.model import InstanceId, InstanceState, Json
from engine.store import instances as rows
from engine.store import journal

CATCH = (
    '<bpmn:intermediateCatchEvent id="pismo" name="Czekanie na pismo">'
    '<bpmn:messageEventDefinition messageRef="m_pismo"/></bpmn:intermediateCatchEvent>'
)
MESSAGE = '<bpmn:message id="m_pismo" name="wpłynęło pismo"/>'
WAITING = START + CATCH + user("dalej") + END + ways("start pismo dalej koniec")
STUCK = (
    START
    + CATCH
    + '<bpmn:exclusiveGateway id="bramka" name="Którędy?"/>'
    + user("dalej")
    + END
    + ways("start pismo bramka")
    + way("bramka", "dalej", "droga = &quot;dalej&quot;")
    + way("bramka", "koniec", "droga = &quot;koniec&quot;")
    + way("dalej", "koniec")
)


@pytest.fixture
def office(centre: Centre) -> Centre:
    """A centre with a process that waits for a letter."""
    centre.publish("czeka", WAITING, roots=MESSAGE)
    return centre


def send(
    centre: Centre,
    correlation: Mapping[str, Json] | None = None,
    payload: Mapping[str, Json] | None = None,
    *,
    name: str = "wpłynęło pismo",
    by: str = "anna",
) -> tuple[InstanceId, ...]:
    with centre.work() as work:
        return messages.deliver(work, centre.person(by), name, correlation or {}, payload or {})


def test_a_message_brings_its_variables_and_moves_the_case_on(office: Centre) -> None:
    case = office.start("czeka")

    reached = send(office, payload={"znak": "OPS.1.2026"})

    assert reached == (case.id,)
    assert office.task(case.id).element == "dalej"
    with office.database.look() as work:
        assert rows.get(work, case.id).variables["znak"] == "OPS.1.2026"
        assert journal.of_instance(work, case.id)[-1].text == "Wpłynął komunikat „wpłynęło pismo”."


def test_correlation_chooses_among_cases_and_without_it_all_are_reached(office: Centre) -> None:
    first, second, third = (office.start("czeka", gmina=name) for name in ("Toruń", "Płock", "Płock"))

    assert send(office, {"gmina": "Toruń"}) == (first.id,)
    assert send(office) == (second.id, third.id)


def test_every_named_value_must_be_equal(office: Centre) -> None:
    office.start("czeka", gmina="Toruń", rok=2026)

    for wrong in ({"gmina": "Toruń", "rok": 2025}, {"gmina": "toruń"}, {"powiat": "Toruń"}):
        with pytest.raises(NotFound):
            send(office, wrong)


def test_a_message_that_nobody_waits_for_is_told_so_and_changes_nothing(office: Centre) -> None:
    case = office.start("czeka")

    with pytest.raises(NotFound, match="Żadna sprawa nie czeka na komunikat „inne pismo”"):
        send(office, name="inne pismo")

    with office.database.look() as work:
        assert rows.get(work, case.id).revision == 1


def test_the_same_message_comes_once_to_a_case(office: Centre) -> None:
    office.start("czeka")
    send(office)

    with pytest.raises(NotFound):
        send(office)


def test_neither_a_cancelled_nor_a_stopped_case_is_reached(office: Centre) -> None:
    cancelled, stopped = office.start("czeka"), office.start("czeka")
    with office.work() as work:
        instances.cancel(work, office.person("krystyna"), cancelled.id, "Pomyłka")
        incidents.record(work, stopped.id, StepFailed("Nie ma drogi.", element="bramka"))

    with pytest.raises(NotFound):
        send(office)


def test_a_case_that_cannot_go_on_with_a_message_stops_and_the_others_go_on(office: Centre) -> None:
    office.publish("staje", STUCK, roots=MESSAGE)
    stuck, fine = office.start("staje"), office.start("czeka")

    reached = send(office)

    assert reached == (stuck.id, fine.id)
    with office.database.look() as work:
        assert rows.get(work, stuck.id).state is InstanceState.INCIDENT
    assert office.task(fine.id).element == "dalej"


@pytest.mark.parametrize("by", ["pawel", "natalia", "wojciech", "adam"])
def test_only_those_who_start_cases_send_messages(office: Centre, by: str) -> None:
    office.start("czeka")

    with pytest.raises(NotAllowed, match="koordynator usług albo kierownik"):
        send(office, by=by)
