# mypy: allow-subclassing-any
"""A running instance and the sub-processes open in it: where tokens are made, listen, and leave.

A token that is done is gone at once, so an instance holds its open tokens and nothing else, however long it runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import expressions, mappings, waits
from engine.bpmn.gateways import InclusiveGateway
from engine.bpmn.tokens import SCOPE, Token
from engine.bpmn.trace import Trace
from engine.errors import Endless, StepFailed
from engine.model import Fired, Json, Sent

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.bpmn.steps import Flow, ProcessSpec, Step

STEPS_LIMIT = 50_000  # tokens moved in one deed; more is a round without a person or a timer
DEPTH_LIMIT = 40  # sub-processes in sub-processes


class Scope:
    """One open level of an instance."""

    spec: ProcessSpec
    top_workflow: Run
    tasks: dict[int, Token]
    owner: Token | None
    completed: bool
    depth: int
    local: dict[str, Json] | None = None  # variables of this level alone

    def prepare(self) -> None:
        """Nothing has arrived anywhere yet."""
        self.arrived: dict[str, dict[str, int]] = {}  # tokens that rest at joins, by join and flow
        self.closing = False
        self.cleared = 0  # how often everything in the level was taken away during this deed
        self.ending = False  # an ad-hoc sub-process in which nothing new may begin

    def layers(self) -> list[dict[str, Json]]:
        """Where variables are looked for, this level first; the last one takes new names."""
        raise NotImplementedError

    def context(self) -> dict[str, Json]:
        """Names that an expression of the level may read; facts cannot be overlaid by variables."""
        merged: dict[str, Json] = {}
        for values in reversed(self.layers()):
            merged.update(values)
        return {**merged, **self.top_workflow.facts}

    def open(self) -> None:
        """Put a token on each entry of the level."""
        for name in self.spec.handlers:
            self.listen(self.spec.task_specs[name], host=SCOPE)
        for name in self.spec.entries:
            self.put(self.spec.task_specs[name])
        if self.empty() and self.may_end():
            self.finish()

    def begin(self, occurred: Sequence[str]) -> None:
        """Open the level with steps whose event has come already."""
        for name in self.spec.handlers:
            self.listen(self.spec.task_specs[name], host=SCOPE)
        for name in occurred:
            self.make(self.spec.task_specs[name])._ready()

    def make(self, step: Step) -> Token:
        """A new token, not yet in its step."""
        self.top_workflow.count += 1
        return Token(self, step, self.top_workflow.count)

    def put(self, step: Step) -> Token:
        """A new token that enters `step`."""
        token = self.make(step)
        step._update(token)
        return token

    def listen(self, step: Step, *, host: int) -> None:
        """A new token that waits in front of `step` for its event, on behalf of `host`."""
        token = self.make(step)
        token.host = host
        token.task_spec.arm(token)

    def send(self, flow: Flow) -> None:
        """A token goes along a flow."""
        self.spec.task_specs[flow.target].arrive(self, flow.id)

    def drop(self, token: Token) -> None:
        """A token is done; what guarded it goes, and perhaps the level is done, too."""
        if self.tasks.pop(token.id, None) is None or self.completed:
            return
        if token.task_spec.guarded:
            for guard in [one for one in self.tasks.values() if one.host == token.id]:
                guard.cancel()
        if not self.closing and self.empty() and self.may_end():
            self.finish()

    def empty(self) -> bool:
        """True when no token is left but those that listen for the level itself."""
        return not self.arrived and all(token.host == SCOPE for token in self.tasks.values())

    def may_end(self) -> bool:
        """True when the level is done as soon as it is empty."""
        return True

    def goes_on(self, _token: Token) -> bool:
        """True when tokens go along the flows out of a step that is done."""
        return True

    def clear(self, keep: Token | None = None) -> None:
        """Take away every token but `keep`."""
        self.closing = True
        self.cleared += 1
        self.arrived.clear()
        for token in list(self.tasks.values()):
            if token is not keep:
                token.cancel()
        self.closing = False

    def still(self, token: Token, cleared: int) -> bool:
        """True when nothing has taken away the level, branch or round of a token that is done.

        Args:
            cleared: of this level when the token was still sure to go on.
        """
        there = token.shell is None or token.shell in self.tasks
        return there and self.cleared == cleared and not self.completed

    def finish(self) -> None:
        """The level is done."""
        self.clear()
        self.completed = True


class InnerRun(Scope, BpmnSubWorkflow):
    """An open sub-process or called process. `owner` is the token that stands in its activity."""

    def __init__(self, spec: ProcessSpec, owner: Token) -> None:
        self.owner: Token = owner
        super().__init__(spec, owner.id, owner.top, deserializing=True)
        self.prepare()

    def _calculate_depth(self) -> int:
        return int(self.owner.workflow.depth) + 1

    def open(self) -> None:
        """Begin with the level's own variables: its data objects, or for an isolated call only what comes in."""
        given = {**(self.owner.local or {}), **(self.owner.inputs or {})}
        fresh: dict[str, Json] = {name: None for name in self.spec.data if name not in given}
        if self.isolated:
            self.local = dict(self.owner.inputs or {})
        elif fresh:
            self.local = fresh
        super().open()

    def may_end(self) -> bool:
        """The activity knows."""
        return bool(self.owner.task_spec.may_end(self))

    def goes_on(self, token: Token) -> bool:
        """The activity knows."""
        return bool(self.owner.task_spec.goes_on(self, token))

    @property
    def isolated(self) -> bool:
        """True for a called process that sees nothing but what comes in."""
        return getattr(self.owner.task_spec, "isolated", False)

    def layers(self) -> list[dict[str, Json]]:
        """Its own variables; around them, unless it is isolated, those of the activity and its level."""
        found = [self.local] if self.local is not None else []
        return found if self.isolated else found + self.owner.layers()

    def finish(self) -> None:
        """Give back what goes out; the activity goes on."""
        context = self.context() if self.owner.task_spec.outs else {}
        self.leave()
        mappings.give_back(self.owner, context)
        self.owner._ready()

    def leave(self) -> None:
        """Take all tokens and the level itself away."""
        self.clear()
        self.completed = True
        self.top_workflow.subprocesses.pop(self.owner.id, None)


