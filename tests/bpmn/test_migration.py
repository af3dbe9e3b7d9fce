"""Instances move between versions of a diagram: what never blocks, what needs a decision, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from building import (
    NOON,
    Walk,
    boundary,
    call,
    el,
    end,
    event,
    flows,
    inc,
    par,
    process,
    start,
    timer,
    user,
    xor,
)

from engine.bpmn import bundle, migration
from engine.bpmn.migration import Colour, Plan
from engine.errors import Conflict

MESSAGES = '<bpmn:message id="m" name="pismo"/><bpmn:message id="m2" name="skarga"/>'


def planned(walk: Walk, xml: bytes, called: dict[str, bytes] | None = None, /, **mapping: str) -> Plan:
    """What would come of moving the instance to another diagram."""
    new = bundle.restore(bundle.compile(xml, called or {}))
    return migration.plan(walk.program, new, walk.outcome.state, mapping, facts={}, now=walk.now)


def moved(walk: Walk, xml: bytes, called: dict[str, bytes] | None = None, /, **mapping: str) -> Walk:
    """The same instance on another diagram."""
    new = bundle.restore(bundle.compile(xml, called or {}))
    found = migration.apply(walk.program, new, walk.outcome.state, mapping, facts={}, now=walk.now)
    assert found.outcome is not None
    walk.program, walk.outcome = new, found.outcome
    return walk


def texts(plan: Plan) -> dict[str, str]:
    return {one.element: one.text for one in plan.remarks}


def row(*names: str, **attributes: str) -> str:
    """User tasks one after the other between a start and an end."""
    steps = "".join(user(name, name=attributes.get(name, f"Krok {name}")) for name in names)
    return start() + steps + end() + flows("start", *names, "koniec")


def test_the_same_diagram_changes_nothing_at_all() -> None:
    walk = Walk(process(row("a", "b")))
    before = walk.outcome

    plan = planned(walk, process(row("a", "b")))

    assert (plan.colour, plan.remarks, plan.mapping, plan.held) == (Colour.GREEN, (), {}, ())
    assert plan.outcome is not None
    assert plan.outcome.state == before.state
    assert plan.outcome.moves == ()


def test_a_new_label_never_blocks() -> None:
    walk = Walk(process(row("a", "b")))

    plan = planned(walk, process(row("a", "b", a="Inna nazwa", b="Też inna")))

    assert plan.colour is Colour.GREEN
    assert texts(plan) == {"a": "Krok będzie się nazywał „Inna nazwa”."}


@pytest.mark.parametrize(
    ("names", "way"), [("a n b", ["n", "b"]), ("a b n", ["b", "n"]), ("a", []), ("a c", ["c"]), ("x a b", ["b"])]
)
def test_steps_ahead_may_come_and_go(names: str, way: list[str]) -> None:
    walk = moved(Walk(process(row("a", "b"))), process(row(*names.split())))

    for name in ("a", *way):
        assert walk.open == [name]
        walk.do(name)
    assert walk.outcome.finished


def test_a_task_that_stays_keeps_its_key() -> None:
    walk = Walk(process(row("a", "b")))
    key = walk.key("a")

    moved(walk, process(row("a", "n", "b")))

    assert walk.key("a") == key
    assert walk.outcome.moves == ()


def test_a_removed_step_that_holds_the_token_is_refused_by_name() -> None:
    walk = Walk(process(row("a", "b")))

    plan = planned(walk, process(row("b")))

    assert plan.colour is Colour.RED
    (remark,) = plan.remarks
    assert (remark.element, remark.name) == ("a", "Krok a")
    assert remark.text.startswith("Krok, na którym sprawa stoi, usunięto.")
    assert [one.place for one in plan.targets["proces/a"]] == ["proces/b"]
    with pytest.raises(Conflict, match="Krok a"):
        moved(walk, process(row("b")))


def test_a_mapping_moves_the_task_with_its_key() -> None:
    walk = Walk(process(row("a", "b")))
    key, new = walk.key("a"), process(row("n", "b"))

    plan = planned(walk, new, a="b")
    moved(walk, new, a="b")

    assert (plan.colour, plan.mapping) == (Colour.AMBER, {"proces/a": "proces/b"})
    assert walk.open == ["b"]
    assert walk.key("b") == key
    assert walk.do("b").outcome.finished


def test_a_step_with_a_new_id_and_the_same_name_is_proposed() -> None:
    walk = Walk(process(row("a", "b")))
    new = process(row("a2", "b", a2="Krok a"))

    plan = planned(walk, new)

    assert plan.colour is Colour.AMBER
    assert plan.mapping == {"proces/a": "proces/a2"}
    assert moved(walk, new).do("a2").open == ["b"]


def test_a_step_with_a_new_id_and_name_between_the_same_neighbours_is_proposed() -> None:
    walk = Walk(process(row("a", "b")))

    plan = planned(walk, process(row("a2", "b", a2="Całkiem inaczej")))

    assert plan.mapping == {"proces/a": "proces/a2"}
    assert plan.held[0].proposed == "proces/a2"


def test_a_changed_kind_needs_to_be_asked_for() -> None:
    walk = Walk(process(row("a", "b")))
    waits = el("intermediateCatchEvent", "a", timer("Duration", "PT1H"), name="Krok a")
    new = process(start() + waits + user("b") + end() + flows("start", "a", "b", "koniec"))

    refused, asked = planned(walk, new), planned(walk, new, a="a")
    moved(walk, new, a="a")

    assert refused.colour is Colour.RED
    assert "zmienił rodzaj" in texts(refused)["a"]
    assert asked.colour is Colour.AMBER
    assert walk.open == []
    assert [(move.element, move.state.value) for move in walk.outcome.moves] == [("a", "cancelled"), ("a", "active")]
    assert walk.timers == {"a": NOON + timedelta(hours=1)}


def test_an_unknown_target_is_refused() -> None:
    plan = planned(Walk(process(row("a", "b"))), process(row("a", "b")), a="nie ma")

    assert plan.colour is Colour.RED
    assert texts(plan)["a"].startswith("W nowej wersji nie ma kroku „nie ma”.")


# --- events that are waited for -----------------------------------------------------------------


def waiting(inner: str) -> bytes:
    step = el("intermediateCatchEvent", "czeka", inner, name="Czekanie")
    return process(start() + step + user("b") + end() + flows("start", "czeka", "b", "koniec"), roots=MESSAGES)


def test_a_timer_keeps_its_moment_also_when_its_length_was_changed() -> None:
    walk = Walk(waiting(timer("Duration", "PT5H")))
    due = walk.timers
    walk.now += timedelta(hours=1)

    same, changed = planned(walk, waiting(timer("Duration", "PT5H"))), planned(walk, waiting(timer("Duration", "P9D")))
    moved(walk, waiting(timer("Duration", "P9D")))

    assert same.colour is Colour.GREEN
    assert changed.colour is Colour.AMBER
    assert "zachowuje datę" in texts(changed)["czeka"]
    assert walk.timers == due
    assert walk.wait(hours=4).open == ["b"]


def test_a_message_is_awaited_under_its_new_name() -> None:
    walk = Walk(waiting(event("message", messageRef="m")))

    plan = planned(walk, waiting(event("message", messageRef="m2")))
    moved(walk, waiting(event("message", messageRef="m2")))

    assert plan.colour is Colour.AMBER
    assert [one.name for one in walk.outcome.messages] == ["skarga"]
    assert walk.hear("skarga").open == ["b"]


def test_an_event_of_another_kind_is_refused_until_it_is_asked_for() -> None:
    walk = Walk(waiting(timer("Duration", "PT5H")))
    new = waiting(event("message", messageRef="m"))

    assert planned(walk, new).colour is Colour.RED
    moved(walk, new, czeka="czeka")
    assert walk.timers == {}
    assert walk.hear("pismo").open == ["b"]


def guarded(*guards: tuple[str, str, bool]) -> bytes:
    made = "".join(
        boundary(name, "a", inner, interrupts=stops) + user(f"po_{name}") + end(f"k_{name}")
        + flows(name, f"po_{name}", f"k_{name}")
        for name, inner, stops in guards
    )  # fmt: skip
    return process(start() + user("a") + made + end() + flows("start", "a", "koniec"), roots=MESSAGES)


def test_a_boundary_event_that_came_is_armed_now() -> None:
    walk = Walk(guarded())
    walk.now += timedelta(days=3)
    new = guarded(("zegar", timer("Duration", "PT2H"), True))

    plan = planned(walk, new)
    moved(walk, new)

    assert plan.colour is Colour.AMBER
    assert walk.timers == {"zegar": NOON + timedelta(days=3, hours=2)}
    assert walk.wait(hours=2).open == ["po_zegar"]


def test_a_boundary_event_that_went_is_dropped() -> None:
    walk = Walk(guarded(("zegar", timer("Duration", "PT2H"), True), ("list", event("message", messageRef="m"), False)))

    plan = planned(walk, guarded())
    moved(walk, guarded())

    assert plan.colour is Colour.AMBER
    assert set(texts(plan)) == {"zegar", "list"}
    assert (walk.timers, walk.outcome.messages) == ({}, ())
    assert walk.do("a").outcome.finished


def test_a_boundary_event_that_has_already_been_does_not_begin_again() -> None:
    xml = guarded(("zegar", timer("Duration", "PT2H"), False))
    walk = Walk(xml).wait(hours=3).do("po_zegar")

    plan = planned(walk, xml)
    moved(walk, xml)

    assert plan.colour is Colour.GREEN
    assert walk.timers == {}


def race(*names: str) -> bytes:
    events = {
        "list": event("message", messageRef="m"),
        "skarga": event("message", messageRef="m2"),
        "zegar": timer("Duration", "PT2H"),
    }
    made = "".join(
        el("intermediateCatchEvent", name, events[name]) + user(f"po_{name}") + end(f"k_{name}")
        + flows("bramka", name, f"po_{name}", f"k_{name}")
        for name in names
    )  # fmt: skip
    return process(start() + el("eventBasedGateway", "bramka") + made + flows("start", "bramka"), roots=MESSAGES)


def test_events_behind_a_gateway_come_and_go() -> None:
    walk = Walk(race("list", "zegar"))
    walk.now += timedelta(hours=1)

    plan = planned(walk, race("zegar", "skarga"))
    moved(walk, race("zegar", "skarga"))

    assert plan.colour is Colour.AMBER
    assert set(texts(plan)) == {"list", "skarga"}
    assert walk.timers == {"zegar": NOON + timedelta(hours=2)}
    assert walk.hear("skarga").open == ["po_skarga"]
    assert walk.timers == {}


def handled(*names: str) -> bytes:
    made = ""
    for name in names:
        inner = start(f"s_{name}", event("message", messageRef="m"), isInterrupting="false") + user(f"w_{name}")
        inner += end(f"k_{name}") + flows(f"s_{name}", f"w_{name}", f"k_{name}")
        made += el("subProcess", name, inner, triggeredByEvent="true")
    return process(row("a") + made, roots=MESSAGES)


def test_an_event_sub_process_that_came_listens_from_now_on() -> None:
    walk = moved(Walk(handled()), handled("pismo"))

    assert walk.hear("pismo").open == ["a", "w_pismo"]


def test_an_event_sub_process_that_went_stops_to_listen() -> None:
    walk = Walk(handled("pismo"))

    plan = planned(walk, handled())
    moved(walk, handled())

    assert plan.colour is Colour.AMBER
    assert walk.outcome.messages == ()
    assert walk.do("a").outcome.finished


# --- joins --------------------------------------------------------------------------------------


def block(*branches: str, gate: str = "par", before: str = "") -> bytes:
    """Branches of tasks between two gateways; `before` names the join's flow after its branch."""
    made = par("g") + par("j") if gate == "par" else inc("g") + inc("j")
    for branch in branches:
        names = branch.split()
        made += "".join(user(name) for name in names) + flows("g", *names, named="" if len(names) > 0 else "x")
        made += flows(names[-1], "j", named=f"f_{names[-1]}")
    return process(start() + made + user("po") + end() + flows("start", "g") + flows("j", "po", "koniec"))


