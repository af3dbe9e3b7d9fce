"""Running cases move to another version of their process, with everything that their people have begun, and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from actions_cast import END, KIEROWNIK, KOORDYNATOR, START, Centre, user, ways
from sqlalchemy import select

from engine import clock
from engine.actions import firing, messages, migrations
from engine.actions import tasks as task_deeds
from engine.bpmn.migration import Colour
from engine.errors import Conflict, InputRejected, NotAllowed, NotFound
from engine.model import Instance, InstanceId, InstanceState, StepState
from engine.store import deadlines, definitions, instances, journal, migrated, steps, tasks
from engine.store.tables import metadata

KEPT = ("instance_state", "step", "task", "task_candidate", "draft", "deadline", "message_wait", "offer")


def steps_of(*names: str, **said: str) -> str:
    return START + "".join(user(name, said.get(name, 'form="notatka"')) for name in names) + END + ways(
        f"start {' '.join(names)} koniec"
    )  # fmt: skip


def rows(centre: Centre, id: InstanceId) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored of an instance, apart from its revision and its account."""
    found = {}
    with centre.database.look() as work:
        for name in KEPT:
            table = metadata.tables[name]
            found[name] = [tuple(one) for one in work.connection.execute(select(table).order_by(*table.primary_key))]
        one = instances.get(work, id)
        found["instance"] = [(one.definition, one.state, dict(one.variables), one.finished_at)]
    return found


def move(
    centre: Centre, case: Instance, to: int, by: str = "krystyna", reason: str = "Nowe zarządzenie", **to_steps: str
) -> None:
    with centre.work() as work:
        migrations.migrate(work, centre.person(by), case.id, to, to_steps, reason)


def undo(centre: Centre, case: Instance) -> None:
    with centre.work() as work:
        migrations.undo(work, centre.person("krystyna"), case.id)


def now(centre: Centre, case: Instance) -> Instance:
    with centre.database.look() as work:
        return instances.get(work, case.id)


def told(centre: Centre, case: Instance) -> list[tuple[str, str]]:
    with centre.database.look() as work:
        return [(one.deed, one.text) for one in journal.of_instance(work, case.id)]


