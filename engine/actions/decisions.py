"""Deeds on decisions: publish a DMN file."""

from __future__ import annotations

import hashlib

from engine import circumstances
from engine.access import Right, may
from engine.bpmn import dmn
from engine.errors import DefinitionRejected, NotAllowed, Problem
from engine.model import Person
from engine.store import decisions, definitions, journal
from engine.store.database import Work
from engine.store.decisions import DecisionFile


def publish(work: Work, by: Person | None, xml: bytes) -> DecisionFile:
    """Check a DMN file, then keep it as the next version. The same file again gives the version it has.

    Args:
        by: who publishes; None is the installation itself.

    Raises:
        NotAllowed: when `by` may not publish.
        DefinitionRejected: with every problem of the file.
    """
    if by is not None and not may(by, Right.PUBLISH):
        raise NotAllowed("Decyzje publikuje kierownik ośrodka albo administrator.")
    problems = check(work, xml)
    if any(one.severity == "error" for one in problems):
        raise DefinitionRejected(problems)
    file = dmn.read(xml)
    digest = hashlib.sha256(xml).hexdigest()
    latest = decisions.latest(work, file.key)
    if latest is not None and latest.sha256 == digest:
        return latest
    new = decisions.add(
        work,
        key=file.key,
        name=file.name or file.key,
        xml=xml,
        sha256=digest,
        decisions=list(file.decisions),
        by=by.id if by else None,
    )
    text = f"Opublikowano decyzje „{new.name}”, wersja {new.version}."
    journal.write(work, instance=None, by=by.id if by else None, deed="publish", element=new.key, text=text)
    return new


def check(work: Work, xml: bytes) -> tuple[Problem, ...]:
    """Everything that is wrong with a DMN file, also beside the files and processes of this centre."""
    problems = dmn.check(xml)
    if any(one.severity == "error" for one in problems):
        return problems
    file = dmn.read(xml)
    return (*_taken(work, file), *_missed(work, file), *problems)


def _taken(work: Work, file: dmn.File) -> list[Problem]:
    """Diagrams name a decision by its id alone, so no other file may use it."""
    known = decisions.of_decisions(work)
    return [
        _problem(
            one.id,
            one.name,
            one.line,
            f"Decyzja „{one.id}” jest już w pliku „{known[one.id].name}”. Zmień jej identyfikator.",
        )
        for one in file.decisions.values()
        if one.id in known and known[one.id].key != file.key
    ]


def _missed(work: Work, file: dmn.File) -> list[Problem]:
    """Decisions that the version before had and a process in use still makes."""
    before = decisions.latest(work, file.key)
    gone = set(before.decisions) - set(file.decisions) if before is not None else set()
    if not gone:
        return []
    return [
        _problem(id, "", 0, f"Z decyzji „{id}” korzysta proces „{definition.name}”, a w pliku już jej nie ma.")
        for definition in definitions.latest_all(work)
        for id in circumstances.diagram(work, definition.id).decisions
        if id in gone
    ]


def _problem(element: str, name: str, line: int, message: str) -> Problem:
    return Problem(element=element, name=name, line=line, message=message, severity="error")
