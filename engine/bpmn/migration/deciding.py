"""Decides for every token of an instance where it stands in another version of the diagram."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.bpmn import gateways, subprocesses
from engine.bpmn.migration import changes, joins, listeners, places
from engine.bpmn.migration.verdict import Colour, Held, Remark, Target
from engine.bpmn.tokens import SCOPE

if TYPE_CHECKING:
    from engine.bpmn.migration.listeners import Watch
    from engine.bpmn.migration.places import Ground
    from engine.bpmn.scopes import Run, Scope
    from engine.bpmn.steps import ProcessSpec, Step
    from engine.bpmn.tokens import Token

ROOT = 0  # as owner: the instance itself
CHOOSE = "Wskaż krok nowej wersji, na którym sprawa ma stanąć"
AGAIN = f"{CHOOSE}; jeśli wskażesz ten sam, zacznie się on od nowa."


class Fate(StrEnum):
    """What becomes of a token."""

    STAY = "stay"  # it goes on as it is, in its new step
    ANEW = "anew"  # it goes, and another one enters the new step
    GONE = "gone"  # its sub-process is left: what was open inside stands outside now


@dataclass
class Move:
    """Where one token goes: into a step, below an open level, through sub-processes that have to be opened."""

    token: Token
    fate: Fate
    step: Step | None = None
    base: int = ROOT  # owner of the open level
    way: list[Step] = field(default_factory=list)


class Decider:
    """Looks at an instance on its old diagram; changes nothing."""

    def __init__(self, run: Run, old: Ground, new: Ground, mapping: Mapping[str, str]) -> None:
        self._run, self._old, self._new, self._mapping = run, old, new, mapping
        self.remarks: dict[Remark, None] = {}
        self.moves: dict[int, Move] = {}
        self.levels: dict[int, str | None] = {ROOT: new.program.key}  # by owner; None when the level is given up
        self.watches: list[tuple[int, Watch]] = []  # with the owner of the level that they wait in
        self.arrived: dict[int, dict[str, dict[str, str]]] = {}  # by owner and join: old to new flow
        self.held: dict[str, Held] = {}
        self.mapping: dict[str, str] = {}

    def decide(self) -> None:
        """Decide for all levels, the outermost first."""
        scopes = sorted(self._run.scopes(), key=_depth)
        for scope in scopes:
            owner = _owner(scope)
            if owner in self.levels:
                self._level(scope, self.levels[owner])
        for scope in reversed(scopes):
            if scope.owner is not None and _owner(scope) in self.levels:
                self._leave(scope)

    def _level(self, scope: Scope, name: str | None) -> None:
        for token in list(scope.tasks.values()):
            if token.host is None and token.shell is None:
                self._anchor(scope, token)
        if name is not None:
            spec = self._new.program.specs[name]
            waiting = [one for one in scope.tasks.values() if one.host == SCOPE]
            self._watch(scope, SCOPE, waiting, scope.spec.handlers, spec.handlers, spec)
        self._joins(scope, self._new.program.specs[name] if name is not None else None)

    def _anchor(self, scope: Scope, token: Token) -> None:
        """Decide for a token that stands in a step."""
        step, target = token.task_spec, self._target(scope, token)
        why = changes.obstacle(step, target) if target is not None else ""
        explicit = self._said(step) is not None
        if target is None:
            self._without(scope, token)
        elif why and not explicit:
            self._refuse(step, f"{why} {AGAIN}")
        elif why and not places.rests(target):
            self._refuse(step, f"Na kroku „{self._new.name(target)}” sprawa nie może stać. {CHOOSE}.")
        else:
            self._place(scope, token, target, Fate.ANEW if why else Fate.STAY)
        self._offer(scope, token, target)

    def _said(self, step: Step) -> str | None:
        return self._mapping.get(places.place(step)) or self._mapping.get(step.bpmn_id)

    def _target(self, scope: Scope, token: Token) -> Step | None:
        step, near, said = token.task_spec, self._near(scope), self._said(token.task_spec)
        if said is not None:
            return self._new.at(said, near)
        process = places.level(step).process
        same = self._new.find(near, step.bpmn_id) or self._new.find(process, step.bpmn_id)
        return same or places.proposal(step, self._old, self._new)

    def _near(self, scope: Scope) -> str:
        """The process of the new version in which the tokens of a level look for their steps first."""
        name = self.levels[_owner(scope)]
        found: str = self._new.program.specs[name].process if name is not None else scope.spec.process
        return found

    def _without(self, scope: Scope, token: Token) -> None:
        """Nothing takes the place of the step; the open steps of a sub-process may still find theirs outside."""
        step, inner = token.task_spec, self._run.subprocesses.get(token.id)
        if self._said(step) is not None:
            self._refuse(step, f"W nowej wersji nie ma kroku „{self._said(step)}”. {CHOOSE}.")
        elif inner is not None and any(one.host is None for one in inner.tasks.values()):
            self.levels[token.id] = None
            self.moves[token.id] = Move(token, Fate.GONE, base=_owner(scope))
            self._remark(step, Colour.AMBER, "Podproces usunięto; jego otwarte kroki staną poza nim.")
        else:
            self._refuse(step, f"Krok, na którym sprawa stoi, usunięto. {CHOOSE}.")

    def _place(self, scope: Scope, token: Token, target: Step, fate: Fate) -> None:
        step, found = token.task_spec, self._base(scope, target)
        if found is None:
            text = f"Do kroku „{self._new.name(target)}” nie prowadzi stąd jedna droga przez podprocesy. {CHOOSE}."
            self._refuse(step, text)
            return
        base, way = found
        self.moves[token.id] = Move(token, fate, target, base, way)
        if places.place(step) != places.place(target) or fate is Fate.ANEW:
            self.mapping[places.place(step)] = places.place(target)
        self._explain(token, target, fate)
        for one in way:
            self._remark(
                step, Colour.AMBER, f"Krok leży teraz w podprocesie „{self._new.name(one)}”, który się otworzy."
            )
        if fate is Fate.STAY:
            self._stay(scope, token, target)

    def _explain(self, token: Token, target: Step, fate: Fate) -> None:
        step, name = token.task_spec, self._new.name(target)
        if fate is Fate.ANEW:
            text = f"Sprawa zacznie od nowa krok „{name}”; otwarte tu zadania ze szkicami znikną."
            self._remark(step, Colour.AMBER, text)
            return
        if step.bpmn_id != target.bpmn_id:
            self._remark(step, Colour.AMBER, f"Sprawa stanie na kroku „{name}”.")
        for colour, text in changes.of_step(step, target, self._old, self._new):
            self._remark(step, colour, text)

    def _stay(self, scope: Scope, token: Token, target: Step) -> None:
        """What depends on a token that stays: its level, its rounds, its listeners."""
        inner, spec = places.inner(target), places.level(target)
        own = [one for one in scope.tasks.values() if one.shell == token.id]
        for one in (token, *own):
            if one.id in self._run.subprocesses and isinstance(inner, subprocesses.SubProcess):
                self.levels[one.id] = inner.level
        for one, step in ((token, target), *((one, inner) for one in own)):
            waiting = [other for other in scope.tasks.values() if other.host == one.id]
            self._watch(scope, one.id, waiting, _watched(one.task_spec), _watched(step), spec)

    def _watch(
        self, scope: Scope, host: int, waiting: list[Token], was: list[str], wanted: list[str], spec: ProcessSpec
    ) -> None:
        watch = listeners.compare(host, waiting, was, wanted, scope.spec, spec)
        self.watches.append((_owner(scope), watch))
        for step, (colour, text) in watch.said:
            self._remark(step, colour, text)

    def _base(self, scope: Scope, target: Step) -> tuple[int, list[Step]] | None:
        """The nearest open level around a token from which there is a way to its new step."""
        level: Scope | None = scope
        while level is not None:
            name = self.levels.get(_owner(level))
            way = self._new.way(name, target) if name is not None else None
            if way is not None:
                return _owner(level), way
            if level.owner is None or getattr(level.owner.task_spec, "isolated", False):
                return None  # outside of an isolated call the token would see other variables
            level = level.owner.workflow
        return None

    def _leave(self, scope: Scope) -> None:
        """A level whose tokens all stand outside of it now ends with them; some of them may not go alone."""
        owner = scope.owner
        inside = [one for one in scope.tasks.values() if one.host is None and one.shell is None]
        left = [one for one in inside if one.id in self.moves and self.moves[one.id].base != _owner(scope)]
        if owner is None or not left or (self.levels[owner.id] is None and owner.shell is None):
            return
        if len(left) < len(inside) or scope.arrived or owner.shell is not None:
            for one in left:
                text = (
                    "Krok wyszedł poza podproces, w którym sprawa ma otwarte jeszcze coś innego. Przenieś ją później."
                )
                self._refuse(one.task_spec, text)
        else:
            self.moves[owner.id].fate = Fate.GONE
            self._remark(owner.task_spec, Colour.AMBER, "Podproces kończy się: jego otwarte kroki staną poza nim.")

    def _joins(self, scope: Scope, spec: ProcessSpec | None) -> None:
        """What has arrived at joins rests on their flows."""
        renamed = self.arrived.setdefault(_owner(scope), {})
        for name, resting in scope.arrived.items():
            join: Step = scope.spec.task_specs[name]
            same: Step | None = spec.task_specs.get(name) if spec is not None else None
            if same is None or type(same) is not type(join) or same.needs != join.needs:
                self._refuse(
                    join,
                    "Bramkę, przy której czekają już gałęzie sprawy, usunięto lub zmieniono. Przenieś sprawę później.",
                )
                continue
            flows, guessed = joins.arrived(join, same)
            renamed[name] = flows
            if any(flow not in flows for flow in resting):
                self._refuse(join, "Drogę, którą gałąź sprawy doszła już do bramki, usunięto. Przenieś sprawę później.")
            elif any(flow in guessed for flow in resting):
                self._remark(
                    join, Colour.AMBER, "Gałąź, która już doszła do bramki, ma nowe kroki; ta sprawa je pominie."
                )

    def _offer(self, scope: Scope, token: Token, target: Step | None) -> None:
        """Let a person choose for a step that does not simply stay."""
        step, place = token.task_spec, places.place(token.task_spec)
        plain = target is not None and places.place(target) == place and place not in self.mapping
        if place in self.held or (plain and token.id in self.moves):
            return
        options = [one for one in self._new.resting(self._near(scope)) if self._base(scope, one) is not None]
        self.held[place] = Held(
            place=place,
            name=self._old.name(step),
            proposed=places.place(target) if target is not None else "",
            targets=tuple(Target(place=places.place(one), name=self._new.name(one)) for one in options),
        )

    def _refuse(self, step: Step, text: str) -> None:
        self._remark(step, Colour.RED, text)

    def _remark(self, step: Step, colour: Colour, text: str) -> None:
        process, element = places.level(step).process, step.bpmn_id
        ground = self._old if self._old.find(process, element) is not None else self._new
        name = ground.program.steps[process][element][1] or element
        self.remarks[Remark(element=element, process=process, name=name, text=text, colour=colour)] = None


def _watched(step: Step) -> list[str]:
    """The steps that wait on behalf of a token in this one."""
    if isinstance(step, gateways.EventBasedGateway):
        return [flow.target for flow in step.flows]
    return step.boundaries


def _owner(scope: Scope) -> int:
    return scope.owner.id if scope.owner is not None else ROOT


def _depth(scope: Scope) -> int:
    return sum(1 for _ in _around(scope))


def _around(scope: Scope) -> Iterator[Scope]:
    while scope.owner is not None:
        scope = scope.owner.workflow
        yield scope
