"""Who stands in: tasks and roles go to the deputy and come back, by the clock and early."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from actions_cast import END, KIEROWNIK, KOORDYNATOR, SOCJALNY, START, WOJT, Centre, user, ways

from engine import circumstances, clock
from engine.actions import absences, people, tasks
from engine.actions.firing import HANDLERS
from engine.errors import Conflict, InputRejected, NotAllowed
from engine.model import DeadlineKind, Json, Task
from engine.reading import absences as looks
from engine.reading import tasks as task_looks
from engine.store import absences as rows
from engine.store import deadlines, journal
from engine.store import people as person_rows
from engine.store import tasks as task_rows

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=11)


@contextmanager
def at(day: date) -> Iterator[None]:
    with clock.standing(noon(day)):
        yield


def enter(centre: Centre, who: str = "anna", deputy: str = "pawel", by: str = "krystyna", **said: Any) -> int:
    given = {"starts_on": MONDAY, "ends_on": MONDAY + 4 * DAY, **said}
    with centre.work() as work:
        return absences.enter(work, centre.person(by), centre.person(who).id, centre.person(deputy).id, **given)


def tick(centre: Centre, moment: datetime) -> None:
    """Fires what is due, as the clock does it."""
    with clock.standing(moment), centre.work() as work:
        for one in deadlines.of_centre(work):
            if one.kind is DeadlineKind.ABSENCE and one.due_at <= moment:
                deadlines.drop(work, one.id)
                HANDLERS[one.kind](work, one)


def get(centre: Centre, id: int) -> rows.Absence:
    with centre.database.look() as work:
        return rows.get(work, id)


def owner(centre: Centre, task: Task) -> str:
    with centre.database.look() as work:
        return task_rows.get(work, task.id).person_name


def report(centre: Centre, id: int, name: str) -> list[Json]:
    found = get(centre, id).report[name]
    assert isinstance(found, list)
    return found


def told(centre: Centre, task: Task) -> str:
    with centre.database.look() as work:
        return " ".join(one.text for one in journal.of_instance(work, task.instance))


def annas(centre: Centre) -> Task:
    task = centre.task(centre.start("dwa").id)
    return centre.claim(task.id, "anna")


def refusal(centre: Centre, **said: Any) -> str:
    with at(MONDAY), pytest.raises(InputRejected) as refused:
        enter(centre, **said)
    return " ".join(one.message for one in refused.value.errors)


# --- what begins and ends -----------------------------------------------------------------------


def test_an_absence_of_today_gives_role_and_tasks_to_the_deputy_at_once(centre: Centre) -> None:
    task = annas(centre)

    with at(MONDAY):
        enter(centre)

    assert owner(centre, task) == "Pawel"
    assert centre.person("pawel").roles == {SOCJALNY, KOORDYNATOR}
    assert centre.person("pawel").own_roles == {SOCJALNY}
    assert "(za: Anna)" in told(centre, task)


def test_at_its_end_tasks_come_back_and_the_role_is_gone(centre: Centre) -> None:
    task = annas(centre)
    with at(MONDAY):
        id = enter(centre)

    tick(centre, noon(MONDAY + 5 * DAY))

    assert owner(centre, task) == "Anna"
    assert centre.person("pawel").roles == {SOCJALNY}
    assert [one["task"] for one in report(centre, id, "back") if isinstance(one, dict)] == [task.id]
    with centre.work() as work, pytest.raises(NotAllowed):
        tasks.complete(work, centre.person("pawel"), task.id, {"tresc": "x"})


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
def test_it_begins_and_ends_five_past_midnight_of_the_centre_when_the_clocks_change(
    centre: Centre, sunday: date
) -> None:
    with at(sunday - 3 * DAY):
        id = enter(centre, starts_on=sunday, ends_on=sunday)
    begins = datetime.combine(sunday, datetime.min.time(), clock.WARSAW) + timedelta(minutes=5)
    ends = datetime.combine(sunday + DAY, datetime.min.time(), clock.WARSAW) + timedelta(minutes=5)

    states = []
    for moment in (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends):
        tick(centre, moment.astimezone(UTC))
        states.append((get(centre, id).running, get(centre, id).ended_at is not None))

    assert states == [(False, False), (True, False), (True, False), (False, True)]
    assert ends.astimezone(UTC) - begins.astimezone(UTC) in (timedelta(hours=23), timedelta(hours=25))


def test_firing_again_changes_nothing(centre: Centre) -> None:
    with at(MONDAY):
        id = enter(centre)
    with clock.standing(noon(MONDAY + 9 * DAY)), centre.work() as work:
        (end,) = (one for one in deadlines.of_centre(work) if one.kind is DeadlineKind.ABSENCE)
        absences.fire(work, end)
        once = rows.get(work, id)
        absences.fire(work, end)
        absences.fire(work, replace(end, key="absence:999:end"))

        assert rows.get(work, id) == once
        assert once.ended_at is not None


def test_an_outage_longer_than_the_whole_absence_moves_nothing(centre: Centre) -> None:
    task = annas(centre)
    with at(MONDAY - 3 * DAY):
        id = enter(centre)

    tick(centre, noon(MONDAY + 30 * DAY))

    assert get(centre, id).ended_at is not None
    assert owner(centre, task) == "Anna"
    assert centre.person("pawel").roles == {SOCJALNY}


def test_what_the_deputy_did_stands_in_the_report_and_the_journal_and_the_case_stays_with_the_absent(
    centre: Centre,
) -> None:
    task = annas(centre)
    with at(MONDAY):
        id = enter(centre)
        centre.complete(task.id, "pawel")
    (following,) = centre.open(task.instance)

    assert following.person_name == "Pawel"
    assert following.absence == id
    with at(MONDAY + DAY), centre.work() as work:
        absences.come_back(work, centre.person("anna"), id)

    assert "w zastępstwie za: Anna" in told(centre, task)
    assert [one["name"] for one in report(centre, id, "done") if isinstance(one, dict)] == ["Krok pierwszy"]
    assert [one["new"] for one in report(centre, id, "back") if isinstance(one, dict)] == [True]
    assert owner(centre, following) == "Anna"


def test_a_new_task_after_the_return_goes_to_her_although_the_deputy_did_the_last(centre: Centre) -> None:
    task = annas(centre)
    with at(MONDAY):
        id = enter(centre, deputy="olga")
        with centre.work() as work:
            absences.come_back(work, centre.person("anna"), id)
    with at(MONDAY + DAY):
        again = enter(centre, deputy="olga", starts_on=MONDAY + DAY)
        with centre.work() as work:
            task_rows.assign(work, task.id, centre.person("olga").id, absence=again)
            absences.come_back(work, centre.person("anna"), again)
            task_rows.assign(work, task.id, centre.person("olga").id, absence=again)
        centre.complete(task.id, "olga")

    (following,) = centre.open(task.instance)
    assert following.person_name == "Anna"


def test_a_task_that_the_deputy_takes_by_the_role_alone_counts_for_the_absent(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    with at(MONDAY):
        id = enter(centre)
        centre.complete(task.id, "pawel")

    with centre.database.look() as work:
        assert task_rows.get(work, task.id).absence == id
    assert "w zastępstwie za: Anna" in told(centre, task)


def test_one_role_or_process_can_have_a_deputy_of_its_own(centre: Centre) -> None:
    centre.publish("inny", START + user("jedyny") + END + ways("start jedyny koniec"))
    task, other = annas(centre), centre.task(centre.start("inny").id)
    centre.claim(other.id, "anna")

    with at(MONDAY):
        enter(centre, deputy="pawel", definition_key="inny")
        enter(centre, deputy="olga", definition_key="dwa")

    assert (owner(centre, task), owner(centre, other)) == ("Olga", "Pawel")


def test_a_deputy_who_goes_away_is_replaced_by_her_own_and_gets_it_back(centre: Centre) -> None:
    task = annas(centre)
    with at(MONDAY):
        enter(centre, "anna", "olga")
        second = enter(centre, "olga", "pawel")

        assert owner(centre, task) == "Pawel"
        new = centre.task(centre.start("dwa", by="krystyna").id)
        with centre.work() as work:
            instead = rows.stand_in(work, centre.person("anna").id, role=KOORDYNATOR, definition_key="dwa")
            assert instead is not None
            assert instead[0] == centre.person("pawel").id
            absences.come_back(work, centre.person("olga"), second)

    assert owner(centre, task) == "Olga"
    assert new.person is None
    assert centre.person("pawel").roles == {SOCJALNY}


def test_roles_that_two_absences_give_stay_until_both_are_over(centre: Centre) -> None:
    with at(MONDAY):
        first, second = enter(centre, "anna", "pawel"), enter(centre, "olga", "pawel")
        with centre.work() as work:
            absences.come_back(work, centre.person("anna"), first)
        assert KOORDYNATOR in centre.person("pawel").roles
        with centre.work() as work:
            absences.come_back(work, centre.person("olga"), second)

    assert centre.person("pawel").roles == {SOCJALNY}


def test_a_change_of_her_data_gives_the_deputy_no_role_for_good(centre: Centre) -> None:
    with at(MONDAY):
        enter(centre)
        one = centre.person("pawel")
        with centre.work() as work:
            people.change(
                work,
                centre.person("adam"),
                one.id,
                name=one.name,
                email="",
                unit=one.unit,
                roles=one.own_roles,
                active=True,
                employment=50,
            )

    assert centre.person("pawel").deputised == {KOORDYNATOR}
    assert centre.person("pawel").own_roles == {SOCJALNY}
    assert centre.person("pawel").employment == 50


def test_a_new_deputy_takes_over_what_the_former_had(centre: Centre) -> None:
    task = annas(centre)
    with at(MONDAY):
        id = enter(centre)
        with centre.work() as work:
            absences.replace_deputy(work, centre.person("krystyna"), id, centre.person("olga").id)

    assert owner(centre, task) == "Olga"
    assert centre.person("pawel").roles == {SOCJALNY}


def test_a_committee_is_not_deputised_and_is_told_of_in_the_report(centre: Centre) -> None:
    centre.publish("komisja", START + user("ocena", 'candidates="sklad"') + END + ways("start ocena koniec"))
    task = centre.task(centre.start("komisja", sklad=["anna", "olga"]).id)
    centre.claim(task.id, "anna")

    with at(MONDAY):
        id = enter(centre)
        assert owner(centre, task) == "Anna"
        with centre.work() as work:
            absences.come_back(work, centre.person("anna"), id)

    assert [one["task"] for one in report(centre, id, "left") if isinstance(one, dict)] == [task.id]


# --- decisions by authorisation -------------------------------------------------------------------


def decision(centre: Centre) -> Task:
    centre.publish(
        "umowa",
        START + user("podpis", 'form="notatka" authority="UMOWA"') + END + ways("start podpis koniec"),
        {KIEROWNIK: "podpis"},
    )
    centre.authorise("UMOWA")
    return centre.task(centre.start("umowa", by="anna").id)


def test_while_the_kierownik_is_away_the_wojt_decides_unless_the_deputy_is_authorised(centre: Centre) -> None:
    task = decision(centre)

    with at(MONDAY):
        id = enter(centre, "krystyna", "olga")
        with centre.database.look() as work:
            assert circumstances.scopes_in_force(work) == set()
            assert task_looks.page(work, centre.person("wojciech"), task.id).may_take
            assert not task_looks.page(work, centre.person("olga"), task.id).may_take
        with centre.work() as work:
            absences.come_back(work, centre.person("krystyna"), id)

    with at(MONDAY), centre.database.look() as work:
        assert task_looks.page(work, centre.person("krystyna"), task.id).may_take


def test_an_authorised_deputy_decides_and_her_number_is_noted(centre: Centre) -> None:
    task = decision(centre)

    with at(MONDAY):
        enter(centre, "krystyna", "olga", authorisation="9/2026")
        centre.complete(task.id, "olga")

    with centre.database.look() as work:
        (done,) = [one for one in journal.of_instance(work, task.instance) if one.deed == "complete"]
    assert done.authority == "9/2026"
    assert "w zastępstwie za: Krystyna" in done.text


# --- who may, and what is refused ------------------------------------------------------------------


def test_everybody_enters_her_own_and_the_kierownik_that_of_others(centre: Centre) -> None:
    with at(MONDAY):
        enter(centre, by="anna")
        with pytest.raises(NotAllowed, match="kierownik albo administrator"):
            enter(centre, "olga", "pawel", by="zofia")
        with pytest.raises(NotAllowed, match="wójta i administratora"):
            enter(centre, "wojciech", "krystyna", by="krystyna")
        with pytest.raises(NotAllowed, match="zgłoś w ośrodku"):
            enter(centre, "natalia", "nikodem", by="natalia")
        enter(centre, "wojciech", "krystyna", by="adam")

    assert WOJT in centre.person("krystyna").roles


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"deputy": "anna"}, "sam siebie"),
        ({"deputy": "natalia"}, "tej samej instytucji"),
        ({"ends_on": MONDAY - DAY}, "nie może być wcześniejszy"),
        ({"starts_on": MONDAY - 9 * DAY, "ends_on": MONDAY - DAY}, "już minęła"),
        ({"ends_on": MONDAY + 3000 * DAY}, "trzy lata"),
        ({"starts_on": None}, "pierwszy dzień"),
        ({"ends_on": None}, "ostatni dzień"),
        ({"role": WOJT}, "nie ma takiej roli"),
        ({"definition_key": "nieznany"}, "takiego procesu"),
        ({"note": "x" * 301}, "Skróć uwagi"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(centre: Centre, said: dict[str, Any], why: str) -> None:
    assert why in refusal(centre, **said)

    with centre.database.look() as work:
        assert rows.newest(work, 9) == ()


def test_a_second_absence_of_the_same_days_is_refused(centre: Centre) -> None:
    with at(MONDAY):
        enter(centre)

    assert "już wpisana" in refusal(centre, deputy="olga", starts_on=MONDAY + 2 * DAY)


def test_two_who_would_stand_in_for_each_other_are_refused(centre: Centre) -> None:
    with at(MONDAY):
        enter(centre, "anna", "olga")

    assert "też jest nieobecna" in refusal(centre, who="olga", deputy="anna")


def test_a_deputy_of_the_unit_that_performs_the_service_is_refused(centre: Centre) -> None:
    task = centre.task(centre.start("dwa", jednostka_wykonujaca=int(centre.units["Poradnictwo"])).id)
    centre.claim(task.id, "anna")

    assert task.instance_number in refusal(centre, deputy="zofia")


def test_an_end_that_is_brought_forward_to_yesterday_is_a_return(centre: Centre) -> None:
    with at(MONDAY):
        id = enter(centre)
    with at(MONDAY + 2 * DAY), centre.work() as work:
        absences.change_end(work, centre.person("anna"), id, MONDAY + DAY)

    assert get(centre, id).ended_at is not None
    with at(MONDAY + 2 * DAY), centre.work() as work, pytest.raises(Conflict, match="już się skończyła"):
        absences.come_back(work, centre.person("anna"), id)


def test_a_later_end_moves_the_deadline(centre: Centre) -> None:
    with at(MONDAY):
        id = enter(centre)
        with centre.work() as work:
            absences.change_end(work, centre.person("anna"), id, MONDAY + 9 * DAY)

    tick(centre, noon(MONDAY + 6 * DAY))
    assert get(centre, id).running
    tick(centre, noon(MONDAY + 10 * DAY))
    assert not get(centre, id).running


def test_a_planned_absence_is_called_off_and_never_begins(centre: Centre) -> None:
    with at(MONDAY - 3 * DAY):
        id = enter(centre)
        with centre.work() as work:
            absences.cancel(work, centre.person("anna"), id)

    tick(centre, noon(MONDAY + DAY))

    assert get(centre, id).began_at is None
    with centre.database.look() as work:
        assert not [one for one in deadlines.of_centre(work) if one.kind is DeadlineKind.ABSENCE]


def test_others_do_not_see_whose_absence_it_is(centre: Centre) -> None:
    with at(MONDAY):
        id = enter(centre)

    with centre.database.look() as work:
        assert looks.page(work, centre.person("zofia")).now == ()
        assert [one.id for one in looks.page(work, centre.person("pawel")).now] == [id]
        assert looks.one(work, centre.person("krystyna"), id).may_change
        assert not looks.one(work, centre.person("pawel"), id).may_change


def test_nobody_hands_a_task_to_somebody_who_is_away(centre: Centre) -> None:
    task = centre.task(centre.start("dwa").id)
    with at(MONDAY):
        enter(centre, "olga", "pawel")
        with centre.work() as work, pytest.raises(Conflict, match="Zastępuje ją Pawel"):
            tasks.delegate(work, centre.person("anna"), task.id, "olga")


def test_a_deputy_who_has_left_has_no_role_any_more(centre: Centre) -> None:
    with at(MONDAY):
        enter(centre)
        one = centre.person("pawel")
        with centre.work() as work:
            people.change(
                work, centre.person("adam"), one.id, name=one.name, email="", unit=None, roles=(), active=False
            )

    with centre.database.look() as work:
        assert person_rows.get(work, one.id).roles == set()
