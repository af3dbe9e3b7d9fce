"""Random diagrams without any order in them, and every run of such a diagram played without a shortcut.

What is played here knows nothing of the rooms under test: it reads the diagram as it was made, keeps every step as a
place, tries every order, and follows the engine's course only in what moves before what.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations

from bpmn.building import boundary, el, end, event, flows, inc, par, process, start, timer, user, xor

AT_ONCE = ("start", "task", "xor", "par", "inc", "end", "kill")
MOST = 4_000  # markings
CROWD = 7  # tokens


@dataclass
class Wild:
    """A diagram: kind by step, and flows as source, target, by id. `events` are boundary events."""

    kinds: dict[str, str] = field(default_factory=dict)
    flows: dict[str, tuple[str, str]] = field(default_factory=dict)
    events: dict[str, tuple[str, bool]] = field(default_factory=dict)  # host, interrupts

    def out(self, step: str) -> list[str]:
        return [key for key, (source, _) in self.flows.items() if source == step]

    def into(self, step: str) -> list[str]:
        return [key for key, (_, target) in self.flows.items() if target == step]

    def joins(self, step: str) -> bool:
        return self.kinds[step] in ("par", "inc") and len(self.into(step)) > 1

    def conditional(self, flow: str) -> bool:
        """All ways out of a choice have a condition but the last, which is the default."""
        out = self.out(self.flows[flow][0])
        return self.kinds[self.flows[flow][0]] in ("xor", "inc") and len(out) > 1 and flow != out[-1]

    def xml(self) -> bytes:
        return process(*(self._element(step) for step in self.kinds), *(self._arrow(flow) for flow in self.flows))

    def _element(self, step: str) -> str:
        kind = self.kinds[step]
        out = self.out(step)
        if kind == "event":
            host, interrupts = self.events[step]
            return boundary(step, host, timer("Duration", "P1D"), interrupts=interrupts)
        made = {"start": start, "task": lambda one: el("task", one), "user": user, "par": par, "end": end}
        if kind in ("xor", "inc"):
            return (xor if kind == "xor" else inc)(step, default=out[-1] if len(out) > 1 else "")
        return end(step, event("terminate")) if kind == "kill" else made[kind](step)

    def _arrow(self, flow: str) -> str:
        return flows(*self.flows[flow], named=flow, when=f"=c_{flow}" if self.conditional(flow) else "")


def wild(seed: int) -> Wild:
    """A diagram of four to ten steps."""
    lot = random.Random(seed)
    made = Wild({"s": "start"})
    names = [f"n{number}" for number in range(lot.randint(2, 7))]
    for name in names:
        made.kinds[name] = lot.choice(("user", "user", "task", "xor", "xor", "par", "par", "inc"))
    made.kinds.update(e1="end", **({"e2": lot.choice(("end", "kill"))} if lot.random() < 0.4 else {}))
    hosts = [name for name in names if made.kinds[name] == "user"]
    if hosts and lot.random() < 0.3:
        made.events["b"] = (lot.choice(hosts), lot.random() < 0.5)
        made.kinds["b"] = "event"
    _draw(made, names, lot)
    return made


def _draw(made: Wild, names: list[str], lot: random.Random) -> None:
    """Flows mostly ahead, some back; then what nothing leads to is led to."""
    ends = [one for one in made.kinds if made.kinds[one] in ("end", "kill")]
    count = 0
    for name in ("s", *names, *made.events):
        many = made.kinds[name] in ("xor", "par", "inc")
        for _ in range(lot.choice((1, 2, 2, 3)) if many else lot.choice((1, 1, 1, 1, 2))):
            later = names[names.index(name) + 1 :] if name in names else names
            target = lot.choice((later or ends) if lot.random() < 0.65 else [*names, *ends])
            if target not in [made.flows[one][1] for one in made.out(name)]:
                made.flows[f"f{count}"] = (name, target)
                count += 1
    for name in (*names, *ends):
        if not made.into(name):
            made.flows[f"f{count}"] = (lot.choice([one for one in ("s", *names) if one != name]), name)
            count += 1


Marking = frozenset  # of (place, count); a place is a step, a flow into a join, or a host with events that came


class Brute:
    """Every run of a diagram."""

    def __init__(self, diagram: Wild) -> None:
        self.diagram = diagram
        self.passed: set[str] = set()
        self.dead: set[Marking] = set()
        self.ends = False
        self.whole = True
        self.after: dict[Marking, set[Marking]] = {}
        self._final: set[Marking] = set()
        self._leads = {step: self._leading(step) for step in diagram.kinds if diagram.joins(step)}
        first = self._enter(Counter(), "s")
        todo = [first]
        while todo and self.whole:
            marking = todo.pop()
            if marking in self.after:
                continue
            found = set(self._next(marking))
            self.after[marking] = found
            todo += found
            if len(self.after) > MOST or sum(count for _, count in marking) > CROWD:
                self.whole = False
        self.root = first

    @property
    def may_end(self) -> bool:
        return bool(self._final)

    def doubled(self) -> set[str]:
        """Steps in which two tokens are at the same time."""
        return {place for marking in self.after for place, count in marking if count > 1 and isinstance(place, str)}

    def _next(self, marking: Marking) -> list[Marking]:
        tokens = Counter(dict(marking))
        if not tokens or any(self._kind(place) == "kill" for place in tokens):
            self._final.add(marking)
        tokens_moving = [place for place in tokens if not self._is_rest(place)]
        at_once = [one for one in tokens_moving if self._kind(one) in AT_ONCE and self._kind(one) != "kill"]
        if at_once:
            return [made for place in at_once for made in self._leave(tokens, place)]
        ripe = [join for join in self._leads if self.diagram.kinds[join] == "inc" and self._ripe(tokens, join)]
        if ripe:
            return [self._open(tokens, join) for join in ripe]
        found = [made for place in tokens_moving for made in self._leave(tokens, place)]
        if not found and tokens and marking not in self._final:
            self.dead.add(marking)
        return found

    def _kind(self, place: object) -> str:
        step = place[0] if isinstance(place, tuple) else place
        return self.diagram.kinds[step]

    @staticmethod
    def _is_rest(place: object) -> bool:
        return isinstance(place, tuple) and isinstance(place[1], str)

    def _leave(self, tokens: Counter, place: object) -> list[Marking]:
        step = place[0] if isinstance(place, tuple) else place
        spawned = place[1] if isinstance(place, tuple) else 0
        if self.diagram.kinds[step] == "kill":
            return []
        made = [self._send(tokens - Counter([place]), chosen) for chosen in self._choices(step)]
        for event_id, (host, interrupts) in self.diagram.events.items():
            if host == step and interrupts:
                self.passed.add(event_id)
                made.append(self._send(tokens - Counter([place]), self.diagram.out(event_id)))
            elif host == step and spawned < 2:
                self.passed.add(event_id)
                left = tokens - Counter([place]) + Counter([(step, spawned + 1)])
                made.append(self._send(left, self.diagram.out(event_id)))
        return made

    def _choices(self, step: str) -> list[list[str]]:
        out = self.diagram.out(step)
        if self.diagram.kinds[step] == "xor" and out:
            return [[one] for one in out]
        if self.diagram.kinds[step] == "inc" and len(out) > 1:
            several = [list(some) for size in range(1, len(out)) for some in combinations(out[:-1], size)]
            return [*several, [out[-1]]]
        return [out]

    def _send(self, tokens: Counter, chosen: list[str]) -> Marking:
        left = Counter(tokens)
        for flow in chosen:
            target = self.diagram.flows[flow][1]
            if self.diagram.joins(target):
                left[target, flow] += 1
                if all(left[target, one] for one in self.diagram.into(target)):
                    left = Counter(dict(self._open(left, target)))
            else:
                left = Counter(dict(self._enter(left, target)))
        return frozenset((+left).items())

    def _open(self, tokens: Counter, join: str) -> Marking:
        left = Counter(tokens)
        for flow in self.diagram.into(join):
            if left[join, flow]:
                left[join, flow] -= 1
        return self._enter(+left, join)

    def _enter(self, tokens: Counter, step: str) -> Marking:
        self.passed.add(step)
        return frozenset((+(tokens + Counter([step]))).items())

    def _ripe(self, tokens: Counter, join: str) -> bool:
        filled = {flow for flow in self.diagram.into(join) if tokens[join, flow]}
        empty = set(self.diagram.into(join)) - filled
        for place in tokens:
            step = place[0] if isinstance(place, tuple) else place
            if step == join:
                continue
            for way in self._ways(step):
                found = {flow for one in way for flow in self._ahead(one, join)}
                if found & empty and not found & filled:
                    return False
        return bool(filled)

    def _ways(self, step: str) -> list[list[str]]:
        cut = [one for one, (host, interrupts) in self.diagram.events.items() if host == step and interrupts]
        return [self.diagram.out(one) for one in (step, *cut)]

    def _ahead(self, flow: str, join: str) -> set[str]:
        """Flows into the join that lie on the way along a flow."""
        return self._leads[join][flow]

    def _leading(self, join: str) -> dict[str, set[str]]:
        found = {flow: {flow} if target == join else set() for flow, (_, target) in self.diagram.flows.items()}
        changed = True
        while changed:
            changed = False
            for flow, (_, target) in self.diagram.flows.items():
                if target == join:
                    continue
                more = {one for way in self._ways(target) for other in way for one in found[other]}
                if not more <= found[flow]:
                    found[flow] |= more
                    changed = True
        return found
