# mypy: allow-subclassing-any
"""Reads which decision a business-rule task makes: `bieg:decision ref="…" resultVariable="…"`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.bpmn import dmn, markup
from engine.bpmn.markup import Node
from engine.bpmn.step_parsers import StepParser
from engine.bpmn.steps import Step
from engine.errors import DefinitionRejected, NotFound

INCOMPLETE = "Zadanie reguły musi podawać decyzję i zmienną wyniku (bieg:decision ref, resultVariable). Uzupełnij je."


class Asked(NamedTuple):
    """What a task says; "" where it says nothing."""

    decision: str
    variable: str


def asked(node: Node) -> Asked:
    """The decision that a business-rule task makes and the variable for its result."""
    found = markup.extension(node, "decision")
    said = found.attrib if found is not None else {}
    return Asked(said.get("ref", "").strip(), said.get("resultVariable", "").strip())


def all_asked(process: Node) -> Iterator[tuple[Node, Asked]]:
    """Every business-rule task of a process and of the sub-processes in it."""
    return ((node, asked(node)) for node in process.iter(f"{{{markup.BPMN}}}businessRuleTask"))


def needed(process: Node, decisions: Mapping[str, bytes]) -> dict[str, frozenset[str]]:
    """Of each decision that a process makes the variables that it reads; `decisions` are DMN files by decision id."""
    found: dict[str, frozenset[str]] = {}
    for _, said in all_asked(process):
        try:
            found[said.decision] = dmn.inputs(decisions[said.decision], said.decision)
        except (KeyError, DefinitionRejected, NotFound):
            continue  # told where decisions are looked for
    return found


class RuleParser(StepParser):
    """Business-rule tasks."""

    def create_task(self) -> Step:
        """The task with its decision and the variable it sets."""
        said = asked(self.node)
        if not said.decision or not said.variable:
            raise markup.refused_at(self.node, INCOMPLETE)
        return self.make(decision=said.decision, variable=said.variable)
