"""Whose a task is: by role, authorisation, candidates and assignment; in which order and how many."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from store_cast import KIEROWNIK, KOMISJA, KOORDYNATOR, WOJT, a_person, a_task, an_instance

from engine import access
from engine.errors import Conflict, NotFound
from engine.model import Person, PersonId, Task, TaskDetails, TaskId, TaskState
from engine.store import people, task_ownership, tasks
from engine.store.database import Database, Work
from engine.store.tasks import TaskFilter

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def listed(work: Work, login: str, whose: str, *scopes: str, **more: object) -> list[str]:
    viewer = people.by_login(work, login)
    wanted = TaskFilter(viewer=viewer, whose=whose, scopes=frozenset(scopes), **more)  # type: ignore[arg-type]
    return [one.key for one in tasks.search(work, wanted).items]


def test_the_store_names_the_same_two_roles_as_the_rules_of_access() -> None:
    assert (task_ownership.DELEGATE, task_ownership.PRINCIPAL) == (access.KIEROWNIK, access.WOJT)


def test_a_task_of_a_role_with_several_people_waits_for_the_team(database: Database) -> None:
    with database.work() as work:
        a_person(work, "anna", KOORDYNATOR)
        a_person(work, "ewa", KOORDYNATOR)
        a_task(work, an_instance(work))

        assert listed(work, "anna", "team") == ["t1"]
        assert listed(work, "anna", "mine") == []


def test_a_task_of_a_role_with_one_person_is_hers_at_once(database: Database) -> None:
    with database.work() as work:
        a_person(work, "anna", KOORDYNATOR)
        a_person(work, "ewa", KOORDYNATOR, active=False)
        a_task(work, an_instance(work))

        assert listed(work, "anna", "mine") == ["t1"]
        assert listed(work, "anna", "team") == []


def test_an_assigned_task_is_in_the_list_of_that_person_alone(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        a_person(work, "ewa", KOORDYNATOR)
        tasks.assign(work, a_task(work, an_instance(work)), anna)

        assert listed(work, "anna", "mine") == ["t1"]
        assert listed(work, "anna", "reach") == ["t1"]
        assert listed(work, "ewa", "reach") == []
        assert listed(work, "ewa", "all") == ["t1"]


def test_a_released_task_goes_back_to_the_team(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        a_person(work, "ewa", KOORDYNATOR)
        task = a_task(work, an_instance(work))
        tasks.assign(work, task, anna)

        tasks.assign(work, task, None)

        assert listed(work, "ewa", "team") == ["t1"]


@pytest.mark.parametrize("lane", [WOJT, KIEROWNIK, KOORDYNATOR])
def test_a_delegable_decision_is_the_kierowniks_only_under_an_authorisation(database: Database, lane: str) -> None:
    with database.work() as work:
        a_person(work, "kierownik", KIEROWNIK)
        a_person(work, "wojt", WOJT)
        a_person(work, "anna", KOORDYNATOR)
        a_task(work, an_instance(work), role=lane, authority="UMOWA")

        assert listed(work, "kierownik", "mine", "UMOWA", "FORMA") == ["t1"]
        assert listed(work, "wojt", "reach", "UMOWA") == []
        assert listed(work, "kierownik", "reach", "FORMA") == []
        assert listed(work, "wojt", "mine", "FORMA") == ["t1"]
        assert listed(work, "wojt", "mine") == ["t1"]
        assert listed(work, "anna", "reach", "UMOWA") == []


def test_a_decision_taken_under_an_authorisation_that_ended_is_the_wojts(database: Database) -> None:
    with database.work() as work:
        kierownik = a_person(work, "kierownik", KIEROWNIK)
        a_person(work, "wojt", WOJT)
        tasks.assign(work, a_task(work, an_instance(work), role=WOJT, authority="UMOWA"), kierownik)

        assert listed(work, "kierownik", "mine", "UMOWA") == ["t1"]
        assert listed(work, "kierownik", "mine") == []
        assert listed(work, "wojt", "mine") == ["t1"]


def test_a_task_of_somebody_who_left_does_not_vanish(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        a_person(work, "ewa", KOORDYNATOR)
        a_person(work, "ola", KOORDYNATOR)
        tasks.assign(work, a_task(work, an_instance(work)), anna)

        people.change(work, anna, name="Anna", email="", unit=None, roles={KOORDYNATOR}, active=False)

        assert listed(work, "ewa", "team") == ["t1"]
        assert listed(work, "anna", "reach") == []


def test_a_task_with_candidates_is_for_them_only(database: Database) -> None:
    with database.work() as work:
        anna, ewa = a_person(work, "anna", KOMISJA), a_person(work, "ewa")
        a_person(work, "ola", KOMISJA)
        instance = an_instance(work)
        two = a_task(work, instance, "two", role=KOMISJA, candidates=(anna, ewa))
        a_task(work, instance, "one", role=KOMISJA, candidates=(ewa, ewa))

        assert listed(work, "anna", "team") == ["two"]
        assert listed(work, "ewa", "team") == ["two"]
        assert listed(work, "ewa", "mine") == ["one"]
        assert listed(work, "ola", "reach") == []
        assert tasks.candidates(work, two) == {anna, ewa}


def test_the_last_active_candidate_has_the_task(database: Database) -> None:
    with database.work() as work:
        anna, ewa = a_person(work, "anna"), a_person(work, "ewa", active=False)
        a_task(work, an_instance(work), candidates=(anna, ewa))

        assert listed(work, "anna", "mine") == ["t1"]


def test_the_unrestricted_person_of_the_demonstration_reaches_everything_free(database: Database) -> None:
    with database.work() as work:
        a_person(work, "api", unrestricted=True)
        anna, ewa = a_person(work, "anna", KOORDYNATOR), a_person(work, "ewa")
        instance = an_instance(work)
        a_task(work, instance, "role")
        a_task(work, instance, "named", candidates=(ewa,))
        tasks.assign(work, a_task(work, instance, "taken"), anna)

        assert listed(work, "api", "team") == ["role", "named"]
        assert listed(work, "api", "mine") == []
        assert listed(work, "anna", "mine") == ["role", "taken"], "a person for trials is no colleague"


def test_everybodys_list_leaves_nothing_open_out_and_nothing_closed_in(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        instance = an_instance(work)
        a_task(work, instance, "open")
        tasks.finish(work, a_task(work, instance, "done"), anna)
        tasks.cancel(work, a_task(work, instance, "cancelled"))

        found = tasks.search(work, TaskFilter())

    assert [one.key for one in found.items] == ["open"]


def test_the_soonest_come_first_then_the_more_important_and_those_without_a_deadline_last(database: Database) -> None:
    with database.work() as work:
        instance = an_instance(work)
        a_task(work, instance, "never, low", priority=10)
        a_task(work, instance, "never, high", priority=90)
        a_task(work, instance, "later", due_at=NOON + DAY, priority=99)
        a_task(work, instance, "soon, first", due_at=NOON)
        a_task(work, instance, "soon, urgent", due_at=NOON, priority=60)
        a_task(work, instance, "soon, second", due_at=NOON)

        found = [one.key for one in tasks.search(work, TaskFilter()).items]

    assert found == ["soon, urgent", "soon, first", "soon, second", "later", "never, high", "never, low"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_follow_each_other_without_gap_or_repetition(database: Database, size: int) -> None:
    with database.work() as work:
        instance = an_instance(work)
        for number in range(7):
            due_at = None if number > 4 else NOON + DAY * (number // 2)
            a_task(work, instance, f"t{number}", due_at=due_at, priority=50 + number % 3)
        whole = [one.key for one in tasks.search(work, TaskFilter()).items]

        found, cursor = [], ""
        while True:
            page = tasks.search(work, TaskFilter(limit=size, after=cursor))
            found += [one.key for one in page.items]
            cursor = page.after
            if not cursor:
                break

    assert found == whole
    assert len(found) == 7


@pytest.mark.parametrize("cursor", ["x", "1.2", "1.2.3.4", "-1.2.3", "²." * 3, "9" * 30 + ".1.1", "' OR 1=1 --"])
def test_a_cursor_that_nobody_gave_out_begins_at_the_start(database: Database, cursor: str) -> None:
    with database.work() as work:
        a_task(work, an_instance(work))

        assert [one.key for one in tasks.search(work, TaskFilter(after=cursor)).items] == ["t1"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("żółć", ["ż"]),
        ("ŻÓŁĆ", ["ż"]),
        ("ośrodek ŁÓDŹ", ["ż", "ą"]),
        ("OPS/2026/0007", ["ż", "ą"]),
        ("ops/2026/0007", ["ż", "ą"]),
        ("  ĄCKI ", ["ą"]),
        ("100%", ["%"]),
        ("a_b", ["_"]),
        ("!", ["!"]),
        ("zolc", []),
    ],
)
def test_search_finds_polish_words_in_any_case(database: Database, text: str, found: list[str]) -> None:
    with database.work() as work:
        instance = an_instance(work, "OPS/2026/0007", title="Ośrodek Łódź")
        other = an_instance(work, "OPS/2026/0008", title="Inna")
        a_task(work, instance, "ż", name="Zbadaj Żółć")
        a_task(work, instance, "ą", name="Wezwij pana Grząckiego")
        a_task(work, other, "%", name="Wypłać 100% kwoty")
        a_task(work, other, "_", name="Uzupełnij a_b")
        a_task(work, other, "!", name="Pilne! Teraz")
        a_task(work, other, "axb", name="axb 1000")

        assert [one.key for one in tasks.search(work, TaskFilter(text=text)).items] == found


def test_filters_narrow_the_list_together(database: Database) -> None:
    with database.work() as work:
        instance, other = an_instance(work), an_instance(work, "OPS/2026/0002")
        a_task(work, instance, "a", due_at=NOON - DAY)
        a_task(work, instance, "b", due_at=NOON + DAY, role=WOJT, authority="UMOWA")
        a_task(work, other, "c", due_at=NOON + DAY * 3)
        a_task(work, other, "d")

        def found(**filter: object) -> list[str]:
            return [one.key for one in tasks.search(work, TaskFilter(**filter)).items]  # type: ignore[arg-type]

        assert found(instance=instance) == ["a", "b"]
        assert found(overdue_at=NOON) == ["a"]
        assert found(due_after=NOON, due_before=NOON + DAY * 2) == ["b"]
        assert found(due_before=NOON + DAY) == ["a"]
        assert found(due_after=NOON + DAY) == ["b", "c", "d"]
        assert found(role=WOJT) == ["b"]
        assert found(role=KIEROWNIK, scopes=frozenset({"UMOWA"})) == ["b"]
        assert found(role=KOORDYNATOR, instance=other) == ["c", "d"]


def test_counts_are_those_of_the_lists(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        a_person(work, "ewa", KOORDYNATOR)
        instance = an_instance(work)
        for number, due_at in enumerate([NOON - DAY, NOON, NOON + DAY / 4, NOON + DAY * 3, NOON + DAY * 30, None]):
            tasks.assign(work, a_task(work, instance, f"m{number}", due_at=due_at), anna)
        a_task(work, instance, "team 1", due_at=NOON - DAY)
        a_task(work, instance, "team 2")
        wanted = TaskFilter(viewer=people.by_login(work, "anna"), whose="mine", limit=1, overdue_at=NOON)

        counts = tasks.counts(work, wanted, now=NOON, day_end=NOON + DAY / 2, week_end=NOON + DAY * 7)
        everybody = tasks.counts(work, TaskFilter(), now=NOON, day_end=NOON, week_end=NOON)

    assert (counts.all, counts.late, counts.today, counts.week, counts.team) == (6, 1, 2, 3, 2)
    assert (everybody.all, everybody.late, everybody.team) == (8, 2, 0)


def test_details_come_back_as_the_diagram_gave_them(database: Database) -> None:
    full = TaskDetails(
        element="E1",
        process="proces",
        name="Zawrzyj umowę",
        role=WOJT,
        form="umowa",
        term="14 dni",
        priority=80,
        authority="UMOWA",
        cooperates=("Kierownik ops", "Rada gminy"),
        candidates="czlonkowie_komisji",
        candidate_unit="Dział",
        records="authorisation",
        hint="Sprawdź kwotę.",
        source="Źródło: tab. 8",
    )
    bare = TaskDetails(element="E2", process="proces", name="Sprawdź", role=WOJT)
    with database.work() as work:
        instance = an_instance(work)
        ids = [
            tasks.open_task(work, instance, tasks.NewTask(key=one.element, details=one, form=None, due_at=None))
            for one in (full, bare)
        ]

        assert [tasks.details(work, id) for id in ids] == [full, bare]


def test_a_task_tells_its_instance_form_and_person(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR, name="Anna Żuk")
        id = a_task(work, an_instance(work), due_at=NOON)
        tasks.assign(work, id, anna)
        tasks.finish(work, id, anna)

        task = tasks.get(work, id)

    assert (task.instance_number, task.instance_title) == ("OPS/2026/0001", "Usługi opiekuńcze")
    assert (task.definition_key, task.definition_name, task.form, task.form_key) == (
        "proces",
        "Organizacja usługi",
        None,
        "",
    )
    assert (task.person, task.person_name, task.done_by, task.state) == (anna, "Anna Żuk", anna, TaskState.DONE)
    assert (task.opened_at, task.done_at, task.due_at) == (work.now, work.now, NOON)


def test_a_task_that_is_not_open_can_be_neither_done_nor_assigned(database: Database) -> None:
    with database.work() as work:
        anna = a_person(work, "anna", KOORDYNATOR)
        id = a_task(work, an_instance(work))
        tasks.finish(work, id, anna)

        with pytest.raises(Conflict, match="nie jest już otwarte"):
            tasks.finish(work, id, anna)
        with pytest.raises(Conflict, match="nie jest już otwarte"):
            tasks.assign(work, id, anna)
        tasks.cancel(work, id)

        assert tasks.get(work, id).state is TaskState.DONE


def test_open_tasks_of_an_instance_are_known_by_the_runners_key(database: Database) -> None:
    with database.work() as work:
        instance, other = an_instance(work), an_instance(work, "OPS/2026/0002")
        first, second = a_task(work, instance, "a"), a_task(work, instance, "b")
        elsewhere = a_task(work, other, "a")
        tasks.cancel(work, second)

        assert tasks.open_keys(work, instance) == {"a": first}
        assert {
            key: [t.id for t in found] for key, found in tasks.open_of_instances(work, [instance, other]).items()
        } == {
            instance: [first],
            other: [elsewhere],
        }
        assert [one.id for one in tasks.of_instance(work, instance)] == [first, second]
        assert [one.id for one in tasks.of_instance(work, instance, state=TaskState.CANCELLED)] == [second]


def test_an_unknown_task_is_not_found(database: Database) -> None:
    with database.look() as look:
        for ask in (tasks.get, tasks.details):
            with pytest.raises(NotFound, match="Nie ma takiego zadania"):
                ask(look, TaskId(404))


SCOPES = ("UMOWA", "FORMA", "NADZOR")
ROLES = (KOORDYNATOR, KIEROWNIK, WOJT, KOMISJA)


def expected(viewer: Person, everybody: list[Person], task: Task, named: frozenset[PersonId], scopes: set[str]) -> str:
    """The rule in plain Python, over the predicates of `engine.access`."""

    def may(person: Person) -> bool:
        return access.may_take(person, task, candidates=named, scopes=scopes)

    holder = next((one for one in everybody if one.id == task.person and may(one)), None)
    if holder is not None:
        return "mine" if holder.id == viewer.id and may(viewer) else ""
    if not may(viewer):
        return ""
    by_rule = replace(viewer, unrestricted=False)
    others = [one for one in everybody if one.id != viewer.id and may(replace(one, unrestricted=False))]
    return "mine" if may(by_rule) and not others else "team"


@pytest.mark.parametrize("seed", range(4))
def test_lists_agree_with_the_rules_of_access_on_random_centres(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    with database.work() as work:
        for number in range(6):
            roles = chance.sample(ROLES, chance.randint(0, 2))
            a_person(work, f"p{number}", *roles, active=chance.random() > 0.2, unrestricted=number == 0)
        everybody = list(people.all_people(work))
        instance = an_instance(work)
        for number in range(40):
            named = tuple(p.id for p in chance.sample(everybody, chance.choice([0, 0, 0, 1, 2])))
            id = a_task(
                work,
                instance,
                f"t{number:02}",
                role=chance.choice(ROLES),
                authority=chance.choice(["", "", *SCOPES]),
                candidates=named,
            )
            if chance.random() < 0.4:
                tasks.assign(work, id, chance.choice(everybody).id)
        scopes = set(chance.sample(SCOPES, chance.randint(0, 3)))
        all_tasks = tasks.of_instance(work, instance)
        seen = {"mine": 0, "team": 0, "": 0}

        for viewer in everybody:
            wanted: dict[str, set[str]] = {"mine": set(), "team": set(), "": set()}
            for task in all_tasks:
                wanted[expected(viewer, everybody, task, tasks.candidates(work, task.id), scopes)].add(task.key)
            for whose in ("mine", "team"):
                assert set(listed(work, viewer.login, whose, *scopes)) == wanted[whose], (viewer, whose)
            assert set(listed(work, viewer.login, "reach", *scopes)) == wanted["mine"] | wanted["team"]
            for key, found in wanted.items():
                seen[key] += len(found)

    assert min(seen.values()) > 10
