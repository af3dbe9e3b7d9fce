"""Deeds on a file that a person brings: look into it, repair it, publish it, be it a process or decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from engine.actions import decisions, definitions
from engine.bpmn import foreign, gate
from engine.errors import Problem
from engine.model import Person
from engine.store.database import Work

DMN = b"/DMN/"  # stands in the namespace of every version of DMN
HEAD = 4_000  # bytes in which the namespace of the root is named


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What there is to say of a file.

    Attributes:
        decisions: true of a DMN file; such ones are not explained.
        left: errors that stay when the repairs are done that need nobody's decision.
    """

    decisions: bool
    problems: tuple[Problem, ...]
    explanation: foreign.Explanation
    left: int


@dataclass(frozen=True, kw_only=True)
class Published:
    """What has been put into use."""

    key: str
    name: str
    version: int
    decisions: bool


def inspect(work: Work, xml: bytes) -> Inspection:
    """All that the gate says of a file, and what could be repaired in it.

    Raises:
        Unavailable: when it cannot be checked just now.
    """
    if is_decisions(xml):
        found = decisions.check(work, xml)
        return Inspection(decisions=True, problems=found, explanation=foreign.NOTHING, left=_errors(found))
    known = definitions.known(work)
    problems = gate.check(xml, known)
    explanation = foreign.explain(xml, known)
    origin = explanation.origin if explanation.repairs or explanation.remarks else ""
    safe = foreign.safe(explanation)
    after = gate.check(foreign.repair(xml, safe, known), known) if safe else problems
    return Inspection(
        decisions=False, problems=problems, explanation=replace(explanation, origin=origin), left=_errors(after)
    )


def repair(work: Work, xml: bytes, chosen: Collection[str]) -> bytes:
    """The file with the chosen repairs done.

    Raises:
        DefinitionRejected: when it cannot be read.
    """
    return foreign.repair(xml, chosen, definitions.known(work))


def refuse_unfit(work: Work, xml: bytes) -> None:
    """Ask the gate before anything is locked.

    Raises:
        DefinitionRejected: with every problem of the file.
    """
    if not is_decisions(xml):
        definitions.refuse_unfit(work, xml)


def publish(work: Work, by: Person, xml: bytes) -> Published:
    """Put a file into use as the next version.

    Raises:
        NotAllowed: when `by` may not publish.
        DefinitionRejected: with every problem of the file.
    """
    if is_decisions(xml):
        file = decisions.publish(work, by, xml)
        return Published(key=file.key, name=file.name, version=file.version, decisions=True)
    made = definitions.publish(work, by, xml)
    return Published(key=made.key, name=made.name, version=made.version, decisions=False)


def is_decisions(xml: bytes) -> bool:
    """True when a file holds decisions (DMN) and no process."""
    head = xml[:HEAD]
    return DMN in head and b"/BPMN/20100524/MODEL" not in head


def _errors(problems: Iterable[Problem]) -> int:
    return sum(1 for one in problems if one.severity == "error")
