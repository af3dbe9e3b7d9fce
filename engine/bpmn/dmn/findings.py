"""Problems of a DMN file as they are found, each told once."""

from __future__ import annotations

from engine.errors import Problem

MOST = 200  # a broken file would otherwise answer with a book


class Findings:
    """Collects problems while the rules go over a file."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, str], Problem] = {}

    @property
    def refused(self) -> bool:
        """True when something found refuses the file."""
        return any(one.severity == "error" for one in self._found.values())

    def error(self, element: str, line: int, name: str, message: str) -> None:
        """Something that refuses the file."""
        self._put(Problem(element=element, name=name, line=line, message=message, severity="error"))

    def warn(self, element: str, line: int, name: str, message: str) -> None:
        """Something that DMN allows but that is probably not meant."""
        self._put(Problem(element=element, name=name, line=line, message=message, severity="warning"))

    def sorted(self) -> tuple[Problem, ...]:
        """All of them: what refuses first, then by line."""
        found = sorted(self._found.values(), key=lambda one: (one.severity != "error", one.line, one.element))
        return tuple(found[:MOST])

    def _put(self, problem: Problem) -> None:
        self._found.setdefault((problem.element, problem.line, problem.message), problem)