def test_a_case_goes_on_on_the_new_version(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.claim(centre.task(case.id).id, "anna")
    with centre.work() as work:
        task_deeds.save_draft(work, centre.person("anna"), task.id, {"tresc": "Połowa"})
    drafts = rows(centre, case.id)["draft"]
    centre.publish("dwa", steps_of("pierwszy", "nowy", "drugi"))

    move(centre, case, 2)

    assert centre.task(case.id) == task
    assert now(centre, case).definition_version == 2
    assert rows(centre, case.id)["draft"] == drafts
    deed, text = told(centre, case)[-1]
    assert deed == "migrate"
    assert text.startswith("Przeniesiono sprawę z wersji 1 na wersję 2 procesu „Proces dwa”.")
    assert text.endswith("Powód: Nowe zarządzenie")
    for element in ("pierwszy", "nowy", "drugi"):
        assert centre.task(case.id).element == element
        centre.complete(centre.task(case.id).id, "anna")
    assert now(centre, case).state is InstanceState.COMPLETED


def test_the_open_task_follows_the_new_diagram(centre: Centre) -> None:
    centre.publish("trzy", steps_of("a", "b", a='term="14 dni"'))
    case = centre.start("trzy")
    before = centre.claim(centre.task(case.id).id, "anna")
    renamed = steps_of("a", "b", a='form="notatka" term="30 dni"').replace('name="Krok a"', 'name="Nowa nazwa"')
    centre.publish("trzy", renamed, {KIEROWNIK: "a", KOORDYNATOR: "b"})

    move(centre, case, 2)

    after = centre.task(case.id)
    assert (after.id, after.key, after.person) == (before.id, before.key, before.person)
    assert (after.name, after.role, after.form_key) == ("Nowa nazwa", KIEROWNIK, "notatka")
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at > before.due_at + timedelta(days=14)
    assert "w zadaniu „Nowa nazwa”: nazwa, rola, formularz, termin" in told(centre, case)[-1][1]
    with centre.database.look() as work:
        (step,) = [one for one in steps.of_instance(work, case.id) if one.state is StepState.ACTIVE]
    assert step.name == "Nowa nazwa"


def test_a_removed_step_is_refused_and_nothing_changes(centre: Centre) -> None:
    case = centre.start("dwa")
    centre.publish("dwa", steps_of("drugi"))
    before = rows(centre, case.id)

    with pytest.raises(Conflict, match="„Krok pierwszy”: Krok, na którym sprawa stoi, usunięto"):
        move(centre, case, 2)

    assert rows(centre, case.id) == before
    assert now(centre, case) == case


def test_a_mapping_lets_it_move_with_its_person(centre: Centre) -> None:
    case = centre.start("dwa")
    task = centre.claim(centre.task(case.id).id, "anna")
    centre.publish("dwa", steps_of("drugi"))

    move(centre, case, 2, pierwszy="drugi")

    after = centre.task(case.id)
    assert (after.id, after.element, after.person) == (task.id, "drugi", task.person)
    assert "„Krok pierwszy”" in told(centre, case)[-1][1]
    centre.complete(after.id, "anna")
    assert now(centre, case).state is InstanceState.COMPLETED


def test_the_plan_names_every_case_that_is_not_over_and_changes_nothing(centre: Centre) -> None:
    first, second, over = (centre.start("dwa") for _ in range(3))
    centre.complete(centre.task(second.id).id, "anna")
    for _ in range(2):
        centre.complete(centre.task(over.id).id, "anna")
    centre.publish("dwa", steps_of("drugi"))
    before = rows(centre, first.id)

    with centre.database.look() as work:
        found = migrations.plan(work, centre.person("adam"), "dwa", 1, 2)
        mapped = migrations.plan(work, centre.person("adam"), "dwa", 1, 2, {"pierwszy": "drugi"})

    assert [(one.instance.id, one.colour) for one in found] == [(first.id, Colour.RED), (second.id, Colour.GREEN)]
    assert [one.waits for one in mapped] == [("Krok drugi",), ("Krok drugi",)]
    assert [one.colour for one in mapped] == [Colour.AMBER, Colour.GREEN]
    assert rows(centre, first.id) == before


def test_undo_restores_everything(centre: Centre) -> None:
    roots = '<bpmn:message id="m" name="pismo"/><bpmn:message id="m2" name="skarga"/>'

    def guarded(*guards: str) -> str:
        span = "<bpmn:timeDuration>P3D</bpmn:timeDuration>"
        events = {
            "zegar": f"<bpmn:timerEventDefinition>{span}</bpmn:timerEventDefinition>",
            "pismo": '<bpmn:messageEventDefinition messageRef="m"/>',
            "skarga": '<bpmn:messageEventDefinition messageRef="m2"/>',
        }
        made = "".join(
            f'<bpmn:boundaryEvent id="{one}" attachedToRef="pierwszy">{events[one]}</bpmn:boundaryEvent>'
            f'<bpmn:endEvent id="k_{one}"/>{ways(f"{one} k_{one}")}'
            for one in guards
        )
        return steps_of("pierwszy", "drugi") + made

    centre.publish("straz", guarded("zegar", "pismo"), {KOORDYNATOR: "pierwszy drugi"}, roots)
    case = centre.start("straz")
    centre.claim(centre.task(case.id).id, "anna")
    before = rows(centre, case.id)
    centre.publish("straz", guarded("skarga"), {KIEROWNIK: "pierwszy drugi"}, roots)

    move(centre, case, 2)
    between = rows(centre, case.id)
    undo(centre, case)

    assert all(
        before[name] != between[name] for name in ("instance", "instance_state", "task", "deadline", "message_wait")
    )
    assert rows(centre, case.id) == before
    assert told(centre, case)[-1] == ("undo", "Cofnięto przeniesienie: sprawa biegnie znowu według wersji 1.")
    with centre.work() as work:
        assert messages.deliver(work, centre.person("krystyna"), "pismo", {}, {}) == (case.id,)


def test_undo_takes_new_tasks_away_and_opens_the_old_ones(centre: Centre) -> None:
    case = centre.start("dwa")
    before = rows(centre, case.id)
    rounds = "<bpmn:loopCardinality>2</bpmn:loopCardinality>"
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{rounds}</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    centre.publish("dwa", steps_of("pierwszy").replace("</bpmn:userTask>", loop))

    move(centre, case, 2, pierwszy="pierwszy")
    twice = centre.open(case.id)
    undo(centre, case)

    assert [one.element for one in twice] == ["pierwszy", "pierwszy"]
    assert rows(centre, case.id) == before


def test_who_has_taken_a_task_meanwhile_keeps_it_after_undo(centre: Centre) -> None:
    case = centre.start("dwa")
    centre.publish("dwa", steps_of("pierwszy", "nowy", "drugi"))
    move(centre, case, 2)
    centre.claim(centre.task(case.id).id, "olga")

    undo(centre, case)

    assert centre.task(case.id).person == centre.person("olga").id


def test_undo_ends_with_the_next_deed(centre: Centre) -> None:
    case = centre.start("dwa")
    centre.publish("dwa", steps_of("pierwszy", "nowy", "drugi"))
    move(centre, case, 2)
    centre.complete(centre.task(case.id).id, "anna")

    with pytest.raises(Conflict, match="poszła dalej"):
        undo(centre, case)

    assert centre.task(case.id).element == "nowy"


def test_undo_works_once(centre: Centre) -> None:
    case = centre.start("dwa")
    centre.publish("dwa", steps_of("pierwszy", "nowy", "drugi"))
    move(centre, case, 2)
    undo(centre, case)

    with pytest.raises(Conflict, match="już cofnięto"):
        undo(centre, case)


def test_who_may_not(centre: Centre) -> None:
    case = centre.start("dwa")
    centre.publish("dwa", steps_of("pierwszy", "nowy", "drugi"))

    for login in ("anna", "wojciech", "natalia"):
        with pytest.raises(NotAllowed, match="przenosi kierownik ośrodka albo administrator"):
            move(centre, case, 2, by=login)
    move(centre, case, 2, by="adam")

    assert now(centre, case).definition_version == 2


def test_a_reason_is_needed_and_the_version_must_be_another_one_in_use(centre: Centre) -> None:
    case = centre.start("dwa")
    centre.publish("dwa", steps_of("pierwszy", "nowy", "drugi"))

    with pytest.raises(InputRejected):
        move(centre, case, 2, reason="  ")
    with pytest.raises(Conflict, match="biegnie już według tej wersji"):
        move(centre, case, 1)
    with pytest.raises(NotFound):
        move(centre, case, 7)
    with centre.work() as work:
        definitions.retire(work, definitions.version(work, "dwa", 2).id)
    with pytest.raises(Conflict, match="wycofano"):
        move(centre, case, 2)


def test_one_that_is_over_stays_where_it_is(centre: Centre) -> None:
    case = centre.start("dwa")
    for _ in range(2):
        centre.complete(centre.task(case.id).id, "anna")
    centre.publish("dwa", steps_of("drugi"))

    with pytest.raises(Conflict, match="zakończona"):
        move(centre, case, 2)


def test_many_are_moved_each_by_itself_until_somebody_stops(centre: Centre) -> None:
    first, second, third = (centre.start("dwa") for _ in range(3))
    centre.complete(centre.task(second.id).id, "anna")
    centre.publish("dwa", steps_of("pierwszy"))
    chosen, by = [first.id, second.id, third.id], centre.person("krystyna")

    run = migrations.migrate_each(centre.database, by, chosen, 2, {}, "Nowe zarządzenie")
    told_first, told_second = next(run), next(run)
    run.close()

    assert (told_first.number, told_first.refusal) == (first.number, "")
    assert "„Krok drugi”" in told_second.refusal
    assert [now(centre, one).definition_version for one in (first, second, third)] == [2, 1, 1]
    with centre.database.look() as work:
        assert [one.id for one in migrated.undoable(work, now(centre, first).definition, 10)] == [first.id]


def test_a_timer_that_stays_keeps_its_row_and_fires_on_the_new_version(centre: Centre) -> None:
    def waiting(span: str, name: str) -> str:
        said = f"<bpmn:timerEventDefinition><bpmn:timeDuration>{span}</bpmn:timeDuration></bpmn:timerEventDefinition>"
        step = f'<bpmn:intermediateCatchEvent id="zegar" name="{name}">{said}</bpmn:intermediateCatchEvent>'
        return START + step + user("drugi") + END + ways("start zegar drugi koniec")

    centre.publish("czas", waiting("PT2H", "Czekanie"), {KOORDYNATOR: "drugi"})
    case = centre.start("czas")
    with centre.database.look() as work:
        (before,) = deadlines.of_instance(work, case.id)
    centre.publish("czas", waiting("P30D", "Długie czekanie"), {KOORDYNATOR: "drugi"})

    move(centre, case, 2)

    with centre.database.look() as work:
        (after,) = deadlines.of_instance(work, case.id)
    assert (after.id, after.due_at, after.name) == (before.id, before.due_at, "Długie czekanie")
    later = clock.now() + timedelta(hours=3)
    with clock.standing(later):
        firing.fire_due(centre.database, "próba", later)
    assert centre.task(case.id).element == "drugi"


def test_a_called_process_moves_to_its_newest_version(centre: Centre) -> None:
    centre.publish("etap", steps_of("a", "b"))
    calling = (
        START + '<bpmn:callActivity id="etap_a" name="Etap" calledElement="etap"/>' + END + ways("start etap_a koniec")
    )
    centre.publish("glowny", calling, {KOORDYNATOR: "etap_a"})
    case = centre.start("glowny")
    centre.publish("etap", steps_of("a", "n", "b"))

    with centre.database.look() as work:
        (row,) = migrations.plan(work, centre.person("krystyna"), "glowny", 1, 1)
    move(centre, case, 1)
    centre.complete(centre.task(case.id).id, "anna")

    assert row.colour is Colour.GREEN
    assert centre.task(case.id).element == "n"
    with centre.database.look() as work:
        assert tasks.get(work, centre.task(case.id).id).process == "etap"
