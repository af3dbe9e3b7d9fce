"""Once a day what is late is counted, by process, for each day once; and how long steps take."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from actions_cast import Centre

from engine import clock
from engine.actions import counting
from engine.model import DeadlineKind, TaskId
from engine.store import backlog, deadlines, pace
from engine.store.backlog import Backlog, Life

MORNING = datetime(2026, 11, 20, 3, 20, tzinfo=UTC)  # 4:20 in the centre
FRIDAY = date(2026, 11, 19)


def at(day: int, hour: int = 12, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def begin(centre: Centre, moment: datetime, term: str = "14 dni") -> TaskId:
    with clock.standing(moment):
        return centre.task(centre.start(f"termin_{term[0]}").id).id


@pytest.fixture
def busy(centre: Centre) -> Centre:
    """One step with a term of 1 day, and one of 5 days."""
    from actions_cast import END, START, user, ways

    for days in (1, 5):
        said = f'form="notatka" term="{days} {"dzień" if days == 1 else "dni"}"'
        centre.publish(f"termin_{days}", START + user("krok", said) + END + ways("start krok koniec"))
    return centre


def counted(centre: Centre, moment: datetime = MORNING) -> None:
    with clock.standing(moment), centre.work() as work:
        counting.count(work)


def kept(centre: Centre, day: date) -> Backlog | None:
    with centre.database.look() as work:
        return backlog.of_days(work, day, day).get(day)


def test_what_was_open_and_late_is_kept_for_the_end_of_each_past_day(busy: Centre) -> None:
    late = begin(busy, at(2), "1 dzień")  # due on Tuesday the 3rd
    begin(busy, at(16), "5 dni")  # due on Monday the 23rd
    with clock.standing(at(10)):
        busy.complete(begin(busy, at(9), "1 dzień"), "anna")  # done on its last day

    counted(busy)

    assert late
    assert kept(busy, date(2026, 11, 1)) == Backlog(open=0, late=0, late_fortnight=0)
    assert kept(busy, date(2026, 11, 2)) == Backlog(open=1, late=0, late_fortnight=0)
    assert kept(busy, date(2026, 11, 3)) == Backlog(open=1, late=1, late_fortnight=0)
    assert kept(busy, date(2026, 11, 9)) == Backlog(open=2, late=1, late_fortnight=0)
    assert kept(busy, date(2026, 11, 17)) == Backlog(open=2, late=1, late_fortnight=0)
    assert kept(busy, date(2026, 11, 18)) == Backlog(open=2, late=1, late_fortnight=1)  # 15 days
    assert kept(busy, date(2026, 11, 19)) == Backlog(open=2, late=1, late_fortnight=1)
    assert kept(busy, date(2026, 11, 20)) is None  # the day is not over


def test_a_day_that_was_counted_is_not_counted_again(busy: Centre) -> None:
    task = begin(busy, at(2), "1 dzień")
    counted(busy)
    with busy.work() as work:
        work.connection.exec_driver_sql(f"UPDATE task SET opened_at = due_at WHERE id = {task}")

    counted(busy)
    counted(busy, MORNING + timedelta(days=1))

    assert kept(busy, date(2026, 11, 2)) == Backlog(open=1, late=0, late_fortnight=0)
    assert kept(busy, date(2026, 11, 20)) == Backlog(open=1, late=1, late_fortnight=1)


def test_the_clock_counts_and_comes_back_the_next_morning(busy: Centre) -> None:
    begin(busy, at(2), "1 dzień")
    with clock.standing(MORNING), busy.work() as work:
        deadlines.put(work, kind=DeadlineKind.COUNT, key="", due_at=MORNING)
        (row,) = [one for one in deadlines.of_centre(work) if one.kind is DeadlineKind.COUNT]

        counting.fire(work, row)

        (after,) = [one for one in deadlines.of_centre(work) if one.kind is DeadlineKind.COUNT]
        assert after.due_at == MORNING + timedelta(days=1)
    assert kept(busy, FRIDAY) == Backlog(open=1, late=1, late_fortnight=1)


def test_the_pace_of_a_step_counts_what_was_done_and_what_waits(busy: Centre) -> None:
    for hours in (1, 30):
        task = begin(busy, at(2), "5 dni")
        with clock.standing(at(2) + timedelta(hours=hours)):
            busy.complete(task, "anna")
    begin(busy, MORNING - timedelta(hours=7), "5 dni")

    counted(busy)

    with busy.database.look() as work:
        found = pace.of(work, [("termin_5", "krok"), ("termin_1", "krok")])
    assert found == {("termin_5", "krok"): pace.Pace(took=(1.0, 30.0), waits=(7.0,))}


def stood_at(lives: list[Life], day: date) -> dict[str, Backlog]:
    """The slow way: every task is asked about every day."""
    end = datetime(day.year, day.month, day.day, tzinfo=clock.WARSAW) + timedelta(days=1)
    found: dict[str, list[int]] = {}
    for one in lives:
        if one.opened > end or (one.over is not None and one.over <= end):
            continue
        sums = found.setdefault(one.process, [0, 0, 0])
        sums[0] += 1
        if one.due is not None and one.paused is None and one.due <= end:
            sums[1] += 1
            sums[2] += (day - clock.today(one.due)).days > 14
    return {key: Backlog(open=a, late=b, late_fortnight=c) for key, (a, b, c) in found.items()}


@pytest.mark.parametrize("seed", range(20))
def test_one_sweep_says_the_same_as_asking_every_task_about_every_day(seed: int) -> None:
    dice, first = random.Random(seed), date(2026, 10, 1)  # the clocks change in between
    days = [first + timedelta(days=one) for one in range(60)]
    lives = []
    for _ in range(80):
        opened = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(24 * 90))
        due = opened + timedelta(hours=dice.randrange(1, 400)) if dice.random() < 0.8 else None
        over = opened + timedelta(hours=dice.randrange(1, 900)) if dice.random() < 0.7 else None
        lives.append(Life(dice.choice("ab"), opened, due, over, opened if dice.random() < 0.1 else None))

    found = counting.stood(lives, days)

    assert found == [stood_at(lives, day) for day in days]
