"""The end of a task: counted when it opens, told when it comes near, is there and has passed, gone with the task."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from actions_cast import END, START, Centre, user, ways
from terms_cast import (
    MONDAY,
    STATUTORY,
    account,
    at,
    fire,
    fresh,
    opened,
    postpone,
    published,
    told,
    waiting,
)

from engine.actions import instances, keeping, migrations
from engine.errors import Conflict, StepFailed
from engine.model import DeadlineKind
from engine.store import deadlines, journal, tasks

# --- opening ------------------------------------------------------------------------------------


def test_a_task_opens_with_its_three_dates_the_explanation_and_two_deadlines(centre: Centre) -> None:
    task = opened(centre)

    assert task.due_at == datetime(2026, 12, 23, 22, 59, 59, tzinfo=UTC)
    assert task.target_at == datetime(2026, 12, 22, 22, 59, 59, tzinfo=UTC)
    assert task.remind_at is not None
    assert task.term["statutory"] is True
    assert "23 grudnia" in str(task.term["explanation"])
    assert waiting(centre, task.instance) == {"late": task.due_at, "remind": task.remind_at}


def test_a_task_without_a_term_has_no_deadlines(centre: Centre) -> None:
    task = opened(centre, term="")

    assert (task.due_at, dict(task.term)) == (None, {})
    assert waiting(centre, task.instance) == {}


def test_many_tasks_that_open_at_once_each_have_their_own_deadlines(centre: Centre) -> None:
    loop = "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>3</bpmn:loopCardinality>"
    step = user("praca", 'term="14 dni"').replace(
        "</bpmn:userTask>", f"{loop}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    centre.publish("wiele", START + step + END + ways("start praca koniec"))

    with at(MONDAY):
        instance = centre.start("wiele", by="anna").id
    with centre.database.look() as work:
        rows = [one for one in deadlines.of_instance(work, instance) if one.kind is DeadlineKind.LATE]

    assert {one.task for one in rows} == {one.id for one in centre.open(instance)}
    assert len(rows) == 3


def test_a_term_that_waits_for_dates_lets_the_case_go_on_and_says_what_is_missing(centre: Centre) -> None:
    task = opened(centre, term="21 dni od ostatniego z: ogloszenie_bip, ogloszenie_siedziba")

    assert task.due_at is None
    assert task.term["missing"] == ["ogloszenie_bip", "ogloszenie_siedziba"]
    assert "Brakuje dat" in str(task.term["explanation"])
    assert waiting(centre, task.instance) == {}


def test_it_is_counted_as_soon_as_a_deed_brings_the_dates(centre: Centre) -> None:
    term = 'form="notatka" term="21 dni od ostatniego z: tresc, droga"'
    fork = '<bpmn:parallelGateway id="razem"/><bpmn:parallelGateway id="koniec_razem"/>'
    body = START + fork + user("daty") + user("oferty", term) + END
    centre.publish("konkurs", body + ways("start razem daty koniec_razem koniec") + ways("razem oferty koniec_razem"))
    with at(MONDAY):
        instance = centre.start("konkurs", by="anna").id
        first, offers = sorted(centre.open(instance), key=lambda one: one.element)

        centre.complete(first.id, "anna", tresc="2026-11-20", droga="2026-11-23")

    now = fresh(centre, offers)
    assert now.due_at == datetime(2026, 12, 14, 22, 59, 59, tzinfo=UTC)
    assert waiting(centre, instance)["late"] == now.due_at
    assert "term" in account(centre, instance)


# --- when the moments come ------------------------------------------------------------------------


def test_a_reminder_a_late_task_and_both_levels_above_are_told_once(centre: Centre) -> None:
    task = opened(centre)
    assert task.remind_at is not None
    assert task.due_at is not None

    fire(centre, task.remind_at + timedelta(seconds=1))
    reminded = told(centre, "anna")
    fire(centre, task.due_at + timedelta(seconds=1))
    fire(centre, task.due_at + timedelta(seconds=3))
    first = told(centre, "krystyna")
    fire(centre, task.due_at + timedelta(days=14))
    fire(centre, task.due_at + timedelta(days=30))

    assert reminded == ["remind"]
    assert told(centre, "anna") == ["remind", "late"]
    assert first == ["escalate"]
    assert told(centre, "krystyna") == ["escalate"]
    assert told(centre, "adam") == ["escalate"]
    assert account(centre, task.instance)[-3:] == ["late", "escalate", "escalate"]
    assert waiting(centre, task.instance) == {}


def test_the_next_above_is_told_on_the_third_working_day_after_the_holidays(centre: Centre) -> None:
    task = opened(centre)
    assert task.due_at is not None

    fire(centre, task.due_at + timedelta(seconds=1))
    fire(centre, task.due_at + timedelta(seconds=3))

    # The end was Wednesday 23 December; 24 to 27 December are free.
    assert waiting(centre, task.instance) == {"escalate": datetime(2026, 12, 30, 7, tzinfo=UTC)}


def test_of_a_task_that_nobody_has_everybody_who_may_take_it_is_told(centre: Centre) -> None:
    with at(MONDAY):
        published(centre, "wspolna", "14 dni")
        task = centre.task(centre.start("wspolna", by="krystyna").id)
    assert task.person is None
    assert task.due_at is not None

    fire(centre, task.due_at + timedelta(seconds=1))

    assert [told(centre, one) for one in ("anna", "olga")] == [["late"], ["late"]]


def test_after_an_outage_that_lasted_beyond_the_end_nobody_is_reminded_of_it(centre: Centre) -> None:
    task = opened(centre)
    assert task.due_at is not None

    fire(centre, task.due_at + timedelta(seconds=1))

    assert told(centre, "anna") == ["late"]


@pytest.mark.leaves_stuck
def test_a_deadline_that_outlived_its_task_does_nothing(centre: Centre) -> None:
    task = opened(centre)
    assert task.due_at is not None
    with centre.work() as work:
        tasks.finish(work, task.id, centre.person("anna").id)
        deadlines.put(
            work,
            kind=DeadlineKind.LATE,
            key=f"task:{task.id}",
            due_at=task.due_at,
            instance=task.instance,
            task=task.id,
        )

    fire(centre, task.due_at + timedelta(seconds=1))

    assert told(centre, "anna") == []
    assert "late" not in account(centre, task.instance)


def test_the_law_does_not_stop_with_a_stopped_case(centre: Centre) -> None:
    task = opened(centre)
    assert task.due_at is not None
    with centre.work() as work:
        keeping.stop(work, task.instance, StepFailed("Krok nie przeszedł.", element="praca"))

    fire(centre, task.due_at + timedelta(seconds=1))

    with centre.database.look() as work:
        (line,) = [one.text for one in journal.of_instance(work, task.instance) if one.deed == "late"]
    assert "termin biegnie dalej" in line
    assert "late" in told(centre, "anna")


# --- a task that closes takes its deadlines along --------------------------------------------------


def test_completing_a_task_drops_its_deadlines(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY):
        centre.complete(task.id, "anna")

    assert waiting(centre, task.instance) == {}


def test_cancelling_a_case_drops_them(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY), centre.work() as work:
        instances.cancel(work, centre.person("krystyna"), task.instance, "Pomyłka")

    assert waiting(centre, task.instance) == {}


def test_a_boundary_event_that_takes_the_task_away_drops_them(centre: Centre) -> None:
    boundary = (
        '<bpmn:boundaryEvent id="minal" attachedToRef="praca"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        '<bpmn:endEvent id="bez"/>'
    )
    body = START + user("praca", f'term="{STATUTORY}"') + boundary + END
    centre.publish("pilna", body + ways("start praca koniec") + ways("minal bez"))
    with at(MONDAY):
        instance = centre.start("pilna", by="anna").id
    assert "late" in waiting(centre, instance)

    fire(centre, MONDAY + timedelta(hours=2))

    assert waiting(centre, instance) == {}


def test_a_case_that_moves_to_a_version_with_another_term_has_its_deadlines_counted_anew(centre: Centre) -> None:
    task = opened(centre)
    published(centre, "terminowa", "14 dni")

    with at(MONDAY + timedelta(days=1)), centre.work() as work:
        migrations.migrate(work, centre.person("krystyna"), task.instance, 2, reason="Nowy termin")
    moved = waiting(centre, task.instance)
    with at(MONDAY + timedelta(days=1)), centre.work() as work:
        migrations.undo(work, centre.person("krystyna"), task.instance)

    assert moved["late"] == datetime(2026, 12, 7, 22, 59, 59, tzinfo=UTC)
    assert waiting(centre, task.instance)["late"] == task.due_at
    assert fresh(centre, task).due_at == task.due_at


def test_a_move_is_not_taken_back_once_a_term_was_changed(centre: Centre) -> None:
    task = opened(centre)
    published(centre, "terminowa", "14 dni")
    with at(MONDAY + timedelta(days=1)):
        with centre.work() as work:
            migrations.migrate(work, centre.person("krystyna"), task.instance, 2, reason="Nowy termin")
        postpone(centre, task, date(2026, 12, 18))

        with pytest.raises(Conflict, match="zmieniono termin"), centre.work() as work:
            migrations.undo(work, centre.person("krystyna"), task.instance)
