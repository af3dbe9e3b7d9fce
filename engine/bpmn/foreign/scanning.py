"""Cuts foreign expressions (JUEL, Python, JavaScript, Groovy) into words."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 2_000
_WORD = re.compile(
    r"""\s*(?:(?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?![\w.]))
    |(?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>===|!==|&&|\|\||==|!=|<=|>=|\*\*|//|[-+*/%<>!?:.,()\[\]]))""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "'": "'", '"': '"', "\\": "\\"}


class Unclear(ValueError):
    """The meaning of an expression is not certain. The text is a Polish sentence that says where."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word. `kind` is number, text, name, sign or end; the value of a text has its escapes resolved."""

    kind: str
    value: str


def words(text: str) -> tuple[Word, ...]:
    """The words of an expression, closed by one of kind `end`.

    Raises:
        Unclear: at a sign that no language here has.
    """
    if len(text) > LONGEST:
        raise Unclear("wyrażenie jest zbyt długie")
    found: list[Word] = []
    place, end = 0, len(text.rstrip())
    while place < end:
        match = _WORD.match(text, place)
        if match is None:
            raise Unclear(f"nie wiadomo, co znaczy „{text[place : place + 20].strip()}”")
        kind = str(match.lastgroup)
        value = match.group(kind)
        found.append(Word(kind=kind, value=_unescaped(value) if kind == "text" else value))
        place = match.end()
    return (*found, Word(kind="end", value=""))


def _unescaped(quoted: str) -> str:
    def plain(escape: re.Match[str]) -> str:
        if escape[1] not in _ESCAPES:
            raise Unclear(f"nie wiadomo, co znaczy „{escape[0]}” w tekście")
        return _ESCAPES[escape[1]]

    return re.sub(r"\\(.)", plain, quoted[1:-1])
