"""Walks a random diagram in the engine and in the reference at once, and compares after every deed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from blocks import Block, variables
from building import NOON, Walk
from diagram_files import Files
from reference import Reference

from engine.bpmn import runner, waits
from engine.bpmn import state as states
from engine.errors import Conflict, EngineError, NotFound
from engine.model import StepState

DEEDS = 1000
QUIET = 40  # after so many deeds nothing is set in motion any more that need not be
KINDS = ("task", "message", "signal", "conditional", "timer")


class Account:
    """Steps as a reader of the moves alone would know them."""

    def __init__(self) -> None:
        self.open: dict[str, str] = {}
        self.done: Counter[str] = Counter()
        self.stopped: Counter[str] = Counter()

    def read(self, walk: Walk) -> None:
        for move in walk.outcome.moves:
            assert move.first == (move.key not in self.open), f"{move.element}: first={move.first}"
            self.open.pop(move.key, None)
            if move.state is StepState.ACTIVE:
                self.open[move.key] = move.element
            elif move.state is StepState.DONE:
                self.done[move.element] += 1
            else:
                self.stopped[move.element] += 1


class Story:
    """One instance, told twice."""

    def __init__(self, block: Block, seed: int) -> None:
        files = Files()
        xml = files.write(block)
        self.root, self.lot, self.account = block.id, Random(seed), Account()
        self.walk = Walk(xml, files.called, None, **variables(block))
        self.reference = Reference(block)
        self.last = ""  # key of the task that was done last
        self.deeds = 0
        self.told: list[str] = []
        self.account.read(self.walk)

    def tell(self) -> None:
        """Walk to the end, or so far that more of the same would show nothing new: of 50,000 walks one is so long.

        Raises:
            AssertionError: when the two differ.
        """
        self.look()
        while not self.reference.process.over and self.deeds < DEEDS:
            self.deeds += 1
            self.act()
            self.look()

    def act(self) -> None:
        """Do one of the things that can happen, in both worlds, and now and then one that cannot."""
        odd = self.lot.random()
        if odd < 0.05:
            self.save_and_load()
        elif odd < 0.1:
            self.do_in_vain()
        timers = self.reference.waits("timer")
        needed, others = self.choices()
        if timers and (not needed or self.lot.random() < 0.25):
            self.pass_time(min(wait.due for wait in timers))
        else:
            others = others if self.deeds < QUIET and self.lot.random() < 0.15 else []
            self.cause(*self.lot.choice(others or needed))

    def choices(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """What can be caused: what the instance needs to go on, and what only may come."""
        found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
        for kind in ("task", "message", "signal", "conditional"):
            for wait in self.reference.waits(kind):
                if wait.under.block.id != "_all":
                    found[wait.guard is not None].append((kind, wait.element))
        if not found[0] or (self.deeds < QUIET and self.lot.random() < 0.3):
            opened = self.reference.adhoc()
            held = {one.block.id for one in opened if one.kids and one.block.how}  # may not be closed now
            found[0].extend(("offer", name) for one in opened for name in one.offers() if name not in held)
        return found

    def cause(self, kind: str, element: str) -> None:
        """Let this come to the oldest that waits for it."""
        self.told.append(f"{kind} {element}")
        if kind == "offer":
            self.take_up(element)
            return
        wait = next(one for one in self.reference.waits(kind) if one.element == element)
        said = {"w": self.lot.randrange(3), f"f_{element}": self.lot.randrange(1000)}
        if kind == "signal":
            self.hear_signal(wait.on.name)
        elif kind == "conditional":
            self.hear("tell", {"t": wait.on.number})
            self.look()
            self.hear("tell", {"t": 0})  # so that none is true already in the moment in which it is armed
        elif kind == "message":
            self.hear(element, said)
        else:
            self.do(element, said)

    def do(self, element: str, said: dict[str, int]) -> None:
        """Complete one of the tasks of this element, not always the oldest."""
        keys = sorted((one.key for one in self.walk.outcome.tasks if one.details.element == element), key=int)
        nth = self.lot.randrange(len(keys))
        self.reference.happen("task", element, said, nth)
        self.last = keys[nth]
        self.walk.do_key(self.last, **said)
        self.account.read(self.walk)

    def hear(self, element: str, said: dict[str, int]) -> None:
        wait = next(one for one in self.reference.waits("message") if one.element == element)
        self.reference.happen("message", element, said)
        self.walk.hear(wait.on.name, said)
        self.account.read(self.walk)

    def take_up(self, element: str) -> None:
        """Begin something in the oldest ad-hoc sub-process that offers it, or close that."""
        self.reference.take_up(element)
        walk = self.walk
        offer = min((one for one in walk.outcome.offers if one.element == element), key=lambda one: int(one.key))
        said = {"facts": walk.facts, "now": walk.now}
        if offer.closing:
            walk.outcome = runner.close(walk.program, walk.outcome.state, offer.key, **said)
        else:
            walk.outcome = runner.take_up(walk.program, walk.outcome.state, offer.key, element, **said)
        self.account.read(walk)

    def hear_signal(self, name: str) -> None:
        self.reference.hear(name)
        walk = self.walk
        walk.outcome = runner.signal(
            walk.program, walk.outcome.state, name=name, payload={}, facts=walk.facts, now=walk.now
        )
        self.account.read(walk)

    def pass_time(self, due: int) -> None:
        """Time passes until the next timer, or longer, so that several are due."""
        longer = self.lot.randrange(60_000) if self.lot.random() < 0.3 else 0
        now = max(self.reference.world.now, due) + longer
        self.told.append(f"time {now}")
        self.reference.wait_until(now)
        self.walk.wait(minutes=now - (self.walk.now - NOON) / timedelta(minutes=1))
        self.account.read(self.walk)

    def save_and_load(self) -> None:
        """What is loaded and saved again stays what it was."""
        state = self.walk.outcome.state
        run = states.load(state, self.walk.program, facts={}, now=self.walk.now)
        assert states.dump(run) == state
        self.walk.wait(minutes=0)
        assert self.walk.outcome.moves == ()
        assert self.walk.outcome.state == state

    def do_in_vain(self) -> None:
        """A message for nobody and a task that is done already change nothing."""
        before = self.walk.outcome
        with pytest.raises(NotFound):
            self.walk.hear("m_unknown", {"w": 99})
        if self.last:
            with pytest.raises(Conflict):
                self.walk.do_key(self.last, w=99)
        assert self.walk.outcome is before

    def look(self) -> None:
        """Both worlds look the same, and the instance is not stuck."""
        outcome, reference = self.walk.outcome, self.reference
        same("done", told(self.account.done), told(reference.world.done) - Counter({self.root: 1}))
        same("stopped", told(self.account.stopped), told(reference.world.stopped))
        same("finished", outcome.finished, reference.process.over)
        same("variables", outcome.variables, reference.process.own)
        found = self.waiting()
        for kind in KINDS:
            same(kind, found[kind], sorted(wait.element for wait in reference.waits(kind)))
        offered = sorted(element for one in reference.adhoc() for element in one.offers())
        same("offers", sorted(offer.element for offer in outcome.offers), offered)
        sent = [(one.kind.value, one.name) for one in outcome.sent]
        same("sent", sent, reference.world.sent)
        reference.world.sent.clear()
        moments = sorted((timer.element, timer.due_at) for timer in outcome.timers)
        wanted = [(wait.element, NOON + timedelta(minutes=wait.due)) for wait in reference.waits("timer")]
        same("moments", moments, sorted(wanted))
        if outcome.finished:
            same("open steps", self.account.open, {})
        else:
            panels = sum(wait.under.block.id == "_all" for wait in reference.waits("message"))
            assert sum(map(len, found.values())) + len(offered) > panels, "stuck"

    def waiting(self) -> dict[str, list[str]]:
        """Elements that wait, by what they wait for."""
        walk = self.walk
        run = states.load(walk.outcome.state, walk.program, facts={}, now=walk.now)
        found = {kind: sorted(token.task_spec.bpmn_id for token, _ in waits.waiting(run, kind)) for kind in KINDS}
        return {**found, "task": walk.open}


def same(what: str, found: object, wanted: object) -> None:
    if isinstance(found, Counter) and isinstance(wanted, Counter):
        assert found == wanted, f"{what}: {found - wanted} too much, {wanted - found} too little"
    assert found == wanted, f"{what}: {found} instead of {wanted}"


def told(counts: Counter[str]) -> Counter[str]:
    """Steps without those that only hold a diagram together."""
    return Counter({name: count for name, count in counts.items() if count and not name.startswith("_")})


def walk_one(block: Block, seed: int) -> str:
    """Walk one diagram to its end: where the engine does something else than the reference, "" when nowhere."""
    story = Story(block, seed)
    try:
        story.tell()
    except (AssertionError, EngineError, LookupError) as difference:
        return f"deed {story.deeds} ({'; '.join(story.told[-5:])}): {type(difference).__name__} {difference}"
    return ""
