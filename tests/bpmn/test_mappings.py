"""What an activity gets from outside and gives back."""

import pytest
from building import Walk, boundary, call, el, end, event, flows, par, process, script, start, timer, user

from engine.errors import DefinitionRejected


def maps(*said: str) -> str:
    """Mappings written as `in: source -> target` or `out: source -> target`."""
    parts = []
    for one in said:
        word, rest = one.split(": ", 1)
        source, target = rest.split(" -> ")
        parts.append(f'<bieg:{word} source="{source}" target="{target}"/>')
    return f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"


def line(*steps: str) -> str:
    """Steps between a start and an end, one after another."""
    ids = [step.split('id="')[1].split('"')[0] for step in steps]
    return start() + "".join(steps) + end() + flows("start", *ids, "koniec")


DOUBLE = process(line(script("licz", "x * 2 + z_zewnatrz", "y")), key="podwoj")


def test_a_call_with_mappings_sees_only_what_comes_in_and_gives_back_only_what_goes_out() -> None:
    called = process(
        line(script("licz", "x * 2", "y"), script("obce", "if sekret = null then 1 else 0", "nie_widzi")), key="inny"
    )
    mapped = call("c", "inny", maps("in: kwota + 1 -> x", "out: y + nie_widzi -> wynik"))

    walk = Walk(process(line(mapped, user("a"))), {"inny": called}, kwota=10, sekret=7)

    assert walk.outcome.variables == {"kwota": 10, "sekret": 7, "wynik": 23}


def test_a_call_without_mappings_shares_all_variables() -> None:
    walk = Walk(process(line(call("c", "podwoj"))), {"podwoj": DOUBLE}, x=2, z_zewnatrz=1)

    assert walk.outcome.variables == {"x": 2, "z_zewnatrz": 1, "y": 5}


def test_an_isolated_call_reads_facts_and_keeps_its_variables_over_many_deeds() -> None:
    called = process(
        line(user("a"), script("s", "suma + krok", "suma"), user("b"), script("t", "suma + krok", "suma")), key="inny"
    )
    walk = Walk(
        process(line(call("c", "inny", maps("in: 1 -> suma", "out: suma -> razem")))),
        {"inny": called},
        {"krok": 10},
        suma=500,
    )

    walk.do("a", notatka="x").do("b", notatka="y")

    assert walk.outcome.finished
    assert walk.outcome.variables == {"suma": 500, "razem": 21}


def test_an_isolated_call_within_another_sees_neither_its_caller_nor_the_instance() -> None:
    inner = process(line(script("s", "[a, b, c]", "widzi")), key="wewnatrz")
    outer = process(
        line(script("n", "2", "b"), call("d", "wewnatrz", maps("in: a -> c", "out: widzi -> widzi"))), key="srodek"
    )
    walk = Walk(
        process(line(call("c", "srodek", maps("in: a -> a", "out: widzi -> widzi")))),
        {"srodek": outer, "wewnatrz": inner},
        a=1,
    )

    assert walk.outcome.variables == {"a": 1, "widzi": [None, None, 1]}


def test_a_border_event_leaves_an_isolated_call_without_giving_anything_back() -> None:
    called = process(line(user("a"), user("b")), key="inny")
    xml = process(
        line(call("c", "inny", maps("in: 5 -> x", "out: x -> wynik")), user("d")),
        boundary("termin", "c", timer("Duration", "P1D")) + flows("termin", "d"),
    )

    walk = Walk(xml, {"inny": called}).do("a", x=6).wait(days=1)

    assert walk.open == ["d"]
    assert walk.outcome.variables == {}


def test_an_error_thrown_in_an_isolated_call_is_caught_by_its_caller() -> None:
    called = process(start() + user("a") + end("zle", event("error")) + flows("start", "a", "zle"), key="inny")
    xml = process(
        line(call("c", "inny", maps("in: 5 -> x")), user("d")),
        boundary("blad", "c", event("error")) + user("e") + flows("blad", "e"),
    )

    walk = Walk(xml, {"inny": called}).do("a", x=6)

    assert walk.open == ["e"]
    assert walk.outcome.variables == {}


