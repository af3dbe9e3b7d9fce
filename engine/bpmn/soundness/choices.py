"""How a token may leave a step: along which flows, by which event, or with its whole level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from engine.bpmn.soundness.levels import KILLS, Flow, Level, Step

MOST_SUBSETS = 8  # conditional flows of which every choice is tried; of more, one, two or all
THROWS = frozenset({"intermediateThrowEvent", "endEvent"})


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to leave. `via` is the event that did it; the token `stays` when the event does not interrupt."""

    flows: tuple[Flow, ...]
    via: tuple[Step, ...] = ()
    stays: bool = False
    kills: bool = False


@dataclass(frozen=True, kw_only=True)
class Exits:
    """How a sub-process may end, as its surroundings see it."""

    completes: bool = True
    errors: frozenset[str] = frozenset()
    escalations: frozenset[str] = frozenset()
    cancels: bool = False
    unknown: bool = False  # a called process may throw what we do not see

    def brings(self, event: Step) -> bool:
        """True when an event at the border can happen as far as the inside is concerned."""
        if event.event == "cancel":
            return self.cancels
        thrown = {"error": self.errors, "escalation": self.escalations}.get(event.event)
        if thrown is None:
            return event.event != "compensate"
        return self.unknown or (bool(thrown) if not event.code else event.code in thrown)


@dataclass
class Rules:
    """Leaving rules of one level; `exits` tells of its sub-processes by id."""

    level: Level
    exits: Mapping[str, Exits]
    whole: bool = True  # False when not every choice was tried
    _known: dict[str, list[Choice]] = field(default_factory=dict)

    def of(self, step: Step) -> list[Choice]:
        """Every way to leave a step."""
        if step.id not in self._known:
            self._known[step.id] = list(self._choices(step))
        return self._known[step.id]

    def happens(self, event: Step) -> bool:
        """True when a boundary event can occur: errors must be thrown inside, where we can look inside."""
        inside = self.exits.get(event.host)
        return event.event != "compensate" if inside is None else inside.brings(event)

    def _choices(self, step: Step) -> Iterator[Choice]:
        completes = step.id not in self.exits or self.exits[step.id].completes
        if completes:
            yield from self._leaving(step)
        if self._caught_above(step):
            yield Choice(flows=(), kills=True)
        for event in step.boundaries:
            if self.happens(event):
                for flows in self._selections(event.outgoing):
                    yield Choice(flows=flows, via=(event,), stays=not event.interrupts)

    def _leaving(self, step: Step) -> Iterator[Choice]:
        if step.kind == "endEvent":
            yield Choice(flows=(), kills=step.event in KILLS)
        elif step.kind == "exclusiveGateway" and step.outgoing:
            yield from (Choice(flows=(flow,)) for flow in step.outgoing)
        elif step.kind == "parallelGateway":
            yield Choice(flows=tuple(step.outgoing))
        elif step.kind == "eventBasedGateway":
            for flow in step.outgoing:
                event = self.level.steps[flow.target]
                yield from (Choice(flows=one, via=(event,)) for one in self._selections(event.outgoing))
        else:
            yield from (Choice(flows=one) for one in self._selections(step.outgoing))

    def _selections(self, flows: Sequence[Flow]) -> Iterator[tuple[Flow, ...]]:
        """What may be taken: all without a condition, some with one, else the default."""
        always = tuple(flow for flow in flows if not flow.condition and not flow.default)
        sometimes = [flow for flow in flows if flow.condition and not flow.default]
        otherwise = tuple(flow for flow in flows if flow.default)
        if len(flows) < 2 or not sometimes:
            yield tuple(flows)
            return
        if always or otherwise:
            yield always + otherwise
        sizes = range(1, len(sometimes) + 1)
        if len(sometimes) > MOST_SUBSETS:
            self.whole = False
            sizes_tried: Sequence[int] = (1, 2, len(sometimes))
        else:
            sizes_tried = sizes
        for size in sizes_tried:
            yield from (always + chosen for chosen in combinations(sometimes, size))

    def _caught_above(self, step: Step) -> bool:
        """An escalation thrown here may interrupt the level from outside."""
        if step.event != "escalation" or step.kind not in THROWS:
            return False
        return any(
            one.event == "escalation" and one.interrupts and one.code in ("", step.code) for one in catchers(self.level)
        )


def catchers(level: Level) -> Iterator[Step]:
    """Events that can hear what is thrown in a level, the nearest first."""
    inner: Level | None = level
    while inner is not None:
        yield from inner.handlers
        if inner.owner is not None:
            yield from inner.owner.boundaries
        inner = inner.parent
