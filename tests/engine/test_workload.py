"""Load against the norms in small centres counted by hand, and who is proposed for one more task."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from actions_cast import END, KIEROWNIK, KOORDYNATOR, SOCJALNY, START, WOJT, Centre, user, ways

from engine import clock
from engine.actions import absences, norms
from engine.errors import InputRejected, NotAllowed
from engine.model import Person, Task
from engine.reading import workload
from engine.reading.workload import Load
from engine.store import norms as norm_rows
from engine.store import people
from engine.store import tasks as rows


def social(centre: Centre) -> None:
    centre.publish(
        "socjalna",
        START + user("pierwszy") + user("drugi") + END + ways("start pierwszy drugi koniec"),
        {SOCJALNY: "pierwszy drugi"},
    )


def load(centre: Centre, login: str) -> Load:
    with centre.database.look() as work:
        return next(one for one in workload.page(work).people if one.person.login == login)


def post(centre: Centre, login: str, percent: int) -> None:
    one = centre.person(login)
    with centre.work() as work:
        people.change(
            work, one.id, name=one.name, email="", unit=one.unit, roles=one.roles, active=True, employment=percent
        )


def norm(centre: Centre, by: str = "krystyna", **said: object) -> None:
    given = {
        "kind": "hours",
        "subject": "Krok pierwszy",
        "value": "2,5",
        "since": clock.today(),
        "source": "zarządzenie",
    }
    with centre.work() as work:
        norms.set_norm(work, centre.person(by), **{**given, **said})  # type: ignore[arg-type]


def proposed(centre: Centre, task: Task) -> list[str]:
    with centre.database.look() as work:
        return [one.person.login for one in workload.proposal(work, rows.get(work, task.id))]


def test_a_case_is_in_the_care_of_whoever_has_or_did_its_last_task(centre: Centre) -> None:
    social(centre)
    cases = [centre.start("socjalna") for _ in range(4)]
    centre.claim(centre.task(cases[0].id).id, "pawel")  # has a task
    done = centre.task(cases[1].id)
    centre.complete(done.id, "pawel")  # did the last one; the next is his too
    for _ in range(2):
        centre.complete(centre.task(cases[2].id).id, "pawel")  # finished: no longer in care

    found = load(centre, "pawel")

    assert found.cases == 2
    assert (found.open, found.done) == (2, 3)
    assert [one.words for one in found.norms] == ["2 z 20 środowisk"]
    assert not found.norms[0].over


def test_a_part_of_a_post_bears_a_part_of_the_norm_and_too_many_are_told(centre: Centre) -> None:
    social(centre)
    post(centre, "pawel", 5)  # one case
    for _ in range(3):
        centre.claim(centre.task(centre.start("socjalna").id).id, "pawel")

    found = load(centre, "pawel")

    assert found.norms[0].over
    assert found.norms[0].words == "3 z 1 środowisk, o 2 ponad normę"
    assert found.hours_open == 60.0
    with centre.database.look() as work:
        assert workload.page(work).over == 1


def test_what_a_deputy_did_is_in_the_care_of_the_absent(centre: Centre) -> None:
    task = centre.claim(centre.task(centre.start("dwa").id).id, "anna")
    today = clock.today()
    with centre.work() as work:
        absences.enter(work, centre.person("anna"), centre.person("anna").id, centre.person("olga").id, today, today)
    centre.complete(task.id, "olga")

    assert load(centre, "anna").cases == 1
    assert load(centre, "anna").deputy == "Olga"


def test_finished_steps_count_by_their_norm_and_the_others_are_said_not_to(centre: Centre) -> None:
    norm(centre, since=date(2020, 1, 1))
    for _ in range(2):
        case = centre.start("dwa")
        for _ in range(2):
            centre.complete(centre.task(case.id).id, "anna")

    found = load(centre, "anna")

    assert (found.done, found.hours_done, found.uncounted) == (4, 5.0, 2)


def test_a_norm_counts_from_its_day_and_is_withdrawn_by_nought(centre: Centre) -> None:
    today = clock.today()
    norm(centre, value="3", since=today - timedelta(days=10))
    norm(centre, value="0", since=today)

    with centre.database.look() as work:
        days = [today - timedelta(days=11), today - timedelta(days=10), today]
        assert [norm_rows.on(work, day).hours_of("", "krok PIERWSZY") for day in days] == [None, 3.0, None]
        assert norm_rows.on(work, today).cases[SOCJALNY].value == 20
        assert norm_rows.on(work, today).hours_of("", "Zawarcie umowy współpracy") == 3.0


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"subject": " "}, "subject"),
        ({"kind": "cases", "subject": "Rola nieznana"}, "subject"),
        ({"value": "dużo"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "nan"}, "value"),
        ({"since": None}, "since"),
        ({"source": ""}, "source"),
    ],
)
def test_a_norm_that_does_not_fit_is_refused(centre: Centre, said: dict[str, object], field: str) -> None:
    with pytest.raises(InputRejected) as refusal:
        norm(centre, **said)

    assert [one.field for one in refusal.value.errors] == [field]


def test_only_who_oversees_sets_norms(centre: Centre) -> None:
    with pytest.raises(NotAllowed):
        norm(centre, "anna")


def test_the_least_loaded_is_proposed_first_as_far_as_her_post_goes(centre: Centre) -> None:
    for login, count in (("anna", 3), ("olga", 1), ("zofia", 2)):
        for _ in range(count):
            centre.claim(centre.task(centre.start("dwa").id).id, login)
    task = centre.task(centre.start("dwa").id)

    assert proposed(centre, task) == ["olga", "zofia", "anna"]
    post(centre, "olga", 25)  # her one task weighs as much as four
    assert proposed(centre, task) == ["zofia", "anna", "olga"]


def test_who_is_away_or_may_not_take_it_is_not_proposed(centre: Centre) -> None:
    task = centre.task(centre.start("dwa", jednostka_wykonujaca=int(centre.units["Poradnictwo"])).id)
    assert proposed(centre, task) == ["anna", "olga"]
    today = clock.today()
    with centre.work() as work:
        absences.enter(
            work, centre.person("krystyna"), centre.person("anna").id, centre.person("olga").id, today, today
        )

    assert proposed(centre, task) == ["olga"]


def test_queues_tell_what_waits_in_each_role(centre: Centre) -> None:
    social(centre)
    centre.start("socjalna")
    for _ in range(2):
        centre.start("dwa")
    centre.claim(centre.task(centre.start("dwa").id).id, "anna")

    with centre.database.look() as work:
        found = {one.role: one for one in workload.queues(work)}
        team = workload.team(work, role=KOORDYNATOR)

    assert (found[KOORDYNATOR].free, found[KOORDYNATOR].taken) == (2, 1)
    assert (found[SOCJALNY].free, found[SOCJALNY].people) == (1, ("Pawel",))
    assert len(team.items) == 2
    assert {len(one) for one in team.takers.values()} == {3}


def test_a_decision_waits_in_the_queue_of_whoever_may_take_it_now(centre: Centre) -> None:
    centre.publish(
        "umowa",
        START + user("podpis", 'form="notatka" authority="UMOWA"') + END + ways("start podpis koniec"),
        {KIEROWNIK: "podpis"},
    )
    centre.start("umowa", by="anna")
    with centre.database.look() as work:
        assert [one.role for one in workload.queues(work)] == [WOJT]
    centre.authorise("UMOWA")

    with centre.database.look() as work:
        assert [one.role for one in workload.queues(work)] == [KIEROWNIK]


def test_people_of_other_institutions_have_no_load_here(centre: Centre) -> None:
    with centre.database.look() as work:
        shown: list[Person] = [one.person for one in workload.page(work).people]

    assert "natalia" not in {one.login for one in shown}
