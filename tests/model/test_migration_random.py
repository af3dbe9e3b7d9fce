"""Random diagrams are edited at random while an instance is under way, which then goes on on the new one.

`BIEG_MIGRATION_RUNS` says how many are walked.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from blocks import variables
from building import NOON, Walk
from diagram_files import Files
from lxml import etree
from random_diagrams import EVERYTHING, Maker

from engine.bpmn import bundle, migration
from engine.bpmn.migration import Colour
from engine.errors import NotFound
from engine.model import Outcome

RUNS = int(os.environ.get("BIEG_MIGRATION_RUNS", "60"))
BATCHES = 4
DEEDS = 600
KINDS = {kind: weight for kind, weight in EVERYTHING.items() if kind != "adhoc"}  # whose offers are not taken here
EVENTS = {"timer": 3, "cycle": 2, "message": 2, "error": 2}
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

Deed = tuple[str, str, int]  # what happens, where, what is said or how many minutes have passed


class Editor:
    """Changes a file as a manager would."""

    def __init__(self, xml: bytes, lot: Random) -> None:
        self.root, self.lot, self.count, self.gone = etree.fromstring(xml), lot, 0, ""

    def edit(self, kind: str) -> None:
        getattr(self, kind)()

    def written(self) -> bytes:
        return bytes(etree.tostring(self.root))

    def relabel(self) -> None:
        for one in self.root.iter(f"{BPMN}userTask"):
            one.set("name", f"Nowa nazwa {one.get('id')}")

    def insert(self) -> None:
        """A task on some flow."""
        self._between([self._new("userTask")])

    def block(self) -> None:
        """Two tasks side by side on some flow."""
        split, join = self._new("parallelGateway"), self._new("parallelGateway")
        flow = self._between([split, join])
        inner = next(one for one in flow.getparent() if one.get("sourceRef") == split)
        for number in range(2):
            task = self._new("userTask")
            self._add(flow.getparent(), task)
            self._tie(flow.getparent(), split, task)
            self._tie(flow.getparent(), task, join) if number else inner.set("sourceRef", task)

    def remove(self) -> None:
        """A task with one way in and one way out."""
        found = [one for one in self.root.iter(f"{BPMN}userTask") if self._simple(one)]
        if found:
            task = self.lot.choice(found)
            (before,), (behind,) = self._flows("targetRef", task), self._flows("sourceRef", task)
            self.gone = task.get("id")
            before.set("targetRef", behind.get("targetRef"))
            task.getparent().remove(behind)
            task.getparent().remove(task)

    def _simple(self, task: etree._Element) -> bool:
        guards = [one for one in task.getparent() if one.get("attachedToRef") == task.get("id")]
        return not guards and len(self._flows("targetRef", task)) == len(self._flows("sourceRef", task)) == 1

    def _flows(self, end: str, task: etree._Element) -> list[etree._Element]:
        return [one for one in task.getparent() if one.get(end) == task.get("id")]

    def _new(self, tag: str) -> str:
        self.count += 1
        return f"{tag}_nowy{self.count}"

    def _add(self, level: etree._Element, identity: str) -> None:
        etree.SubElement(level, BPMN + identity.split("_", maxsplit=1)[0], id=identity)

    def _tie(self, level: etree._Element, source: str, target: str) -> None:
        self.count += 1
        etree.SubElement(level, f"{BPMN}sequenceFlow", id=f"nowa{self.count}", sourceRef=source, targetRef=target)

    def _between(self, names: list[str]) -> etree._Element:
        """New steps on some flow, which then ends at the first of them."""
        races = {one.get("id") for one in self.root.iter(f"{BPMN}eventBasedGateway")}
        flows = [one for one in self.root.iter(f"{BPMN}sequenceFlow") if one.get("sourceRef") not in races]
        flow = self.lot.choice(flows)
        level, target = flow.getparent(), flow.get("targetRef")
        for name in names:
            self._add(level, name)
        for source, goal in zip(names, [*names[1:], target], strict=True):
            self._tie(level, source, goal)
        flow.set("targetRef", names[0])
        return flow


def deeds(outcome: Outcome, now: float, lot: Random) -> Deed:
    """Something that can happen."""
    choices = [("task", one.details.element) for one in outcome.tasks]
    choices += [(one.kind.value, one.name) for one in outcome.messages]
    if outcome.timers and (not choices or lot.random() < 0.2):
        due = min(one.due_at for one in outcome.timers)
        return "wait", "", max(0, int((due - NOON) / timedelta(minutes=1) - now))
    kind, name = lot.choice(sorted(choices))
    return kind, name, lot.randrange(3)


def happen(walk: Walk, deed: Deed) -> None:
    kind, name, number = deed
    if kind == "wait":
        walk.wait(minutes=number)
    elif kind == "task":
        walk.do(name, w=number)
    elif kind == "signal":
        walk.listen(name)
    else:
        walk.hear(name, {"w": number})


def minutes(walk: Walk) -> float:
    return (walk.now - NOON) / timedelta(minutes=1)


def seen(walk: Walk) -> object:
    """What somebody outside sees of an instance."""
    timers = sorted((one.element, one.due_at) for one in walk.outcome.timers)
    return walk.open, timers, sorted(one.name for one in walk.outcome.messages), walk.outcome.finished


def replayed(xml: bytes, called: dict[str, bytes], given: dict[str, int], done: list[Deed]) -> Walk | None:
    """An instance that did the same on the new diagram from its start; None when it could not."""
    walk = Walk(xml, called, None, **given)
    if any("_nowy" in name for name in walk.open):
        return None
    for deed in done:
        try:
            happen(walk, deed)
        except (StopIteration, NotFound):
            return None
        if any("_nowy" in name for name in walk.open):
            return None
    return walk


def run_one(seed: int, kind: str, seenall: Counter[str]) -> None:
    """Walk to a random place, migrate, walk on to the end."""
    lot = Random(f"{seed} {kind}")
    block = Maker(seed, KINDS, EVENTS).diagram()
    files = Files()
    xml, given = files.write(block), variables(block)
    walk, done = Walk(xml, files.called, None, **given), []
    passed = {*walk.open}
    for _ in range(lot.randrange(12)):
        if walk.outcome.finished:
            break
        done.append(deeds(walk.outcome, minutes(walk), lot))
        happen(walk, done[-1])
        passed |= {*walk.open}
    if walk.outcome.finished:
        return
    editor = Editor(xml, lot)
    editor.edit(kind)
    new = bundle.restore(bundle.compile(editor.written(), files.called))
    plan = migration.plan(walk.program, new, walk.outcome.state, facts={}, now=walk.now)
    seenall[plan.colour] += 1
    if plan.outcome is None:
        assert plan.colour is Colour.RED
        assert plan.remarks
        return
    walk.program, walk.outcome = new, plan.outcome
    ahead = plan.colour is Colour.GREEN and editor.gone not in passed
    twin = replayed(editor.written(), files.called, given, done) if ahead else None
    finish(walk, twin, lot, f"seed {seed}, {kind}", seenall)


def finish(walk: Walk, twin: Walk | None, lot: Random, where: str, seenall: Counter[str]) -> None:
    """To the end; in step with an instance that was on the new diagram all along, when there is one."""
    for _ in range(DEEDS):
        if twin is not None:
            assert seen(walk) == seen(twin), where
        if walk.outcome.finished:
            seenall["twins"] += twin is not None
            return
        assert walk.outcome.tasks or walk.outcome.timers or walk.outcome.messages, f"{where}: nothing is waited for"
        deed = deeds(walk.outcome, minutes(walk), lot)
        happen(walk, deed)
        if twin is not None:
            happen(twin, deed)
    raise AssertionError(f"{where}: not finished")


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("kind", ["relabel", "insert", "block", "remove"])
def test_a_migrated_instance_does_what_the_new_diagram_wants(kind: str, batch: int) -> None:
    found: Counter[str] = Counter()

    for seed in range(batch, RUNS, BATCHES):
        run_one(seed, kind, found)

    assert found[Colour.GREEN] > found.total() / 4, found
    assert found["twins"] > 0, found


def test_migration_to_the_same_diagram_is_no_difference_at_all() -> None:
    for seed in range(RUNS):
        lot, block, files = Random(seed), Maker(seed, EVERYTHING).diagram(), Files()
        xml = files.write(block)
        walk = Walk(xml, files.called, None, **variables(block))
        same = bundle.restore(bundle.compile(xml, files.called))
        for _ in range(10):
            if walk.outcome.finished:
                break
            plan = migration.plan(walk.program, same, walk.outcome.state, facts={}, now=walk.now)
            assert (plan.colour, plan.remarks) == (Colour.GREEN, ()), seed
            assert plan.outcome is not None
            assert plan.outcome.state == walk.outcome.state, seed
            begin = [one for one in walk.outcome.offers if not one.closing]
            if begin and lot.random() < 0.5:
                walk.take_up(begin[0].element, begin[0].key)
            elif not (walk.outcome.tasks or walk.outcome.timers or walk.outcome.messages):
                break
            else:
                happen(walk, deeds(walk.outcome, minutes(walk), lot))
