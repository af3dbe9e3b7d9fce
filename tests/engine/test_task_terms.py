"""The head of a centre changes the terms of tasks, and a person puts a task aside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from actions_cast import END, START, Centre, user, ways
from terms_cast import (
    MONDAY,
    account,
    at,
    delay,
    fire,
    follow_up,
    fresh,
    opened,
    plain,
    postpone,
    published,
    resume,
    suspend,
    told,
    waiting,
)

from engine.errors import Conflict, InputRejected, NotAllowed
from engine.reading import task_terms as looks
from engine.store import tasks

# --- postpone -------------------------------------------------------------------------------------


def test_the_head_postpones_a_term_of_the_centre(centre: Centre) -> None:
    task = opened(centre, term="14 dni")

    with at(MONDAY):
        moved = postpone(centre, task, date(2026, 12, 18))

    assert moved.due_at == datetime(2026, 12, 18, 22, 59, 59, tzinfo=UTC)
    assert moved.target_at == datetime(2026, 12, 17, 22, 59, 59, tzinfo=UTC)
    assert waiting(centre, task.instance) == {"late": moved.due_at, "remind": moved.remind_at}
    assert "Nowy termin: 18 grudnia" in str(moved.term["explanation"])
    assert moved.term["first"] == task.term["explanation"]
    with centre.database.look() as work:
        (change,) = looks.term_history(work, task.id)
    assert (change.kind, change.by, change.before, change.after) == ("postpone", "Krystyna", task.due_at, moved.due_at)
    assert account(centre, task.instance)[-1] == "postpone"


def test_a_statutory_end_cannot_be_postponed(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY), pytest.raises(NotAllowed, match=r"art\. 36 KPA"):
        postpone(centre, task, date(2026, 12, 30))

    assert fresh(centre, task).due_at == task.due_at


@pytest.mark.parametrize("by", ["anna", "olga", "wojciech"])
def test_nobody_else_changes_a_term(centre: Centre, by: str) -> None:
    task = opened(centre, term="14 dni")

    with at(MONDAY), pytest.raises(NotAllowed, match="kierownik ośrodka albo administrator"):
        postpone(centre, task, date(2026, 12, 18), by=by)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 12, 7), "Wybierz dzień po 7 grudnia 2026"),
        (date(2026, 11, 1), "Wybierz dzień po 7 grudnia 2026"),
        (date(2026, 12, 25), "dzień wolny"),
        (date(2206, 12, 8), "zbyt odległy"),
    ],
)
def test_a_new_end_must_be_a_later_working_day(centre: Centre, day: date, says: str) -> None:
    task = opened(centre, term="14 dni")

    with at(MONDAY), pytest.raises(InputRejected) as refused:
        postpone(centre, task, day)

    assert says in plain(refused.value.errors[0].message)


def test_a_reason_is_asked_for(centre: Centre) -> None:
    task = opened(centre, term="14 dni")

    with at(MONDAY), pytest.raises(InputRejected) as refused:
        postpone(centre, task, date(2026, 12, 18), reason="  ")

    assert refused.value.errors[0].field == "powod"


def test_a_term_of_a_closed_task_and_one_that_does_not_exist_are_not_changed(centre: Centre) -> None:
    done, without = opened(centre, term="14 dni"), opened(centre, term="", key="bez")
    with at(MONDAY):
        centre.complete(done.id, "anna")

        with pytest.raises(Conflict, match="nie jest już otwarte"):
            postpone(centre, done, date(2026, 12, 18))
        with pytest.raises(Conflict, match="nie ma terminu"):
            postpone(centre, without, date(2026, 12, 18))


# --- suspend and resume -----------------------------------------------------------------------------


def test_a_suspended_term_is_neither_late_nor_reminded(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY + timedelta(days=1)):
        (paused,) = suspend(centre, task)
    fire(centre, MONDAY + timedelta(days=100))

    assert (paused.due_at, paused.paused_at) == (None, MONDAY + timedelta(days=1))
    assert waiting(centre, task.instance) == {}
    assert told(centre, "anna") == []
    with centre.database.look() as work:
        assert looks.page(work, centre.person("anna"), task.id).term.words == "termin wstrzymany"


def test_a_term_resumed_over_a_holiday_ends_on_the_next_working_day(centre: Centre) -> None:
    task = opened(centre, term="14 dni")  # to Monday 7 December

    with at(datetime(2026, 12, 2, 9, tzinfo=UTC)):  # 5 days left
        suspend(centre, task)
    with at(datetime(2026, 12, 20, 9, tzinfo=UTC)):  # 5 days on: Christmas, then a weekend
        (running,) = resume(centre, task)

    assert running.due_at == datetime(2026, 12, 28, 22, 59, 59, tzinfo=UTC)
    assert running.paused_at is None
    assert waiting(centre, task.instance)["late"] == running.due_at
    assert "zostało 5 dni" in str(running.term["explanation"])
    assert account(centre, task.instance)[-2:] == ["suspend", "resume"]


def test_the_terms_of_a_whole_case_are_suspended_and_resumed_together(centre: Centre) -> None:
    fork = '<bpmn:parallelGateway id="razem"/><bpmn:parallelGateway id="koniec_razem"/>'
    body = START + fork + user("jeden", 'term="14 dni"') + user("dwa", 'term="KPA: 1 miesiąc"') + user("trzy") + END
    flows = (
        ways("start razem jeden koniec_razem koniec") + ways("razem dwa koniec_razem") + ways("razem trzy koniec_razem")
    )
    centre.publish("troje", body + flows)
    with at(MONDAY):
        instance = centre.start("troje", by="anna").id
        one, *_ = centre.open(instance)

        stood = suspend(centre, one, whole_case=True)
        standing = [task.paused_at for task in centre.open(instance)]
        ran = resume(centre, one, whole_case=True)

    assert len(stood) == len(ran) == 2
    assert standing.count(None) == 1
    assert all(task.paused_at is None for task in centre.open(instance))


def test_what_is_over_or_stands_already_is_not_suspended(centre: Centre) -> None:
    task = opened(centre)
    with at(MONDAY + timedelta(days=60)), pytest.raises(Conflict, match="już minął"):
        suspend(centre, task)
    with at(MONDAY):
        suspend(centre, task)

        with pytest.raises(Conflict, match="wstrzymany"):
            suspend(centre, task)
        resume(centre, task)
        with pytest.raises(Conflict, match="biegnie"):
            resume(centre, task)


def test_a_suspended_task_can_be_completed(centre: Centre) -> None:
    task = opened(centre)
    with at(MONDAY):
        suspend(centre, task)

        assert centre.complete(task.id, "anna").finished


# --- art. 36 ----------------------------------------------------------------------------------------


def test_a_statutory_end_that_cannot_be_met_gets_a_new_one_and_a_notice(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY):
        moved = delay(centre, task, date(2027, 1, 29))

    with centre.database.look() as work:
        (change,) = looks.term_history(work, task.id)
    assert moved.due_at == datetime(2027, 1, 29, 22, 59, 59, tzinfo=UTC)
    assert moved.term["statutory"] is True
    assert change.basis == "art. 36 § 1 KPA"
    for said in (
        task.instance_number,
        "w terminie do 23 grudnia 2026 r.",
        "nie zostanie załatwiona",
        "Przyczyna zwłoki: Brak opinii biegłego.",
        "29 stycznia 2027 r.",
        "prawo do wniesienia ponaglenia",
        "art. 37",
    ):
        assert said in plain(change.text)
    assert task.instance_title not in change.text
    assert ".." not in change.text


def test_the_clerk_s_own_text_is_kept_as_it_is(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY):
        delay(centre, task, date(2027, 1, 29), text="Zawiadamiam, że…")

    with centre.database.look() as work:
        (change,) = looks.term_history(work, task.id)
    assert change.text == "Zawiadamiam, że…"


def test_a_late_case_is_said_to_be_late(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY + timedelta(days=45)):
        delay(centre, task, date(2027, 2, 26))

    with centre.database.look() as work:
        (change,) = looks.term_history(work, task.id)
    assert "nie została załatwiona w terminie do 23 grudnia 2026 r." in plain(change.text)


def test_a_term_of_the_centre_needs_no_notice(centre: Centre) -> None:
    task = opened(centre, term="14 dni")

    with at(MONDAY), pytest.raises(NotAllowed, match="Przesuń termin"):
        delay(centre, task, date(2027, 1, 29))


def test_the_notice_is_offered_from_the_reminder_on(centre: Centre) -> None:
    task, own = opened(centre), opened(centre, term="14 dni", key="wlasna")
    assert task.remind_at is not None

    offered = []
    for one, moment in ((task, MONDAY), (task, task.remind_at), (own, task.remind_at)):
        with at(moment), centre.database.look() as work:
            offered.append(looks.page(work, centre.person("krystyna"), one.id).term.offers_notice)

    assert offered == [False, True, False]


def test_a_delayed_task_is_late_again_at_its_new_end(centre: Centre) -> None:
    task = opened(centre)
    assert task.due_at is not None
    fire(centre, task.due_at + timedelta(seconds=1))
    with at(task.due_at + timedelta(days=1)):
        moved = delay(centre, task, date(2027, 1, 29))
    assert moved.due_at is not None

    fire(centre, moved.due_at + timedelta(seconds=1))

    assert account(centre, task.instance).count("late") == 2
    assert told(centre, "anna").count("late") == 2


# --- coming back later ------------------------------------------------------------------------------


def test_a_follow_up_fires_once(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY):
        follow_up(centre, task, date(2026, 12, 3))
    fire(centre, datetime(2026, 12, 3, 6, 0, 1, tzinfo=UTC))
    fire(centre, datetime(2026, 12, 4, 6, 0, 1, tzinfo=UTC))

    assert told(centre, "anna") == ["follow_up"]
    assert "follow_up" not in waiting(centre, task.instance)


def test_a_follow_up_moves_and_is_taken_back(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY):
        follow_up(centre, task, date(2026, 12, 3))
        later = follow_up(centre, task, date(2026, 12, 10))
        moved = waiting(centre, task.instance)["follow_up"]
        back = follow_up(centre, task, None)

    assert later.follow_up_at == moved == datetime(2026, 12, 10, 6, tzinfo=UTC)
    assert back.follow_up_at is None
    assert "follow_up" not in waiting(centre, task.instance)


def test_a_day_behind_the_end_is_refused_because_the_task_would_be_overslept(centre: Centre) -> None:
    task = opened(centre, term="14 dni")

    with at(MONDAY), pytest.raises(InputRejected) as refused:
        follow_up(centre, task, date(2026, 12, 8))

    assert "7 grudnia 2026" in plain(refused.value.errors[0].message)


def test_only_whoever_has_the_task_puts_it_aside(centre: Centre) -> None:
    task = opened(centre)

    with at(MONDAY):
        for other in ("olga", "krystyna"):
            with pytest.raises(NotAllowed):
                follow_up(centre, task, date(2026, 12, 3), by=other)


def test_who_puts_a_task_of_the_team_aside_takes_it(centre: Centre) -> None:
    with at(MONDAY):
        published(centre, "wspolna", "14 dni")
        task = centre.task(centre.start("wspolna", by="krystyna").id)

        kept = follow_up(centre, task, date(2026, 12, 3), by="olga")

    assert kept.person == centre.person("olga").id


def test_another_person_gets_the_task_without_the_day(centre: Centre) -> None:
    task = opened(centre)
    with at(MONDAY):
        follow_up(centre, task, date(2026, 12, 3))
        with centre.work() as work:
            tasks.assign(work, task.id, centre.person("olga").id)

    fire(centre, datetime(2026, 12, 3, 6, 0, 1, tzinfo=UTC))

    assert fresh(centre, task).follow_up_at is None
    assert told(centre, "olga") == []
