"""What a diagram of blocks must do, said a second time and without any BPMN engine.

Every block under way is an object with the blocks under way inside it. Nothing here knows flows, tokens or joins, so
that a mistake in the engine is not made here again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from blocks import Block, Guard, On, variables

TASK = On("task")


@dataclass
class World:
    """What all blocks share."""

    now: int = 0  # minutes
    ticks: int = 0
    done: Counter[str] = field(default_factory=Counter)  # how often a step was finished
    stopped: Counter[str] = field(default_factory=Counter)  # how often one was taken away
    sent: list[tuple[str, str]] = field(default_factory=list)  # what was thrown for others, too

    def tick(self) -> int:
        self.ticks += 1
        return self.ticks


class Wait:
    """Something that `under` waits for; with a `guard` it goes on meanwhile."""

    def __init__(self, under: Under, element: str, on: On, guard: Guard | None = None) -> None:
        self.under, self.element, self.on, self.guard = under, element, on, guard
        self.order = under.world.tick()
        self.due, self.left = under.world.now + on.number, on.times
        self.was = False  # the condition was true when it was looked at last

    def come(self) -> None:
        """It has come; of a timer's rounds those that were missed are not made up."""
        if self.on.kind == "timer":
            while self.left and self.due <= self.under.world.now:
                self.due, self.left = self.due + self.on.number, self.left - 1
            if not self.left:
                self.under.mine.remove(self)
        self.under.happen(self)


class Under:
    """A block under way."""

    def __init__(self, block: Block, parent: Under | None, world: World, own: dict[str, Any] | None = None) -> None:
        self.block, self.parent, self.world = block, parent, world
        self.own = own or {}  # variables of this block alone
        self.kids: list[Under] = []
        self.mine: list[Wait] = []
        self.over = False

    def begin(self) -> None:
        """Take the first step."""

    def after(self) -> bool:
        """All inside is over; True when the block goes on with something else."""
        return False

    def happen(self, wait: Wait) -> None:
        """What was waited for has come."""

    def shown(self) -> bool:
        """True when it is an open step of its own."""
        return False

    def open(self, block: Block) -> None:
        """Start a block inside."""
        self.add(KINDS[block.kind](block, self, self.world))

    def add(self, kid: Under) -> None:
        self.kids.append(kid)
        kid.begin()
        kid.go_on()

    def go_on(self) -> None:
        """Let everything inside go as far as it can."""
        for kid in list(self.kids):
            kid.go_on()
        while not self.over and self.idle():
            self.world.tick()
            if not self.after():
                self.mine.clear()
                self.over = True

    def idle(self) -> bool:
        """True when nothing inside is waited for."""
        self.kids = [kid for kid in self.kids if not kid.over]
        return not self.kids and all(wait.guard for wait in self.mine)

    def clear(self) -> None:
        """Take away everything inside."""
        self.mine.clear()
        for kid in self.kids:
            kid.take_away()
        self.kids = []

    def take_away(self) -> None:
        if not self.over:
            self.world.stopped[self.block.id] += self.shown()
            self.clear()
            self.over = True

    def waits(self) -> Iterator[Wait]:
        """Everything that is waited for inside."""
        yield from self.mine
        for kid in self.kids:
            yield from kid.waits()

    def around(self) -> Iterator[Under]:
        """The block and all around it, the innermost first."""
        here: Under | None = self
        while here is not None:
            yield here
            here = here.parent

    @property
    def level(self) -> Level:
        """The level that the block is on."""
        return next(one for one in self.around() if isinstance(one, Level))

    def get(self, name: str) -> Any:
        return next(one.own[name] for one in self.around() if name in one.own)

    def set(self, name: str, value: object) -> None:
        """Give a variable a value: in the innermost round that has it, else in the process."""
        *inside, process = self.around()
        next((one for one in inside if name in one.own), process).own[name] = value

    def throw(self, on: On) -> None:
        """Let an event out; it is caught at once."""
        if on.kind == "terminate":
            self.level.clear()
        elif on.kind in ("message", "signal"):
            *_, process = self.around()
            found = process.listeners(on)
            if on.kind == "signal" or not found:
                self.world.sent.append((on.kind, on.name))
            for wait in found if on.kind == "signal" else found[:1]:
                if wait in wait.under.mine:  # none before has taken it away
                    wait.come()
        else:
            self.climb(on)

    def listeners(self, on: On) -> list[Wait]:
        """Those inside that a message or signal may reach, the oldest first."""
        found = [wait for wait in self.waits() if (wait.on.kind, wait.on.name) == (on.kind, on.name)]
        return sorted(found, key=lambda wait: wait.order)

    def climb(self, on: On) -> None:
        """Errors and escalations go to the nearest that catches them."""
        for one in self.around():
            fit = {wait.on.name: wait for wait in one.mine if wait.on.kind == on.kind}
            found = fit.get(on.name) or fit.get("")
            if found is not None:
                found.come()
                return


