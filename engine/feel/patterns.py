"""Patterns of `matches`, `replace` and `split`."""

from __future__ import annotations

import re


def compiled(pattern: str, flags: str) -> re.Pattern[str] | None:
    f = 0
    for c in flags:
        if c not in "smix":
            return None
        f |= {"s": re.S, "m": re.M, "i": re.I, "x": re.X}[c]
    try:
        return re.compile(pattern, f)
    except re.error:
        return None


def replaced(c: re.Pattern[str], text: str, replacement: str) -> str:
    return c.sub(re.sub(r"\$(\d)", r"\\g<\1>", replacement), text)


def pieces(c: re.Pattern[str], text: str) -> list[object]:
    return list(c.split(text))
