"""Instances move between versions of a diagram: what never blocks, what needs a decision, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from building import (
    NOON,
    Walk,
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
from migrating import MESSAGES, guarded, handled, moved, planned, row, texts, waiting

from engine.bpmn.migration import Colour
from engine.errors import Conflict


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
