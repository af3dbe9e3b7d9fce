"""What a diagram of blocks must do, said a second time and without any BPMN engine.

Every block under way is an object with the blocks under way inside it. Nothing here knows flows, tokens or joins, so
that a mistake in the engine is not made here again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from random_diagrams import Block, variables


@dataclass
class World:
    """What all blocks share."""

    variables: dict[str, int]
    now: int = 0  # minutes
    ticks: int = 0
    done: Counter[str] = field(default_factory=Counter)  # how often a step was finished
    stopped: Counter[str] = field(default_factory=Counter)  # how often one was taken away

    def tick(self) -> int:
        self.ticks += 1
        return self.ticks


class Wait:
    """Something that is waited for: a person, a message or a moment."""

    def __init__(self, kind: str, name: str, world: World, due: int = 0) -> None:
        self.kind, self.name, self.due = kind, name, due
        self.order = world.tick()


class Under:
    """A block under way."""

    def __init__(self, block: Block, world: World, level: Level) -> None:
        self.block, self.world, self.level = block, world, level
        self.over = False
        self.kids: list[Under] = []
        self.wait: Wait | None = None
        self.begin()
        self.go_on()

    def begin(self) -> None:
        """Take the first step."""

    def after(self) -> bool:
        """All inside is over; True when the block goes on with something else."""
        return False

    def open(self, block: Block) -> None:
        """Start a block inside."""
        self.kids.append(self.inside(block))

    def inside(self, block: Block) -> Under:
        return KINDS[block.kind](block, self.world, self.level)

    def go_on(self) -> None:
        """Let everything inside go as far as it can."""
        if self.over:
            return
        for kid in list(self.kids):
            kid.go_on()
        while not self.over and self.wait is None and all(kid.over for kid in self.kids):
            self.over = not self.after()

    def waits(self) -> Iterator[tuple[Wait, Under]]:
        """Everything that is waited for inside."""
        if self.over:
            return
        if self.wait is not None:
            yield self.wait, self
        for kid in self.kids:
            yield from kid.waits()

    def happen(self, _wait: Wait) -> None:
        """What was waited for has come."""
        self.wait = None
        self.world.done[self.block.id] += 1

    def steps(self) -> Iterator[str]:
        """Steps that are open, for those who take them away."""
        if not self.over:
            if self.wait is not None and self.wait.kind in ("task", "message"):
                yield self.block.id
            for kid in self.kids:
                yield from kid.steps()

    def take_away(self) -> None:
        self.world.stopped.update(self.steps())
        self.over = True


class User(Under):
    def begin(self) -> None:
        self.wait = Wait("task", self.block.id, self.world)


class Message(Under):
    def begin(self) -> None:
        self.wait = Wait("message", f"m_{self.block.id}", self.world)


class Script(Under):
    def begin(self) -> None:
        self.world.variables[f"k_{self.block.id}"] += 1
        self.world.done[self.block.id] += 1


class Seq(Under):
    def begin(self) -> None:
        self.at = 0
        self.open(self.block.parts[0])

    def after(self) -> bool:
        self.at += 1
        if self.at < len(self.block.parts):
            self.open(self.block.parts[self.at])
        return self.at < len(self.block.parts)


class Xor(Under):
    def begin(self) -> None:
        self.open(self.block.parts[0 if self.world.variables["w"] == self.block.number else 1])


class Par(Under):
    def begin(self) -> None:
        for part in self.block.parts:
            self.open(part)


class Inc(Under):
    def begin(self) -> None:
        w = self.world.variables["w"]
        taken = [index for index, value in enumerate(self.block.values) if (w == value) != self.block.flag]
        for index in taken or [2]:
            self.open(self.block.parts[index])


class Loop(Under):
    def begin(self) -> None:
        self.world.variables[f"n_{self.block.id}"] = 0
        self.open(self.block.parts[0])

    def after(self) -> bool:
        self.world.variables[f"n_{self.block.id}"] += 1
        if self.world.variables[f"n_{self.block.id}"] < self.block.number:
            self.open(self.block.parts[0])
            return True
        return False


class Level(Under):
    """A level of its own: over when its block and all its side branches are."""

    def begin(self) -> None:
        self.sides: list[Under] = []
        self.open(self.block.parts[0])

    def inside(self, block: Block) -> Under:
        return KINDS[block.kind](block, self.world, self)

    def go_on(self) -> None:
        if self.over:
            return
        for one in [*self.sides, *self.kids]:
            one.go_on()
        if all(kid.over for kid in self.kids) and self.may_end() and all(side.over for side in self.sides):
            self.world.done[self.block.id] += 1
            self.over = True

    def may_end(self) -> bool:
        """The block is over; what is left are side branches."""
        return not self.over

    def waits(self) -> Iterator[tuple[Wait, Under]]:
        yield from super().waits()
        if not self.over:
            for side in self.sides:
                yield from side.waits()

    def steps(self) -> Iterator[str]:
        if not self.over:
            yield self.block.id
            yield from super().steps()
            for side in self.sides:
                yield from side.steps()


class Process(Level):
    def __init__(self, block: Block, world: World) -> None:
        super().__init__(Block("process", "", (block,)), world, self)


class Stop(Level):
    """The end of the first branch takes everything else away."""

    def begin(self) -> None:
        self.sides = []
        for part in self.block.parts:
            self.open(part)

    def go_on(self) -> None:
        if self.over:
            return
        for kid in [*self.sides, *self.kids]:
            kid.go_on()
        if len(self.kids) == 2 and self.kids[0].over:
            for other in [*self.sides, self.kids[1]]:
                other.take_away()
            self.world.done[self.block.id] += 1
            self.over = True


class Guarded(Under):
    """A level with something at its border, and perhaps a block that takes its place."""

    def begin(self) -> None:
        self.host = Level(self.block, self.world, self.level)
        self.kids.append(self.host)
        self.caught = False

    def catch(self) -> None:
        self.host.take_away()
        self.wait = None
        self.caught = True
        self.world.done[f"{self.block.id}_b"] += 1
        self.open(self.block.parts[1])


class Expire(Guarded):
    def begin(self) -> None:
        self.guard = Wait("timer", f"{self.block.id}_b", self.world, self.world.now + self.block.number)
        super().begin()

    def waits(self) -> Iterator[tuple[Wait, Under]]:
        yield from super().waits()
        if not self.host.over:
            yield self.guard, self

    def happen(self, _wait: Wait) -> None:
        self.catch()


class Remind(Expire):
    """The side branch belongs to the level around."""

    def begin(self) -> None:
        self.left = 3 if self.block.flag else 1
        super().begin()

    def waits(self) -> Iterator[tuple[Wait, Under]]:
        return super().waits() if self.left else Under.waits(self)

    def happen(self, wait: Wait) -> None:
        self.left -= 1
        wait.due += self.block.number
        while self.left and wait.due <= self.world.now:
            self.left -= 1
            wait.due += self.block.number
        self.world.done[f"{self.block.id}_b"] += 1
        self.level.sides.append(self.inside(self.block.parts[1]))


class Error(Guarded):
    """Its level ends in an error when `w` says so; then what still runs in it is taken away."""

    def begin(self) -> None:
        self.host = Failing(self.block, self.world, self.level)
        self.kids.append(self.host)
        self.caught = False

    def after(self) -> bool:
        if isinstance(self.host, Failing) and self.host.failed and not self.caught:
            self.catch()
            return True
        return False


class Failing(Level):
    failed = False
    asked = False

    def may_end(self) -> bool:
        if not self.asked and self.world.variables["w"] == self.block.number:
            self.failed = True
            self.take_away()
        self.asked = True
        return not self.over


class Race(Under):
    def begin(self) -> None:
        self.letter = Wait("message", f"m_{self.block.id}", self.world)
        self.moment = Wait("timer", f"{self.block.id}_b", self.world, self.world.now + self.block.number)
        self.wait = self.letter

    def waits(self) -> Iterator[tuple[Wait, Under]]:
        yield from super().waits()
        if not self.over and self.wait is not None:
            yield self.moment, self

    def happen(self, wait: Wait) -> None:
        self.wait = None
        self.world.done[f"{self.block.id}_{'a' if wait is self.letter else 'b'}"] += 1
        self.open(self.block.parts[0 if wait is self.letter else 1])

    def steps(self) -> Iterator[str]:
        if not self.over:
            if self.wait is not None:
                yield f"{self.block.id}_g"
            for kid in self.kids:
                yield from kid.steps()


class Many(Under):
    """Rounds of a level, one after another or side by side."""

    def begin(self) -> None:
        self.begun = 0
        for _ in range(1 if self.block.flag else self.block.number):
            self.next_round()

    def next_round(self) -> None:
        self.begun += 1
        self.kids.append(Level(self.block, self.world, self.level))

    def after(self) -> bool:
        if self.begun < self.block.number:
            self.next_round()
            return True
        return False


KINDS: dict[str, type[Under]] = {
    "user": User,
    "message": Message,
    "script": Script,
    "seq": Seq,
    "xor": Xor,
    "par": Par,
    "inc": Inc,
    "loop": Loop,
    "sub": Level,
    "call": Level,
    "stop": Stop,
    "expire": Expire,
    "remind": Remind,
    "error": Error,
    "race": Race,
    "many": Many,
}


class Reference:
    """A diagram of blocks under way."""

    def __init__(self, block: Block) -> None:
        self.world = World(variables(block))
        self.process = Process(block, self.world)

    @property
    def finished(self) -> bool:
        return self.process.over

    def waits(self, kind: str) -> list[Wait]:
        """What is waited for, the oldest first."""
        found = [wait for wait, _ in self.process.waits() if wait.kind == kind]
        return sorted(found, key=lambda wait: wait.order)

    def happen(self, kind: str, name: str) -> None:
        """The oldest wait with this name is over."""
        found = [
            (wait.order, wait, under) for wait, under in self.process.waits() if (wait.kind, wait.name) == (kind, name)
        ]
        _, wait, under = min(found, key=lambda one: one[0])
        under.happen(wait)
        self.process.go_on()

    def wait_until(self, now: int) -> None:
        """Let time pass and everything happen that is due by then, in its order."""
        self.world.now = now
        while ready := [wait for wait in self.waits("timer") if wait.due <= now]:
            first = min(ready, key=lambda wait: (wait.due, wait.order))
            for wait, under in list(self.process.waits()):
                if wait is first:
                    under.happen(wait)
            self.process.go_on()
