"""Looks at two versions of a process between which running instances may move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine import circumstances
from engine.bpmn import drawing
from engine.bpmn.reader import Diagram
from engine.errors import NotFound
from engine.model import Definition, Instance
from engine.store import definitions, migrated
from engine.store.database import Work

UNDOABLE = 50  # instances that are offered to be moved back


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version, with how many instances still run on it."""

    definition: Definition
    running: int


@dataclass(frozen=True, kw_only=True)
class MigrationPage:
    """Two versions beside each other.

    Attributes:
        old, new: drawings with what differs marked.
        moved: instances that came to the new version last and can be moved back.
    """

    name: str
    versions: tuple[Version, ...]
    source: Definition
    target: Definition
    old: str
    new: str
    differences: int
    moved: tuple[Instance, ...]


def page(work: Work, key: str, source: int | None = None, target: int | None = None) -> MigrationPage:
    """Two versions of a process; without a choice the newest one in use and the one before it with most instances.

    Raises:
        NotFound: when there is no such process or version.
    """
    found, running = definitions.versions(work, key), migrated.counts(work, key)
    if not found:
        raise NotFound("Nie ma takiego procesu.")
    usable = [one.version for one in found if one.retired_at is None] or [found[0].version]
    goal = target or usable[0]
    earlier = [one.version for one in found if one.version != goal and running.get(one.version)]
    origin = source or max(earlier, key=lambda one: running[one], default=goal)
    old, new = (definitions.version(work, key, one) for one in (origin, goal))
    gone, came = _marks(circumstances.diagram(work, old.id), circumstances.diagram(work, new.id))
    return MigrationPage(
        name=new.name,
        versions=tuple(Version(definition=one, running=running.get(one.version, 0)) for one in found),
        source=old,
        target=new,
        old=drawing.draw(definitions.xml(work, old.id), gone, title=f"{old.name}, wersja {old.version}"),
        new=drawing.draw(definitions.xml(work, new.id), came, title=f"{new.name}, wersja {new.version}"),
        differences=len({*gone, *came}),
        moved=migrated.undoable(work, new.id, UNDOABLE),
    )


def _marks(old: Diagram, new: Diagram) -> tuple[Mapping[str, drawing.Mark], Mapping[str, drawing.Mark]]:
    """What is removed and changed on the old drawing, what is added and changed on the new one."""
    changed = {
        id: drawing.Mark(state="changed")
        for id in old.elements
        if id in new.elements and _said(old, id) != _said(new, id)
    }
    gone = {id: drawing.Mark(state="removed") for id in old.elements if id not in new.elements}
    came = {id: drawing.Mark(state="added") for id in new.elements if id not in old.elements}
    return {**gone, **changed}, {**came, **changed}


def _said(diagram: Diagram, id: str) -> tuple[object, ...]:
    """What a version says of an element, apart from where it is drawn and in which line it stands."""
    one = diagram.elements[id]
    ways = sorted((flow.target, flow.condition) for flow in diagram.flows if flow.source == id and flow.condition)
    return (one.kind, one.name, one.lane, one.parent, one.calls, diagram.tasks.get(id), ways)
