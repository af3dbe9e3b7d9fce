"""Reads a BPMN file into what the rest of the house needs to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine.bpmn import markup
from engine.bpmn.markup import Node
from engine.model import TaskDetails

SOURCE = "Źródło:"
TASKS = frozenset({"userTask", "manualTask"})
WRONG_PRIORITY = "Priorytet zadania musi być liczbą od 0 do 100. Popraw go."


@dataclass(frozen=True, kw_only=True)
class Element:
    """One step of a diagram. `parent` is the embedded sub-process it stands in, "" on the top level."""

    id: str
    kind: str
    name: str
    hint: str
    source: str
    line: int
    lane: str
    parent: str
    role: str = ""  # who does it: what `bieg:task` says, else the lane
    calls: str = ""  # key of the process that a call activity calls


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One sequence flow. `default` is true when its source names it as the default."""

    id: str
    source: str
    target: str
    name: str
    condition: str
    default: bool
    line: int


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """What a BPMN file says, apart from where things are drawn."""

    key: str
    name: str
    documentation: str
    source: str
    elements: Mapping[str, Element]
    tasks: Mapping[str, TaskDetails]
    flows: tuple[Flow, ...]
    calls: tuple[str, ...]
    has_drawing: bool
    decisions: tuple[str, ...] = ()  # ids of the decisions that it makes

    @property
    def starts(self) -> tuple[str, ...]:
        """Ids of the start events on the top level."""
        return tuple(one.id for one in self.elements.values() if one.kind == "startEvent" and not one.parent)


def read(xml: bytes) -> Diagram:
    """Read a file.

    Raises:
        DefinitionRejected: when it cannot be read: broken XML, a DOCTYPE, no process to run.
    """
    return view(markup.open_file(xml))


def view(root: Node) -> Diagram:
    """The diagram of an open file.

    Raises:
        DefinitionRejected: when there is no process to run, or a step says what cannot be read.
    """
    process = markup.executable(root)
    key = process.get("id")
    sight = _Sight(key=key, lanes=_lanes(process))
    sight.take(process, parent="", lane="")
    hint, source = documentation(process)
    return Diagram(
        key=key,
        name=_name(process),
        documentation=hint,
        source=source,
        elements=MappingProxyType(sight.elements),
        tasks=MappingProxyType(sight.tasks),
        flows=tuple(sight.flows),
        calls=tuple(dict.fromkeys(sight.calls)),
        decisions=tuple(dict.fromkeys(sight.decisions)),
        has_drawing=root.find(f"{{{markup.BPMNDI}}}BPMNDiagram") is not None,
    )


def documentation(node: Node) -> tuple[str, str]:
    """The hint for people and the source of an element: the last line `Źródło: …` without that word."""
    lines = [line.strip() for line in markup.text(markup.child(node, "documentation")).splitlines()]
    if lines and lines[-1].startswith(SOURCE):
        return "\n".join(lines[:-1]).strip(), lines[-1].removeprefix(SOURCE).strip()
    return "\n".join(lines).strip(), ""


@dataclass
class _Sight:
    """Collects what is found while walking down the levels of a process."""

    key: str
    lanes: Mapping[str, str]
    elements: dict[str, Element] = field(default_factory=dict)
    tasks: dict[str, TaskDetails] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)

    def take(self, level: Node, *, parent: str, lane: str) -> None:
        """Everything on this level and below; a sub-process hands its lane down."""
        for node in markup.flow_nodes(level):
            element = self._element(node, parent=parent, lane=lane)
            self.elements[element.id] = element
            if element.kind in TASKS:
                self.tasks[element.id] = _details(self.key, node, element)
            if element.kind == "callActivity" and node.get("calledElement"):
                self.calls.append(node.get("calledElement"))
            said = markup.extension(node, "decision") if element.kind == "businessRuleTask" else None
            if said is not None and (said.get("ref") or "").strip():
                self.decisions.append(said.get("ref").strip())
            if element.kind in markup.LEVELS:
                self.take(node, parent=element.id, lane=element.lane)
        self.flows.extend(_flows(level))

    def _element(self, node: Node, *, parent: str, lane: str) -> Element:
        identity = node.get("id")
        if not identity:
            raise markup.refused_at(node, "Element diagramu nie ma identyfikatora. Nadaj mu identyfikator (id).")
        host = node.get("attachedToRef")
        hint, source = documentation(node)
        lane = self.lanes.get(identity) or (self.lanes.get(host) if host else "") or lane
        said = markup.extension(node, "task")
        return Element(
            id=identity,
            kind=markup.kind(node),
            name=_name(node),
            hint=hint,
            source=source,
            line=node.sourceline or 0,
            lane=lane,
            role=((said.get("role") or "").strip() if said is not None else "") or lane,
            parent=parent,
            calls=(node.get("calledElement") or "") if markup.kind(node) == "callActivity" else "",
        )


def _lanes(process: Node) -> dict[str, str]:
    """Name of the innermost lane for every element that is put into one."""
    found: dict[str, tuple[int, str]] = {}
    for depth, lane in _lane_tree(process, 0):
        for ref in lane.findall(f"{{{markup.BPMN}}}flowNodeRef"):
            identity = markup.text(ref)
            if depth >= found.get(identity, (0, ""))[0]:
                found[identity] = (depth, _name(lane))
    return {identity: name for identity, (_, name) in found.items()}


def _lane_tree(node: Node, depth: int) -> Iterator[tuple[int, Node]]:
    sets = "childLaneSet" if depth else "laneSet"
    for lane_set in node.findall(f"{{{markup.BPMN}}}{sets}"):
        for lane in lane_set.findall(f"{{{markup.BPMN}}}lane"):
            yield depth + 1, lane
            yield from _lane_tree(lane, depth + 1)


def _flows(level: Node) -> Iterator[Flow]:
    defaults = {node.get("default") for node in markup.flow_nodes(level)} - {None}
    for node in level.findall(f"{{{markup.BPMN}}}sequenceFlow"):
        yield Flow(
            id=node.get("id") or "",
            source=node.get("sourceRef") or "",
            target=node.get("targetRef") or "",
            name=_name(node),
            condition=markup.text(markup.child(node, "conditionExpression")),
            default=node.get("id") in defaults,
            line=node.sourceline or 0,
        )


def _details(process: str, node: Node, element: Element) -> TaskDetails:
    found = markup.extension(node, "task")
    said: Mapping[str, str] = {} if found is None else {key: value.strip() for key, value in found.attrib.items()}
    return TaskDetails(
        element=element.id,
        process=process,
        name=element.name or element.id,
        role=said.get("role") or element.lane,
        form=said.get("form", ""),
        term=said.get("term", ""),
        priority=_priority(node, said.get("priority", "")),
        authority=said.get("authority", ""),
        cooperates=tuple(role.strip() for role in said.get("cooperates", "").split(";") if role.strip()),
        candidate_unit=said.get("candidateUnit", ""),
        candidates=said.get("candidates", ""),
        records=said.get("records", ""),
        hint=element.hint,
        source=element.source,
    )


def _priority(node: Node, said: str) -> int:
    if not said:
        return 50
    if not fits_priority(said):
        raise markup.refused_at(node, WRONG_PRIORITY)
    return int(said)


def fits_priority(said: str) -> bool:
    """True for nothing, and for a number from 0 to 100."""
    return not said or (said.isascii() and said.isdigit() and len(said) <= 9 and int(said) <= 100)


def _name(node: Node) -> str:
    return " ".join((node.get("name") or "").split())
