# mypy: allow-subclassing-any
"""Gateways as BPMN 2.0 defines them: joins count what has arrived on each flow, in every round of a loop anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.steps import Flow, Step

if TYPE_CHECKING:
    from engine.bpmn.scopes import Scope
    from engine.bpmn.tokens import Token


class ExclusiveGateway(Step):
    """Takes the first flow whose condition holds; every token that comes passes."""

    def choose(self, token: Token) -> Sequence[Flow]:
        """One flow, in the order of the file.

        Raises:
            StepFailed: when no condition holds and there is no default.
        """
        for flow in self.flows:
            if not flow.default and token.holds(flow):
                return [flow]
        chosen = [flow for flow in self.flows if flow.default]
        if self.flows and not chosen:
            raise self.stuck()
        return chosen


class _Join(Step):
    """A gateway that may have to wait until its flows have brought their tokens."""

    def arrive(self, scope: Scope, flow: str) -> None:
        if len(self.incoming) < 2:
            scope.put(self)
            return
        resting = scope.arrived.setdefault(self.name, {})
        resting[flow] = resting.get(flow, 0) + 1
        if len(resting) == len(self.incoming):
            self.open(scope)

    def open(self, scope: Scope) -> None:
        """Take one token from each flow that has one and let one go on."""
        resting = scope.arrived.pop(self.name)
        left = {flow: count - 1 for flow, count in resting.items() if count > 1}
        if left:
            scope.arrived[self.name] = left
        scope.put(self)


class ParallelGateway(_Join):
    """Waits for a token on every incoming flow, then sends one along every outgoing flow."""

    def choose(self, _token: Token) -> Sequence[Flow]:
        """All flows; conditions mean nothing here."""
        return self.flows


class InclusiveGateway(_Join):
    """Waits for every token that can still come, then takes all flows whose condition holds."""

    def ripe(self, scope: Scope) -> bool:
        """True when no other token of this scope has to be waited for.

        BPMN 2.0, 13.4.3: a token has to be waited for when it can get to an incoming flow that is still empty
        without passing this gateway, unless it can get to one that is filled, too.
        """
        filled = list(scope.arrived[self.name])
        empty = [flow for flow in self.incoming if flow not in filled]
        ways = [way for step in self._places(scope) for way in self._ways(step)]
        return all(self._leads(way, filled) or not self._leads(way, empty) for way in ways)

    def _places(self, scope: Scope) -> Iterator[Step]:
        """Steps where other tokens are."""
        yield from (scope.spec.task_specs[name] for name in scope.arrived if name != self.name)
        for token in scope.tasks.values():
            if token.host is None and token.shell is None and token.task_spec is not self:
                yield token.task_spec

    def _ways(self, step: Step) -> Iterator[list[Flow]]:
        """How a token may leave a step: by itself, or because it is interrupted."""
        yield step.flows
        yield from (event.flows for event in _interruptions(step))

    def _leads(self, way: list[Flow], goals: list[str]) -> bool:
        """True when one of the incoming flows `goals` lies on the way."""
        return any(flow.id == goal or flow.target in self._sources(goal) for goal in goals for flow in way)

    def _sources(self, goal: str) -> set[str]:
        """Steps from which the incoming flow `goal` can be reached without passing this gateway."""
        known: dict[str, set[str]] = self.__dict__.setdefault("_known", {})
        if goal not in known:
            known[goal] = self._upstream(goal)
        return known[goal]

    def _upstream(self, goal: str) -> set[str]:
        steps = [step for step in self._wf_spec.task_specs.values() if step is not self]
        found = {step.name for step in steps if any(flow.id == goal for way in self._ways(step) for flow in way)}
        before = 0
        while len(found) != before:
            before = len(found)
            found |= {
                step.name for step in steps if any(one.target in found for way in self._ways(step) for one in way)
            }
        return found


def _interruptions(step: Step) -> list[Step]:
    events = [step._wf_spec.task_specs[name] for name in step.boundaries]
    return [event for event in events if event.interrupts]


class EventBasedGateway(Step):
    """Waits for the first of several events, or starts the process when one of them comes."""

    PARTS = ("instantiates",)
    instantiates: bool

    @property
    def guarded(self) -> bool:
        """Always: the events behind it wait on its behalf."""
        return True

    def enter(self, token: Token) -> None:
        """Let all events behind the gateway wait at once."""
        token._set_state(TaskState.WAITING)
        token.guard(flow.target for flow in self.flows)

    def choose(self, _token: Token) -> Sequence[Flow]:
        """None: the event that came has its own token."""
        return ()
