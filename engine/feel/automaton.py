"""Runs the program of a pattern: backtracking that never tries the same thing twice, and pays for every step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from engine.feel import budget
from engine.feel.charsets import CharSet

_BATCH = 8  # steps that are paid for together


class Step(NamedTuple):
    """One instruction; jumps are relative, a split tries `first` before `second`."""

    kind: str
    first: int = 0
    second: int = 0
    chars: CharSet | None = None


Code = tuple[Step, ...]
_Marks = tuple[int, ...]  # start and end of each group, -1 while it has none


@dataclass(frozen=True)
class Match:
    """Where the pattern was found, with its groups."""

    marks: _Marks

    @property
    def start(self) -> int:
        """Where the match begins."""
        return self.marks[0]

    @property
    def end(self) -> int:
        """Where the match ends."""
        return self.marks[1]

    def group(self, number: int, text: str) -> str:
        """What the group holds, "" when it has no part in the match."""
        marks = self.marks[2 * number : 2 * number + 2]
        return text[marks[0] : marks[1]] if len(marks) == 2 and -1 not in marks else ""


@dataclass(frozen=True)
class Program:
    """A pattern that was read."""

    code: Code
    groups: int
    any_case: bool

    def search(self, text: str, start: int) -> Match | None:
        """The first match at or behind `start`.

        Raises:
            ExpressionFailed: when the search takes more steps than the budget allows.
        """
        # Without back references nothing but the place in program and text decides, so no pair need be tried twice.
        seen: set[tuple[int, int]] | None = None if any(step.kind == "again" for step in self.code) else set()
        for place in range(start, len(text) + 1):
            marks = self._match(text, place, seen)
            if marks is not None:
                return Match(marks)
        return None

    def _match(self, text: str, start: int, seen: set[tuple[int, int]] | None) -> _Marks | None:
        waiting: list[tuple[int, int, _Marks]] = [(0, start, (-1,) * (2 * self.groups + 2))]
        steps = 0
        while waiting:
            line, place, marks = waiting.pop()
            while line >= 0:
                steps += 1
                if steps % _BATCH == 0:
                    budget.spend(_BATCH)
                if seen is not None:
                    if (line, place) in seen:
                        break
                    seen.add((line, place))
                step = self.code[line]
                if step.kind == "done":
                    return marks
                if step.kind == "split":
                    waiting.append((line + step.second, place, marks))
                    line += step.first
                elif step.kind == "jump":
                    line += step.first
                elif step.kind == "save":
                    marks = (*marks[: step.first], place, *marks[step.first + 1 :])
                    line += 1
                else:
                    width = self._width(step, text, place, marks)
                    line = -1 if width < 0 else line + 1
                    place += max(width, 0)
        return None

    def _width(self, step: Step, text: str, place: int, marks: _Marks) -> int:
        """How many characters the step takes at that place, -1 when it does not fit there."""
        if step.chars is not None:
            return 1 if place < len(text) and step.chars.holds(text[place], self.any_case) else -1
        if step.kind == "again":
            return self._again(Match(marks).group(step.first, text), text, place)
        fits = {
            "text start": place == 0,
            "text end": place == len(text),
            "line start": place == 0 or (text[place - 1] == "\n" and place < len(text)),
            "line end": place == len(text) or text[place] == "\n",
        }[step.kind]
        return 0 if fits else -1

    def _again(self, wanted: str, text: str, place: int) -> int:
        budget.spend_text(len(wanted))
        found = text[place : place + len(wanted)]
        same = found.casefold() == wanted.casefold() if self.any_case else found == wanted
        return len(wanted) if same else -1
