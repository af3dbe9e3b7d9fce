"""A program asked where its steps are: by element, by the levels around them, by their neighbours."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from engine.bpmn import events, gateways, loops, steps, subprocesses

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.bpmn.steps import ProcessSpec, Step

PEOPLE = (steps.UserTask, steps.ManualTask)
LOOPS = (loops.StandardLoop, loops.MultiInstance)
RESTS = (
    *PEOPLE,
    events.IntermediateCatchEvent,
    gateways.EventBasedGateway,
    *LOOPS,
    subprocesses.SubProcess,
)  # where a token may stand when nothing moves


class Ground:
    """The steps of a program; the single round of a loop belongs to its loop."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def steps(self) -> dict[tuple[str, str], Step]:
        """Every step by process and element."""
        return {(level.process, one.bpmn_id): one for level in self.program.specs.values() for one in _outer(level)}

    @cached_property
    def openers(self) -> dict[str, list[Step]]:
        """By name of a level the sub-processes and calls that a token may be put into."""
        found: dict[str, list[Step]] = {}
        for step in self.steps.values():
            if isinstance(step, subprocesses.SubProcess) and not _closed(step):
                found.setdefault(step.level, []).append(step)
        return found

    def find(self, process: str, element: str) -> Step | None:
        """The step for an element."""
        return self.steps.get((process, element))

    def at(self, place: str, near: str) -> Step | None:
        """The step that a mapping names: `process/element`, or an element of the process `near`."""
        process, found, element = place.rpartition("/")
        return self.find(process, element) if found else self.find(near, element) or self._alone(element)

    def name(self, step: Step) -> str:
        """What to call a step."""
        return self.program.steps[level(step).process][step.bpmn_id][1] or str(step.bpmn_id)

    def way(self, top: str, step: Step) -> list[Step] | None:
        """The sub-processes to open, from the level `top` down to the level of `step`; None unless there is one way."""
        ways = list(self._ways(top, level(step).name, ()))
        return ways[0] if len(ways) == 1 else None

    def resting(self, process: str) -> Iterator[Step]:
        """Steps of a process in which a token may stand."""
        for (owner, _), step in self.steps.items():
            if owner == process and rests(step):
                yield step

    def _alone(self, element: str) -> Step | None:
        found = [step for (_, one), step in self.steps.items() if one == element]
        return found[0] if len(found) == 1 else None

    def _ways(self, top: str, bottom: str, passed: Collection[str]) -> Iterator[list[Step]]:
        if bottom == top:
            yield []
        elif bottom not in passed:
            for opener in self.openers.get(bottom, ()):
                for way in self._ways(top, level(opener).name, (*passed, bottom)):
                    yield [*way, opener]


def _closed(step: Step) -> bool:
    """True for a level that begins only with an event of its own, or sees nothing of what is around it."""
    return isinstance(step, subprocesses.EventSubProcess) or bool(getattr(step, "isolated", False))


def rests(step: Step) -> bool:
    """True when a token may stand in this step while nothing moves."""
    if isinstance(step, subprocesses.EventSubProcess) or not isinstance(step, RESTS):
        return False
    return not isinstance(step, events.IntermediateCatchEvent) or step.event.kind != "none"


def level(step: Step) -> ProcessSpec:
    """The level in which a step stands."""
    found: ProcessSpec = step._wf_spec
    return found


def place(step: Step) -> str:
    """How a mapping names a step."""
    return f"{level(step).process}/{step.bpmn_id}"


def inner(step: Step) -> Step:
    """The step that works: of a loop its single round, else the step itself."""
    found: Step = level(step).task_specs[step.task] if isinstance(step, LOOPS) else step
    return found


def proposal(lost: Step, old: Ground, new: Ground) -> Step | None:
    """The step that obviously takes the place of one that is gone.

    It was not there before, is of the same kind, and alone has the same name, or the same steps before and behind it.
    """
    process = level(lost).process
    fresh = [
        step for step in new.resting(process) if old.find(process, step.bpmn_id) is None and alike_kind(lost, step)
    ]
    named = [step for step in fresh if step.bpmn_name and step.bpmn_name == lost.bpmn_name]
    if len(named) == 1:
        return named[0]
    beside = [step for step in fresh if neighbours(step) == neighbours(lost)]
    return beside[0] if len(beside) == 1 else None


def alike_kind(one: Step, other: Step) -> bool:
    """True when a token may simply stay while its step becomes the other."""
    if isinstance(one, LOOPS) or isinstance(other, LOOPS):
        return type(one) is type(other) and _same_work(inner(one), inner(other))
    return _same_work(one, other)


def _same_work(one: Step, other: Step) -> bool:
    if isinstance(one, PEOPLE):
        return isinstance(other, PEOPLE)
    if isinstance(one, events.IntermediateCatchEvent) and isinstance(other, events.IntermediateCatchEvent):
        return one.event.kind == other.event.kind
    return type(one) is type(other)


def neighbours(step: Step) -> tuple[frozenset[str], frozenset[str]]:
    """The elements before and behind a step."""
    others = level(step).task_specs.values()
    before = {one.bpmn_id for one in others for flow in one.flows if flow.target == step.name}
    return frozenset(before), frozenset(flow.target for flow in step.flows)


def _outer(spec: ProcessSpec) -> Iterator[Step]:
    return (step for step in spec.task_specs.values() if not step.shell)
