"""The levels of a diagram as the rules look at them: steps by id, flows by where they leave and arrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.bpmn import markup
from engine.bpmn.markup import Node

_NO_FLOWS: Sequence[Node] = ()


@dataclass(frozen=True, kw_only=True)
class Level:
    """A process, or a sub-process in it."""

    node: Node
    steps: Mapping[str, Node]
    flows: Sequence[Node]
    leaving: Mapping[str, Sequence[Node]]
    arriving: Mapping[str, Sequence[Node]]

    def out_of(self, step: Node) -> Sequence[Node]:
        """Flows that leave a step."""
        return self.leaving.get(step.get("id") or "", _NO_FLOWS)

    def into(self, step: Node) -> Sequence[Node]:
        """Flows that arrive at a step."""
        return self.arriving.get(step.get("id") or "", _NO_FLOWS)

    def of_kind(self, *kinds: str) -> list[Node]:
        """Steps of these kinds, in the order of the file."""
        return [step for step in self.steps.values() if markup.kind(step) in kinds]

    @property
    def ad_hoc(self) -> bool:
        """True when people choose what is done next."""
        return markup.kind(self.node) == "adHocSubProcess"

    @property
    def handler(self) -> bool:
        """True for an event sub-process."""
        return is_handler(self.node)


def levels(process: Node) -> list[Level]:
    """The process first, then its sub-processes in the order of the file."""
    inner = process.iter(*(f"{{{markup.BPMN}}}{kind}" for kind in markup.LEVELS))
    return [_level(process), *(_level(node) for node in inner)]


def is_handler(node: Node) -> bool:
    """True for an event sub-process."""
    return markup.kind(node) in markup.LEVELS and markup.says(node, "triggeredByEvent")


def definitions(node: Node) -> list[Node]:
    """What an event is about."""
    return [one for one in node if markup.kind(one).endswith("EventDefinition")]


def event_kind(node: Node) -> str:
    """`message`, `timer` …; `none` without a definition, `multiple` with several."""
    found = definitions(node)
    if len(found) > 1:
        return "multiple"
    return markup.kind(found[0]).removesuffix("EventDefinition") if found else "none"


def short(text: str, longest: int = 40) -> str:
    """A text that fits into a sentence."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


def _level(node: Node) -> Level:
    flows = node.findall(f"{{{markup.BPMN}}}sequenceFlow")
    leaving: dict[str, list[Node]] = defaultdict(list)
    arriving: dict[str, list[Node]] = defaultdict(list)
    for flow in flows:
        leaving[flow.get("sourceRef") or ""].append(flow)
        arriving[flow.get("targetRef") or ""].append(flow)
    steps = {step.get("id"): step for step in markup.flow_nodes(node) if step.get("id")}
    return Level(node=node, steps=steps, flows=flows, leaving=leaving, arriving=arriving)