def test_inputs_of_a_task_hide_outer_variables_and_outputs_are_written_outside() -> None:
    mapped = user("a", maps("in: kwota * 2 -> x", "out: x + 1 -> wynik"))
    walk = Walk(process(line(mapped, user("b"))), kwota=10, x=1)

    walk.do("a", x=50, inne=3)

    assert walk.outcome.variables == {"kwota": 10, "x": 1, "inne": 3, "wynik": 51}


def test_rounds_of_a_call_map_their_own_item() -> None:
    rounds = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>oferty</bpmn:loopDataInputRef>"
        "<bpmn:loopDataOutputRef>oceny</bpmn:loopDataOutputRef>"
        '<bpmn:inputDataItem id="i" name="oferta"/><bpmn:outputDataItem id="o" name="ocena"/>'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    called = process(line(user("a"), script("licz", "x * 2 + z", "y")), key="podwoj")
    mapped = call("c", "podwoj", maps("in: oferta -> x", "in: 0 -> z", "out: y -> ocena"), rounds)
    walk = Walk(process(line(mapped)), {"podwoj": called}, oferty=[1, 2, 3])

    for key in [task.key for task in reversed(walk.outcome.tasks)]:
        walk.do_key(key, z=100)

    assert walk.outcome.variables == {"oferty": [1, 2, 3], "oceny": [102, 104, 106]}


def test_a_sub_process_gives_back_what_only_it_knows() -> None:
    inner = '<bpmn:dataObject id="d" name="suma"/>' + start("s") + script("l", "x + 1", "suma") + end("e")
    inner += flows("s", "l", "e")
    sub = el("subProcess", "p", maps("in: 4 -> x", "out: suma -> razem"), inner)

    walk = Walk(process(line(sub)), suma=100)

    assert walk.outcome.variables == {"suma": 100, "razem": 5}


SPECIFIED = (
    '<bpmn:ioSpecification id="io"><bpmn:dataInput id="we" name="x"/><bpmn:dataOutput id="wy" name="y"/>'
    '<bpmn:inputSet id="is"><bpmn:dataInputRefs>we</bpmn:dataInputRefs></bpmn:inputSet>'
    '<bpmn:outputSet id="os"><bpmn:dataOutputRefs>wy</bpmn:dataOutputRefs></bpmn:outputSet></bpmn:ioSpecification>'
)


def associated(kind: str, *inner: str) -> str:
    return f'<bpmn:data{kind}Association id="d{kind}">{"".join(inner)}</bpmn:data{kind}Association>'


def ref(kind: str, target: str) -> str:
    return f"<bpmn:{kind}Ref>{target}</bpmn:{kind}Ref>"


OBJECTS = '<bpmn:dataObject id="do1" name="kwota"/><bpmn:dataObject id="do2" name="wynik"/>'


def test_associations_of_a_call_bring_data_objects_in_and_out() -> None:
    mapped = call(
        "c",
        "podwoj",
        SPECIFIED,
        associated("Input", ref("source", "do1"), ref("target", "we")),
        associated("Output", ref("source", "wy"), ref("target", "do2")),
    )
    called = process(line(script("licz", "x * 2", "y")), key="podwoj")

    walk = Walk(process(OBJECTS, line(mapped)), {"podwoj": called}, kwota=4)

    assert walk.outcome.variables == {"kwota": 4, "wynik": 8}


def test_a_transformation_is_computed_from_the_source() -> None:
    mapped = user(
        "a",
        SPECIFIED,
        associated(
            "Input", ref("source", "do1"), ref("target", "we"), "<bpmn:transformation>kwota * 10</bpmn:transformation>"
        ),
        associated(
            "Output", ref("source", "wy"), ref("target", "do2"), "<bpmn:transformation>x + y</bpmn:transformation>"
        ),
    )
    walk = Walk(process(OBJECTS, line(mapped)), kwota=4)

    walk.do("a", y=2)

    assert walk.outcome.variables == {"kwota": 4, "wynik": 42}


def test_an_assignment_writes_what_it_computes_to_its_target() -> None:
    assigned = "<bpmn:assignment><bpmn:from>kwota + 1</bpmn:from><bpmn:to>we</bpmn:to></bpmn:assignment>"
    back = "<bpmn:assignment><bpmn:from>x * 2</bpmn:from><bpmn:to>wynik</bpmn:to></bpmn:assignment>"
    mapped = el(
        "task",
        "a",
        SPECIFIED,
        associated("Input", ref("target", "we"), assigned),
        associated("Output", ref("target", "do2"), back),
    )

    walk = Walk(process(OBJECTS, line(mapped)), kwota=4)

    assert walk.outcome.variables == {"kwota": 4, "wynik": 10}


