"""Data objects and properties: variables of the level in which they stand."""

import pytest
from building import Walk, boundary, call, el, end, flows, process, script, start, timer, user, xor
from test_mappings import line


def held(*said: str) -> str:
    """Data objects, each `id` or `id=name`."""
    made = []
    for one in said:
        identity, _, name = one.partition("=")
        made.append(f'<bpmn:dataObject id="{identity}"' + (f' name="{name}"/>' if name else "/>"))
    return "".join(made)


def sub(identity: str, *steps: str) -> str:
    ids = [step.split('id="')[1].split('"')[0] for step in steps if not step.startswith("<bpmn:data")]
    inner = "".join(steps) + start(f"s_{identity}") + end(f"e_{identity}")
    return el("subProcess", identity, inner, flows(f"s_{identity}", *ids, f"e_{identity}"))


def test_a_data_object_of_a_sub_process_hides_the_outer_variable_and_dies_with_its_level() -> None:
    inner = sub(
        "p", held("d=kwota"), script("a", "if kwota = null then 7 else 0", "kwota"), script("b", "kwota", "widzi")
    )

    walk = Walk(process(line(inner)), kwota=1)

    assert walk.outcome.variables == {"kwota": 1, "widzi": 7}


def test_each_time_the_level_is_entered_it_is_empty_again() -> None:
    inner = sub(
        "p",
        held("d=n"),
        user("a"),
        script("b", "if n = null then 1 else n + 1", "n"),
        script("c", "razem + n", "razem"),
    )
    walk = Walk(
        process(
            start() + xor("g") + inner + xor("h", default="dalej") + end(),
            flows("start", "g", "p", "h") + flows("h", "g", when="razem < 3"),
            flows("h", "koniec", named="dalej"),
        ),
        razem=0,
    )

    walk.do("a").do("a").do("a")

    assert walk.outcome.finished
    assert walk.outcome.variables == {"razem": 3}


def test_it_survives_saving_and_an_inner_level_writes_to_the_nearest_one() -> None:
    deep = sub("q", user("b"), script("t", "n + 1", "n"))
    walk = Walk(process(line(sub("p", held("d=n"), user("a"), deep, script("u", "n", "widzi")))), n=100)

    walk.do("a", n=5).do("b")

    assert walk.outcome.variables == {"n": 100, "widzi": 6}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (held("dane=Numer wniosku"), "Numer wniosku"),
        (held("dane=1. wniosek (a + b)"), "dane"),
        (held("dane"), "dane"),
        (held("d") + '<bpmn:dataObjectReference id="r" name="wniosek" dataObjectRef="d"/>', "wniosek"),
        ('<bpmn:property id="p" name="wniosek"/>', "wniosek"),
    ],
)
def test_expressions_know_it_by_its_name_if_feel_can_read_it_else_by_its_id(said: str, name: str) -> None:
    inner = sub("pod", script("a", "1", name), script("b", f"{name} + 1", "wynik"))
    inner = inner.replace('<bpmn:scriptTask id="a"', f'{said}<bpmn:scriptTask id="a"', 1)

    walk = Walk(process(line(inner)))

    assert walk.outcome.variables == {"wynik": 2}


def test_a_called_process_has_data_objects_of_its_own() -> None:
    called = process(held("d=n"), line(user("a"), script("s", "n", "widzi")), key="inny")
    walk = Walk(process(line(call("c", "inny"))), {"inny": called}, n=1)

    walk.do("a", n=5)

    assert walk.outcome.variables == {"n": 1, "widzi": 5}


def test_rounds_of_a_sub_process_have_one_each() -> None:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>oferty</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>oceny</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="i" name="oferta"/><bpmn:outputDataItem id="o" name="ocena"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    inner = sub("p", held("d=n"), script("a", "oferta", "n"), user("b"), script("c", "n * 2", "ocena"))
    walk = Walk(process(line(inner.replace('id="p">', f'id="p">{loop}', 1))), oferty=[1, 2])

    walk.do("b").do("b")

    assert walk.outcome.variables == {"oferty": [1, 2], "oceny": [2, 4]}


def test_an_interrupted_level_leaves_nothing_behind() -> None:
    inner = sub("p", held("d=n"), user("a"), user("b"))
    walk = Walk(process(line(inner, user("c")), boundary("t", "p", timer("Duration", "P1D")) + flows("t", "c")), n=1)

    walk.do("a", n=2).wait(days=1)

    assert (walk.open, walk.outcome.variables) == (["c"], {"n": 1})
