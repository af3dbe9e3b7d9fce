"""Patterns of `matches`, `replace` and `split`: the regular expressions of XPath, read into small programs.

Python's own engine knows neither their syntax nor a budget; one pattern could keep it busy for years.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from engine.feel import budget, charsets
from engine.feel.automaton import Code, Match, Program, Step
from engine.feel.charsets import CharSet
from engine.feel.values import Value

_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"} | {char: char for char in "\\|.?*+(){}-[]^$"}
_MOST_STEPS = 3000
_DEEPEST = 30
_COUNT = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}", re.ASCII)
_PROPERTY = re.compile(r"\{(Is)?([A-Za-z0-9-]+)\}")


class _MalformedError(Exception):
    """The pattern follows no rule of the language."""


class _Reader:
    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = _without_blanks(pattern) if "x" in flags else pattern
        self.flags = flags
        self.place = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0

    def peek(self) -> str:
        return self.pattern[self.place : self.place + 1]

    def take(self, text: str) -> bool:
        found = self.pattern.startswith(text, self.place)
        self.place += len(text) if found else 0
        return found

    def next(self) -> str:
        char = self.peek()
        if not char:
            raise _MalformedError
        self.place += 1
        return char

    def whole(self) -> Program:
        code = self.branches()
        if self.peek():
            raise _MalformedError
        code = (Step("save", 0), *code, Step("save", 1), Step("done"))
        return Program(code, self.groups, "i" in self.flags)

    def branches(self) -> Code:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _MalformedError
        code = self.branch()
        while self.take("|"):
            other = self.branch()
            code = _limited((Step("split", 1, len(code) + 2), *code, Step("jump", len(other) + 1), *other))
        self.depth -= 1
        return code

    def branch(self) -> Code:
        code: Code = ()
        while self.peek() not in {"", "|", ")"}:
            code = _limited(code + self.repeated(self.atom()))
        return code

    def repeated(self, code: Code) -> Code:
        least, most = 1, 1
        count = _COUNT.match(self.pattern, self.place)
        if count:
            self.place = count.end()
            least = int(count[1])
            most = least if not count[2] else int(count[3]) if count[3] else -1
        elif self.peek() in {"?", "*", "+"}:
            least, most = {"?": (0, 1), "*": (0, -1), "+": (1, -1)}[self.next()]
        else:
            return code
        if 0 <= most < least or self.peek() in {"*", "+", "{"}:
            raise _MalformedError
        return _repetition(code, least, most, lazy=self.take("?"))

    def atom(self) -> Code:
        char = self.next()
        if char == "(":
            return self.group()
        if char == "[":
            return (Step("char", chars=self.char_class()),)
        if char == ".":
            return (Step("char", chars=charsets.ANYTHING if "s" in self.flags else charsets.NO_LINE_END),)
        if char in "^$":
            return (Step(("line " if "m" in self.flags else "text ") + ("start" if char == "^" else "end")),)
        if char == "\\":
            return self.back_reference() if self.peek() in set("123456789") else self.escaped()
        if char in "?*+{}]":
            raise _MalformedError
        return (Step("char", chars=charsets.one(char)),)

    def group(self) -> Code:
        if self.take("?:"):
            code = self.branches()
        else:
            self.groups += 1
            number = self.groups
            code = (Step("save", 2 * number), *self.branches(), Step("save", 2 * number + 1))
            self.closed.add(number)
        if not self.take(")"):
            raise _MalformedError
        return code

    def back_reference(self) -> Code:
        number = int(self.next())
        while self.peek() in set("0123456789") and number * 10 + int(self.peek()) <= self.groups:
            number = number * 10 + int(self.next())
        if number not in self.closed:
            raise _MalformedError
        return (Step("again", number),)

    def escaped(self) -> Code:
        return (Step("char", chars=self.escape()),)

    def escape(self) -> CharSet:
        char = self.next()
        if char in charsets.CLASSES:
            return charsets.CLASSES[char]
        if char in "pP":
            return self.unicode_property(char == "P")
        if char not in _ESCAPED:
            raise _MalformedError
        return charsets.one(_ESCAPED[char])

    def unicode_property(self, negated: bool) -> CharSet:
        match = _PROPERTY.match(self.pattern, self.place)
        if not match:
            raise _MalformedError
        self.place = match.end()
        if match[1] and match[2] in charsets.BLOCKS:
            return CharSet((charsets.BLOCKS[match[2]],), negated=negated)
        if match[1] or match[2] not in charsets.CATEGORIES:
            raise _MalformedError
        return CharSet(categories=(match[2],), negated=negated)

    def char_class(self) -> CharSet:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _MalformedError
        negated = self.take("^")
        sets: list[CharSet] = []
        minus: CharSet | None = None
        while not self.take("]"):
            if sets and self.take("-["):
                minus = self.char_class()
                if self.peek() != "]":
                    raise _MalformedError
            else:
                sets.append(self.class_part())
        if not sets:
            raise _MalformedError
        self.depth -= 1
        return CharSet(sets=tuple(sets), negated=negated, minus=minus)

    def class_part(self) -> CharSet:
        low = self.class_char()
        ahead = self.pattern[self.place : self.place + 2]
        if len(low.ranges) != 1 or not ahead.startswith("-") or ahead in {"-]", "-["}:
            return low
        self.take("-")
        high = self.class_char()
        first, last = low.ranges[0][0], high.ranges[0][0] if len(high.ranges) == 1 else -1
        if last < first:
            raise _MalformedError
        return replace(low, ranges=((first, last),))

    def class_char(self) -> CharSet:
        char = self.next()
        if char == "\\":
            return self.escape()
        if char in "[]":
            raise _MalformedError
        return charsets.one(char)


def _without_blanks(pattern: str) -> str:
    """The flag x: blanks mean nothing, except between square brackets."""
    kept, depth, escaped = [], 0, False
    for char in pattern:
        if depth == 0 and char in " \t\r\n":
            continue
        if not escaped:
            depth += {"[": 1, "]": -1}.get(char, 0)
        escaped = char == "\\" and not escaped
        kept.append(char)
    return "".join(kept)


def _repetition(code: Code, least: int, most: int, *, lazy: bool) -> Code:
    def choice(stay: int, leave: int) -> Step:
        return Step("split", leave, stay) if lazy else Step("split", stay, leave)

    if len(code) * max(least, most) > _MOST_STEPS:
        raise _MalformedError
    whole = code * least
    if most < 0:
        loop = (choice(1, len(code) + 2), *code, Step("jump", -len(code) - 1))
        return _limited(whole + loop)
    optional: Code = ()
    for _ in range(most - least):
        optional = (choice(1, len(code) + len(optional) + 1), *code, *optional)
    return _limited(whole + optional)


def _limited(code: Code) -> Code:
    if len(code) > _MOST_STEPS:
        raise _MalformedError
    return code


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Program | None:
    """The program of that pattern, None when pattern or flags are malformed (flags: s, m, i, x)."""
    if set(flags) - set("smix") or len(pattern) > _MOST_STEPS:
        return None
    try:
        return _Reader(pattern, flags).whole()
    except _MalformedError:
        return None


def replaced(program: Program, text: str, replacement: str) -> Value:
    """The text with every match replaced; None when the pattern matches nothing at all or the replacement is wrong."""
    if program.search("", 0) is not None or not re.fullmatch(r"(?:[^\\$]|\\[\\$]|\$[0-9])*", replacement, re.S):
        return None
    made, place = "", 0
    while (match := program.search(text, place)) is not None:
        made += text[place : match.start] + _filled(replacement, text, match, program.groups)
        budget.spend_text(len(made))
        place = match.end
    return made + text[place:]


def _filled(replacement: str, text: str, match: Match, groups: int) -> str:
    def group(found: re.Match[str]) -> str:
        if found[0][0] == "\\":
            return found[0][1]
        digits = found[1]
        while len(digits) > 1 and int(digits) > groups:
            digits = digits[:-1]
        return match.group(int(digits), text) + found[1][len(digits) :]

    return re.sub(r"\\[\\$]|\$([0-9]+)", group, replacement)


def pieces(program: Program, text: str) -> Value:
    """The pieces between the matches; a match of nothing parts two characters."""
    found: list[Value] = []
    start = place = 0
    while (match := program.search(text, place)) is not None:
        if match.end == match.start:
            if match.start >= len(text):
                break
            place = match.start + 1
            if match.start == 0:
                continue
        else:
            place = match.end
        found.append(text[start : match.start])
        start = match.end
    return [*found, text[start:]]
