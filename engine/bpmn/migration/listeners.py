"""Events that wait on behalf of a token, a gateway or a level: which stay, which end, which begin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.bpmn.migration import changes
from engine.bpmn.migration.verdict import Colour

if TYPE_CHECKING:
    from engine.bpmn.events import Event
    from engine.bpmn.migration.changes import Said
    from engine.bpmn.steps import ProcessSpec, Step
    from engine.bpmn.tokens import Token

SILENT = frozenset({"error", "escalation"})  # thrown inside: nobody outside waits for them


@dataclass
class Watch:
    """What becomes of the listeners of one host."""

    host: int  # its token, SCOPE for a level
    kept: dict[int, Step] = field(default_factory=dict)  # token to its step in the new diagram
    gone: list[int] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)  # steps that begin to wait
    said: list[tuple[Step, Said]] = field(default_factory=list)  # step of the old or the new diagram


def compare(
    host: int, waiting: Sequence[Token], was: Sequence[str], wanted: Sequence[str], old: ProcessSpec, new: ProcessSpec
) -> Watch:
    """Match the listeners that wait now with those that the new diagram wants.

    Args:
        waiting: tokens that listen on behalf of the host.
        was: the steps that listened when the host was entered; one that is not waiting any more has been.
        wanted: the steps that listen in the new diagram.
    """
    found = Watch(host)
    before: Mapping[str, Step] = old.task_specs
    after: Mapping[str, Step] = new.task_specs
    pairs = _pairs([before[name] for name in was], [after[name] for name in wanted])
    for token in waiting:
        one = pairs.get(token.task_spec.name)
        if one is None or _event(one).kind != _event(token.task_spec).kind:
            found.gone.append(token.id)
            found.said += _ended(token.task_spec, one)
        else:
            found.kept[token.id] = one
            found.said += [(one, said) for said in _changed(token.task_spec, one)]
    known = {one.name for name, one in pairs.items() if _event(one).kind == _event(before[name]).kind}
    found.begun = [name for name in wanted if name not in known]
    found.said += [(after[name], said) for name in found.begun for said in _new(after[name])]
    return found


def refit(token: Token, old: Step) -> None:
    """A listener that stays takes over what its step waits for now; a timer keeps its moment."""
    now, was = _event(token.task_spec), _event(old)
    if now != was and now.kind in ("message", "signal", "conditional"):
        token.internal_data.clear()
        step: Any = token.task_spec
        step.arm(token)


def _pairs(olds: list[Step], news: list[Step]) -> dict[str, Step]:
    """Old name to new step: by id, else by what they wait for."""
    found = {one.name: other for one in olds for other in news if one.name == other.name}
    for one in olds:
        if one.name in found:
            continue
        taken = {other.name for other in found.values()}
        same = [other for other in news if other.name not in taken and _same(one, other)]
        if len(same) == 1:
            found[one.name] = same[0]
    return found


def _same(one: Step, other: Step) -> bool:
    return _event(one) == _event(other) and _interrupts(one) == _interrupts(other)


def _event(step: Step) -> Event:
    found: Event = getattr(step, "event")  # noqa: B009 - only listeners come here, and they have one
    return found


def _interrupts(step: Step) -> bool:
    return bool(getattr(step, "interrupts", True))


def _changed(old: Step, new: Step) -> Iterator[Said]:
    yield from changes.of_event(_event(old), _event(new))
    if _interrupts(old) is not _interrupts(new):
        word = "będzie teraz przerywać krok" if _interrupts(new) else "nie będzie już przerywać kroku"
        yield Colour.AMBER, f"To zdarzenie {word}, przy którym czeka."


def _ended(old: Step, new: Step | None) -> list[tuple[Step, Said]]:
    word = "usunięto" if new is None else "zmieniło rodzaj"
    text = f"Zdarzenie {word} w nowej wersji; sprawa przestanie na nie czekać."
    return [(old, (Colour.GREEN if _event(old).kind in SILENT else Colour.AMBER, text))]


def _new(step: Step) -> Iterator[Said]:
    text = "Zdarzenie doszło w nowej wersji; sprawa zacznie na nie czekać z chwilą przeniesienia."
    yield Colour.GREEN if _event(step).kind in SILENT else Colour.AMBER, text