def test_tokens_at_a_join_are_counted_on() -> None:
    walk = Walk(block("a", "b")).do("a")

    plan = planned(walk, block("a", "b n"))
    moved(walk, block("a", "b n"))

    assert plan.colour is Colour.GREEN
    assert walk.do("b").do("n").open == ["po"]


def test_a_redrawn_flow_into_a_join_is_recognised_by_where_it_comes_from() -> None:
    walk = Walk(block("a", "b")).do("a")
    redrawn = block("a", "b").replace(b'"f_a"', b'"nowa"')

    assert planned(walk, redrawn).colour is Colour.GREEN
    assert moved(walk, redrawn).do("b").open == ["po"]


def test_a_step_put_behind_a_token_that_waits_at_a_join_is_skipped_and_said_so() -> None:
    walk = Walk(block("a", "b")).do("a")

    plan = planned(walk, block("a n", "b"))
    moved(walk, block("a n", "b"))

    assert plan.colour is Colour.AMBER
    assert "pominie" in texts(plan)["j"]
    assert walk.do("b").open == ["po"]


def test_a_join_that_would_wait_for_ever_is_refused() -> None:
    walk = Walk(block("a", "b"))

    before, after = planned(walk, block("a", "b", "c")), planned(walk.do("a"), block("a", "b", "c"))

    assert [one.colour for one in (before, after)] == [Colour.RED, Colour.RED]
    assert "nic już nie przyjdzie" in texts(before)["j"]


