"""A task in a round or in a closed call: what its form reads, and which item it is about."""

from __future__ import annotations

import pytest
from actions_cast import END, START, Centre, user, ways

from engine import circumstances
from engine.model import Instance, Json, Task

LOOP = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>osoby</bpmn:loopDataInputRef>"
    '<bpmn:inputDataItem id="osoba" name="osoba"/></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>'
)
EACH = user("praca").replace("</bpmn:userTask>", LOOP)
CALL = (
    '<bpmn:callActivity id="praca" name="Praca" calledElement="wolany"><bpmn:extensionElements>'
    '<bieg:in source="kwota + 1" target="suma"/></bpmn:extensionElements></bpmn:callActivity>'
)


def alone(step: str) -> str:
    return START + step + END + ways("start praca koniec")


def reads(centre: Centre, instance: Instance, task: Task) -> dict[str, Json]:
    with centre.work() as work:
        return dict(circumstances.form_context(work, instance, task).variables)


@pytest.mark.parametrize(
    ("item", "about"),
    [
        ("Jan Zmyślony", "Jan Zmyślony"),
        (17, "17"),
        ({"id": 4, "nazwa": "Hostel"}, "Hostel"),
        ({"id": 4}, "pozycja 1 z 2"),
        ("x" * 200, "pozycja 1 z 2"),
        (True, "pozycja 1 z 2"),
    ],
)
def test_a_round_says_which_item_it_is_about(centre: Centre, item: Json, about: str) -> None:
    centre.publish("rundy", alone(EACH))

    instance = centre.start("rundy", osoby=[item, "druga"])

    assert [one.about for one in centre.open(instance.id)] == [about, "druga"]


def test_the_form_of_a_round_reads_its_item_after_others_are_done(centre: Centre) -> None:
    centre.publish("rundy", alone(EACH))
    instance = centre.start("rundy", osoby=["a", "b", "c"])
    centre.complete(centre.open(instance.id)[0].id, "olga", tresc="Zrobione")

    seen = [reads(centre, instance, one) for one in centre.open(instance.id)]

    assert [(one["osoba"], one["loopCounter"], one["osoby"]) for one in seen] == [
        ("b", 2, ["a", "b", "c"]),
        ("c", 3, ["a", "b", "c"]),
    ]


def test_the_form_in_a_closed_call_reads_only_what_comes_in(centre: Centre) -> None:
    centre.publish("wolany", alone(user("praca")))
    centre.publish("glowny", alone(CALL))
    instance = centre.start("glowny", kwota=6)

    seen = reads(centre, instance, centre.task(instance.id))

    assert seen == {"suma": 7}


def test_a_task_outside_of_rounds_keeps_nothing_of_its_own(centre: Centre) -> None:
    centre.publish("zwykly", alone(user("praca")))
    instance = centre.start("zwykly", kwota=6)

    task = centre.task(instance.id)

    assert task.about == ""
    assert reads(centre, instance, task)["kwota"] == 6