def test_what_is_only_drawn_moves_nothing() -> None:
    drawn = user(
        "a",
        '<bpmn:property id="pr" name="__targetRef_placeholder"/>',
        associated("Input", ref("source", "magazyn"), ref("target", "pr")),
        associated("Output", ref("target", "do2")),
    )
    store = '<bpmn:dataStoreReference id="magazyn" name="Archiwum"/>'

    walk = Walk(process(OBJECTS, store, line(drawn)), kwota=4).do("a")

    assert walk.outcome.variables == {"kwota": 4}


@pytest.mark.parametrize(
    "said",
    [
        '<bpmn:extensionElements><bieg:in source="x"/></bpmn:extensionElements>',
        '<bpmn:extensionElements><bieg:in source="x" target="to nie + to"/></bpmn:extensionElements>',
        '<bpmn:extensionElements><bieg:out source="((" target="x"/></bpmn:extensionElements>',
        SPECIFIED.replace("<bpmn:outputSet", '<bpmn:inputSet id="i2"/><bpmn:outputSet'),
        associated("Output", ref("source", "do1"), ref("source", "do2"), ref("target", "do2")),
        associated(
            "Output",
            ref("target", "do2"),
            "<bpmn:assignment><bpmn:from>1</bpmn:from><bpmn:to>wynik.kwota</bpmn:to></bpmn:assignment>",
        ),
    ],
)
def test_a_mapping_that_cannot_be_run_is_refused_at_its_step(said: str) -> None:
    with pytest.raises(DefinitionRejected) as refused:
        Walk(process(OBJECTS, line(user("a", said))))

    assert refused.value.problems[0].element == "a"


def test_data_associations_of_a_message_are_refused() -> None:
    sent = el(
        "sendTask", "a", SPECIFIED, associated("Input", ref("source", "do1"), ref("target", "we")), messageRef="m"
    )

    with pytest.raises(DefinitionRejected) as refused:
        Walk(process(OBJECTS, line(sent), roots='<bpmn:message id="m" name="list"/>'))

    assert refused.value.problems[0].element == "a"


def test_parallel_tasks_keep_their_inputs_apart_over_a_save() -> None:
    steps = [user(name, maps(f"in: {value} -> x", f"out: x -> z_{name}")) for name, value in (("a", 1), ("b", 2))]
    walk = Walk(
        process(
            start() + par("g") + "".join(steps) + par("j") + end(),
            flows("start", "g", "a", "j", "koniec") + flows("g", "b", "j"),
        )
    )

    walk.do("a", x=10).do("b")

    assert walk.outcome.variables == {"z_a": 10, "z_b": 2}


def test_an_output_with_the_name_of_an_input_is_written_outside() -> None:
    walk = Walk(process(line(user("a", maps("in: x * 2 -> x", "out: x + 1 -> x")), user("b"))), x=5)

    assert walk.do("a").outcome.variables == {"x": 11}


def test_what_comes_in_fills_a_data_object_of_the_same_name() -> None:
    inner = '<bpmn:dataObject id="d" name="n"/>' + start("s") + script("l", "n + 1", "n") + end("e")
    sub = el("subProcess", "p", maps("in: 4 -> n", "out: n -> razem"), inner, flows("s", "l", "e"))

    assert Walk(process(line(sub)), n=100).outcome.variables == {"n": 100, "razem": 5}


def test_a_drawn_association_leaves_no_trace_in_the_step() -> None:
    place = '<bpmn:property id="pr" name="__targetRef_placeholder"/>'
    drawn = user("a", place, associated("Input", ref("source", "do1"), ref("target", "pr")))

    step = Walk(process(OBJECTS, line(drawn))).program.spec.task_specs["a"]

    assert (step.ins, step.own) == ([], [])


def test_an_assignment_may_not_write_elsewhere_than_its_association() -> None:
    assigned = "<bpmn:assignment><bpmn:from>1</bpmn:from><bpmn:to>kwota</bpmn:to></bpmn:assignment>"

    with pytest.raises(DefinitionRejected):
        Walk(process(OBJECTS, line(user("a", associated("Output", ref("target", "do2"), assigned)))))