def test_a_branch_put_into_a_block_ahead_is_fine() -> None:
    old = block("a", "b").replace(b'sourceRef="start" targetRef="g"', b'sourceRef="start" targetRef="przed"')
    new = block("a", "b", "c").replace(b'sourceRef="start" targetRef="g"', b'sourceRef="start" targetRef="przed"')
    extra = (user("przed") + flows("przed", "g")).encode()
    walk = Walk(old.replace(b"</bpmn:process>", extra + b"</bpmn:process>"))
    xml = new.replace(b"</bpmn:process>", extra + b"</bpmn:process>")

    assert planned(walk, xml).colour is Colour.GREEN
    assert moved(walk, xml).do("przed").open == ["a", "b", "c"]


def test_a_join_that_lost_the_flow_it_waited_for_opens() -> None:
    walk = Walk(block("a", "b", "c")).do("a").do("b")

    moved(walk, block("a", "b"), c="po")

    assert walk.open == ["po", "po"]


def test_branches_that_no_longer_meet_are_told() -> None:
    walk = Walk(block("a", "b"))

    plan = planned(walk, process(start() + xor("j") + user("a") + user("b") + user("po") + end()
                                 + flows("start", "a", "j", "po", "koniec") + flows("b", "j")))  # fmt: skip

    assert plan.colour is Colour.AMBER
    assert "dwa razy" in texts(plan)["j"]