class Leaf(Under):
    """A person, or an event in the flow."""

    def begin(self) -> None:
        self.mine.append(Wait(self, self.block.id, self.block.ons[0] if self.block.ons else TASK))

    def happen(self, _wait: Wait) -> None:
        self.mine.clear()
        self.world.done[self.block.id] += 1

    def shown(self) -> bool:
        return bool(self.mine)


class Pass(Under):
    """Done at once."""

    def begin(self) -> None:
        kind, name = self.block.kind, self.block.id
        self.world.done[name] += 1
        if kind == "link":
            self.world.done[f"{name}_c"] += 1
        elif kind == "script":
            self.set(f"k_{name}", self.get(f"k_{name}") + 1)
        elif kind == "sum":  # the result of a round
            self.set(f"r_{self.block.how}", 10 * self.get(f"i_{self.block.how}") + self.get("w"))
        elif kind == "throw":
            self.throw(self.block.ons[0])


class Seq(Under):
    def begin(self) -> None:
        self.at = 0
        self.open(self.block.parts[0])

    def after(self) -> bool:
        self.at += 1
        if self.at < len(self.block.parts):
            self.open(self.block.parts[self.at])
        return self.at < len(self.block.parts)


class Split(Under):
    """Flows that have a condition, or none (None); the part behind them is the default. At a fork they leave a task."""

    def begin(self) -> None:
        self.chosen = self.block.kind != "fork"
        if self.chosen:
            self.choose()
        else:
            self.open(self.block.parts[-1])

    def after(self) -> bool:
        before, self.chosen = self.chosen, True
        if not before:
            self.choose()
        return not before

    def choose(self) -> None:
        values, parts, w = self.block.values, self.block.parts, self.get("w")
        taken = [
            part for value, part in zip(values, parts, strict=False) if value is None or (w == value) != self.block.flag
        ]
        for part in taken or [parts[len(values)]]:
            self.open(part)


class Loop(Under):
    def begin(self) -> None:
        self.set(f"n_{self.block.id}", 0)
        self.open(self.block.parts[0])

    def after(self) -> bool:
        rounds = self.get(f"n_{self.block.id}") + 1
        self.set(f"n_{self.block.id}", rounds)
        if rounds < self.block.number:
            self.open(self.block.parts[0])
        return bool(rounds < self.block.number)


class Race(Under):
    """Whatever comes first."""

    def begin(self) -> None:
        for on, side in zip(self.block.ons, "ab", strict=True):
            self.mine.append(Wait(self, f"{self.block.id}_{side}", on))

    def happen(self, wait: Wait) -> None:
        self.mine.clear()
        self.world.done.update([self.block.id, wait.element])
        self.open(self.block.parts[wait.element.endswith("b")])

    def shown(self) -> bool:
        return bool(self.mine)


class Host(Under):
    """Something with guards."""

    def begin(self) -> None:
        self.mine += [Wait(self, guard.id, guard.on, guard) for guard in self.block.guards]

    def happen(self, wait: Wait) -> None:
        assert wait.guard is not None
        if wait.guard.interrupts:
            self.clear()
            self.open(wait.guard.part)
        else:
            self.level.open(wait.guard.part)


class Level(Host):
    """A process or sub-process: over when its branches are, and everything that was started beside them."""

    def begin(self) -> None:
        super().begin()
        for at in range(len(self.block.parts)):
            self.add(Branch(self.block, self, self.world, {"_at": at}))

    def after(self) -> bool:
        self.world.done[self.block.id] += 1
        return False

    def shown(self) -> bool:
        return True


