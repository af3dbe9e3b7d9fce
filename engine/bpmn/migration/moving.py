"""Puts the tokens of a loaded instance on another diagram, as it was decided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import events, gateways, mappings, subprocesses
from engine.bpmn.migration import joins, listeners, places
from engine.bpmn.migration.deciding import ROOT, Fate
from engine.bpmn.tokens import SCOPE
from engine.bpmn.trace import Trace
from engine.model import Json, StepMove

if TYPE_CHECKING:
    from engine.bpmn.bundle import Program
    from engine.bpmn.migration.deciding import Decider, Move
    from engine.bpmn.scopes import InnerRun, Run, Scope
    from engine.bpmn.steps import ProcessSpec, Step
    from engine.bpmn.tokens import Token


class Mover:
    """Carries decisions out on one loaded instance."""

    def __init__(self, run: Run, program: Program, decided: Decider) -> None:
        self._run, self._program, self._decided = run, program, decided
        self._tokens = {token.id: token for token in run.tokens()}
        self._scopes: dict[int, Scope] = {ROOT: run, **run.subprocesses}

    def move(self) -> tuple[StepMove, ...]:
        """Take away with the old diagram what goes, then put the rest on the new one.

        Returns:
            The steps that were left on the old diagram.

        Raises:
            StepFailed: when an event that begins to wait cannot be computed.
        """
        for scope in self._scopes.values():
            scope.closing = True  # no level ends because its tokens are on their way
        self._take_away()
        left = self._run.trace.moves
        self._rebind()
        self._put()
        for scope in self._run.scopes():
            scope.closing = False
        self._open_joins()
        return left

    def _take_away(self) -> None:
        for _, watch in self._decided.watches:
            for key in watch.gone:
                self._tokens[key].cancel()
        self._packs = {move.token.id: _taken_out(move.token) for move in self._travelling()}
        for move in reversed(self._decided.moves.values()):
            if move.fate is not Fate.STAY:
                move.token.cancel()

    def _travelling(self) -> Iterator[Move]:
        """Tokens that stay, but in another level."""
        for move in self._decided.moves.values():
            if move.fate is Fate.STAY and (move.way or self._scopes[move.base] is not move.token.workflow):
                yield move

    def _rebind(self) -> None:
        run, specs = self._run, self._program.specs
        run.program, run.subprocess_specs = self._program, specs
        run.trace = Trace(self._program)
        for owner, scope in self._scopes.items():
            name = self._decided.levels.get(owner)
            if name is not None and not scope.completed:
                _settle_in(scope, specs[name])
        for owner, renamed in self._decided.arrived.items():
            scope = self._scopes[owner]
            scope.arrived = {join: _renamed(flows, renamed[join]) for join, flows in scope.arrived.items()}
        for move in self._decided.moves.values():
            if move.fate is Fate.STAY and move.step is not None:
                _stand(move.token, move.step, self._tokens)
        for _, watch in self._decided.watches:
            for key, step in watch.kept.items():
                _become(self._tokens[key], step)

    def _put(self) -> None:
        for move in self._decided.moves.values():
            if move.fate is Fate.STAY and move.token.id in self._packs:
                target = self._reached(move)
                for token in self._packs[move.token.id]:
                    target.tasks[token.id], token.workflow = token, target
        if self._packs:
            self._nest()
        for owner, watch in self._decided.watches:
            host = self._tokens.get(watch.host)
            scope = host.workflow if host is not None else self._scopes[owner]
            if scope.completed or (host is not None and host.id not in scope.tasks):
                continue  # its host is gone, too
            for name in watch.begun:
                scope.listen(scope.spec.task_specs[name], host=watch.host)
        for move in list(self._decided.moves.values()):
            if move.fate is Fate.ANEW and move.step is not None:
                self._reached(move).put(move.step)

    def _reached(self, move: Move) -> Scope:
        """The level that a token comes to, with the sub-processes on its way open."""
        scope = self._scopes[move.base]
        for step in move.way:
            scope = self._inside(scope, step)
        return scope

    def _inside(self, scope: Scope, step: Step) -> Scope:
        """The level of a sub-process, opened without a token on its entry unless it is open already."""
        for token in scope.tasks.values():
            if token.task_spec is step and token.id in self._run.subprocesses:
                return self._run.subprocesses[token.id]
        owner = scope.make(step)
        owner._set_state(TaskState.STARTED)
        mappings.take_in(owner)
        owner.guard(step.boundaries)
        if not isinstance(step, subprocesses.SubProcess):
            raise TypeError(step.name)
        inner = self._run.enter(step.level, owner)
        inner.closing = True
        inner.local = dict.fromkeys(inner.spec.data) or None
        for name in inner.spec.handlers:
            inner.listen(inner.spec.task_specs[name], host=SCOPE)
        return inner

    def _nest(self) -> None:
        """Levels stand behind the ones around them, as they are loaded again."""
        found = self._run.subprocesses
        for inner in found.values():
            inner.depth = _depth(inner)
        self._run.subprocesses = dict(sorted(found.items(), key=lambda pair: pair[1].depth))

    def _open_joins(self) -> None:
        """A join that lost a flow may have nothing more to wait for."""
        for scope in list(self._run.scopes()):
            for name in list(scope.arrived):
                join = scope.spec.task_specs[name]
                if isinstance(join, joins.JOINS) and len(join.incoming) < 2:
                    for _ in range(sum(scope.arrived.pop(name).values())):
                        scope.put(join)
                elif isinstance(join, gateways.ParallelGateway):
                    while len(scope.arrived.get(name, ())) == len(join.incoming):
                        join.open(scope)


def restless(run: Run) -> bool:
    """True when something can move by itself."""
    for scope in run.scopes():
        for name in scope.arrived:
            join = scope.spec.task_specs[name]
            if isinstance(join, gateways.InclusiveGateway) and join.ripe(scope):
                return True
    return any(token.state == TaskState.READY and not token.task_spec.manual for token in run.tokens())


def _settle_in(scope: Scope, spec: ProcessSpec) -> None:
    """A level takes over its new diagram; data objects that came are empty."""
    came = [name for name in spec.data if name not in scope.spec.data]
    scope.spec = spec
    known = {name for values in scope.layers() for name in values}
    fresh: dict[str, Json] = {name: None for name in came if name not in known}
    if scope.owner is None:
        scope.top_workflow.variables.update(fresh)
    elif fresh:
        scope.local = {**(scope.local or {}), **fresh}


def _taken_out(token: Token) -> list[Token]:
    """Take a token with its rounds and listeners out of its level."""
    tasks, found = token.workflow.tasks, [token]
    for one in found:
        found += [other for other in tasks.values() if one.id in (other.host, other.shell) and other not in found]
    for one in found:
        del tasks[one.id]
    return found


def _stand(token: Token, step: Step, tokens: dict[int, Token]) -> None:
    _become(token, step)
    for one in tokens.values():
        if one.shell == token.id:
            _become(one, places.inner(step))


def _become(token: Token, step: Step) -> None:
    old, token.task_spec = token.task_spec, step
    if token.state == TaskState.WAITING and isinstance(step, events.Listener):
        listeners.refit(token, old)


def _renamed(resting: dict[str, int], flows: dict[str, str]) -> dict[str, int]:
    return {flows[flow]: count for flow, count in resting.items()}


def _depth(inner: InnerRun) -> int:
    scope, found = inner.owner.workflow, 1
    while scope.owner is not None:
        scope, found = scope.owner.workflow, found + 1
    return found