def test_a_join_with_waiting_branches_may_not_vanish() -> None:
    walk = Walk(block("a", "b")).do("a")

    plan = planned(walk, process(row("b", "po")))

    assert plan.colour is Colour.RED
    assert "Bramkę" in texts(plan)["j"]


def test_an_inclusive_join_goes_on_waiting() -> None:
    walk = Walk(block("a", "b", gate="inc")).do("a")

    plan = planned(walk, block("a", "b n", gate="inc"))
    moved(walk, block("a", "b n", gate="inc"))

    assert plan.colour is Colour.GREEN
    assert walk.do("b").do("n").open == ["po"]


def test_blocks_in_loops_are_not_blamed() -> None:
    def loop(*branches: str) -> bytes:
        made = block(*branches).decode().replace('sourceRef="start" targetRef="g"', 'sourceRef="start" targetRef="m"')
        more = xor("m") + xor("x", default="dalej") + user("ocena") + flows("m", "g") + flows("x", "m", when="false")
        made = made.replace('sourceRef="j" targetRef="po"', 'sourceRef="j" targetRef="ocena"')
        more += flows("ocena", "x") + flows("x", "po", named="dalej")
        return made.replace("</bpmn:process>", more + "</bpmn:process>").encode()

    walk = Walk(loop("a", "b"))

    assert planned(walk, loop("a", "b n")).colour is Colour.GREEN
    assert planned(walk, loop("a", "b", "c")).colour is Colour.RED


