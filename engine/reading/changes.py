"""What differs between two versions of a process, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn import drawing
from engine.bpmn.drawing import Mark
from engine.bpmn.reader import Diagram, Element

ASPECTS = (("role", "rola"), ("form", "formularz"), ("term", "termin"), ("authority", "upoważnienie"))


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A step that both versions have. `what` is a phrase: what became what."""

    element: str
    name: str
    what: str


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Names of steps that came and went, and what became of the others.

    Attributes:
        rewired: the steps are connected in another way, or under other conditions.
    """

    added: tuple[tuple[str, str], ...]  # element, name
    removed: tuple[tuple[str, str], ...]
    changed: tuple[Changed, ...]
    rewired: bool

    @property
    def none(self) -> bool:
        """True when nothing that runs is different."""
        return not (self.added or self.removed or self.changed or self.rewired)

    def marks(self, *, old: bool) -> dict[str, Mark]:
        """Marks for a drawing of the older or of the newer version."""
        gone, state = (self.removed, "removed") if old else (self.added, "added")
        marks = {element: Mark(state=state) for element, _ in gone}  # type: ignore[arg-type]
        return marks | {one.element: Mark(state="changed", note=one.what) for one in self.changed}


def compare(old: Diagram, new: Diagram) -> Changes:
    """The differences, in the order of the files."""
    both = [key for key in new.elements if key in old.elements]
    found = [
        Changed(element=key, name=name(new.elements[key]), what=what) for key in both if (what := _what(old, new, key))
    ]
    return Changes(
        added=tuple((key, name(one)) for key, one in new.elements.items() if key not in old.elements),
        removed=tuple((key, name(one)) for key, one in old.elements.items() if key not in new.elements),
        changed=tuple(found),
        rewired=_flows(old) != _flows(new),
    )


def name(element: Element) -> str:
    """What people call a step: its name, or what kind it is."""
    return element.name or drawing.KINDS.get(element.kind, "krok")


def _what(old: Diagram, new: Diagram, key: str) -> str:
    before, after = old.elements[key], new.elements[key]
    found = []
    if before.name != after.name:
        found.append(f"nazwa: „{before.name}” → „{after.name}”")
    if before.kind != after.kind:
        found.append(f"rodzaj: {drawing.KINDS.get(before.kind, 'inny')} → {drawing.KINDS.get(after.kind, 'inny')}")
    if key in old.tasks and key in new.tasks:
        for field, word in ASPECTS:
            one, other = getattr(old.tasks[key], field), getattr(new.tasks[key], field)
            if one != other:
                found.append(f"{word}: {one or 'brak'} → {other or 'brak'}")
    if before.calls != after.calls:
        found.append(f"wywołany proces: {before.calls or 'brak'} → {after.calls or 'brak'}")
    return "; ".join(found)


def _flows(diagram: Diagram) -> list[tuple[str, str, str, bool]]:
    both = [(one.source, one.target, one.condition, one.default) for one in diagram.flows]
    return sorted(both)
