"""The BPMN files that say what a diagram of blocks says. Ids of elements that no block is begin with `_`."""

from __future__ import annotations

import itertools

from blocks import ONCE, Block, Guard, On, Rounds, variables
from building import boundary, call, el, end, event, flows, inc, par, process, script, start, timer, user, xor

Made = tuple[str, str, str]  # the elements of a block, its first and its last element


class Files:
    """BPMN files made from blocks."""

    def __init__(self) -> None:
        self.called: dict[str, bytes] = {}
        self.roots: dict[str, str] = {}

    def write(self, block: Block, key: str = "proces") -> bytes:
        """The file of the process; those that it calls are in `called`."""
        body = self._inside(block)
        return process(body, key=key, roots="".join(self.roots.values()))

    def _make(self, block: Block) -> Made:
        made: Made = getattr(self, f"_{block.kind}")(block)
        return made

    def _inside(self, block: Block, begins: str = "") -> str:
        """What is inside a level.

        Args:
            begins: the definition of the event that it starts with.
        """
        made = [self._make(part) for part in block.parts]
        xml = "".join(one[0] for one in made) + "".join(self._handler(guard) for guard in block.guards)
        xml += self._entry(block, [one[1] for one in made], begins)
        for at, one in enumerate(made):
            xml += self._exit(block, at, one[2])
        return xml

    def _entry(self, block: Block, firsts: list[str], begins: str) -> str:
        """A gateway behind the start, several flows out of it, or no start at all."""
        name = f"_s_{block.id}"
        if block.number == 2:
            return ""
        split = f"_g_{block.id}" if len(firsts) > 1 and block.number == 0 else ""
        xml = start(name, begins) if not block.flag else start(name, begins, isInterrupting="false")
        if split:
            xml += par(split) + flows(name, split)
        return xml + "".join(flows(split or name, first) for first in firsts)

    def _exit(self, block: Block, at: int, last: str) -> str:
        on, value, name = block.ons[at], block.values[at], f"{block.id}_{at}"
        if not on.kind:
            return "" if block.number == 2 else end(f"_e_{name}") + flows(last, f"_e_{name}")
        thrown = end(f"_z_{name}", self._definition(on))
        if value is None:
            return thrown + flows(last, f"_z_{name}")
        asked = xor(f"_q_{name}", default=f"_ok_{name}") + flows(last, f"_q_{name}") + end(f"_e_{name}")
        ways = flows(f"_q_{name}", f"_z_{name}", when=f"w = {value}")
        return thrown + asked + ways + flows(f"_q_{name}", f"_e_{name}", named=f"_ok_{name}")

    def _handler(self, guard: Guard) -> str:
        inner = self._inside(guard.part, self._definition(guard.on))
        return el("subProcess", guard.id, inner, triggeredByEvent="true")

    def _definition(self, on: On) -> str:
        """The event definition; what it refers to goes beside the process."""
        if on.kind == "timer":
            said = f"PT{on.number}M"
            return timer("Cycle", f"R{on.times}/{said}") if on.times > 1 else timer("Duration", said)
        if on.kind == "conditional":
            said = '<bpmn:condition xsi:type="bpmn:tFormalExpression">t = {}</bpmn:condition>'
            return f"<bpmn:conditionalEventDefinition>{said.format(on.number)}</bpmn:conditionalEventDefinition>"
        if on.kind == "terminate" or not on.name:
            return event(on.kind)
        return event(on.kind, **{f"{on.kind}Ref": self._root(on)})

    def _root(self, on: On) -> str:
        name = f"_{on.kind}_{on.name}"
        code = {f"{on.kind}Code": on.name} if on.kind in ("error", "escalation") else {}
        self.roots[name] = el(on.kind, name, name=on.name, **code)
        return name

    # --- activities -------------------------------------------------------------------------------

    def _activity(self, block: Block) -> Made:
        """An activity, its boundary events, and what they lead to."""
        name, join = block.id, f"_j_{block.id}"
        xml = self._body(block.parts[0], rounds(block))
        caught = [guard for guard in block.guards if guard.interrupts]
        for guard in block.guards:
            made, first, last = self._make(guard.part)
            xml += boundary(guard.id, name, self._definition(guard.on), interrupts=guard.interrupts)
            target = join if guard.interrupts else f"_e_{guard.id}"
            xml += made + flows(guard.id, first) + flows(last, target)
            xml += "" if guard.interrupts else end(target)
        if not caught:
            return xml, name, name
        return xml + xor(join) + flows(name, join), name, join

    def _body(self, block: Block, loop: str) -> str:
        if block.kind == "user":
            return el(block.how or "userTask", block.id, loop)
        if block.kind == "catch":
            return self._waiting(block, loop)
        if block.kind == "adhoc":
            return self._adhoc_body(block, loop)
        if block.how in ("call", "closed"):
            key = f"p_{block.id}"
            self.called[key] = self.write(block, key)
            return call(block.id, key, mappings(block) if block.how == "closed" else "", loop)
        return el(block.how or "subProcess", block.id, loop, self._inside(block))

    def _adhoc_body(self, block: Block, loop: str) -> str:
        inner = "".join(self._make(part)[0] for part in block.parts)
        if block.values[0] is not None:
            inner += el("completionCondition", f"_c_{block.id}").replace("></", f">w = {block.values[0]}</")
        ordering, cancels = "Sequential" if block.flag else "Parallel", str(not block.how).lower()
        return el("adHocSubProcess", block.id, loop, inner, ordering=ordering, cancelRemainingInstances=cancels)

    def _adhoc(self, block: Block) -> Made:
        return self._body(block, ""), block.id, block.id

    def _level(self, block: Block) -> Made:
        return self._body(block, ""), block.id, block.id

    def _user(self, block: Block) -> Made:
        return self._body(block, ""), block.id, block.id

    def _catch(self, block: Block) -> Made:
        return self._waiting(block), block.id, block.id

    def _waiting(self, block: Block, loop: str = "") -> str:
        if block.how == "receiveTask":
            return el(block.how, block.id, loop, messageRef=self._root(block.ons[0]))
        return el("intermediateCatchEvent", block.id, self._definition(block.ons[0]))

    def _throw(self, block: Block) -> Made:
        if block.how == "sendTask":
            return el(block.how, block.id, messageRef=self._root(block.ons[0])), block.id, block.id
        return el("intermediateThrowEvent", block.id, self._definition(block.ons[0])), block.id, block.id

    def _pass(self, block: Block) -> Made:
        return el(block.how, block.id), block.id, block.id

    def _script(self, block: Block) -> Made:
        return compute(block.id, f"k_{block.id} + 1", f"k_{block.id}"), block.id, block.id

    def _sum(self, block: Block) -> Made:
        return compute(block.id, f"10 * i_{block.how} + w", f"r_{block.how}"), block.id, block.id

    def _link(self, block: Block) -> Made:
        said, other = f'<bpmn:linkEventDefinition name="{block.id}"/>', f"{block.id}_c"
        ends = el("intermediateThrowEvent", block.id, said) + el("intermediateCatchEvent", other, said)
        return ends, block.id, other

    # --- flows ------------------------------------------------------------------------------------

    def _seq(self, block: Block) -> Made:
        made = [self._make(part) for part in block.parts]
        tied = "".join(flows(one[2], two[1]) for one, two in itertools.pairwise(made))
        return "".join(one[0] for one in made) + tied, made[0][1], made[-1][2]

    def _xor(self, block: Block) -> Made:
        split, join = f"_g_{block.id}", f"_j_{block.id}"
        (xml_a, first_a, last_a), (xml_b, first_b, last_b) = (self._make(part) for part in block.parts)
        tied = flows(split, first_a, when=f"w = {block.values[0]}") + flows(split, first_b, named=f"_d_{block.id}")
        both = flows(last_a, join) + flows(last_b, join)
        return xor(split, default=f"_d_{block.id}") + xor(join) + xml_a + xml_b + tied + both, split, join

    def _par(self, block: Block) -> Made:
        split, join = f"_g_{block.id}", f"_j_{block.id}"
        made = [self._make(part) for part in block.parts]
        tied = "".join(xml + flows(split, first) + flows(last, join) for xml, first, last in made)
        return par(split) + par(join) + tied, split, join

    def _inc(self, block: Block) -> Made:
        split = f"_g_{block.id}"
        branches, default = self._branches(block, split)
        return inc(split, default=default) + branches, split, f"_j_{block.id}"

    def _fork(self, block: Block) -> Made:
        task, ways = block.parts
        branches, default = self._branches(ways, task.id)
        said = {"default": default} if default else {}
        return user(task.id, **said) + branches, task.id, f"_j_{ways.id}"

    def _branches(self, block: Block, split: str) -> tuple[str, str]:
        join, default = f"_j_{block.id}", ""
        xml = inc(join)
        for at, part in enumerate(block.parts):
            made, first, last = self._make(part)
            xml += made + flows(last, join)
            if at >= len(block.values):
                default = f"_d_{block.id}"
                xml += flows(split, first, named=default)
            elif block.values[at] is None:
                xml += flows(split, first)
            else:
                xml += flows(split, first, when=f"w {'!=' if block.flag else '='} {block.values[at]}")
        return xml, default

    def _loop(self, block: Block) -> Made:
        name, counter = block.id, f"n_{block.id}"
        zero, again, count, ask, out = (f"_{one}_{name}" for one in ("zero", "m", "k", "g", "x"))
        xml, first, last = self._make(block.parts[0])
        steps = compute(zero, "0", counter) + xor(again) + xml + compute(count, f"{counter} + 1", counter)
        ends = xor(ask, default=f"_d_{name}") + xor(out) + flows(ask, out, named=f"_d_{name}")
        tied = flows(zero, again, first) + flows(last, count, ask)
        return steps + ends + tied + flows(ask, again, when=f"{counter} < {block.number}"), zero, out

    def _race(self, block: Block) -> Made:
        """Whatever comes first."""
        join = f"_j_{block.id}"
        xml = el("eventBasedGateway", block.id) + xor(join)
        for on, part, side in zip(block.ons, block.parts, "ab", strict=True):
            made, first, last = self._make(part)
            caught = f"{block.id}_{side}"
            xml += made + el("intermediateCatchEvent", caught, self._definition(on))
            xml += flows(block.id, caught, first) + flows(last, join)
        return xml, block.id, join