# --- levels -------------------------------------------------------------------------------------


def sub(identity: str, *names: str, inner: str = "") -> str:
    body = start(f"s_{identity}") + "".join(user(name) for name in names) + end(f"e_{identity}")
    return el("subProcess", identity, inner, body, flows(f"s_{identity}", *names, f"e_{identity}"))


def around(*steps: str) -> bytes:
    """Sub-processes and tasks one after the other; a word is a task."""
    made = "".join(step if step.startswith("<") else user(step) for step in steps)
    names = [step.split('"')[1] if step.startswith("<") else step for step in steps]
    return process(start() + made + end() + flows("start", *names, "koniec"))


def test_a_step_added_in_an_open_sub_process_is_fine() -> None:
    walk = Walk(around(sub("p", "a"), "po"))

    assert planned(walk, around(sub("p", "a", "n"), "po")).colour is Colour.GREEN
    assert moved(walk, around(sub("p", "a", "n"), "po")).do("a").do("n").open == ["po"]


def test_a_step_moved_into_a_sub_process_opens_it() -> None:
    walk = Walk(around("a", "po"))
    key = walk.key("a")
    new = around(sub("p", "a", "n"), "po")

    plan = planned(walk, new)
    moved(walk, new)

    assert plan.colour is Colour.AMBER
    assert "podprocesie „p”" in texts(plan)["a"]
    assert walk.key("a") == key
    assert walk.moves == [("p", "active")]
    assert walk.do("a").do("n").open == ["po"]
    assert walk.do("po").outcome.finished


def test_steps_moved_into_two_levels_at_once_keep_their_timers() -> None:
    walk = Walk(guarded(("zegar", timer("Duration", "PT2H"), True)))
    inner = start("s") + user("a") + boundary("zegar", "a", timer("Duration", "PT2H")) + end("e") + flows("s", "a", "e")
    new = around(el("subProcess", "x", start("sx"), el("subProcess", "y", inner), end("ex"), flows("sx", "y", "ex")))

    moved(walk, new)

    assert walk.timers == {"zegar": NOON + timedelta(hours=2)}
    assert walk.do("a").outcome.finished


def test_a_removed_sub_process_leaves_its_open_step_outside() -> None:
    walk = Walk(around(sub("p", "a", "b"), "po"))
    key = walk.key("a")

    plan = planned(walk, around("a", "b", "po"))
    moved(walk, around("a", "b", "po"))

    assert plan.colour is Colour.AMBER
    assert walk.key("a") == key
    assert walk.moves == [("p", "cancelled")]
    assert walk.do("a").do("b").do("po").outcome.finished


def test_a_step_moved_behind_its_sub_process_ends_the_sub_process() -> None:
    walk = Walk(around(sub("p", "a", "b"), "po"))
    new = around(sub("p", "b"), "a", "po")

    assert planned(walk, new).colour is Colour.AMBER
    assert moved(walk, new).do("a").open == ["po"]


def test_a_sub_process_put_around_an_open_one_is_opened() -> None:
    walk = Walk(around(sub("p", "a"), "po"))
    outer = el("subProcess", "q", start("sq"), sub("p", "a"), end("eq"), flows("sq", "p", "eq"))

    moved(walk, around(outer, "po"))

    assert walk.moves == [("q", "active")]
    assert walk.do("a").open == ["po"]


def test_a_sub_process_that_became_a_task_needs_a_decision() -> None:
    walk = Walk(around(sub("p", "a"), "po"))

    plan = planned(walk, around("p", "po"))

    assert plan.colour is Colour.RED
    assert "zmienił rodzaj" in texts(plan)["p"]
    assert moved(walk, around("p", "po"), p="p").do("p").open == ["po"]


