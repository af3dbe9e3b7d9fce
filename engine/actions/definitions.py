"""Deeds on definitions: publish and retire."""

from __future__ import annotations

import hashlib

from engine import access, circumstances, clock
from engine.access import Right, may
from engine.actions import starts
from engine.bpmn import gate, reader
from engine.errors import DefinitionRejected, NotAllowed, NotFound, Problem
from engine.model import Definition, Person
from engine.store import decisions, definitions, forms, journal
from engine.store.database import Work

START_ALWAYS = frozenset({"upowaznienia", *circumstances.START_SETTINGS})


def publish(work: Work, by: Person | None, xml: bytes) -> Definition:
    """Ask the gate, then keep the file as the next version. The same file again gives the version it has.

    Args:
        by: who publishes; None is the installation itself.

    Raises:
        NotAllowed: when `by` may not publish.
        DefinitionRejected: with every problem of the file.
    """
    if by is not None and not may(by, Right.PUBLISH):
        raise NotAllowed("Procesy publikuje kierownik ośrodka albo administrator.")
    refuse_unfit(work, xml)
    diagram = reader.read(xml)
    digest = hashlib.sha256(xml).hexdigest()
    latest = definitions.latest(work, diagram.key)
    if latest is not None and definitions.sha256(work, latest.id) == digest:
        return latest
    name = diagram.name or diagram.key
    new = definitions.add(work, key=diagram.key, name=name, xml=xml, sha256=digest, by=by.id if by else None)
    starts.listen(work, new.key)
    text = f"Opublikowano proces „{new.name}”, wersja {new.version}."
    journal.write(work, instance=None, by=by.id if by else None, deed="publish", element=new.key, text=text)
    return new


def retire(work: Work, by: Person, key: str, version: int) -> None:
    """Take a version out of use; its running instances finish on it.

    Raises:
        NotAllowed, NotFound
    """
    if not may(by, Right.PUBLISH):
        raise NotAllowed("Procesy wycofuje kierownik ośrodka albo administrator.")
    found = definitions.version(work, key, version)
    if found is None:
        raise NotFound("Nie ma takiej wersji procesu.")
    definitions.retire(work, found.id)
    starts.listen(work, key)
    text = f"Wycofano proces „{found.name}”, wersja {found.version}."
    journal.write(work, instance=None, by=by.id, deed="retire", element=key, text=text)


def check(work: Work, xml: bytes) -> tuple[Problem, ...]:
    """Everything the gate says of a file, against what this centre has."""
    return gate.check(xml, known(work))


def refuse_unfit(work: Work, xml: bytes) -> None:
    """Ask the gate alone. A hostile file may take seconds, in which a publishing transaction would hold up everybody.

    Raises:
        DefinitionRejected: with every problem of the file.
    """
    problems = check(work, xml)
    if any(one.severity == "error" for one in problems):
        raise DefinitionRejected(problems)


def known(work: Work) -> gate.Known:
    """Roles, forms, decisions and processes that a diagram may name here."""
    versions = forms.latest_all(work)
    return gate.Known(
        roles=frozenset(access.ROLES),
        forms={one.key: circumstances.form_by_id(work, one.id).variables for one in versions},
        processes={one.key: definitions.xml(work, one.id) for one in definitions.latest_all(work)},
        start_variables=START_ALWAYS,
        scopes=frozenset(access.SCOPES),
        decisions={id: decisions.xml(work, one.id) for id, one in decisions.of_decisions(work).items()},
        terms=frozenset(circumstances.terms(work).lasting(clock.today(work.now))),
    )
