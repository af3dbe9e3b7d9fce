"""Problems as the gate finds them, each told once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from engine.bpmn.markup import Node
from engine.errors import Problem

LONGEST = 160  # letters of a sentence: two lines
QUOTED = re.compile("„([^”]{21,})”")
MOST = 200  # a broken file would otherwise answer with a book


class Findings:
    """Collects problems while the rules go over a file."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], Problem] = {}

    @property
    def refused(self) -> bool:
        """True when something found refuses the file."""
        return any(one.severity == "error" for one in self._found.values())

    def error(self, node: Node, message: str) -> None:
        """Something that refuses the file."""
        self._put(node, message, "error")

    def warn(self, node: Node, message: str) -> None:
        """Something that BPMN allows but that is probably not meant."""
        self._put(node, message, "warning")

    def add(self, problems: Iterable[Problem]) -> None:
        """Problems found elsewhere."""
        for one in problems:
            told = one if len(one.message) <= LONGEST else replace(one, message=_fitting(one.message))
            self._found.setdefault((told.element, told.line, told.message), told)

    def add_where_silent(self, problems: Iterable[Problem]) -> None:
        """Problems found elsewhere, unless a rule has refused the same element in its own words."""
        told = {one.element for one in self._found.values() if one.severity == "error"}
        self.add(one for one in problems if one.element not in told)

    def unname(self, mark: str) -> None:
        """Take back ids that were made up for elements without one; they start with `mark`."""
        found = list(self._found.values())
        self._found.clear()
        self.add(replace(one, element="") if one.element.startswith(mark) else one for one in found)

    def sorted(self) -> tuple[Problem, ...]:
        """All of them: what refuses first, then by line."""
        found = sorted(self._found.values(), key=lambda one: (one.severity != "error", one.line, one.element))
        return tuple(found[:MOST])

    def _put(self, node: Node, message: str, severity: str) -> None:
        name, element = node.get("name") or "", node.get("id") or ""
        self.add((Problem(element=element, name=name, line=node.sourceline or 0, message=message, severity=severity),))


def _fitting(message: str) -> str:
    """The sentence with shorter quotes; what is still too long loses its end."""
    message = QUOTED.sub(lambda found: f"„{found[1][:19]}…”", message)
    return message if len(message) <= LONGEST else f"{message[: LONGEST - 2].rstrip('. ')}…."
