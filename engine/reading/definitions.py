"""Looks at one process: its diagram, its versions, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass

from engine import circumstances
from engine.bpmn import drawing
from engine.errors import NotFound
from engine.model import Definition, TaskDetails
from engine.reading import changes
from engine.reading import instances as instance_looks
from engine.reading.changes import Changes
from engine.store import definitions
from engine.store.database import Work
from engine.store.definitions import Past


@dataclass(frozen=True, kw_only=True)
class DefinitionPage:
    """One process with its diagram and the same as a table.

    Attributes:
        shown: the version in use, else the newest one.
        in_use: False when all versions are retired.
        startable: a case can be started by it.
        callers: names of processes in use that call it.
    """

    shown: Definition
    in_use: bool
    startable: bool
    documentation: str
    svg: str
    tasks: tuple[TaskDetails, ...]
    versions: tuple[Past, ...]
    callers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ComparisonPage:
    """Two versions of a process with what differs marked on both drawings."""

    old: Definition
    new: Definition
    changes: Changes
    old_svg: str
    new_svg: str


def page(work: Work, key: str) -> DefinitionPage:
    """A process, also one that is no longer in use.

    Raises:
        NotFound: when there never was such a process.
    """
    versions = definitions.history(work, key)
    if not versions:
        raise NotFound("Nie ma takiego procesu.")
    latest = definitions.latest(work, key)
    shown = latest or versions[0].definition
    diagram = circumstances.diagram(work, shown.id)
    return DefinitionPage(
        shown=shown,
        in_use=latest is not None,
        startable=key in {one for one, _ in instance_looks.startable(work)},
        documentation=diagram.documentation,
        svg=instance_looks.plain_drawing(work, shown.id, shown.name),
        tasks=tuple(diagram.tasks.values()),
        versions=versions,
        callers=_callers(work, key),
    )


def comparison(work: Work, key: str, version: int) -> ComparisonPage:
    """A version beside the one before it.

    Raises:
        NotFound: when there is no such version, or none before it.
    """
    every = {one.version: one for one in definitions.versions(work, key)}
    earlier = [one for one in every if one < version]
    if version not in every or not earlier:
        raise NotFound("Nie ma takich dwóch wersji procesu.")
    old, new = every[max(earlier)], every[version]
    found = changes.compare(circumstances.diagram(work, old.id), circumstances.diagram(work, new.id))
    return ComparisonPage(
        old=old,
        new=new,
        changes=found,
        old_svg=_drawn(work, old, found, old=True),
        new_svg=_drawn(work, new, found, old=False),
    )


def file(work: Work, key: str, version: int) -> bytes:
    """The file of a version as it was published.

    Raises:
        NotFound: when there is no such version.
    """
    return definitions.xml(work, definitions.version(work, key, version).id)


def _drawn(work: Work, one: Definition, found: Changes, *, old: bool) -> str:
    title = f"{one.name}, wersja {one.version}"
    return drawing.draw(definitions.xml(work, one.id), found.marks(old=old), title=title)


def _callers(work: Work, key: str) -> tuple[str, ...]:
    every = definitions.latest_all(work)
    return tuple(one.name for one in every if one.key != key and key in circumstances.diagram(work, one.id).calls)
