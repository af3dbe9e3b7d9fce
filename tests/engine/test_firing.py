"""Deadlines fire once, those that fail hold nobody up, and people learn of what goes on failing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from actions_cast import END, START, Centre, user, ways
from sqlalchemy import text

from engine import clock
from engine.actions import firing, incidents, patience
from engine.errors import Conflict, NotFound
from engine.model import Deadline, DeadlineKind, InstanceId, InstanceState
from engine.reading import clockwork, soundness
from engine.store import deadlines, instances, journal, leases
from engine.store.database import Work

DEED = DeadlineKind.ABSENCE
HOURLY = (
    START
    + user("praca")
    + '<bpmn:boundaryEvent id="ponaglenie" name="Ponaglenie" attachedToRef="praca" cancelActivity="false">'
    "<bpmn:timerEventDefinition><bpmn:timeCycle>{cycle}</bpmn:timeCycle></bpmn:timerEventDefinition>"
    '</bpmn:boundaryEvent><bpmn:endEvent id="obok"/>' + END + ways("start praca koniec") + ways("ponaglenie obok")
)
WEEKEND = timedelta(hours=63)


def put(centre: Centre, *keys: str, instance: InstanceId | None) -> None:
    with centre.work() as work:
        for key in keys:
            deadlines.put(work, kind=DEED, key=key, name=f"Termin {key}", due_at=work.now, instance=instance)


def tick(centre: Centre, later: timedelta = timedelta()) -> int:
    with clock.standing(clock.now() + later):
        return firing.fire_due(centre.database, "worker")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the deadlines whose deed was kept or tried; those that begin with „zły” fail."""
    tried: list[str] = []

    def deed(_work: Work, deadline: Deadline) -> None:
        tried.append(deadline.key)
        if deadline.key.startswith("zły"):
            raise ZeroDivisionError("Jan Kowalski")
        if deadline.key.startswith("odmowa"):
            raise NotFound("Nie ma już takiej osoby.")

    monkeypatch.setattr(firing, "HANDLERS", {**firing.HANDLERS, DEED: deed})
    return tried


def account(centre: Centre) -> list[tuple[str, int]]:
    with centre.database.look() as work:
        rows = work.connection.execute(text("SELECT key, skipped FROM firing WHERE kind <> 'timer' ORDER BY id")).all()
    return [(row.key, row.skipped) for row in rows]


def timers_on_record(centre: Centre) -> list[int]:
    with centre.database.look() as work:
        return list(work.connection.scalars(text("SELECT skipped FROM firing WHERE kind = 'timer' ORDER BY id")))


def waiting(centre: Centre) -> list[str]:
    with centre.database.look() as work:
        return list(work.connection.scalars(text("SELECT key FROM deadline ORDER BY id")))


def test_one_that_fails_among_many_is_tried_again_later_and_the_others_fire(centre: Centre, done: list[str]) -> None:
    case = centre.start("dwa").id
    put(centre, "a", "b", "zły", "c", instance=case)

    assert tick(centre, timedelta(seconds=1)) == 4

    assert account(centre) == [("a", 0), ("b", 0), ("c", 0)]
    assert waiting(centre) == ["zły"]
    assert tick(centre, timedelta(seconds=2)) == 0
    assert tick(centre, patience.pause(1) + timedelta(seconds=5)) == 1
    assert done.count("zły") == 3


def test_one_that_has_failed_is_tried_alone_so_that_it_takes_nobody_along(centre: Centre, done: list[str]) -> None:
    case = centre.start("dwa").id
    put(centre, "zły", instance=case)
    tick(centre)
    done.clear()
    put(centre, "a", "b", instance=case)

    tick(centre, patience.pause(1) + timedelta(seconds=5))

    assert sorted(done) == ["a", "b", "zły"]


@pytest.mark.parametrize(("key", "reason"), [("zły", "błędu systemu"), ("odmowa", "Nie ma już takiej osoby.")])
def test_what_fails_five_times_in_a_case_becomes_an_incident_of_it(
    centre: Centre, done: list[str], key: str, reason: str
) -> None:
    case = centre.start("dwa").id
    put(centre, key, instance=case)

    until_hopeless(centre, lambda: tick_at(centre))

    with centre.database.look() as work:
        assert instances.get(work, case).state is InstanceState.INCIDENT
        (stopped,) = [one.text for one in journal.of_instance(work, case) if one.deed == "stop"]
        told = soundness.findings(work)
        notices = list(work.connection.scalars(text("SELECT text FROM notice WHERE kind = 'incident'")))
    assert reason in stopped
    assert "Kowalski" not in f"{stopped} {told} {notices}"
    assert any(f"Termin „Termin {key}”" in one and reason in one for one in told)
    assert len(notices) == 1
    assert len(done) == leases.TRIES + 1  # the first time among many, then alone


