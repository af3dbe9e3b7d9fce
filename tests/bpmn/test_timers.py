"""Timers of a diagram on the calendar of the centre."""

from datetime import UTC, date, datetime

import pytest
from building import NOON, Walk, boundary, el, end, flows, process, script, start, timer, user

from engine.bpmn import timers
from engine.errors import Conflict, StepFailed

JANUARY = datetime(2027, 1, 31, 12, 0, tzinfo=UTC)


def waiting_for(inner: str) -> bytes:
    return process(
        start() + el("intermediateCatchEvent", "czekanie", inner) + user("potem") + end(),
        flows("start", "czekanie", "potem", "koniec"),
    )


def guarded(inner: str, *, interrupts: bool) -> bytes:
    return process(
        start() + user("praca") + boundary("termin", "praca", inner, interrupts=interrupts) + end() + end("koniec2"),
        script("licz", "if ile = null then 1 else ile + 1", "ile") + flows("start", "praca", "koniec"),
        flows("termin", "licz", "koniec2"),
    )


def test_months_end_on_the_last_day_of_a_short_month_and_do_not_drift() -> None:
    month = timers.duration("P1M")

    found = [timers.add(JANUARY, month, times).date() for times in range(4)]

    assert found == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_days_keep_the_hour_of_the_wall_clock_over_the_change_to_summer_time() -> None:
    friday = datetime(2027, 3, 26, 7, 0, tzinfo=UTC)  # 8 o'clock in Warsaw

    assert timers.add(friday, timers.duration("P3D")) == datetime(2027, 3, 29, 6, 0, tzinfo=UTC)
    assert timers.add(friday, timers.duration("PT72H")) == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "instant"),
    [
        ("2026-12-01", datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        ("2027-07-15", datetime(2027, 7, 15, 21, 59, 59, tzinfo=UTC)),
        ("2027-07-15T12:00:00", datetime(2027, 7, 15, 10, 0, tzinfo=UTC)),
        ("2027-07-15T12:00:00Z", datetime(2027, 7, 15, 12, 0, tzinfo=UTC)),
        ('=date("2026-12-01")', datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC)),
        ("=termin", datetime(2027, 1, 10, 22, 59, 59, tzinfo=UTC)),
        ('=date and time("2027-07-15T12:00:00")', datetime(2027, 7, 15, 10, 0, tzinfo=UTC)),
        ('=date(termin) - duration("P1D")', datetime(2027, 1, 9, 22, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_day_means_its_end_in_warsaw_and_a_time_without_zone_the_clock_there(said: str, instant: datetime) -> None:
    walk = Walk(waiting_for(timer("Date", said)), termin="2027-01-10")

    assert walk.timers == {"czekanie": instant}


@pytest.mark.parametrize("said", ["P2D", '="P2D"', '=duration("P2D")', "=okres"])
def test_a_duration_counts_from_the_moment_the_token_comes(said: str) -> None:
    walk = Walk(waiting_for(timer("Duration", said)), okres="P2D")

    assert walk.timers == {"czekanie": datetime(2026, 11, 23, 12, 0, tzinfo=UTC)}
    assert walk.wait(days=1).open == []
    assert walk.wait(days=1).open == ["potem"]
    assert walk.moves == [("czekanie", "done"), ("potem", "active")]


def test_years_and_months_of_feel_are_a_duration() -> None:
    walk = Walk(waiting_for(timer("Duration", '=duration("P1Y2M")')))

    assert walk.timers == {"czekanie": datetime(2028, 1, 21, 12, 0, tzinfo=UTC)}


def test_a_date_in_the_past_is_passed_at_once() -> None:
    assert Walk(waiting_for(timer("Date", "2020-01-01"))).open == ["potem"]


@pytest.mark.parametrize(
    "inner",
    [
        timer("Duration", "14 dni"),
        timer("Duration", "-P1D"),
        timer("Duration", "P900Y"),
        timer("Duration", "=null"),
        timer("Duration", "PT"),
        timer("Date", "P1D"),
        timer("Date", "=12"),
        timer("Date", "9999-12-31"),
        timer("Cycle", "P1D"),
        timer("Cycle", "R3/2026-13-01/P1D"),
        timer("Cycle", "R/PT0S"),
    ],
)
def test_a_timer_that_says_nothing_sensible_stops_at_its_step(inner: str) -> None:
    xml = waiting_for(inner)

    with pytest.raises(StepFailed) as failure:
        Walk(xml)

    assert failure.value.element == "czekanie"
    assert failure.value.message.startswith("Krok „czekanie”")


@pytest.mark.parametrize(
    ("kind", "text", "wrong"),
    [
        ("duration", "P14D", False),
        ("duration", "14 dni", True),
        ("date", "2026-12-01", False),
        ("date", "P1D", True),
        ("cycle", "R3/P7D", False),
        ("cycle", "R3", True),
    ],
)
def test_a_plain_timer_can_be_checked_before_it_runs(kind: str, text: str, wrong: bool) -> None:
    assert (timers.problem(kind, text, NOON) is not None) is wrong


def test_what_is_due_is_fixed_when_the_timer_starts_to_wait() -> None:
    walk = Walk(
        process(
            start() + user("praca") + boundary("termin", "praca", timer("Duration", "=okres")) + user("zmiana") + end(),
            end("koniec2") + flows("start", "praca", "koniec") + flows("start", "zmiana", "koniec"),
            flows("termin", "koniec2"),
        ),
        okres="P5D",
    )

    walk.do("zmiana", okres="P50D")

    assert walk.timers == {"termin": datetime(2026, 11, 26, 12, 0, tzinfo=UTC)}


def test_a_deadline_that_has_passed_beats_a_late_click() -> None:
    walk = Walk(guarded(timer("Duration", "P1D"), interrupts=True))
    key = walk.key("praca")

    walk.now = datetime(2026, 11, 23, tzinfo=UTC)

    with pytest.raises(Conflict):
        walk.do_key(key)


def test_an_interrupting_timer_takes_the_task_away() -> None:
    walk = Walk(guarded(timer("Duration", "P1D"), interrupts=True))

    walk.wait(days=1)

    assert walk.outcome.finished
    assert walk.moves == [("praca", "cancelled"), ("termin", "done"), ("licz", "done"), ("koniec2", "done")]
    assert not walk.move("praca").first


def test_a_reminder_leaves_the_task_and_its_variables_are_seen() -> None:
    walk = Walk(guarded(timer("Duration", "P1D"), interrupts=False))

    walk.wait(days=2)

    assert walk.open == ["praca"]
    assert walk.timers == {}
    assert walk.do("praca").outcome.finished
    assert walk.outcome.variables == {"ile": 1}


def test_a_cycle_reminds_as_often_as_it_says() -> None:
    walk = Walk(guarded(timer("Cycle", "R3/P7D"), interrupts=False))

    fired = [walk.wait(days=7).outcome.variables.get("ile") for _ in range(5)]

    assert fired == [1, 2, 3, 3, 3]
    assert walk.open == ["praca"]


def test_every_reminder_of_a_cycle_is_a_step_of_its_own() -> None:
    walk = Walk(guarded(timer("Cycle", "R3/P7D"), interrupts=False))

    keys = [walk.wait(days=7).move("termin").key for _ in range(3)]

    assert len(set(keys)) == 3


def test_rounds_that_an_outage_missed_fire_once() -> None:
    walk = Walk(guarded(timer("Cycle", "R/PT1H"), interrupts=False))

    walk.wait(hours=5.5)

    assert walk.outcome.variables == {"ile": 1}
    assert walk.timers == {"termin": NOON.replace(hour=18)}


def test_missed_rounds_count_against_a_cycle_with_an_end() -> None:
    walk = Walk(guarded(timer("Cycle", "R3/P1M"), interrupts=False))

    walk.wait(days=70)
    assert walk.outcome.variables == {"ile": 1}
    walk.wait(days=400)

    assert walk.outcome.variables == {"ile": 2}
    assert walk.timers == {}


def test_a_cycle_with_a_start_begins_then() -> None:
    walk = Walk(guarded(timer("Cycle", "R2/2026-12-01T09:00:00+01:00/P1M"), interrupts=False))

    assert walk.timers == {"termin": datetime(2026, 12, 1, 8, 0, tzinfo=UTC)}
    walk.wait(days=12)
    assert walk.timers == {"termin": datetime(2027, 1, 1, 8, 0, tzinfo=UTC)}


def test_an_interrupting_cycle_interrupts_at_its_first_round() -> None:
    walk = Walk(guarded(timer("Cycle", "R3/P7D"), interrupts=True))

    assert walk.wait(days=7).outcome.finished


def test_firing_when_nothing_is_due_changes_nothing() -> None:
    walk = Walk(guarded(timer("Duration", "P10D"), interrupts=True))
    before = walk.outcome.state

    walk.wait(days=1)

    assert walk.outcome.state == before
    assert walk.outcome.moves == ()


def test_timers_that_are_due_together_fire_in_the_order_of_their_moments() -> None:
    walk = Walk(
        process(
            start() + user("praca") + end() + end("k2") + end("k3"),
            boundary("pozniej", "praca", timer("Duration", "P3D"), interrupts=False),
            boundary("wczesniej", "praca", timer("Duration", "P2D"), interrupts=False),
            flows("start", "praca", "koniec") + flows("pozniej", "k2") + flows("wczesniej", "k3"),
        )
    )

    walk.wait(days=5)

    assert [element for element, _ in walk.moves] == ["wczesniej", "k3", "pozniej", "k2"]