def test_a_called_process_may_change_too() -> None:
    xml = process(start() + call("etap", "inny") + user("po") + end() + flows("start", "etap", "po", "koniec"))
    walk = Walk(xml, {"inny": process(row("a", "b"), key="inny")})
    longer = {"inny": process(row("a", "n", "b"), key="inny")}
    without = {"inny": process(row("b"), key="inny")}

    ahead, gone = planned(walk, xml, longer), planned(walk, xml, without)
    moved(walk, xml, longer)

    assert ahead.colour is Colour.GREEN
    assert (gone.colour, [one.process for one in gone.remarks]) == (Colour.RED, ["inny"])
    assert walk.do("a").do("n").do("b").open == ["po"]


def test_a_call_of_another_process_finds_the_open_step_there() -> None:
    def calling(key: str) -> bytes:
        return process(start() + call("etap", key) + end() + flows("start", "etap", "koniec"))

    walk = Walk(calling("jeden"), {"jeden": process(row("a", "b"), key="jeden")})
    other = {"drugi": process(row("a", "c"), key="drugi")}

    plan = planned(walk, calling("drugi"), other)
    moved(walk, calling("drugi"), other)

    assert plan.colour is Colour.AMBER
    assert walk.do("a").do("c").outcome.finished


# --- rounds -------------------------------------------------------------------------------------


def many(count: str, *, one_by_one: bool = False, task: str = "userTask", until: str = "") -> bytes:
    said = f"<bpmn:loopCardinality>{count}</bpmn:loopCardinality>"
    said += f"<bpmn:completionCondition>{until}</bpmn:completionCondition>" if until else ""
    kind = "multiInstanceLoopCharacteristics"
    loop = f'<bpmn:{kind} isSequential="{str(one_by_one).lower()}">{said}</bpmn:{kind}>'
    return around(el(task, "a", loop), "po")


def test_rounds_under_way_go_on_with_the_list_they_have() -> None:
    walk = Walk(many("3")).do("a")

    plan = planned(walk, many("5", until="false"))
    moved(walk, many("5", until="false"))

    assert plan.colour is Colour.AMBER
    assert walk.open == ["a", "a"]
    assert walk.do("a").do("a").open == ["po"]


@pytest.mark.parametrize("new", [many("3", one_by_one=True), around("a", "po")])
def test_rounds_under_way_may_not_change_their_kind(new: bytes) -> None:
    walk = Walk(many("3"))

    plan = planned(walk, new)
    moved(walk, new, a="a")

    assert plan.colour is Colour.RED
    assert walk.open == ["a"]


def test_the_same_rounds_are_green() -> None:
    walk = Walk(many("3")).do("a")

    assert planned(walk, many("3")).colour is Colour.GREEN


# --- data, calls of their own, ad-hoc sub-processes ----------------------------------------------


def test_a_data_object_that_came_is_there_and_empty() -> None:
    def with_data(*names: str) -> bytes:
        data = "".join(el("dataObject", f"d_{name}", name=name) for name in names)
        return process(data + row("a", "b").replace('name="Krok b"', 'name="Krok b"'))

    walk = Walk(with_data(), stare=7)

    moved(walk, with_data("nowe"))

    assert walk.outcome.variables["nowe"] is None
    assert walk.outcome.variables["stare"] == 7


def isolated(key: str, *, mapped: bool, name: str = "etap") -> bytes:
    said = '<bpmn:extensionElements><bieg:in source="w" target="w"/></bpmn:extensionElements>' if mapped else ""
    return process(start() + call(name, key, said) + user("po") + end() + flows("start", name, "po", "koniec"))


def test_an_open_call_may_not_change_what_it_sees() -> None:
    called = {"inny": process(row("a"), key="inny")}
    walk = Walk(isolated("inny", mapped=False), called, None, w=1)

    plan = planned(walk, isolated("inny", mapped=True), called)

    assert plan.colour is Colour.RED
    assert "inne dane" in texts(plan)["etap"]