def mappings(block: Block) -> str:
    """All that comes into a called process, and `w` as it leaves it."""
    given = {name: str(value) for name, value in variables(block).items()} | {"w": "w"}
    said = "".join(f'<bieg:in source="{source}" target="{name}"/>' for name, source in given.items())
    out = f'<bieg:out source="w" target="x_{block.id}"/>'
    return f"<bpmn:extensionElements>{said}{out}</bpmn:extensionElements>"


def rounds(block: Block) -> str:
    """The marker of an activity that runs several times."""
    said = block.rounds
    return "" if said is ONCE else _loop(said) if said.kind == "loop" else _many(block.id, said)


def _loop(said: Rounds) -> str:
    condition = f"<bpmn:loopCondition>w != {said.number}</bpmn:loopCondition>"
    before = str(said.flag).lower()
    tag = "standardLoopCharacteristics"
    return f'<bpmn:{tag} testBefore="{before}" loopMaximum="{said.most}">{condition}</bpmn:{tag}>'


def _many(name: str, said: Rounds) -> str:
    inner = f"<bpmn:loopCardinality>{said.most}</bpmn:loopCardinality>"
    if said.items:
        inner = f"<bpmn:loopDataInputRef>l_{name}</bpmn:loopDataInputRef>"
        inner += f"<bpmn:loopDataOutputRef>o_{name}</bpmn:loopDataOutputRef>"
        inner += f'<bpmn:inputDataItem id="_i_{name}" name="i_{name}"/>'
        inner += f'<bpmn:outputDataItem id="_r_{name}" name="{said.result}"/>'
    if said.number:
        enough = f"numberOfCompletedInstances >= {said.number}"
        inner += f"<bpmn:completionCondition>{enough.replace('>', '&gt;')}</bpmn:completionCondition>"
    tag = "multiInstanceLoopCharacteristics"
    return f'<bpmn:{tag} isSequential="{str(said.flag).lower()}">{inner}</bpmn:{tag}>'


def compute(identity: str, expression: str, variable: str) -> str:
    """A script, said for us and, in its own words, for the stock library."""
    made = script(identity, expression, variable)
    return made.replace("</bpmn:scriptTask>", f"<bpmn:script>{variable} = {expression}</bpmn:script></bpmn:scriptTask>")
