"""What a diagram of blocks must do, said a second time and without any BPMN engine.

Every block under way is an object with the blocks under way inside it. Nothing here knows flows, tokens or joins, so
that a mistake in the engine is not made here again.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any

from blocks import Block, Guard, On, variables


class World:
    """What all blocks share."""

    def __init__(self) -> None:
        self.now = 0  # minutes
        self.tick = itertools.count().__next__
        self.done: Counter[str] = Counter()  # how often a step was finished
        self.stopped: Counter[str] = Counter()  # how often one was taken away
        self.sent: list[tuple[str, str]] = []  # what was thrown for others, too


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

    shown = False  # it is an open step of its own
    closed = False  # nothing inside sets variables outside

    def __init__(self, block: Block, parent: Under | None, own: dict[str, Any]) -> None:
        self.block, self.parent, self.own = block, parent, own  # `own` are its variables
        self.world: World = parent.world if parent else World()
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

    def open(self, block: Block, kind: type[Under] | None = None, **own: object) -> None:
        """Start something inside."""
        kid = (kind or KINDS[block.kind])(block, self, own)
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
        self.mine.clear()
        for kid in self.kids:
            kid.take_away()
        self.kids = []

    def take_away(self) -> None:
        if not self.over:
            self.world.stopped[self.block.id] += self.shown
            self.clear()
            self.over = True

    def inside(self) -> list[Under]:
        return [self, *(one for kid in self.kids for one in kid.inside())]

    def around(self) -> list[Under]:
        """The block and all around it, the innermost first."""
        return [self, *(self.parent.around() if self.parent else ())]

    def waits(self) -> list[Wait]:
        """Everything that is waited for inside, the oldest first."""
        return sorted((wait for one in self.inside() for wait in one.mine), key=lambda wait: wait.order)

    def level(self) -> Level:
        return next(one for one in self.around() if isinstance(one, Level))

    def get(self, name: str) -> Any:
        return next(one.own[name] for one in self.around() if name in one.own)

    def set(self, name: str, value: object) -> None:
        """Give a variable a value: in the innermost round that has it, else in the process or closed call."""
        next(one for one in self.around() if name in one.own or one.closed).own[name] = value

    def throw(self, on: On) -> None:
        """Let an event out; it is caught at once."""
        if on.kind == "terminate":
            self.level().clear()
        elif on.kind in ("message", "signal"):
            if not self.spread(on) or on.kind == "signal":
                self.world.sent.append((on.kind, on.name))
        else:  # errors, escalations and cancellations go to the nearest that catches them
            fits = ({one.on.name: one for one in under.mine if one.on.kind == on.kind} for under in self.around())
            found = next((fit.get(on.name) or fit[""] for fit in fits if {on.name, ""} & {*fit}), None)
            if found is not None:
                found.come()

    def spread(self, on: On) -> bool:
        """A message reaches the oldest that waits for it, a signal all."""
        around = self.around()
        found = [wait for wait in around[-1].waits() if (wait.on.kind, wait.on.name) == (on.kind, on.name)]
        for wait in found if on.kind == "signal" else found[:1]:
            if wait in wait.under.mine:  # none before has taken it away
                wait.come()
                for one in itertools.takewhile(lambda one: one not in around, wait.under.around()):
                    one.go_on()
        return bool(found)


class Leaf(Under):
    """A person, an event in the flow, or the first of two events and what follows it."""

    shown = True

    def begin(self) -> None:
        sides = ("_a", "_b") if self.block.parts else ("",)
        for on, side in zip(self.block.ons or (On("task"),), sides, strict=True):
            self.mine.append(Wait(self, self.block.id + side, on))

    def happen(self, wait: Wait) -> None:
        self.shown = False
        self.mine.clear()
        self.world.done.update({self.block.id, wait.element})
        if self.block.parts:
            self.open(self.block.parts[wait.element.endswith("_b")])


class Pass(Under):
    """Done at once."""

    def begin(self) -> None:
        kind, name, of = self.block.kind, self.block.id, self.block.how
        self.world.done[name] += 1
        if kind == "link":
            self.world.done[f"{name}_c"] += 1
        elif kind == "script":
            self.set(f"k_{name}", self.get(f"k_{name}") + 1)
        elif kind == "sum":  # the result of a round
            self.set(f"r_{of}", 10 * self.get(f"i_{of}") + self.get("w"))
        elif kind == "throw":
            self.throw(self.block.ons[0])


class Seq(Under):
    def begin(self) -> None:
        self.rest = list(self.block.parts)
        self.after()

    def after(self) -> bool:
        if not self.rest:
            return False
        self.open(self.rest.pop(0))
        return True


class Split(Under):
    """Flows that have a condition, or none (None); the part behind them is the default."""

    def begin(self) -> None:
        values, parts, w = self.block.values, self.block.parts, self.get("w")
        holds = [value is None or (w == value) != self.block.flag for value in values]
        for part in list(itertools.compress(parts, holds)) or [parts[len(values)]]:
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
        return bool(self.kids)


class Host(Under):
    """Something with guards."""

    def begin(self) -> None:
        self.mine += [Wait(self, guard.id, guard.on, guard) for guard in self.block.guards]

    def happen(self, wait: Wait) -> None:
        if wait.guard.interrupts:
            self.clear()
        place = self if wait.guard.interrupts else self.level()
        place.open(wait.guard.part)


class Level(Host):
    """A process or sub-process: over when its branches are, and everything that was started beside them."""

    shown = True

    def begin(self) -> None:
        self.closed = self.parent is None or self.block.how == "closed"
        if self.closed:
            self.own = {**variables(self.block), "w": self.parent.get("w") if self.parent else 0}
        super().begin()
        for at in range(len(self.block.parts)):
            self.open(self.block, Piece, at=at)

    def piece_done(self, piece: Piece) -> None:
        on, value = self.block.ons[piece.at], self.block.values[piece.at]
        if on.kind and value in (None, self.get("w")):
            piece.throw(on)

    def after(self) -> bool:
        self.world.done[self.block.id] += 1
        if self.parent and self.closed:
            self.parent.set(f"x_{self.block.id}", self.own["w"])
        return False


class Piece(Under):
    """A way through a level, or a round of an activity."""

    def begin(self) -> None:
        self.at = self.own.pop("at")
        self.open(self.block.parts[self.at])

    def after(self) -> bool:
        self.parent.piece_done(self)
        return False


class AdHoc(Level):
    """People begin what is inside, until a condition holds or one of them closes it."""

    def begin(self) -> None:
        Host.begin(self)
        self.order, self.ending = self.world.tick(), False

    def idle(self) -> bool:
        return super().idle() and self.ending

    def offers(self) -> list[str]:
        """The first step of each chain that may begin now, and its own id when it may be closed."""
        found = [self.block.id] if self.block.values[0] is None else []
        if not self.kids or not self.block.flag:
            found += [part.parts[0].id for part in self.block.parts]
        return [] if self.ending else found

    def take_up(self, element: str) -> None:
        if element == self.block.id:
            self.ending = True
            self.clear()
        for part in (one for one in self.block.parts if one.parts[0].id == element):
            self.open(part, Chain)


class Chain(Seq):
    """Steps in an ad-hoc sub-process, which is looked at after each."""

    def after(self) -> bool:
        adhoc, begins = self.parent, len(self.rest) == len(self.block.parts)
        if not begins and not adhoc.ending and adhoc.block.values[0] == self.get("w"):
            adhoc.ending = True
            if not adhoc.block.flag and not adhoc.block.how:
                adhoc.clear()
        return not adhoc.ending and super().after()


class Activity(Host):
    """A task or level with guards, once or in rounds."""

    def begin(self) -> None:
        super().begin()
        self.begun, self.results, rounds = 0, {}, self.block.rounds
        if not rounds.most or (rounds.kind == "loop" and rounds.flag and self.get("w") == rounds.number):
            self.world.done[self.block.id] += 1
            return
        for _ in range(rounds.most if rounds.kind == "many" and not rounds.flag else 1):
            self.start_round()

    def start_round(self) -> None:
        rounds, own = self.block.rounds, {}
        if rounds.items:
            own = {f"i_{self.block.id}": rounds.items[self.begun], rounds.result: None}
        self.begun += 1
        self.open(self.block, Piece, at=0, loopCounter=self.begun, **own)

    def piece_done(self, piece: Piece) -> None:
        rounds, w = self.block.rounds, self.get("w")
        self.results[piece.own["loopCounter"]] = piece.own.get(rounds.result)
        if len(self.results) == rounds.most or rounds.number == (w if rounds.kind == "loop" else len(self.results)):
            for kid in self.kids:
                kid.take_away()
            if rounds.items:  # results stand in the order of the items
                self.set(f"o_{self.block.id}", [self.results[at] for at in sorted(self.results)])
        elif rounds.kind == "loop" or rounds.flag:
            self.start_round()

    def happen(self, wait: Wait) -> None:
        self.world.done[wait.element] += 1
        super().happen(wait)


KINDS: dict[str, type[Under]] = {
    **dict.fromkeys(("user", "catch", "race"), Leaf),
    **dict.fromkeys(("pass", "link", "script", "sum", "throw"), Pass),
    **dict.fromkeys(("xor", "par", "inc"), Split),
    "fork": Seq,
    **{one.__name__.lower(): one for one in (Seq, Loop, Level, AdHoc, Activity)},
}


class Reference:
    """A diagram of blocks under way."""

    def __init__(self, block: Block) -> None:
        self.process = Level(block, None, {})
        self.world = self.process.world
        self.process.begin()
        self.settle()

    def waits(self, kind: str) -> list[Wait]:
        return [one for one in self.process.waits() if one.on.kind == kind]

    def adhoc(self) -> list[AdHoc]:
        return sorted((one for one in self.process.inside() if isinstance(one, AdHoc)), key=lambda one: one.order)

    def happen(self, kind: str, element: str, said: Mapping[str, object], nth: int = 0) -> None:
        """A wait at this element, by age, is over, and brings values."""
        wait = [one for one in self.waits(kind) if one.element == element][nth]
        for name, value in said.items():
            wait.under.set(name, value)
        wait.come()
        self.settle()

    def hear(self, signal: str) -> None:
        self.process.spread(On("signal", signal))
        self.settle()

    def take_up(self, element: str) -> None:
        """A person begins something in an ad-hoc sub-process, or closes it."""
        next(one for one in self.adhoc() if element in one.offers()).take_up(element)
        self.settle()

    def wait_until(self, now: int) -> None:
        """Let time pass and everything happen that is due by then, in its order."""
        self.world.now = now
        while ready := [wait for wait in self.waits("timer") if wait.due <= now]:
            min(ready, key=lambda wait: (wait.due, wait.order)).come()
            self.settle()

    def settle(self) -> None:
        """Let everything go as far as it can, then look at the conditions."""
        before = -2
        while before + 1 != (before := self.world.tick()):
            self.process.go_on()
            for wait in self.waits("conditional"):
                was, wait.was = wait.was, self.process.own["t"] == wait.on.number
                if wait.was and not was:
                    self.world.tick()
                    wait.come()
                    break