class Run(Scope, BpmnWorkflow):
    """A whole instance, for the time of one deed."""

    owner = None
    subprocesses: dict[int, InnerRun]

    def __init__(
        self, program: Program, *, variables: dict[str, Json], facts: Mapping[str, Json], now: datetime
    ) -> None:
        super().__init__(program.spec, program.specs, script_engine=expressions.ENGINE, deserializing=True)
        self.prepare()
        self.program = program
        self.variables = variables
        self.facts = facts
        self.now = now
        self.count = 0  # tokens made so far
        self.conversation: dict[str, Json] = {}  # values by which messages find this instance, once they are known
        self.sent: list[Sent] = []  # during this deed, for other instances
        self.fired: list[Fired] = []  # timers that fired during this deed
        self.changed = False  # variables have another value since conditions were looked at
        self.had: frozenset[str] = frozenset()  # kinds of events that were waited for before this deed
        self.had_levels = False  # sub-processes were open before this deed
        self.fault = ""  # the element at which an error was thrown that nobody catches
        self.trace = Trace(program)
        self._ready: deque[Token] = deque()
        self._moved = 0

    def layers(self) -> list[dict[str, Json]]:
        """The variables of the instance."""
        return [self.variables]

    def noticed(self, token: Token) -> None:
        """A token changed its state."""
        self.trace.notice(token)
        if token.state == TaskState.READY and not token.task_spec.manual:
            self._ready.append(token)

    def stop(self, thrower: Token) -> None:
        """End the whole instance: an error that nobody catches (BPMN 2.0 leaves open what then)."""
        self.fault = thrower.task_spec.bpmn_id
        self.clear(keep=thrower)
        if self.empty():
            self.finish()

    def enter(self, name: str, owner: Token) -> InnerRun:
        """Open the sub-process or called process `name` for the activity in which `owner` stands.

        Raises:
            StepFailed: when processes call each other without end.
        """
        if owner.workflow.depth >= DEPTH_LIMIT:
            message = f"Krok „{owner.task_spec.label}”: procesy wywołują się nawzajem bez końca."
            raise StepFailed(message, element=owner.task_spec.bpmn_id)
        inner = InnerRun(self.subprocess_specs[name], owner)
        self.subprocesses[owner.id] = inner
        return inner

    def scopes(self) -> Iterator[Scope]:
        """All open levels, the outermost first."""
        yield self
        yield from list(self.subprocesses.values())

    def tokens(self) -> Iterator[Token]:
        """All open tokens in the order in which they were made."""
        found = [token for scope in self.scopes() for token in scope.tasks.values()]
        return iter(sorted(found, key=lambda token: token.id))

    def settle(self) -> None:
        """Move everything that can move by itself, until only people, time and messages are waited for.

        Raises:
            StepFailed: when a step cannot go on.
        """
        while self._drain() or self._join() or self._watch() or waits.fire_timer(self):
            pass

    def _watch(self) -> bool:
        return self.program.watches and waits.fire_condition(self)

    def look(self, token: Token) -> bool:
        """When a step that is done has changed variables, let conditions that have come true fire at once.

        Returns:
            False when one of them has taken away what the token was in: it does not go on.
        """
        scope, cleared = token.workflow, token.workflow.cleared
        if self.changed and self.program.watches:
            self.changed = False
            while waits.fire_condition(self, but=token):
                pass
        return scope.still(token, cleared)

    def _drain(self) -> bool:
        if not self._ready:
            return False
        while self._ready:
            token = self._ready.popleft()
            if token.state == TaskState.READY:
                self.moved(token)
                token.run()
        return True

    def _join(self) -> bool:
        for scope in self.scopes():
            for name in scope.arrived:
                step = scope.spec.task_specs[name]
                if isinstance(step, InclusiveGateway) and step.ripe(scope):
                    step.open(scope)
                    return True
        return False

    def moved(self, token: Token) -> None:
        """Count a move.

        Raises:
            StepFailed: when there were too many in one deed.
        """
        self._moved += 1
        if self._moved > STEPS_LIMIT:
            message = f"Krok „{token.task_spec.label}”: kroki powtarzają się bez końca, bez udziału człowieka."
            raise Endless(message, element=token.task_spec.bpmn_id)

    # --- hooks by which the library calls us --------------------------------------------------

    def _task_completed_notify(self, task: Any) -> None:
        """Nothing: the library would look through its whole tree here."""
