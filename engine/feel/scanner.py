"""Reads the text of an expression piece by piece: blanks, comments, signs, words, numbers and strings."""

from __future__ import annotations

import re

from engine.errors import ExpressionFailed
from engine.feel import names

_BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.S)
_SIGN = re.compile(r"\*\*|\.\.|<=|>=|!=|->|[-+*/=<>(){}\[\],:.@]")
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{6})|\\(.)", re.S)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def unescape(text: str) -> str:
    """The string that stands between the quotes; two halves of a surrogate pair become one character."""

    def one(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        if digits:
            code = int(digits, 16)
            return chr(code) if code <= 0x10FFFF else match[0]
        return _ESCAPED.get(match[3], match[0])

    plain = _ESCAPE.sub(one, text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Scanner:
    """A position in a text. Every look skips blanks first and moves on only when it finds what it sought."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    def skip(self) -> int:
        """Move past blanks and comments; answers the new position."""
        match = _BLANK.match(self.text, self.position)
        if match:
            self.position = match.end()
        return self.position

    def sign(self) -> str:
        """The sign that comes next, "" when it is something else; does not move."""
        match = _SIGN.match(self.text, self.skip())
        return match[0] if match else ""

    def take(self, *signs: str) -> str:
        """Move past the next sign if it is one of these; answers it or ""."""
        found = self.sign()
        if found and found in signs:
            self.position += len(found)
            return found
        return ""

    def expect(self, *signs: str) -> str:
        """Like take, but it must be there.

        Raises:
            ExpressionFailed: when something else stands there.
        """
        found = self.take(*signs)
        if not found:
            raise self.failed("oczekiwano " + " lub ".join(f"„{sign}”" for sign in signs))
        return found

    def word(self) -> str:
        """The word that comes next, "" when it is something else; does not move."""
        match = names.WORD.match(self.text, self.skip())
        return match[0] if match else ""

    def take_word(self, *words: str) -> str:
        """Move past the next word if it is one of these."""
        found = self.word()
        if found and found in words:
            self.position += len(found)
            return found
        return ""

    def expect_word(self, word: str) -> None:
        """Like take_word, but it must be there.

        Raises:
            ExpressionFailed: when something else stands there.
        """
        if not self.take_word(word):
            raise self.failed(f"oczekiwano słowa „{word}”")

    def number(self) -> str:
        """The digits of the number that comes next, "" when there is none; moves past it."""
        match = _NUMBER.match(self.text, self.skip())
        if not match:
            return ""
        self.position = match.end()
        return match[0]

    def string(self) -> str:
        """The string literal that comes next, which begins with a quote; moves past it.

        Raises:
            ExpressionFailed: when its closing quote is missing.
        """
        match = _STRING.match(self.text, self.skip())
        if not match:
            raise self.failed("brakuje cudzysłowu, który zamyka tekst", at=self.position)
        self.position = match.end()
        return unescape(match[1])

    def at_end(self) -> bool:
        """True when nothing but blanks is left."""
        return self.skip() == len(self.text)

    def failed(self, reason: str, *, at: int | None = None) -> ExpressionFailed:
        """The error that names the place, what stands there and what was sought."""
        place = self.skip() if at is None else at
        rest = self.text[place : place + 20].split("\n")[0]
        rest = "".join(char if char.isprintable() else "\ufffd" for char in rest)
        seen = f"w miejscu „{rest}”" if rest else "na końcu"
        return ExpressionFailed(f"Błąd w wyrażeniu, znak {place + 1} ({seen}): {reason}.", position=place)
