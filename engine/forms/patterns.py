"""Which regular expressions a form may use: those that cannot make the server think for minutes."""

from __future__ import annotations

import re

LONGEST_TEXT = 500  # characters of an answer that is compared with a pattern
_UNBOUNDED = re.compile(r"(?<!\\)[*+]|\{\d*,\}")
_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
_SPECIAL = re.compile(r"\(\?(?!:)|\\[1-9]")


def problem(pattern: str, max_length: int) -> str | None:
    """A Polish sentence when `pattern` may not be used for answers of `max_length` characters, else None.

    A repeated group around another repetition takes exponential time on a hostile answer, so such patterns
    are refused, as are look-arounds and back-references.
    """
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "Wzorzec „pattern” nie jest poprawnym wyrażeniem regularnym."
    if _SPECIAL.search(pattern):
        return "Wzorzec „pattern” nie może mieć odwołań wstecz ani konstrukcji (?…) innych niż (?:…)."
    endless = len(_UNBOUNDED.findall(pattern))
    if endless > 3 or (endless and _REPEATED_GROUP.search(pattern)) or pattern.count("){") > 1:
        return "Wzorzec „pattern” jest zbyt złożony. Użyj liczby powtórzeń {n} zamiast * i +."
    if max_length > LONGEST_TEXT:
        return f"Pole ze wzorcem może mieć „max_length” najwyżej {LONGEST_TEXT}."
    return None
