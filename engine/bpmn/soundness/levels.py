"""A diagram as a token game sees it: levels, steps and flows, read from the file without running anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn import markup
from engine.bpmn.markup import Node

JOINS = frozenset({"parallelGateway", "inclusiveGateway"})
PEOPLE = frozenset({"userTask", "manualTask"})
CATCHES = frozenset({"intermediateCatchEvent", "receiveTask"})
KILLS = frozenset({"terminate", "error", "cancel"})  # an end of this kind ends its whole level
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})


MOST_AT_ONCE = 8  # tokens that a step takes or gives; more are played like so many


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A sequence flow, or the way between the two ends of a link."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    default: bool = False


@dataclass(kw_only=True, eq=False)
class Step:
    """One step of a level. It holds its node of the file, so that a message can point at the line."""

    id: str
    kind: str
    name: str
    node: Node
    event: str = ""  # kind of its event: none, timer, message …; "" for what is no event
    code: str = ""  # of the error, escalation, message or signal; "" catches any
    interrupts: bool = True
    host: str = ""  # of a boundary event: the activity it is attached to
    incoming: list[Flow] = field(default_factory=list)
    outgoing: list[Flow] = field(default_factory=list)
    boundaries: list[Step] = field(default_factory=list)
    inside: Level | None = None
    needs: int = 1  # tokens that must come before it begins
    gives: int = 1  # tokens that go along each flow taken when it is done

    @property
    def label(self) -> str:
        """What to call the step in a sentence."""
        return self.name or self.id

    @property
    def line(self) -> int:
        """Line of the file."""
        return self.node.sourceline or 0

    @property
    def joins(self) -> bool:
        """True when tokens may have to wait here for others."""
        return self.needs > 1 or (self.kind in JOINS and len(self.incoming) > 1)

    @property
    def triggered(self) -> bool:
        """True for an event sub-process."""
        return self.inside is not None and self.inside.kind == "event"


@dataclass(kw_only=True, eq=False)
class Level:
    """A process or a sub-process. `kind` is process, plain, transaction, adhoc or event."""

    kind: str
    node: Node
    steps: dict[str, Step]
    entries: list[list[str]]  # one of them happens: steps that then get a token
    complete: bool  # False when the file is so broken that nothing can be said
    owner: Step | None = None
    parent: Level | None = None

    @property
    def handlers(self) -> list[Step]:
        """Its event sub-processes."""
        return [one for one in self.steps.values() if one.triggered]

    def walk(self) -> Iterator[Level]:
        """The level and all below it, the innermost first."""
        for one in self.steps.values():
            if one.inside is not None:
                yield from one.inside.walk()
        yield self


def read(process: Node) -> Level:
    """The level of a process, with those of its sub-processes inside."""
    return _Reader(process.getroottree().getroot()).level(process, "process")


class _Reader:
    def __init__(self, root: Node) -> None:
        self._codes = _codes(root)

    def level(self, node: Node, kind: str) -> Level:
        steps: dict[str, Step] = {}
        whole = True
        for one in markup.flow_nodes(node):
            made = self._step(one)
            whole = whole and bool(made.id) and made.id not in steps and made.kind != "complexGateway"
            steps[made.id] = made
        whole = _tie(node, steps) and whole
        level = Level(kind=kind, node=node, steps=steps, entries=_entries(kind, steps), complete=whole)
        for step in steps.values():
            if step.inside is not None:
                step.inside.owner, step.inside.parent = step, level
        return level

    def _step(self, node: Node) -> Step:
        kind = markup.kind(node)
        event, code = self._event(node)
        made = Step(
            id=node.get("id") or "",
            kind=kind,
            name=" ".join((node.get("name") or "").split()),
            node=node,
            event=event,
            code=code,
            interrupts=_interrupts(node, event),
            host=node.get("attachedToRef") or "",
            needs=_quantity(node, "startQuantity"),
            gives=_quantity(node, "completionQuantity"),
        )
        if kind in markup.LEVELS:
            made.inside = self.level(node, _level_kind(node))
            if made.inside.kind == "event":
                self._trigger(made)
        return made

    def _trigger(self, made: Step) -> None:
        """An event sub-process takes the event of its start."""
        inside = made.inside
        for start in inside.steps.values() if inside is not None else ():
            if start.kind == "startEvent":
                made.event, made.code = start.event, start.code
                made.interrupts = start.event == "error" or markup.says(start.node, "isInterrupting", default=True)

    def _event(self, node: Node) -> tuple[str, str]:
        kind = markup.kind(node)
        if kind in ("sendTask", "receiveTask"):
            return "message", node.get("messageRef") or ""
        if not kind.endswith("Event"):
            return "", ""
        found = [one for one in node if markup.kind(one).endswith("EventDefinition")]
        if len(found) != 1:
            return ("multiple" if found else "none"), ""
        event = markup.kind(found[0]).removesuffix("EventDefinition")
        reference = found[0].get(f"{event}Ref") or ""
        if event == "link":
            return "link", found[0].get("name") or ""
        return event, self._codes.get(reference, "") if event in ("error", "escalation") else reference


def _codes(root: Node) -> Mapping[str, str]:
    """Codes of the errors and escalations of a file, by id."""
    found = {}
    for kind in ("error", "escalation"):
        for one in root.findall(f"{{{markup.BPMN}}}{kind}"):
            found[one.get("id") or ""] = one.get(f"{kind}Code") or ""
    return found


def _level_kind(node: Node) -> str:
    if markup.says(node, "triggeredByEvent"):
        return "event"
    return {"adHocSubProcess": "adhoc", "transaction": "transaction"}.get(markup.kind(node), "plain")


def _quantity(node: Node, name: str) -> int:
    said = (node.get(name) or "").strip()
    return min(max(int(said), 1), MOST_AT_ONCE) if said.isascii() and said.isdigit() else 1


def _interrupts(node: Node, event: str) -> bool:
    return event in ("error", "cancel") or markup.says(node, "cancelActivity", default=True)


def _tie(level: Node, steps: dict[str, Step]) -> bool:
    """Connect the steps; False when a flow or a boundary event hangs in the air."""
    whole = True
    for node in level.findall(f"{{{markup.BPMN}}}sequenceFlow"):
        source, target = steps.get(node.get("sourceRef")), steps.get(node.get("targetRef"))
        if source is None or target is None or not node.get("id"):
            whole = False
            continue
        _connect(source, target, _flow(node, source, target))
    for step in steps.values():
        if step.kind == "boundaryEvent":
            host = steps.get(step.host)
            whole = whole and host is not None
            if host is not None:
                host.boundaries.append(step)
        if step.kind == "intermediateThrowEvent" and step.event == "link":
            for end in steps.values():
                if end.kind == "intermediateCatchEvent" and (end.event, end.code) == ("link", step.code):
                    flow = Flow(id=f"{step.id}->{end.id}", source=step.id, target=end.id)
                    _connect(step, end, flow)
    return whole


def _flow(node: Node, source: Step, target: Step) -> Flow:
    return Flow(
        id=node.get("id"),
        source=source.id,
        target=target.id,
        name=" ".join((node.get("name") or "").split()),
        condition=markup.text(markup.child(node, "conditionExpression")),
        default=source.node.get("default") == node.get("id"),
    )


def _connect(source: Step, target: Step, flow: Flow) -> None:
    source.outgoing.append(flow)
    target.incoming.append(flow)


def _entries(kind: str, steps: Mapping[str, Step]) -> list[list[str]]:
    loose = [
        one
        for one in steps.values()
        if not one.incoming and one.kind != "boundaryEvent" and not one.triggered and one.kind != "startEvent"
    ]
    starts = [one for one in steps.values() if one.kind == "startEvent"]
    plain = [one for one in starts if one.event == "none"]
    if kind == "adhoc":
        return [[one.id for one in loose]]
    if kind == "process":
        starts += [one for one in loose if markup.says(one.node, "instantiate")]
    elif plain:
        starts = plain
    return [[one.id] for one in starts] or [[one.id for one in loose]]
