"""Random block-structured diagrams: a tree of blocks, and the BPMN files that say the same."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from building import boundary, call, el, end, event, flows, inc, par, process, script, start, timer, user, xor

EVERYTHING: Mapping[str, int] = {
    "user": 5,
    "script": 1,
    "seq": 5,
    "xor": 2,
    "par": 3,
    "inc": 2,
    "loop": 3,
    "sub": 2,
    "call": 2,
    "remind": 2,
    "expire": 2,
    "race": 1,
    "message": 1,
    "error": 1,
    "stop": 1,
    "many": 2,
}
SHARED = ("user", "script", "seq", "xor", "par", "inc", "loop", "sub")  # what the stock library claims to run


@dataclass(frozen=True)
class Block:
    """One block. What `number` and `flag` mean depends on the kind."""

    kind: str
    id: str
    parts: tuple[Block, ...] = ()
    number: int = 0  # rounds, minutes, value that a condition looks for
    flag: bool = False  # sequential, interrupting
    values: tuple[int, ...] = ()  # values that the conditions of an inclusive split look for


class Maker:
    """Draws blocks by lot."""

    def __init__(self, seed: int, weights: Mapping[str, int], depth: int = 3) -> None:
        self.lot = Random(seed)
        self.weights = weights
        self.depth = depth
        self.count = 0

    def diagram(self) -> Block:
        """A whole process: a few blocks in a row."""
        return Block("seq", "proces", tuple(self.block(0) for _ in range(3)))

    def block(self, depth: int, *, alone: bool = False) -> Block:
        """One block.

        Args:
            alone: inside rounds that run side by side, which must not count in one variable.
        """
        kinds = [kind for kind in self.weights if not (alone and kind in ("loop", "many"))]
        kind = self.lot.choices(kinds, [self.weights[one] for one in kinds])[0] if depth < self.depth else "user"
        self.count += 1
        identity = f"{kind}{self.count}"
        parts = tuple(self.block(depth + 1, alone=alone or self._side_by_side(kind)) for _ in range(self._size(kind)))
        if kind == "remind":  # two reminders at once must not meet at one join
            parts = (parts[0], Block("sub", f"{identity}_w", (parts[1],)))
        if kind == "stop":  # of two branches that need nobody either may come first
            parts = (Block("seq", f"{identity}_q", (Block("user", f"{identity}_u"), parts[0])), parts[1])
        return Block(
            kind,
            identity,
            parts,
            number=self._number(kind),
            flag=self.flag,
            values=tuple(self.lot.randrange(3) for _ in range(2)),
        )

    def _side_by_side(self, kind: str) -> bool:
        self.flag = self.lot.random() < 0.5
        return kind == "many"

    def _size(self, kind: str) -> int:
        sizes = {"seq": 2, "xor": 2, "par": 2, "inc": 3, "loop": 1, "sub": 1, "call": 1, "expire": 2, "race": 2}
        sizes |= {"error": 2, "stop": 2, "many": 1, "remind": 2}
        size = sizes.get(kind, 0)
        self.flag = self.lot.random() < 0.5
        return size + (self.lot.random() < 0.3 if kind in ("seq", "par") else 0)

    def _number(self, kind: str) -> int:
        self.flag = self.lot.random() < 0.5
        if kind in ("remind", "expire", "race"):
            return self.lot.randrange(1, 50_000)
        return self.lot.randrange(2, 4) if kind in ("loop", "many") else self.lot.randrange(3)


@dataclass
class Files:
    """BPMN files made from blocks."""

    called: dict[str, bytes] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def write(self, block: Block) -> bytes:
        """The file of the process; those that it calls are in `called`."""
        return self._file(block, "proces")

    def _file(self, block: Block, key: str) -> bytes:
        body = self._level(block, key)
        roots = "".join(self.messages) + '<bpmn:error id="blad" errorCode="BLAD"/>'
        return process(body, key=key, roots=roots)

    def _level(self, block: Block, name: str) -> str:
        """A start, the block and an end; side branches bring ends of their own."""
        xml, first, last = self._xml(block)
        begin, finish = f"s_{name}", f"e_{name}"
        return start(begin) + xml + end(finish) + flows(begin, first) + flows(last, finish)

    def _xml(self, block: Block) -> tuple[str, str, str]:
        """The elements of a block, its first and its last element."""
        made: tuple[str, str, str] = getattr(self, f"_{block.kind}")(block)
        return made

    def _user(self, block: Block) -> tuple[str, str, str]:
        return user(block.id), block.id, block.id

    def _script(self, block: Block) -> tuple[str, str, str]:
        return count(block.id, f"k_{block.id}"), block.id, block.id

    def _seq(self, block: Block) -> tuple[str, str, str]:
        made = [self._xml(part) for part in block.parts]
        tied = "".join(flows(one[2], two[1]) for one, two in itertools.pairwise(made))
        return "".join(one[0] for one in made) + tied, made[0][1], made[-1][2]

    def _xor(self, block: Block) -> tuple[str, str, str]:
        split, join = f"{block.id}_g", f"{block.id}_j"
        (xml_a, first_a, last_a), (xml_b, first_b, last_b) = (self._xml(part) for part in block.parts)
        tied = flows(split, first_a, when=f"w = {block.number}") + flows(split, first_b, named=f"{split}_d")
        both = flows(last_a, join) + flows(last_b, join)
        return xor(split, default=f"{split}_d") + xor(join) + xml_a + xml_b + tied + both, split, join

    def _par(self, block: Block) -> tuple[str, str, str]:
        split, join = f"{block.id}_g", f"{block.id}_j"
        made = [self._xml(part) for part in block.parts]
        tied = "".join(xml + flows(split, first) + flows(last, join) for xml, first, last in made)
        return par(split) + par(join) + tied, split, join

    def _inc(self, block: Block) -> tuple[str, str, str]:
        split, join = f"{block.id}_g", f"{block.id}_j"
        made = [self._xml(part) for part in block.parts]
        tied = "".join(xml + flows(last, join) for xml, _, last in made)
        for value, (_, first, _) in zip(block.values, made, strict=False):
            tied += flows(split, first, when=f"w != {value}" if block.flag else f"w = {value}")
        tied += flows(split, made[2][1], named=f"{split}_d")
        return inc(split, default=f"{split}_d") + inc(join) + tied, split, join

    def _loop(self, block: Block) -> tuple[str, str, str]:
        name, counter = block.id, f"n_{block.id}"
        xml, first, last = self._xml(block.parts[0])
        zero = compute(f"{name}_zero", "0", counter)
        steps = zero + xor(f"{name}_m") + xml + count(f"{name}_k", counter)
        ends = xor(f"{name}_g", default=f"{name}_d") + xor(f"{name}_x")
        tied = flows(f"{name}_zero", f"{name}_m", first) + flows(last, f"{name}_k", f"{name}_g")
        tied += flows(f"{name}_g", f"{name}_m", when=f"{counter} < {block.number}")
        return steps + ends + tied + flows(f"{name}_g", f"{name}_x", named=f"{name}_d"), f"{name}_zero", f"{name}_x"

    def _sub(self, block: Block) -> tuple[str, str, str]:
        return el("subProcess", block.id, self._level(block.parts[0], block.id)), block.id, block.id

    def _call(self, block: Block) -> tuple[str, str, str]:
        key = f"p_{block.id}"
        self.called[key] = self._file(block.parts[0], key)
        return call(block.id, key), block.id, block.id

    def _remind(self, block: Block) -> tuple[str, str, str]:
        """A sub-process, and beside it a branch that a timer starts up to three times."""
        name = block.id
        said = timer("Cycle", f"R3/PT{block.number}M") if block.flag else timer("Duration", f"PT{block.number}M")
        side, first, last = self._xml(block.parts[1])
        host = el("subProcess", name, self._level(block.parts[0], name))
        guard = boundary(f"{name}_b", name, said, interrupts=False)
        return host + guard + side + end(f"{name}_e") + flows(f"{name}_b", first) + flows(last, f"{name}_e"), name, name

    def _expire(self, block: Block) -> tuple[str, str, str]:
        """A sub-process that a timer takes away in favour of another block."""
        host = el("subProcess", block.id, self._level(block.parts[0], block.id))
        guard = boundary(f"{block.id}_b", block.id, timer("Duration", f"PT{block.number}M"))
        return self._caught(block, host + guard)

    def _error(self, block: Block) -> tuple[str, str, str]:
        """A sub-process that ends in an error when `w` has a certain value."""
        name = block.id
        xml, first, last = self._xml(block.parts[0])
        inner = start(f"s_{name}") + xml + xor(f"{name}_q", default=f"{name}_ok") + end(f"e_{name}")
        inner += end(f"{name}_z", event("error", errorRef="blad")) + flows(f"s_{name}", first)
        inner += flows(last, f"{name}_q") + flows(f"{name}_q", f"e_{name}", named=f"{name}_ok")
        inner += flows(f"{name}_q", f"{name}_z", when=f"w = {block.number}")
        host = el("subProcess", name, inner) + boundary(f"{name}_b", name, event("error", errorRef="blad"))
        return self._caught(block, host)

    def _caught(self, block: Block, host: str) -> tuple[str, str, str]:
        other, first, last = self._xml(block.parts[1])
        tied = flows(block.id, f"{block.id}_j") + flows(f"{block.id}_b", first) + flows(last, f"{block.id}_j")
        return host + xor(f"{block.id}_j") + other + tied, block.id, f"{block.id}_j"

    def _stop(self, block: Block) -> tuple[str, str, str]:
        """A sub-process with two branches; the end of the first takes the second away."""
        name = block.id
        (xml_a, first_a, last_a), (xml_b, first_b, last_b) = (self._xml(part) for part in block.parts)
        inner = start(f"s_{name}") + par(f"{name}_g") + xml_a + xml_b + end(f"{name}_t", event("terminate"))
        inner += end(f"e_{name}") + flows(f"s_{name}", f"{name}_g", first_a) + flows(f"{name}_g", first_b)
        return el("subProcess", name, inner + flows(last_a, f"{name}_t") + flows(last_b, f"e_{name}")), name, name

    def _race(self, block: Block) -> tuple[str, str, str]:
        """Whatever comes first, a message or a moment."""
        name = block.id
        self._announce(name)
        (xml_a, first_a, last_a), (xml_b, first_b, last_b) = (self._xml(part) for part in block.parts)
        steps = el("eventBasedGateway", f"{name}_g") + xor(f"{name}_j") + xml_a + xml_b
        steps += el("intermediateCatchEvent", f"{name}_a", event("message", messageRef=f"id_{name}"))
        steps += el("intermediateCatchEvent", f"{name}_b", timer("Duration", f"PT{block.number}M"))
        tied = flows(f"{name}_g", f"{name}_a", first_a) + flows(f"{name}_g", f"{name}_b", first_b)
        return steps + tied + flows(last_a, f"{name}_j") + flows(last_b, f"{name}_j"), f"{name}_g", f"{name}_j"

    def _message(self, block: Block) -> tuple[str, str, str]:
        self._announce(block.id)
        definition = event("message", messageRef=f"id_{block.id}")
        return el("intermediateCatchEvent", block.id, definition), block.id, block.id

    def _announce(self, name: str) -> None:
        self.messages.append(f'<bpmn:message id="id_{name}" name="m_{name}"/>')

    def _many(self, block: Block) -> tuple[str, str, str]:
        kind = "multiInstanceLoopCharacteristics"
        rounds = f"<bpmn:loopCardinality>{block.number}</bpmn:loopCardinality>"
        loop = f'<bpmn:{kind} isSequential="{str(block.flag).lower()}">{rounds}</bpmn:{kind}>'
        return el("subProcess", block.id, loop, self._level(block.parts[0], block.id)), block.id, block.id


def count(identity: str, variable: str) -> str:
    """A script that counts in a variable."""
    return compute(identity, f"{variable} + 1", variable)


def compute(identity: str, expression: str, variable: str) -> str:
    """A script, said for us and, in its own words, for the stock library."""
    made = script(identity, expression, variable)
    return made.replace("</bpmn:scriptTask>", f"<bpmn:script>{variable} = {expression}</bpmn:script></bpmn:scriptTask>")


def variables(block: Block) -> dict[str, int]:
    """All variables of a diagram at its start."""
    found = {"w": 0}
    if block.kind == "script":
        found[f"k_{block.id}"] = 0
    if block.kind == "loop":
        found[f"n_{block.id}"] = 0
    for part in block.parts:
        found |= variables(part)
    return found
