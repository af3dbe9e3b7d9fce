"""Everything that one instance runs on, parsed once for each combination of versions and kept as bytes."""

from __future__ import annotations

import json
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from engine.bpmn import adhoc, dmn, events, gateways, loops, markup, parser, reader, rules, starts, steps, subprocesses
from engine.bpmn.mappings import Pair
from engine.bpmn.steps import Flow, ProcessSpec, Step
from engine.model import TaskDetails

FORMAT = 3  # a bundle of another format is compiled anew
CLASSES: Mapping[str, type[Step]] = {
    one.__name__: one
    for one in (
        steps.NoneTask,
        steps.UserTask,
        steps.ManualTask,
        steps.ScriptTask,
        rules.BusinessRuleTask,
        subprocesses.SubProcess,
        subprocesses.CallActivity,
        subprocesses.Transaction,
        adhoc.AdHocSubProcess,
        subprocesses.EventSubProcess,
        gateways.ExclusiveGateway,
        gateways.ParallelGateway,
        gateways.InclusiveGateway,
        gateways.EventBasedGateway,
        loops.StandardLoop,
        loops.MultiInstance,
        events.StartEvent,
        events.EndEvent,
        events.IntermediateCatchEvent,
        events.IntermediateThrowEvent,
        events.BoundaryEvent,
        events.SendTask,
        events.ReceiveTask,
    )
}


@dataclass(frozen=True)
class Program:
    """A bundle brought to life. Nothing in it changes while instances run, so that they may share it."""

    key: str
    specs: Mapping[str, ProcessSpec]
    steps: Mapping[str, Mapping[str, tuple[str, str]]]  # process, element: kind and name
    tasks: Mapping[str, Mapping[str, TaskDetails]]  # process, element
    roles: Mapping[str, Mapping[str, str]]  # process, element: who does it
    decisions: Mapping[str, dmn.File] = field(default_factory=dict)  # decision id: the file it stands in

    @property
    def spec(self) -> ProcessSpec:
        """The process itself."""
        return self.specs[self.key]

    @cached_property
    def watches(self) -> bool:
        """True when something in it waits for a condition."""
        found = (getattr(step, "event", None) for spec in self.specs.values() for step in spec.task_specs.values())
        return any(event is not None and event.kind == "conditional" for event in found)


def compile(xml: bytes, called: Mapping[str, bytes], decisions: Mapping[str, bytes] | None = None) -> bytes:
    """Parse a process and all that it calls.

    Args:
        xml: the file of the process.
        called: files of other processes by key; may hold more than are called.
        decisions: DMN files by decision id; may hold more than are made.

    Raises:
        DefinitionRejected: when a file cannot be run, or a called process or a decision is missing.
    """
    diagram = reader.read(xml)
    files = {diagram.key: xml}
    todo = [(diagram, xml)]
    levels: list[dict[str, Any]] = []
    about: dict[str, Any] = {}
    made: dict[str, bytes] = {}
    while todo:
        one, content = todo.pop()
        specs = list(parser.parse(content).values())
        if one is not diagram and not starts.callable_by_others(specs[0]):
            raise markup.refused(f"Procesu „{one.name or one.key}” nie można wywołać: nie ma zwykłego początku.")
        levels += [_level(spec) for spec in specs]
        about[one.key] = _about(one)
        made |= {id: _decision(one, id, decisions or {}) for id in one.decisions}
        for key in one.calls:
            if key not in files:
                files[key] = _called(one, key, called)
                todo.append((reader.read(files[key]), files[key]))
    kept = {"format": FORMAT, "key": diagram.key, "levels": levels, "about": about, "decisions": dmn.packed(made)}
    return zlib.compress(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def restore(content: bytes) -> Program:
    """The program of a compiled bundle."""
    kept = json.loads(zlib.decompress(content))
    about = kept["about"]
    return Program(
        key=kept["key"],
        specs={level["name"]: _restored(level) for level in kept["levels"]},
        steps={key: {name: (pair[0], pair[1]) for name, pair in one["steps"].items()} for key, one in about.items()},
        roles={key: one["roles"] for key, one in about.items()},
        tasks={key: {name: _details(said) for name, said in one["tasks"].items()} for key, one in about.items()},
        decisions=dmn.Kept(kept["decisions"]),
    )


class Programs:
    """The programs that this process has used last."""

    def __init__(self, size: int = 200) -> None:
        self._size = size
        self._kept: OrderedDict[str, Program] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, load: Callable[[], bytes]) -> Program:
        """The program known as `key`; `load` brings its bundle when it is not at hand."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
        found = restore(load())
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return found


def _called(caller: reader.Diagram, key: str, called: Mapping[str, bytes]) -> bytes:
    found = called.get(key)
    if found is None:
        raise markup.refused(f"Proces „{caller.name or caller.key}” wywołuje proces „{key}”, którego nie ma.")
    return found


def _decision(diagram: reader.Diagram, id: str, decisions: Mapping[str, bytes]) -> bytes:
    if id not in decisions:
        raise markup.refused(f"Proces „{diagram.name or diagram.key}” korzysta z decyzji „{id}”, której nie ma.")
    return decisions[id]


def _about(diagram: reader.Diagram) -> dict[str, Any]:
    return {
        "steps": {one.id: (one.kind, one.name) for one in diagram.elements.values()},
        "roles": {one.id: one.role for one in diagram.elements.values() if one.role},
        "tasks": {name: asdict(details) for name, details in diagram.tasks.items()},
    }


def _details(said: dict[str, Any]) -> TaskDetails:
    return TaskDetails(**{**said, "cooperates": tuple(said["cooperates"])})


def _level(spec: ProcessSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "process": spec.process,
        "entries": spec.entries,
        "handlers": spec.handlers,
        "starts": list(spec.starts),
        "data": spec.data,
        "steps": [_step(step) for step in spec.task_specs.values()],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "class": type(step).__name__,
        "name": step.name,
        "id": step.bpmn_id,
        "label": step.bpmn_name,
        "flows": step.flows,
        "incoming": step.incoming,
        "boundaries": step.boundaries,
        "shell": step.shell,
        "common": [step.ins, step.outs, step.own, step.needs, step.gives],
        "parts": {part: getattr(step, part) for part in step.PARTS},
    }


def _restored(level: dict[str, Any]) -> ProcessSpec:
    spec = ProcessSpec(level["name"], level["process"])
    spec.entries, spec.handlers, spec.data = level["entries"], level["handlers"], level["data"]
    for said in level["steps"]:
        parts = said["parts"]
        if "event" in parts:
            parts["event"] = events.restored(parts["event"])
        step = CLASSES[said["class"]](spec, said["name"], **parts)
        step.bpmn_id, step.bpmn_name = said["id"], said["label"]
        step.flows = [Flow(*flow) for flow in said["flows"]]
        step.incoming, step.boundaries, step.shell = said["incoming"], said["boundaries"], said["shell"]
        ins, outs, step.own, step.needs, step.gives = said["common"]
        step.ins, step.outs = [Pair(*one) for one in ins], [Pair(*one) for one in outs]
    spec.starts = {name: spec.task_specs[name].event for name in level["starts"]}
    return spec