def test_a_step_may_not_leave_a_call_that_has_variables_of_its_own() -> None:
    walk = Walk(isolated("inny", mapped=True), {"inny": process(row("a"), key="inny")}, None, w=1)

    assert planned(walk, around("a", "po")).colour is Colour.RED


def adhoc(*names: str) -> bytes:
    inner = "".join(user(name, name=f"Krok {name}") for name in names)
    return process(start() + el("adHocSubProcess", "dowolne", inner) + user("po") + end()
                   + flows("start", "dowolne", "po", "koniec"))  # fmt: skip


def test_an_ad_hoc_sub_process_offers_what_the_new_diagram_has() -> None:
    walk = Walk(adhoc("a", "b")).take_up("a")

    plan = planned(walk, adhoc("a", "c"))
    moved(walk, adhoc("a", "c"))

    assert plan.colour is Colour.GREEN
    assert walk.open == ["a"]
    assert walk.offers == ["a", "c", "dowolne"]
    walk.do("a").take_up("c").do("c").close("dowolne")
    assert walk.open == ["po"]


def test_an_open_ad_hoc_sub_process_in_which_nothing_runs_may_not_vanish() -> None:
    assert planned(Walk(adhoc("a")), process(row("a", "po"))).colour is Colour.RED


def test_an_ad_hoc_activity_that_runs_must_not_vanish() -> None:
    plan = planned(Walk(adhoc("a", "b")).take_up("a"), adhoc("b"))

    assert (plan.colour, [one.element for one in plan.remarks]) == (Colour.RED, ["a"])


def test_conditions_that_are_waited_for_are_the_new_ones() -> None:
    def until(condition: str) -> bytes:
        said = f"<bpmn:condition>{condition}</bpmn:condition>"
        return waiting(f"<bpmn:conditionalEventDefinition>{said}</bpmn:conditionalEventDefinition>")

    walk = Walk(until("w = 1"), w=2)

    plan = planned(walk, until("w = 2"))
    moved(walk, until("w = 2"))

    assert plan.colour is Colour.AMBER
    assert walk.wait(minutes=1).open == ["b"]


def test_an_open_event_sub_process_goes_on() -> None:
    walk = Walk(handled("pismo")).hear("pismo")

    plan = planned(walk, handled("pismo"))
    moved(walk, handled("pismo"))

    assert plan.colour is Colour.GREEN
    assert walk.open == ["a", "w_pismo"]
    assert walk.do("w_pismo").do("a").outcome.finished


def test_an_event_that_cannot_be_computed_refuses_the_migration() -> None:
    plan = planned(Walk(guarded()), guarded(("zegar", timer("Duration", "= brak"), True)))

    assert plan.colour is Colour.RED
    assert plan.outcome is None


def test_rounds_follow_their_activity_to_another_id() -> None:
    walk = Walk(many("3")).do("a")
    new = many("3").replace(b'"a"', b'"a2"')

    plan = planned(walk, new)
    moved(walk, new)

    assert plan.mapping == {"proces/a": "proces/a2"}
    assert walk.open == ["a2", "a2"]
    assert walk.do("a2").do("a2").open == ["po"]


def test_a_migration_is_not_blamed_for_what_the_diagram_did_wrong_before() -> None:
    stuck = process(
        start() + xor("x", default="d") + user("a") + user("b") + par("j") + end()
        + flows("start", "x") + flows("x", "a", when="w = 1") + flows("a", "j", "koniec")
        + flows("x", "b", named="d") + flows("b", "j")
    )  # fmt: skip
    walk = Walk(stuck, w=1)

    assert planned(walk, stuck).colour is Colour.GREEN


def test_other_rules_of_an_open_ad_hoc_sub_process_are_told() -> None:
    old = adhoc("a", "b")

    plan = planned(Walk(old), old.replace(b'id="dowolne"', b'id="dowolne" ordering="Sequential"'))

    assert plan.colour is Colour.AMBER
    assert "naraz" in texts(plan)["dowolne"]