class Branch(Under):
    """One way through a level, to its end."""

    def begin(self) -> None:
        self.at = self.own.pop("_at")
        self.open(self.block.parts[self.at])

    def after(self) -> bool:
        on, value = self.block.ons[self.at], self.block.values[self.at]
        if on.kind and value in (None, self.get("w")):
            self.throw(on)
        return False


class Activity(Host):
    """A task or level with guards, once or in rounds."""

    def begin(self) -> None:
        super().begin()
        self.begun = 0
        self.results: dict[int, Any] = {}
        rounds = self.block.rounds
        if rounds is None:
            self.open(self.block.parts[0])
        elif rounds.most and (rounds.kind == "many" or not rounds.flag or self.get("w") != rounds.number):
            for _ in range(1 if rounds.flag or rounds.kind == "loop" else rounds.most):
                self.start_round()
        else:
            self.world.done[self.block.id] += 1
            self.collect()

    def start_round(self) -> None:
        rounds, own = self.block.rounds, {}
        assert rounds is not None
        if rounds.items:
            own = {f"i_{self.block.id}": rounds.items[self.begun], rounds.result: None}
        self.begun += 1
        self.add(Round(self.block, self, self.world, {"loopCounter": self.begun, **own}))

    def round_done(self, round: Round) -> None:
        rounds = self.block.rounds
        assert rounds is not None
        self.results[round.own["loopCounter"]] = round.own.get(rounds.result)
        enough = self.get("w") == rounds.number if rounds.kind == "loop" else len(self.results) == rounds.number
        if enough or len(self.results) == rounds.most:
            for kid in self.kids:
                kid.take_away()
            self.collect()
        elif rounds.kind == "loop" or rounds.flag:
            self.start_round()

    def collect(self) -> None:
        """Results stand in the order of the items."""
        if self.block.rounds is not None and self.block.rounds.items:
            self.set(f"o_{self.block.id}", [self.results[at] for at in sorted(self.results)])

    def happen(self, wait: Wait) -> None:
        self.world.done[wait.element] += 1
        super().happen(wait)


class Round(Under):
    def begin(self) -> None:
        self.open(self.block.parts[0])

    def after(self) -> bool:
        assert isinstance(self.parent, Activity)
        self.parent.round_done(self)
        return False


KINDS: dict[str, type[Under]] = {
    **dict.fromkeys(("user", "catch"), Leaf),
    **dict.fromkeys(("pass", "link", "script", "sum", "throw"), Pass),
    **dict.fromkeys(("xor", "par", "inc", "fork"), Split),
    **{one.__name__.lower(): one for one in (Seq, Loop, Race, Level, Activity)},
}


class Reference:
    """A diagram of blocks under way."""

    def __init__(self, block: Block) -> None:
        self.world = World()
        self.process = Level(block, None, self.world, variables(block))
        self.process.begin()
        self.settle()

    @property
    def finished(self) -> bool:
        return self.process.over

    @property
    def variables(self) -> dict[str, Any]:
        return self.process.own

    def waits(self, kind: str) -> list[Wait]:
        """What is waited for, the oldest first."""
        return sorted((one for one in self.process.waits() if one.on.kind == kind), key=lambda one: one.order)

    def happen(self, kind: str, element: str, said: Mapping[str, object]) -> None:
        """The oldest wait at this element is over, and brings values."""
        wait = next(one for one in self.waits(kind) if one.element == element)
        for name, value in said.items():
            wait.under.set(name, value)
        wait.come()
        self.settle()

    def hear(self, signal: str) -> None:
        """A signal comes from outside."""
        self.process.throw(On("signal", signal))
        self.world.sent.clear()
        self.settle()

    def wait_until(self, now: int) -> None:
        """Let time pass and everything happen that is due by then, in its order."""
        self.world.now = now
        while ready := [wait for wait in self.waits("timer") if wait.due <= now]:
            min(ready, key=lambda wait: (wait.due, wait.order)).come()
            self.settle()

    def settle(self) -> None:
        """Let everything go as far as it can, then look at the conditions."""
        before = -1
        while before != self.world.ticks:
            before = self.world.ticks
            self.process.go_on()
            for wait in self.waits("conditional"):
                was, wait.was = wait.was, self.process.own["t"] == wait.on.number
                if wait.was and not was:
                    self.world.tick()
                    wait.come()
                    break
