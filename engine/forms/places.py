"""On which line of a JSON file each value stands."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def lines(text: str) -> Mapping[Path, int]:
    """The line of every value of a valid JSON text, by its path of keys and indexes; lines count from 1."""
    found: dict[Path, int] = {}
    path: list[str | int] = []
    key_next, line, seen = False, 1, 0
    for token in _TOKEN.finditer(text):
        line += text.count("\n", seen, token.start())
        seen, mark = token.start(), token.group()
        if mark in "}]":
            path.pop()
        elif mark == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            key_next = isinstance(last, str)
        elif key_next:
            path[-1] = json.loads(mark)
            found[tuple(path)] = line
            key_next = False
        elif mark != ":":
            found.setdefault(tuple(path), line)
            if mark in "{[":
                path.append("" if mark == "{" else 0)
                key_next = mark == "{"
    return found


def spell(path: Path) -> str:
    """A path as people write it: `sections[0].fields[2].label`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
