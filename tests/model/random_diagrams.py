"""Random block-structured diagrams, drawn by lot.

Where BPMN leaves an order open, a diagram must not depend on it. Therefore a person stands before and behind all that
is thrown, behind everything that several may hear at once (signals, conditions), and at the beginning of all that may
be taken away in the moment in which it begins. Nothing is thrown by the very end of a round or of an offered step: it
may let a branch begin and, through a completion condition, take the same branch away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from blocks import ONCE, Block, Guard, On, Rounds

EVERYTHING: Mapping[str, int] = {
    "user": 5,
    "script": 1,
    "pass": 1,
    "link": 1,
    "seq": 5,
    "xor": 2,
    "par": 3,
    "inc": 2,
    "fork": 1,
    "loop": 2,
    "sub": 2,
    "call": 2,
    "fan": 2,
    "stop": 1,
    "many": 2,
    "repeat": 2,
    "guard": 5,
    "handle": 3,
    "error": 1,
    "catch": 2,
    "throw": 2,
    "race": 1,
    "closed": 1,
    "cancel": 1,
    "adhoc": 1,
}
EVENTS: Mapping[str, int] = {
    "timer": 3,
    "cycle": 2,
    "message": 2,
    "signal": 2,
    "conditional": 2,
    "error": 2,
    "escalation": 2,
}
ROUNDS = ("loop", "many", "repeat", "adhoc")
MOST_ROUNDS = 5  # of loops around loops
SIGNALS, CODES = "STU", "AB"
BROADCAST = ("signal", "conditional")
LEVELS = {"sub", "call", "closed", "cancel", "adhoc", "fan", "stop", "error", "handle"}
HOW = {"cancel": "transaction", "closed": "closed", "call": "call"}  # element of a level
FEATURES = ("call", "fan", "many", "repeat", "guard", "handle")


@dataclass(frozen=True)
class At:
    """What is around a block."""

    depth: int = 0
    alone: bool = False  # may run side by side with itself
    times: int = 1  # how often the loops around it run
    calm: bool = False  # may be started any number of times, so nothing is thrown in it
    signals: frozenset[str] = frozenset()  # listened for around it
    errors: frozenset[str] = frozenset()  # caught around it, "" for all
    escalations: frozenset[str] = frozenset()
    closed: bool = False  # it does not see the variables of the process
    near: frozenset[str] = frozenset()  # caught by its own activity
    counted: bool = False  # its end may take away what runs beside it, so nothing is thrown by it


class Maker:
    """Draws blocks by lot."""

    def __init__(
        self,
        seed: int,
        weights: Mapping[str, int] = EVERYTHING,
        events: Mapping[str, int] = EVENTS,
        *,
        size: int = 0,
        mixed: float = 0.15,
    ) -> None:
        """A maker.

        Args:
            size: about how many blocks a diagram has; 0 for a few mostly, and many now and then.
            mixed: how often an activity has one more feature than it must.
        """
        self.lot = Random(seed)
        self.weights, self.events = weights, events
        self.depth, self.mixed = 3 + seed % 3, mixed
        size = size or (40 if seed % 20 == 0 else 12)
        self.left = self.lot.randrange(size // 4, 2 * size)
        self.count = 0
        self.messages: list[str] = []
        self.conditions = 0

    def diagram(self) -> Block:
        """A whole process; beside it a message that sets what conditions look at."""
        features = {"handle"} if "handle" in self.weights and self._is(0.3) else set()
        level = self._level("main", At(), features, blocks=3)
        if not self.conditions:
            return replace(level, id="_main")
        tell = self._bare("tell", (Block("pass", "told", how="task"),), flag=True)
        return self._bare("_all", (level,), guards=(Guard("tell", On("message", "m_tell"), False, tell),))

    def block(self, at: At) -> Block:
        """One block."""
        self.left -= 1
        at = replace(at, depth=at.depth + 1)
        if at.depth > self.depth or self.left < 0:
            return self._user(at)
        kinds = [kind for kind in self.weights if self._may(kind, at)]
        kind = self.lot.choices(kinds, [self.weights[one] for one in kinds])[0]
        if kind in ("sub", "stop", "error", "closed", "cancel", "adhoc", *FEATURES):
            return self._activity(at, kind)
        made: Callable[[At], Block] = getattr(self, f"_{kind}")
        return made(at)

    def _may(self, kind: str, at: At) -> bool:
        often = at.times > MOST_ROUNDS and kind in ROUNDS
        return not often and not (at.alone and kind == "loop") and not (at.calm and kind == "throw")

    # --- small ------------------------------------------------------------------------------------

    def _user(self, _at: At) -> Block:
        return Block("user", self._name("user"), how="manualTask" if self._is(0.1) else "")

    def _script(self, _at: At) -> Block:
        return Block("script", self._name("script"))

    def _pass(self, _at: At) -> Block:
        return Block("pass", self._name("pass"), how=self.lot.choice(["task", "intermediateThrowEvent"]))

    def _link(self, _at: At) -> Block:
        return Block("link", self._name("link"))

    def _catch(self, at: At) -> Block:
        on = self._event(at, ("timer", "message", "signal", "conditional"))
        how = "receiveTask" if on.kind == "message" and self._is(0.5) else ""
        made = Block("catch", self._name("catch"), ons=(on,), how=how)
        return self._seq_of(made, self._user(at)) if on.kind in BROADCAST else made

    def _throw(self, at: At) -> Block:
        on = self._thrown(at)
        how = "sendTask" if on.kind == "message" and self._is(0.5) else ""
        return self._seq_of(self._user(at), Block("throw", self._name("throw"), ons=(on,), how=how), self._user(at))

    def _thrown(self, at: At) -> On:
        if at.escalations and self._is(0.6):
            return On("escalation", self.lot.choice(sorted(at.escalations)) or self.lot.choice(CODES))
        kind = self.lot.choice([one for one in ("message", "signal", "escalation") if one in self.events] or ["signal"])
        if kind == "message":
            return On(kind, self.lot.choice(self.messages) if self.messages else "m_nobody")
        return On(kind, self.lot.choice(SIGNALS if kind == "signal" else CODES))

    # --- flows ------------------------------------------------------------------------------------

    def _seq(self, at: At) -> Block:
        return self._seq_of(*(self.block(at) for _ in range(2 + self._is(0.3))))

    def _xor(self, at: At) -> Block:
        return Block("xor", self._name("xor"), self._parts(at, 2), values=(self._w(),))

    def _par(self, at: At) -> Block:
        parts = self._parts(at, 2 + self._is(0.3))
        return Block("par", self._name("par"), parts, values=(None,) * len(parts))

    def _inc(self, at: At) -> Block:
        parts = self._parts(at, 3)
        return Block("inc", self._name("inc"), parts, flag=self._is(0.5), values=(self._w(), self._w()))

    def _fork(self, at: At) -> Block:
        """Flows straight out of a task: conditions with a default, some without a condition, or all."""
        shapes = ((self._w(), self._w()), (None, self._w(), self._w()), (None, None))
        values = self.lot.choice(shapes)
        parts = self._parts(at, len(values) + (None not in values))
        ways = Block("inc", self._name("inc"), parts, flag=self._is(0.5), values=values)
        return Block("fork", self._name("fork"), (Block("user", self._name("user")), ways))

    def _loop(self, at: At) -> Block:
        rounds = self.lot.randrange(2, 4)
        return Block("loop", self._name("loop"), self._parts(replace(at, times=at.times * rounds), 1), number=rounds)

    def _race(self, at: At) -> Block:
        first = self._event(at, ("message", "signal"))
        second = self._event(at, ("timer", "message", "conditional"))
        parts = tuple(self._led(at, on, self.block(at)) for on in (first, second))
        return Block("race", self._name("race"), parts, ons=(first, second))

    # --- activities -------------------------------------------------------------------------------

    def _activity(self, at: At, kind: str) -> Block:
        """A task or level with all that can be added to it; `kind` says what must be."""
        features = {kind} | {
            one for one in FEATURES if self._is(self.mixed) and one in self.weights and self._may(one, at)
        }
        name, level = self._name(kind), bool(features & LEVELS)
        level = level or self._is(0.5)
        ons = self._ons(at, self._guarded(features, level)) if "guard" in features else []
        if "error" in features and not any(on.kind == "error" for on in ons):
            ons.append(On("error", self.lot.choice(CODES)))
        if "cancel" in features:
            ons.append(On("cancel"))
        guards = tuple(self._boundary(f"{name}_b{number}", at, on) for number, on in enumerate(ons))
        rounds = self._rounds(features)
        inner = replace(self._within(at, guards), times=at.times * max(rounds.most, 1), counted=rounds is not ONCE)
        if "closed" in features:
            inner = replace(inner, closed=True)
        if rounds is not ONCE and rounds.kind == "many" and not rounds.flag:
            inner = replace(inner, alone=True)
        eager = any(guard.on.kind == "conditional" for guard in guards) or rounds is not ONCE
        body = self._body(name, inner, features, level, eager)
        if rounds.items:
            rounds = replace(rounds, result=f"r_{name}" if body.kind == "level" else f"f_{name}")
            body = self._summed(name, body) if body.kind == "level" else body
        if not guards and rounds is ONCE:
            return self._closed(at, body)
        return self._closed(at, Block("activity", name, (body,), guards=guards, rounds=rounds))

    def _guarded(self, features: set[str], level: bool) -> tuple[str, ...]:
        return ("timer", "cycle", "message", "signal", "conditional") + (("error", "escalation") if level else ())

    def _body(self, name: str, at: At, features: set[str], level: bool, eager: bool) -> Block:
        if "adhoc" in features:
            return self._adhoc(name, at)
        if level:
            return self._level(name, at, features, eager=eager)
        if self._is(0.2) and "message" in self.events and not eager:
            return Block("catch", name, ons=(self._event(at, ("message",)),), how="receiveTask")
        return Block("user", name)

    def _adhoc(self, name: str, at: At) -> Block:
        """What is inside may run side by side with itself, and is taken away when another step ends it all."""
        inner = replace(at, alone=True, times=3 * at.times, counted=True)
        parts = tuple(self._seq_of(*(self._offered(inner) for _ in range(1 + self._is(0.3)))) for _ in range(2))
        until = self._w() if self._is(0.6) else None
        how = "keep" if self._is(0.3) else ""
        return Block("adhoc", name, parts, flag=self._is(0.3), values=(until,), how=how)

    def _offered(self, at: At) -> Block:
        return self._level(self._name("sub"), at, set(), eager=True) if self._is(0.4) else self._user(at)

    def _level(self, name: str, at: At, features: set[str], *, eager: bool = False, blocks: int = 1) -> Block:
        """A sub-process, called process or process."""
        how = next((HOW[one] for one in HOW if one in features), "")
        ons = self._ons(at, tuple(EVENTS)) if "handle" in features else []
        inner = self._listening(at, ons)
        branches = 2 + self._is(0.3) if features & {"fan", "stop"} else 1
        eager = eager or any(on.kind == "conditional" for on in ons)
        parts, ends, values = [], [], []
        for branch in range(branches):
            part = self.block(inner) if blocks == 1 else self._seq_of(*(self.block(inner) for _ in range(blocks)))
            on = self._end(inner, features, first=branch == 0)
            direct = on.kind == "error" and branches == 1 and "error" in features and not ons and not eager
            if eager or on.kind == "terminate":
                part = self._seq_of(self._user(at), part)
            if (on.kind and not direct) or (eager and at.alone):
                part = self._seq_of(part, self._user(at))
            parts.append(part)
            ends.append(on)
            values.append(self._w() if on.kind and self._is(0.7) else None)
        guards = tuple(self._handler(f"{name}_h{number}", at, inner, on) for number, on in enumerate(ons))
        shape = self.lot.randrange(3 if name != "main" else 2) if self.mixed or "fan" in features else 0
        return Block("level", name, tuple(parts), shape, False, tuple(values), how, tuple(ends), guards)

    def _end(self, at: At, features: set[str], *, first: bool) -> On:
        """How a branch of a level ends."""
        if "cancel" in features and first:
            return On("cancel")
        if "stop" in features and first:
            return On("terminate")
        near = "error" in features and first
        if near or (at.errors and self._is(0.15)):
            code = self.lot.choice(sorted(at.near if near else at.errors))
            return On("error", code or self.lot.choice(CODES))
        if not (at.calm or at.counted) and "throw" in self.weights and self._is(0.4 if at.escalations else 0.1):
            return self._thrown(at)
        return On("")

    def _boundary(self, name: str, at: At, on: On) -> Guard:
        if on.kind in ("error", "cancel") or self._is(0.5):
            return Guard(name, on, True, self._led(at, on, self.block(at)))
        calm = replace(at, calm=True)
        return Guard(name, on, False, self._bare(f"{name}_w", (self._led(calm, on, self.block(calm)),)))

    def _handler(self, name: str, at: At, inner: At, on: On) -> Guard:
        """An event sub-process. Where it interrupts, nothing else of its level listens any more."""
        if on.kind == "error" or self._is(0.5):
            return Guard(name, on, True, self._bare(name, (self._led(at, on, self.block(at)),)))
        calm = replace(inner, calm=True)
        return Guard(name, on, False, self._bare(name, (self._led(calm, on, self.block(calm)),), flag=True))

    def _rounds(self, features: set[str]) -> Rounds:
        if "many" in features:
            listed = self._is(0.6) and not features & {"closed", "adhoc"}
            items = tuple(self.lot.randrange(10) for _ in range(self.lot.randrange(4) if listed else 0))
            most = len(items) or self.lot.randrange(4)
            return Rounds("many", most, self._is(0.5), self._w() if most > 1 else 0, items)
        if "repeat" in features:
            return Rounds("loop", self.lot.randrange(1, 4), self._is(0.5), self._w())
        return ONCE

    def _summed(self, name: str, body: Block) -> Block:
        """The first branch says the result of the round."""
        sum_up = Block("sum", f"{name}_sum", how=name)
        return replace(body, parts=(self._seq_of(body.parts[0], sum_up), *body.parts[1:]))

    def _closed(self, at: At, made: Block) -> Block:
        """A person behind what may end with something thrown."""
        level = made if made.kind == "level" else made.parts[0]
        thrown = level.kind == "level" and any(on.kind in ("message", "signal", "escalation") for on in level.ons)
        return self._seq_of(made, self._user(at)) if thrown else made

    # --- events -----------------------------------------------------------------------------------

    def _ons(self, at: At, kinds: tuple[str, ...]) -> list[On]:
        """One or two events to listen for, of different kinds."""
        kinds = tuple(one for one in kinds if one in self.events)
        found = [self._event(at, kinds) for _ in range(1 + self._is(0.4))] if kinds else []
        return found if len({on.kind for on in found}) == len(found) else found[:1]

    def _event(self, at: At, kinds: tuple[str, ...]) -> On:
        allowed = [one for one in kinds if one in self.events] or [kinds[0]]
        kind = self.lot.choices(allowed, [self.events.get(one, 1) for one in allowed])[0]
        free = sorted(set(SIGNALS) - at.signals)
        if kind == "signal" and free:
            return On(kind, self.lot.choice(free))
        if kind == "conditional" and not at.closed:
            self.conditions += 1
            return On(kind, number=self.conditions)
        if kind in ("error", "escalation"):
            return On(kind, self.lot.choice([*CODES, ""]))
        if kind in ("timer", "cycle"):
            return On("timer", number=self.lot.randrange(1, 50_000), times=3 if kind == "cycle" else 1)
        self.messages.append(self._name("m"))
        return On("message", self.messages[-1])

    def _within(self, at: At, guards: tuple[Guard, ...]) -> At:
        inner = self._listening(at, [guard.on for guard in guards])
        return replace(inner, near=frozenset(guard.on.name for guard in guards if guard.on.kind == "error"))

    def _listening(self, at: At, ons: list[On]) -> At:
        signals = {on.name for on in ons if on.kind == "signal"}
        errors = {on.name for on in ons if on.kind == "error"}
        escalations = {on.name for on in ons if on.kind == "escalation"}
        return replace(
            at, signals=at.signals | signals, errors=at.errors | errors, escalations=at.escalations | escalations
        )

    def _led(self, at: At, on: On, made: Block) -> Block:
        """A person before what several things may set in motion at once."""
        return self._seq_of(self._user(at), made) if on.kind in BROADCAST else made

    # --- the rest ---------------------------------------------------------------------------------

    def _bare(
        self, name: str, parts: tuple[Block, ...], *, guards: tuple[Guard, ...] = (), flag: bool = False
    ) -> Block:
        return Block("level", name, parts, flag=flag, guards=guards, **PLAIN)

    def _seq_of(self, *parts: Block) -> Block:
        return Block("seq", self._name("seq"), parts)

    def _parts(self, at: At, count: int) -> tuple[Block, ...]:
        return tuple(self.block(at) for _ in range(count))

    def _name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def _is(self, chance: float) -> bool:
        return self.lot.random() < chance

    def _w(self) -> int:
        return self.lot.randrange(3)


PLAIN = {"values": (None,), "ons": (On(""),)}  # a level with one branch that ends quietly
