"""A diagram that cannot go on stops its own instance, and only that; once its cause is gone it goes on."""

from __future__ import annotations

from datetime import date, timedelta

import invariants
import pytest
from faults_cast import COORDINATORS, Office, answers
from sqlalchemy import text
from test_races import Hand

from engine import clock
from engine.actions import firing, incidents, patience, people
from engine.errors import Conflict, NotAllowed, StepFailed
from engine.model import Instance, InstanceId, InstanceState
from engine.store import incidents as incident_rows
from engine.store import instances, journal
from web.app import create

LONG_AGO = timedelta(days=1)


def state(office: Office, case: Instance) -> InstanceState:
    with office.parts.database.look() as work:
        return instances.get(work, case.id).state


def elements(office: Office, case: Instance) -> list[str]:
    return [one.element for one in office.open_tasks(case.id)]


def tick(office: Office, later: timedelta = timedelta()) -> int:
    with clock.standing(clock.now() + later):
        return firing.fire_due(office.parts.database, "worker", clock.now())


def authorise(office: Office) -> None:
    """Remove the cause: with the authorisation a way is open."""
    by = office.person("administrator")
    with office.parts.database.work() as work:
        people.authorise(work, by, scope="FORMA", number="1/2026", valid_from=date(2020, 1, 1), valid_to=None)


def retry(office: Office, case: InstanceId) -> None:
    with office.parts.database.work() as work:
        incidents.retry(work, office.person("administrator"), case, "przyczyna usunięta")


def test_a_failure_in_a_tick_stops_one_case_and_the_others_go_on(office: Office) -> None:
    ago = clock.now() - LONG_AGO
    before = office.start("po_godzinie", 3, at=ago)
    (stopped,) = office.start("staje_po_godzinie", at=ago)
    after = office.start("po_godzinie", 3, at=ago)

    tick(office)

    assert state(office, stopped) is InstanceState.INCIDENT
    assert [elements(office, one) for one in before + after] == [["potem"]] * 6
    with office.parts.database.look() as work:
        found = incident_rows.of_instance(work, stopped.id)
        told = [one.deed for one in journal.of_instance(work, stopped.id)]
    assert found is not None
    assert found.element == "bramka"
    assert told == ["start", "stop"]
    assert invariants.broken(office.parts.database) == []


def test_a_stopped_case_is_left_alone_by_later_ticks(office: Office) -> None:
    (stopped,) = office.start("staje_po_godzinie", at=clock.now() - LONG_AGO)
    tick(office)

    tick(office, patience.LONGEST_PAUSE * 2)

    assert state(office, stopped) is InstanceState.INCIDENT
    with office.parts.database.look() as work:
        assert instances.get(work, stopped.id).revision == 2


def test_a_case_stopped_in_a_tick_goes_on_after_its_cause_is_gone(office: Office) -> None:
    (stopped,) = office.start("staje_po_godzinie", at=clock.now() - LONG_AGO)
    tick(office)
    with pytest.raises(StepFailed):
        retry(office, stopped.id)
    authorise(office)

    retry(office, stopped.id)

    assert state(office, stopped) is InstanceState.RUNNING
    assert elements(office, stopped) == ["potem"]
    assert invariants.broken(office.parts.database) == []


def test_a_case_stopped_in_a_tick_and_forgotten_by_the_ticks_still_goes_on(office: Office) -> None:
    (stopped,) = office.start("staje_po_godzinie", at=clock.now() - LONG_AGO)
    tick(office)
    tick(office, patience.LONGEST_PAUSE * 2)
    authorise(office)

    retry(office, stopped.id)

    assert elements(office, stopped) == ["potem"]
    assert invariants.broken(office.parts.database) == []


@pytest.mark.parametrize("calls", [False, True], ids=["page", "api"])
def test_a_failure_at_a_click_stops_the_case_and_keeps_its_task(office: Office, calls: bool) -> None:
    (stopped,) = office.start("staje_po_zadaniu")
    (other,) = office.start("dwa_kroki")
    hand = Hand(office, create(office.parts), COORDINATORS[0], calls=calls)
    (task,) = office.open_tasks(stopped.id)

    told = hand.complete(task.id, 5, "pierwszy raz")
    again = hand.complete(task.id, 5, "drugi raz")

    assert state(office, stopped) is InstanceState.INCIDENT
    assert told.status >= 400
    assert "Traceback" not in told.text
    assert again.status == 409
    assert "zatrzymana" in again.text
    assert elements(office, stopped) == ["wczesniej"]
    assert hand.complete(office.open_tasks(other.id)[0].id, 6, "inna sprawa").status in (200, 302)
    assert invariants.broken(office.parts.database) == []

    authorise(office)
    retry(office, stopped.id)

    assert hand.complete(task.id, 5, "pierwszy raz").status in (200, 302)
    assert elements(office, stopped) == ["potem"]
    assert invariants.broken(office.parts.database) == []


def test_only_an_administrator_lets_a_stopped_case_go_on(office: Office) -> None:
    (stopped,) = office.start("staje_po_godzinie", at=clock.now() - LONG_AGO)
    tick(office)

    with office.parts.database.work() as work, pytest.raises(NotAllowed):
        incidents.retry(work, office.person("kierownik"), stopped.id, "próba")


def test_a_case_that_runs_cannot_be_tried_again(office: Office) -> None:
    (running,) = office.start("dwa_kroki")

    with pytest.raises(Conflict, match="nie jest zatrzymana"):
        retry(office, running.id)


def test_what_was_answered_before_a_failure_is_kept_as_a_draft(office: Office) -> None:
    (stopped,) = office.start("staje_po_zadaniu")
    hand = Hand(office, create(office.parts), COORDINATORS[0], calls=False)
    (task,) = office.open_tasks(stopped.id)

    hand.complete(task.id, 4321, "klucz")

    page = hand._client.get(f"/zadania/{task.id}").get_data(as_text=True)
    assert "4321" in page
    assert answers(4321)["uwagi"] in page


def test_a_row_that_has_failed_for_months_does_not_hold_up_the_others(office: Office) -> None:
    ago = clock.now() - LONG_AGO
    (old,) = office.start("staje_po_godzinie", at=ago)
    (other,) = office.start("po_godzinie", at=ago)
    with office.parts.database.work() as work:
        work.connection.execute(text("UPDATE deadline SET attempts = 500 WHERE instance_id = :one"), {"one": old.id})

    tick(office)

    assert state(office, old) is InstanceState.INCIDENT
    assert elements(office, other) == ["potem"]
    assert patience.pause(500) == patience.LONGEST_PAUSE
    assert patience.pause(0) == patience.FIRST_PAUSE
