"""Names of FEEL: letters of any language, spaces inside, and signs where the name is known beforehand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

_START = (
    "?A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
WORD = re.compile(f"[{_START}][{_PART}]*")
MORE = re.compile(f"[{_PART}]+")  # a later word of a name may begin with a digit
ENTRY = re.compile(f"[{_START}](?:[{_PART} \t\r\n\u00a0./\\-'+*])*")  # a name where it is declared
LABEL = re.compile(f"({ENTRY.pattern}):")  # a named argument

STOPS = frozenset({"and", "or", "between", "in", "then", "else", "return", "satisfies"})
KEYWORDS = frozenset({"for", "if", "some", "every", "null", "true", "false"}) | STOPS
ALWAYS_KNOWN = ("date and time", "days and time duration", "years and months duration")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)
_SUSPECT = re.compile(r"[-+*/.']|\b(?:" + "|".join(sorted(KEYWORDS | {"instance"})) + r")\b")
_DEEPEST = 3
_MOST = 2000


def normal(name: str) -> str:
    """The name with single spaces between its words and none around."""
    return " ".join(name.split())


@lru_cache(maxsize=8192)
def special(name: str) -> bool:
    """True when a text can be read as this name only by who knows it: signs, or keywords inside."""
    if not ENTRY.fullmatch(name):
        return False
    return any(not MORE.fullmatch(word) or word in KEYWORDS or word == "instance" for word in name.split())


@lru_cache(maxsize=8192)
def _pattern(name: str) -> re.Pattern[str]:
    pieces = re.findall(rf"[{_PART}]+|[^\s{_PART}]", normal(name))
    text = re.escape(pieces[0])
    for before, after in pairwise(pieces):
        gap = r"\s+" if MORE.fullmatch(before) and MORE.fullmatch(after) else r"\s*"
        text += gap + re.escape(after)
    return re.compile(text + rf"(?![{_PART}])")


def appears(name: str, text: str) -> bool:
    """True when `name` stands somewhere in `text`."""
    return _pattern(name).search(text) is not None


def at(known: Iterable[str], text: str, position: int) -> tuple[str, int] | None:
    """The longest of the known names that stands at `position`, and where it ends."""
    best: tuple[str, int] | None = None
    for name in known:
        match = _pattern(name).match(text, position)
        if match and (best is None or match.end() > best[1]):
            best = (normal(name), match.end())
    return best


@lru_cache(maxsize=4096)
def _may_hold_special(text: str) -> bool:
    """False for the many texts that hold no sign and no keyword that could be part of a name."""
    bare = _QUOTED.sub('""', text)
    return _SUSPECT.search(bare) is not None


def special_names(context: Mapping[str, object], text: str) -> frozenset[str]:
    """Names in the context (and in the contexts inside it) that `text` may mean and no grammar could guess."""
    found: set[str] = set()
    if not _may_hold_special(text):
        return frozenset()
    waiting: list[tuple[object, int]] = [(context, 0)]
    seen = 0
    while waiting and seen < _MOST:
        value, depth = waiting.pop()
        if isinstance(value, list) and value:
            waiting.append((value[0], depth))
            seen += 1
        elif isinstance(value, Mapping):
            seen += len(value)
            found.update(key for key in value if isinstance(key, str) and special(key))
            if depth < _DEEPEST:
                waiting.extend((item, depth + 1) for item in value.values() if isinstance(item, dict | list))
    return frozenset(name for name in found if appears(name, text))
