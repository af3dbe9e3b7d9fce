"""What happens every day happens once a day, on the wall clock of the centre, whatever the clocks do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest
from actions_cast import Centre
from sqlalchemy import text

from engine import clock
from engine.actions import daily, firing
from engine.model import DeadlineKind
from engine.store import deadlines

SEVEN = time(7, 0)


def at(said: str) -> datetime:
    """A moment by the wall clock of the centre."""
    return datetime.fromisoformat(said).replace(tzinfo=clock.WARSAW).astimezone(UTC)


def days(first: str, count: int) -> Iterator[datetime]:
    """Every ten minutes of so many days."""
    moment = at(first)
    for step in range(count * 24 * 6):
        yield moment + timedelta(minutes=10 * step)


def let_live(centre: Centre, moments: Iterator[datetime]) -> None:
    for moment in moments:
        with clock.standing(moment):
            firing.fire_due(centre.database, "worker", moment)


def begin(centre: Centre, moment: datetime) -> None:
    with clock.standing(moment), centre.work() as work:
        firing.ensure_daily(work)


def account(centre: Centre, kind: DeadlineKind) -> list[tuple[str, int]]:
    """When the occurrences of a day were due, by the wall clock, and for how many others each stands."""
    query = text("SELECT due_at, skipped FROM firing WHERE kind = :kind AND key = 'day' ORDER BY due_at")
    with centre.database.look() as work:
        rows = work.connection.execute(query, {"kind": kind.value}).all()
    found = []
    for due_at, skipped in rows:
        moment = due_at if isinstance(due_at, datetime) else datetime.fromisoformat(due_at).replace(tzinfo=UTC)
        found.append((clock.local(moment).strftime("%Y-%m-%d %H:%M"), skipped))
    return found


@pytest.mark.parametrize(
    ("first", "days_of"),
    [
        ("2026-10-24T00:00", ["2026-10-24", "2026-10-25", "2026-10-26"]),
        ("2027-03-27T00:00", ["2027-03-27", "2027-03-28", "2027-03-29"]),
        ("2028-02-28T00:00", ["2028-02-28", "2028-02-29", "2028-03-01"]),
        ("2026-12-30T00:00", ["2026-12-30", "2026-12-31", "2027-01-01"]),
    ],
    ids=["autumn", "spring", "leap day", "new year"],
)
def test_every_day_has_its_digest_at_seven_and_its_count_at_twenty_past_four(
    centre: Centre, first: str, days_of: list[str]
) -> None:
    begin(centre, at(first))

    let_live(centre, days(first, 3))

    assert account(centre, DeadlineKind.DIGEST) == [(f"{day} 07:00", 0) for day in days_of]
    assert account(centre, DeadlineKind.COUNT) == [(f"{day} 04:20", 0) for day in days_of]
    assert account(centre, DeadlineKind.PLAN) == [(f"{day} 04:10", 0) for day in days_of]


def test_a_clock_that_jumps_three_days_ahead_makes_one_digest_of_three(centre: Centre) -> None:
    begin(centre, at("2026-11-23T06:00"))

    let_live(centre, iter([at("2026-11-26T06:00")]))

    assert account(centre, DeadlineKind.DIGEST) == [("2026-11-23 07:00", 2)]
    let_live(centre, iter([at("2026-11-26T06:59"), at("2026-11-26T07:00")]))
    assert account(centre, DeadlineKind.DIGEST) == [("2026-11-23 07:00", 2), ("2026-11-26 07:00", 0)]


def test_a_clock_set_back_an_hour_fires_nothing_twice(centre: Centre) -> None:
    begin(centre, at("2026-11-23T06:00"))
    let_live(centre, iter([at("2026-11-23T07:00:01")]))

    let_live(centre, iter([at("2026-11-23T06:00:01"), at("2026-11-23T06:59"), at("2026-11-23T07:00:02")]))

    assert account(centre, DeadlineKind.DIGEST) == [("2026-11-23 07:00", 0)]


def test_an_occurrence_that_was_set_again_after_it_fired_is_not_done_again_and_the_next_one_comes(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[datetime] = []
    monkeypatch.setattr(firing, "HANDLERS", {DeadlineKind.COUNT: lambda _work, one: done.append(one.due_at)})
    due_at = at("2026-11-23T04:20")
    for _ in range(2):
        with clock.standing(due_at), centre.work() as work:
            deadlines.put(work, kind=DeadlineKind.COUNT, key="day", due_at=due_at)

        let_live(centre, iter([due_at]))

    assert done == [due_at]
    with centre.database.look() as work:
        assert [one.due_at for one in deadlines.of_centre(work)] == [at("2026-11-24T04:20")]


def test_what_happens_every_day_goes_on_when_its_deed_sets_nothing(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "HANDLERS", {kind: lambda _work, _one: None for kind in firing.DAILY})
    begin(centre, at("2026-11-23T00:00"))

    let_live(centre, days("2026-11-23T00:00", 2))

    assert [day for day, _ in account(centre, DeadlineKind.DIGEST)] == ["2026-11-23 07:00", "2026-11-24 07:00"]


def test_no_time_may_be_chosen_that_a_change_of_the_clocks_repeats_or_leaves_out() -> None:
    with pytest.raises(ValueError, match="02:30"):
        daily.following(at("2026-11-23T00:00"), time(2, 30))


@pytest.mark.parametrize(
    ("now", "missed"),
    [("2026-11-23T07:00", 0), ("2026-11-24T06:59", 0), ("2026-11-24T07:00", 1), ("2026-11-26T09:00", 3)],
)
def test_what_an_outage_missed_is_counted_in_days(now: str, missed: int) -> None:
    assert daily.missed(at("2026-11-23T07:00"), at(now)) == missed


def test_the_next_seven_o_clock_keeps_to_the_wall_when_the_clocks_change() -> None:
    before_autumn, before_spring = at("2026-10-24T07:00"), at("2027-03-27T07:00")

    autumn, spring = daily.following(before_autumn, SEVEN), daily.following(before_spring, SEVEN)

    assert (autumn - before_autumn, spring - before_spring) == (timedelta(hours=25), timedelta(hours=23))