def test_an_administrator_who_lets_a_case_go_on_lets_its_deadlines_be_tried_at_once(
    centre: Centre, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = centre.start("dwa").id
    put(centre, "zły", instance=case)
    last = until_hopeless(centre, lambda: tick_at(centre))
    monkeypatch.setattr(firing, "HANDLERS", {DEED: lambda _work, one: done.append(f"dobry {one.key}")})

    with clock.standing(last):
        with centre.work() as work:
            incidents.retry(work, centre.person("adam"), case, "przyczyna usunięta")
        firing.fire_due(centre.database, "worker")

    assert done[-1] == "dobry zły"
    assert waiting(centre) == []


def test_what_fails_for_the_whole_centre_is_told_to_administrators_and_tried_on(
    centre: Centre, done: list[str]
) -> None:
    put(centre, "zły", instance=None)

    last = until_hopeless(centre, lambda: tick_at(centre))

    with centre.database.look() as work:
        told = [one for one in soundness.findings(work) if "Termin zły" in one]
        notices = list(work.connection.scalars(text("SELECT text FROM notice")))
    assert len(told) == 1
    assert [("Termin zły" in one, "bieg verify" in one) for one in notices] == [(True, True)]
    with clock.standing(last + patience.LONGEST_PAUSE):
        assert firing.fire_due(centre.database, "worker") == 1
    assert len(done) == leases.TRIES + 1


def until_hopeless(centre: Centre, once: Callable[[], None]) -> datetime:
    """Let the clock try until it only tries at the longest pause; the moment of the last try."""
    moment = clock.now()
    for attempt in range(1, leases.TRIES + 1):
        with clock.standing(moment):
            once()
        last, moment = moment, moment + patience.pause(attempt)
    assert waiting(centre) != []
    return last


def tick_at(centre: Centre) -> None:
    assert firing.fire_due(centre.database, "worker") == 1


def test_a_clock_that_stands_is_reported_after_a_quarter_of_an_hour(centre: Centre, done: list[str]) -> None:
    put(centre, "a", instance=centre.start("dwa").id)

    def state(later: timedelta) -> tuple[int, bool]:
        with clock.standing(clock.now() + later), centre.database.look() as work:
            found = clockwork.state(work)
            said = any(one.startswith("Budzik nie działa") for one in soundness.findings(work))
        assert found.stands is said
        return found.overdue, said

    assert state(timedelta(minutes=14)) == (0, False)
    assert state(timedelta(minutes=16)) == (1, True)
    tick(centre, timedelta(minutes=16))
    assert state(timedelta(minutes=17)) == (0, False)
    assert done == ["a"]


def test_an_hourly_reminder_fires_once_after_a_weekend_without_power(centre: Centre) -> None:
    centre.publish("godziny", HOURLY.format(cycle="R/PT1H"))
    begun = clock.now()
    with clock.standing(begun):
        case = centre.start("godziny")
    back = begun + WEEKEND + timedelta(minutes=1)

    with clock.standing(back):
        handled = firing.fire_due(centre.database, "worker")
        again = firing.fire_due(centre.database, "worker")

    assert (handled, again) == (1, 0)
    assert timers_on_record(centre) == [62]
    with centre.database.look() as work:
        (fired,) = [one for one in journal.of_instance(work, case.id) if one.deed == "fire"]
        timers = [one for one in deadlines.of_instance(work, case.id) if one.kind is DeadlineKind.TIMER]
    assert fired.text == "Zegar sprawy: Ponaglenie. Powtórzenia, które minęły w czasie przerwy systemu: 62."
    assert [one.due_at for one in timers] == [begun + WEEKEND + timedelta(hours=1)]


def test_a_cycle_of_three_that_an_outage_ends_has_skipped_two(centre: Centre) -> None:
    centre.publish("trzy", HOURLY.format(cycle="R3/PT1H"))
    centre.start("trzy")

    tick(centre, WEEKEND)

    assert timers_on_record(centre) == [2]
    assert tick(centre, WEEKEND * 2) == 0


def test_a_process_that_begins_every_day_begins_once_after_a_weekend(centre: Centre) -> None:
    cycle = "<bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>"
    body = f'<bpmn:startEvent id="start">{cycle}</bpmn:startEvent>' + user("praca") + END + ways("start praca koniec")
    centre.publish("co_dzien", body)

    assert tick(centre, timedelta(days=3, hours=1)) == 1

    assert [skipped for key, skipped in account(centre) if key.endswith(":start")] == [2]


def test_a_timer_that_fired_can_never_fire_again(centre: Centre) -> None:
    centre.publish("godziny", HOURLY.format(cycle="R/PT1H"))
    case = centre.start("godziny")
    with centre.database.look() as work:
        held = work.connection.execute(
            text("SELECT content FROM instance_state WHERE instance_id = :id"), {"id": case.id}
        ).scalar_one()
        due_at = deadlines.of_instance(work, case.id)[0].due_at
    tick(centre, timedelta(hours=1, minutes=1))
    with centre.work() as work:  # as if the state of before had been written back
        work.connection.execute(
            text("UPDATE instance_state SET content = :held WHERE instance_id = :id"), {"held": held, "id": case.id}
        )
        (timer,) = [one for one in deadlines.of_instance(work, case.id) if one.kind is DeadlineKind.TIMER]

    with clock.standing(due_at + timedelta(hours=2)), centre.work() as work, pytest.raises(Conflict):
        firing.fire(work, timer)


def test_a_worker_that_is_asked_to_stop_ends_its_batch_and_takes_nothing_more(
    centre: Centre, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "BATCH", 3)
    put(centre, *"abcdefg", instance=centre.start("dwa").id)

    handled = firing.fire_due(centre.database, "worker", stopping=lambda: len(done) > 0)

    assert (handled, len(done), len(waiting(centre))) == (3, 3, 4)


def test_a_deadline_that_is_set_again_by_its_own_deed_waits_for_its_next_moment(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again(work: Work, one: Deadline) -> None:
        deadlines.put(work, kind=DEED, key=one.key, due_at=one.due_at + timedelta(days=1), instance=one.instance)

    monkeypatch.setattr(firing, "HANDLERS", {DEED: again})
    put(centre, "a", instance=centre.start("dwa").id)

    assert [tick(centre), tick(centre), tick(centre, timedelta(days=1, minutes=1))] == [1, 0, 1]

    assert account(centre) == [("a", 0), ("a", 0)]
    assert waiting(centre) == ["a"]
