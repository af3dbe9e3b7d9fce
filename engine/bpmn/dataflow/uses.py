"""Which variables each step of a diagram reads and sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine import feel
from engine.bpmn import data_reading, mapping_reading, markup, timers
from engine.bpmn.markup import Node
from engine.bpmn.soundness.levels import Level, Step
from engine.errors import DefinitionRejected, ExpressionFailed

MULTIPLE = "multiInstanceLoopCharacteristics"
STANDARD = "standardLoopCharacteristics"
TIMES = ("timeDate", "timeDuration", "timeCycle")
COUNTERS = frozenset(
    {"loopCounter", "numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances", "item"}
)
MAPPED = frozenset({"dataInputAssociation", "dataOutputAssociation", "ioSpecification", "property"})
OWN = ("in", "out")  # elements of ours that map
HEARS = frozenset({"message", "signal"})


@dataclass
class Use:
    """What one step does with variables."""

    before: set[str] = field(default_factory=set)  # read when it begins, or while it waits
    inside: set[str] = field(default_factory=set)  # read with its own variables at hand
    after: set[str] = field(default_factory=set)  # read when it is done
    sets: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)  # known inside alone
    sets_anything: bool = False  # a process is called that is not at hand


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where values come from outside the file."""

    forms: Mapping[str, frozenset[str]]  # form: variables that its answers set
    called: Mapping[str, frozenset[str]]  # process at hand: variables that it sets
    decisions: Mapping[str, frozenset[str]] = field(default_factory=dict)  # decision: variables that it reads
    known: dict[Step, Use] = field(default_factory=dict)  # what has been read already


def of(step: Step, sources: Sources) -> Use:
    """The use of a step; what happens inside a sub-process is told of the steps there."""
    if step not in sources.known:
        sources.known[step] = _read(step, sources)
    return sources.known[step]


def _read(step: Step, sources: Sources) -> Use:
    use = Use()
    node = step.node
    _read_timer(node, use)
    _read_loop(node, use)
    _read_mappings(step, sources, use)
    for one in markup.extensions(node, "script"):
        use.inside |= names(one.get("expression") or "")
        use.sets.add((one.get("resultVariable") or "").strip())
    for one in markup.extensions(node, "decision"):
        use.inside |= sources.decisions.get((one.get("ref") or "").strip(), frozenset())
        use.sets.add((one.get("resultVariable") or "").strip())
    for one in markup.extensions(node, "task"):
        use.sets |= sources.forms.get(one.get("form") or "", frozenset())
    for definition in node.iterfind(f"{{{markup.BPMN}}}conditionalEventDefinition"):
        use.before |= names(markup.text(markup.child(definition, "condition")))
    if len(step.outgoing) > 1:
        use.after |= {name for flow in step.outgoing if not flow.default for name in names(flow.condition)}
    use.sets.discard("")
    return use


def names(text: str) -> frozenset[str]:
    """Names that an expression surely reads; none when it cannot be read, which others tell of."""
    try:
        return feel.parse(text).names if text.strip() else frozenset()
    except ExpressionFailed:
        return frozenset()


def declared(level: Level) -> set[str]:
    """Data objects of a level: they are there from its beginning."""
    return set(data_reading.declared(level.node))


def all_set(level: Level, sources: Sources) -> frozenset[str]:
    """Everything that some step of a level or below it sets."""
    return frozenset(name for one in level.walk() for step in one.steps.values() for name in of(step, sources).sets)


def _read_timer(node: Node, use: Use) -> None:
    for definition in node.iterfind(f"{{{markup.BPMN}}}timerEventDefinition"):
        for kind in TIMES:
            said = markup.text(markup.child(definition, kind))
            if said and not timers.literal(said):
                use.before |= names(said)


def _read_loop(node: Node, use: Use) -> None:
    single, many = markup.child(node, STANDARD), markup.child(node, MULTIPLE)
    if single is not None:
        use.own |= COUNTERS
        use.after |= names(markup.text(markup.child(single, "loopCondition"))) - COUNTERS
    if many is None:
        return
    use.before |= names(markup.text(markup.child(many, "loopCardinality")))
    use.before |= names(markup.text(markup.child(many, "loopDataInputRef")))
    items = [markup.child(many, kind) for kind in ("inputDataItem", "outputDataItem")]
    use.own |= COUNTERS | {one.get("name") or one.get("id") or "" for one in items if one is not None}
    use.after |= names(markup.text(markup.child(many, "completionCondition"))) - use.own
    use.sets.add(markup.text(markup.child(many, "loopDataOutputRef")))


def _read_mappings(step: Step, sources: Sources, use: Use) -> None:
    says = any(markup.kind(one) in MAPPED for one in step.node) or any(markup.extensions(step.node, one) for one in OWN)
    if not says and step.kind != "callActivity":
        return
    try:
        said = mapping_reading.read(step.node)
    except DefinitionRejected:
        return
    hears = step.event in HEARS and step.kind not in ("intermediateThrowEvent", "endEvent", "sendTask")
    use.before |= {name for pair in said.ins for name in names(pair.source)}
    use.own |= {pair.target for pair in said.ins} | set(said.own)
    if step.kind == "callActivity":
        called = sources.called.get(step.node.get("calledElement") or "")
        use.sets_anything = called is None and not said.complete
        use.sets |= (called or frozenset()) if not said.complete else set()
        hears = hears or said.complete  # what the called process knows
    if not hears:
        use.after |= {name for pair in said.outs for name in names(pair.source)} - use.own
    use.sets |= {pair.target for pair in said.outs}


def readers(use: Use) -> Iterator[tuple[set[str], bool]]:
    """What is read, each with whether what the step sets is at hand by then."""
    yield use.before, False
    yield use.inside - use.own, False
    yield use.after, True
